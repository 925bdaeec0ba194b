/* The reader of product results. They come from a process that looked at hostile bytes: nothing in them is believed
 * before it is checked, so that the score may rely on every range and index. */
#include "findings/product.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "findings/evidence.h"
#include "findings/fields.h"

enum { CHECKS_MAX = 2000, FINDINGS_MAX = 1000000 };

static const pb_field check_fields[] = {
    {"id", PB_FIELD_NAME, false},     {"catalogue", PB_FIELD_ROW, false}, {"claim", PB_FIELD_NAME, false},
    {"pillar", PB_FIELD_TEXT, false}, {"severity", PB_FIELD_TEXT, false}, {"reliability", PB_FIELD_TEXT, false},
    {"online", PB_FIELD_BOOL, false}, {"status", PB_FIELD_TEXT, false},   {"coverage", PB_FIELD_PERMILLE, false},
    {"freshness", PB_FIELD_PERMILLE, true},
    {"reason", PB_FIELD_TEXT, true},  {"title", PB_FIELD_TEXT, true},
    {"why", PB_FIELD_TEXT, true},     {"confirm", PB_FIELD_TEXT, true},
};

/* No "waived": a result cannot waive its own findings. */
static const pb_field finding_fields[] = {
    {"check", PB_FIELD_NAME, false},       {"finding", PB_FIELD_NAME, false},  {"key", PB_FIELD_KEY, false},
    {"kappa", PB_FIELD_PERMILLE, false},   {"severity", PB_FIELD_TEXT, false}, {"says", PB_FIELD_TEXT, false},
    {"remediation", PB_FIELD_TEXT, false}, {"maps", PB_FIELD_TEXTS, false},    {"evidence", PB_FIELD_RECORDS, false},
    {"places", PB_FIELD_COUNT, true},
};

static const pb_field evidence_fields[] = {
    {"path", PB_FIELD_KEYS, false},   {"sha256", PB_FIELD_HASH, false}, {"offset", PB_FIELD_OFFSET, true},
    {"length", PB_FIELD_COUNT, true}, {"excerpt", PB_FIELD_TEXT, true},
};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static int read_check(const json_t *row, const char *where, pb_check_outcome *c, pb_error *err)
{
	int rc = pb_fields_check(row, check_fields, COUNT(check_fields), where, err);
	int pillar = 0, severity = 0, reliability = 0, status = 0;

	if (rc == PB_OK)
		rc = pb_field_term(row, "pillar", pb_pillar_of, where, &pillar, err);
	if (rc == PB_OK)
		rc = pb_field_term(row, "severity", pb_severity_of, where, &severity, err);
	if (rc == PB_OK)
		rc = pb_field_term(row, "reliability", pb_reliability_of, where, &reliability, err);
	if (rc == PB_OK)
		rc = pb_field_term(row, "status", pb_status_of, where, &status, err);
	if (rc != PB_OK)
		return rc;
	*c = (pb_check_outcome){
	    .id = pb_json_str(row, "id", ""),
	    .catalogue = pb_json_str(row, "catalogue", ""),
	    .claim = pb_json_str(row, "claim", ""),
	    .pillar = (pb_pillar)pillar,
	    .severity = (pb_severity)severity,
	    .reliability = (pb_reliability)reliability,
	    .online = json_is_true(json_object_get(row, "online")),
	    .status = (pb_status)status,
	    .coverage = (int)pb_json_int(row, "coverage", 0),
	    .aged = 1000 - (int)pb_json_int(row, "freshness", 1000),
	    .reason = pb_json_str(row, "reason", ""),
	    .title = pb_json_str(row, "title", pb_json_str(row, "id", "")),
	    .why = pb_json_str(row, "why", ""),
	    .confirm = pb_json_str(row, "confirm", ""),
	};
	if (c->coverage != 0 && (c->status == PB_UNKNOWN || c->status == PB_NA))
		return pb_fail(err, PB_ECORRUPT, "%s: status \"%s\" with a coverage of %d", where, pb_status_name(c->status),
		               c->coverage);
	if (c->aged != 0 && (c->status != PB_PASS || c->aged == 1000))
		return pb_fail(err, PB_ECORRUPT, "%s: status \"%s\" with a freshness of %d", where, pb_status_name(c->status), 1000 - c->aged);
	return PB_OK;
}

