/* JSON text as Lua tables, in one pass and without a copy in between: a report of 60 MB is read in the time that it takes to make its tables. The
 * text may be hostile: every byte is looked at before it counts. */
#include <lauxlib.h>
#include <math.h>
#include <string.h>

#include "base/text.h"
#include "checks/box.h"

enum { DEPTH_MOST = 100, NULLS_MOST = 64, NUMBER_MOST = 64 };

typedef struct reader {
	lua_State *L;
	const uint8_t *start, *at, *end;
	const char *what;
	int depth;
} reader;

static _Noreturn void refuse(const reader *r, const char *why)
{
	luaL_error(r->L, "%s: byte %I: %s", r->what, (LUAI_UACINT)(r->at - r->start), why);
	abort(); /* luaL_error does not return */
}

static void skip_blanks(reader *r)
{
	while (r->at < r->end && (*r->at == ' ' || *r->at == '\t' || *r->at == '\n' || *r->at == '\r'))
		r->at++;
}

static uint8_t peek(reader *r)
{
	skip_blanks(r);
	return r->at < r->end ? *r->at : 0;
}

static uint32_t hex4(reader *r)
{
	uint32_t v = 0;

	if (r->end - r->at < 4)
		refuse(r, "the text ends inside of an escape");
	for (int i = 0; i < 4; i++) {
		uint8_t c = r->at[i], low = c | 32;

		if (!(c >= '0' && c <= '9') && !(low >= 'a' && low <= 'f'))
			refuse(r, "no escape");
		v = v << 4 | (uint32_t)(c <= '9' ? c - '0' : low - 'a' + 10);
	}
	r->at += 4;
	return v;
}

static void add_utf8(luaL_Buffer *b, uint32_t c)
{
	if (c < 0x80) {
		luaL_addchar(b, (char)c);
	} else if (c < 0x800) {
		luaL_addchar(b, (char)(0xc0 | c >> 6));
		luaL_addchar(b, (char)(0x80 | (c & 63)));
	} else if (c < 0x10000) {
		luaL_addchar(b, (char)(0xe0 | c >> 12));
		luaL_addchar(b, (char)(0x80 | (c >> 6 & 63)));
		luaL_addchar(b, (char)(0x80 | (c & 63)));
	} else {
		luaL_addchar(b, (char)(0xf0 | c >> 18));
		luaL_addchar(b, (char)(0x80 | (c >> 12 & 63)));
		luaL_addchar(b, (char)(0x80 | (c >> 6 & 63)));
		luaL_addchar(b, (char)(0x80 | (c & 63)));
	}
}

/* Behind a backslash. */
static void add_escape(reader *r, luaL_Buffer *b)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	const char *known = r->at < r->end && *r->at != 0 ? strchr(from, *r->at) : NULL;
	uint32_t c, low;

	if (known != NULL) {
		luaL_addchar(b, to[known - from]);
		r->at++;
		return;
	}
	if (r->at >= r->end || *r->at != 'u')
		refuse(r, "no escape");
	r->at++;
	c = hex4(r);
	if (c >= 0xd800 && c < 0xdc00) {
		if (r->end - r->at < 6 || r->at[0] != '\\' || r->at[1] != 'u')
			refuse(r, "half of a surrogate pair");
		r->at += 2;
		low = hex4(r);
		if (low < 0xdc00 || low > 0xdfff)
			refuse(r, "half of a surrogate pair");
		c = 0x10000 + ((c - 0xd800) << 10 | (low - 0xdc00));
	} else if (c >= 0xdc00 && c <= 0xdfff) {
		refuse(r, "half of a surrogate pair");
	}
	if (c == 0)
		refuse(r, "a NUL character in a text");
	add_utf8(b, c);
}

/* Moves over what stands for itself. */
static void skip_plain(reader *r)
{
	uint32_t c;
	size_t n;

	while (r->at < r->end && *r->at != '"' && *r->at != '\\') {
		if (*r->at < 0x20)
			refuse(r, "a control character in a text");
		n = *r->at < 0x80 ? 1 : pb_text_decode(r->at, (size_t)(r->end - r->at), &c);
		if (n == 0)
			refuse(r, "no UTF-8");
		r->at += n;
	}
	if (r->at >= r->end)
		refuse(r, "the text ends inside of a string");
}

/* At its quote; pushes it. */
static void read_string(reader *r)
{
	const uint8_t *from = ++r->at;
	luaL_Buffer b;

	skip_plain(r);
	if (*r->at == '"') {
		lua_pushlstring(r->L, (const char *)from, (size_t)(r->at++ - from));
		return;
	}
	luaL_buffinit(r->L, &b);
	while (*r->at != '"') {
		luaL_addlstring(&b, (const char *)from, (size_t)(r->at - from));
		r->at++;
		add_escape(r, &b);
		from = r->at;
		skip_plain(r);
	}
	luaL_addlstring(&b, (const char *)from, (size_t)(r->at - from));
	r->at++;
	luaL_pushresult(&b);
}

static size_t digits(const reader *r, size_t at)
{
	size_t n = at;

	while (r->at + n < r->end && r->at[n] >= '0' && r->at[n] <= '9')
		n++;
	return n - at;
}

