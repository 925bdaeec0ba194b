/* require "probity.json": JSON text as Lua tables. (Facts need no decoding: they are tables already.)
 *
 *   json.decode(text or object) -> value, note | nil, reason      json.null
 *
 * Arrays are lists, objects tables, null is json.null. Integers are exact: one beyond 64 bits is refused. The note says where a
 * key is given twice. Strict RFC 8259; a byte order mark is skipped. */
#include <string.h>

#include "base/json.h"
#include "bindings/decode.h"
#include "bindings/scope.h"

/* The offset behind the string that begins at `at` with its quote. */
static size_t skip_string(pb_bytes text, size_t at)
{
	for (at++; at < text.size && text.data[at] != '"'; at++)
		at += text.data[at] == '\\';
	return at + 1;
}

/* Depth and entries are held against their limits before jansson allocates for them. Counts commas and opening brackets: not
 * less than what the document will count. */
static bool within_limits(pb_document *d, pb_bytes text)
{
	size_t depth = 0, entries = 0;

	for (size_t at = 0; at < text.size; at++) {
		uint8_t c = text.data[at];

		if (c == '"')
			at = skip_string(text, at) - 1;
		else if (c == '[' || c == '{')
			depth++;
		else if ((c == ']' || c == '}') && depth > 0)
			depth--;
		entries += c == ',' || c == '[' || c == '{';
		if (depth <= PB_DOCUMENT_DEPTH && entries <= PB_DOCUMENT_ENTRIES)
			continue;
		pb_document_place(d, text, at);
		if (depth > PB_DOCUMENT_DEPTH)
			(void)pb_document_fail(d, "limit depth: more than %d levels", PB_DOCUMENT_DEPTH);
		else
			(void)pb_document_fail(d, "limit entries: more than %d values", PB_DOCUMENT_ENTRIES);
		return false;
	}
	return true;
}

static bool build(pb_document *d, pb_node *parent, const char *key, size_t key_size, const json_t *v)
{
	static const pb_node_type types[] = {
	    [JSON_OBJECT] = PB_NODE_TABLE,    [JSON_ARRAY] = PB_NODE_LIST, [JSON_STRING] = PB_NODE_STRING,
	    [JSON_INTEGER] = PB_NODE_INTEGER, [JSON_REAL] = PB_NODE_REAL,  [JSON_TRUE] = PB_NODE_BOOLEAN,
	    [JSON_FALSE] = PB_NODE_BOOLEAN,   [JSON_NULL] = PB_NODE_NULL,
	};
	pb_node *n = pb_document_add(d, parent, types[json_typeof(v)], key, key_size);
	const char *name;
	json_t *item;
	size_t i;

	if (n == NULL)
		return false;
	if (json_is_string(v))
		return pb_document_copy(d, json_string_value(v), json_string_length(v), &n->string);
	if (json_is_integer(v))
		n->as.integer = json_integer_value(v);
	else if (json_is_real(v))
		n->as.real = json_real_value(v);
	else
		n->as.boolean = json_is_true(v);
	json_array_foreach (v, i, item) {
		if (!build(d, n, NULL, 0, item))
			return false;
	}
	json_object_foreach ((json_t *)v, name, item) {
		if (!build(d, n, name, strlen(name), item))
			return false;
	}
	return true;
}

/* jansson keeps the last of equal keys; that there are any, it tells only when asked to refuse them. */
static json_t *parse(pb_document *d, pb_bytes text)
{
	const size_t flags = JSON_DECODE_ANY | JSON_ALLOW_NUL;
	json_error_t e;
	json_t *v = json_loadb((const char *)text.data, text.size, flags | JSON_REJECT_DUPLICATES, &e);

	if (v == NULL && json_error_code(&e) == json_error_duplicate_key) {
		d->again_line = e.line > 0 ? (uint32_t)e.line : 1;
		d->again_column = e.column > 0 ? (uint32_t)e.column : 1;
		v = json_loadb((const char *)text.data, text.size, flags, &e);
	}
	if (v != NULL)
		return v;
	d->line = e.line > 0 ? (uint32_t)e.line : 1;
	d->column = e.column > 0 ? (uint32_t)e.column : 1;
	if (json_error_code(&e) == json_error_out_of_memory)
		(void)pb_document_no_memory(d);
	else
		(void)pb_document_fail(d, "%s", e.text);
	return NULL;
}

int pb_json_read_text(pb_document *d, pb_bytes text, unsigned flags)
{
	json_t *v;
	bool built;

	(void)flags;
	if (!within_limits(d, text))
		return -1;
	v = parse(d, text);
	if (v == NULL)
		return -1;
	d->line = d->column = 0; /* jansson's values do not say where they were */
	built = build(d, NULL, NULL, 0, v);
	json_decref(v);
	return built ? 0 : -1;
}

static const char *const options[] = {NULL};
static const pb_format json = {"json", pb_json_read_text, options, true};

/** | `json` | RFC 8259, strictly: no comments, no trailing commas. An empty list and an empty table are the same in
 *   Lua */
int pb_open_json(lua_State *L)
{
	(void)pb_decode_open(L, &json);
	luaL_setfuncs(L, pb_json_encoders, 0);
	return 1;
}
