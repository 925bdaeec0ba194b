/* Object results and object records: made here, and checked here when another process sends them. */
#include "findings/record.h"

#include <string.h>

#include "findings/note.h"

enum {
	NAME_BYTES = 95,
	PATH_PARTS = 64,
	PART_BYTES = 4096,
	NAME_CLASS_BYTES = 23,
	REASON_BYTES = 600,
	FINDINGS_MAX = 1000000,
	UNKNOWN_MAX = 10000,
	TAGS_MAX = 64
};

json_t *pb_result_new(json_t *facts)
{
	return json_pack("{s:O,s:[],s:{}}", "facts", facts, "findings", "unknown");
}

int pb_result_add(json_t *result, const pb_raised *r)
{
	json_t *findings = pb_json_array_at(result, "findings");
	json_t *row = json_pack("{s:s,s:s,s:s,s:i,s:s,s:s,s:I,s:I,s:s}", "check", r->check, "finding", r->finding, "key",
	                        r->key, "kappa", r->kappa, "severity", pb_severity_name(r->severity), "says", r->says, "at",
	                        (json_int_t)r->at, "length", (json_int_t)r->length, "excerpt", r->excerpt);

	if (findings == NULL || row == NULL) {
		json_decref(row);
		return PB_ENOMEM;
	}
	return json_array_append_new(findings, row) == 0 ? PB_OK : PB_ENOMEM;
}

int pb_result_unknown(json_t *result, const char *check, const char *reason)
{
	json_t *unknown = pb_json_object_at(result, "unknown");

	if (unknown == NULL)
		return PB_ENOMEM;
	if (json_object_get(unknown, check) != NULL)
		return PB_OK;
	return json_object_set_new(unknown, check, json_string(reason)) == 0 ? PB_OK : PB_ENOMEM;
}

/* A string of `least` to `most` bytes without control characters: in display form there are none. */
static bool is_text(const json_t *v, size_t least, size_t most)
{
	size_t n = json_string_length(v);
	const char *s = json_string_value(v);

	if (s == NULL || n < least || n > most)
		return false;
	for (size_t i = 0; i < n; i++)
		if ((unsigned char)s[i] < 0x20 || s[i] == 0x7f)
			return false;
	return true;
}

static bool is_name_text(const char *s)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
	size_t n = strlen(s);

	return n > 0 && n <= NAME_BYTES && strspn(s, allowed) == n;
}

static bool is_name(const json_t *v)
{
	return json_is_string(v) && is_name_text(json_string_value(v));
}

static bool is_path(const json_t *v)
{
	const json_t *part;
	size_t i, n = json_array_size(v);

	if (n == 0 || n > PATH_PARTS)
		return false;
	json_array_foreach (v, i, part) {
		if (!is_text(part, 1, PART_BYTES))
			return false;
	}
	return true;
}

static bool is_digest(const json_t *v)
{
	const char *s = json_string_value(v);
	size_t n = s != NULL ? strlen(s) : 1;

	return n == 0 || (n == 64 && strspn(s, "0123456789abcdef") == n); /* "": a folder has no bytes */
}

static bool is_md5(const json_t *v)
{
	const char *s = json_string_value(v);

	return s != NULL && strlen(s) == 32 && strspn(s, "0123456789abcdef") == 32;
}

static bool is_count(const json_t *v)
{
	return json_is_integer(v) && json_integer_value(v) >= 0;
}

static bool is_flag(const json_t *v)
{
	return json_is_boolean(v);
}

static bool is_name_class(const json_t *v)
{
	return is_text(v, 0, NAME_CLASS_BYTES);
}

static bool is_kappa(const json_t *v)
{
	return is_count(v) && json_integer_value(v) <= 1000;
}

static bool is_severity(const json_t *v)
{
	return json_is_string(v) && pb_severity_of(json_string_value(v)) >= 0;
}

static bool is_key(const json_t *v)
{
	return is_text(v, 1, PB_KEY_MAX);
}

static bool is_says(const json_t *v)
{
	return is_text(v, 1, PB_SAYS_MAX);
}

static bool is_place(const json_t *v)
{
	return json_is_integer(v) && json_integer_value(v) >= -1;
}

static bool is_excerpt(const json_t *v)
{
	return is_text(v, 0, PB_EXCERPT_MAX);
}

