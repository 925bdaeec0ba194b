/* CycloneDX JSON 1.4 to 1.6. */
#include <stdio.h>
#include <string.h>

#include "evidence/bom.h"

typedef struct cdx {
	pb_reading *r;
	json_t *list; /* of components */
	json_t *refs; /* bom-ref -> row */
} cdx;

bool pb_is_cyclonedx(const pb_reading *r)
{
	return strcmp(pb_json_str(r->json, "bomFormat", ""), "CycloneDX") == 0;
}

static void put_hashes(const pb_node *component, json_t *row)
{
	const pb_node hashes = pb_doc_at(component, "hashes");

	for (size_t i = 0, n = pb_doc_items(&hashes); i < n && hashes.r->rc == PB_OK; i++) {
		const pb_node one = pb_doc_item(&hashes, i);
		const char *hex = pb_doc_text_at(&one, "content");

		if (!pb_doc_digest_put(one.r, row, pb_doc_text_at(&one, "alg"), hex))
			pb_doc_refuse_at(&one, "no %.20s in hex: %.140s", pb_doc_text_at(&one, "alg"), hex);
	}
}

/* "@scope/name" as npm has it; "group/name" of others is how purl writes it, and how nothing else does. */
static void put_name(const pb_node *component, json_t *row)
{
	const char *group = pb_doc_text_at(component, "group"), *name = pb_doc_text_at(component, "name");
	char both[PB_DOCUMENT_TEXT];

	if (group[0] == '@' && snprintf(both, sizeof both, "%s/%s", group, name) < (int)sizeof both)
		pb_doc_put(component->r, row, "name", both);
	else
		pb_doc_put(component->r, row, "name", name);
}

/* Where it lies: its first occurrence, else what npm and others write into properties, else a file's name. */
static void put_path(const pb_node *component, json_t *row)
{
	const pb_node evidence = pb_doc_at(component, "evidence"), occurrences = pb_doc_at(&evidence, "occurrences");
	const pb_node first = pb_doc_item(&occurrences, 0), properties = pb_doc_at(component, "properties");
	const char *path = pb_doc_items(&occurrences) > 0 ? pb_doc_text_at(&first, "location") : "";

	for (size_t i = 0, n = pb_doc_items(&properties); i < n && path[0] == '\0'; i++) {
		const pb_node one = pb_doc_item(&properties, i);
		const char *name = pb_doc_text_at(&one, "name");

		if (strcmp(name, "cdx:npm:package:path") == 0 || strcmp(name, "syft:location:0:path") == 0)
			path = pb_doc_text_at(&one, "value");
	}
	if (path[0] == '\0' && strcmp(pb_doc_text_at(component, "type"), "file") == 0)
		path = pb_doc_text_at(component, "name");
	pb_doc_put(component->r, row, "path", path);
}

static json_t *put_component(cdx *c, const pb_node *component, json_t *list)
{
	static const char *const texts[] = {"version", "purl", "cpe", "scope"};
	json_t *row = pb_bom_component(c->r, list, pb_doc_text_at(component, "type"));
	const char *ref = pb_doc_text_at(component, "bom-ref");
	const pb_node name = pb_doc_at(component, "name");

	pb_doc_must(&name);
	put_name(component, row);
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		pb_doc_put(c->r, row, texts[i], pb_doc_text_at(component, texts[i]));
	put_path(component, row);
	put_hashes(component, row);
	if (ref[0] != '\0' && row != NULL && json_object_set(c->refs, ref, row) != 0)
		pb_doc_starved(c->r);
	return row;
}

static void put_components(cdx *c, const pb_node *list)
{
	for (size_t i = 0, n = pb_doc_items(list); i < n && c->r->rc == PB_OK; i++) {
		const pb_node one = pb_doc_item(list, i), nested = pb_doc_at(&one, "components");

		pb_doc_must(&one);
		if (!pb_doc_is_object(&one))
			return;
		(void)put_component(c, &one, c->list);
		put_components(c, &nested);
	}
}

/* Which of the compositions speaks of all? One that names the root in its assemblies or dependencies, or nothing at all. */
static bool of_all(const pb_node *composition, const char *root_ref)
{
	static const char *const lists[] = {"assemblies", "dependencies"};
	size_t named = 0;

	for (size_t k = 0; k < 2; k++) {
		const pb_node list = pb_doc_at(composition, lists[k]);

		for (size_t i = 0, n = pb_doc_items(&list); i < n; i++, named++) {
			const pb_node one = pb_doc_item(&list, i);

			if (root_ref[0] != '\0' && strcmp(pb_doc_text(&one), root_ref) == 0)
				return true;
		}
	}
	return named == 0;
}