static void read_number(reader *r)
{
	size_t left = (size_t)(r->end - r->at), n = r->at[0] == '-', count = digits(r, n);
	char text[NUMBER_MOST + 1];
	bool real = false;

	if (count == 0 || (count > 1 && r->at[n] == '0'))
		refuse(r, "no JSON");
	n += count;
	if (n < left && r->at[n] == '.') {
		count = digits(r, n + 1);
		real = true;
		n += 1 + count;
		if (count == 0)
			refuse(r, "no number");
	}
	if (n < left && (r->at[n] | 32) == 'e') {
		n += n + 1 < left && (r->at[n + 1] == '+' || r->at[n + 1] == '-') ? 2 : 1;
		count = digits(r, n);
		real = true;
		n += count;
		if (count == 0)
			refuse(r, "no number");
	}
	if (n > NUMBER_MOST)
		refuse(r, "a number of too many digits");
	memcpy(text, r->at, n);
	text[n] = '\0';
	if (lua_stringtonumber(r->L, text) == 0 || (!real && !lua_isinteger(r->L, -1)))
		refuse(r, "an integer beyond 64 bits");
	if (real && !isfinite(lua_tonumber(r->L, -1)))
		refuse(r, "a number beyond the range of a double");
	r->at += n;
}

static bool word(reader *r, const char *name, size_t n)
{
	if ((size_t)(r->end - r->at) < n || memcmp(r->at, name, n) != 0)
		return false;
	r->at += n;
	return true;
}

static void read_value(reader *r);

static void enter(reader *r)
{
	if (++r->depth > DEPTH_MOST)
		refuse(r, "more than 100 levels");
	luaL_checkstack(r->L, 12, r->what);
	r->at++;
}

static void read_list(reader *r)
{
	lua_Integer n = 0;

	enter(r);
	lua_newtable(r->L);
	if (peek(r) == ']') {
		r->at++;
		pb_sandbox_mark_list(r->L, -1);
	} else {
		for (uint8_t next = ','; next == ',';) {
			read_value(r);
			if (lua_isnil(r->L, -1))
				lua_pop(r->L, 1);
			else
				lua_rawseti(r->L, -2, ++n);
			next = peek(r);
			if (next != ',' && next != ']')
				refuse(r, "a comma or ] is missing");
			r->at++;
		}
	}
	r->depth--;
}

/* [-2] a name: is it among the `nulls` above the table? */
static bool was_null(lua_State *L, int table, int nulls)
{
	for (int i = 1; i <= nulls; i++)
		if (lua_rawequal(L, -2, table + i))
			return true;
	return false;
}

/* The names of fields that are null gather above the table. */
static void read_object(reader *r)
{
	int table, nulls = 0;

	enter(r);
	lua_newtable(r->L);
	table = lua_gettop(r->L);
	if (peek(r) == '}') {
		r->at++;
		r->depth--;
		return;
	}
	for (uint8_t next = ','; next == ',';) {
		if (peek(r) != '"')
			refuse(r, "a name is missing");
		read_string(r);
		lua_pushvalue(r->L, -1);
		if (lua_rawget(r->L, table) != LUA_TNIL || was_null(r->L, table, nulls))
			refuse(r, "a name that its object had before");
		lua_pop(r->L, 1);
		if (peek(r) != ':')
			refuse(r, "a colon is missing");
		r->at++;
		read_value(r);
		if (!lua_isnil(r->L, -1)) {
			lua_rawset(r->L, table);
		} else {
			lua_pop(r->L, 1);
			if (++nulls > NULLS_MOST)
				refuse(r, "more than 64 fields of one object are null");
			luaL_checkstack(r->L, 4, r->what);
		}
		next = peek(r);
		if (next != ',' && next != '}')
			refuse(r, "a comma or } is missing");
		r->at++;
	}
	if (nulls > 0) {
		luaL_checkstack(r->L, 2 * NULLS_MOST + 8, r->what);
		pb_box_mark_nulls(r->L, nulls);
	}
	r->depth--;
}

static void read_value(reader *r)
{
	uint8_t c = peek(r);

	if (r->at >= r->end)
		refuse(r, "the text ends too early");
	if (c == '"')
		read_string(r);
	else if (c == '{')
		read_object(r);
	else if (c == '[')
		read_list(r);
	else if (c == 't' && word(r, "true", 4))
		lua_pushboolean(r->L, 1);
	else if (c == 'f' && word(r, "false", 5))
		lua_pushboolean(r->L, 0);
	else if (c == 'n' && word(r, "null", 4))
		lua_pushnil(r->L);
	else
		read_number(r);
}

void pb_sandbox_push_json(lua_State *L, pb_bytes text, const char *what)
{
	reader r = {.L = L, .start = text.data, .at = text.data, .end = text.data + text.size, .what = what};

	/* Nothing of it is garbage before all of it is there. */
	lua_gc(L, LUA_GCSTOP);
	if (text.size == 0)
		luaL_error(L, "%s: empty", what);
	read_value(&r);
	skip_blanks(&r);
	if (r.at < r.end)
		refuse(&r, "something follows the value");
	lua_gc(L, LUA_GCRESTART);
}
