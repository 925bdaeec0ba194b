/* Lines at the prompt: what they print, what they may not, which words there are, what may be completed, and when memory runs out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "repl_case.h"
#include "starve_case.h"

static void values_are_printed(void **state)
{
	static const char *const lines[][2] = {
	    {"1 + 1", "2\n"},
	    {"=1 + 1", "2\n"},
	    {"1, 'a', nil, true", "1\n\"a\"\nnil\ntrue\n"},
	    {"nil", ""},
	    {"local x = 1", ""},
	    {"x = 40", ""},
	    {"x + 2", "42\n"},
	    {"2^53, 1/3", "9.007199254741e+15\n0.33333333333333\n"},
	    {"'\\27[31m\\0\\xff'", "\"\\x1b[31m\\x00\\xff\"\n"},
	    {"print('a\\nb', {})", "a\nb\n{}\n"},
	    {"{ b = 1, a = { true }, [2] = 'x', [1] = 'y', ['not a name'] = 2 }",
	     "{\n  \"y\",\n  \"x\",\n  a = {\n    true,\n  },\n  b = 1,\n  [\"not a name\"] = 2,\n}\n"},
	    {"function(a) return a end", "function\n"},
	    {"", ""},
	    {"   ", ""},
	    {"-- nothing", ""},
	    {"#objects", "3\n"},
	    {"facts.text.lines", "1\n"},
	    {"object.size", "3\n"},
	    {"object('d.tar > b').size, object.size", "6\n6\n"},
	    {"object(1):bytes(0, 2)", "\"on\"\n"},
	    {"print(object:bytes(0, 3))", "one\n"},
	};
	prompt_case p;

	(void)state;
	prompt_open(&p, OBJECTS);
	for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
		prompt_is(&p, lines[i][0], lines[i][1]);
	/* Depth, number and length are bounded. */
	prompt_has(&p, "{ { { { { { { 1 } } } } } } }", "{ ... }", PB_REPL_DONE);
	prompt_is(&p, "t = {} for i = 1, 1000 do t[i] = i end", "");
	char *said = prompt_says(&p, "t", 1, PB_REPL_DONE);
	assert_non_null(strstr(said, "\n  100,\n  ...\n}"));
	assert_null(strstr(said, "101"));
	free(said);
	prompt_is(&p, "t.t = t", "");
	free(prompt_says(&p, "t", 1, PB_REPL_DONE));
	said = prompt_says(&p, "print(('x'):rep(3000000))", 25, PB_REPL_DONE);
	assert_true(strlen(said) <= 1 << 20);
	free(said);
	prompt_close(&p);
}

static void lines_go_on_or_fail(void **state)
{
	static const char *const more[] = {"for i = 1, 2 do", "f(", "x = ", "[[ text", "--[[ text", "if true then", "function f()"};
	static const char *const errors[][2] = {
	    {"x = = 1", "unexpected symbol near '='"},
	    {"error('\x1b[2J')", "\\x1b[2J"},
	    {"error({})", "error: "},
	    {"error()", "error: "},
	    {"nothing", "error: input:1: unknown global \"nothing\""},
	    {"object.sze", "object has no field \"sze\"; did you mean \"size\"?"},
	    {"object(4)", "there is no such object: `objects` lists them, 1 to 3"},
	    {"object(0)", "there is no such object"},
	    {"object(-1)", "there is no such object"},
	    {"object(1.5)", "number has no integer representation"},
	    {"object()", "error: "},
	    {"object({})", "error: "},
	    {"object('')", "there is no such object"},
	    {"object('nowhere')", "there is no such object"},
	    {"check 'integrity.sond'", "there is no check \"integrity.sond\"; did you mean \"integrity.sound\"?"},
	    {"check 'zzzzzzzzzzzzzzzzzzzzzzzz'", "`checks` lists them"},
	    {"check {}", "string expected"},
	    {"run()", "which check?"},
	    {"require 'probity.jsn'", "did you mean \"probity.json\"?"},
	    {"require()", "string expected"},
	    {"io.open('/etc/passwd')", "there is no \"io\" here"},
	    {"os.exit()", "there is no \"os\" here"},
	    {"load('x')", "a check loads no code"},
	    {"pcall(error)", "a spent budget must not be caught"},
	    {"string.x = 1", "read-only"},
	    {"while true do end", "error: limit instructions"},
	    {"s = 'x' while true do s = s .. s end", "error: limit"},
	    {"t = {} for i = 1, 1e9 do t[i] = ('x'):rep(1000) .. i end", "error: limit"},
	    {"('x'):rep(60000):find('(.-)(.-)(.-)y')", "error: limit pattern"},
	    {"print(print, print)\nerror 'x'", "error: input:2: x"},
	    {"found.any 'x'", "table expected"},
	    {"found.unknown {}", "string expected"},
	    {"yara {}", "string expected"},
	};
	static const struct {
		const char *text;
		size_t n;
	} bytes[] = {{"\x1bLuaT\0\x19\x93", 8}, {"'\xff'", 3}, {"x = '\0'", 7}, {"\xef\xbb\xbf" "1", 4}, {"\0", 1}};
	prompt_case p;

	(void)state;
	prompt_open(&p, OBJECTS);
	for (size_t i = 0; i < sizeof more / sizeof more[0]; i++)
		free(prompt_says(&p, more[i], strlen(more[i]), PB_REPL_MORE));
	for (size_t i = 0; i < sizeof errors / sizeof errors[0]; i++) {
		prompt_has(&p, errors[i][0], errors[i][1], PB_REPL_FAILED);
		prompt_is(&p, "1 + 1", "2\n");
	}
	for (size_t i = 0; i < sizeof bytes / sizeof bytes[0]; i++)
		free(prompt_says(&p, bytes[i].text, bytes[i].n, PB_REPL_FAILED));
	/* A handle is dead once another object is looked at. */
	prompt_is(&p, "o = object(1) object(2)", "");
	prompt_has(&p, "o.size", "object used after its scan ended", PB_REPL_FAILED);
	prompt_has(&p, "o:bytes(0, 1)", "object used after its scan ended", PB_REPL_FAILED);
	prompt_close(&p);
}

