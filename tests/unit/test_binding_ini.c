/* require "probity.ini" */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "decode_case.h"

#define AGAIN ": a key that its table had before; the last one counts"

static void sections(void **state)
{
	static const decode_case cases[] = {
	    {"", "{}", 0},
	    {"; only\n# comments\n", "{}", 0},
	    {"a = 1\n[s]\nb: two words ; comment\nc=\n", "{={a='1'} s={b='two words' c=''}}", 0},
	    {"[s]\na=1\n[t]\na=2\n[s]\nb=3", "{s={a='1' b='3'} t={a='2'}}", 0},
	    {"[s]\na=1\na=2", "{s={a='2'}} note line 3, column 1" AGAIN, 0},
	    {"[s]\r\na=1\r\n", "{s={a='1'}}", 0},
	    {"\xef\xbb\xbf[s]\na=1", "{s={a='1'}}", 0},
	    {"[core]\n\teditor = vi\n\tpager = less\n", "{core={editor='vi' pager='less'}}", 0},
	    {"[s]\nx", "nil: line 2, column 1: neither a [section], a key = value nor a comment", 0},
	    {"[s\na=1", "nil: line 1, column 1: a section without its \"]\"", 0},
	    {"[s] x\n", "nil: line 1, column 1: text after the \"]\" of a section", 0},
	    {"=1", "nil: line 1, column 1: a value without a key", 0},
	    {"[sssssssssssssssssssssssssssssssssssssssssssssssss]",
	     "nil: line 1, column 1: section name too long, at most 48 bytes", 0},
	    {"a=1\nb=\xff", "nil: line 2, column 3: not valid UTF-8", 0},
	    {"a=1\n\0", "nil: line 2, column 1: a NUL byte", 5},
	};

	(void)state;
	decode_all("ini", "nil", cases, sizeof cases / sizeof cases[0]);
}

static void entries(void **state)
{
	static const decode_case cases[] = {
	    {"", "{}", 0},
	    {"[Service]\nExecStart=a\nExecStart=b\n",
	     "[{key='ExecStart' line=2 section='Service' value='a'} {key='ExecStart' line=3 section='Service' value='b'}]", 0},
	};

	(void)state;
	decode_all("ini", "{ entries = true, multiline = false }", cases, sizeof cases / sizeof cases[0]);
}

static void values_of_several_lines(void **state)
{
	static const decode_case cases[] = {
	    {"[o]\nrequires =\n  a\n  b = c\n\n  # comment\nname = x\n", "{o={name='x' requires='\na\nb = c'}}", 0},
	    {"[o]\n  first = 1\n  more\n [no]\n[p]\n  q = 2\n", "{o={first='1\nmore\n[no]'} p={q='2'}}", 0},
	    {"[o]\na_name_of_a_key_that_is_longer_than_the_fifty_bytes_that_inih_keeps = 1\n 2",
	     "{o={a_name_of_a_key_that_is_longer_than_the_fifty_bytes_that_inih_keeps='1\n2'}}", 0},
	    {"  x", "nil: line 1, column 1: neither a [section], a key = value nor a comment", 0},
	};

	(void)state;
	decode_all("ini", "{ multiline = true }", cases, sizeof cases / sizeof cases[0]);
}

static void limits(void **state)
{
	(void)state;
	decode_many("ini", "[s]\n", "k#=1\n", 99998, "", "fine");
	decode_many("ini", "[s]\n", "k#=1\n", 99999, "", "nil: line 100000, column 1: limit entries: more than 100000 values");
	decode_many("ini", "", "[s#]\nk=1\n", 49999, "", "fine");
	decode_many("ini", "", "[s#]\nk=1\n", 60000, "", "limit entries");
	decode_many("ini", "k=", "x", 4094, "", "fine");
	decode_many("ini", "\nk=", "x", 4095, "", "nil: line 2, column 1: line too long, at most 4096 bytes");
}

static void what_holds_for_all(void **state)
{
	(void)state;
	decode_common("ini", "x = 1\n[section]\nkey = a string of more than forty characters, so long\n[section]\nb = 2\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(sections),
	    cmocka_unit_test(entries),
	    cmocka_unit_test(values_of_several_lines),
	    cmocka_unit_test(limits),
	    cmocka_unit_test(what_holds_for_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
