/** # require "probity.version"
 * Which of two versions is the later one, each kind as its own tool says. `compare` gives -1, 0 or 1, or `nil`
 * where one of them is no version of that kind. At most 256 bytes each. */
#include "bindings/version.h"

#include "bindings/scope.h"

enum { BYTES_PER_STEP = 8, STEPS_PER_CALL = 50 };

static pb_bytes text_at(lua_State *L, int index)
{
	pb_bytes b;

	b.data = (const uint8_t *)luaL_checklstring(L, index, &b.size);
	pb_sandbox_charge(L, STEPS_PER_CALL + (b.size < PB_RANGE_MOST ? b.size : 0) / BYTES_PER_STEP);
	return b;
}

static void set(lua_State *L, const char *name, pb_bytes part)
{
	if (part.data == NULL)
		return;
	lua_pushlstring(L, (const char *)part.data, part.size);
	lua_setfield(L, -2, name);
}

/** | `version.semver.parse(s)` | `major`, `minor`, `patch`, `pre`, `build` of a semantic version (SemVer 2.0, also
 *   with a `v` in front), or `nil` */
static int semver_parse(lua_State *L)
{
	static const char *const names[] = {"major", "minor", "patch"};
	pb_semver v;

	if (!pb_semver_parse(text_at(L, 1), &v))
		return lua_pushnil(L), 1;
	lua_createtable(L, 0, 5);
	for (int i = 0; i < 3; i++) {
		lua_pushinteger(L, (lua_Integer)v.number[i]);
		lua_setfield(L, -2, names[i]);
	}
	set(L, "pre", v.pre);
	set(L, "build", v.build);
	return 1;
}

/** | `version.semver.satisfies(v, range)` | is it in an npm range (`^1.2`, `~1.2.3`, `>=1 <3`, `1.x`, `1.2 - 2.3`, `a
 *   \|\| b`)? As node-semver answers without options; `nil` where `v` is no version, or the range none (`latest`,
 *   `git+ssh://...`) */
static int semver_satisfies(lua_State *L)
{
	pb_bytes s = text_at(L, 1), range = text_at(L, 2);
	pb_semver v;
	int inside = pb_semver_parse(s, &v) ? pb_semver_satisfies(&v, range) : -1;

	if (inside < 0)
		lua_pushnil(L);
	else
		lua_pushboolean(L, inside);
	return 1;
}

static bool semver_order(pb_bytes a, pb_bytes b, int *order)
{
	pb_semver x, y;

	if (!pb_semver_parse(a, &x) || !pb_semver_parse(b, &y))
		return false;
	*order = pb_semver_compare(&x, &y);
	return true;
}

/** | `version.debian.parse(s)` | `epoch` (integer), `upstream`, `revision` (or `nil`), or `nil` */
static int debian_parse(lua_State *L)
{
	pb_debian_version v;

	if (!pb_debian_parse(text_at(L, 1), &v))
		return lua_pushnil(L), 1;
	lua_createtable(L, 0, 3);
	lua_pushinteger(L, v.epoch);
	lua_setfield(L, -2, "epoch");
	set(L, "upstream", v.upstream);
	set(L, "revision", v.revision);
	return 1;
}

static int push_order(lua_State *L, bool (*order_of)(pb_bytes, pb_bytes, int *))
{
	pb_bytes a = text_at(L, 1), b = text_at(L, 2);
	int order = 0;

	if (order_of(a, b, &order))
		lua_pushinteger(L, order);
	else
		lua_pushnil(L);
	return 1;
}

/** | `version.semver.compare(a, b)` | `build` does not count */
static int semver_compare(lua_State *L)
{
	return push_order(L, semver_order);
}

/** | `version.debian.compare(a, b)` | as `dpkg --compare-versions` */
static int debian_compare(lua_State *L)
{
	return push_order(L, pb_debian_compare);
}

/** | `version.rpm.compare(a, b)` | `epoch:version-release`, as rpm compares dependencies: releases count where both
 *   have one */
static int rpm_compare(lua_State *L)
{
	return push_order(L, pb_rpm_compare);
}

/** | `version.python.compare(a, b)` | PEP 440 */
static int python_compare(lua_State *L)
{
	return push_order(L, pb_python_compare);
}

static const luaL_Reg semver[] = {
    {"parse", semver_parse}, {"compare", semver_compare}, {"satisfies", semver_satisfies}, {NULL, NULL}};
static const luaL_Reg debian[] = {{"parse", debian_parse}, {"compare", debian_compare}, {NULL, NULL}};
static const luaL_Reg rpm[] = {{"compare", rpm_compare}, {NULL, NULL}};
static const luaL_Reg python[] = {{"compare", python_compare}, {NULL, NULL}};

static void add(lua_State *L, const char *name, const luaL_Reg *functions)
{
	lua_newtable(L);
	luaL_setfuncs(L, functions, 0);
	lua_setfield(L, -2, name);
}

int pb_open_version(lua_State *L)
{
	lua_createtable(L, 0, 4);
	add(L, "semver", semver);
	add(L, "debian", debian);
	add(L, "rpm", rpm);
	add(L, "python", python);
	return 1;
}
