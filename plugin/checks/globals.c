/* What a script finds when it looks around: a few words of Lua, and for each word that is missing the reason. */
#include <lauxlib.h>
#include <lualib.h>
#include <string.h>

#include "checks/box.h"

/* Taken as they are from Lua's own libraries; NULL ends a list. Whatever is not named here does not exist. */
static const char *const of_base[] = {"assert", "error", "ipairs", "rawequal", "select", "tonumber", "_VERSION", NULL};
static const char *const of_string[] = {"byte",    "char", "len",    "lower", "pack", "packsize",
                                        "reverse", "sub",  "unpack", "upper", NULL};
static const char *const of_table[] = {"concat", "insert", "pack", "remove", "unpack", NULL};
static const char *const of_math[] = {"abs", "ceil",       "exp",  "floor", "fmod", "huge",      "log",  "max", "maxinteger",
                                      "min", "mininteger", "modf", "pi",    "sqrt", "tointeger", "type", "ult", NULL};
static const char *const of_utf8[] = {"char", "charpattern", "codepoint", "codes", "len", "offset", NULL};

static const struct {
	const char *name, *why;
} missing[] = {
    {"print", "a check has no output: raise a finding"},
    {"pcall", "a spent budget must not be caught: test before you call"},
    {"xpcall", "a spent budget must not be caught: test before you call"},
    {"os", "a check has no clock, files or environment; product.as_of is the date"},
    {"io", "a check has no files: object:bytes gives the bytes"},
    {"debug", "it would open the box"},
    {"package", "require gives the modules of bindings/README.md and lib.NAME"},
    {"load", "a check loads no code"},
    {"loadstring", "a check loads no code"},
    {"loadfile", "a check loads no code"},
    {"dofile", "a check loads no code"},
    {"coroutine", "a check has no coroutines: use a function that is called for each item"},
    {"setmetatable", "a check has no metatables: use plain functions and tables"},
    {"getmetatable", "a check has no metatables: use plain functions and tables"},
    {"rawget", "there are no metatables to go around: index the table"},
    {"rawset", "there are no metatables to go around: assign to the table"},
    {"rawlen", "there are no metatables to go around: use #"},
    {"collectgarbage", "memory is the engine's"},
    {"_G", "a check has no globals of its own"},
};

/* [1] the globals [2] a name that is not among them */
static int unknown_global(lua_State *L)
{
	const char *name = luaL_tolstring(L, 2, NULL), *names[64];
	char meant[128];
	size_t n = 0;

	for (size_t i = 0; i < sizeof missing / sizeof missing[0]; i++)
		if (strcmp(missing[i].name, name) == 0)
			return luaL_error(L, "there is no \"%s\" here: %s", name, missing[i].why);
	for (lua_pushnil(L); n < 64 && lua_next(L, 1); lua_pop(L, 1))
		names[n++] = lua_tostring(L, -2);
	lua_settop(L, 2);
	return luaL_error(L, "unknown global \"%s\"%s", name, pb_box_meant(name, names, n, meant, sizeof meant));
}

static int no_globals(lua_State *L)
{
	const char *name = luaL_tolstring(L, 2, NULL);

	return luaL_error(L, "global \"%s\" assigned: write \"local %s\"", name, name);
}

static const luaL_Reg own_functions[] = {
    {"next", pb_box_next},         {"pairs", pb_box_pairs}, {"require", pb_box_require},
    {"tostring", pb_box_tostring}, {"type", pb_box_type},   {NULL, NULL},
};

/* Copies the named fields of the table at `from` into the table at `to`; absolute indices. */
static void take(lua_State *L, int from, int to, const char *const *names)
{
	for (; *names != NULL; names++) {
		lua_getfield(L, from, *names);
		lua_setfield(L, to, *names);
	}
}

/* Opens Lua's library `name` and pushes a table of what scripts may have of it; Lua's own stays below it on the stack. */
static void open_library(lua_State *L, const char *name, lua_CFunction open, const char *const *names)
{
	luaL_requiref(L, name, open, 0);
	lua_newtable(L);
	take(L, lua_gettop(L) - 1, lua_gettop(L), names);
}

/* [-1] the library -> nothing; field `name` of the globals, read-only. */
static void close_library(lua_State *L, int globals, const char *name)
{
	pb_box_explain_misses(L, name);
	pb_box_seal(L, -1);
	lua_pop(L, 1);
	lua_setfield(L, globals, name);
	lua_pop(L, 1);
}

/* [-2] Lua's own library [-1] ours: ours gets fn, with Lua's function of that name as its upvalue. */
static void tame(lua_State *L, const char *name, lua_CFunction fn)
{
	lua_getfield(L, -2, name);
	lua_pushcclosure(L, fn, 1);
	lua_setfield(L, -2, name);
}

static void open_strings(lua_State *L, int globals)
{
	int own;

	open_library(L, LUA_STRLIBNAME, luaopen_string, of_string);
	own = lua_gettop(L);
	tame(L, "format", pb_box_format);
	tame(L, "rep", pb_box_rep);
	luaL_setfuncs(L, pb_box_strings, 0);
	lua_pushliteral(L, "");
	lua_getmetatable(L, -1);
	lua_pushvalue(L, own);
	lua_setfield(L, -2, "__index"); /* ("x"):rep() finds ours; the arithmetic of number strings stays */
	lua_settop(L, own);
	close_library(L, globals, LUA_STRLIBNAME);
}

void pb_box_globals(lua_State *L)
{
	pb_sandbox *s = pb_box_of(L);
	int globals;

	luaL_checkstack(L, 20, "globals");
	lua_newtable(L);
	globals = lua_gettop(L);
	luaL_requiref(L, LUA_GNAME, luaopen_base, 0);
	take(L, globals + 1, globals, of_base);
	lua_settop(L, globals);
	luaL_setfuncs(L, own_functions, 0);
	open_strings(L, globals);
	open_library(L, LUA_TABLIBNAME, luaopen_table, of_table);
	tame(L, "move", pb_box_move);
	lua_pushcfunction(L, pb_box_sort);
	lua_setfield(L, -2, "sort");
	close_library(L, globals, LUA_TABLIBNAME);
	open_library(L, LUA_MATHLIBNAME, luaopen_math, of_math);
	close_library(L, globals, LUA_MATHLIBNAME);
	open_library(L, LUA_UTF8LIBNAME, luaopen_utf8, of_utf8);
	close_library(L, globals, LUA_UTF8LIBNAME);

	lua_createtable(L, 0, 1);
	lua_pushcfunction(L, unknown_global);
	lua_setfield(L, -2, "__index");
	lua_setmetatable(L, globals);
	/* what files get as _ENV: empty, with the globals behind it, so that every assignment is seen */
	lua_newtable(L);
	lua_createtable(L, 0, 2);
	lua_pushvalue(L, globals);
	lua_setfield(L, -2, "__index");
	lua_pushcfunction(L, no_globals);
	lua_setfield(L, -2, "__newindex");
	lua_setmetatable(L, -2);
	s->env = luaL_ref(L, LUA_REGISTRYINDEX);
	lua_newtable(L);
	s->modules = luaL_ref(L, LUA_REGISTRYINDEX);
}
