/* The rules of one source by themselves: what is told of each string, what does not compile, what breaks off, and when memory runs out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "facts/patterns_alone.h"
#include "starve_case.h"

static pb_pattern_source source_of(const char *text)
{
	return (pb_pattern_source){.space = "integrity.x", .text = text, .file = "x.lua", .line = 11};
}

static pb_alone *alone_of(const char *text, int seconds)
{
	const pb_pattern_source source = source_of(text);
	pb_alone *a = NULL;
	pb_error err = {0};

	if (pb_alone_new(&source, seconds, &a, &err))
		fail_msg("%s", err.text);
	return a;
}

static char *told(pb_alone *a, const char *bytes, size_t n)
{
	uint64_t took = UINT64_MAX;
	json_t *all = pb_alone_run(a, (pb_bytes){(const uint8_t *)bytes, n}, &took);
	char *text = pb_json_canonical(all);

	assert_non_null(text);
	assert_true(took != UINT64_MAX);
	json_decref(all);
	return text;
}

static void tells(const char *rules, const char *bytes, size_t n, const char *wanted)
{
	pb_alone *a = alone_of(rules, 30);

	for (int twice = 0; twice < 2; twice++) { /* a scanner is used again */
		char *text = told(a, bytes, n);

		assert_string_equal(text, wanted);
		free(text);
	}
	pb_alone_free(a);
}

static void every_rule_and_string_in_order(void **state)
{
	(void)state;
	tells("rule two { strings: $b = \"bb\" $a = \"aa\" condition: $a and $b } private rule hidden { condition: true }"
	      " rule one { condition: hidden }",
	      "..bb.bb.", 8,
	      "{\"rules\":[{\"matched\":false,\"private\":false,\"rule\":\"two\",\"strings\":[{\"at\":[[2,2],[5,2]],\"count\":2,\"string\":\"$b\"},"
	      "{\"at\":[],\"count\":0,\"string\":\"$a\"}]},"
	      "{\"matched\":true,\"private\":true,\"rule\":\"hidden\",\"strings\":[]},"
	      "{\"matched\":true,\"private\":false,\"rule\":\"one\",\"strings\":[]}]}");
	/* A global rule that does not hold ends all of its namespace. */
	tells("global rule g { condition: filesize > 9 } rule r { condition: true }", "a", 1,
	      "{\"rules\":[{\"matched\":false,\"private\":false,\"rule\":\"g\",\"strings\":[]},"
	      "{\"matched\":false,\"private\":false,\"rule\":\"r\",\"strings\":[]}]}");
	/* What has a jump is one string, though YARA makes a chain of it. */
	tells("rule far { strings: $j = { 61 61 [250-900] 62 62 } condition: $j }", "aabb", 4,
	      "{\"rules\":[{\"matched\":false,\"private\":false,\"rule\":\"far\",\"strings\":[{\"at\":[],\"count\":0,\"string\":\"$j\"}]}]}");
	tells("rule empty { strings: $a = \"a\" condition: filesize == 0 and not $a }", NULL, 0,
	      "{\"rules\":[{\"matched\":true,\"private\":false,\"rule\":\"empty\",\"strings\":[{\"at\":[],\"count\":0,\"string\":\"$a\"}]}]}");
	/* Anonymous ones, and bytes that are no text. */
	tells("rule anonymous { strings: $ = { 00 ff } $ = \"a\" condition: any of them }", "\0\xff", 2,
	      "{\"rules\":[{\"matched\":true,\"private\":false,\"rule\":\"anonymous\",\"strings\":[{\"at\":[[0,2]],\"count\":1,\"string\":\"$\"},"
	      "{\"at\":[],\"count\":0,\"string\":\"$\"}]}]}");
}

static void places_are_bounded(void **state)
{
	static char bytes[4 * PB_HITS_PER_STRING];
	uint64_t took;
	pb_alone *a = alone_of("rule many { strings: $a = \"ab\" condition: $a }", 30);

	(void)state;
	for (size_t i = 0; i < sizeof bytes; i++)
		bytes[i] = i % 2 ? 'b' : 'a';
	json_t *all = pb_alone_run(a, (pb_bytes){(const uint8_t *)bytes, sizeof bytes}, &took), *string;
	string = json_array_get(json_object_get(json_array_get(json_object_get(all, "rules"), 0), "strings"), 0);
	assert_int_equal(pb_json_int(string, "count", -1), PB_HITS_PER_STRING);
	assert_int_equal(json_array_size(json_object_get(string, "at")), PB_ALONE_PLACES);
	assert_int_equal(json_integer_value(json_array_get(json_array_get(json_object_get(string, "at"), PB_ALONE_PLACES - 1), 0)), 8);
	json_decref(all);
	pb_alone_free(a);
}

