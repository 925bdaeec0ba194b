/* What Lua's own messages leave out: why it came to that, and what to write instead. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "checks/box.h"

/* The first row all of whose parts are in the message, in this order. No row: the message says enough. */
static const struct {
	const char *part[3];
	const char *hint;
} hints[] = {
    {{"bad argument #1 to '", "(probity.", "expected"}, "methods are called with a colon, object:name(...)"},
    {{"bad argument", "got no value", NULL}, "a value is missing between the brackets"},
    {{"attempt to call a table value (local 'found')", NULL, NULL}, "a finding is raised by its name: found.NAME{ key = ... }"},
    {{"attempt to call a nil value (local '", NULL, NULL}, "a local function is there from its line on: define it above, and not empty"},
    {{"attempt to call a nil value", NULL, NULL}, "there is no function of that name"},
    {{"attempt to compare ", "nil", NULL}, "what is not there is nil: test it before (if x and x > 1 then)"},
    {{"attempt to perform arithmetic on a string value", NULL, NULL}, "tonumber(s) gives its number, or nil"},
    {{"attempt to ", " nil value", NULL},
     "what is not there is nil (a fact that an object does not have, bytes past its end): test it before (if x then)"},
    {{"stack overflow", NULL, NULL}, "a function calls itself without an end"},
    {{"'}' expected (to close '{' at line ", "near '", NULL}, "a comma is missing before that, or a } further up, or a ]] inside of [[ ]] has ended it: [=[ ]=] may hold one"},
    {{"'=' expected near", NULL, NULL}, "a field is written name = value,"},
    {{"unfinished string", NULL, NULL}, "a text in \"...\" ends on its line; [[ ... ]] may go on"},
    {{"unfinished long string", NULL, NULL}, "the ]] that closes it is missing"},
    {{"'end' expected", NULL, NULL}, "each function, if, for, while and do has an end of its own"},
    {{"near <eof>", NULL, NULL}, "the file ends too early: a } or an end is missing"},
    {{"attempt to assign to const variable", NULL, NULL}, "it was declared <const>"},
};

const char *pb_box_hint(const char *message)
{
	for (size_t i = 0; i < sizeof hints / sizeof hints[0]; i++) {
		const char *at = message;

		for (int k = 0; k < 3 && at != NULL && hints[i].part[k] != NULL; k++)
			at = strstr(at, hints[i].part[k]);
		if (at != NULL)
			return hints[i].hint;
	}
	return NULL;
}

/* What is left out of Lua's own libraries on purpose. */
static const struct {
	const char *library, *name, *why;
} left_out[] = {
    {"string", "dump", "a check loads no code"},
    {"math", "random", "same input, same result"},
    {"math", "randomseed", "same input, same result"},
};

/* [1] a table (upvalue 1: its name) [2] a name that it does not hold */
static int no_such_function(lua_State *L)
{
	const char *name = luaL_tolstring(L, 2, NULL), *library = lua_tostring(L, lua_upvalueindex(1)), *names[64];
	char meant[128];
	size_t n = 0;

	for (size_t i = 0; i < sizeof left_out / sizeof left_out[0]; i++)
		if (strcmp(left_out[i].library, library) == 0 && strcmp(left_out[i].name, name) == 0)
			return luaL_error(L, "%s has no \"%s\": %s", library, name, left_out[i].why);
	for (lua_pushnil(L); n < 64 && lua_next(L, 1); lua_pop(L, 1))
		if (lua_type(L, -2) == LUA_TSTRING)
			names[n++] = lua_tostring(L, -2);
	lua_settop(L, 3);
	return luaL_error(L, "%s has no \"%s\"%s", library, name, pb_box_meant(name, names, n, meant, sizeof meant));
}

void pb_box_explain_misses(lua_State *L, const char *name)
{
	lua_createtable(L, 0, 1);
	lua_pushstring(L, name);
	lua_pushcclosure(L, no_such_function, 1);
	lua_setfield(L, -2, "__index");
	lua_setmetatable(L, -2);
}

void pb_box_refuse_bytes(lua_State *L, const char *name, pb_bytes text)
{
	const uint8_t *p = text.data;
	int line = 1;

	if (text.size > 0 && p[0] == (uint8_t)LUA_SIGNATURE[0])
		luaL_error(L, "%s:1: bytecode: a check is source text", name);
	if (text.size >= 3 && memcmp(p, "\xef\xbb\xbf", 3) == 0)
		luaL_error(L, "%s:1: the file begins with a byte order mark, which Lua does not know: save it as UTF-8 without one", name);
	if (text.size >= 2 && (memcmp(p, "\xff\xfe", 2) == 0 || memcmp(p, "\xfe\xff", 2) == 0))
		luaL_error(L, "%s:1: the file is UTF-16: save it as UTF-8", name);
	for (size_t at = 0, n; at < text.size; at += n) {
		uint32_t c;

		n = p[at] < 0x80 ? 1 : pb_text_decode(p + at, text.size - at, &c);
		if (p[at] == 0)
			luaL_error(L, "%s:%d: a NUL byte: a check is text; in a string write \\0", name, line);
		if (n == 0)
			luaL_error(L, "%s:%d: byte 0x%s is not UTF-8: save the file as UTF-8; in a string write \\xNN", name, line,
			           (char[]){"0123456789ABCDEF"[p[at] >> 4], "0123456789ABCDEF"[p[at] & 15], '\0'});
		line += p[at] == '\n';
	}
}