/* An id and where it stands; sorted, to find the check that a finding names. */
typedef struct named {
	const char *id;
	size_t at;
} named;

static int by_id(const void *a, const void *b)
{
	return strcmp(((const named *)a)->id, ((const named *)b)->id);
}

static int read_checks(const json_t *rows, pb_product_result *r, named *index, pb_error *err)
{
	char where[48];

	for (size_t i = 0; i < r->n_checks; i++) {
		int rc;

		(void)snprintf(where, sizeof where, "checks[%zu]", i);
		rc = read_check(json_array_get(rows, i), where, &r->checks[i], err);
		if (rc != PB_OK)
			return rc;
		index[i] = (named){r->checks[i].id, i};
	}
	qsort(index, r->n_checks, sizeof *index, by_id);
	for (size_t i = 1; i < r->n_checks; i++)
		if (strcmp(index[i - 1].id, index[i].id) == 0)
			return pb_fail(err, PB_ECORRUPT, "checks: \"%s\" stands there twice", index[i].id);
	return PB_OK;
}

static int check_evidence(const json_t *records, const char *where, pb_error *err)
{
	const json_t *record;
	size_t i;

	json_array_foreach(records, i, record)
	{
		char at[80];
		int rc;

		(void)snprintf(at, sizeof at, "%s.evidence[%zu]", where, i);
		rc = pb_fields_check(record, evidence_fields, COUNT(evidence_fields), at, err);
		if (rc != PB_OK)
			return rc;
	}
	return PB_OK;
}

static int read_finding(const json_t *row, const char *where, const pb_product_result *r, const named *index, pb_finding *f,
                        pb_error *err)
{
	int rc = pb_fields_check(row, finding_fields, COUNT(finding_fields), where, err), severity = 0;
	named wanted = {pb_json_str(row, "check", ""), 0};
	const named *hit;
	const pb_check_outcome *c;

	if (rc == PB_OK)
		rc = pb_field_term(row, "severity", pb_severity_of, where, &severity, err);
	if (rc == PB_OK)
		rc = check_evidence(json_object_get(row, "evidence"), where, err);
	if (rc != PB_OK)
		return rc;
	hit = r->n_checks > 0 ? bsearch(&wanted, index, r->n_checks, sizeof *index, by_id) : NULL;
	if (hit == NULL)
		return pb_fail(err, PB_ECORRUPT, "%s.check: no check \"%s\"", where, wanted.id);
	c = &r->checks[hit->at];
	if (severity > (int)c->severity)
		return pb_fail(err, PB_ECORRUPT, "%s: %s is above the %s of check \"%s\"", where,
		               pb_severity_name((pb_severity)severity), pb_severity_name(c->severity), c->id);
	if (c->status != PB_FAIL)
		return pb_fail(err, PB_ECORRUPT, "%s: check \"%s\" has a finding and status \"%s\"", where, c->id,
		               pb_status_name(c->status));
	*f = (pb_finding){
	    .check = hit->at,
	    .name = pb_json_str(row, "finding", ""),
	    .key = pb_json_str(row, "key", ""),
	    .kappa = (int)pb_json_int(row, "kappa", 0),
	    .severity = (pb_severity)severity,
	    .says = pb_json_str(row, "says", ""),
	    .remediation = pb_json_str(row, "remediation", ""),
	    .maps = json_object_get(row, "maps"),
	    .evidence = json_object_get(row, "evidence"),
	    .places = pb_json_int(row, "places", 0),
	};
	if (f->places < (int64_t)json_array_size(f->evidence))
		f->places = (int64_t)json_array_size(f->evidence);
	return PB_OK;
}

