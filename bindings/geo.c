/** # require "probity.geo"
 * In which country is an address registered? By the table in `rulesets/geo`, which `make geo` fetches; most installations have none.
 *
 * | `geo.country(address)` | `"DE"` of an IPv4 or IPv6 address; `nil`, `"unknown"` where it is none, where the table does not know it, and where
 *   there is no table. A registered country is not always where the machine stands (anycast, cloud providers)
 * | `geo.about()` | `source`, `date`, `licence`, `sha256` of the table, or `nil` where there is none. It is part of the rules' digest */
#include "bindings/scope.h"
#include "facts/geo.h"
#include "facts/list.h"

enum { STEPS_PER_LOOKUP = 50 };

static const pb_geo *table_of(lua_State *L)
{
	const pb_lists *l = pb_sandbox_lists(L);

	return l != NULL ? pb_lists_geo(l) : NULL;
}

static int country(lua_State *L)
{
	const char *address = luaL_checkstring(L, 1);
	const pb_geo *g = table_of(L);
	char code[3];

	pb_sandbox_charge(L, STEPS_PER_LOOKUP);
	if (g != NULL && pb_geo_country(g, address, code))
		return lua_pushstring(L, code), 1;
	lua_pushnil(L);
	lua_pushliteral(L, "unknown");
	return 2;
}

static int about(lua_State *L)
{
	const pb_geo *g = table_of(L);
	const pb_geo_about *a = g != NULL ? pb_geo_about_of(g) : NULL;

	if (a == NULL)
		return lua_pushnil(L), 1;
	const char *const texts[][2] = {{"source", a->source}, {"date", a->date}, {"licence", a->licence}, {"sha256", a->sha256}};
	lua_newtable(L);
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		lua_pushstring(L, texts[i][1]);
		lua_setfield(L, -2, texts[i][0]);
	}
	return 1;
}

static const luaL_Reg functions[] = {{"about", about}, {"country", country}, {NULL, NULL}};

int pb_open_geo(lua_State *L)
{
	luaL_newlib(L, functions);
	return 1;
}
