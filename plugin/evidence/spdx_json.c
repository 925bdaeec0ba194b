/* SPDX 2.2 and 2.3 as JSON; spdx_tag.c makes the same JSON of tag-value. */
#include <string.h>

#include "evidence/bom.h"

typedef struct spdx {
	pb_reading *r;
	json_t *list;  /* of components */
	json_t *roots; /* SPDXID -> true: what is described */
} spdx;

#define DOCUMENT "SPDXRef-DOCUMENT"

bool pb_is_spdx_json(const pb_reading *r)
{
	return strncmp(pb_json_str(r->json, "spdxVersion", ""), "SPDX-", 5) == 0;
}

/* What is not known is not said. */
static const char *said(const char *text)
{
	return strcmp(text, "NOASSERTION") == 0 || strcmp(text, "NONE") == 0 ? "" : text;
}

static void put_checksums(const pb_node *element, json_t *row)
{
	const pb_node list = pb_doc_at(element, "checksums");

	for (size_t i = 0, n = pb_doc_items(&list); i < n && list.r->rc == PB_OK; i++) {
		const pb_node one = pb_doc_item(&list, i);
		const char *algorithm = pb_doc_text_at(&one, "algorithm"), *hex = pb_doc_text_at(&one, "checksumValue");

		if (!pb_doc_digest_put(one.r, row, algorithm, hex))
			pb_doc_refuse_at(&one, "no %.20s in hex: %.140s", algorithm, hex);
	}
}

static bool ends(const char *text, const char *with)
{
	size_t n = strlen(text), k = strlen(with);

	return n >= k && strcmp(text + n - k, with) == 0;
}

/* The first purl and the first CPE. */
static void put_references(const pb_node *package, json_t *row)
{
	const pb_node list = pb_doc_at(package, "externalRefs");

	for (size_t i = 0, n = pb_doc_items(&list); i < n && list.r->rc == PB_OK; i++) {
		const pb_node one = pb_doc_item(&list, i);
		const char *type = pb_doc_text_at(&one, "referenceType"), *locator = pb_doc_text_at(&one, "referenceLocator");
		const char *key = ends(type, "purl") ? "purl" : ends(type, "cpe23Type") || ends(type, "cpe22Type") ? "cpe" : NULL;

		if (key != NULL && pb_json_str(row, key, "x")[0] == '\0')
			pb_doc_put(list.r, row, key, locator);
	}
}

static void put_purpose(const pb_node *package, json_t *row)
{
	const char *purpose = pb_doc_text_at(package, "primaryPackagePurpose");
	char lower[40];
	size_t n = strnlen(purpose, sizeof lower - 1);

	for (size_t i = 0; i < n; i++)
		lower[i] = purpose[i] >= 'A' && purpose[i] <= 'Z' ? (char)(purpose[i] - 'A' + 'a') : purpose[i];
	lower[n] = '\0';
	if (n > 0)
		pb_doc_put(package->r, row, "type", lower);
}

static bool is_root(const spdx *s, const pb_node *element)
{
	return json_object_get(s->roots, pb_doc_text_at(element, "SPDXID")) != NULL;
}

static void put_package(spdx *s, const pb_node *package)
{
	const bool root = is_root(s, package);
	const pb_node name = pb_doc_at(package, "name");
	json_t *row = pb_bom_component(s->r, root ? NULL : s->list, "package");
	const char *path = said(pb_doc_text_at(package, "packageFileName"));

	pb_doc_must(&name);
	pb_doc_put(s->r, row, "name", pb_doc_text(&name));
	pb_doc_put(s->r, row, "version", said(pb_doc_text_at(package, "versionInfo")));
	pb_doc_put(s->r, row, "path", strncmp(path, "./", 2) == 0 ? path + 2 : path);
	put_purpose(package, row);
	put_references(package, row);
	put_checksums(package, row);
	if (root)
		pb_bom_root(s->r, row);
}

static void put_file(spdx *s, const pb_node *file)
{
	const bool root = is_root(s, file);
	const pb_node name = pb_doc_at(file, "fileName");
	json_t *row = pb_bom_component(s->r, root ? NULL : s->list, "file");
	const char *path = pb_doc_text(&name);

	pb_doc_must(&name);
	path += strncmp(path, "./", 2) == 0 ? 2 : 0;
	pb_doc_put(s->r, row, "name", path);
	pb_doc_put(s->r, row, "path", path);
	put_checksums(file, row);
	if (root)
		pb_bom_root(s->r, row);
}

static void put_all(spdx *s, const pb_node *list, void (*put)(spdx *s, const pb_node *one))
{
	for (size_t i = 0, n = pb_doc_items(list); i < n && s->r->rc == PB_OK; i++) {
		const pb_node one = pb_doc_item(list, i);

		pb_doc_must(&one);
		if (pb_doc_is_object(&one))
			put(s, &one);
	}
}

