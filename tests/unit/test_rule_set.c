/* What YARA rules from elsewhere find, and what they may not do. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "rule_case.h"

static void a_rule_that_matches_is_a_finding(void **state)
{
	stage s;
	const json_t *f;

	(void)state;
	begin(&s);
	file(&s, "one.yar", "rule Same { meta: description = \"Finds\\x07 words\" author = \"A\" reference = \"R\" family = \"F\" strings: "
	                    "$a = \"needle\" $b = \"hay\" condition: any of them }");
	file(&s, "deep/two.yara", "rule Same { condition: true }");
	open_stage(&s);
	look(&s, "a needle in hay");
	assert_int_equal(n_found(&s), 2);
	f = finding(&s, "rules/pack/one.yar:Same");
	assert_non_null(f);
	assert_string_equal(pb_json_str(f, "check", ""), "rules.pack");
	assert_string_equal(pb_json_str(f, "says", ""),
	                    "YARA rule Same (rules/pack/one.yar) matches: \"Finds\\x07 words\"; family F; by A; see R");
	assert_int_equal(pb_json_int(f, "at", 0), 2); /* the first place of any of its strings */
	assert_int_equal(pb_json_int(f, "length", 0), 6);
	assert_string_equal(pb_json_str(f, "excerpt", ""), "needle");
	assert_int_equal(pb_json_int(f, "kappa", 0), 500);
	assert_string_equal(pb_json_str(f, "severity", ""), "medium");
	f = finding(&s, "rules/pack/deep/two.yara:Same");
	assert_non_null(f);
	assert_int_equal(pb_json_int(f, "at", 0), -1);
	assert_string_equal(unknown(&s), "");
	look(&s, "");
	assert_int_equal(n_found(&s), 1);
	end(&s);
}

static void meta_and_tags_are_weighed(void **state)
{
	static const struct {
		const char *rule, *severity;
		int kappa;
	} cases[] = {
	    {"rule r { condition: true }", "medium", 500},
	    {"rule r { meta: severity = \"low\" condition: true }", "low", 500},
	    {"rule r { meta: severity = \"SEVERE\" condition: true }", "high", 500}, /* critical, but for worst */
	    {"rule r { meta: severity = 9 condition: true }", "high", 500},
	    {"rule r { meta: severity = 50 condition: true }", "medium", 500},
	    {"rule r { meta: severity = \"45\" condition: true }", "medium", 500},
	    {"rule r { meta: severity = \"nonsense\" score = 75 condition: true }", "high", 500},
	    {"rule r { meta: score = 39 condition: true }", "info", 500},
	    {"rule r { meta: score = -4 condition: true }", "medium", 500},
	    {"rule r { meta: severity = true condition: true }", "medium", 500},
	    {"rule r : harmless { condition: true }", "info", 500},
	    {"rule r : harmless bad { condition: true }", "high", 500},
	    {"rule r : other { meta: category = \"trojan\" condition: true }", "high", 500},
	    {"rule r : bad { meta: score = 10 condition: true }", "info", 500}, /* a number before a tag */
	    {"rule r { meta: confidence = \"low\" condition: true }", "medium", 300},
	    {"rule r { meta: confidence = \"sure\" condition: true }", "medium", 700},
	    {"rule r { meta: confidence = 40 condition: true }", "medium", 400},
	    {"rule r { meta: confidence = 100 condition: true }", "medium", 700},
	    {"rule r { meta: confidence = 4000 condition: true }", "medium", 500},
	    {"rule r { meta: score = 80 score = 10 condition: true }", "high", 500},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		stage s;
		const json_t *f;

		begin(&s);
		file(&s, "x.yar", cases[i].rule);
		open_stage(&s);
		look(&s, "x");
		f = finding(&s, "rules/pack/x.yar:r");
		if (f == NULL || strcmp(pb_json_str(f, "severity", ""), cases[i].severity) != 0 || pb_json_int(f, "kappa", 0) != cases[i].kappa)
			fail_msg("%s: %s %d", cases[i].rule, pb_json_str(f, "severity", "?"), (int)pb_json_int(f, "kappa", 0));
		end(&s);
	}
}

static void externals_are_there(void **state)
{
	stage s;

	(void)state;
	begin(&s);
	file(&s, "x.yar", "rule e { condition: filename == \"\" and filepath == \"\" and extension == \"\" and filetype == \"\" and owner == "
	                  "\"\" and md5 == \"" MD5 "\" }");
	file(&s, "own.yar", "rule process_name { condition: true }"); /* an external of that name would break it */
	file(&s, "other.yar", "rule o { condition: process_path == \"\" }");
	open_stage(&s);
	look(&s, "x");
	assert_int_equal(n_found(&s), 2);
	assert_non_null(finding(&s, "rules/pack/x.yar:e"));
	assert_non_null(strstr(s.refused, "other.yar:1: undefined identifier \"process_path\""));
	end(&s);
}

