/* A signed report: its envelope, and what the envelope says it is about. What the signature does not cover has to be as it was written, too. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/signed.h"
#include "cli/verify.h"
#include "evidence/signatures.h"
#include "report/reread.h"

static const char statement_type[] = "https://in-toto.io/Statement/v1", predicate_type[] = "urn:probity:report:1";

static int tell(json_t *out, const char *field, const char *says)
{
	return pb_verify_problem(out, "signature", field, NULL, NULL, says);
}

/* The id that an envelope gives is a hint that no signature covers: where it is not that of a key that signed, it was changed. */
static int look_at_ids(const pb_dsse *e, const json_t *rows, json_t *out)
{
	char field[48];
	int rc = 0;

	for (size_t i = 0; i < e->n && !rc; i++) {
		const json_t *row;
		bool known = !*e->signatures[i].keyid;
		size_t k;

		json_array_foreach (rows, k, row)
			known |= strcasecmp(pb_json_str(row, "key", ""), e->signatures[i].keyid) == 0;
		snprintf(field, sizeof field, "signatures[%zu].keyid", i);
		if (!known)
			rc = tell(out, field, "it names another key than the one that signed");
	}
	return rc;
}

static int look_at_rows(const json_t *rows, json_t *out)
{
	const json_t *row;
	char field[48];
	bool counted = false;
	size_t i;
	int rc = 0;

	json_array_foreach (rows, i, row) {
		bool good = json_is_true(json_object_get(row, "verified")) && *pb_json_str(row, "root", "");

		counted |= good;
		snprintf(field, sizeof field, "signatures[%zu]", i);
		if (!rc && !good)
			rc = tell(out, field, *pb_json_str(row, "why", "") ? pb_json_str(row, "why", "") : "no trust root that counts made it");
	}
	return !rc && !counted && !json_array_size(rows) ? tell(out, "signatures", "no trust root made any of them: `probity trust add` the signer's key") : rc;
}

static int signatures(const pb_verifying *v, const pb_dsse *e, json_t *out, pb_error *err)
{
	pb_trust *trust = NULL;
	json_t *rows = json_array();
	int rc = rows ? pb_signed_trust(&v->handed_in, &trust, err) : PB_ENOMEM;

	rc = rc ? rc : pb_signatures_dsse(trust, e, v->today, rows, err);
	rc = rc ? rc : look_at_rows(rows, out);
	rc = rc ? rc : look_at_ids(e, rows, out);
	if (!rc)
		rc = json_object_set(out, "signatures", rows) ? PB_ENOMEM : 0;
	json_decref(rows);
	pb_trust_free(trust);
	return rc;
}

/* The statement must be about the report's product, and say nothing beside. */
static int statement(pb_bytes payload, json_t *out, char **report, pb_error *err)
{
	json_t *s = pb_json_parse(payload, PB_VERIFY_REPORT_MAX, "the payload", err);
	const json_t *predicate = json_object_get(s, "predicate"), *product = json_object_get(predicate, "product");
	json_t *wanted = predicate ? json_pack("{s:s,s:[{s:s,s:{s:s}}],s:s,s:O}", "_type", statement_type, "subject", "name", pb_json_str(product, "name", ""),
	                                       "digest", "sha256", pb_json_str(product, "sha256", ""), "predicateType", predicate_type, "predicate", predicate)
	                           : NULL;
	size_t at;
	int rc = 0;

	if (!s || !wanted) {
		rc = pb_verify_problem(out, "form", "payload", NULL, NULL, s ? "it holds no report" : err->text);
		*err = (pb_error){0};
	} else {
		if (!json_equal(s, wanted))
			rc = tell(out, "payload", "the statement is not about its report's product, or says something beside");
		if (!rc && pb_report_canonical(s, payload, &at) != 1)
			rc = pb_verify_problem(out, "canonical", "payload", NULL, NULL, "not in canonical form");
		*report = pb_json_canonical(predicate);
		rc = rc ? rc : *report ? 0 : PB_ENOMEM;
	}
	json_decref(s);
	json_decref(wanted);
	return rc;
}

static int envelope_form(pb_bytes text, json_t *out)
{
	json_t *e = pb_json_parse(text, PB_VERIFY_REPORT_MAX, "the envelope", NULL);
	const json_t *s;
	size_t at, i;
	bool other = false;
	int rc = pb_report_canonical(e, text, &at);

	rc = rc < 0 ? rc : rc == 0 ? pb_verify_problem(out, "canonical", "", NULL, NULL, "the envelope is not in canonical form") : 0;
	json_array_foreach (json_object_get(e, "signatures"), i, s)
		other |= json_object_size(s) != 2 || !json_object_get(s, "keyid") || !json_object_get(s, "sig");
	if (!rc && (other || json_object_size(e) != 3))
		rc = pb_verify_problem(out, "form", "", NULL, NULL, "the envelope holds fields that belong to none");
	json_decref(e);
	return rc;
}

int pb_verify_signed(const pb_verifying *v, pb_bytes text, json_t *out, char **report, pb_error *err)
{
	static const char mark[] = "\"payload\"", schema[] = "\"probity-report/1\"";
	pb_dsse e = {0};
	int rc;

	*report = NULL;
	if (!memmem(text.data, text.size, mark, sizeof mark - 1) || memmem(text.data, text.size, schema, sizeof schema - 1))
		return 0;
	json_array_append_new(json_object_get(out, "checked"), json_string("signature"));
	rc = pb_dsse_parse(text, &e, err);
	if (rc == PB_EINPUT) {
		rc = pb_verify_problem(out, "form", "", NULL, NULL, err->text);
		*err = (pb_error){0};
		return rc ? rc : 1;
	}
	if (!rc && strcmp(e.type, PB_DSSE_INTOTO) != 0)
		rc = tell(out, "payloadType", "it is not that of an in-toto statement");
	rc = rc ? rc : envelope_form(text, out);
	rc = rc ? rc : signatures(v, &e, out, err);
	rc = rc ? rc : statement((pb_bytes){e.payload.data, e.payload.size}, out, report, err);
	pb_dsse_free(&e);
	return rc ? rc : 1;
}
