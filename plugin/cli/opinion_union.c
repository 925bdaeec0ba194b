/* What several assessors found in one product, counted once: findings by (check, key), of each the larger kappa; and the score that follows. Others' reports count where an
 * assessor's trust root has signed them, are about the same bytes, and hold by themselves. */
#include <string.h>

#include "cli/opinion.h"
#include "cli/signed.h"
#include "findings/terms.h"
#include "report/reread.h"

static const char *text(const json_t *o, const char *key)
{
	return pb_json_str(o, key, "");
}

static const json_t *check_of(const json_t *report, const char *id, size_t *at)
{
	const json_t *row;
	size_t i;

	json_array_foreach (json_object_get(report, "checks"), i, row)
		if (strcmp(text(row, "id"), id) == 0) {
			*at = i;
			return row;
		}
	return NULL;
}

/* A check that failed elsewhere has failed, and as badly as it says there. */
static int take_check(json_t *all, const json_t *other, const char *id)
{
	size_t at = 0, there = 0;
	const json_t *own = check_of(all, id, &at), *row = check_of(other, id, &there);

	if (!own)
		return json_array_append_new(json_object_get(all, "checks"), json_deep_copy(row));
	if (strcmp(text(own, "status"), "fail") != 0)
		return json_array_set_new(json_object_get(all, "checks"), at, json_deep_copy(row));
	if (pb_severity_of(text(row, "severity")) > pb_severity_of(text(own, "severity")))
		return json_object_set((json_t *)(uintptr_t)own, "severity", json_object_get(row, "severity"));
	return 0;
}

/* Two statements under one key are one. */
static int take_finding(json_t *all, const json_t *other, const json_t *f)
{
	json_t *own;
	size_t i;
	bool known = false;
	int rc = 0;

	json_array_foreach (json_object_get(all, "findings"), i, own) {
		if (strcmp(text(own, "check"), text(f, "check")) != 0 || strcmp(text(own, "key"), text(f, "key")) != 0)
			continue;
		known = true;
		if (pb_json_int(f, "kappa", 0) > pb_json_int(own, "kappa", 0))
			rc |= json_object_set(own, "kappa", json_object_get(f, "kappa"));
	}
	if (!known)
		rc |= take_check(all, other, text(f, "check")) | json_array_append_new(json_object_get(all, "findings"), json_deep_copy(f));
	return rc ? PB_ENOMEM : 0;
}

/* A report that is signed by an assessor, about this product, and holds. */
static int open_report(const pb_opinion_options *o, const char *file, const char *sha256, json_t **out, json_t *who, pb_error *err)
{
	pb_dsse e = {0};
	pb_error why = {0};
	char root[PB_ROOT_NAME] = "", key[PB_DSSE_KEYID] = "";
	json_t *statement = NULL, *again = NULL;
	int rc = pb_signed_file(file, PB_DSSE_INTOTO, &e, err);

	if (!rc && (rc = pb_signed_by_assessor(&o->trust, &e, o->as_of, NULL, root, key, &why)) != 0)
		rc = pb_fail(err, rc, "%s: %s", file, why.text);
	statement = rc ? NULL : pb_json_parse((pb_bytes){e.payload.data, e.payload.size}, PB_SIGNED_MAX, file, err);
	rc = rc ? rc : statement ? 0 : PB_EINPUT;
	*out = json_incref(json_object_get(statement, "predicate"));
	if (!rc && strcmp(text(statement, "predicateType"), "urn:probity:report:1") != 0)
		rc = pb_fail(err, PB_EINPUT, "%s: it holds no report", file);
	again = rc ? NULL : pb_report_again(*out, &why);
	if (!rc && (!again || !json_equal(again, *out)))
		rc = pb_fail(err, PB_EINPUT, "%s: the report does not hold: `probity verify` says why", file);
	if (!rc && strcmp(text(json_object_get(*out, "product"), "sha256"), sha256) != 0)
		rc = pb_fail(err, PB_EINPUT, "%s: it is about another product: %.64s", file, text(json_object_get(*out, "product"), "sha256"));
	if (!rc && json_array_append_new(who, json_pack("{s:s,s:s,s:O,s:O,s:O}", "key", key, "root", root, "as_of",
	                                                json_object_get(json_object_get(*out, "assessment"), "as_of"), "rules_digest",
	                                                json_object_get(json_object_get(*out, "assessment"), "rules_digest"), "trust_tenths",
	                                                json_object_get(json_object_get(*out, "score"), "trust_tenths"))))
		rc = PB_ENOMEM;
	json_decref(again);
	json_decref(statement);
	pb_dsse_free(&e);
	return rc;
}

static json_t *rows_of(const json_t *report)
{
	json_t *out = json_array(), *f;
	size_t i;

	json_array_foreach (json_object_get(report, "findings"), i, f)
		json_array_append_new(out, json_pack("{s:O,s:O,s:O,s:O,s:O}", "check", json_object_get(f, "check"), "finding", json_object_get(f, "finding"), "key",
		                                     json_object_get(f, "key"), "kappa", json_object_get(f, "kappa"), "severity", json_object_get(f, "severity")));
	return out;
}

int pb_opinion_union(const pb_opinion_options *o, const json_t *own, json_t **out, pb_error *err)
{
	json_t *all = json_deep_copy(own), *who = json_array(), *score, *result = NULL, *f;
	const char *sha256 = text(json_object_get(own, "product"), "sha256");
	size_t k;
	int rc = all && who ? 0 : PB_ENOMEM;

	for (size_t i = 1; i < o->n && !rc; i++) {
		json_t *other = NULL;

		rc = open_report(o, o->words[i], sha256, &other, who, err);
		if (!rc)
			json_array_foreach (json_object_get(other, "findings"), k, f)
				rc = rc ? rc : take_finding(all, other, f);
		json_decref(other);
	}
	result = rc ? NULL : pb_report_again(all, err);
	score = json_object_get(result, "score");
	if (result)
		*out = json_pack("{s:O,s:o,s:O,s:O,s:O}", "reports", who, "findings", rows_of(result), "trust_tenths", json_object_get(score, "trust_tenths"), "floor_tenths",
		                 json_object_get(score, "floor_tenths"), "own_trust_tenths", json_object_get(json_object_get(own, "score"), "trust_tenths"));
	rc = rc ? rc : result && *out ? 0 : err->code ? err->code : PB_ENOMEM;
	json_decref(result);
	json_decref(all);
	json_decref(who);
	return rc;
}
