/* pairs, next and table.sort whose order depends on nothing but the values: Lua's own follow the hash seed, addresses and the
 * clock. */
#include <lauxlib.h>
#include <string.h>

#include "checks/box.h"

enum { ITEMS_MAX = 1 << 24 };

/* Is the value at a before the value at b? Absolute indices. May raise. */
typedef bool (*before_fn)(lua_State *L, int a, int b);

static int rank(lua_State *L, int index)
{
	switch (lua_type(L, index)) {
	case LUA_TNUMBER:
		return 0;
	case LUA_TSTRING:
		return 1;
	case LUA_TBOOLEAN:
		return 2;
	default:
		return luaL_error(L,
		                  "a %s as a key of a table: its keys have no order that is the same every time; "
		                  "use strings or numbers",
		                  luaL_typename(L, index));
	}
}

static bool key_before(lua_State *L, int a, int b)
{
	int of_a = rank(L, a), of_b = rank(L, b);
	size_t n, m;
	const char *s, *t;
	int order;

	if (of_a != of_b)
		return of_a < of_b;
	if (of_a == 0)
		return lua_compare(L, a, b, LUA_OPLT);
	if (of_a == 2)
		return lua_toboolean(L, a) < lua_toboolean(L, b);
	s = lua_tolstring(L, a, &n);
	t = lua_tolstring(L, b, &m);
	order = memcmp(s, t, n < m ? n : m);
	return order != 0 ? order < 0 : n < m;
}

static bool value_before(lua_State *L, int a, int b)
{
	return lua_compare(L, a, b, LUA_OPLT);
}

/* The comparison function of table.sort is its argument 2. */
static bool script_before(lua_State *L, int a, int b)
{
	bool yes;

	lua_pushvalue(L, 2);
	lua_pushvalue(L, a);
	lua_pushvalue(L, b);
	lua_call(L, 2, 1);
	yes = lua_toboolean(L, -1);
	lua_pop(L, 1);
	return yes;
}

/* Merges from[lo, mid) and from[mid, hi) into the same places of to. All raw tables at absolute indices, counted from 1. */
static void merge(lua_State *L, int from, int to, lua_Integer lo, lua_Integer mid, lua_Integer hi, before_fn before)
{
	lua_Integer a = lo, b = mid;

	for (lua_Integer i = lo; i < hi; i++) {
		bool second = a >= mid;

		if (!second && b < hi) {
			int top = lua_gettop(L);

			lua_rawgeti(L, from, a);
			lua_rawgeti(L, from, b);
			second = before(L, top + 2, top + 1); /* equal ones keep their order */
			lua_settop(L, top);
		}
		lua_rawgeti(L, from, second ? b++ : a++);
		lua_rawseti(L, to, i);
	}
}

/* Stable. Sorts items 1..n of the raw table at index `table`; `spare` is a raw table for its use. Returns which of the two
 * holds the result. */
static int merge_sort(lua_State *L, int table, int spare, lua_Integer n, before_fn before)
{
	int from = table, to = spare;

	for (lua_Integer width = 1; width < n; width *= 2) {
		int swap = from;

		pb_sandbox_charge(L, (uint64_t)n);
		for (lua_Integer lo = 1; lo <= n; lo += 2 * width) {
			lua_Integer mid = lo + width > n ? n + 1 : lo + width, hi = mid + width > n ? n + 1 : mid + width;

			merge(L, from, to, lo, mid, hi, before);
		}
		from = to;
		to = swap;
	}
	return from;
}

/* Pushes the sorted list of keys of the table at `content`; returns how many. */
static lua_Integer push_keys(lua_State *L, int content)
{
	int keys, sorted;
	lua_Integer n = 0;
	bool in_order = true;

	lua_newtable(L);
	keys = lua_gettop(L);
	for (lua_pushnil(L); lua_next(L, content);) { /* key value */
		lua_pop(L, 1);
		if (in_order && n > 0) {
			lua_rawgeti(L, keys, n);
			in_order = key_before(L, lua_gettop(L), lua_gettop(L) - 1);
			lua_pop(L, 1);
		} else if (n == 0) {
			(void)rank(L, lua_gettop(L));
		}
		lua_pushvalue(L, -1);
		lua_rawseti(L, keys, ++n);
	}
	pb_sandbox_charge(L, (uint64_t)n);
	if (in_order)
		return n;
	lua_newtable(L);
	sorted = merge_sort(L, keys, keys + 1, n, key_before);
	lua_pushvalue(L, sorted);
	lua_replace(L, keys);
	lua_settop(L, keys);
	return n;
}

