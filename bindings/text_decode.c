/* More of require "probity.text": ways in which text is written down, and how near two texts are. */
#include <stddef.h>

#include "bindings/document.h"
#include "bindings/scope.h"

enum { BYTES_PER_STEP = 16, CELLS_PER_STEP = 8, NEAR_MOST = 2000 };

static pb_bytes bytes_at(lua_State *L, int index)
{
	size_t n;
	const char *s = luaL_checklstring(L, index, &n);

	pb_sandbox_charge(L, n / BYTES_PER_STEP);
	return (pb_bytes){(const uint8_t *)s, n};
}

static uint32_t unit_at(pb_bytes b, size_t at, bool big)
{
	return big ? (uint32_t)b.data[at] << 8 | b.data[at + 1] : (uint32_t)b.data[at + 1] << 8 | b.data[at];
}

/* out: room for 3 bytes for every 2 of b. The number of bytes, or -1: half a character, or half a pair. */
static ptrdiff_t decode_utf16(pb_bytes b, bool big, uint8_t *out)
{
	size_t n = 0;

	if (b.size % 2 != 0)
		return -1;
	for (size_t i = 0; i < b.size; i += 2) {
		uint32_t c = unit_at(b, i, big);

		if (c >= 0xd800 && c < 0xe000) {
			uint32_t low = i + 4 <= b.size ? unit_at(b, i + 2, big) : 0;

			if (c >= 0xdc00 || low < 0xdc00 || low >= 0xe000)
				return -1;
			c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
			i += 2;
		}
		n += pb_utf8_put(c, (char *)&out[n]);
	}
	return (ptrdiff_t)n;
}

/** | `text.utf16_decode(s, order)` | UTF-8, or `nil` where `s` is not UTF-16. `order`: `"le"` or `"be"`; without it
 *   the byte order mark decides, and where there is none, little-endian. A mark at the start of that order is left
 *   out */
static int utf16_decode(lua_State *L)
{
	static const char *const orders[] = {"le", "be", NULL};
	pb_bytes b = bytes_at(L, 1);
	int order = lua_isnoneornil(L, 2) ? -1 : luaL_checkoption(L, 2, NULL, orders);
	bool little = b.size >= 2 && b.data[0] == 0xff && b.data[1] == 0xfe;
	bool large = b.size >= 2 && b.data[0] == 0xfe && b.data[1] == 0xff;
	uint8_t *out;
	ptrdiff_t n;

	if (order < 0)
		order = large ? 1 : 0;
	if (order == 0 ? little : large)
		b = pb_slice(b, 2, b.size); /* the mark of its byte order */
	out = lua_newuserdatauv(L, b.size / 2 * 3 + 1, 0);
	n = decode_utf16(b, order == 1, out);
	if (n < 0)
		lua_pushnil(L);
	else
		lua_pushlstring(L, (const char *)out, (size_t)n);
	return 1;
}

/** | `text.base64_encode(s)` | with padding, on one line */
static int base64_encode(lua_State *L)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	pb_bytes b = bytes_at(L, 1);
	size_t room = (b.size + 2) / 3 * 4;
	char *out = lua_newuserdatauv(L, room + 1, 0), *p = out;

	for (size_t i = 0; i < b.size; i += 3, p += 4) {
		size_t n = b.size - i < 3 ? b.size - i : 3;
		uint32_t bits =
		    (uint32_t)b.data[i] << 16 | (n > 1 ? (uint32_t)b.data[i + 1] << 8 : 0) | (n > 2 ? b.data[i + 2] : 0);

		p[0] = digits[bits >> 18];
		p[1] = digits[bits >> 12 & 63];
		p[2] = n > 1 ? digits[bits >> 6 & 63] : '=';
		p[3] = n > 2 ? digits[bits & 63] : '=';
	}
	lua_pushlstring(L, out, room);
	return 1;
}

static int hex_digit(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 32;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/** | `text.url_decode(s, form)` | escapes (`%2F`) undone, or `nil` where a `%` has no two hex digits; `form = true`:
 *   a `+` is a blank */
static int url_decode(lua_State *L)
{
	pb_bytes b = bytes_at(L, 1);
	bool form = lua_toboolean(L, 2);
	uint8_t *out = lua_newuserdatauv(L, b.size + 1, 0);
	size_t n = 0;

	for (size_t i = 0; i < b.size; i++) {
		uint8_t c = b.data[i];

		if (c == '%') {
			int high = i + 2 < b.size ? hex_digit(b.data[i + 1]) : -1,
			    low = i + 2 < b.size ? hex_digit(b.data[i + 2]) : -1;

			if (high < 0 || low < 0)
				return lua_pushnil(L), 1;
			c = (uint8_t)(high << 4 | low);
			i += 2;
		} else if (c == '+' && form) {
			c = ' ';
		}
		out[n++] = c;
	}
	lua_pushlstring(L, (const char *)out, n);
	return 1;
}

/* The least number of bytes to put in, take out, replace or swap with their neighbour, none of them twice (optimal string
 * alignment). row: room for three rows of b.size + 1. */
static size_t distance(pb_bytes a, pb_bytes b, uint32_t *row)
{
	uint32_t *older = row, *old = row + b.size + 1, *now = old + b.size + 1, *spare;

	for (size_t k = 0; k <= b.size; k++)
		old[k] = (uint32_t)k;
	for (size_t i = 1; i <= a.size; i++) {
		now[0] = (uint32_t)i;
		for (size_t k = 1; k <= b.size; k++) {
			uint32_t least = old[k - 1] + (a.data[i - 1] != b.data[k - 1]);

			least = old[k] + 1 < least ? old[k] + 1 : least;
			least = now[k - 1] + 1 < least ? now[k - 1] + 1 : least;
			if (i > 1 && k > 1 && a.data[i - 1] == b.data[k - 2] && a.data[i - 2] == b.data[k - 1] &&
			    older[k - 2] + 1 < least)
				least = older[k - 2] + 1;
			now[k] = least;
		}
		spare = older;
		older = old;
		old = now;
		now = spare;
	}
	return old[b.size];
}

/** | `text.similarity(a, b)` | permille: 1000 for equal strings, 0 where nothing stays. With `n` the length of the
 *   longer one and `d` the least number of bytes to put in, take out, replace or swap with their neighbour (none of
 *   them twice): `1000 * (n - d) // n`. At most 2000 bytes each; a cell of the table that this takes costs an eighth
 *   of an instruction */
static int similarity(lua_State *L)
{
	pb_bytes a = bytes_at(L, 1), b = bytes_at(L, 2);
	size_t longer = a.size > b.size ? a.size : b.size;
	uint32_t *row;

	luaL_argcheck(L, a.size <= NEAR_MOST, 1, "at most 2000 bytes are compared");
	luaL_argcheck(L, b.size <= NEAR_MOST, 2, "at most 2000 bytes are compared");
	if (longer == 0)
		return lua_pushinteger(L, 1000), 1;
	pb_sandbox_charge(L, (uint64_t)a.size * b.size / CELLS_PER_STEP);
	row = lua_newuserdatauv(L, 3 * (b.size + 1) * sizeof *row, 0);
	lua_pushinteger(L, (lua_Integer)((longer - distance(a, b, row)) * 1000 / longer));
	return 1;
}

const luaL_Reg pb_text_decoders[] = {{"utf16_decode", utf16_decode},
                                     {"url_decode", url_decode},
                                     {"base64_encode", base64_encode},
                                     {"similarity", similarity},
                                     {NULL, NULL}};
