#include "findings/evidence.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/hash.h"
#include "findings/fields.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

enum { SUBJECTS = 50000, SIGNATURES = 1000, ROWS = 100000, DEPTH = 64 };

static const pb_field document_fields[] = {
    {"name", PB_FIELD_KEY, false},    {"sha256", PB_FIELD_HASH, false},  {"size", PB_FIELD_COUNT, false},   {"kind", PB_FIELD_NAME, false},
    {"format", PB_FIELD_TEXT, false}, {"state", PB_FIELD_NAME, false},   {"why", PB_FIELD_TEXT, false},     {"issued", PB_FIELD_TEXT, false},
    {"expires", PB_FIELD_TEXT, false}, {"by", PB_FIELD_TEXT, false},
};
static const pb_field signature_fields[] = {
    {"method", PB_FIELD_NAME, false}, {"key", PB_FIELD_TEXT, false},  {"verified", PB_FIELD_BOOL, false},
    {"why", PB_FIELD_TEXT, false},    {"root", PB_FIELD_TEXT, false}, {"role", PB_FIELD_TEXT, false}, {"scope", PB_FIELD_TEXTS, false},
};
static const pb_field problem_fields[] = {{"document", PB_FIELD_TEXT, false}, {"why", PB_FIELD_KEY, false}};
static const pb_field statement_fields[] = {
    {"document", PB_FIELD_KEY, false}, {"sha256", PB_FIELD_HASH, false}, {"claim", PB_FIELD_KEY, false},
    {"status", PB_FIELD_NAME, false},  {"why", PB_FIELD_TEXT, false},    {"check", PB_FIELD_NAME, false},
};
/* Of a row in a product result, beyond those of a document. */
static const pb_field row_fields[] = {
    {"reliability", PB_FIELD_NAME, false}, {"freshness", PB_FIELD_PERMILLE, false}, {"about", PB_FIELD_NAME, false},
};

static bool among(const char *word, const char *const *words)
{
	for (; *words != NULL; words++)
		if (strcmp(word, *words) == 0)
			return true;
	return false;
}

static bool is_day(const json_t *row, const char *key)
{
	const char *text = pb_json_str(row, key, "?");
	int64_t day;

	return *text == '\0' || pb_date_parse(text, &day);
}

/* These fields, whatever else there is. */
static int check_some(const json_t *row, const pb_field *fields, size_t n, const char *where, pb_error *err)
{
	json_t *some = json_object();
	int rc = some != NULL ? PB_OK : pb_fail(err, PB_ENOMEM, "out of memory");

	for (size_t i = 0; i < n && rc == PB_OK; i++) {
		json_t *v = json_object_get(row, fields[i].key);

		if (v != NULL && json_object_set(some, fields[i].key, v) != 0)
			rc = pb_fail(err, PB_ENOMEM, "out of memory");
	}
	if (rc == PB_OK)
		rc = json_is_object(row) ? pb_fields_check(some, fields, n, where, err) : pb_fail(err, PB_ECORRUPT, "%s: not an object", where);
	json_decref(some);
	return rc;
}

static bool shallow(const json_t *v, int levels)
{
	const char *key;
	const json_t *inner;
	size_t i;

	if (!json_is_object(v) && !json_is_array(v))
		return true;
	if (levels == 0)
		return false;
	json_object_foreach((json_t *)(uintptr_t)v, key, inner)
		if (!shallow(inner, levels - 1))
			return false;
	json_array_foreach(v, i, inner)
		if (!shallow(inner, levels - 1))
			return false;
	return true;
}

static int check_signatures(const json_t *signatures, const char *where, pb_error *err)
{
	static const char *const roles[] = {"", "vendor", "distributor", "builder", "auditor", "assessor", NULL};
	const json_t *row;
	size_t i;
	int rc = PB_OK;

	if (!json_is_array(signatures) || json_array_size(signatures) > SIGNATURES)
		return pb_fail(err, PB_ECORRUPT, "%s.signatures: not an array of at most %d", where, SIGNATURES);
	json_array_foreach(signatures, i, row) {
		rc = check_some(row, signature_fields, COUNT(signature_fields), where, err);
		if (rc == PB_OK && !among(pb_json_str(row, "role", "?"), roles))
			rc = pb_fail(err, PB_ECORRUPT, "%s: a signature of an unknown role", where);
		if (rc != PB_OK)
			return rc;
	}
	return PB_OK;
}

static int check_subjects(const json_t *subjects, const char *where, pb_error *err)
{
	static const char *const texts[] = {"name", "sha256", "sha512", "sha1", "md5", "purl"};
	const json_t *row;
	size_t i;

	if (!json_is_array(subjects) || json_array_size(subjects) > SUBJECTS)
		return pb_fail(err, PB_ECORRUPT, "%s.subjects: not an array of at most %d", where, SUBJECTS);
	json_array_foreach(subjects, i, row)
		for (size_t k = 0; k < COUNT(texts); k++)
			if (!json_is_string(json_object_get(row, texts[k])))
				return pb_fail(err, PB_ECORRUPT, "%s.subjects[%zu]: %s is no text", where, i, texts[k]);
	return PB_OK;
}

