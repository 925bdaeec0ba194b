/* require "probity.yaml" */
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
	    {"", "null", 0},
	    {"# only a comment\n", "null", 0},
	    {"a: 1\nb:\n  - x\n  - [1, {c: d}]\nc: {}", "{a=1 b=['x' [1 {c='d'}]] c={}}", 0},
	    {"[~, null, Null, NULL, \"\", '~', nUll, ]", "[null null null null '' '~' 'nUll']", 0},
	    {"[true, True, TRUE, false, False, FALSE, yes, no, on, \"true\", tRue]",
	     "[true true true false false false 'yes' 'no' 'on' 'true' 'tRue']", 0},
	    {"[0, -5, +7, 0x1F, 0o17, 017, 9223372036854775807, -9223372036854775808, '5']",
	     "[0 -5 7 31 15 17 9223372036854775807 -9223372036854775808 '5']", 0},
	    {"[9223372036854775808, 0x10000000000000000, 1_000, 0x, 0o8, 12e, +, -, .]",
	     "['9223372036854775808' '0x10000000000000000' '1_000' '0x' '0o8' '12e' '+' '-' '.']", 0},
	    {"[1.5, .5, 5., -1e3, 1E+2, 6.02e-23, .inf, -.INF, +.Inf, 1.2.3, 1e, .e1, inf]",
	     "[1.5 0.5 5.0 -1000.0 100.0 6.02e-23 inf -inf inf '1.2.3' '1e' '.e1' 'inf']", 0},
	    {"[2024-01-31, 12:30:45, 1.0.0]", "['2024-01-31' '12:30:45' '1.0.0']", 0},
	    {"on: push\n1: one\n~: null key\ntrue: x\n<<: y", "{1='one' <<='y' on='push' true='x' ~='null key'}", 0},
	    {"a: |\n  x\n   y\nb: >-\n  p\n  q\n", "{a='x\n y\n' b='p q'}", 0},
	    {"[!!str 1, !!int \"2\", !!float 3.0, !!null '', !!bool true, !Ref x, ! 7, !<tag:x> 8, !!binary YQ==]",
	     "['1' 2 3.0 null true 'x' '7' '8' 'YQ==']", 0},
	    {"a: &x [1, 2]\nb: *x\nc: &y z\nd: *y\n*y : 1", "{a=[1 2] b=[1 2] c='z' d='z' z=1}", 0},
	    {"- &a 1\n- *a\n- &a 2\n- *a\n", "[1 1 2 2]", 0},
	    {"&k key: v\nb: *k", "{b='key' key='v'}", 0},
	    {"\xef\xbb\xbf"
	     "a: 1",
	     "{a=1}", 0},
	    {"--- a\n...\n", "'a'", 0},
	    {"a: 1\nb: 2\na: 3", "{a=3 b=2} note line 3, column 4: a key that its table had before; the last one counts", 0},
	};

	(void)state;
	decode_all("yaml", "nil", cases, sizeof cases / sizeof cases[0]);
}

static void refused(void **state)
{
	static const decode_case cases[] = {
	    {"a: [1\nb: 2", "nil: line 2, column 2: did not find expected ',' or ']'", 0},
	    {"a: 'x", "nil: line 1, column 6: found unexpected end of stream", 0},
	    {"\ta: 1", "nil: line 1, column 1: found character that cannot start any token", 0},
	    {"a: b: c", "nil: line 1, column 5: mapping values are not allowed in this context", 0},
	    {"- *x", "nil: line 1, column 3: an alias that names nothing", 0},
	    {"--- &x\n- 1\n--- *x", "nil: line 3, column 1: a second document: { all = true } gives all of them", 0},
	    {"&x [1, *x]", "nil: line 1, column 8: an alias inside of what it names", 0},
	    {"a: &x {b: {c: *x}}", "nil: line 1, column 15: an alias inside of what it names", 0},
	    {"? [1]\n: 2", "nil: line 1, column 3: a key that is no string", 0},
	    {"? {a: 1}\n: 2", "nil: line 1, column 3: a key that is no string", 0},
	    {"a: &x [1]\n*x : 2", "nil: line 2, column 1: a key that is no string", 0},
	    {"a: !!int x", "nil: line 1, column 4: a value that is not what its tag says", 0},
	    {"a: !!int 99999999999999999999", "{a='99999999999999999999'}", 0},
	    {"a: 1\nb: \x01", "nil: line 2, column 4: control characters are not allowed", 0},
	    {"a: 1\nb: \xff", "nil: line 2, column 4: not valid UTF-8", 0},
	};

	(void)state;
	decode_all("yaml", "nil", cases, sizeof cases / sizeof cases[0]);
}

