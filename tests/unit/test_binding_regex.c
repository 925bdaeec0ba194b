/* require "probity.regex", x:find and x:matches: what they find, what ends a match that would not end, and that it does not depend on
 * what ran before. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "decode_case.h"

#define TEXT "user = root\npassword = \"s3cret\"\r\nPASSWORD=x\0y\n"
#define HEAD                                                                                                                               \
	"local regex = require 'probity.regex' "                                                                                           \
	"local function all(next_one) local o = '' for at, n, a, b in next_one do "                                                        \
	"o = o .. at .. ':' .. n .. (a and '=' .. a or '') .. (b and '=' .. b or '') .. ' ' end return o end "                             \
	"local function show(...) local t = table.pack(...) for i = 1, t.n do t[i] = tostring(t[i]) end return table.concat(t, ' ') end "

static const char *const cases[][2] = {
    {"return show(x:find('s3'))", "24 2"},
    {"return show(x:find('(\\\\w+) = \"(.*?)\"'))", "12 19 password s3cret"},
    {"return show(x:find('nowhere'))", "nil"},
    {"return show(x:find('password', 13))", "nil"},
    {"return show(x:find('password', 13, 'i'))", "33 8"},
    {"return show(x:find('^password', 0))", "nil"},
    {"return show(x:find('^password', 0, 'm'))", "12 8"},
    {"return show(x:find('\"$', 0, 'm'))", "30 1"},
    {"return show(x:find('root.pass'))", "nil"},
    {"return show(x:find('root.pass', 0, 's'))", "7 9"},
    {"return show(x:find('ro  ot', 0, 'x'))", "7 4"},
    {"return show(x:find('x\\\\x00y'))", "42 3"},
    {"return show(x:find('(a)?(r)(o)?'))", "3 1 nil r nil"},
    {"return show(x:find('', 46))", "46 0"},
    {"return show(x:find('', 47)) .. show(x:find('', 1 << 60))", "nilnil"},
    {"return show(x:slice(12, 8):find('pass')) .. ' ' .. show(x:slice(12, 8):find('='))", "0 4 nil"},
    {"return show(x:slice(13, 8):find('^assword $'))", "0 8"},
    {"return all(x:matches('(?i)pass(w)'))", "12:5=w 33:5=W "},
    {"return all(x:slice(13):matches('[A-Z]+'))", "20:8 "},
    {"return all(x:matches('o', 9))", "9:1 17:1 "},
    {"return all(regex.compile('a*'):matches('baac'))", "0:0 1:2 3:0 4:0 "},
    {"return all(regex.compile('a?'):matches(''))", "0:0 "},
    {"return all(regex.compile('(?<=a)|b'):matches('aab'))", "1:0 2:0 2:1 "},
    {"return all(regex.compile('a\\\\K'):matches('aa'))", "1:0 2:0 "},
    {"return show(regex.compile('b(.)', 'i'):find('aBc'))", "1 2 c"},
    {"return show(regex.compile('b'):find('abab', 2))", "3 1"},
    {"return show(regex.compile('root'):find(x)) .. show(regex.compile('root'):find(x:slice(7)))", "7 40 4"},
    {"return show(x:find(regex.compile('root')))", "7 4"},
    {"return show(regex.compile('([\\'\"])(\\\\w+)\\\\1'):find(x))", "23 8 \" s3cret"},
    {"return show(regex.compile('\\xc3\\xa4'):find('\\xc3\\xa4'))", "0 2"},
    /* mistakes */
    {"return x:find('(')", "the pattern is wrong at its byte 2: missing closing parenthesis"},
    {"return x:find('a', 0, 'q')", "options are letters"},
    {"return x:find('a', -1)", "an offset or a length counts from 0"},
    {"return x:find('(*UTF)a')", "the pattern is wrong"},
    {"return x:find(('a'):rep(4097))", "a pattern has at most 4096 bytes"},
    {"return x:find(('(a)'):rep(33))", "the pattern has 33 captures, 32 are the most"},
    {"return select('#', x:find(('(u)?'):rep(32)))", "34"},
    {"return x:find(('('):rep(101) .. (')'):rep(101))", "the pattern is wrong"},
    {"return x:find(regex.compile('a'), 0, 'i')", "has its options already"},
    {"return x:find()", "string expected"},
    {"return regex.compile('a'):find(5)", "an object, a slice or a string expected"},
    {"return regex.compile('a').fnd", "a compiled pattern has no field \"fnd\"; did you mean \"find\"?"},
    {"regex.compile('a').x = 1", "read-only"},
    {"return regex.search", "probity.regex has no"},
    {"return type(regex.compile('a'))", "userdata"},
};

static void what_is_found(void **state)
{
	pb_sandbox *box = box_open();
	pb_object o;
	pb_object_view v = decode_object(&o, TEXT, sizeof TEXT - 1);

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		box_expect(box, (box_job){.object = &v}, HEAD, cases[i][0], cases[i][1]);
	pb_box_close(box);
}

