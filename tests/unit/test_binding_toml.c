/* require "probity.toml": what the specification's text shows, valid and invalid. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "decode_case.h"

static void good(void **state)
{
	static const decode_case cases[] = {
	    {"", "{}", 0},
	    {"# c\n\n  \t# d\r\n", "{}", 0},
	    {"a = 1 # c\nb=\"x\"", "{a=1 b='x'}", 0},
	    {"\xef\xbb\xbf"
	     "a = 1",
	     "{a=1}", 0},
	    {"1234 = 1\n\"a b\" = 2\n'c\"d' = 3\n\"\" = 4\nbare-key_ = 5", "{=4 1234=1 a b=2 bare-key_=5 c\"d=3}", 0},
	    {"a.b.c = 1\na . \"d\" = 2\n3.14 = 'pi'", "{3={14='pi'} a={b={c=1} d=2}}", 0},
	    {"[a]\nx=1\n[a.b]\ny=2\n[ c . 'd' ]\nz=3", "{a={b={y=2} x=1} c={d={z=3}}}", 0},
	    {"[a.b.c]\nx=1\n[a]\ny=2\n", "{a={b={c={x=1}} y=2}}", 0},
	    {"[fruit]\napple.color = 1\napple.taste.sweet = true\n[fruit.apple.texture]\nsmooth = true",
	     "{fruit={apple={color=1 taste={sweet=true} texture={smooth=true}}}}", 0},
	    {"[[p]]\nn=1\n[[p]]\n[[p]]\nn=3\n[p.q]\nr=4\n[[p.s]]\nt=5", "{p=[{n=1} {} {n=3 q={r=4} s=[{t=5}]}]}", 0},
	    {"a = [ 1, 2, # c\n  [\"x\", 'y'],\n  {b = 1}, ]\n", "{a=[1 2 ['x' 'y'] {b=1}]}", 0},
	    {"a = {}\nb = { c.d = 1, c.e = 2, \"f\" = [{}] }", "{a={} b={c={d=1 e=2} f=[{}]}}", 0},
	    {"a = [+99, -17, +0, -0, 1_000, 0xDEAD_beef, 0o755, 0b1101, 9223372036854775807, -9223372036854775808]",
	     "{a=[99 -17 0 0 1000 3735928559 493 13 9223372036854775807 -9223372036854775808]}", 0},
	    {"a = [+1.0, 3.1415, -0.01, 5e+22, 1e06, -2E-2, 6.626e-34, 224_617.445_991_228, -0.0, inf, -inf]",
	     "{a=[1.0 3.1415 -0.01 5e+22 1000000.0 -0.02 6.626e-34 224617.44599123 -0.0 inf -inf]}", 0},
	    {"a = 1979-05-27T07:32:00Z\nb = 1979-05-27 00:32:00.999-07:00\nc = 1979-05-27T07:32:00\nd = 1979-05-27\ne = "
	     "07:32:00.5\n"
	     "f = [2024-02-29, 2000-02-29 ]",
	     "{a='1979-05-27T07:32:00Z' b='1979-05-27 00:32:00.999-07:00' c='1979-05-27T07:32:00' d='1979-05-27' "
	     "e='07:32:00.5' "
	     "f=['2024-02-29' '2000-02-29']}",
	     0},
	    {"a = \"b\\\"\\\\\\t\\n\\u00e9\\U0001F600\"", "{a='b\"\\\t\n\xc3\xa9\xf0\x9f\x98\x80'}", 0},
	    {"a = \"\"\"\nRoses \"red\"\nViolets\\\n   \n  blue\"\"\"\nb = ''\nc = \"\"",
	     "{a='Roses \"red\"\nVioletsblue' b='' c=''}", 0},
	    {"a = '''\nI [dw]on't \\d\n'''\nb = \"\"\"\"x\"\"\"\"\"\nc = ''''y'''''",
	     "{a='I [dw]on't \\d\n' b='\"x\"\"' c=''y'''}", 0},
	    {"a = 'C:\\x'\nb = true\nc = false", "{a='C:\\x' b=true c=false}", 0},
	    {"a = \"\"\"x\r\ny\"\"\"\r\n", "{a='x\r\ny'}", 0},
	};

	(void)state;
	decode_all("toml", "nil", cases, sizeof cases / sizeof cases[0]);
}

static void bad(void **state)
{
	static const decode_case cases[] = {
	    {"a = 1\na = 2", "nil: line 2, column 1: a key that is defined already", 0},
	    {"a.b = 1\na.b.c = 2", "nil: line 2, column 3: a key that is defined already", 0},
	    {"a = 1\n[a]", "nil: line 2, column 2: a header for a key that is defined already", 0},
	    {"[a]\n[a]", "nil: line 2, column 2: a header for a key that is defined already", 0},
	    {"[a]\nb.c = 1\n[a.b]", "nil: line 3, column 4: a header for a key that is defined already", 0},
	    {"[a.b.c]\nz=9\n[a]\nb.c.t = 1", "nil: line 4, column 1: a key that is defined already", 0},
	    {"a = {}\na.b = 1", "nil: line 2, column 1: a key that is defined already", 0},
	    {"a = {b = {}}\n[a.b.c]", "nil: line 2, column 2: a header through a key that has a value already", 0},
	    {"[t]\na.b = {x = 1}\na.b.y = 2", "nil: line 3, column 3: a key that is defined already", 0},
	    {"a = []\n[[a]]", "nil: line 2, column 3: a header for a key that is defined already", 0},
	    {"[[a]]\n[a]", "nil: line 2, column 2: a header for a key that is defined already", 0},
	    {"[a]\n[[a]]", "nil: line 2, column 3: a header for a key that is defined already", 0},
	    {"a = {b = 1, b = 2}", "nil: line 1, column 13: a key that is defined already", 0},
	    {"a = {b = 1,}", "nil: line 1, column 12: a key is missing here", 0},
	    {"a = {b = 1\n}", "nil: line 1, column 11: a table in one line goes on with \",\" or ends with \"}\"", 0},
	    {"a = [1 2]", "nil: line 1, column 8: a list goes on with \",\" or ends with \"]\"", 0},
	    {"a = [1", "nil: line 1, column 7: a list goes on with \",\" or ends with \"]\"", 0},
	    {"a = [,1]", "nil: line 1, column 6: a value is missing here", 0},
	    {"a", "nil: line 1, column 2: a key without \"=\"", 0},
	    {"a =", "nil: line 1, column 4: a value is missing here", 0},
	    {"= 1", "nil: line 1, column 1: a key is missing here", 0},
	    {"a = 1 b = 2", "nil: line 1, column 7: more on a line that should end here", 0},
	    {"[a", "nil: line 1, column 3: a header without its \"]\"", 0},
	    {"[a] x", "nil: line 1, column 5: more on a line that should end here", 0},
	    {"[[a]", "nil: line 1, column 5: a header without its \"]\"", 0},
	    {"[]", "nil: line 1, column 2: a key is missing here", 0},
	    {"[a.]", "nil: line 1, column 4: a key is missing here", 0},
	    {"\"\"\"a\"\"\" = 1", "nil: line 1, column 1: a string of several lines as a key", 0},
	    {"a = \"x\nb = 1", "nil: line 1, column 7: a string without its closing quote", 0},
	    {"a = '''x\n", "nil: line 2, column 1: a string without its closing quote", 0},
	    {"a = \"\\x\"", "nil: line 1, column 7: an unknown escape", 0},
	    {"a = \"\\u12\"", "nil: line 1, column 10: an escape with too few hexadecimal digits", 0},
	    {"a = \"\\ud800\"", "nil: line 1, column 12: an escape of no character", 0},
	    {"a = \"\\U00110000\"", "nil: line 1, column 16: an escape of no character", 0},
	    {"a = \"\x01\"", "nil: line 1, column 6: a control character in a string", 0},
	    {"# \x01", "nil: line 1, column 3: a control character in a comment", 0},
	    {"a = 1\rb = 2", "nil: line 1, column 6: more on a line that should end here", 0},
	    {"a = 9223372036854775808", "nil: line 1, column 5: an integer beyond 64 bits", 0},
	    {"a = -9223372036854775809", "nil: line 1, column 5: an integer beyond 64 bits", 0},
	    {"a = 0x1_0000_0000_0000_0000", "nil: line 1, column 5: an integer beyond 64 bits", 0},
	    {"a = 01", "nil: line 1, column 5: a number that begins with 0", 0},
	    {"a = -01", "nil: line 1, column 5: a number that begins with 0", 0},
	    {"a = word", "nil: line 1, column 5: not a value: a string needs quotes", 0},
	    {"a = 2024-01-31x", "nil: line 1, column 5: not a value: a string needs quotes", 0},
	    {"\xc3\xa9 = 1", "nil: line 1, column 1: a key is missing here", 0},
	    {"a = 1\nb = '\xff'", "nil: line 2, column 6: not valid UTF-8", 0},
	};
	static const char *const values[] = {
	    "1_",
	    "_1",
	    "1__0",
	    "+_1",
	    "0x",
	    "0x_1",
	    "-0x1",
	    "0b2",
	    "0o8",
	    "1.",
	    ".1",
	    "1.e5",
	    "1e",
	    "1e_5",
	    "1_.5",
	    "1._5",
	    "+",
	    "-",
	    "infinity",
	    "+nanx",
	    "True",
	    "tru",
	    "1979-13-01",
	    "1979-1-1",
	    "2023-02-29",
	    "2100-02-29",
	    "1979-04-31",
	    "24:00:00",
	    "10:60:00",
	    "10:00",
	    "10:00:61",
	    "10:00:00.",
	    "10:00:00Z",
	    "1979-05-27T",
	    "1979-05-27T10:00",
	    "1979-05-27T10:00:00+1",
	    "1979-05-27T10:00:00+25:00",
	    "0", /* the last one is good: see below */
	};

	(void)state;
	decode_all("toml", "nil", cases, sizeof cases / sizeof cases[0]);
	for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
		bool last = i + 1 == sizeof values / sizeof values[0];

		decode_many("toml", "a = [", values[i], 1, "]", last ? "fine" : "nil: line 1, column 6: ");
	}
}

