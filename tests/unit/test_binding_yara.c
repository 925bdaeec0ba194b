/* require "probity.yara": rules of a check's own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "decode_case.h"
#include "facts/own_rules.h"

#define HEAD                                                                                                                               \
	"local yara = require 'probity.yara' "                                                                                             \
	"local rules = yara.compile [[ rule two : big old { meta: author = \"x\" weight = 7 sure = true "                                   \
	"strings: $a = \"ab\" $b = /c+d/ condition: any of them } "                                                                        \
	"private rule hidden { condition: true } rule at_start { strings: $m = \"MZ\" condition: $m at 0 and hidden } "                     \
	"rule length { condition: filesize == 3 } ]] "                                                                                     \
	"local function show(list) local o = '' for _, m in ipairs(list) do o = o .. m.rule .. '[' .. table.concat(m.tags, ',') .. ']' "    \
	"for k, v in pairs(m.meta) do o = o .. ' ' .. k .. '=' .. tostring(v) end "                                                        \
	"for _, s in ipairs(m.strings) do o = o .. ' ' .. s.id .. '@' .. s.at .. '+' .. s.length end o = o .. ';' end return o end "

static const char *const cases[][2] = {
    {"return show(rules:match(x))", "two[big,old] author=x sure=true weight=7 $a@3+2 $a@9+2 $b@6+3 $b@7+2;"},
    {"return show(rules:match(x:slice(4)))", "two[big,old] author=x sure=true weight=7 $a@5+2 $b@2+3 $b@3+2;"},
    {"return show(rules:match('MZ ab')) .. #rules:match('')", "two[big,old] author=x sure=true weight=7 $a@3+2;at_start[] $m@0+2;0"},
    {"return show(rules:match('xyz'))", "length[];"},
    {"rules:match('ab')[1].rule = 'mine' return 'a table of its own'", "a table of its own"},
    {"return rules:match(5)", "an object, a slice or a string expected"},
    {"return rules:mtach(x)", "compiled rules has no field \"mtach\"; did you mean \"match\"?"},
    {"rules.x = 1", "read-only"},
    {"while true do rules:match(x) end", "limit instructions"},
    {"rules:match(('ab'):rep(2000000)) return 'more than YARA notes'", "limit match"},
    {"return #rules:match(('ab'):rep(5000))[1].strings", "1000"},
};

static void what_matches(void **state)
{
	static const char text[] = "...ab.ccdab";
	pb_sandbox *box = box_open();
	pb_object o;
	pb_object_view v = decode_object(&o, text, sizeof text - 1);

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		box_expect(box, (box_job){.object = &v}, HEAD, cases[i][0], cases[i][1]);
	pb_box_close(box);
}

static void modules_are_there(void **state)
{
	static const char head[] = "local yara = require 'probity.yara' local r = yara.compile [[ import \"math\" rule e "
	                           "{ condition: math.entropy(0, filesize) > 1.5 } ]]";
	pb_sandbox *box = box_open();

	(void)state;
	box_expect(box, (box_job){0}, head, "return #r:match('abcd') .. #r:match('aaaa')", "10");
	pb_box_close(box);
}

static void what_does_not_compile(void **state)
{
	static const char *const broken[][2] = {
	    {"yara.compile 'rule r { condition: $a }'", "t.lua:2: yara.compile: line:1: undefined string \"$a\""},
	    {"yara.compile 'rule r {\\n condition: maybe }'", "yara.compile: line:2: undefined identifier \"maybe\""},
	    {"yara.compile 'include \"/etc/passwd\"'", "yara.compile: line:"},
	    {"yara.compile('rule r { condition: true }\\0')", "it holds a NUL byte"},
	    {"yara.compile(5 .. '')", "yara.compile: line:1"},
	    {"yara.compile()", "string expected"},
	    {"yara.compile((' '):rep(1048577))", "longer than 1 MiB"},
	};
	pb_sandbox *box = box_open();
	char head[300];

	(void)state;
	for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++) {
		(void)snprintf(head, sizeof head, "local yara = require 'probity.yara'\nlocal r = %s", broken[i][0]);
		box_expect(box, (box_job){0}, head, "return 'no error'", broken[i][1]);
	}
	box_expect(box, (box_job){0}, "local yara = require 'probity.yara'", "return yara.compiel", "did you mean");
	pb_box_close(box);
}

static int late(lua_State *L)
{
	pb_box_of(L)->loading = false;
	lua_call(L, 0, 1);
	return 1;
}

static void only_where_files_are_loaded(void **state)
{
	pb_sandbox *box = box_open();
	pb_object o;
	pb_object_view v = decode_object(&o, "ab", 2);

	(void)state;
	box_expect(box, (box_job){.object = &v}, "local yara = require 'probity.yara'", "return yara.compile 'rule r { condition: true }'",
	           "yara.compile belongs at the top of the file");
	box_expect(box, (box_job){.object = &v, .after = late}, HEAD, "return function() return rules:match(x) end",
	           "object used after its scan ended");
	box_expect(box, (box_job){.object = &v, .after = late}, HEAD, "return function() return rules:match('ab')[1].rule end", "two");
	pb_box_close(box);
}

static void memory_may_run_out(void **state)
{
	pb_sandbox *box = box_open();
	pb_object o;
	pb_object_view v = decode_object(&o, "MZ ab ccd", 9);

	(void)state;
	box_starve(box, (box_job){.object = &v, .code = HEAD "return function(x) return show(rules:match(x)) end"});
	pb_box_close(box);
}

/* A pass that breaks off is told as such, and the next one is whole. */
static void too_many_matches(void **state)
{
	pb_own_rules *r = NULL;
	pb_error err = {0};
	json_t *out = NULL;
	const char *why = NULL;
	char text[2000], *p = text, bytes[3000];

	(void)state;
	p += sprintf(p, "rule r { strings: ");
	for (int i = 0; i < 11; i++)
		p += sprintf(p, "$s%d = \"a%s\" ", i, i % 2 ? " " : "");
	(void)sprintf(p, "condition: any of them }");
	for (size_t i = 0; i < sizeof bytes; i++)
		bytes[i] = i % 2 ? ' ' : 'a';
	assert_int_equal(pb_own_rules_open(text, "x", &r, &err), 0);
	assert_int_equal(pb_own_rules_run(r, (pb_bytes){(const uint8_t *)bytes, sizeof bytes}, 5, &out, &why), 0);
	assert_null(out);
	assert_string_equal(why, "too many matches");
	assert_int_equal(pb_own_rules_run(r, (pb_bytes){(const uint8_t *)bytes, 20}, 5, &out, &why), 0);
	assert_null(why);
	assert_int_equal(json_array_size(json_object_get(json_array_get(out, 0), "strings")), 110);
	json_decref(out);
	pb_own_rules_close(r);
	pb_own_rules_close(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_matches),
	    cmocka_unit_test(modules_are_there),
	    cmocka_unit_test(what_does_not_compile),
	    cmocka_unit_test(only_where_files_are_loaded),
	    cmocka_unit_test(memory_may_run_out),
	    cmocka_unit_test(too_many_matches),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