static int read_findings(const json_t *rows, pb_product_result *r, const named *index, pb_error *err)
{
	uint8_t *failed = calloc(r->n_checks + 1, 1);
	char where[48];
	int rc = PB_OK;

	if (failed == NULL)
		return pb_fail(err, PB_ENOMEM, "out of memory");
	for (size_t i = 0; i < r->n_findings && rc == PB_OK; i++) {
		(void)snprintf(where, sizeof where, "findings[%zu]", i);
		rc = read_finding(json_array_get(rows, i), where, r, index, &r->findings[i], err);
		if (rc == PB_OK)
			failed[r->findings[i].check] = 1;
	}
	for (size_t i = 0; i < r->n_checks && rc == PB_OK; i++)
		if (r->checks[i].status == PB_FAIL && !failed[i])
			rc = pb_fail(err, PB_ECORRUPT, "checks: \"%s\" failed without a finding", r->checks[i].id);
	free(failed);
	return rc;
}

/* The parts that the score does not read: present or not, of the right type. */
static int check_frame(const json_t *document, pb_error *err)
{
	static const struct {
		const char *key;
		json_type type;
		bool optional;
	} parts[] = {
	    {"product", JSON_OBJECT, false}, {"checks", JSON_ARRAY, false},  {"findings", JSON_ARRAY, false},
	    {"limits", JSON_ARRAY, true},    {"packages", JSON_ARRAY, true}, {"principles", JSON_OBJECT, true},
	    {"inventory", JSON_OBJECT, true}, {"evidence", JSON_ARRAY, true}, {"statements", JSON_ARRAY, true},
	    {"composition", JSON_OBJECT, true}, {"declared", JSON_ARRAY, true},
	};

	if (!json_is_object(document))
		return pb_fail(err, PB_ECORRUPT, "product result: not an object");
	for (size_t i = 0; i < COUNT(parts); i++) {
		const json_t *v = json_object_get(document, parts[i].key);

		if (v == NULL ? !parts[i].optional : json_typeof(v) != parts[i].type)
			return pb_fail(err, PB_ECORRUPT, "product result: \"%s\" is %s", parts[i].key,
			               v == NULL ? "missing" : "of a wrong type");
	}
	return pb_evidence_rows_valid(json_object_get(document, "evidence"), json_object_get(document, "statements"), err);
}

int pb_product_result_read(json_t *document, pb_product_result *out, pb_error *err)
{
	pb_product_result r = {0};
	const json_t *checks, *findings;
	named *index = NULL;
	int rc = check_frame(document, err);

	*out = (pb_product_result){0};
	if (rc != PB_OK)
		return rc;
	checks = json_object_get(document, "checks");
	findings = json_object_get(document, "findings");
	r.n_checks = json_array_size(checks);
	r.n_findings = json_array_size(findings);
	if (r.n_checks > CHECKS_MAX || r.n_findings > FINDINGS_MAX)
		return pb_fail(err, PB_ELIMIT, "product result: %zu checks and %zu findings, at most %d and %d", r.n_checks,
		               r.n_findings, CHECKS_MAX, FINDINGS_MAX);
	r.document = json_incref(document);
	r.checks = calloc(r.n_checks + 1, sizeof *r.checks);
	r.findings = calloc(r.n_findings + 1, sizeof *r.findings);
	index = calloc(r.n_checks + 1, sizeof *index);
	if (r.checks == NULL || r.findings == NULL || index == NULL) {
		rc = pb_fail(err, PB_ENOMEM, "out of memory");
		goto out;
	}
	rc = read_checks(checks, &r, index, err);
	if (rc == PB_OK)
		rc = read_findings(findings, &r, index, err);
out:
	free(index);
	if (rc != PB_OK)
		pb_product_result_free(&r);
	*out = r;
	return rc;
}

void pb_product_result_free(pb_product_result *r)
{
	free(r->checks);
	free(r->findings);
	json_decref(r->document);
	*r = (pb_product_result){0};
}
