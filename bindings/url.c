/** # require "probity.url"
 * Addresses, taken apart and put together as RFC 3986 says. Nothing is looked up. Bytes beyond ASCII are taken
 * where the address is UTF-8. What is no address gives `nil` and the reason: `"byte 8: a character that no URL
 * has"`; at most 64 KiB are read.
 *
 * A host has a `kind`: `"name"`, `"ipv4"`, `"ipv6"`, or `"number"` (browsers and libraries read `127.1`,
 * `0x7f000001` or `2130706433` as an address, though it is not written as one); a `scope`: `"public"`,
 * `"private"`, `"loopback"`, `"link-local"`, `"multicast"`, `"documentation"`, `"reserved"` (IANA's lists of
 * addresses and names; a name without a dot is `"private"`, a number `"public"`); and a `domain`: what somebody
 * can register (`"example.co.uk"`), `nil` for addresses and for names under no public suffix. */
#include "bindings/scope.h"
#include "bindings/uri.h"

enum { BYTES_PER_STEP = 8, STEPS_PER_CALL = 50 };

/* Parses the string at index; false: nil and the reason are pushed. */
static bool parse_at(lua_State *L, int index, pb_uri *out)
{
	pb_bytes text;
	const char *why = "limit size: more than 65536 bytes";
	size_t at = 0;

	text.data = (const uint8_t *)luaL_checklstring(L, index, &text.size);
	if (text.size <= PB_URI_MOST) {
		pb_sandbox_charge(L, STEPS_PER_CALL + text.size / BYTES_PER_STEP);
		why = pb_uri_parse(text, out, &at);
	}
	if (why == NULL)
		return true;
	lua_pushnil(L);
	lua_pushfstring(L, "byte %I: %s", (lua_Integer)at, why);
	return false;
}

static void set(lua_State *L, const char *name, pb_bytes part)
{
	if (part.data == NULL)
		return;
	lua_pushlstring(L, (const char *)part.data, part.size);
	lua_setfield(L, -2, name);
}

static void set_lower(lua_State *L, const char *name, pb_bytes part)
{
	luaL_Buffer b;

	if (part.data == NULL)
		return;
	luaL_buffinit(L, &b);
	for (size_t i = 0; i < part.size; i++)
		luaL_addchar(&b, (char)(part.data[i] >= 'A' && part.data[i] <= 'Z' ? part.data[i] | 32 : part.data[i]));
	luaL_pushresult(&b);
	lua_setfield(L, -2, name);
}

/* [-1] table -> the same, with what is known of the host */
static void set_host(lua_State *L, const pb_uri_host *h)
{
	lua_pushstring(L, h->name);
	lua_setfield(L, -2, "host");
	lua_pushstring(L, h->kind);
	lua_setfield(L, -2, "kind");
	lua_pushstring(L, h->scope);
	lua_setfield(L, -2, "scope");
	lua_pushstring(L, h->domain); /* NULL is nil */
	lua_setfield(L, -2, "domain");
}

/** | `url.parse(s)` | a table of what is there: `scheme` and `host` in lower case, `user`, `path`, `query`,
 *   `fragment` as they are written, `port` (integer), and `kind`, `scope`, `domain` of the host. Also of relative
 *   addresses; `path` is always there */
static int parse(lua_State *L)
{
	pb_uri u;
	pb_uri_host h;
	lua_Integer port = 0;

	if (!parse_at(L, 1, &u))
		return 2;
	lua_createtable(L, 0, 10);
	set_lower(L, "scheme", u.scheme);
	set(L, "user", u.user);
	if (u.host.data != NULL && pb_uri_host_read(u.host, &h))
		set_host(L, &h);
	else
		set_lower(L, "host", u.host);
	for (size_t i = 0; i < u.port.size; i++)
		port = port * 10 + (u.port.data[i] - '0');
	if (u.port.size > 0) {
		lua_pushinteger(L, port);
		lua_setfield(L, -2, "port");
	}
	set(L, "path", u.path);
	set(L, "query", u.query);
	set(L, "fragment", u.fragment);
	return 1;
}

/** | `url.host(s)` | the same of a bare host: `host`, `kind`, `scope`, `domain`; or `nil` */
static int host(lua_State *L)
{
	pb_bytes text;
	pb_uri_host h;

	text.data = (const uint8_t *)luaL_checklstring(L, 1, &text.size);
	pb_sandbox_charge(L, STEPS_PER_CALL);
	if (!pb_uri_host_read(text, &h))
		return lua_pushnil(L), 1;
	lua_createtable(L, 0, 4);
	set_host(L, &h);
	return 1;
}

/** | `url.normalise(s)` | one way of writing for all that are equal: lower case, no default port, no `.` and `..`,
 *   escapes only where needed, `/` for no path; a dot at the end of the host is left out */
static int normalise(lua_State *L)
{
	pb_uri u;
	char *out;

	if (!parse_at(L, 1, &u))
		return 2;
	out = lua_newuserdatauv(L, 3 * lua_rawlen(L, 1) + 64, 0);
	lua_pushlstring(L, out, pb_uri_normal(&u, out));
	return 1;
}

/** | `url.join(base, s)` | `s` as seen from `base`, which must have a scheme */
static int join(lua_State *L)
{
	pb_uri base, ref;
	char *out;

	luaL_checkstring(L, 2);
	if (!parse_at(L, 1, &base) || !parse_at(L, 2, &ref))
		return 2;
	if (base.scheme.data == NULL) {
		lua_pushnil(L);
		lua_pushliteral(L, "byte 0: a base without a scheme");
		return 2;
	}
	out = lua_newuserdatauv(L, lua_rawlen(L, 1) + lua_rawlen(L, 2) + 8, 0);
	lua_pushlstring(L, out, pb_uri_join(&base, &ref, out));
	return 1;
}

static const luaL_Reg functions[] = {{"parse", parse}, {"host", host}, {"normalise", normalise}, {"join", join}, {NULL, NULL}};

int pb_open_url(lua_State *L)
{
	luaL_newlib(L, functions);
	return 1;
}