static void words_of_the_prompt(void **state)
{
	prompt_case p;

	(void)state;
	prompt_open(&p, OBJECTS);
	prompt_is(&p, "objects", "*    1  text                    3  p > a\n     2  text                    6  p > d.tar > b\n"
	                         "     3  text                   10  p > \\x1b[31mc\n");
	prompt_is(&p, "checks['integrity.sound']", "\"T\"\n");
	prompt_is(&p, "found.any { key = 'k' }", "would raise found.any {\n  key = \"k\",\n}\n");
	prompt_is(&p, "found.unknown 'why\\27'", "would be unknown: why\x1b\n");
	prompt_is(&p, "yara [[ x ]]", "rule r: its condition does not hold\n  $a  1: at 2\n");
	p.no_yara = true;
	prompt_has(&p, "yara [[ x ]]", "error: input:1: input:1: no such rule:  x ", PB_REPL_FAILED);
	/* One is a check: its found, its function, its libraries. */
	prompt_is(&p, "check 'integrity.sound'", "");
	prompt_has(&p, "run()", "would raise found.key: \"key o\"", PB_REPL_DONE);
	prompt_has(&p, "found.kee {}", "found.kee: the check declares no such finding; did you mean \"key\"?", PB_REPL_FAILED);
	prompt_is(&p, "require('lib.words').greeting", "\"hello\"\n");
	prompt_is(&p, "object(2) run()", "would be unknown: too large\n");
	prompt_has(&p, "require('lib.words').greeting = 1", "this table is read-only", PB_REPL_FAILED);
	prompt_close(&p);
}

static void libraries_are_those_of_the_check(void **state)
{
	prompt_case p;
	pb_error err = {0};

	(void)state;
	prompt_open(&p, OBJECTS);
	/* Until they are shelved they are read where they lie, and only those of the check that one is are near. */
	prompt_is(&p, "require('lib.words').greeting", "\"hello\"\n");
	assert_int_equal(pb_catalogue_shelve(p.catalogue, &err), PB_OK);
	case_text(&p.c, "extra/lib/words.lua", "return { greeting = 'changed' }\n");
	case_text(&p.c, "extra/lib/later.lua", "return {}\n");
	prompt_is(&p, "require('lib.words').greeting", "\"near\"\n");
	prompt_has(&p, "require 'lib.later'", "there is no library \"lib.later\"", PB_REPL_FAILED);
	prompt_has(&p, "require 'lib.wrds'", "did you mean \"lib.words\"?", PB_REPL_FAILED);
	prompt_is(&p, "check 'integrity.sound'", "");
	prompt_is(&p, "require('lib.words').greeting", "\"hello\"\n");
	prompt_is(&p, "check 'integrity.near'", "");
	prompt_is(&p, "require('lib.words').greeting", "\"near\"\n");
	prompt_has(&p, "require 'lib.x/../words'", "there is no module", PB_REPL_FAILED);
	prompt_close(&p);
}