static void private_rules_are_silent_and_global_ones_stay_at_home(void **state)
{
	stage s;

	(void)state;
	begin(&s);
	file(&s, "a.yar", "global rule never { condition: false }\nrule gone { condition: true }");
	file(&s, "b.yar", "private rule p { condition: true }\nrule q { condition: p }");
	file(&s, "c.yar", "global rule only { strings: $a = \"yes\" condition: $a }\nrule with { condition: true }");
	file(&s, "d.yar", "include \"a.yar\"\nrule d { condition: true }");
	open_stage(&s);
	look(&s, "no");
	assert_int_equal(n_found(&s), 1);
	assert_non_null(finding(&s, "rules/pack/b.yar:q"));
	look(&s, "yes");
	assert_int_equal(n_found(&s), 3);
	assert_non_null(finding(&s, "rules/pack/c.yar:with"));
	end(&s);
}

/* Ways to match that multiply, and bytes that take all of them: YARA 4.2 gives up with error 46. */
#define ENDLESS "rule endless { strings: $a = /xy(a|aa|aaa|aaaa|aaaaa){1,250}(a|aa|aaa|aaaa){1,250}(a|aa|aaa){1,250}b/ condition: $a }"

static void a_rule_that_yara_gives_up_on_takes_only_itself_out(void **state)
{
	static char bytes[20002];
	stage s;

	(void)state;
	memset(bytes, 'a', sizeof bytes);
	bytes[0] = 'x';
	bytes[1] = 'y';
	begin(&s);
	file(&s, "a.yar", "rule before { strings: $a = \"aaaaaaaaaaaa\" condition: #a > 10 }\n" ENDLESS);
	file(&s, "b.yar", "rule after { condition: true }");
	open_stage(&s);
	look_for(&s, bytes, sizeof bytes, 60000000);
	assert_string_equal(unknown(&s), "YARA: rule endless: YARA error 46 (a string with too many ways to match)");
	assert_int_equal(n_found(&s), 2);
	look(&s, "xyaaab"); /* it is asked again, and matches here */
	assert_string_equal(unknown(&s), "");
	assert_non_null(finding(&s, "rules/pack/a.yar:endless"));
	end(&s);
}

static void time_and_matches_are_bounded(void **state)
{
	static char bytes[1200000];
	stage s;

	(void)state;
	memset(bytes, 'a', sizeof bytes);
	begin(&s);
	file(&s, "a.yar", "rule many { strings: $a = { 61 61 } condition: $a }");
	open_stage(&s);
	look_for(&s, bytes, sizeof bytes, 60000000);
	assert_string_equal(unknown(&s), "YARA: too many matches of $a");
	look_for(&s, bytes, sizeof bytes, 0);
	assert_string_equal(unknown(&s), "YARA: time budget of the product spent");
	assert_int_equal(s.spent, 0);
	end(&s);
	begin(&s);
	file(&s, "a.yar", "rule slow { condition: for all i in (1..1000000) : (for all j in (1..1000000) : (i * j > 0)) }");
	file(&s, "b.yar", "rule quick { condition: true }");
	open_stage(&s);
	look_for(&s, "x", 1, 1000000);
	assert_string_equal(unknown(&s), "YARA: time budget spent");
	assert_int_equal(n_found(&s), 0); /* nobody knows what part of it was looked for */
	assert_true(s.spent >= 900000);
	end(&s);
}

static void the_cache_gives_the_same(void **state)
{
	stage s;
	char cache[300], command[400];

	(void)state;
	begin(&s);
	(void)snprintf(cache, sizeof cache, "%s/cache", s.c.dir);
	assert_int_equal(mkdir(cache, 0700), 0);
	file(&s, "a.yar", "rule a { strings: $a = \"word\" condition: $a }");
	file(&s, "b.yar", "include \"c.inc\"\nrule b { condition: c }");
	file(&s, "c.inc", "private rule c { condition: true }");
	file(&s, "bad.yar", "rule {");
	for (int i = 0; i < 2; i++) {
		s.refused[0] = '\0';
		open_cached(&s, cache);
		assert_non_null(strstr(s.refused, "bad.yar:1: "));
		look(&s, "a word");
		assert_int_equal(n_found(&s), 2);
		assert_int_equal(pb_rule_set_rules(s.set), 3);
		close_set(&s);
		(void)snprintf(command, sizeof command, "test \"$(ls '%s' | wc -l)\" = 1", cache);
		assert_int_equal(system(command), 0);
	}
	/* What is only included counts, too. */
	file(&s, "c.inc", "private rule c { condition: false }");
	open_cached(&s, cache);
	look(&s, "a word");
	assert_int_equal(n_found(&s), 1);
	end(&s);
}

static void too_many_findings_are_unknown(void **state)
{
	char text[40000] = "";
	stage s;

	(void)state;
	for (int i = 0; i < 1000; i++)
		(void)snprintf(text + strlen(text), sizeof text - strlen(text), "rule r%d { condition: true }\n", i);
	begin(&s);
	file(&s, "x.yar", text);
	s.findings = 100;
	open_stage(&s);
	look(&s, "x");
	assert_int_equal(n_found(&s), 100);
	assert_string_equal(unknown(&s), "limit findings");
	end(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_rule_that_matches_is_a_finding),
	    cmocka_unit_test(meta_and_tags_are_weighed),
	    cmocka_unit_test(externals_are_there),
	    cmocka_unit_test(private_rules_are_silent_and_global_ones_stay_at_home),
	    cmocka_unit_test(a_rule_that_yara_gives_up_on_takes_only_itself_out),
	    cmocka_unit_test(time_and_matches_are_bounded),
	    cmocka_unit_test(the_cache_gives_the_same),
	    cmocka_unit_test(too_many_findings_are_unknown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
