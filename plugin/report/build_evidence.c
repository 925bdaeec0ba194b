/* The documents that were handed in, and what became of each of their claims. */
#include <string.h>

#include "report/build.h"

static const char *text(const void *item, const char *key)
{
	return pb_json_str(*(json_t *const *)item, key, "");
}

static int by_name(const void *a, const void *b)
{
	int order = strcmp(text(a, "name"), text(b, "name"));

	if (order == 0)
		order = strcmp(text(a, "sha256"), text(b, "sha256"));
	return order != 0 ? order : pb_build_text_order(*(json_t *const *)a, *(json_t *const *)b);
}

static int by_document(const void *a, const void *b)
{
	static const char *const keys[] = {"document", "sha256", "claim", "check", "status", "why"};

	for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
		int order = strcmp(text(a, keys[i]), text(b, keys[i]));

		if (order != 0)
			return order;
	}
	return 0;
}

static int put_texts(json_t *out, const json_t *row, const char *const *keys, size_t n)
{
	int failed = out == NULL;

	for (size_t i = 0; i < n && !failed; i++)
		failed = json_object_set_new(out, keys[i], pb_build_string(pb_json_str(row, keys[i], ""))) != 0;
	return failed;
}

static json_t *one_signature(const json_t *row)
{
	static const char *const texts[] = {"method", "key", "why", "root", "role"};
	json_t *out = json_pack("{s:b,s:o}", "verified", json_is_true(json_object_get(row, "verified")), "scope",
	                        pb_build_strings(json_object_get(row, "scope")));

	if (put_texts(out, row, texts, sizeof texts / sizeof texts[0])) {
		json_decref(out);
		return NULL;
	}
	return out;
}

static json_t *one_document(const json_t *row)
{
	static const char *const texts[] = {"name", "sha256", "kind", "format", "state", "why", "issued", "expires", "by", "reliability", "about"};
	json_t *signatures = json_array(), *out, *signature;
	size_t i;
	int failed = signatures == NULL;

	json_array_foreach(json_object_get(row, "signatures"), i, signature)
		failed = failed || json_array_append_new(signatures, one_signature(signature)) != 0;
	out = json_pack("{s:I,s:I,s:o}", "size", (json_int_t)pb_json_int(row, "size", 0), "freshness",
	                (json_int_t)pb_json_int(row, "freshness", 0), "signatures", signatures);
	if (failed || put_texts(out, row, texts, sizeof texts / sizeof texts[0])) {
		json_decref(out);
		return NULL;
	}
	return out;
}

static json_t *one_statement(const json_t *row)
{
	static const char *const texts[] = {"document", "sha256", "claim", "status", "why", "check"};
	json_t *out = json_object();

	if (put_texts(out, row, texts, sizeof texts / sizeof texts[0])) {
		json_decref(out);
		return NULL;
	}
	return out;
}

static json_t *all(const pb_build *b, const char *key, json_t *(*one)(const json_t *row), int (*order)(const void *, const void *))
{
	json_t *out = json_array(), *row;
	size_t i;

	json_array_foreach(json_object_get(b->result->document, key), i, row) {
		if (json_array_append_new(out, one(row)) != 0) {
			json_decref(out);
			return NULL;
		}
	}
	return pb_build_sorted(out, order);
}

json_t *pb_build_evidence(const pb_build *b, pb_error *err)
{
	(void)err;
	return all(b, "evidence", one_document, by_name);
}

json_t *pb_build_statements(const pb_build *b, pb_error *err)
{
	(void)err;
	return all(b, "statements", one_statement, by_document);
}
