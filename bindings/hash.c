/** # require "probity.hash"
 * Digests of an object, a slice, a string, or of a piece of one: `length` bytes from `at` (all of them by default),
 * cut to what is there. MD5 and SHA-1 are here to compare with what others published; as a key for `found` take
 * SHA-256.
 *
 * | `hash.md5(what, at, length)` `sha1` `sha256` `sha384` `sha512` `blake2b` | lower-case hex (BLAKE2b: of 512 bits) */
#include "base/hash.h"
#include "bindings/scope.h"

enum { BYTES_PER_STEP = 4, STEPS_PER_CALL = 20 };
#define CRC_POLYNOMIAL UINT32_C(0xedb88320) /* reversed, as zip has it */

/* [first] an object, a slice or a string [first + 1] at [first + 2] length */
static pb_bytes range(lua_State *L, int first)
{
	pb_bytes b = pb_subject_check(L, first);

	b = pb_slice(b, pb_offset_opt(L, first + 1, 0), pb_offset_opt(L, first + 2, b.size));
	pb_sandbox_charge(L, STEPS_PER_CALL + b.size / BYTES_PER_STEP);
	return b;
}

/* Upvalue: the digest's name. hash.sha256(what [, at [, length]]) -> hex */
static int digest(lua_State *L)
{
	pb_bytes b = range(L, 1);
	char hex[PB_HEX_MAX];

	if (!pb_hash_hex(lua_tostring(L, lua_upvalueindex(1)), b, hex))
		return luaL_error(L, "out of memory");
	lua_pushstring(L, hex);
	return 1;
}

/** | `hash.crc32(what, at, length)` | an integer: the checksum of zip and gzip, which some tokens end in. No digest */
static int crc32(lua_State *L)
{
	pb_bytes b = range(L, 1);
	uint32_t crc = UINT32_MAX;

	for (size_t i = 0; i < b.size; i++) {
		crc ^= b.data[i];
		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ ((crc & 1) != 0 ? CRC_POLYNOMIAL : 0);
	}
	lua_pushinteger(L, (lua_Integer)(crc ^ UINT32_MAX));
	return 1;
}

static const char *const names[] = {"md5", "sha1", "sha256", "sha384", "sha512", "blake2b", NULL};

/** | `hash.raw(name, what, at, length)` | the same as bytes: `hash.raw("sha256", object)` */
static int raw(lua_State *L)
{
	int which = luaL_checkoption(L, 1, NULL, names);
	pb_bytes b = range(L, 2);
	uint8_t out[64];
	size_t n = pb_hash_raw(names[which], b, out);

	if (n == 0)
		return luaL_error(L, "out of memory");
	lua_pushlstring(L, (const char *)out, n);
	return 1;
}

/** | `hash.crypt(password, hash)` | does this password open this hash of a passwd or shadow file? `nil` where nobody can say: a kind that is not
 *   known, or one that takes long: more than 10,000 rounds of SHA, a cost of bcrypt above 8. DES, MD5, SHA-256, SHA-512, bcrypt
 *   and yescrypt of the usual cost are; a try takes from 3,000 to 8 million instructions */
int pb_open_hash(lua_State *L)
{
	lua_newtable(L);
	for (const char *const *name = names; *name != NULL; name++) {
		lua_pushstring(L, *name);
		lua_pushcclosure(L, digest, 1);
		lua_setfield(L, -2, *name);
	}
	lua_pushcfunction(L, crc32);
	lua_setfield(L, -2, "crc32");
	lua_pushcfunction(L, raw);
	lua_setfield(L, -2, "raw");
	lua_pushcfunction(L, pb_hash_crypt);
	lua_setfield(L, -2, "crypt");
	return 1;
}