static bool is_facts(const json_t *v)
{
	const json_t *tags = json_object_get(v, "tags"), *tag;
	size_t i;

	if (!json_is_array(tags) || json_array_size(tags) > TAGS_MAX)
		return false;
	json_array_foreach (tags, i, tag) {
		if (!is_name(tag))
			return false;
	}
	return true;
}

static bool is_findings(const json_t *v)
{
	return json_is_array(v) && json_array_size(v) <= FINDINGS_MAX;
}

static bool is_unknown(const json_t *v)
{
	const char *check;
	json_t *reason;

	if (!json_is_object(v) || json_object_size(v) > UNKNOWN_MAX)
		return false;
	json_object_foreach ((json_t *)v, check, reason) {
		if (!is_name_text(check) || !is_text(reason, 0, REASON_BYTES))
			return false;
	}
	return true;
}

/* {check: [note, ...]} */
static bool is_notes(const json_t *v)
{
	const char *check;
	json_t *notes;

	if (!json_is_object(v) || json_object_size(v) > UNKNOWN_MAX)
		return false;
	json_object_foreach ((json_t *)v, check, notes) {
		if (!is_name_text(check) || !pb_notes_valid(notes))
			return false;
	}
	return true;
}

static bool is_result(const json_t *v)
{
	return json_is_object(v);
}

typedef struct field {
	const char *key;
	bool (*fits)(const json_t *v);
	bool optional;
} field;

static const field record_fields[] = {
    {"path", is_path, false},  {"sha256", is_digest, false},         {"size", is_count, false},     {"kind", is_name, false},
    {"class", is_name, false}, {"name_class", is_name_class, false}, {"container", is_flag, false}, {"unscanned", is_flag, true},
    {"md5", is_md5, true},     {"clam_type", is_name, true},         {"result", is_result, true},
};
static const field result_fields[] = {
    {"facts", is_facts, false}, {"findings", is_findings, false}, {"notes", is_notes, true}, {"unknown", is_unknown, false}};
static const field finding_fields[] = {
    {"check", is_name, false},  {"finding", is_name, false},      {"key", is_key, false},
    {"kappa", is_kappa, false}, {"severity", is_severity, false}, {"says", is_says, false},
    {"at", is_place, false},    {"length", is_count, false},      {"excerpt", is_excerpt, false},
};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* These fields, of the right shape, and no others. */
static int check_fields(const json_t *row, const field *fields, size_t n, const char *what, pb_error *err)
{
	size_t known = 0;

	if (!json_is_object(row))
		return pb_fail(err, PB_ECORRUPT, "%s: not an object", what);
	for (size_t i = 0; i < n; i++) {
		const json_t *v = json_object_get(row, fields[i].key);

		known += v != NULL;
		if (v == NULL ? !fields[i].optional : !fields[i].fits(v))
			return pb_fail(err, PB_ECORRUPT, "%s: field \"%s\" is %s", what, fields[i].key,
			               v == NULL ? "missing" : "malformed");
	}
	if (known != json_object_size(row))
		return pb_fail(err, PB_ECORRUPT, "%s: an unknown field", what);
	return PB_OK;
}

static int check_finding(const json_t *row, json_int_t size, pb_error *err)
{
	int rc = check_fields(row, finding_fields, COUNT(finding_fields), "finding of an object", err);
	json_int_t at = json_integer_value(json_object_get(row, "at")),
	           length = json_integer_value(json_object_get(row, "length"));

	if (rc != PB_OK)
		return rc;
	if (at < 0 ? length != 0 : at > size || length > size - at)
		return pb_fail(err, PB_ECORRUPT, "finding of an object: it lies outside of the object's bytes");
	return PB_OK;
}

int pb_record_valid(const json_t *record, pb_error *err)
{
	int rc = check_fields(record, record_fields, COUNT(record_fields), "object record", err);
	const json_t *result = json_object_get(record, "result"), *finding;
	size_t i;

	if (rc != PB_OK || result == NULL)
		return rc;
	rc = check_fields(result, result_fields, COUNT(result_fields), "object result", err);
	if (rc != PB_OK)
		return rc;
	json_array_foreach (json_object_get(result, "findings"), i, finding) {
		rc = check_finding(finding, json_integer_value(json_object_get(record, "size")), err);
		if (rc != PB_OK)
			return rc;
	}
	return PB_OK;
}
