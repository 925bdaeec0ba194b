/* Everything that speaks against a waiver is looked for; only where nothing is left does it count. */
#include "report/waivers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/hash.h"
#include "base/text.h"

enum { ROWS_MOST = 10000, APPLIED_MOST = 1000 };

static const char *text(const json_t *row, const char *key)
{
	return pb_json_str(row, key, "");
}

/* An assessor's root signed this document: "" then, else what is missing. */
static const char *why_not_signed(const json_t *document)
{
	const char *read = text(document, "payload");
	const json_t *s;
	bool other = false, unknown = false;
	size_t i;

	json_array_foreach (json_object_get(document, "signatures"), i, s) {
		const char *over = text(s, "payload");
		bool verified = json_is_true(json_object_get(s, "verified")) && (*read == '\0' || *over == '\0' || strcmp(read, over) == 0);

		if (verified && *text(s, "root") != '\0' && strcmp(text(s, "role"), "assessor") == 0)
			return "";
		other |= verified && *text(s, "root") != '\0';
		unknown |= verified && *text(s, "root") == '\0';
	}
	return other     ? "whoever signed it is no assessor"
	       : unknown ? "nobody among the trust roots signed it, or a root that does not count"
	                 : "no signature of an assessor holds";
}

static const char *why_not_document(const json_t *document)
{
	if (strcmp(text(document, "kind"), "waivers") != 0)
		return "it is no document of waivers";
	if (strcmp(text(document, "state"), "read") != 0)
		return *text(document, "why") != '\0' ? text(document, "why") : "it cannot be read";
	return why_not_signed(document);
}

static const char *why_not_day(const json_t *row, int64_t as_of)
{
	int64_t day;

	if (!pb_date_parse(text(row, "expires"), &day))
		return "it does not say until when";
	return day < as_of ? "it has expired" : "";
}

static json_t *safe(const char *s)
{
	char *inert = pb_text_safe(s, 0);
	json_t *out = inert != NULL ? json_string(inert) : NULL;

	free(inert);
	return out;
}

/* waiver: NULL: the document as a whole. */
static json_t *new_row(const json_t *document, const json_t *waiver, const char *why)
{
	const char *owner = *text(waiver, "owner") != '\0' ? text(waiver, "owner") : text(json_object_get(document, "content"), "owner");

	return json_pack("{s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:b,s:o}", "document", safe(text(document, "name")), "document_sha256",
	                 safe(text(document, "sha256")), "check",
	                 safe(text(waiver, "check")), "key", safe(text(waiver, "key")), "sha256", safe(text(waiver, "sha256")), "reason",
	                 safe(text(waiver, "reason")), "expires", safe(text(waiver, "expires")), "owner", safe(owner), "applied", *why == '\0', "why", safe(why));
}

static int add_document(const json_t *document, int64_t as_of, json_t *rows)
{
	const json_t *list = json_object_get(json_object_get(document, "content"), "waivers"), *waiver;
	const char *why = why_not_document(document);
	size_t i;

	if (strcmp(text(document, "kind"), "signature") == 0 || strcmp(text(document, "kind"), "key") == 0)
		return 0; /* what was handed in to verify the others by */
	if (*why == '\0' && json_array_size(list) + json_array_size(rows) > ROWS_MOST)
		why = "more waivers than are looked at";
	if (json_array_size(list) == 0 || json_array_size(list) + json_array_size(rows) > ROWS_MOST)
		return json_array_append_new(rows, new_row(document, NULL, *why != '\0' ? why : "it waives nothing"));
	json_array_foreach (list, i, waiver) {
		const char *late = why_not_day(waiver, as_of);

		if (json_array_append_new(rows, new_row(document, waiver, *why != '\0' ? why : late)) != 0)
			return -1;
	}
	return 0;
}

static bool counts(const json_t *row)
{
	return json_is_true(json_object_get(row, "applied"));
}

