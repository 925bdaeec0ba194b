#include "evidence/intoto.h"

#include <string.h>

#include "evidence/dsse.h"

enum { ENVELOPES = 32 }; /* as in signatures_of.c */

/* Whatever else such a document holds: an envelope in it is what signatures are looked for in, so nothing but that is read. */
bool pb_is_envelope(const pb_reading *r)
{
	const json_t *found[1];

	return !r->lines && pb_dsse_find(r->json, found, 1) > 0;
}

/* Does this payload speak of how something was built? Of several that is the one to be read. */
static bool of_provenance(const pb_dsse *e)
{
	static const char mark[] = "slsa.dev/provenance/";

	return e->payload.size > 0 && memmem(e->payload.data, e->payload.size, mark, sizeof mark - 1) != NULL;
}

static int open_one(const json_t *const *found, size_t n, pb_dsse *out, pb_error *err)
{
	int rc = pb_dsse_of_json(found[0], out, err);

	for (size_t i = 1; i < n && rc == PB_OK && !of_provenance(out); i++) {
		pb_dsse next;

		rc = pb_dsse_of_json(found[i], &next, err);
		if (rc == PB_OK && of_provenance(&next)) {
			pb_dsse_free(out);
			*out = next;
		} else if (rc == PB_OK) {
			pb_dsse_free(&next);
		}
	}
	if (rc != PB_OK)
		pb_dsse_free(out);
	return rc;
}

void pb_read_envelope(pb_reading *r)
{
	const json_t *found[ENVELOPES];
	size_t n = pb_dsse_find(r->json, found, ENVELOPES);
	pb_dsse e = {0};
	pb_error err = {0};

	pb_doc_says(r, "unknown", "dsse");
	if (r->enveloped)
		pb_doc_refuse(r, "an envelope within an envelope");
	if (n > ENVELOPES)
		pb_doc_refuse(r, "more than %d envelopes", ENVELOPES);
	if (r->rc != PB_OK)
		return;
	if (open_one(found, n, &e, &err) != PB_OK) {
		if (err.code == PB_ENOMEM)
			pb_doc_starved(r);
		else
			pb_doc_refuse(r, "%s", err.text);
		return;
	}
	pb_read_payload(r, (pb_bytes){e.payload.data, e.payload.size});
	pb_dsse_free(&e);
}

bool pb_is_intoto(const pb_reading *r)
{
	return strncmp(pb_json_str(r->json, "_type", ""), "https://in-toto.io/Statement/", 29) == 0;
}

void pb_intoto_digests(const pb_node *digest, json_t *row)
{
	const char *algorithm;
	json_t *value;

	if (!pb_doc_is_object(digest))
		return;
	json_object_foreach ((json_t *)digest->v, algorithm, value) {
		const pb_node one = pb_doc_at(digest, algorithm);

		if (!pb_doc_digest_put(digest->r, row, algorithm, pb_doc_text(&one)))
			pb_doc_refuse_at(&one, "no such digest in hex: %.140s", pb_doc_text(&one));
	}
}

static void put_subjects(const pb_node *list)
{
	pb_reading *r = list->r;

	pb_doc_must(list);
	if (list->v != NULL && pb_doc_items(list) == 0)
		pb_doc_refuse_at(list, "it is empty: the statement is about nothing");
	for (size_t i = 0, n = pb_doc_items(list); i < n && r->rc == PB_OK; i++) {
		const pb_node one = pb_doc_item(list, i), digest = pb_doc_at(&one, "digest");
		const char *name = pb_doc_text_at(&one, "name");
		json_t *row;

		pb_doc_must(&digest);
		row = pb_doc_subject(r, name, strncmp(name, "pkg:", 4) == 0 ? name : "");
		pb_intoto_digests(&digest, row);
	}
	r->about = true;
}

/* Predicates that are documents of their own. */
static bool is_document(const char *type)
{
	static const char *const types[] = {"https://cyclonedx.org/bom", "https://spdx.dev/Document", "https://openvex.dev/ns", "urn:probity:"};

	for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
		if (strncmp(type, types[i], strlen(types[i])) == 0)
			return true;
	return false;
}

void pb_read_intoto(pb_reading *r)
{
	const pb_node root = pb_doc_root_of(r), predicate = pb_doc_at(&root, "predicate"), subjects = pb_doc_at(&root, "subject");
	const pb_node type = pb_doc_at(&root, "predicateType");
	const char *name = pb_doc_text(&type), *version = strrchr(pb_json_str(r->json, "_type", ""), '/');
	const bool slsa = strncmp(name, "https://slsa.dev/provenance/", 28) == 0;

	pb_doc_says(r, slsa ? "provenance" : "unknown", "in-toto %s", slsa ? "slsa-provenance" : "");
	if (version == NULL || (strcmp(version, "/v0.1") != 0 && strcmp(version, "/v1") != 0))
		pb_doc_refuse(r, "_type: statements of in-toto v0.1 and v1 are read");
	pb_doc_must(&type);
	put_subjects(&subjects);
	if (slsa || strcmp(name, PB_URN_REBUILD) == 0) {
		pb_doc_must(&predicate);
		if (!pb_doc_is_object(&predicate))
			return;
		if (slsa)
			pb_read_provenance(&predicate, name);
		else
			pb_read_rebuild(&predicate, &subjects);
		return;
	}
	if (is_document(name) && pb_doc_is_object(&predicate)) {
		pb_read_predicate(r, predicate.v);
		return;
	}
	pb_doc_says(r, "unknown", "in-toto %.100s", name);
	r->unknown = true;
}