static void what_does_not_compile(void **state)
{
	static const char *const broken[][2] = {
	    {"rule r {", "x.lua:11: "},
	    {"\n\nrule r { condition: $a }", "x.lua:13: "},
	    {"rule r { condition: nothing }", "undefined identifier \"nothing\""},
	    {"rule r { condition: true } rule r { condition: true }", "duplicated identifier \"r\""},
	    {"import \"nothing\" rule r { condition: true }", "nothing"},
	    {"include \"/etc/passwd\" rule r { condition: true }", "x.lua:11: "},
	    {"rule r { strings: $a = /(/ condition: $a }", "x.lua:11: "},
	    {"rule r { strings: $a = \"a\" condition: true }", "unreferenced string \"$a\""},
	    {"\x80", "x.lua:11: "},
	};

	(void)state;
	for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++) {
		const pb_pattern_source source = source_of(broken[i][0]);
		pb_alone *a = (pb_alone *)&a;
		pb_error err = {0};

		if (pb_alone_new(&source, 30, &a, &err) != PB_EINPUT || !strstr(err.text, broken[i][1]))
			fail_msg("%s: code %d, %s", broken[i][0], err.code, err.text);
	}
	tells("", "x", 1, "{\"rules\":[]}");
	pb_alone_free(NULL);
}

static void it_is_for_the_groups_that_a_scan_has_it_in(void **state)
{
	static const char *const shell[] = {"shell"}, *const any[] = {"any"}, *const tag[] = {"npm"};
	const struct {
		const char *text;
		const char *const *applies;
		size_t n;
		bool in_shell, in_plain, in_elf;
	} cases[] = {
	    {"rule r { condition: true }", NULL, 0, true, true, true},
	    {"rule r { condition: true }", any, 1, true, true, true},
	    {"rule r { condition: true }", tag, 1, true, true, true},
	    {"rule r { condition: true }", shell, 1, true, false, false},
	    {"import \"elf\" rule r { condition: elf.type == elf.ET_EXEC }", NULL, 0, false, false, true},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		pb_pattern_source source = source_of(cases[i].text);
		pb_alone *a;
		pb_error err = {0};

		source.applies = cases[i].applies;
		source.n_applies = cases[i].n;
		if (pb_alone_new(&source, 30, &a, &err))
			fail_msg("%s", err.text);
		if (pb_alone_has(a, PB_GROUP_SHELL) != cases[i].in_shell || pb_alone_has(a, PB_GROUP_PLAIN) != cases[i].in_plain ||
		    pb_alone_has(a, PB_GROUP_ELF) != cases[i].in_elf)
			fail_msg("case %zu", i);
		pb_alone_free(a);
	}
}

/* A pass that broke off says so and tells no rule; the next one is whole. */
static void a_pass_that_breaks_off(void **state)
{
	pb_alone *a = alone_of("rule slow { strings: $s = \"go slow\" condition: $s and for all i in (1..100000000000) : (i != 0) }", 1);

	(void)state;
	for (int i = 0; i < 2; i++) {
		char *text = told(a, "go slow", 7);

		assert_string_equal(text, "{\"rules\":[],\"why\":\"time budget spent\"}");
		free(text);
		text = told(a, "go", 2);
		assert_non_null(strstr(text, "\"matched\":false"));
		free(text);
	}
	pb_alone_free(a);
}

#ifndef SANITIZED
static void memory_may_run_out(void **state)
{
	static const char rules[] = "rule r { strings: $a = \"ab\" $b = /c+d/ condition: any of them } rule q { condition: true }";
	static const char bytes[] = "ab ccd ab";
	const pb_pattern_source source = source_of(rules);
	pb_alone *whole = alone_of(rules, 30);
	char *wanted = told(whole, bytes, 9);
	size_t n;

	(void)state;
	/* In the pass: nothing, or all of it; and the next one is whole. */
	for (n = 0; n < 5000; n++) {
		uint64_t took;
		pb_alone *a = alone_of(rules, 30);

		starve(n);
		json_t *all = pb_alone_run(a, (pb_bytes){(const uint8_t *)bytes, 9}, &took);
		(void)fed();
		char *text = all ? pb_json_canonical(all) : NULL;
		bool done = all && !json_object_get(all, "why");

		if (done)
			assert_string_equal(text, wanted);
		json_decref(all);
		free(text);
		text = told(a, bytes, 9);
		assert_string_equal(text, wanted);
		free(text);
		pb_alone_free(a);
		if (done)
			break;
	}
	assert_true(n > 3 && n < 5000);
	/* Compiling: out of memory, or done. Before libyara is asked: it has no way back from everywhere. */
	for (n = 0; n < 2; n++) {
		pb_alone *a = NULL;
		pb_error err = {0};

		starve(n);
		int rc = pb_alone_new(&source, 30, &a, &err);
		size_t lost = fed();

		assert_int_equal(rc, PB_ENOMEM);
		assert_int_equal(lost, 0);
	}
	pb_alone_free(whole); /* until here libyara stays initialized */
	free(wanted);
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
	    cmocka_unit_test(every_rule_and_string_in_order), cmocka_unit_test(places_are_bounded),
	    cmocka_unit_test(what_does_not_compile),          cmocka_unit_test(it_is_for_the_groups_that_a_scan_has_it_in),
	    cmocka_unit_test(a_pass_that_breaks_off),         cmocka_unit_test(memory_may_run_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