static bool speaks_of(const json_t *row, const pb_product_result *r, const pb_finding *f)
{
	return strcmp(text(row, "check"), r->checks[f->check].id) == 0 && strcmp(text(row, "key"), f->key) == 0;
}

/* Of a finding that this row speaks of: is the object there, and is each other one covered by some row? "" then. */
static const char *why_not_finding(const json_t *rows, const json_t *row, const pb_product_result *r, const pb_finding *f)
{
	const json_t *record, *other;
	size_t i, k;
	bool there = false, all = true;

	json_array_foreach (f->evidence, i, record) {
		bool covered = false;

		there |= strcmp(text(record, "sha256"), text(row, "sha256")) == 0;
		json_array_foreach (rows, k, other)
			covered |= counts(other) && speaks_of(other, r, f) && *text(record, "sha256") != '\0' && strcmp(text(record, "sha256"), text(other, "sha256")) == 0;
		all &= covered;
	}
	return !there                                                 ? "the finding is not in an object with these bytes"
	       : f->places > (int64_t)json_array_size(f->evidence) ? "the finding is in more places than the report names"
	       : !all                                                 ? "the finding is in other objects as well, which no waiver that counts names"
	                                                              : "";
}

/* The nearest that any finding comes to being waived by this row. */
static const char *why_not(const json_t *rows, const json_t *row, const pb_product_result *r)
{
	const char *why = "the product has no such finding";

	for (size_t i = 0; i < r->n_findings; i++) {
		if (!speaks_of(row, r, &r->findings[i]))
			continue;
		why = why_not_finding(rows, row, r, &r->findings[i]);
		if (*why == '\0')
			break;
	}
	return why;
}

/* Rows that do not count make others not count, where both speak of one finding: until nothing changes, and that is soon. */
static int settle(json_t *rows, const pb_product_result *r)
{
	bool changed = true;
	json_t *row;
	size_t i, n = 0;

	json_array_foreach (rows, i, row)
		if (counts(row) && ++n > APPLIED_MOST &&
		    (json_object_set_new(row, "applied", json_false()) != 0 || json_object_set_new(row, "why", json_string("more waivers than are applied")) != 0))
			return PB_ENOMEM;
	while (changed) {
		changed = false;
		json_array_foreach (rows, i, row) {
			const char *why = counts(row) ? why_not(rows, row, r) : "";

			if (*why == '\0')
				continue;
			if (json_object_set_new(row, "applied", json_false()) != 0 || json_object_set_new(row, "why", json_string(why)) != 0)
				return PB_ENOMEM;
			changed = true;
		}
	}
	return 0;
}

static const char *told(const json_t *row, json_t *texts)
{
	char *line = NULL;
	json_t *s;

	if (asprintf(&line, "%s (%s%suntil %s)", text(row, "reason"), text(row, "owner"), *text(row, "owner") != '\0' ? ", " : "", text(row, "expires")) < 0)
		return NULL;
	s = json_string(line);
	free(line);
	return json_array_append_new(texts, s) == 0 ? json_string_value(s) : NULL;
}

/* The first row of a finding gives it its words. */
static int mark(pb_product_result *r, const json_t *rows, json_t *texts)
{
	const json_t *row;
	size_t k;

	for (size_t i = 0; i < r->n_findings; i++) {
		pb_finding *f = &r->findings[i];

		f->waived = NULL;
		json_array_foreach (rows, k, row) {
			if (!counts(row) || !speaks_of(row, r, f) || *why_not_finding(rows, row, r, f) != '\0')
				continue;
			f->waived = told(row, texts);
			if (f->waived == NULL)
				return PB_ENOMEM;
			break;
		}
	}
	return 0;
}

