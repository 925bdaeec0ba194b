#include "worker/supplied.h"

#include <stdlib.h>
#include <string.h>

#include "findings/age.h"
#include "findings/evidence.h"
#include "worker/supplied_worth.h"

/* Which documents a check may need before its question makes sense: there is no audit to be independent where none was handed in. */
static const struct {
	const char *kind, *tag;
} tagged[] = {
    {"audit", "evidence-audit"},           {"penetration-test", "evidence-audit"},   {"capabilities", "evidence-statement"},
    {"data-manifest", "evidence-statement"}, {"declaration", "evidence-statement"},  {"documentation", "evidence-statement"},
    {"support-period", "evidence-statement"}, {"response", "evidence-statement"},
};

static json_t *tags_of(const json_t *document)
{
	const char *kind = pb_json_str(document, "kind", "");
	for (size_t i = 0; i < sizeof tagged / sizeof *tagged; i++)
		if (strcmp(kind, tagged[i].kind) == 0)
			return json_pack("[s,s]", "evidence", tagged[i].tag);
	return json_pack("[s]", "evidence");
}

static json_t *record_of(const json_t *document, const json_t *worth)
{
	return json_pack("{s:[s,s],s:O,s:O,s:s,s:s,s:s,s:b,s:O,s:{s:{s:o,s:O},s:[],s:{}}}", "path", PB_EVIDENCE_ROOT,
	                 pb_json_str(document, "name", ""), "sha256", json_object_get(document, "sha256"), "size",
	                 json_object_get(document, "size"), "kind", "evidence", "class", "data", "name_class", "", "container", false, "supplied", worth,
	                 "result", "facts", "tags", tags_of(document), "evidence", document, "findings", "unknown");
}

static json_t *row_of(const json_t *document, const json_t *worth)
{
	static const char *const same[] = {"name", "sha256", "size", "kind", "format", "state", "why", "issued", "expires", "by", "signatures"};
	static const char *const from[] = {"reliability", "freshness", "about"};
	json_t *row = json_object();
	int bad = !row;
	for (size_t i = 0; i < sizeof same / sizeof *same; i++)
		bad = bad || json_object_set(row, same[i], json_object_get(document, same[i]));
	for (size_t i = 0; i < sizeof from / sizeof *from; i++)
		bad = bad || json_object_set(row, from[i], json_object_get(worth, from[i]));
	if (bad) {
		json_decref(row);
		return NULL;
	}
	return row;
}

static json_t *worth_of(const pb_supplied_product *p, const json_t *document, int64_t as_of)
{
	const char *signer, *role, *about;
	int64_t object;
	about = pb_supplied_about(p, document, &object);
	const char *reliability = pb_supplied_reliability(p, document, &signer, &role);
	bool matched = strcmp(about, "product") == 0 || strcmp(about, "object") == 0;
	bool read = strcmp(pb_json_str(document, "state", ""), "read") == 0;
	int fresh = read ? pb_age_of(pb_json_str(document, "kind", ""), pb_json_str(document, "issued", ""), pb_json_str(document, "expires", ""),
	                             pb_json_str(json_object_get(document, "content"), "period_end", ""), matched, as_of)
	                 : 0;
	return json_pack("{s:s,s:s?,s:s?,s:i,s:s,s:I}", "reliability", reliability, "signer", signer, "role", role, "freshness", fresh, "about",
	                 about, "object", (json_int_t)object);
}

static int add_one(pb_join *j, const pb_supplied_product *p, json_t *document, int64_t as_of)
{
	json_t *worth = worth_of(p, document, as_of), *record = worth ? record_of(document, worth) : NULL;
	json_t *row = worth ? row_of(document, worth) : NULL;
	int rc = record && row ? 0 : PB_ENOMEM;
	if (!rc) {
		j->document_rows[json_array_size(j->documents)] = (pb_row){.record = record,
		                                                           .path = json_object_get(record, "path"),
		                                                           .result = json_object_get(record, "result"),
		                                                           .facts = json_object_get(json_object_get(record, "result"), "facts"),
		                                                           .kind = pb_kind_named("data"),
		                                                           .depth = 2,
		                                                           .layer = SIZE_MAX};
		rc = json_array_append(j->documents, record) || json_array_append(j->supplied, row) ? PB_ENOMEM : 0;
	}
	json_decref(worth);
	json_decref(record);
	json_decref(row);
	return rc;
}

int pb_supplied_add(pb_join *j, const json_t *evidence, const json_t *product, const char *file, int64_t as_of, pb_error *err)
{
	const json_t *documents = json_object_get(evidence, "documents");
	pb_supplied_product p = {.product = product, .digests = json_object_get(evidence, "product"), .file = file};
	size_t i;
	json_t *document;
	if (!evidence || json_is_null(evidence))
		return 0;
	int rc = pb_evidence_valid(evidence, err);
	if (rc)
		return rc;
	p.objects = pb_supplied_objects(j);
	j->documents = json_array();
	j->supplied = json_array();
	j->document_rows = calloc(json_array_size(documents) + 1, sizeof *j->document_rows);
	rc = p.objects && j->documents && j->supplied && j->document_rows ? 0 : PB_ENOMEM;
	json_array_foreach(documents, i, document)
		rc = rc ? rc : add_one(j, &p, document, as_of);
	json_decref(p.objects);
	return rc ? pb_fail(err, rc, "out of memory") : 0;
}

int pb_supplied_problems(const json_t *evidence, json_t *limits)
{
	const json_t *problem;
	size_t i;
	json_array_foreach(json_object_get(evidence, "problems"), i, problem) {
		const char *name = pb_json_str(problem, "document", "");
		json_t *path = *name ? json_pack("[s,s]", PB_EVIDENCE_ROOT, name) : json_pack("[s]", PB_EVIDENCE_ROOT);
		if (json_array_append_new(limits, json_pack("{s:o,s:s}", "path", path, "why", pb_json_str(problem, "why", "?"))))
			return PB_ENOMEM;
	}
	return 0;
}
