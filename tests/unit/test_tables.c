/* JSON text as Lua tables, and tables as canonical text: hostile texts and values, widths, depths, and every
 * allocation that fails once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "module_case.h"
#include "tables_case.h"

static const pb_sandbox_limits limits = TABLES_LIMITS;

static pb_sandbox *open_box(void)
{
	pb_sandbox *s = NULL;
	pb_error err = {0};

	if (pb_box_open(&limits, &pb_bindings_table, NULL, &s, &err) != PB_OK)
		fail_msg("%s", err.text);
	return s;
}

/* What comes of the text: it again, or why not. */
static const char *there_and_back(pb_sandbox *box, tables_call *c, const void *text, size_t size)
{
	c->text = (pb_bytes){text, size};
	if (pb_box_enter(box, tables_work, c) == PB_OK)
		return c->out;
	return box->limit ? box->limit : box->why;
}

static void texts(void **state)
{
	static const struct {
		const char *text, *wanted;
		size_t size; /* 0: up to its NUL */
	} cases[] = {
	    {" { \"b\" : [ 1 , \"x\" ] , \"a\" : { } } ", "{\"a\":{},\"b\":[1,\"x\"]}", 0},
	    {"[]", "[]", 0},
	    {"[[],{},[{}]]", "[[],{},[{}]]", 0},
	    {"[null,1,null]", "[1]", 0},
	    {"{\"b\":null,\"a\":1}", "{\"a\":1,\"b\":null}", 0},
	    {"{\"\":0}", "{\"\":0}", 0},
	    {"{\"aa\":1,\"a\":2,\"B\":3}", "{\"B\":3,\"a\":2,\"aa\":1}", 0},
	    /* a name twice: also where one of them is null */
	    {"{\"a\":1,\"a\":2}", "byte 10: a name that its object had before", 0},
	    {"{\"a\":null,\"a\":1}", "a name that its object had before", 0},
	    {"{\"a\":null,\"b\":null,\"a\":null}", "a name that its object had before", 0},
	    {"{\"a\":1,\"a\":null}", "a name that its object had before", 0},
	    {"{\"a\":null,\"\\u0061\":null}", "a name that its object had before", 0},
	    /* numbers */
	    {"[9223372036854775807,-9223372036854775808]", "[9223372036854775807,-9223372036854775808]", 0},
	    {"[9223372036854775808]", "byte 1: an integer beyond 64 bits", 0},
	    {"[-9223372036854775809]", "an integer beyond 64 bits", 0},
	    {"[-0,0.0,-0.0,1e2,1E-2]", "[0,0.0,-0.0,100.0,0.01]", 0},
	    {"[1.7976931348623157e308,5e-324]", "[1.7976931348623157e+308,4.9406564584124654e-324]", 0},
	    {"[1e309]", "byte 1: a number beyond the range of a double", 0},
	    {"[-1e999]", "a number beyond the range of a double", 0},
	    {"[NaN]", "no JSON", 0},
	    {"[Infinity]", "no JSON", 0},
	    {"[-]", "no JSON", 0},
	    {"[+1]", "no JSON", 0},
	    {"[.5]", "no JSON", 0},
	    {"[01]", "no JSON", 0},
	    {"[1.]", "no number", 0},
	    {"[1e+]", "no number", 0},
	    {"[0x10]", "a comma or ] is missing", 0},
	    {"[0.00000000000000000000000000000000000000000000000000000000000001]", "[1e-62]", 0},
	    {"[0.000000000000000000000000000000000000000000000000000000000000001]", "a number of too many digits", 0},
	    /* strings */
	    {"[\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0001\\u007f\"]", "[\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\x7f\"]", 0},
	    {"[\"\\u00e9\\u20ac\\ud83d\\ude00\"]", "[\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\"]", 0},
	    {"[\"\\ud800\"]", "half of a surrogate pair", 0},
	    {"[\"\\ud800\\u0041\"]", "half of a surrogate pair", 0},
	    {"[\"\\udc00\"]", "half of a surrogate pair", 0},
	    {"[\"\\ud83d\\ude0", "half of a surrogate pair", 0},
	    {"[\"\\u00e", "the text ends inside of an escape", 0},
	    {"[\"\\u0000\"]", "a NUL character in a text", 0},
	    {"{\"a\\u0000b\":1}", "a NUL character in a text", 0},
	    {"[\"a\0b\"]", "byte 3: a control character in a text", 7},
	    {"[1]\0", "something follows the value", 4},
	    {"[\"\\\0\"]", "no escape", 5},
	    {"[\"\\x41\"]", "no escape", 0},
	    {"[\"\\u00g0\"]", "no escape", 0},
	    {"[\"\xff\"]", "no UTF-8", 0},
	    {"[\"\xc0\x80\"]", "no UTF-8", 0},
	    {"[\"\xed\xa0\x80\"]", "no UTF-8", 0},
	    {"[\"\xf4\x90\x80\x80\"]", "no UTF-8", 0},
	    {"[\"\xe2\x82\"]", "no UTF-8", 0},
	    {"[\"\xe2\x82", "no UTF-8", 0},
	    {"{\"\xff\":1}", "no UTF-8", 0},
	    {"[\"a", "the text ends inside of a string", 0},
	    {"[\"a\\", "no escape", 0},
	    /* what is no JSON */
	    {"", "text: empty", 0},
	    {" ", "the text ends too early", 0},
	    {"[1,]", "no JSON", 0},
	    {"[1 2]", "a comma or ] is missing", 0},
	    {"{\"a\" 1}", "a colon is missing", 0},
	    {"{a:1}", "a name is missing", 0},
	    {"{\"a\":1,}", "a name is missing", 0},
	    {"{\"a\":1", "a comma or } is missing", 0},
	    {"[tru]", "no JSON", 0},
	    {"[1] x", "byte 4: something follows the value", 0},
	    {"\xef\xbb\xbf{}", "no JSON", 0},
	};
	pb_sandbox *box = open_box();
	tables_call c = {.kept = LUA_NOREF};
	size_t wrong = 0;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		size_t size = cases[i].size ? cases[i].size : strlen(cases[i].text);
		const char *out = there_and_back(box, &c, cases[i].text, size);

		if (c.out ? strcmp(out, cases[i].wanted) == 0 : strstr(out, cases[i].wanted) != NULL)
			continue;
		print_error("%s\n  gave: %s\n  want: %s\n", cases[i].text, out, cases[i].wanted);
		wrong++;
	}
	pb_box_close(box);
	assert_int_equal(wrong, 0);
}

