/* Reports come back from disks and from other people: each field is checked before anything is computed from it. */
#include "report/reread.h"

#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "findings/evidence.h"
#include "report/reread_policy.h"

enum { DIGEST = 64 };

/* What a row of the report holds beside that of the result which it was made of. */
static json_t *rows_without(const json_t *rows, const char *const *keys, size_t n)
{
	json_t *out = json_array(), *row;
	size_t i;

	json_array_foreach (rows, i, row) {
		json_t *copy = json_is_object(row) ? json_copy(row) : json_incref(row);

		for (size_t k = 0; k < n; k++)
			(void)json_object_del(copy, keys[k]);
		if (json_array_append_new(out, copy) != 0) {
			json_decref(out);
			return NULL;
		}
	}
	return out;
}

/* [{"id","checks"}] to {id: checks}. */
static json_t *principles(const json_t *rows)
{
	json_t *out = json_object(), *row;
	size_t i;

	json_array_foreach (rows, i, row) {
		json_t *checks = json_object_get(row, "checks");

		if (json_object_set(out, pb_json_str(row, "id", "?"), checks != NULL ? checks : json_null()) != 0) {
			json_decref(out);
			return NULL;
		}
	}
	return out;
}

/* The product result that this report says it was made of. What the score does not read is passed on as it is. */
static json_t *document_of(const json_t *report)
{
	static const char *const computed[] = {"schema", "assessment", "claims", "pillars", "policy", "score", "waivers"};
	static const char *const of_check[] = {"demerit_milli", "keys"}, *const of_finding[] = {"waived"};
	json_t *out = json_copy((json_t *)(uintptr_t)report);
	int rc = 0;

	for (size_t i = 0; i < sizeof computed / sizeof *computed; i++)
		(void)json_object_del(out, computed[i]);
	if (json_is_array(json_object_get(report, "checks")))
		rc |= json_object_set_new(out, "checks", rows_without(json_object_get(report, "checks"), of_check, 2));
	if (json_is_array(json_object_get(report, "findings")))
		rc |= json_object_set_new(out, "findings", rows_without(json_object_get(report, "findings"), of_finding, 1));
	if (json_is_array(json_object_get(report, "principles")))
		rc |= json_object_set_new(out, "principles", principles(json_object_get(report, "principles")));
	if (rc != 0) {
		json_decref(out);
		return NULL;
	}
	return out;
}

static int digest(const json_t *object, const char *key, const char *where, bool none, pb_error *err)
{
	const char *s = pb_json_str(object, key, NULL);
	size_t n = s != NULL ? strlen(s) : 0;

	if (s == NULL || (n != 0 && n != DIGEST) || (n == 0 && !none) || strspn(s, "0123456789abcdef") != n)
		return pb_fail(err, PB_ECORRUPT, "%s.%s: must be a SHA-256 in lower-case hex%s", where, key, none ? ", or empty" : "");
	return PB_OK;
}

static int day(const json_t *object, const char *key, int64_t *out, pb_error *err)
{
	const char *s = pb_json_str(object, key, "");

	return pb_date_parse(s, out) ? PB_OK : pb_fail(err, PB_ECORRUPT, "assessment.%s: \"%s\" is not a date like 2026-11-21", key, s);
}

