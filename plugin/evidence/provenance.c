/* SLSA provenance v0.2 and v1: who built this, of what. */
#include <stdio.h>
#include <string.h>

#include "evidence/intoto.h"

static const char *without_git(const char *uri)
{
	return strncmp(uri, "git+", 4) == 0 ? uri + 4 : uri;
}

/* "git+https://host/a@refs/tags/v1" and "https://host/a" are one repository. */
static bool same_repository(const char *uri, const char *repository)
{
	size_t n = strlen(repository);

	uri = without_git(uri);
	if (n == 0 || strncmp(uri, repository, n) != 0)
		return false;
	uri += strncmp(uri + n, ".git", 4) == 0 ? n + 4 : n;
	return *uri == '\0' || *uri == '@';
}

/* "gitCommit:0123...", "sha1:0123...": the first that stands there of those that name a revision or an archive. */
static void revision_of(const pb_node *digest, char *out, size_t size)
{
	static const char *const algorithms[] = {"gitCommit", "sha1", "sha256", "sha512"};

	out[0] = '\0';
	for (size_t i = 0; i < 4 && out[0] == '\0' && digest->v != NULL; i++) {
		const pb_node one = pb_doc_at(digest, algorithms[i]);

		if (one.v != NULL && pb_doc_text(&one)[0] != '\0')
			(void)snprintf(out, size, "%s:%.140s", algorithms[i], pb_doc_text(&one));
	}
}

static void put_materials(const pb_node *list)
{
	pb_reading *r = list->r;
	json_t *rows = pb_doc_list(r, r->content, "materials");

	for (size_t i = 0, n = pb_doc_items(list); i < n && r->rc == PB_OK; i++) {
		const pb_node one = pb_doc_item(list, i), digest = pb_doc_at(&one, "digest"), commit = pb_doc_at(&digest, "gitCommit");
		json_t *row = pb_doc_row(r, rows);

		pb_doc_put(r, row, "uri", pb_doc_text_at(&one, "uri"));
		pb_doc_put(r, row, "name", pb_doc_text_at(&one, "name"));
		pb_doc_put(r, row, "revision", pb_doc_text(&commit));
		pb_doc_digest_none(r, row);
		pb_intoto_digests(&digest, row);
	}
}

/* uri, split at "@refs/...": a part of it is the name of a branch or tag, not of the source. */
static void put_source(pb_reading *r, const char *uri, const char *ref, const char *revision)
{
	const char *at;

	uri = without_git(uri);
	at = strstr(uri, "@refs/");
	pb_doc_put_bytes(r, r->content, "source", (pb_bytes){(const uint8_t *)uri, at != NULL ? (size_t)(at - uri) : strlen(uri)});
	pb_doc_put(r, r->content, "source_ref", ref[0] == '\0' && at != NULL ? at + 1 : ref);
	pb_doc_put(r, r->content, "source_revision", revision);
}

static void put_times(const pb_node *metadata, const char *first, const char *last)
{
	const pb_node started = pb_doc_at(metadata, first), finished = pb_doc_at(metadata, last);
	char from[11], to[11];

	pb_doc_day(&started, from);
	pb_doc_day(&finished, to);
	pb_doc_put(metadata->r, metadata->r->content, "started", from);
	pb_doc_put(metadata->r, metadata->r->content, "finished", to);
	pb_doc_dates(metadata->r, to[0] != '\0' ? to : from, "");
}

static void put_builder(const pb_node *builder)
{
	const pb_node id = pb_doc_at(builder, "id");

	pb_doc_must(&id);
	pb_doc_put(builder->r, builder->r->content, "builder", pb_doc_text(&id));
	pb_doc_by(builder->r, pb_doc_text(&id));
}

