/* What pictures are drawn of: where the bytes lie, where hosts are, what was declared and what was observed. Each row field by field:
 * whatever else stands in a result does not reach a report. */
#include <string.h>

#include "report/build.h"

static const char *text(const void *item, const char *key)
{
	return pb_json_str(*(json_t *const *)item, key, "");
}

static json_int_t count(const json_t *row, const char *key)
{
	int64_t n = pb_json_int(row, key, 0);

	return n > 0 ? (json_int_t)n : 0;
}

static json_t *inert_path(const json_t *path)
{
	json_t *out = json_array(), *part;
	size_t i;

	json_array_foreach (path, i, part) {
		const char *s = json_string_value(part);

		if (s != NULL && json_array_append_new(out, pb_build_string(s)) != 0) {
			json_decref(out);
			return NULL;
		}
	}
	return out;
}

static json_t *piece(const json_t *row)
{
	return json_pack("{s:o,s:I,s:I,s:o}", "path", inert_path(json_object_get(row, "path")), "bytes", count(row, "bytes"), "objects",
	                 count(row, "objects"), "kind", pb_build_string(pb_json_str(row, "kind", "")));
}

static json_t *endpoint(const json_t *row)
{
	return json_pack("{s:o,s:o,s:o,s:o,s:I,s:b}", "host", pb_build_string(pb_json_str(row, "host", "")), "domain",
	                 pb_build_string(pb_json_str(row, "domain", "")), "regions", pb_build_strings(json_object_get(row, "regions")), "by",
	                 pb_build_string(pb_json_str(row, "by", "none")), "objects", count(row, "objects"), "connects",
	                 json_is_true(json_object_get(row, "connects")));
}

static json_t *declaration(const json_t *row)
{
	return json_pack("{s:o,s:o,s:b,s:b,s:o}", "what", pb_build_string(pb_json_str(row, "what", "")), "value",
	                 pb_build_string(pb_json_str(row, "value", "")), "declared", json_is_true(json_object_get(row, "declared")), "observed",
	                 json_is_true(json_object_get(row, "observed")), "by", pb_build_string(pb_json_str(row, "by", "")));
}

static int by_path(const void *a, const void *b)
{
	const json_t *x = *(json_t *const *)a, *y = *(json_t *const *)b;
	int order = pb_build_path_order(json_object_get(x, "path"), json_object_get(y, "path"));

	if (order == 0)
		order = strcmp(text(a, "kind"), text(b, "kind"));
	return order != 0 ? order : pb_build_text_order(x, y);
}

static int by_host(const void *a, const void *b)
{
	int order = strcmp(text(a, "host"), text(b, "host"));

	return order != 0 ? order : pb_build_text_order(*(json_t *const *)a, *(json_t *const *)b);
}

static int by_what(const void *a, const void *b)
{
	int order = strcmp(text(a, "what"), text(b, "what"));

	if (order == 0)
		order = strcmp(text(a, "value"), text(b, "value"));
	return order != 0 ? order : pb_build_text_order(*(json_t *const *)a, *(json_t *const *)b);
}

static json_t *all(const json_t *rows, json_t *(*one)(const json_t *row), int (*order)(const void *, const void *))
{
	json_t *out = json_array(), *row;
	size_t i;

	json_array_foreach (rows, i, row) {
		if (json_array_append_new(out, one(row)) != 0) {
			json_decref(out);
			return NULL;
		}
	}
	return pb_build_sorted(out, order);
}

json_t *pb_build_composition(const pb_build *b, pb_error *err)
{
	const json_t *composition = json_object_get(b->result->document, "composition");

	(void)err;
	return json_pack("{s:o,s:b}", "rows", all(json_object_get(composition, "rows"), piece, by_path), "cut",
	                 json_is_true(json_object_get(composition, "cut")));
}

json_t *pb_build_endpoints(const json_t *rows)
{
	return all(rows, endpoint, by_host);
}

json_t *pb_build_declared(const pb_build *b, pb_error *err)
{
	(void)err;
	return all(json_object_get(b->result->document, "declared"), declaration, by_what);
}