static void all_documents(void **state)
{
	static const decode_case cases[] = {
	    {"", "{}", 0},
	    {"a: 1\n---\n- &x b\n- *x\n---\n", "[{a=1} ['b' 'b'] null]", 0},
	    {"--- &x\n- 1\n--- *x", "nil: line 3, column 5: an alias that names nothing", 0},
	};

	(void)state;
	decode_all("yaml", "{ all = true }", cases, sizeof cases / sizeof cases[0]);
}

/* Each line of the tower holds ten of the line below. */
static void no_laughs(void **state)
{
	static const char tower[] = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n"
	                            "a1: &a1 [*a0,*a0,*a0,*a0,*a0,*a0,*a0,*a0,*a0,*a0]\n"
	                            "a2: &a2 [*a1,*a1,*a1,*a1,*a1,*a1,*a1,*a1,*a1,*a1]\n"
	                            "a3: &a3 [*a2,*a2,*a2,*a2,*a2,*a2,*a2,*a2,*a2,*a2]\n"
	                            "a4: &a4 [*a3,*a3,*a3,*a3,*a3,*a3,*a3,*a3,*a3,*a3]\n"
	                            "a5: &a5 [*a4,*a4,*a4,*a4,*a4,*a4,*a4,*a4,*a4,*a4]\n";

	(void)state;
	decode_many("yaml", tower, "", 1, "", "nil: line 5, column 38: limit entries: more than 100000 values");
	decode_many("yaml", "- &a [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]\n",
	            "- [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[*a", 1, "]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]\n", "fine");
	decode_many("yaml", "- &a [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]\n",
	            "- [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[*a", 1, "]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]\n", "limit depth");
}

/* A hundred bytes that grow to the limit cost what they grow to. */
static void growth_is_charged(void **state)
{
	pb_sandbox *box = box_open();
	char text[4000] = "- &a0 [x,x,x,x,x,x,x,x,x,x]\n";

	(void)state;
	for (int i = 1; i < 6; i++)
		(void)snprintf(text + strlen(text), sizeof text - strlen(text),
		               "- &a%d [*a%d,*a%d,*a%d,*a%d,*a%d,*a%d,*a%d,*a%d,*a%d,*a%d]\n", i, i - 1, i - 1, i - 1, i - 1,
		               i - 1, i - 1, i - 1, i - 1, i - 1, i - 1);
	assert_string_equal(
	    decode_run(box, "yaml", "for i = 1, 100 do assert(m.decode(x) == nil) end return 'done'", text, strlen(text)),
	    "limit instructions");
	pb_box_close(box);
}

static void limits(void **state)
{
	char *head = malloc(1000100);

	(void)state;
	decode_many("yaml", "", "[", 64, "]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]", "fine");
	decode_many("yaml", "", "[", 65, "", "nil: line 1, column 65: limit depth: more than 64 levels");
	decode_many("yaml", "", "[", 8000000, "", "nil: line 1, column 65: limit depth: more than 64 levels");
	decode_many("yaml", "", "- ", 1000000, "", "nil: line 1, column 129: limit depth: more than 64 levels");
	decode_many("yaml", "", "- 1\n", 99998, "", "fine");
	decode_many("yaml", "", "- 1\n", 100000, "", "limit entries: more than 100000 values");
	decode_many("yaml", "", "k#: 1\n", 49000, "", "fine");
	decode_many("yaml", "", "- &k# 1\n", 50000, "", "limit entries");
	assert_non_null(head);
	memset(head, 'x', 1000100);
	memcpy(head, "- &a ", 5);
	head[1000000] = '\0';
	decode_many("yaml", head, "\n- *a", 12, "\n", "fine");
	decode_many("yaml", head, "\n- *a", 20, "\n", "limit size: more than 16777216 bytes of strings");
	free(head);
}

static void what_holds_for_all(void **state)
{
	(void)state;
	decode_common("yaml", "a: [1, 2, {b: null}]\nc: &x a string of more than forty characters, so long\nd: *x\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(values),
	    cmocka_unit_test(refused),
	    cmocka_unit_test(all_documents),
	    cmocka_unit_test(no_laughs),
	    cmocka_unit_test(growth_is_charged),
	    cmocka_unit_test(limits),
	    cmocka_unit_test(what_holds_for_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