static void limits(void **state)
{
	(void)state;
	decode_many("toml", "a = ", "[", 63, "]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]", "fine");
	decode_many("toml", "a = ", "[", 64, "", "nil: line 1, column 68: limit depth: more than 64 levels");
	decode_many("toml", "a", ".a", 63, " = {}", "nil: line 1, column 131: limit depth: more than 64 levels");
	decode_many("toml", "[a", ".a", 100, "]", "limit depth: more than 64 levels");
	decode_many("toml", "", "k# = 1\n", 99999, "", "fine");
	decode_many("toml", "", "k# = 1\n", 100000, "", "nil: line 100000, column 10: limit entries: more than 100000 values");
	decode_many("toml", "a = [", "1,", 99998, "]", "fine");
	decode_many("toml", "", "[[a]]\n", 1000000, "", "limit entries: more than 100000 values");
	decode_many("toml", "", "[a#]\n", 99999, "", "fine");
	decode_many("toml", "a = '", "x", 8000000, "'", "fine");
}

static void what_holds_for_all(void **state)
{
	(void)state;
	decode_common("toml",
	              "a = [1, 2, {b = 1}]\n[c]\nd = 'a string of more than forty characters, so long'\n[[e]]\nf.g = 1.5\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(good), cmocka_unit_test(bad), cmocka_unit_test(limits),
	                                   cmocka_unit_test(what_holds_for_all)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
