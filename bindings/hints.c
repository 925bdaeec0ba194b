/** # require "probity.hints"
 * What a path or a value hints at, by the words of `rulesets/lists/hints.ini` (its README says what is in it). The
 * engine's own context discount reads the same table, so a check need not lower a finding in a test: that is done
 * already.
 *
 * | `hints.path(path)` | a table of the classes that are true of it: `test documentation example scanner-rules vendored
 *   build locale`. `path`: a list as `o.path` (its first element, the product's name, does not count) or a string
 * | `hints.discounted(path)` | do findings there weigh less?
 * | `hints.placeholder(value)` | why this is no real secret, or `nil`: the word that it is or holds (`"example"`),
 *   `"repeated"`, `"sequence"`, `"template"`, `"empty"` */
#include <string.h>

#include "bindings/scope.h"
#include "facts/hints.h"

enum { STEPS_PER_PART = 50, BYTES_PER_STEP = 2 };

static const pb_lists *lists_of(lua_State *L)
{
	const pb_lists *l = pb_sandbox_lists(L);

	if (l == NULL)
		luaL_error(L, "probity.hints: the lists of rulesets/ are not there");
	return l;
}

static uint32_t of_part(lua_State *L, const pb_lists *l, int index)
{
	size_t n;
	const char *part = luaL_checklstring(L, index, &n);

	pb_sandbox_charge(L, STEPS_PER_PART + n);
	return pb_hints_of(l, part);
}

static uint32_t classes_at(lua_State *L, int index)
{
	const pb_lists *l = lists_of(L);
	uint32_t bits = 0;
	lua_Integer n;

	if (lua_type(L, index) == LUA_TSTRING)
		return of_part(L, l, index);
	luaL_argexpected(L, lua_type(L, index) == LUA_TTABLE || lua_type(L, index) == LUA_TUSERDATA, index,
	                 "a path (a list of strings, or a string)");
	n = luaL_len(L, index);
	for (lua_Integer i = 2; i <= n; i++) {
		if (lua_geti(L, index, i) != LUA_TSTRING)
			luaL_error(L, "a path is a list of strings");
		bits |= of_part(L, l, lua_gettop(L));
		lua_pop(L, 1);
	}
	return bits;
}

static int path(lua_State *L)
{
	uint32_t bits = classes_at(L, 1);
	const char *name;

	lua_newtable(L);
	for (size_t i = 0; (name = pb_hints_class(lists_of(L), i)) != NULL; i++) {
		if ((bits & 1u << i) == 0)
			continue;
		lua_pushboolean(L, true);
		lua_setfield(L, -2, name);
	}
	return 1;
}

static int discounted(lua_State *L)
{
	lua_pushboolean(L, (classes_at(L, 1) & pb_hints_discount(lists_of(L))) != 0);
	return 1;
}

static int placeholder(lua_State *L)
{
	size_t n;
	const char *value = luaL_checklstring(L, 1, &n);

	pb_sandbox_charge(L, STEPS_PER_PART + n / BYTES_PER_STEP);
	lua_pushstring(L, pb_hints_placeholder(lists_of(L), (pb_bytes){(const uint8_t *)value, n})); /* NULL is nil */
	return 1;
}

static const luaL_Reg functions[] = {{"discounted", discounted}, {"path", path}, {"placeholder", placeholder}, {NULL, NULL}};

int pb_open_hints(lua_State *L)
{
	luaL_newlib(L, functions);
	return 1;
}