static int check_head(const json_t *row, const char *where, pb_error *err)
{
	static const char *const states[] = {"read", "refused", "unknown", NULL};
	int rc = check_some(row, document_fields, COUNT(document_fields), where, err);

	if (rc == PB_OK && !among(pb_json_str(row, "state", ""), states))
		rc = pb_fail(err, PB_ECORRUPT, "%s.state: \"%s\" is no state", where, pb_json_str(row, "state", ""));
	if (rc == PB_OK && (!is_day(row, "issued") || !is_day(row, "expires")))
		rc = pb_fail(err, PB_ECORRUPT, "%s: a date that is none", where);
	return rc == PB_OK ? check_signatures(json_object_get(row, "signatures"), where, err) : rc;
}

static int check_documents(const json_t *documents, const char *list, pb_error *err)
{
	const json_t *row;
	size_t i;
	int rc = PB_OK;

	if (!json_is_array(documents) || json_array_size(documents) > PB_EVIDENCE_DOCUMENTS)
		return pb_fail(err, PB_ECORRUPT, "evidence: %s is not an array of at most %d", list, PB_EVIDENCE_DOCUMENTS);
	json_array_foreach(documents, i, row) {
		const json_t *content = json_object_get(row, "content");
		char where[60];

		(void)snprintf(where, sizeof where, "%s[%zu]", list, i);
		rc = check_head(row, where, err);
		if (rc == PB_OK)
			rc = check_subjects(json_object_get(row, "subjects"), where, err);
		if (rc == PB_OK && (!json_is_object(content) || !shallow(content, DEPTH)))
			rc = pb_fail(err, PB_ECORRUPT, "%s.content: no object, or too deep", where);
		if (rc != PB_OK)
			return rc;
	}
	return PB_OK;
}

/* Rows of objects, which nobody relies on further. */
static int check_objects(const json_t *rows, const char *list, pb_error *err)
{
	const json_t *row;
	size_t i;

	if (!json_is_array(rows) || json_array_size(rows) > ROWS)
		return pb_fail(err, PB_ECORRUPT, "evidence: %s is not an array of at most %d", list, ROWS);
	json_array_foreach(rows, i, row)
		if (!json_is_object(row) || !shallow(row, 8))
			return pb_fail(err, PB_ECORRUPT, "evidence: %s[%zu] is no object", list, i);
	return PB_OK;
}

int pb_evidence_valid(const json_t *evidence, pb_error *err)
{
	const json_t *problems = json_object_get(evidence, "problems"), *row;
	size_t i;
	int rc = PB_OK;

	if (strcmp(pb_json_str(evidence, "schema", ""), "probity-evidence/1") != 0)
		return pb_fail(err, PB_ECORRUPT, "evidence: not of schema probity-evidence/1");
	rc = check_documents(json_object_get(evidence, "documents"), "documents", err);
	if (rc == PB_OK)
		rc = check_documents(json_object_get(evidence, "waivers"), "waivers", err);
	if (rc == PB_OK)
		rc = check_objects(problems, "problems", err);
	if (rc == PB_OK)
		rc = check_objects(json_object_get(evidence, "roots"), "roots", err);
	if (rc == PB_OK)
		rc = check_objects(json_object_get(evidence, "package_signatures"), "package_signatures", err);
	json_array_foreach(problems, i, row)
		rc = rc == PB_OK ? check_some(row, problem_fields, COUNT(problem_fields), "problems", err) : rc;
	if (rc == PB_OK && !json_is_object(json_object_get(evidence, "product")))
		rc = pb_fail(err, PB_ECORRUPT, "evidence: product is no object");
	return rc;
}

int pb_evidence_rows_valid(const json_t *evidence, const json_t *statements, pb_error *err)
{
	static const char *const statuses[] = {"agrees", "contradicts", "none", "stale", "unsigned", NULL};
	const json_t *row;
	size_t i;
	int rc = PB_OK;

	if (json_array_size(evidence) > PB_EVIDENCE_DOCUMENTS || json_array_size(statements) > PB_STATEMENTS_MAX)
		return pb_fail(err, PB_ECORRUPT, "product result: more evidence than there may be");
	json_array_foreach(evidence, i, row) {
		char where[40];

		(void)snprintf(where, sizeof where, "evidence[%zu]", i);
		rc = check_head(row, where, err);
		rc = rc == PB_OK ? check_some(row, row_fields, COUNT(row_fields), where, err) : rc;
		if (rc != PB_OK)
			return rc;
	}
	json_array_foreach(statements, i, row) {
		char where[40];

		(void)snprintf(where, sizeof where, "statements[%zu]", i);
		rc = pb_fields_check(row, statement_fields, COUNT(statement_fields), where, err);
		if (rc == PB_OK && !among(pb_json_str(row, "status", ""), statuses))
			rc = pb_fail(err, PB_ECORRUPT, "%s.status: \"%s\" is no status", where, pb_json_str(row, "status", ""));
		if (rc != PB_OK)
			return rc;
	}
	return PB_OK;
}

bool pb_evidence_digest(const json_t *rows, char hex[65])
{
	json_t *list = json_array();
	const json_t *row;
	char *text = NULL;
	bool is = list != NULL;
	size_t i;

	hex[0] = '\0';
	json_array_foreach(rows, i, row)
		is = is && json_array_append_new(list, json_pack("[s,s]", pb_json_str(row, "name", ""), pb_json_str(row, "sha256", ""))) == 0;
	if (is && json_array_size(list) > 0) {
		text = pb_json_canonical(list);
		is = text != NULL && pb_sha256_of((pb_bytes){(const uint8_t *)text, strlen(text)}, hex);
	}
	free(text);
	json_decref(list);
	return is;
}