/* Upvalues: content, keys, position. The position is an upvalue so that lock.c sees a loop that outlives its call. */
static int pairs_step(lua_State *L)
{
	lua_Integer at = lua_tointeger(L, lua_upvalueindex(3));

	for (;;) {
		lua_pushinteger(L, ++at);
		lua_replace(L, lua_upvalueindex(3));
		lua_settop(L, 0);
		if (lua_rawgeti(L, lua_upvalueindex(2), at) == LUA_TNIL)
			return 1;
		lua_pushvalue(L, -1);
		if (lua_rawget(L, lua_upvalueindex(1)) != LUA_TNIL) /* else: removed during the loop */
			return 2;
	}
}

int pb_box_pairs(lua_State *L)
{
	luaL_checkany(L, 1);
	if (luaL_getmetafield(L, 1, "__pairs") != LUA_TNIL) { /* views of bindings: scripts cannot make metatables */
		lua_pushvalue(L, 1);
		lua_call(L, 1, 3);
		return 3;
	}
	luaL_checktype(L, 1, LUA_TTABLE);
	lua_settop(L, 1);
	pb_box_content(L, 1);
	(void)push_keys(L, 2);
	lua_pushinteger(L, 0);
	lua_pushcclosure(L, pairs_step, 3);
	lua_pushvalue(L, 1);
	lua_pushnil(L);
	return 3;
}

/* next(view [, key]): through its pairs, from the start: O(n), as below. */
static int next_of_view(lua_State *L)
{
	lua_call(L, 1, 3);
	for (bool found = lua_isnil(L, 2);;) { /* table key step state control */
		lua_pushvalue(L, 3);
		lua_pushvalue(L, 4);
		lua_pushvalue(L, 5);
		lua_call(L, 2, 2);
		if (lua_isnil(L, -2))
			return 1;
		if (found)
			return 2;
		found = lua_rawequal(L, -2, 2);
		lua_pushvalue(L, -2);
		lua_replace(L, 5);
		lua_settop(L, 5);
		pb_sandbox_charge(L, 1);
	}
}

/* The least key above the given one: O(n), for emptiness tests and short tables. pairs is the way to go through a table. */
int pb_box_next(lua_State *L)
{
	enum { CONTENT = 3, BEST = 4, KEY = 5 };
	bool any = false;

	lua_settop(L, 2);
	if (luaL_getmetafield(L, 1, "__pairs") != LUA_TNIL) {
		lua_pushvalue(L, 1);
		return next_of_view(L);
	}
	luaL_checktype(L, 1, LUA_TTABLE);
	pb_box_content(L, 1);
	lua_pushnil(L);
	for (lua_pushnil(L); lua_next(L, CONTENT);) {
		lua_pop(L, 1);
		pb_sandbox_charge(L, 1);
		if (!lua_isnil(L, 2) && !key_before(L, 2, KEY))
			continue;
		if (any ? key_before(L, KEY, BEST) : rank(L, KEY) >= 0) {
			lua_pushvalue(L, KEY);
			lua_replace(L, BEST);
			any = true;
		}
	}
	if (!any)
		return lua_pushnil(L), 1;
	lua_pushvalue(L, BEST);
	lua_pushvalue(L, BEST);
	lua_rawget(L, CONTENT);
	return 2;
}

/* table.sort(list [, before]): stable, so that a careless comparison still gives the same result every time. */
int pb_box_sort(lua_State *L)
{
	enum { ITEMS = 3, SPARE = 4 };
	lua_Integer n;
	int sorted;

	luaL_checktype(L, 1, LUA_TTABLE);
	luaL_argcheck(L, !pb_box_locked(L, 1), 1, "this table is read-only; sort a copy");
	if (!lua_isnoneornil(L, 2))
		luaL_checktype(L, 2, LUA_TFUNCTION);
	lua_settop(L, 2);
	n = (lua_Integer)lua_rawlen(L, 1);
	luaL_argcheck(L, n <= ITEMS_MAX, 1, "too many items to sort");
	lua_createtable(L, (int)n, 0);
	lua_createtable(L, (int)n, 0);
	for (lua_Integer i = 1; i <= n; i++) {
		lua_rawgeti(L, 1, i);
		lua_rawseti(L, ITEMS, i);
	}
	sorted = merge_sort(L, ITEMS, SPARE, n, lua_isnil(L, 2) ? value_before : script_before);
	for (lua_Integer i = 1; i <= n; i++) {
		lua_rawgeti(L, sorted, i);
		lua_rawseti(L, 1, i);
	}
	return 0;
}
