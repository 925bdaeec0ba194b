/** # require "probity.geo"
 * In which country is an address registered? By the table in `rulesets/geo`, which `make geo` fetches; most installations have none. And in which
 * region of a cloud provider is a host, by its name?
 *
 * | `geo.country(address)` | `"DE"` of an IPv4 or IPv6 address; `nil`, `"unknown"` where it is none, where the table does not know it, and where
 *   there is no table. A registered country is not always where the machine stands (anycast, cloud providers)
 * | `geo.about()` | `source`, `date`, `licence`, `sha256` of the table, or `nil` where there is none. It is part of the rules' digest
 * | `geo.cloud(host)` | what the name of a cloud provider's host tells, by `rulesets/lists` (`cloud-hosts`, `cloud-regions`): `provider`, `whose`, and, where
 *   the name tells it, `region` (`"aws:eu-central-1"`), `country`, `place`; `nil` where it is no such host. What stands behind a host that tells no region
 *   may be anywhere */
#include <string.h>

#include "bindings/scope.h"
#include "facts/cloud.h"
#include "facts/geo.h"
#include "facts/list.h"

enum { STEPS_PER_LOOKUP = 50, STEPS_PER_KEY = 20 };

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

static void set_text(lua_State *L, const char *name, const char *text)
{
	if (text == NULL || *text == '\0')
		return;
	lua_pushstring(L, text);
	lua_setfield(L, -2, name);
}

static int cloud(lua_State *L)
{
	size_t n, looked = 0;
	const char *host = luaL_checklstring(L, 1, &n);
	const pb_lists *lists = pb_sandbox_lists(L);
	pb_cloud c;
	bool known = lists != NULL && strlen(host) == n && pb_cloud_of(lists, host, &c, &looked);

	pb_sandbox_charge(L, STEPS_PER_KEY * (looked + 1));
	if (!known)
		return lua_pushnil(L), 1;
	lua_newtable(L);
	set_text(L, "provider", c.provider);
	set_text(L, "whose", c.whose);
	set_text(L, "region", c.region);
	set_text(L, "country", c.country);
	set_text(L, "place", c.place);
	return 1;
}

static const luaL_Reg functions[] = {{"about", about}, {"cloud", cloud}, {"country", country}, {NULL, NULL}};

int pb_open_geo(lua_State *L)
{
	luaL_newlib(L, functions);
	return 1;
}
