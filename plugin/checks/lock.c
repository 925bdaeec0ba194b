/* Nothing carries state from one call to the next: tables that functions hold become read-only in place, and what their
 * upvalues hold is recorded and compared after each call. */
#include <lauxlib.h>

#include "checks/box.h"

static int refuse_write(lua_State *L)
{
	return luaL_error(L, "this table is read-only: a check keeps nothing between calls (make tables inside the function)");
}

static int length_of(lua_State *L)
{
	pb_box_content(L, 1);
	lua_pushinteger(L, (lua_Integer)lua_rawlen(L, -1));
	return 1;
}

/* A locked table is empty; its metatable's __index is the content and its __newindex is ours, which no script can forge. */
bool pb_box_locked(lua_State *L, int index)
{
	bool ours;

	if (lua_type(L, index) != LUA_TTABLE || !lua_getmetatable(L, index))
		return false;
	lua_pushliteral(L, "__newindex");
	lua_rawget(L, -2);
	ours = lua_tocfunction(L, -1) == refuse_write;
	lua_pop(L, 2);
	return ours;
}

void pb_box_content(lua_State *L, int index)
{
	if (!pb_box_locked(L, index)) {
		lua_pushvalue(L, index);
		return;
	}
	lua_getmetatable(L, index);
	lua_pushliteral(L, "__index");
	lua_rawget(L, -2);
	lua_remove(L, -2);
}

/* Moves the content of the table at index behind it. The metatable is made first: should memory run out, nothing is lost. */
static void lock(lua_State *L, int index)
{
	int content, meta;

	index = lua_absindex(L, index);
	lua_createtable(L, 0, 3);
	meta = lua_gettop(L);
	lua_newtable(L);
	content = lua_gettop(L);
	for (lua_pushnil(L); lua_next(L, index); lua_pop(L, 1)) { /* key value */
		lua_pushvalue(L, -2);
		lua_pushvalue(L, -2);
		lua_rawset(L, content);
	}
	lua_pushcfunction(L, refuse_write);
	lua_setfield(L, meta, "__newindex");
	lua_pushcfunction(L, length_of);
	lua_setfield(L, meta, "__len");
	if (lua_getmetatable(L, index)) /* found and the globals say what is wrong with an unknown name: that stays */
		lua_setmetatable(L, content);
	lua_setfield(L, meta, "__index");
	for (lua_pushnil(L); lua_next(L, index);) {
		lua_pop(L, 1);
		lua_pushvalue(L, -1);
		lua_pushnil(L);
		lua_rawset(L, index);
	}
	lua_setmetatable(L, index);
}

/* The walk's own tables on the stack. */
enum { SEEN = 1, QUEUE = 2, RECORD = 3, WALK = 3 };

typedef struct walk {
	int base; /* stack index before SEEN */
	lua_Integer queued, recorded;
} walk;

/* [-1] a value -> nothing: queued where it is a table or a function that was not seen. */
static void enqueue(lua_State *L, walk *w)
{
	int type = lua_type(L, -1);

	if (type != LUA_TTABLE && type != LUA_TFUNCTION) {
		lua_pop(L, 1);
		return;
	}
	lua_pushvalue(L, -1);
	lua_rawget(L, w->base + SEEN);
	if (lua_toboolean(L, -1)) {
		lua_pop(L, 2);
		return;
	}
	lua_pop(L, 1);
	lua_pushvalue(L, -1);
	lua_pushboolean(L, 1);
	lua_rawset(L, w->base + SEEN);
	lua_rawseti(L, w->base + QUEUE, ++w->queued);
}

/* [-1] a table: locks it, queues what is in it. */
static void walk_table(lua_State *L, walk *w)
{
	int content;

	if (!pb_box_locked(L, -1))
		lock(L, -1);
	pb_box_content(L, lua_gettop(L));
	content = lua_gettop(L);
	if (lua_istable(L, content)) {
		for (lua_pushnil(L); lua_next(L, content);)
			enqueue(L, w);
	}
	lua_pop(L, 1);
}

/* [-1] a function: records its upvalues (function, number, value), each shared one once; queues their values. C closures that
 * keep a position in an upvalue are caught the same way. */
static void walk_function(lua_State *L, walk *w)
{
	int f = lua_gettop(L);

	for (int i = 1; lua_getupvalue(L, f, i) != NULL; i++) {
		bool seen;

		lua_pushlightuserdata(L, lua_upvalueid(L, f, i));
		lua_rawget(L, w->base + SEEN);
		seen = lua_toboolean(L, -1);
		lua_pop(L, 1);
		if (seen) {
			lua_pop(L, 1);
			continue;
		}
		lua_pushlightuserdata(L, lua_upvalueid(L, f, i));
		lua_pushboolean(L, 1);
		lua_rawset(L, w->base + SEEN);
		lua_pushvalue(L, f);
		lua_rawseti(L, w->base + RECORD, w->recorded + 1);
		lua_pushinteger(L, i);
		lua_rawseti(L, w->base + RECORD, w->recorded + 2);
		lua_pushvalue(L, -1);
		lua_rawseti(L, w->base + RECORD, w->recorded + 3);
		w->recorded += 3;
		enqueue(L, w);
	}
}

void pb_box_seal(lua_State *L, int index)
{
	walk w = {lua_gettop(L), 0, 0};

	index = lua_absindex(L, index);
	luaL_checkstack(L, 20, "sealing");
	for (int i = 0; i < WALK; i++)
		lua_newtable(L);
	if (lua_rawgeti(L, LUA_REGISTRYINDEX, pb_box_of(L)->env) == LUA_TTABLE) { /* the globals are guarded in their own way */
		lua_pushboolean(L, 1);
		lua_rawset(L, w.base + SEEN);
	} else {
		lua_pop(L, 1);
	}
	lua_pushvalue(L, index);
	enqueue(L, &w);
	for (lua_Integer i = 1; i <= w.queued; i++) { /* a queue, not recursion: a deep table must not eat the C stack */
		lua_rawgeti(L, w.base + QUEUE, i);
		if (lua_istable(L, -1))
			walk_table(L, &w);
		else
			walk_function(L, &w);
		lua_pop(L, 1);
		pb_sandbox_charge(L, 10);
	}
	lua_pushinteger(L, w.recorded);
	lua_rawseti(L, w.base + RECORD, 0); /* values may be nil: # would not tell */
	lua_pushvalue(L, w.base + RECORD);
	lua_replace(L, w.base + 1);
	lua_settop(L, w.base + 1);
}

/* [-2] [-1]: the same value? NaN counts as the same as NaN. */
static bool same(lua_State *L)
{
	return lua_rawequal(L, -1, -2) || (lua_type(L, -1) == LUA_TNUMBER && lua_type(L, -2) == LUA_TNUMBER &&
	                                   !lua_rawequal(L, -1, -1) && !lua_rawequal(L, -2, -2));
}

bool pb_box_kept(lua_State *L, int index)
{
	lua_Integer n;
	bool kept = true;

	index = lua_absindex(L, index);
	lua_rawgeti(L, index, 0);
	n = lua_tointeger(L, -1);
	lua_pop(L, 1);
	for (lua_Integer i = 1; i <= n; i += 3) {
		int number, f;

		lua_rawgeti(L, index, i);
		f = lua_gettop(L);
		lua_rawgeti(L, index, i + 1);
		number = (int)lua_tointeger(L, -1);
		lua_getupvalue(L, f, number);
		lua_rawgeti(L, index, i + 2);
		if (!same(L)) {
			kept = false;
			lua_setupvalue(L, f, number);
		}
		lua_settop(L, f - 1);
	}
	return kept;
}
