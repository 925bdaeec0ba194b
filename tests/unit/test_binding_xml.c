/* require "probity.xml" */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "decode_case.h"

#define E(name, text, attributes, children) "{attributes=" attributes " children=" children " name='" name "' text='" text "'}"

static void elements(void **state)
{
	static const decode_case cases[] = {
	    {"<a/>", E("a", "", "{}", "{}"), 0},
	    {"<?xml version='1.0'?>\n<!-- c --><a b='1' c:d=\"&lt;&#233;\">x<!-- y -->z<![CDATA[<&]]></a>\n",
	     E("a", "xz<&", "{b='1' c:d='<\xc3\xa9'}", "{}"), 0},
	    {"<a>\n  <b>1</b>\n  <b/>\n</a>", E("a", "", "{}", "[" E("b", "1", "{}", "{}") " " E("b", "", "{}", "{}") "]"), 0},
	    {"<a> </a>", E("a", " ", "{}", "{}"), 0},
	    {"<a>one <b>two</b> three</a>", E("a", "one  three", "{}", "[" E("b", "two", "{}", "{}") "]"), 0},
	    {"<n:a xmlns:n='u' xmlns='v'><n:b/></n:a>",
	     E("n:a", "", "{xmlns='v' xmlns:n='u'}", "[" E("n:b", "", "{}", "{}") "]"), 0},
	    {"<!DOCTYPE a [<!ENTITY e 'x'><!ENTITY f '&e;&e;'>]><a b='&f;'>&f;</a>", E("a", "xx", "{b='xx'}", "{}"), 0},
	    {"<!DOCTYPE a SYSTEM 'http://x/y.dtd'><a>1&nbsp;2</a>", E("a", "1&nbsp;2", "{}", "{}"), 0},
	    {"<!DOCTYPE a [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><a>1&e;2</a>", E("a", "12", "{}", "{}"), 0},
	    {"<!DOCTYPE a [<!ENTITY % p SYSTEM 'file:///etc/passwd'> %p;]><a/>", E("a", "", "{}", "{}"), 0},
	    {"<?xml version='1.0' encoding='ISO-8859-1'?><a>\xe9</a>", E("a", "\xc3\xa9", "{}", "{}"), 0},
	    {"\xff\xfe<\0a\0/\0>\0", E("a", "", "{}", "{}"), 10},
	    {"\xef\xbb\xbf<a/>", E("a", "", "{}", "{}"), 0},
	};

	(void)state;
	decode_all("xml", "nil", cases, sizeof cases / sizeof cases[0]);
}

static void refused(void **state)
{
	static const decode_case cases[] = {
	    {"", "nil: line 1, column 1: no element found", 0},
	    {"text", "nil: line 1, column 1: syntax error", 0},
	    {"<a>\n<b></a>", "nil: line 2, column 6: mismatched tag", 0},
	    {"<a>", "nil: line 1, column 4: no element found", 0},
	    {"<a/><b/>", "nil: line 1, column 5: junk after document element", 0},
	    {"<a b='1' b='2'/>", "nil: line 1, column 10: duplicate attribute", 0},
	    {"<a>&x;</a>", "nil: line 1, column 4: undefined entity", 0},
	    {"<a>\xff</a>", "nil: line 1, column 4: not well-formed (invalid token)", 0},
	    {"<a>\0</a>", "nil: line 1, column 4: not well-formed (invalid token)", 8},
	    {"<?xml version='1.0' encoding='EBCDIC'?><a/>", "nil: line 1, column 31: unknown encoding", 0},
	    {"<!DOCTYPE a [<!ENTITY e '&e;'>]><a>&e;</a>", "nil: line 1, column 36: recursive entity reference", 0},
	};

	(void)state;
	decode_all("xml", "nil", cases, sizeof cases / sizeof cases[0]);
}

static void limits(void **state)
{
	static const char tower[] =
	    "<!DOCTYPE a [<!ENTITY a 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'>"
	    "<!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;'>"
	    "<!ENTITY c '&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;'>"
	    "<!ENTITY d '&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;'>"
	    "<!ENTITY e '&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;'>]><a>";

	(void)state;
	decode_many("xml", "", "<a>", 64, "", "no element found");
	decode_many("xml", "", "<a>", 65, "", "nil: line 1, column 193: limit depth: more than 64 levels");
	decode_many("xml", "", "<a>", 2000000, "", "nil: line 1, column 193: limit depth: more than 64 levels");
	decode_many("xml", "<a>", "<b/>", 99999, "</a>", "fine");
	decode_many("xml", "<a>\n", "<b/>", 100000, "</a>",
	            "nil: line 2, column 399997: limit entries: more than 100000 values");
	decode_many("xml", "<a ", "b#='' ", 99999, "/>", "fine");
	decode_many("xml", "<a ", "b#='' ", 100000, "/>", "limit entries");
	decode_many("xml", tower, "&e;", 1, "</a>", "limit entities: the text would grow more than 16 times");
	decode_many("xml", "<!DOCTYPE a [", "<!ENTITY e# 'x'>", 64, "]><a/>", "fine");
	decode_many("xml", "<!DOCTYPE a [", "<!ENTITY e# 'x'>", 65, "]><a/>", "limit entities: more than 64 are declared");
	decode_many("xml", "<!DOCTYPE a [", "<!ENTITY e# 'x'>", 300000, "]><a/>", "limit entities: more than 64 are declared");
	decode_many("xml", "<a>", "x", 8000000, "</a>", "fine");
}

static void what_holds_for_all(void **state)
{
	(void)state;
	decode_common("xml", "<a b='1'><c>a string of more than forty characters, so long</c><d e='f'/></a>");
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(elements), cmocka_unit_test(refused), cmocka_unit_test(limits),
	                                   cmocka_unit_test(what_holds_for_all)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