/* Each ends within its budget, by the name of the limit: none of them may hold the processor. */
static void what_would_not_end(void **state)
{
	static const char *const endless[][2] = {
	    {"return x:find('(a+)+[bc]')", "limit match"},
	    {"return x:slice(0, 40):find('(a+)+[bc]')", "limit match"},
	    {"return x:find('a[^b]*+[bc]')", "limit pattern"},
	    {"return x:find('(?:a|aa)+[cd]')", "limit "},
	    {"return x:find('(?:a|b)*[cd]')", "limit match"},
	    {"return x:find('^(.*?)X?\\\\1$')", "limit pattern"},
	    {"return x:find('a{60000}[bc]')", "limit pattern"},
	    {"return x:find('(?R)?a')", "the pattern cannot be matched: nested recursion"},
	    {"return x:find('(?<=a{200})b|(?=.*[cd])e')", "limit "},
	    {"while true do x:find('[yz]z') end", "limit instructions"},
	    {"for at in x:matches('') do end", "limit "},
	    {"for i = 1, 1000000 do x:find('a' .. i) end", "limit instructions"},
	};
	size_t n = 4 << 20;
	char *text = malloc(n);
	pb_object o;

	(void)state;
	assert_non_null(text);
	memset(text, 'a', n);
	for (size_t i = 0; i < sizeof endless / sizeof endless[0]; i++) {
		pb_sandbox *box = box_open();
		pb_object_view v = decode_object(&o, text, n);

		box_expect(box, (box_job){.object = &v}, HEAD, endless[i][0], endless[i][1]);
		box_expect(box, (box_job){.object = &v}, HEAD, "return show(x:find('aa'))", "0 2"); /* and it goes on */
		pb_box_close(box);
	}
	free(text);
}

/* A plain pattern gets through a large object within the budget. */
static void large_objects_are_searched(void **state)
{
	size_t n = 16 << 20;
	char *text = malloc(n);
	pb_sandbox *box = box_open();
	pb_object o;
	pb_object_view v;

	(void)state;
	assert_non_null(text);
	for (size_t i = 0; i < n; i++)
		text[i] = "the quick brown fox jumps over the lazy dog\n"[i % 44];
	memcpy(text + n - 20, "token = 0123456789\n", 19);
	v = decode_object(&o, text, n);
	box_expect(box, (box_job){.object = &v}, HEAD, "return show(x:find('token\\\\s*=\\\\s*(\\\\d+)'))", " 18 0123456789");
	box_expect(box, (box_job){.object = &v}, HEAD, "local n = 0 for at in x:matches('\\\\bfox\\\\b') do n = n + 1 end return n > 300000 and 'many'",
	           "many");
	free(text);
	pb_box_close(box);
}

static uint64_t steps_of(pb_sandbox *box, const pb_object_view *v, const char *body)
{
	box_expect(box, (box_job){.object = v}, HEAD, body, "");
	return box->steps;
}

static void the_cost_is_the_same_again(void **state)
{
	static const char search[] = "x:find('(\\\\w+) = (\\\\w+)') return ''";
	pb_sandbox *box = box_open();
	pb_object o;
	pb_object_view v = decode_object(&o, TEXT, sizeof TEXT - 1);
	uint64_t first = steps_of(box, &v, search);

	(void)state;
	assert_true(first > 5 && first < 1000);
	assert_int_equal(steps_of(box, &v, search), first);
	(void)steps_of(box, &v, "for i = 1, 500 do x:find('b' .. i) end return ''"); /* the cache is full and begins anew */
	assert_int_equal(steps_of(box, &v, search), first);
	pb_box_close(box);
}

static int late(lua_State *L)
{
	lua_call(L, 0, 1);
	return 1;
}

static void what_ends_with_the_object(void **state)
{
	static const char *const cases_after[][2] = {
	    {"return function() return x:find('a') end", "object used after its scan ended"},
	    {"local m = x:matches('s') m() return m", "object used after its scan ended"},
	    {"local m = x:slice(3):matches('s') m() return m", "object used after its scan ended"},
	    {"local r = regex.compile('b') return function() return r:find(x) end", "object used after its scan ended"},
	    {"local r = regex.compile('b') return function() return r:find('ab') end", "1"},
	};
	pb_sandbox *box = box_open();
	pb_object o;
	pb_object_view v = decode_object(&o, TEXT, sizeof TEXT - 1);

	(void)state;
	for (size_t i = 0; i < sizeof cases_after / sizeof cases_after[0]; i++)
		box_expect(box, (box_job){.object = &v, .after = late}, HEAD, cases_after[i][0], cases_after[i][1]);
	pb_box_close(box);
}

static void memory_may_run_out(void **state)
{
	pb_object o;
	pb_object_view v = decode_object(&o, TEXT, sizeof TEXT - 1);
	pb_sandbox *box = box_open();

	(void)state;
	box_starve(box, (box_job){.object = &v,
	                          .code = HEAD "return function(x) return all(x:matches('(?i)(pass)(w)')) .. "
	                                       "show(regex.compile('(s)(3)'):find(x)) .. show(x:slice(7):find('root')) end"});
	pb_box_close(box);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_is_found),
	    cmocka_unit_test(what_would_not_end),
	    cmocka_unit_test(large_objects_are_searched),
	    cmocka_unit_test(the_cost_is_the_same_again),
	    cmocka_unit_test(what_ends_with_the_object),
	    cmocka_unit_test(memory_may_run_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