static int by_all(const void *a, const void *b)
{
	static const char *const keys[] = {"document", "document_sha256", "check", "key", "sha256", "expires", "reason", "owner"};
	int order = 0;

	for (size_t i = 0; i < sizeof keys / sizeof *keys && order == 0; i++)
		order = strcmp(text(*(json_t *const *)a, keys[i]), text(*(json_t *const *)b, keys[i]));
	return order;
}

static json_t *sorted(json_t *rows)
{
	size_t n = json_array_size(rows);
	json_t **all = calloc(n + 1, sizeof(json_t *)), *out = all != NULL ? json_array() : NULL;

	for (size_t i = 0; out != NULL && i < n; i++)
		all[i] = json_array_get(rows, i);
	if (out != NULL)
		qsort(all, n, sizeof(json_t *), by_all);
	for (size_t i = 0; out != NULL && i < n; i++)
		if (json_array_append(out, all[i]) != 0) {
			json_decref(out);
			out = NULL;
		}
	free(all);
	json_decref(rows);
	return out;
}

/* Takes rows. */
static int finish(json_t *rows, pb_product_result *result, pb_waived *out)
{
	out->rows = rows != NULL ? sorted(rows) : NULL;
	out->texts = json_array();
	return out->rows != NULL && out->texts != NULL && settle(out->rows, result) == 0 && mark(result, out->rows, out->texts) == 0 ? 0 : PB_ENOMEM;
}

/* Of [name, sha256] of each document, in the order of the rows. */
static int digest(const json_t *rows, char hex[65])
{
	json_t *list = json_array(), *row;
	const json_t *last = NULL;
	char *line;
	size_t i;
	bool ok;

	json_array_foreach (rows, i, row) {
		if (last == NULL || strcmp(text(last, "document"), text(row, "document")) != 0 || strcmp(text(last, "document_sha256"), text(row, "document_sha256")) != 0)
			(void)json_array_append_new(list, json_pack("[s,s]", text(row, "document"), text(row, "document_sha256")));
		last = row;
	}
	line = pb_json_canonical(list);
	ok = line != NULL && pb_sha256_of((pb_bytes){(const uint8_t *)line, strlen(line)}, hex);
	free(line);
	json_decref(list);
	return ok ? 0 : PB_ENOMEM;
}

int pb_waivers_apply(const json_t *documents, int64_t as_of, pb_product_result *result, pb_waived *out)
{
	json_t *rows;
	const json_t *document;
	size_t i;
	int rc = 0;

	*out = (pb_waived){NULL, NULL, ""};
	if (json_array_size(documents) == 0)
		return 0;
	rows = json_array();
	json_array_foreach (documents, i, document)
		rc = rc != 0 ? rc : add_document(document, as_of, rows);
	if (rc != 0) {
		json_decref(rows);
		return PB_ENOMEM;
	}
	rc = finish(rows, result, out);
	return rc != 0 ? rc : digest(out->rows, out->digest);
}

int pb_waivers_again(const json_t *rows, int64_t as_of, pb_product_result *result, pb_waived *out)
{
	json_t *copy = json_array_size(rows) > 0 ? json_deep_copy(rows) : NULL, *row;
	size_t i;
	int rc;

	*out = (pb_waived){NULL, NULL, ""};
	if (json_array_size(rows) == 0)
		return 0;
	json_array_foreach (copy, i, row) {
		const char *why = counts(row) ? why_not_day(row, as_of) : "";

		if (*why != '\0' && (json_object_set_new(row, "applied", json_false()) != 0 || json_object_set_new(row, "why", json_string(why)) != 0)) {
			json_decref(copy);
			return PB_ENOMEM;
		}
		if (counts(row) && *why == '\0')
			(void)json_object_set_new(row, "why", json_string(""));
	}
	rc = finish(copy, result, out);
	return rc != 0 ? rc : digest(out->rows, out->digest);
}

void pb_waived_free(pb_waived *w)
{
	json_decref(w->rows);
	json_decref(w->texts);
	*w = (pb_waived){NULL, NULL, ""};
}