/* head, n times unit ('#' in it: a number that is new each time), tail. */
static char *many(const char *head, const char *unit, size_t n, const char *tail)
{
	const char *number = strchr(unit, '#');
	size_t room = strlen(head) + n * (strlen(unit) + 8) + strlen(tail) + 1, at;
	char *text = malloc(room);

	assert_non_null(text);
	at = (size_t)snprintf(text, room, "%s", head);
	for (size_t i = 0; i < n; i++)
		at += number ? (size_t)snprintf(text + at, room - at, "%.*s%06zu%s", (int)(number - unit), unit, i, number + 1)
		             : (size_t)snprintf(text + at, room - at, "%s", unit);
	(void)snprintf(text + at, room - at, "%s", tail);
	return text;
}

static void depths_and_widths(void **state)
{
	static const struct {
		const char *head, *unit, *tail;
		size_t n, closing; /* so many ] behind the tail */
		const char *wanted; /* NULL: the same text again */
	} cases[] = {
	    {"", "[", "", 100, 100, NULL},
	    {"", "[", "", 101, 101, "byte 100: more than 100 levels"},
	    {"", "[", "", 4000000, 0, "byte 100: more than 100 levels"},
	    {"", "{\"a\":", "", 101, 0, "more than 100 levels"},
	    {"[0", ",1", "]", 300000, 0, NULL},
	    {"{\"a\":0", ",\"k#\":1", "}", 48, 0, NULL}, /* around the number of names that need no memory of their own */
	    {"{\"a\":0", ",\"k#\":1", "}", 47, 0, NULL},
	    {"{\"a\":0", ",\"k#\":1", "}", 50000, 0, NULL},
	    {"{\"a\":null", ",\"k#\":null", "}", 63, 0, NULL},
	    {"{\"a\":null", ",\"k#\":null", "}", 64, 0, "more than 64 fields of one object are null"},
	    {"[\"", "0123456789abcdef", "\"]", 200000, 0, NULL},
	    {"[\"", "\\n", "\"]", 500000, 0, NULL},
	    {"[", "[],", "[]]", 100000, 0, NULL},
	};
	pb_sandbox *box = open_box();
	tables_call c = {.kept = LUA_NOREF};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		char tail[120] = "";
		(void)snprintf(tail, sizeof tail, "%s", cases[i].tail);
		memset(tail + strlen(tail), ']', cases[i].closing);
		tail[strlen(cases[i].tail) + cases[i].closing] = '\0';
		char *text = many(cases[i].head, cases[i].unit, cases[i].n, tail);
		const char *out = there_and_back(box, &c, text, strlen(text)), *wanted = cases[i].wanted;

		if (wanted ? !strstr(out, wanted) : !c.out || strcmp(out, text) != 0)
			fail_msg("%s%s... %zu times: %.200s", cases[i].head, cases[i].unit, cases[i].n, out);
		free(text);
	}
	pb_box_close(box);
}

