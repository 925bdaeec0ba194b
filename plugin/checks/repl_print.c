/* Lua values for people: sorted, bounded, safe for a terminal. */
#include <lauxlib.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "checks/repl_inside.h"

enum { DEPTH = 6, ITEMS = 100, TEXT = 2000, LINE = 1200, OBJECTS = 500 };

void pb_repl_put(pb_repl *r, const char *text)
{
	(void)pb_buf_puts(r->out, text);
}

void pb_repl_putf(pb_repl *r, const char *fmt, ...)
{
	char text[LINE];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	pb_repl_put(r, text);
}

static void put_text(pb_repl *r, const char *s, size_t n, bool quoted)
{
	char *shown = pb_text_display(s, n, TEXT);

	if (quoted)
		pb_repl_put(r, "\"");
	pb_repl_put(r, shown != NULL ? shown : "?");
	if (quoted)
		pb_repl_put(r, "\"");
	free(shown);
}

void pb_repl_put_json(pb_repl *r, const json_t *value, int indent)
{
	const char *key;
	json_t *v;
	size_t i;

	if (json_is_string(value)) {
		put_text(r, json_string_value(value), json_string_length(value), false);
	} else if (json_is_integer(value)) {
		pb_repl_putf(r, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
	} else if (json_is_array(value)) {
		json_array_foreach (value, i, v) {
			pb_repl_put(r, i > 0 ? ", " : "");
			pb_repl_put_json(r, v, indent);
		}
	} else if (json_is_object(value)) {
		json_object_foreach ((json_t *)value, key, v) {
			pb_repl_putf(r, "\n%*s%.100s: ", indent, "", key);
			pb_repl_put_json(r, v, indent + 2);
		}
	} else {
		pb_repl_put(r, json_is_true(value) ? "true" : json_is_false(value) ? "false" : "null");
	}
}

static void put_value(lua_State *L, int index, int indent, int depth);

static bool is_name(const char *s)
{
	return strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") == strlen(s) && !(*s >= '0' && *s <= '9') && *s;
}

/* The key at index, unless it is the next one of a list. */
static void put_key(lua_State *L, int index, lua_Integer *next)
{
	pb_repl *r = pb_repl_of(L);

	if (lua_isinteger(L, index) && lua_tointeger(L, index) == *next) {
		++*next;
		return;
	}
	*next = -1;
	if (lua_type(L, index) == LUA_TSTRING && is_name(lua_tostring(L, index))) {
		pb_repl_putf(r, "%.200s = ", lua_tostring(L, index));
		return;
	}
	pb_repl_put(r, "[");
	put_value(L, index, 0, DEPTH);
	pb_repl_put(r, "] = ");
}

/* Through pairs, which sorts, and knows views of bindings. */
static void put_table(lua_State *L, int index, int indent, int depth)
{
	pb_repl *r = pb_repl_of(L);
	lua_Integer next = 1;
	int n = 0;

	if (depth >= DEPTH) {
		pb_repl_put(r, "{ ... }");
		return;
	}
	pb_repl_put(r, "{");
	lua_pushcfunction(L, pb_box_pairs);
	lua_pushvalue(L, index);
	lua_call(L, 1, 3);
	for (;;) { /* step state key */
		lua_pushvalue(L, -3);
		lua_pushvalue(L, -3);
		lua_pushvalue(L, -3);
		lua_call(L, 2, 2);
		if (lua_isnil(L, -2))
			break;
		if (n++ == ITEMS)
			pb_repl_putf(r, "\n%*s...", indent + 2, "");
		if (n > ITEMS)
			break;
		pb_repl_putf(r, "\n%*s", indent + 2, "");
		put_key(L, lua_gettop(L) - 1, &next);
		put_value(L, lua_gettop(L), indent + 2, depth + 1);
		pb_repl_put(r, ",");
		lua_pop(L, 1);
		lua_remove(L, -2);
	}
	lua_pop(L, 5);
	if (n > 0)
		pb_repl_putf(r, "\n%*s", indent, "");
	pb_repl_put(r, "}");
}

/* A handle: its fields with their values, its methods by name. */
static void put_handle(lua_State *L, int index, const char *type, const char *const *names, int indent, int depth)
{
	pb_repl *r = pb_repl_of(L);
	size_t methods = 0;

	pb_repl_putf(r, "%s {", type);
	for (int pass = 0; pass < 2; pass++) {
		for (size_t i = 0; names[i] != NULL; i++) {
			lua_getfield(L, index, names[i]);
			if (lua_isfunction(L, -1) && pass == 1) {
				if (methods++ % 10 == 0)
					pb_repl_putf(r, "\n%*s:%s", indent + 2, "", names[i]);
				else
					pb_repl_putf(r, ", :%s", names[i]);
			} else if (!lua_isfunction(L, -1) && pass == 0) {
				pb_repl_putf(r, "\n%*s%s = ", indent + 2, "", names[i]);
				if (depth > 0 || strcmp(names[i], "facts") == 0) /* they have a word of their own */
					pb_repl_put(r, "{ ... }");
				else
					put_value(L, lua_gettop(L), indent + 2, depth + 1);
			}
			lua_pop(L, 1);
		}
	}
	pb_repl_putf(r, "\n%*s}", indent, "");
}

static void put_objects(lua_State *L)
{
	pb_repl *r = pb_repl_of(L);

	for (size_t i = 0; i < r->host.n; i++) {
		const json_t *row = r->host.row(r->host.user, i);

		if (i == OBJECTS) {
			pb_repl_putf(r, "... and %zu more", r->host.n - i);
			return;
		}
		pb_sandbox_charge(L, 20);
		pb_repl_putf(r, "%s%c%5zu  %-12.20s %12" JSON_INTEGER_FORMAT "  ", i > 0 ? "\n" : "",
		             r->view.object != NULL && i == r->chosen ? '*' : ' ', i + 1, pb_json_str(row, "kind", ""),
		             (json_int_t)pb_json_int(row, "size", 0));
		put_text(r, pb_json_str(row, "path", ""), strlen(pb_json_str(row, "path", "")), false);
	}
	if (r->host.n == 0)
		pb_repl_put(r, "no objects");
}

static void put_userdata(lua_State *L, int index, int indent, int depth)
{
	pb_repl *r = pb_repl_of(L);
	const pb_bindings *b = r->c->box->bindings;
	const char *const *names = b->fields != NULL ? b->fields(L, index) : NULL;

	if (luaL_testudata(L, index, pb_repl_objects_type) != NULL) {
		put_objects(L);
	} else if (names != NULL) {
		put_handle(L, index, "object", names, indent, depth);
	} else if (luaL_getmetafield(L, index, "__pairs") != LUA_TNIL) {
		lua_pop(L, 1);
		/* A view of a list has numbers for keys, as a table has. */
		put_table(L, index, indent, depth);
	} else {
		pb_repl_put(r, "userdata");
	}
}

static void put_value(lua_State *L, int index, int indent, int depth)
{
	pb_repl *r = pb_repl_of(L);
	size_t n;
	const char *s;

	luaL_checkstack(L, 20, "printing");
	pb_sandbox_charge(L, 10);
	switch (lua_type(L, index)) {
	case LUA_TSTRING:
		s = lua_tolstring(L, index, &n);
		put_text(r, s, n, true);
		break;
	case LUA_TTABLE:
		put_table(L, index, indent, depth);
		break;
	case LUA_TUSERDATA:
		put_userdata(L, index, indent, depth);
		break;
	case LUA_TNIL:
	case LUA_TBOOLEAN:
	case LUA_TNUMBER:
		pb_repl_put(r, luaL_tolstring(L, index, NULL));
		lua_pop(L, 1);
		break;
	default:
		pb_repl_put(r, luaL_typename(L, index));
	}
}

void pb_repl_print(lua_State *L, int index)
{
	put_value(L, lua_absindex(L, index), 0, 0);
	pb_repl_put(pb_repl_of(L), "\n");
}