static void what_cannot_be_looked_at(void **state)
{
	prompt_case p;

	(void)state;
	prompt_open(&p, 0);
	prompt_is(&p, "objects", "no objects\n");
	prompt_has(&p, "object.size", "no object is looked at: object(1)", PB_REPL_FAILED);
	prompt_has(&p, "yara [[ x ]]", "no object is looked at", PB_REPL_FAILED);
	prompt_has(&p, "check 'integrity.sound' run()", "no object is looked at", PB_REPL_FAILED);
	prompt_has(&p, "check 'integrity.whole' run()", "looks at the product as a whole", PB_REPL_FAILED);
	prompt_has(&p, "check 'rules.extra'", "is a folder of YARA rules: it has no function", PB_REPL_FAILED);
	prompt_close(&p);
	prompt_open(&p, OBJECTS);
	p.broken = 1;
	prompt_has(&p, "object(2)", "its bytes are not kept", PB_REPL_FAILED);
	prompt_has(&p, "object.size", "object used after its scan ended", PB_REPL_FAILED);
	prompt_is(&p, "object(1).size", "3\n");
	prompt_close(&p);
}

static void who_sits_there_may_interrupt(void **state)
{
	static const char *const endless[] = {"while true do end", "('x'):rep(60000):find('(x*)(x*)y')", "for i = 1, 1e9 do end"};
	prompt_case p;

	(void)state;
	prompt_open(&p, OBJECTS);
	atomic_store(&p.stop, 1);
	for (size_t i = 0; i < sizeof endless / sizeof endless[0]; i++)
		prompt_is(&p, endless[i], "error: limit interrupt: it was interrupted\n");
	atomic_store(&p.stop, 0);
	prompt_is(&p, "1", "1\n");
	prompt_close(&p);
}

static void what_a_word_may_become(void **state)
{
	static const char *const cases[][2] = {
	    {"object.si", "[\"object.size\"]"},
	    {"x = object:by", "[\"object:bytes\"]"},
	    {"text.tri", "[\"text.trim\"]"},
	    {"facts.text.l", "[\"facts.text.lines\"]"},
	    {"objec", "[\"object\",\"objects\"]"},
	    {"whi", "[\"while\"]"},
	    {"string.for", "[\"string.format\"]"},
	    {"print(facts.ta", "[\"facts.tags\"]"},
	    {"object.nothing.x", "[]"},
	    {"nothing.x", "[]"},
	    {"zzz", "[]"},
	    {".", "[]"},
	    {"..", "[]"},
	    {":", "[]"},
	    {"a:.b", "[]"},
	    {"mine.", "[\"mine.a\",\"mine.b\"]"},
	    {"\xff\xff.", "[]"},
	    {"object.kind.", "[]"},
	    {"endless.", "[]"},
	};
	prompt_case p;

	(void)state;
	prompt_open(&p, OBJECTS);
	prompt_is(&p, "mine = { b = 1, a = 2, ['no name'] = 3, [7] = 4, ['\\27'] = 5 }", "");
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		json_t *words = pb_repl_complete(p.repl, cases[i][0]);
		char *text = pb_json_canonical(words);

		if (text == NULL || strcmp(text, cases[i][1]) != 0)
			fail_msg("%s\n  gave: %s\n  want: %s", cases[i][0], text, cases[i][1]);
		free(text);
		json_decref(words);
	}
	/* No more than anybody reads. */
	prompt_is(&p, "mine = {} for i = 1, 5000 do mine['k' .. i] = i end", "");
	json_t *words = pb_repl_complete(p.repl, "mine.");
	assert_in_range(json_array_size(words), 100, 500);
	json_decref(words);
	prompt_close(&p);
}

/* The lines that are starved: they ask for most of what there is, and leave nothing behind that another run would find. */
static const char *const hungry[] = {
    "{ b = 1, a = { 'x' } }",
    "objects",
    "object",
    "found.any { key = 'k', at = 3 }",
    "yara [[ x ]]",
    "object(2).size",
    "text.trim '  y '",
};