static void values_of_scripts(void **state)
{
	static const char *const cases[][2] = {
	    {"local t = {} t.t = t return m.encode(t)", "more than 100 levels: does a table hold itself?"},
	    {"local a, b = {}, {} a[1] = b b[1] = a return m.encode(a)", "more than 100 levels: does a table hold itself?"},
	    {"local t = {} for i = 1, 99 do t = { t } end return #m.encode(t)", "200"},
	    {"local t = {} for i = 1, 100 do t = { t } end return m.encode(t)", "more than 100 levels"},
	    {"local t = {} return m.encode { t, t }", "[{},{}]"},
	    {"return m.encode(0/0)", "not a number is no number of JSON"},
	    {"return m.encode { x = 1/0 }", "infinity is no number of JSON"},
	    {"return m.encode(-1/0)", "infinity is no number of JSON"},
	    {"return m.encode { math.maxinteger, math.mininteger, -0.0, 2^53, 2^63, 1e300 }",
	     "[9223372036854775807,-9223372036854775808,-0.0,9007199254740992.0,"
	     "9.2233720368547758e+18,1.0000000000000001e+300]"},
	    {"return m.encode '\\xff'", "a string that is no UTF-8"},
	    {"return m.encode { ['\\xed\\xa0\\x80'] = 1 }", "a string that is no UTF-8"},
	    {"return m.encode { ['a\\0b'] = 'c\\0d' }", "{\"a\\u0000b\":\"c\\u0000d\"}"},
	    {"return m.encode { ['a\\0b'] = 1, ['a'] = 2, ['a\\0'] = 3 }", "{\"a\":2,\"a\\u0000\":3,\"a\\u0000b\":1}"},
	    {"return m.encode { 1, nil, 3 }", "with gaps"},
	    {"return m.encode { 1, x = 2 }", "a list (1, 2, ...) with other keys"},
	    {"return m.encode { [2] = 1 }", "a key that is a number"},
	    {"return m.encode { [true] = 1 }", "a key that is a boolean"},
	    {"return m.encode { [1.5] = 1 }", "a key that is a number"},
	    {"return m.encode { [math.maxinteger] = 1 }", "a key that is a number"},
	    {"return m.encode(m.encode)", "a function is no value of JSON"},
	    {"return m.encode(nil)", "a nil is no value of JSON"},
	    {"return m.encode()", "value expected"},
	    {"return m.encode { m.null, a = nil }", "[null]"},
	    {"return m.encode(m.list {}) .. m.encode {}", "[]{}"},
	    {"return m.encode(m.list { x = 1 })", "with other keys"},
	    {"return m.list(5)", "table expected"},
	    {"return #m.encode(('x'):rep(3 << 20))", "3145730"},
	    {"return #m.encode(('\\1'):rep(1 << 20))", "6291458"},
	    {"local s = ('x'):rep(1 << 20) local t = {} for i = 1, 1000 do t[i] = s end return #m.encode(t)", "limit "},
	};

	(void)state;
	module_all("local m = require 'probity.json'", cases, sizeof cases / sizeof cases[0]);
}

static void memory_that_runs_out(void **state)
{
	static const char text[] = "{\"list\":[1,2.5,\"a\\u00e9b\",[],{}],\"none\":null,\"nil\":null,\"o\":{\"k\":true}}";
	static const char wanted[] = "{\"list\":[1,2.5,\"a\xc3\xa9" "b\",[],{}],\"nil\":null,\"none\":null,\"o\":{\"k\":true}}";
	pb_sandbox *box = open_box();
	tables_call c = {.kept = LUA_NOREF};
	uint64_t n;

	(void)state;
	assert_string_equal(there_and_back(box, &c, text, sizeof text - 1), wanted);
	for (n = 0; n < 10000; n++) {
		box->grants = n;
		const char *out = there_and_back(box, &c, text, sizeof text - 1);
		box->grants = UINT64_MAX;
		assert_string_equal(out, c.out ? wanted : "memory");
		if (c.out)
			break;
	}
	assert_true(n > 10 && n < 10000);
	pb_box_close(box);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(texts), cmocka_unit_test(depths_and_widths),
	                                   cmocka_unit_test(values_of_scripts), cmocka_unit_test(memory_that_runs_out)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
