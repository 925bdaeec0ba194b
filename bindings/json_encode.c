/* What probity.json writes: canonical text, keys sorted by bytes, no blanks: the same value, the same bytes. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "bindings/decode.h"
#include "bindings/scope.h"

enum { DEPTH_MOST = 100, FEW = 48, FIRST = 4096, NUMBER = 40, BYTES_PER_STEP = 16 };

/* The text grows in Lua's memory, so that what raises leaks nothing, and the limit on memory holds for it. */
typedef struct writer {
	lua_State *L;
	int slot; /* of the stack: its memory */
	char *data;
	size_t size, cap;
	int depth;
} writer;

static void add(writer *w, const char *s, size_t n)
{
	if (n > w->cap - w->size) {
		size_t cap = w->cap > 0 ? w->cap : FIRST;
		char *more;

		while (cap - w->size < n)
			cap *= 2;
		more = lua_newuserdatauv(w->L, cap, 0);
		if (w->size > 0)
			memcpy(more, w->data, w->size);
		lua_replace(w->L, w->slot);
		pb_sandbox_charge(w->L, w->size / BYTES_PER_STEP);
		w->data = more;
		w->cap = cap;
	}
	memcpy(w->data + w->size, s, n);
	w->size += n;
}

static void add_string(writer *w, const char *s, size_t n)
{
	size_t from = 0;
	char escape[8];

	if (!pb_text_utf8(s, n))
		luaL_error(w->L, "json.encode: a string that is no UTF-8");
	add(w, "\"", 1);
	for (size_t i = 0; i < n; i++) {
		uint8_t c = (uint8_t)s[i];
		const char *known = c == '"' ? "\\\"" : c == '\\' ? "\\\\" : c == '\b' ? "\\b" : c == '\f' ? "\\f" : c == '\n' ? "\\n" : c == '\r' ? "\\r" : c == '\t' ? "\\t" : NULL;

		if (known == NULL && c >= 0x20)
			continue;
		add(w, s + from, i - from);
		from = i + 1;
		if (known == NULL) {
			(void)snprintf(escape, sizeof escape, "\\u%04X", c);
			known = escape;
		}
		add(w, known, strlen(known));
	}
	add(w, s + from, n - from);
	add(w, "\"", 1);
}

/* [-1] a number */
static void add_number(writer *w)
{
	char text[NUMBER];
	int n;

	if (lua_isinteger(w->L, -1)) {
		n = snprintf(text, sizeof text, "%lld", (long long)lua_tointeger(w->L, -1));
	} else {
		double v = lua_tonumber(w->L, -1);

		if (!isfinite(v))
			luaL_error(w->L, "json.encode: %s is no number of JSON", isnan(v) ? "not a number" : "infinity");
		n = snprintf(text, sizeof text, "%.17g", v);
		if (strpbrk(text, ".e") == NULL)
			n += snprintf(text + n, sizeof text - (size_t)n, ".0");
	}
	add(w, text, (size_t)n);
}

typedef struct name {
	const char *s;
	size_t n;
	bool null;
} name;

static int by_bytes(const void *a, const void *b)
{
	const name *x = a, *y = b;
	int order = memcmp(x->s, y->s, x->n < y->n ? x->n : y->n);

	return order != 0 ? order : (x->n > y->n) - (x->n < y->n);
}

static void add_value(writer *w);

/* [-1] the content of a list */
static void add_list(writer *w, lua_Integer n)
{
	add(w, "[", 1);
	for (lua_Integer i = 1; i <= n; i++) {
		if (i > 1)
			add(w, ",", 1);
		lua_rawgeti(w->L, -1, i);
		add_value(w);
		lua_pop(w->L, 1);
	}
	add(w, "]", 1);
}

/* [-1] the content of an object [-2] the table. How many entries it has; what is no name raises. */
static size_t count_names(writer *w)
{
	size_t n = 0;

	for (lua_pushnil(w->L); lua_next(w->L, -2); lua_pop(w->L, 1)) {
		if (lua_type(w->L, -2) != LUA_TSTRING)
			luaL_error(w->L, "json.encode: a table with a key that is a %s: neither a list (1, 2, ...) nor an object (names)", luaL_typename(w->L, -2));
		n++;
	}
	return n;
}

/* Those that were null when the table was read, and are not there now. [-2] the table [-1] its content, then (where there are any) the list of them */
static size_t add_nulls(writer *w, name *names, size_t n, lua_Integer nulls)
{
	for (lua_Integer i = 1; i <= nulls; i++) {
		lua_rawgeti(w->L, -1, i);
		lua_pushvalue(w->L, -1);
		if (lua_rawget(w->L, -4) == LUA_TNIL) {
			names[n].s = lua_tolstring(w->L, -2, &names[n].n);
			names[n++].null = true;
		}
		lua_pop(w->L, 2);
	}
	return n;
}