/* Each allocation of Lua fails: the line fails by that limit, or prints what it should; and the next one is whole. */
static void lua_may_have_no_memory(void **state)
{
	prompt_case p;

	(void)state;
	prompt_open(&p, OBJECTS);
	for (size_t i = 0; i < sizeof hungry / sizeof hungry[0]; i++) {
		char *wanted = prompt_says(&p, hungry[i], strlen(hungry[i]), PB_REPL_DONE);
		uint64_t n;

		for (n = 0; n < 20000; n++) {
			pb_buf out = {0};
			pb_repl_end end;

			p.catalogue->box->grants = n;
			end = pb_repl_eval(p.repl, hungry[i], strlen(hungry[i]), &out);
			p.catalogue->box->grants = UINT64_MAX;
			if (end == PB_REPL_DONE)
				assert_string_equal(out.data != NULL ? (const char *)out.data : "", wanted);
			else
				assert_non_null(strstr((const char *)out.data, "error: limit memory"));
			pb_buf_free(&out);
			prompt_is(&p, "1 + 1", "2\n");
			if (end == PB_REPL_DONE)
				break;
		}
		assert_in_range(n, 2, 19999);
		free(wanted);
	}
	for (uint64_t n = 0; n < 200; n++) {
		p.catalogue->box->grants = n;
		json_t *words = pb_repl_complete(p.repl, "object.");
		p.catalogue->box->grants = UINT64_MAX;
		assert_non_null(words);
		json_decref(words);
	}
	prompt_close(&p);
}

#ifndef SANITIZED
/* Likewise of everything: no line ends the process, and the next one is whole. */
static void memory_may_run_out(void **state)
{
	prompt_case p;
	size_t n;

	(void)state;
	prompt_open(&p, OBJECTS);
	for (size_t i = 0; i < sizeof hungry / sizeof hungry[0]; i++) {
		char *wanted = prompt_says(&p, hungry[i], strlen(hungry[i]), PB_REPL_DONE);
		bool whole = false;

		for (n = 0; n < 20000 && !whole; n++) {
			pb_buf out = {0};
			pb_repl_end end;

			starve(n);
			end = pb_repl_eval(p.repl, hungry[i], strlen(hungry[i]), &out);
			(void)fed();
			whole = end == PB_REPL_DONE && out.data != NULL && strcmp((const char *)out.data, wanted) == 0;
			pb_buf_free(&out);
			prompt_is(&p, "1 + 1", "2\n");
		}
		if (!whole)
			fail_msg("%s is never whole", hungry[i]);
		free(wanted);
	}
	for (n = 0; n < 3000; n++) {
		starve(n);
		json_t *words = pb_repl_complete(p.repl, "object.si");
		(void)fed();
		bool whole = json_array_size(words) == 1;
		json_decref(words);
		if (whole)
			break;
	}
	assert_true(n < 3000);
	pb_repl_close(p.repl);
	p.repl = NULL;
	/* To begin, and to read the libraries. */
	for (n = 0; n < 20000 && p.repl == NULL; n++) {
		pb_repl_host host = case_host(&p, OBJECTS);
		pb_error err = {0};

		starve(n);
		(void)pb_repl_open(p.catalogue, &host, &p.stop, &p.repl, &err);
		(void)fed();
		if (p.repl == NULL)
			assert_true(err.code != PB_OK);
	}
	assert_non_null(p.repl);
	prompt_is(&p, "1 + 1", "2\n");
	prompt_close(&p);
	for (n = 0; n < 3000; n++) {
		pb_error err = {0};

		memset(&p, 0, sizeof p);
		case_catalogue(&p);
		starve(n);
		int rc = pb_catalogue_shelve(p.catalogue, &err);
		(void)fed();
		pb_catalogue_close(p.catalogue);
		case_close(&p.c);
		if (rc == PB_OK)
			break;
		assert_int_equal(rc, PB_ENOMEM);
	}
	assert_in_range(n, 3, 2999);
}
#else
static void memory_may_run_out(void **state)
{
	(void)state;
	skip();
}
#endif

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(values_are_printed),       cmocka_unit_test(lines_go_on_or_fail),
	    cmocka_unit_test(words_of_the_prompt),      cmocka_unit_test(libraries_are_those_of_the_check),
	    cmocka_unit_test(what_cannot_be_looked_at), cmocka_unit_test(who_sits_there_may_interrupt),
	    cmocka_unit_test(what_a_word_may_become),   cmocka_unit_test(lua_may_have_no_memory),
	    cmocka_unit_test(memory_may_run_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