/* The source: what GitHub's workflows name, what build types name "source" or "repository", else the first thing that was resolved. */
static void find_source(const pb_node *definition, const pb_node *materials)
{
	const pb_node parameters = pb_doc_at(definition, "externalParameters"), workflow = pb_doc_at(&parameters, "workflow");
	const pb_node source = pb_doc_at(&parameters, "source"), first = pb_doc_item(materials, 0);
	const char *uri = "", *ref = "";
	char revision[200] = "";

	if (json_is_object(workflow.v)) {
		uri = pb_doc_text_at(&workflow, "repository");
		ref = pb_doc_text_at(&workflow, "ref");
	} else if (json_is_string(source.v)) {
		uri = pb_doc_text(&source);
	} else if (json_is_object(source.v)) {
		const pb_node digest = pb_doc_at(&source, "digest");

		uri = pb_doc_text_at(&source, "uri");
		revision_of(&digest, revision, sizeof revision);
	} else if (json_is_string(json_object_get(parameters.v, "repository"))) {
		uri = pb_doc_text_at(&parameters, "repository");
	}
	for (size_t i = 0, n = pb_doc_items(materials); i < n && revision[0] == '\0' && uri[0] != '\0'; i++) {
		const pb_node one = pb_doc_item(materials, i), digest = pb_doc_at(&one, "digest");

		if (same_repository(pb_doc_text_at(&one, "uri"), uri))
			revision_of(&digest, revision, sizeof revision);
	}
	if (uri[0] == '\0' && pb_doc_items(materials) > 0) {
		const pb_node digest = pb_doc_at(&first, "digest");

		uri = pb_doc_text_at(&first, "uri");
		revision_of(&digest, revision, sizeof revision);
	}
	put_source(definition->r, uri, ref, revision);
}

static void read_v1(const pb_node *predicate)
{
	const pb_node definition = pb_doc_at(predicate, "buildDefinition"), run = pb_doc_at(predicate, "runDetails");
	const pb_node builder = pb_doc_at(&run, "builder"), metadata = pb_doc_at(&run, "metadata");
	const pb_node materials = pb_doc_at(&definition, "resolvedDependencies"), type = pb_doc_at(&definition, "buildType");

	pb_doc_must(&definition);
	pb_doc_must(&run);
	pb_doc_must(&type);
	put_builder(&builder);
	pb_doc_put(predicate->r, predicate->r->content, "build_type", pb_doc_text(&type));
	pb_doc_put(predicate->r, predicate->r->content, "invocation", pb_doc_text_at(&metadata, "invocationId"));
	put_times(&metadata, "startedOn", "finishedOn");
	find_source(&definition, &materials);
	put_materials(&materials);
}

static void read_v02(const pb_node *predicate)
{
	const pb_node builder = pb_doc_at(predicate, "builder"), metadata = pb_doc_at(predicate, "metadata");
	const pb_node invocation = pb_doc_at(predicate, "invocation"), source = pb_doc_at(&invocation, "configSource");
	const pb_node materials = pb_doc_at(predicate, "materials"), first = pb_doc_item(&materials, 0);
	const pb_node *const from = pb_doc_text_at(&source, "uri")[0] != '\0' ? &source : &first;
	const pb_node type = pb_doc_at(predicate, "buildType"), digest = pb_doc_at(from, "digest");
	const char *id = pb_doc_text_at(&metadata, "buildInvocationId");
	char revision[200];

	pb_doc_must(&type);
	put_builder(&builder);
	pb_doc_put(predicate->r, predicate->r->content, "build_type", pb_doc_text(&type));
	pb_doc_put(predicate->r, predicate->r->content, "invocation", id[0] != '\0' ? id : pb_doc_text_at(&metadata, "buildInvocationID"));
	put_times(&metadata, "buildStartedOn", "buildFinishedOn");
	revision_of(&digest, revision, sizeof revision);
	put_source(predicate->r, pb_doc_text_at(from, "uri"), "", revision);
	put_materials(&materials);
}

void pb_read_provenance(const pb_node *predicate, const char *type)
{
	pb_reading *r = predicate->r;
	const char *version = type + strlen("https://slsa.dev/provenance/");

	pb_doc_says(r, "provenance", "in-toto slsa-provenance %.20s", version);
	pb_doc_put(r, r->content, "predicate", type);
	if (strcmp(version, "v1") == 0 || strncmp(version, "v1.", 3) == 0)
		read_v1(predicate);
	else if (strcmp(version, "v0.2") == 0)
		read_v02(predicate);
	else
		pb_doc_refuse(r, "predicateType: SLSA provenance v0.2 and v1 are read, not %.40s", version);
}