static int read_assessment(const json_t *report, pb_assessment *how, pb_error *err)
{
	const json_t *a = json_object_get(report, "assessment"), *engine = json_object_get(a, "engine");
	const json_t *database = json_object_get(engine, "clamav_db");
	int rc = json_is_object(a) && json_is_object(engine) ? PB_OK : pb_fail(err, PB_ECORRUPT, "assessment: it, or its engine, is missing");

	rc = rc != PB_OK ? rc : day(a, "as_of", &how->as_of, err);
	how->assessed = how->as_of;
	if (rc == PB_OK && json_object_get(a, "assessed") != NULL)
		rc = day(a, "assessed", &how->assessed, err);
	if (rc == PB_OK && how->assessed > how->as_of)
		rc = pb_fail(err, PB_ECORRUPT, "assessment.assessed: it is after the day of as_of");
	rc = rc != PB_OK ? rc : digest(a, "rules_digest", "assessment", true, err);
	rc = rc != PB_OK ? rc : digest(a, "waivers_digest", "assessment", true, err);
	rc = rc != PB_OK ? rc : digest(a, "evidence_digest", "assessment", true, err);
	rc = rc != PB_OK ? rc : digest(json_object_get(a, "policy"), "digest", "assessment.policy", true, err);
	if (rc == PB_OK && json_object_get(a, "trust_digest") != NULL)
		rc = digest(a, "trust_digest", "assessment", false, err);
	if (rc == PB_OK && json_object_get(database, "digest") != NULL)
		rc = digest(database, "digest", "assessment.engine.clamav_db", true, err);
	how->probity = pb_json_str(engine, "probity", "");
	how->clamav = pb_json_str(engine, "clamav", "");
	how->yara = pb_json_str(engine, "yara", "");
	how->lua = pb_json_str(engine, "lua", "");
	how->clamav_db = database;
	how->rules_digest = pb_json_str(a, "rules_digest", "");
	how->trust_digest = pb_json_str(a, "trust_digest", "");
	how->command = pb_json_str(a, "command", "");
	how->rule_sets = json_object_get(engine, "rule_sets");
	how->packs = json_object_get(engine, "packs");
	how->unboxed = json_object_get(engine, "unboxed");
	return rc;
}

/* Digests of what was handed in come from its rows. Texts of findings that are waived come from the rows of waivers: a finding that says so without one is a difference. */
static int read_handed_in(const json_t *report, pb_reread *r, pb_error *err)
{
	const json_t *rows = json_object_get(report, "waivers");

	if (rows != NULL && !json_is_array(rows))
		return pb_fail(err, PB_ECORRUPT, "waivers: must be a list");
	if (pb_waivers_again(rows, r->how.as_of, &r->result, &r->waived) != 0)
		return pb_fail(err, PB_ENOMEM, "out of memory");
	r->how.waivers = r->waived.rows;
	r->how.waivers_digest = r->waived.digest;
	r->how.evidence_digest = r->evidence_digest;
	return pb_evidence_digest(json_object_get(report, "evidence"), r->evidence_digest) ? PB_OK : pb_fail(err, PB_ENOMEM, "out of memory");
}

int pb_report_read(const json_t *report, pb_reread *out, pb_error *err)
{
	json_t *document;
	int rc;

	*out = (pb_reread){.how = {.as_of = 0}};
	if (strcmp(pb_json_str(report, "schema", ""), "probity-report/1") != 0)
		return pb_fail(err, PB_ECORRUPT, "schema: \"%s\" is not probity-report/1", pb_json_str(report, "schema", ""));
	rc = digest(json_object_get(report, "product"), "sha256", "product", false, err);
	rc = rc != PB_OK ? rc : read_assessment(report, &out->how, err);
	rc = rc != PB_OK ? rc : pb_reread_policy(report, &out->policy, err);
	if (rc != PB_OK)
		return rc;
	document = document_of(report);
	if (document == NULL)
		return pb_fail(err, PB_ENOMEM, "out of memory");
	rc = pb_product_result_read(document, &out->result, err);
	json_decref(document);
	return rc != PB_OK ? rc : read_handed_in(report, out, err);
}

void pb_reread_free(pb_reread *r)
{
	pb_product_result_free(&r->result);
	pb_waived_free(&r->waived);
}

json_t *pb_report_again(const json_t *report, pb_error *err)
{
	pb_reread *r = calloc(1, sizeof *r);
	pb_score score = {0};
	json_t *again = NULL;
	int rc = r != NULL ? pb_report_read(report, r, err) : pb_fail(err, PB_ENOMEM, "out of memory");

	if (rc == PB_OK)
		rc = pb_score_compute(&r->result, &r->policy, r->how.assessed, r->how.as_of, &score, err);
	if (rc == PB_OK)
		again = pb_report_new(&r->result, &r->policy, &score, &r->how, err);
	pb_score_free(&score);
	if (r != NULL)
		pb_reread_free(r);
	free(r);
	return again;
}

int pb_report_canonical(const json_t *report, pb_bytes text, size_t *at)
{
	char *line = pb_json_canonical(report);
	size_t n = line != NULL ? strlen(line) : 0, i = 0;

	if (line == NULL)
		return PB_ENOMEM;
	while (i < n && i < text.size && (uint8_t)line[i] == text.data[i])
		i++;
	*at = i;
	free(line);
	if (i < n || text.size > n + 1)
		return 0;
	return text.size == n || text.data[n] == '\n';
}