/* Any part that is said to be incomplete makes the whole so. */
static const char *completeness(const pb_node *root, const char *root_ref)
{
	const pb_node list = pb_doc_at(root, "compositions");
	const char *found = "unknown";

	for (size_t i = 0, n = pb_doc_items(&list); i < n && root->r->rc == PB_OK; i++) {
		const pb_node one = pb_doc_item(&list, i);
		const char *aggregate = pb_doc_text_at(&one, "aggregate");

		if (strncmp(aggregate, "incomplete", 10) == 0)
			return "incomplete";
		if (strcmp(aggregate, "complete") == 0 && of_all(&one, root_ref))
			found = "complete";
	}
	return found;
}

/* A list of {vendor, name, version} up to 1.4, {"components", "services"} after it. */
static void put_tools(const pb_node *metadata)
{
	const pb_node tools = pb_doc_at(metadata, "tools"), components = pb_doc_at(&tools, "components");
	const pb_node *const list = json_is_array(tools.v) ? &tools : &components;

	if (tools.v != NULL && !json_is_array(tools.v) && !pb_doc_is_object(&tools))
		return;
	for (size_t i = 0, n = pb_doc_items(list); i < n && list->r->rc == PB_OK; i++) {
		const pb_node one = pb_doc_item(list, i);

		pb_bom_tool(list->r, pb_doc_text_at(&one, "name"), pb_doc_text_at(&one, "version"));
	}
}

static void put_by(const pb_node *metadata)
{
	static const char *const names[] = {"manufacturer", "supplier", "manufacture"};
	const pb_node authors = pb_doc_at(metadata, "authors"), author = pb_doc_item(&authors, 0);
	const char *by = "";

	for (size_t i = 0; i < 3 && by[0] == '\0'; i++) {
		const pb_node who = pb_doc_at(metadata, names[i]);

		by = pb_doc_is_object(&who) ? pb_doc_text_at(&who, "name") : "";
	}
	pb_doc_by(metadata->r, by[0] != '\0' || pb_doc_items(&authors) == 0 ? by : pb_doc_text_at(&author, "name"));
}

static void read_with(cdx *c)
{
	const pb_node root = pb_doc_root_of(c->r), metadata = pb_doc_at(&root, "metadata"), described = pb_doc_at(&metadata, "component");
	const pb_node components = pb_doc_at(&root, "components"), inside = pb_doc_at(&described, "components");
	const pb_node timestamp = pb_doc_at(&metadata, "timestamp"), vulnerabilities = pb_doc_at(&root, "vulnerabilities");
	json_t *top = NULL;
	char day[11];

	c->list = json_object_get(c->r->content, "components");
	if (pb_doc_is_object(&metadata)) {
		pb_doc_day(&timestamp, day);
		pb_doc_dates(c->r, day, "");
		put_tools(&metadata);
		put_by(&metadata);
		if (pb_doc_is_object(&described))
			top = put_component(c, &described, NULL);
	}
	pb_bom_root(c->r, top != NULL ? top : pb_bom_component(c->r, NULL, ""));
	put_components(c, &inside);
	put_components(c, &components);
	pb_cyclonedx_statements(&root, c->refs);
	pb_bom_complete(c->r, completeness(&root, pb_doc_text_at(&described, "bom-ref")));
	if (pb_doc_items(&components) == 0 && pb_doc_items(&vulnerabilities) > 0)
		pb_doc_put(c->r, c->r->record, "kind", "vex");
}

void pb_read_cyclonedx(pb_reading *r)
{
	const pb_node root = pb_doc_root_of(r), spec = pb_doc_at(&root, "specVersion");
	const char *version = pb_doc_text(&spec);
	cdx c = {.r = r, .refs = json_object()};

	pb_doc_says(r, "sbom", "cyclonedx-json %.20s", version);
	pb_doc_must(&spec);
	if (strcmp(version, "1.4") != 0 && strcmp(version, "1.5") != 0 && strcmp(version, "1.6") != 0)
		pb_doc_refuse_at(&spec, "CycloneDX 1.4 to 1.6 are read, not %.40s", version);
	if (c.refs == NULL)
		pb_doc_starved(r);
	pb_bom_begin(r);
	pb_doc_put(r, r->content, "serial", pb_doc_text_at(&root, "serialNumber"));
	if (r->rc == PB_OK)
		read_with(&c);
	json_decref(c.refs);
}
