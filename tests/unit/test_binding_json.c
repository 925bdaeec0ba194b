/* require "probity.json" */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "decode_case.h"

static void values(void **state)
{
	static const decode_case cases[] = {
	    {"{\"a\":[1,2.5,\"x\",true,false,null],\"b\":{}}", "{a=[1 2.5 'x' true false null] b={}}", 0},
	    {"[3, [2, [1]]]", "[3 [2 [1]]]", 0},
	    {" 5 ", "5", 0},
	    {"null", "null", 0},
	    {"\"\\u00e9\\ud83d\\ude00\"", "'\xc3\xa9\xf0\x9f\x98\x80'", 0},
	    {"[9223372036854775807,-9223372036854775808,1e2,-0.0]", "[9223372036854775807 -9223372036854775808 100.0 -0.0]", 0},
	    {"\xef\xbb\xbf{}", "{}", 0},
	    {"{\"1\":1}", "{1=1}", 0},
	    {"{\"a\":1,\n \"a\":2}", "{a=2} note line 2, column 4: a key that its table had before; the last one counts", 0},
	    {"", "nil: line 1, column 1: unexpected token near end of file", 0},
	    {"[1,\n2,]", "nil: line 2, column 3: unexpected token near ']'", 0},
	    {"{'a':1}", "nil: line 1, column 2: string or '}' expected near '''", 0},
	    {"[1] x", "nil: line 1, column 5: end of file expected near 'x'", 0},
	    {"[9223372036854775808]", "nil: line 1, column 20: too big integer near '9223372036854775808'", 0},
	    {"[1e999]", "nil: line 1, column 6: real number overflow near '1e999'", 0},
	    {"[NaN]", "nil: line 1, column 4: invalid token near 'NaN'", 0},
	    {"[\"a\n\"]", "nil: line 1, column 3: unexpected newline near '\"a'", 0},
	    {"[\n\"\xff\"]", "nil: line 2, column 2: not valid UTF-8", 0},
	    {"[\"a\0\"]", "nil: line 1, column 4: a NUL byte", 6},
	    {"{\"\\u0000\":1}", "nil: line 1, column 9: NUL byte in object key not supported near '\"\\u0000\"'", 0},
	    {"[\"\\ud800\"]", "nil: line 1, column 9: invalid Unicode '\\uD800' near '\"\\ud800\"'", 0},
	};

	(void)state;
	decode_all("json", "nil", cases, sizeof cases / sizeof cases[0]);
}

static void a_nul_in_a_string(void **state)
{
	pb_sandbox *box = box_open();

	(void)state;
	assert_string_equal(decode_run(box, "json", "local v = m.decode(x) return #v .. v:byte(2)", "\"a\\u0000b\"", 10), "30");
	pb_box_close(box);
}

static void limits(void **state)
{
	(void)state;
	decode_many("json", "", "[", 64, "]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]", "fine");
	decode_many("json", "\n", "[", 65, "", "nil: line 2, column 65: limit depth: more than 64 levels");
	decode_many("json", "\n", "[", 8000000, "", "nil: line 2, column 65: limit depth: more than 64 levels");
	decode_many("json", "[0", ",1", 99998, "]", "fine");
	decode_many("json", "[0", ",1", 99999, "]", "limit entries: more than 100000 values");
	decode_many("json", "[0", ",[]", 2000000, "]", "nil: line 1, column 150001: limit entries: more than 100000 values");
	decode_many("json", "{\"a\":1", ",\"#\":1", 90000, "}", "fine");
	decode_many("json", "[\"", "[", 1000000, "\"]", "fine");
}

static void what_holds_for_all(void **state)
{
	(void)state;
	decode_common("json", "{\"a\":[1,2,{\"b\":null}],\"c\":\"a string of more than forty characters, so long\"}");
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(values), cmocka_unit_test(a_nul_in_a_string),
	                                   cmocka_unit_test(limits), cmocka_unit_test(what_holds_for_all)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
