/* Patterns: those of Lua, with counted steps. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <lualib.h>

#include "box_case.h"

/* Patterns: the same answers as Lua's own string library, over random patterns and subjects. */
static uint32_t seed = 1;

static unsigned dice(unsigned n)
{
	seed = seed * 1664525u + 1013904223u;
	return (seed >> 8) % n;
}

static void random_text(char *out, const char *const *parts, unsigned n_parts, unsigned most)
{
	out[0] = '\0';
	for (unsigned i = dice(most + 1); i > 0; i--)
		strcat(out, parts[dice(n_parts)]);
}

static void patterns_are_those_of_lua(void **state)
{
	static const char *const pieces[] = {
	    "a",      "b",  "a",     ".",  "%a", "%d", "%s", "%w",  "[ab]", "[^a]", "[a-c]", "[%a-]", "[]a]", "[^]]",
	    "[%]x]",  "%.", "*",     "+",  "-",  "?",  "(",  ")",   "()",   "$",    "^",     "%1",    "%b()", "%f[%w]",
	    "%f[^a]", "%%", "[%w_]", "%S", "%U", "[",  "%",  "[a-", "%f",   "%bx",  "\\",    "]"};
	static const char *const letters[] = {"a", "b", "c", "(", ")", " ", "1", "]", "-", "%", ".", "$", "^", "x", "A"};
	static const char code[] =
	    "local s, p = ... local function show(...) local o = {...} for i = 1, select('#', ...) do o[i] = tostring(o[i]) "
	    "end return table.concat(o, '|') end "
	    "local o = {show(string.find(s, p)), show(string.match(s, p)), show(string.find(s, p, 3)), show(string.match(s, p, "
	    "-2)), "
	    "show(string.gsub(s, p, '<%0>')), show(string.gsub(s, p, 'x', 2)), show(string.gsub(s, p, function(a) return a and "
	    "'[' .. a .. ']' end)), "
	    "show(string.gsub(s, p, {a = 'AA', b = false}))} "
	    "for a, b in string.gmatch(s, p) do o[#o + 1] = show(a, b) end return table.concat(o, '\\n')";
	lua_State *own = luaL_newstate();
	pb_sandbox *s = box_open();
	unsigned agreed = 0, wrong = 0;

	(void)state;
	assert_non_null(own);
	luaL_openlibs(own);
	for (int i = 0; i < 60000; i++) {
		char pattern[256], subject[256], ours[4000] = "", text[4000];
		box_job j = {.code = text};
		int rc;

		random_text(pattern, pieces, sizeof pieces / sizeof pieces[0], 7);
		random_text(subject, letters, sizeof letters / sizeof letters[0], 12);
		assert_int_equal(luaL_loadstring(own, code), LUA_OK);
		lua_pushstring(own, subject);
		lua_pushstring(own, pattern);
		rc = lua_pcall(own, 2, 1, 0);
		(void)snprintf(text, sizeof text,
		               "local function f(...) %s end return function() return f([==[%s]==], [==[%s]==]) end", code,
		               subject, pattern);
		box_run(s, &j);
		(void)snprintf(ours, sizeof ours, "%s", j.out);
		if (rc == LUA_OK) {
			/* we read the whole pattern first, Lua only as far as the match comes */
			if (strcmp(ours, lua_tostring(own, -1)) != 0 && strstr(ours, "malformed pattern") == NULL)
				fail_msg("subject [%s] pattern [%s]\n ours: %s\n Lua's: %s", subject, pattern, ours,
				         lua_tostring(own, -1));
			agreed += strcmp(ours, lua_tostring(own, -1)) == 0;
		} else {
			if (strstr(ours, "t.lua:1: ") == NULL)
				fail_msg("subject [%s] pattern [%s]: Lua says %s, we: %s", subject, pattern,
				         lua_tostring(own, -1), ours);
			wrong++;
		}
		lua_settop(own, 0);
	}
	assert_true(agreed > 10000 && wrong > 1000);
	lua_close(own);
	pb_box_close(s);
}

static void bad_patterns_are_named(void **state)
{
	static const char *const cases[][2] = {
	    {"return ('x'):find('[a')", "'[' without its ']'"},
	    {"return ('x'):find('(a')", "'(' without its ')'"},
	    {"return ('x'):find('a)')", "')' without its '('"},
	    {"return ('x'):find('%')", "ends with '%'"},
	    {"return ('x'):find('%1')", "%1 to %9"},
	    {"return ('x'):find('(%1)')", "%1 to %9"},
	    {"return ('x'):find('%bx')", "%b needs two"},
	    {"return ('x'):find('%fx')", "%f needs a set"},
	    {"return ('x'):find(('()'):rep(33))", "more than 32 captures"},
	    {"return ('x'):find(('a'):rep(257))", "more than 256 parts"},
	    {"return ('x'):find(('a'):rep(1001))", "longer than 1000"},
	    {"return ('x'):gsub('x', '%2')", "wrong use of '%'"},
	    {"return ('x'):gsub('x', '%')", "wrong use of '%'"},
	    {"return ('x'):gsub('x', function() return {} end)", "the replacement is a table"},
	    {"return ('x'):gsub('x')", "string, table or function expected"},
	    {"return ('x'):find(('a?'):rep(250))", "1"},
	    {"return ('x\\0y'):find('%z', 1) or ('x\\0y'):find('\\0')", "2"},
	    {"return ('x'):find('x', 5)", "nil"},
	};
	pb_sandbox *s = box_open();

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		box_expect(s, (box_job){0}, "", cases[i][0], cases[i][1]);
	pb_box_close(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(patterns_are_those_of_lua),
	                                   cmocka_unit_test(bad_patterns_are_named)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
