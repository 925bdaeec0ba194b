/** # require "probity.lists"
 * The lists of `rulesets/lists` (its README says which there are, and what stands in each). A row is a table with one
 * field for each column of the list, without those that are empty: `{ host = "popcon.debian.org", kind = "usage", ... }`.
 *
 * | `lists.find(list, what)` | the row that `what` falls under, or `nil`, by the list's own way to match (`about` tells it): `host`, `domain`:
 *   a host, or a host with its path (`"api.example.org/v1/x"`: a URL without its scheme); `path`: a path or a part of one;
 *   `prefix`: a dotted or slashed name; `exact`. Always at whole labels and elements, never in the middle of a name
 * | `lists.get(list, key)` | the row with exactly this key, or `nil`
 * | `for row in lists.rows(list) do` | all rows, sorted by key; for the top of a file, where `looks` are made
 * | `lists.about(list)` | its header: `about`, `source`, `licence`, `date`, `match` (strings), and `rows`, their number
 * | `lists.names()` | the names of all lists, sorted */
#include <string.h>

#include "bindings/scope.h"
#include "facts/list.h"

enum { STEPS_PER_KEY = 20, STEPS_PER_ROW = 20 };

static const pb_lists *lists_of(lua_State *L)
{
	const pb_lists *l = pb_sandbox_lists(L);

	if (l == NULL)
		luaL_error(L, "probity.lists: the lists of rulesets/ are not there");
	return l;
}

static const pb_list *list_at(lua_State *L, int index)
{
	const pb_lists *all = lists_of(L);
	const char *name = luaL_checkstring(L, index);
	const pb_list *l = pb_list_named(all, name);
	luaL_Buffer b;

	if (l != NULL)
		return l;
	luaL_buffinit(L, &b);
	for (size_t i = 0; (l = pb_list_at(all, i)) != NULL; i++) {
		luaL_addstring(&b, i > 0 ? ", " : "");
		luaL_addstring(&b, l->name);
	}
	luaL_pushresult(&b);
	luaL_error(L, "there is no list \"%s\" in rulesets/lists; there are: %s", name, lua_tostring(L, -1));
	return NULL;
}

static int push_row(lua_State *L, const pb_list *l, const char *const *row)
{
	if (row == NULL) {
		lua_pushnil(L);
		return 1;
	}
	pb_sandbox_charge(L, STEPS_PER_ROW);
	lua_createtable(L, 0, (int)l->n_columns);
	for (size_t i = 0; i < l->n_columns; i++) {
		if (row[i][0] == '\0')
			continue;
		lua_pushstring(L, row[i]);
		lua_setfield(L, -2, l->columns[i]);
	}
	return 1;
}

static int find(lua_State *L)
{
	const pb_list *l = list_at(L, 1);
	size_t n, looked = 0;
	const char *what = luaL_checklstring(L, 2, &n);
	const char *const *row = pb_list_find(l, (pb_bytes){(const uint8_t *)what, n}, &looked);

	pb_sandbox_charge(L, STEPS_PER_KEY * (looked + 1));
	return push_row(L, l, row);
}

static int get(lua_State *L)
{
	const pb_list *l = list_at(L, 1);
	size_t n;
	const char *key = luaL_checklstring(L, 2, &n);

	pb_sandbox_charge(L, STEPS_PER_KEY + n / 64);
	return push_row(L, l, strlen(key) == n ? pb_list_get(l, key) : NULL);
}

/* upvalues: the list, the number of the next row */
static int next_row(lua_State *L)
{
	const pb_list *l = lua_touserdata(L, lua_upvalueindex(1));
	lua_Integer i = lua_tointeger(L, lua_upvalueindex(2));

	if ((size_t)i >= l->n_rows)
		return 0;
	lua_pushinteger(L, i + 1);
	lua_replace(L, lua_upvalueindex(2));
	return push_row(L, l, pb_list_row(l, (size_t)i));
}

static int rows(lua_State *L)
{
	const pb_list *l = list_at(L, 1);

	lua_pushlightuserdata(L, (void *)l);
	lua_pushinteger(L, 0);
	lua_pushcclosure(L, next_row, 2);
	return 1;
}

static int about(lua_State *L)
{
	const pb_list *l = list_at(L, 1);
	const char *const texts[][2] = {
	    {"about", l->about}, {"source", l->source}, {"licence", l->licence}, {"date", l->date}, {"match", pb_list_match_name(l->match)}};

	lua_newtable(L);
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		lua_pushstring(L, texts[i][1]);
		lua_setfield(L, -2, texts[i][0]);
	}
	lua_pushinteger(L, (lua_Integer)l->n_rows);
	lua_setfield(L, -2, "rows");
	return 1;
}

static int names(lua_State *L)
{
	const pb_lists *all = lists_of(L);
	const pb_list *l;

	lua_newtable(L);
	for (size_t i = 0; (l = pb_list_at(all, i)) != NULL; i++) {
		lua_pushstring(L, l->name);
		lua_rawseti(L, -2, (lua_Integer)i + 1);
	}
	return 1;
}

static const luaL_Reg functions[] = {{"about", about}, {"find", find}, {"get", get}, {"names", names}, {"rows", rows}, {NULL, NULL}};

int pb_open_lists(lua_State *L)
{
	luaL_newlib(L, functions);
	return 1;
}
