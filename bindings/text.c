/** # require "probity.text"
 * Plain helpers on strings, without patterns and without bounds on their length. What cannot be decoded is
 * `nil`; wrong types raise. */
#include <string.h>

#include "base/hash.h"
#include "base/text.h"
#include "bindings/base64.h"
#include "bindings/scope.h"

enum { BYTES_PER_STEP = 64 };

static pb_bytes bytes_at(lua_State *L, int index)
{
	size_t n;
	const char *s = luaL_checklstring(L, index, &n);

	pb_sandbox_charge(L, n / BYTES_PER_STEP);
	return (pb_bytes){(const uint8_t *)s, n};
}

static bool blank(uint8_t c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/** | `text.trim(s)` | without blanks at both ends */
static int trim(lua_State *L)
{
	pb_bytes b = bytes_at(L, 1);

	while (b.size > 0 && blank(b.data[b.size - 1]))
		b.size--;
	for (; b.size > 0 && blank(*b.data); b.size--)
		b.data++;
	lua_pushlstring(L, (const char *)b.data, b.size);
	return 1;
}

/* Upvalues: text, offset of the next line, number of the last one. -> line, number, at */
static int next_line(lua_State *L)
{
	size_t size, at = (size_t)lua_tointeger(L, lua_upvalueindex(2)), n = 0;
	const char *s = lua_tolstring(L, lua_upvalueindex(1), &size);
	lua_Integer number = lua_tointeger(L, lua_upvalueindex(3)) + 1;

	if (at >= size)
		return lua_pushnil(L), 1;
	while (at + n < size && s[at + n] != '\n' && s[at + n] != '\r')
		n++;
	pb_sandbox_charge(L, n / BYTES_PER_STEP);
	lua_pushlstring(L, s + at, n);
	lua_pushinteger(L, number);
	lua_pushinteger(L, (lua_Integer)at);
	at += n + 1;
	at += at < size && s[at - 1] == '\r' && s[at] == '\n';
	lua_pushinteger(L, (lua_Integer)at);
	lua_replace(L, lua_upvalueindex(2));
	lua_pushinteger(L, number);
	lua_replace(L, lua_upvalueindex(3));
	return 3;
}

/** | `text.lines(s)` | `for line, number, at in text.lines(s) do`; ends LF, CRLF or CR; `at` from 0 */
static int lines(lua_State *L)
{
	(void)luaL_checkstring(L, 1);
	lua_settop(L, 1);
	lua_pushinteger(L, 0);
	lua_pushinteger(L, 0);
	lua_pushcclosure(L, next_line, 3);
	return 1;
}

/** | `text.split(s, separator)` | list of parts; the separator is plain text */
static int split(lua_State *L)
{
	pb_bytes b = bytes_at(L, 1), separator = bytes_at(L, 2);
	const uint8_t *p = b.data, *end = b.data + b.size, *hit;
	lua_Integer n = 0;

	luaL_argcheck(L, separator.size > 0, 2, "the separator is empty");
	lua_newtable(L);
	do {
		hit = memmem(p, (size_t)(end - p), separator.data, separator.size);
		lua_pushlstring(L, (const char *)p, (size_t)((hit != NULL ? hit : end) - p));
		lua_rawseti(L, -2, ++n);
		p = hit != NULL ? hit + separator.size : end;
	} while (hit != NULL);
	pb_sandbox_charge(L, (uint64_t)n);
	return 1;
}

/** | `text.starts(s, prefix)` `text.ends(s, suffix)` `text.has(s, part)` | plain text, booleans; no bound on the
 *   length of `s` */
static int starts(lua_State *L)
{
	pb_bytes b = bytes_at(L, 1), part = bytes_at(L, 2);

	lua_pushboolean(L, part.size <= b.size && memcmp(b.data, part.data, part.size) == 0);
	return 1;
}

static int ends(lua_State *L)
{
	pb_bytes b = bytes_at(L, 1), part = bytes_at(L, 2);

	lua_pushboolean(L, part.size <= b.size && memcmp(b.data + (b.size - part.size), part.data, part.size) == 0);
	return 1;
}

static int has(lua_State *L)
{
	pb_bytes b = bytes_at(L, 1), part = bytes_at(L, 2);

	lua_pushboolean(L, memmem(b.data, b.size, part.data, part.size) != NULL);
	return 1;
}

/** | `text.glob(pattern, path)` | as `glob` above */
static int glob(lua_State *L)
{
	pb_bytes pattern = bytes_at(L, 1), path = bytes_at(L, 2);

	luaL_argcheck(L, pattern.size <= 1000, 1, "a pattern has at most 1000 bytes");
	luaL_argcheck(L, path.size <= 65536, 2, "a path has at most 65536 bytes");
	pb_sandbox_charge(L, pattern.size * path.size / 16);
	lua_pushboolean(L, pb_text_glob((const char *)pattern.data, (const char *)path.data));
	return 1;
}

/* Decodes b into out, room for b.size bytes; the number of bytes, or -1. */
static ptrdiff_t decode_base64(pb_bytes b, uint8_t *out)
{
	pb_base64 state = {0};
	size_t n = 0;
	int padding = 0;

	for (size_t i = 0; i < b.size; i++) {
		int value = pb_base64_value(b.data[i]);

		if (blank(b.data[i]))
			continue;
		if (b.data[i] == '=' && padding < 2)
			padding++;
		else if (value < 0 || padding > 0)
			return -1;
		else
			n += pb_base64_take(&state, value, &out[n]);
	}
	return pb_base64_done(&state, padding, true) ? (ptrdiff_t)n : -1;
}

/** | `text.base64_decode(s)` | bytes, or `nil` where `s` is no base64 (also url-safe; blanks are skipped; padding may
 *   be missing) */
static int base64_decode(lua_State *L)
{
	pb_bytes b = bytes_at(L, 1);
	uint8_t *out = lua_newuserdatauv(L, b.size + 1, 0);
	ptrdiff_t n = decode_base64(b, out);

	pb_sandbox_charge(L, b.size / 16);
	if (n < 0)
		lua_pushnil(L);
	else
		lua_pushlstring(L, (const char *)out, (size_t)n);
	return 1;
}

static int nibble(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 32;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/** | `text.hex_decode(s)` `text.hex_encode(s)` | bytes or `nil`; lower-case hex */
static int hex_decode(lua_State *L)
{
	pb_bytes b = bytes_at(L, 1);
	uint8_t *out = lua_newuserdatauv(L, b.size / 2 + 1, 0);

	for (size_t i = 0; i + 1 < b.size; i += 2) {
		int high = nibble(b.data[i]), low = nibble(b.data[i + 1]);

		if (high < 0 || low < 0)
			return lua_pushnil(L), 1;
		out[i / 2] = (uint8_t)(high << 4 | low);
	}
	if (b.size % 2 != 0)
		return lua_pushnil(L), 1;
	lua_pushlstring(L, (const char *)out, b.size / 2);
	return 1;
}

static int hex_encode(lua_State *L)
{
	static const char digits[] = "0123456789abcdef";
	pb_bytes b = bytes_at(L, 1);
	luaL_Buffer out;

	luaL_buffinit(L, &out);
	for (size_t i = 0; i < b.size; i++) {
		luaL_addchar(&out, digits[b.data[i] >> 4]);
		luaL_addchar(&out, digits[b.data[i] & 15]);
	}
	luaL_pushresult(&out);
	return 1;
}

/** | `text.entropy(s)` | permille of 8 bits a byte, as the fact `entropy` has it: 0..1000, 0 for `""`. `s`: a string, an
 *   object or a slice */
static int entropy(lua_State *L)
{
	pb_bytes b = pb_subject_check(L, 1);

	pb_sandbox_charge(L, b.size / BYTES_PER_STEP);
	lua_pushinteger(L, (lua_Integer)pb_entropy(b));
	return 1;
}

/** | `text.sha256(s)` | lower-case hex: a key for a piece of text */
static int sha256(lua_State *L)
{
	pb_bytes b = bytes_at(L, 1);
	char hex[PB_HEX_MAX];

	pb_sandbox_charge(L, b.size / 4);
	if (!pb_hash_hex("sha256", b, hex))
		return luaL_error(L, "out of memory");
	lua_pushstring(L, hex);
	return 1;
}

/** | `text.display(s)` | display form */
static int display(lua_State *L)
{
	pb_bytes b = bytes_at(L, 1);

	pb_sandbox_charge(L, b.size / 4);
	return pb_push_owned(L, pb_text_display(b.data, b.size, 0));
}

static const luaL_Reg functions[] = {
    {"trim", trim},
    {"lines", lines},
    {"split", split},
    {"starts", starts},
    {"ends", ends},
    {"has", has},
    {"glob", glob},
    {"base64_decode", base64_decode},
    {"hex_decode", hex_decode},
    {"hex_encode", hex_encode},
    {"entropy", entropy},
    {"sha256", sha256},
    {"display", display},
    {NULL, NULL},
};

int pb_open_text(lua_State *L)
{
	luaL_newlib(L, functions);
	luaL_setfuncs(L, pb_text_decoders, 0);
	luaL_setfuncs(L, pb_text_layout, 0);
	return 1;
}
