/* require "probity.hints": the words of the one table, the same that the engine's context discount reads. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "decode_case.h"
#include "facts/hints.h"
#include "scratch.h"
#include "worker/context.h"

#define HEAD                                                                                                                               \
	"local hints = require 'probity.hints' "                                                                                           \
	"local function show(p) local o = '' for c in pairs(hints.path(p)) do o = o .. c .. ' ' end "                                      \
	"return o .. tostring(hints.discounted(p)) end "                                                                                   \
	"local function why(v) return tostring(hints.placeholder(v)) end "

static const char *const cases[][2] = {
    {"return show{ 'x.deb', 'data.tar', 'usr/share/doc/x/tests/a.py' }", "documentation test true"},
    {"return show{ 'tests' } .. show{ 'tests', 'a' } .. show{}", "falsefalsefalse"},
    {"return show 'tests/a'", "test true"},
    {"return show 'tests'", "false"},
    {"return show 'src/README.MD'", "documentation true"},
    {"return show '.md'", "false"},
    {"return show 'node_modules/x/dist/a.js'", "build vendored false"},
    {"return show 'usr/share/locale/de/LC_MESSAGES/a.mo'", "locale false"},
    {"return show { 'x', 'Examples/rules/a.yar' }", "example scanner-rules true"},
    {"return show 'contest/documents/a'", "false"},
    {"return show 'doc//a'", "documentation true"},
    {"return why 'AKIAIOSFODNN7EXAMPLE'", "example"},
    {"return why 'AKIAQX7Z2LMR4T6WV9KD'", "nil"},
    {"return why 'ChangeMe!'", "changeme"},
    {"return why 'Password' .. why 'password1'", "passwordnil"},
    {"return why 'aaaaaaaa' .. why '0000-0000' .. why 'aa'", "repeatedrepeatednil"},
    {"return why '1234567890' .. why 'abcdefgh' .. why '0123456789abcdef' .. why '124'", "sequencesequencesequencenil"},
    {"return why '${TOKEN}' .. why '<your key>' .. why '{{ key }}' .. why '$TOKEN' .. why '%s' .. why '$5x'",
     "templatetemplatetemplatetemplatetemplatenil"},
    {"return why '' .. why '  \\n'", "emptyempty"},
    {"return why ' test '", "test"},
    {"return why 'your_api_key'", "your_"},
    {"return why(('example'):rep(1000))", "nil"},
    {"return why '\\0\\0\\0'", "repeated"},
    {"return hints.path(5)", "a path (a list of strings, or a string) expected"},
    {"return hints.path{ 'a', 5 }", "a path is a list of strings"},
    {"return hints.placeholder()", "string expected"},
    {"return hints.plcaeholder", "did you mean \"placeholder\"?"},
};

static pb_lists *lists_here(void)
{
	pb_lists *lists = NULL;
	pb_error err = {0};

	if (pb_lists_open(".", &lists, &err))
		fail_msg("%s", err.text);
	return lists;
}

static void words_of_the_table(void **state)
{
	pb_sandbox *box = box_open();
	pb_lists *lists = lists_here();

	(void)state;
	box_expect(box, (box_job){0}, HEAD, "return hints.path 'a'", "the lists of rulesets/ are not there");
	box->lists = lists;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		box_expect(box, (box_job){0}, HEAD, cases[i][0], cases[i][1]);
	box_starve(box, (box_job){.code = HEAD "return function() return show{ 'x', 'tests/a.md' } .. why 'example' end"});
	pb_box_close(box);
	pb_lists_close(lists);
}

/* What the engine discounts is what scripts are told. */
static void the_engine_agrees(void **state)
{
	static const char *const paths[] = {"a/tests/b", "a/test/b",  "docs/b",  "DOC/b",    "examples/b", "fixtures/b", "b.md",
	                                    "b.yar",     "b.rules",   "src/b.c", "vendor/b", "testing/b",  "b.cvd",      "locale/b.po",
	                                    "build/b",   "example/b", "a/b.mdx", "tests",    "b.markdown", "b.LDB"};
	pb_sandbox *box = box_open();
	pb_lists *lists = lists_here();
	char body[200];

	(void)state;
	box->lists = lists;
	for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
		json_t *path = json_pack("[s,s]", "product", paths[i]);

		(void)snprintf(body, sizeof body, "return tostring(hints.discounted{ 'product', '%s' })", paths[i]);
		box_expect(box, (box_job){0}, HEAD, body, pb_context_discounts(lists, path) ? "true" : "false");
		json_decref(path);
	}
	pb_box_close(box);
	pb_lists_close(lists);
}

static void a_broken_table_is_told(void **state)
{
	static const char *const broken[][2] = {
	    {"[folders]\ntest = Tests\n", "hints.ini:2: \"Tests\": words are written in lower case"},
	    {"[folders]\ntest = a, ,b\n", "hints.ini:2: an empty word"},
	    {"[discount]\nclasses = tset\n", "hints.ini:2: \"tset\" is no class"},
	    {"[placeholder]\nwhole = a\npart = b\nhalf = c\n", "hints.ini:4: no such key: [placeholder] half"},
	    {"[folder]\ntest = tests\n", "hints.ini:2: no such key: [folder] test"},
	};

	(void)state;
	assert_int_equal(scratch_sh("mkdir -p rulesets/lists rulesets/capabilities; : >rulesets/lists/namespaces.txt"), 0);
	for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++) {
		pb_lists *lists = NULL;
		pb_error err = {0};

		scratch_save("rulesets/lists/hints.ini", broken[i][0], strlen(broken[i][0]));
		assert_int_equal(pb_lists_open(scratch_dir, &lists, &err), PB_EINPUT);
		if (strstr(err.text, broken[i][1]) == NULL)
			fail_msg("%s\n  want: %s", err.text, broken[i][1]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(words_of_the_table),
	    cmocka_unit_test(the_engine_agrees),
	    cmocka_unit_test_setup_teardown(a_broken_table_is_told, scratch_begin, scratch_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