/* [-1] the content of an object [-2] the table */
static void add_object(writer *w)
{
	lua_State *L = w->L;
	int content = lua_gettop(L);
	name few[FEW], *names = few;
	size_t n = count_names(w), at = 0;
	lua_Integer nulls = 0;

	lua_pushnil(L); /* the place of what holds many names */
	if (pb_sandbox_push_nulls(L, content - 1))
		nulls = (lua_Integer)lua_rawlen(L, -1);
	if (n + (size_t)nulls > FEW) {
		names = lua_newuserdatauv(L, (n + (size_t)nulls) * sizeof *names, 0);
		lua_replace(L, content + 1);
	}
	if (nulls > 0) {
		lua_pushvalue(L, content);
		lua_insert(L, -2);
		at = add_nulls(w, names, 0, nulls);
	}
	lua_settop(L, content + 1);
	for (lua_pushnil(L); lua_next(L, content); lua_pop(L, 1)) {
		names[at].s = lua_tolstring(L, -2, &names[at].n);
		names[at++].null = false;
	}
	if (at > 1)
		qsort(names, at, sizeof *names, by_bytes);
	pb_sandbox_charge(L, at);
	add(w, "{", 1);
	for (size_t i = 0; i < at; i++) {
		if (i > 0)
			add(w, ",", 1);
		add_string(w, names[i].s, names[i].n);
		add(w, ":", 1);
		if (names[i].null) {
			add(w, "null", 4);
			continue;
		}
		lua_pushlstring(L, names[i].s, names[i].n);
		lua_rawget(L, content);
		add_value(w);
		lua_pop(L, 1);
	}
	add(w, "}", 1);
	lua_settop(L, content);
}

/* [-1] a table. What has a first item is a list, and what is marked as one; the empty one that is not is an object. */
static void add_table(writer *w)
{
	lua_State *L = w->L;
	int table = lua_gettop(L);
	lua_Integer n;
	bool list;

	if (++w->depth > DEPTH_MOST)
		luaL_error(L, "json.encode: more than %d levels: does a table hold itself?", DEPTH_MOST);
	luaL_checkstack(L, 12, "json.encode");
	pb_sandbox_push_content(L, table);
	n = (lua_Integer)lua_rawlen(L, -1);
	list = n > 0 || pb_sandbox_is_list(L, table);
	if (list) {
		size_t all = 0;

		for (lua_pushnil(L); lua_next(L, -2); lua_pop(L, 1))
			all++;
		if (all != (size_t)n)
			luaL_error(L, "json.encode: a list (1, 2, ...) with other keys, or with gaps");
		add_list(w, n);
	} else {
		add_object(w);
	}
	lua_settop(L, table);
	w->depth--;
}

/* [-1] a value, which stays */
static void add_value(writer *w)
{
	size_t n;
	const char *s;

	switch (lua_type(w->L, -1)) {
	case LUA_TSTRING:
		s = lua_tolstring(w->L, -1, &n);
		add_string(w, s, n);
		break;
	case LUA_TNUMBER:
		add_number(w);
		break;
	case LUA_TBOOLEAN:
		s = lua_toboolean(w->L, -1) ? "true" : "false";
		add(w, s, strlen(s));
		break;
	case LUA_TTABLE:
		add_table(w);
		break;
	default:
		pb_null_push(w->L);
		if (!lua_rawequal(w->L, -1, -2))
			luaL_error(w->L, "json.encode: a %s is no value of JSON", luaL_typename(w->L, -2));
		lua_pop(w->L, 1);
		add(w, "null", 4);
	}
}

/** | `json.encode(value)` | its text, canonical: keys sorted by bytes, no blanks. A table with a first item is a list, an empty one an object, but where
 *   `json.list` or the text that it was read from says otherwise; fields of a report that are null are written as they were. Cycles, gaps, keys that are
 *   no names, functions and strings that are no UTF-8 raise */
static int encode(lua_State *L)
{
	writer w = {.L = L, .slot = 2};

	luaL_checkany(L, 1);
	lua_settop(L, 1);
	lua_pushnil(L);
	lua_pushvalue(L, 1);
	add_value(&w);
	pb_sandbox_charge(L, w.size / BYTES_PER_STEP);
	lua_pushlstring(L, w.data, w.size);
	return 1;
}

/** | `json.list(table)` | the same table, which is a list for `json.encode` also while it is empty */
static int list(lua_State *L)
{
	luaL_checktype(L, 1, LUA_TTABLE);
	lua_settop(L, 1);
	pb_sandbox_mark_list(L, 1);
	return 1;
}

const luaL_Reg pb_json_encoders[] = {{"encode", encode}, {"list", list}, {NULL, NULL}};
