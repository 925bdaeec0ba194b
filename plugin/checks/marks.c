/* What Lua's tables do not know of the JSON that they came from, in metatables that no script sees: one for all lists, one for all objects in which
 * the same fields were null. */
#include <lauxlib.h>

#include "checks/box.h"

static const char list_key, shapes_key; /* their addresses are keys in the registry, and of what the metatables hold */

/* Pushes the metatable of lists. */
static void push_list_mark(lua_State *L)
{
	if (lua_rawgetp(L, LUA_REGISTRYINDEX, &list_key) == LUA_TTABLE)
		return;
	lua_pop(L, 1);
	lua_createtable(L, 0, 1);
	lua_pushboolean(L, 1);
	lua_rawsetp(L, -2, &list_key);
	lua_pushvalue(L, -1);
	lua_rawsetp(L, LUA_REGISTRYINDEX, &list_key);
}

void pb_sandbox_mark_list(lua_State *L, int index)
{
	index = lua_absindex(L, index);
	luaL_argcheck(L, !pb_box_locked(L, index), index, "this table is read-only; make a new one");
	push_list_mark(L);
	lua_setmetatable(L, index);
}

/* Pushes what the metatable of the content has at that key; the type, LUA_TNIL: nothing is pushed. */
static int mark_of(lua_State *L, int index, const char *key)
{
	int type = LUA_TNIL;

	pb_box_content(L, index);
	if (lua_getmetatable(L, -1)) {
		type = lua_rawgetp(L, -1, key);
		lua_remove(L, -2);
		if (type == LUA_TNIL)
			lua_pop(L, 1);
	}
	lua_remove(L, type == LUA_TNIL ? -1 : -2);
	return type;
}

bool pb_sandbox_is_list(lua_State *L, int index)
{
	if (mark_of(L, index, &list_key) == LUA_TNIL)
		return false;
	lua_pop(L, 1);
	return true;
}

bool pb_sandbox_push_nulls(lua_State *L, int index)
{
	return mark_of(L, index, &shapes_key) != LUA_TNIL;
}

void pb_box_mark_nulls(lua_State *L, int n)
{
	int first = lua_gettop(L) - n + 1, mark;

	lua_createtable(L, n, 0);
	for (int i = 0; i < n; i++) {
		lua_pushvalue(L, first + i);
		lua_rawseti(L, -2, i + 1);
	}
	for (int i = 0; i < n; i++) { /* names hold no NUL */
		lua_pushvalue(L, first + i);
		lua_pushlstring(L, "", 1);
	}
	lua_concat(L, 2 * n);
	lua_insert(L, first);
	lua_insert(L, first + 1); /* table, joined, list, names */
	lua_settop(L, first + 1);
	if (lua_rawgetp(L, LUA_REGISTRYINDEX, &shapes_key) != LUA_TTABLE) {
		lua_pop(L, 1);
		lua_newtable(L);
		lua_pushvalue(L, -1);
		lua_rawsetp(L, LUA_REGISTRYINDEX, &shapes_key);
	}
	lua_pushvalue(L, first);
	if (lua_rawget(L, -2) != LUA_TTABLE) {
		lua_pop(L, 1);
		lua_createtable(L, 0, 1);
		mark = lua_gettop(L);
		lua_pushvalue(L, first + 1);
		lua_rawsetp(L, mark, &shapes_key);
		lua_pushvalue(L, first);
		lua_pushvalue(L, mark);
		lua_rawset(L, mark - 1);
	}
	lua_setmetatable(L, first - 1);
	lua_settop(L, first - 1);
}
