/* Functions of Lua with their wild sides cut off: addresses, and loops in C that no instruction count sees. */
#include <lauxlib.h>
#include <string.h>

#include "checks/box.h"

/* type(v): views of bindings look like the tables that they stand for. */
int pb_box_type(lua_State *L)
{
	luaL_checkany(L, 1);
	if (lua_type(L, 1) == LUA_TUSERDATA && luaL_getmetafield(L, 1, "__type") == LUA_TSTRING)
		return 1;
	lua_pushstring(L, luaL_typename(L, 1));
	return 1;
}

/* tostring(v): without addresses, which differ from run to run. */
int pb_box_tostring(lua_State *L)
{
	switch (lua_type(L, 1)) {
	case LUA_TNIL:
	case LUA_TBOOLEAN:
	case LUA_TNUMBER:
	case LUA_TSTRING:
		luaL_tolstring(L, 1, NULL);
		return 1;
	default:
		return pb_box_type(L);
	}
}

/* string.format: %p refused, and %s of a table gives "table" without its address. Upvalue: Lua's own. */
int pb_box_format(lua_State *L)
{
	const char *p = luaL_checkstring(L, 1);
	int n = lua_gettop(L);

	while ((p = strchr(p, '%')) != NULL) {
		p++;
		p += strspn(p, "-+ #0123456789.");
		luaL_argcheck(L, *p != 'p', 1, "%p would show an address, which differs from run to run");
		if (*p != '\0')
			p++;
	}
	for (int i = 2; i <= n; i++) {
		if (lua_type(L, i) > LUA_TSTRING || lua_type(L, i) == LUA_TLIGHTUSERDATA) {
			lua_pushcfunction(L, pb_box_tostring);
			lua_pushvalue(L, i);
			lua_call(L, 1, 1);
			lua_replace(L, i);
		}
	}
	lua_pushvalue(L, lua_upvalueindex(1));
	lua_insert(L, 1);
	lua_call(L, n, 1);
	return 1;
}

/* string.rep: Lua's own (the upvalue) loops n times also where there is nothing to repeat. */
int pb_box_rep(lua_State *L)
{
	size_t n, between = 0;

	(void)luaL_checklstring(L, 1, &n);
	(void)luaL_checkinteger(L, 2);
	(void)luaL_optlstring(L, 3, "", &between);
	lua_settop(L, 3);
	if (n == 0 && between == 0)
		return lua_pushliteral(L, ""), 1;
	lua_pushvalue(L, lua_upvalueindex(1));
	lua_insert(L, 1);
	lua_call(L, 3, 1);
	return 1;
}

/* table.move: the range costs what it is long, also where the table is empty. Upvalue: Lua's own. */
int pb_box_move(lua_State *L)
{
	lua_Integer from = luaL_checkinteger(L, 2), to = luaL_checkinteger(L, 3);
	int n = lua_gettop(L);

	if (to >= from)
		pb_sandbox_charge(L, (uint64_t)to - (uint64_t)from);
	lua_pushvalue(L, lua_upvalueindex(1));
	lua_insert(L, 1);
	lua_call(L, n, 1);
	return 1;
}
