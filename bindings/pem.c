/** # require "probity.pem"
 * `pem.decode(where, at)`: the armoured block that begins exactly at `at` (0 by default) of an object, a slice
 * or a string, or `nil` where the body does not decode or is no plausible DER or OpenSSH key: a marker is not a key.
 * Quotes, `\n` escapes and continuation signs of source code between the lines are skipped. At most 64 KiB.
 * Gives a table: `kind` ("RSA PRIVATE KEY", "CERTIFICATE", ...), `private`, `encrypted` (booleans),
 * `fingerprint` (SHA-256 of the decoded bytes, hex), `size` (decoded bytes), `length` (bytes of the whole block,
 * for `found`). */
#include <string.h>

#include "base/hash.h"
#include "bindings/armour.h"
#include "bindings/scope.h"

static int decode(lua_State *L)
{
	pb_bytes b = pb_slice(pb_subject_check(L, 1), pb_offset_opt(L, 2, 0), PB_ARMOUR_BYTES);
	pb_armour key;
	char hex[PB_HEX_MAX];
	uint8_t *body;

	lua_settop(L, 2);
	pb_sandbox_charge(L, b.size / 64);
	if (!pb_armour_begins(b))
		return lua_pushnil(L), 1;
	body = lua_newuserdatauv(L, b.size, 0); /* Lua's memory: nothing is lost should anything raise */
	if (!pb_armour_read(b, body, &key))
		return lua_pushnil(L), 1;
	pb_sandbox_charge(L, b.size / 4);
	if (!pb_hash_hex("sha256", (pb_bytes){body, key.size}, hex))
		return luaL_error(L, "out of memory");
	lua_createtable(L, 0, 6);
	lua_pushlstring(L, key.kind, key.kind_length);
	lua_setfield(L, -2, "kind");
	lua_pushboolean(L, key.private);
	lua_setfield(L, -2, "private");
	lua_pushboolean(L, key.encrypted);
	lua_setfield(L, -2, "encrypted");
	lua_pushstring(L, hex);
	lua_setfield(L, -2, "fingerprint");
	lua_pushinteger(L, (lua_Integer)key.size);
	lua_setfield(L, -2, "size");
	lua_pushinteger(L, (lua_Integer)key.length);
	lua_setfield(L, -2, "length");
	return 1;
}

static const luaL_Reg functions[] = {{"decode", decode}, {NULL, NULL}};

int pb_open_pem(lua_State *L)
{
	luaL_newlib(L, functions);
	return 1;
}