static void describes(spdx *s, const char *id)
{
	if (id[0] != '\0' && json_object_set_new(s->roots, id, json_true()) != 0)
		pb_doc_starved(s->r);
}

static void find_roots(spdx *s, const pb_node *root)
{
	const pb_node described = pb_doc_at(root, "documentDescribes"), relations = pb_doc_at(root, "relationships");

	for (size_t i = 0, n = pb_doc_items(&described); i < n; i++) {
		const pb_node one = pb_doc_item(&described, i);

		describes(s, pb_doc_text(&one));
	}
	for (size_t i = 0, n = pb_doc_items(&relations); i < n && s->r->rc == PB_OK; i++) {
		const pb_node one = pb_doc_item(&relations, i);
		const char *type = pb_doc_text_at(&one, "relationshipType"), *from = pb_doc_text_at(&one, "spdxElementId");
		const char *to = pb_doc_text_at(&one, "relatedSpdxElement");

		if (strcmp(type, "DESCRIBES") == 0 && strcmp(from, DOCUMENT) == 0)
			describes(s, to);
		else if (strcmp(type, "DESCRIBED_BY") == 0 && strcmp(to, DOCUMENT) == 0)
			describes(s, from);
	}
}

/* "X CONTAINS NOASSERTION": there may be more; of the root, NONE: there is not. */
static const char *completeness(const spdx *s, const pb_node *root)
{
	const pb_node relations = pb_doc_at(root, "relationships");
	const char *found = "unknown";

	for (size_t i = 0, n = pb_doc_items(&relations); i < n; i++) {
		const pb_node one = pb_doc_item(&relations, i);
		const char *type = pb_doc_text_at(&one, "relationshipType"), *to = pb_doc_text_at(&one, "relatedSpdxElement");

		if (strcmp(type, "CONTAINS") != 0 && strcmp(type, "DEPENDS_ON") != 0)
			continue;
		if (strcmp(to, "NOASSERTION") == 0)
			return "incomplete";
		if (strcmp(to, "NONE") == 0 && json_object_get(s->roots, pb_doc_text_at(&one, "spdxElementId")) != NULL)
			found = "complete";
	}
	return found;
}

static void put_creation(const pb_node *root)
{
	const pb_node info = pb_doc_at(root, "creationInfo"), created = pb_doc_at(&info, "created"), creators = pb_doc_at(&info, "creators");
	char day[11];
	const char *by = "";

	pb_doc_must(&info);
	if (!pb_doc_is_object(&info))
		return;
	pb_doc_day(&created, day);
	pb_doc_dates(root->r, day, "");
	for (size_t i = 0, n = pb_doc_items(&creators); i < n; i++) {
		const pb_node one = pb_doc_item(&creators, i);
		const char *who = pb_doc_text(&one);

		if (strncmp(who, "Tool: ", 6) == 0)
			pb_bom_tool(root->r, who + 6, "");
		else if (strncmp(who, "Organization: ", 14) == 0 && who[14] != '\0')
			by = who + 14;
		else if (strncmp(who, "Person: ", 8) == 0 && by[0] == '\0')
			by = who + 8;
	}
	pb_doc_by(root->r, by);
}

static void read_as(pb_reading *r, const char *form)
{
	const pb_node root = pb_doc_root_of(r), version = pb_doc_at(&root, "spdxVersion");
	const pb_node packages = pb_doc_at(&root, "packages"), files = pb_doc_at(&root, "files");
	const char *spec = pb_doc_text(&version);
	spdx s = {.r = r, .roots = json_object()};

	pb_doc_says(r, "sbom", "%s %.20s", form, strncmp(spec, "SPDX-", 5) == 0 ? spec + 5 : spec);
	if (strcmp(spec, "SPDX-2.2") != 0 && strcmp(spec, "SPDX-2.3") != 0)
		pb_doc_refuse_at(&version, "SPDX-2.2 and SPDX-2.3 are read, not %.40s", spec);
	if (s.roots == NULL)
		pb_doc_starved(r);
	pb_bom_begin(r);
	s.list = json_object_get(r->content, "components");
	pb_doc_put(r, r->content, "serial", pb_doc_text_at(&root, "documentNamespace"));
	if (r->rc == PB_OK) {
		put_creation(&root);
		find_roots(&s, &root);
		put_all(&s, &packages, put_package);
		put_all(&s, &files, put_file);
		if (json_object_get(r->content, "root") == NULL)
			pb_bom_root(r, pb_bom_component(r, NULL, ""));
		pb_bom_complete(r, completeness(&s, &root));
	}
	json_decref(s.roots);
}

void pb_read_spdx_json(pb_reading *r)
{
	read_as(r, "spdx-json");
}

void pb_read_spdx_as_tags(pb_reading *r)
{
	read_as(r, "spdx-tag");
}
