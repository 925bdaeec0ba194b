/* What the tests of evidence's readers share: documents read, held against their form, and spoiled in each way. */
#ifndef EVIDENCE_CASE_H
#define EVIDENCE_CASE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/json.h"
#include "base/text.h"
#include "evidence/document.h"

static inline void bounded(const json_t *v)
{
	const char *key;
	json_t *item;
	size_t i;

	if (json_is_string(v)) {
		assert_true(json_string_length(v) <= PB_DOCUMENT_TEXT);
		assert_true(pb_text_utf8(json_string_value(v), json_string_length(v)));
	}
	if (json_is_array(v))
		assert_true(json_array_size(v) <= PB_DOCUMENT_LIST);
	json_object_foreach ((json_t *)v, key, item)
		bounded(item);
	json_array_foreach (v, i, item)
		bounded(item);
}

static inline void is_day(const json_t *record, const char *key)
{
	const char *day = pb_json_str(record, key, NULL);
	int64_t days;

	assert_non_null(day);
	assert_true(day[0] == '\0' || pb_date_parse(day, &days));
}

/* Every record, whatever it was made of, has this form. */
static inline void well_formed(const json_t *d)
{
	static const char *const texts[] = {"name", "sha256", "kind", "format", "state", "why", "payload", "issued", "expires", "by"};
	static const char *const subject[] = {"name", "sha256", "sha512", "sha1", "md5", "purl"};
	const json_t *s;
	const char *state;
	size_t i;

	assert_non_null(d);
	assert_int_equal(json_object_size(d), 13);
	for (i = 0; i < sizeof texts / sizeof texts[0]; i++)
		assert_non_null(pb_json_str(d, texts[i], NULL));
	assert_true(json_is_integer(json_object_get(d, "size")));
	is_day(d, "issued");
	is_day(d, "expires");
	json_array_foreach (json_object_get(d, "subjects"), i, s) {
		assert_int_equal(json_object_size(s), 6);
		for (size_t k = 0; k < 6; k++)
			assert_non_null(pb_json_str(s, subject[k], NULL));
	}
	state = pb_json_str(d, "state", "");
	assert_true(strcmp(state, "read") == 0 || strcmp(state, "refused") == 0 || strcmp(state, "unknown") == 0);
	assert_true((strcmp(state, "refused") == 0) == (pb_json_str(d, "why", "")[0] != '\0'));
	if (strcmp(state, "read") != 0)
		assert_true(json_object_size(json_object_get(d, "content")) == 0 && json_array_size(json_object_get(d, "subjects")) == 0);
	else if (json_object_size(json_object_get(d, "content")) > 0)
		assert_true(json_is_integer(json_object_get(json_object_get(d, "content"), "left_out")));
	assert_true(json_is_object(json_object_get(d, "content")));
	bounded(d);
}

/* The record of exactly these bytes: not one more can be read, which sanitizers see. */
static inline json_t *read_bytes(const void *bytes, size_t n)
{
	uint8_t *exact = n > 0 ? malloc(n) : NULL;
	json_t *d;

	assert_true(n == 0 || exact != NULL);
	if (exact != NULL)
		memcpy(exact, bytes, n);
	d = pb_document_read("dossier/x", (pb_bytes){exact, n});
	free(exact);
	well_formed(d);
	return d;
}

static inline json_t *read_text(const char *text)
{
	return read_bytes(text, strlen(text));
}

/* Read, of that kind: the record, which is the caller's. */
static inline json_t *good(const char *text, const char *kind, const char *format)
{
	json_t *d = read_text(text);

	assert_string_equal(pb_json_str(d, "why", ""), "");
	assert_string_equal(pb_json_str(d, "state", ""), "read");
	assert_string_equal(pb_json_str(d, "kind", ""), kind);
	assert_string_equal(pb_json_str(d, "format", ""), format);
	return d;
}

static inline void refused(const char *text, const char *kind, const char *why)
{
	json_t *d = read_text(text);

	assert_string_equal(pb_json_str(d, "state", ""), "refused");
	assert_string_equal(pb_json_str(d, "why", ""), why);
	assert_string_equal(pb_json_str(d, "kind", ""), kind);
	json_decref(d);
}

/* record[key] as canonical JSON is want. */
static inline void says(const json_t *record, const char *key, const char *want)
{
	char *got = pb_json_canonical(json_object_get(record, key));

	assert_non_null(got);
	assert_string_equal(got, want);
	free(got);
}

static inline void content_says(const json_t *record, const char *key, const char *want)
{
	says(json_object_get(record, "content"), key, want);
}

/* Cut at each byte, and with each byte replaced by ones that mean something. */
static inline void spoil_bytes(const char *text, size_t n)
{
	static const char odd[] = {'\0', '\xff', '"', '{', ']', '\n', '\\', '9', ' '};
	char *copy = malloc(n + 1);

	assert_non_null(copy);
	memcpy(copy, text, n);
	for (size_t cut = 0; cut < n; cut++)
		json_decref(read_bytes(text, cut));
	for (size_t at = 0; at < n; at++) {
		copy[at] = odd[at % sizeof odd];
		json_decref(read_bytes(copy, n));
		copy[at] = text[at];
	}
	free(copy);
}

static inline json_t *odd_value(size_t which)
{
	static const char *const texts[] = {"null", "true", "-1", "9223372036854775807", "1e308", "\"\"", "\"2026-02-30\"", "[]", "{}", "[[[1]]]",
	                                    "{\"a\":{\"b\":[{}]}}", "[null,1,\"x\",{}]", "\"\\u202e\\n\\\\ \\ud83d\\udc1f\""};

	return which < sizeof texts / sizeof texts[0] ? json_loads(texts[which], JSON_DECODE_ANY, NULL) : NULL;
}

static inline void read_dumped(const json_t *root)
{
	char *text = json_dumps(root, JSON_ENCODE_ANY | JSON_COMPACT);

	assert_non_null(text);
	json_decref(read_text(text));
	free(text);
}

/* Each value inside of v replaced by each odd one, and taken away. */
static inline void spoil_values(const json_t *root, json_t *v)
{
	const char *key;
	json_t *item, *odd;
	void *next;
	size_t i;

	json_object_foreach_safe (v, next, key, item) {
		json_incref(item);
		for (size_t k = 0; (odd = odd_value(k)) != NULL; k++) {
			json_object_set_new(v, key, odd);
			read_dumped(root);
		}
		json_object_set(v, key, item);
		spoil_values(root, item);
		json_decref(item);
	}
	for (i = 0; i < json_array_size(v); i++) {
		item = json_incref(json_array_get(v, i));
		for (size_t k = 0; (odd = odd_value(k)) != NULL; k++) {
			json_array_set_new(v, i, odd);
			read_dumped(root);
		}
		json_array_set(v, i, item);
		spoil_values(root, item);
		json_decref(item);
	}
}

static inline void spoil_json(const char *text)
{
	json_t *root = json_loads(text, 0, NULL);

	assert_non_null(root);
	spoil_values(root, root);
	json_decref(root);
	spoil_bytes(text, strlen(text));
}

#endif
