/* How folders of checks are read, and what their digest is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "check_case.h"

#define OBJECT "object = function(object, found) end"

static void all_mistakes_of_foreign_checks_are_told(void **state)
{
	check_case c;
	pb_catalogue_options options;
	pb_catalogue *catalogue;
	char extra[300];
	const char *dirs[] = {extra};
	const char *const *refused;
	const pb_check *k;
	const pb_rule_folder *folder;
	const size_t *of;
	size_t n;
	pb_error err = {0};

	(void)state;
	case_open(&c);
	(void)snprintf(extra, sizeof extra, "%s/My Rules", c.dir);
	options = case_options(&c);
	options.extra_dirs = dirs;
	options.n_extra = 1;
	case_text(&c, "scripts/integrity/own.lua", CASE_CHECK("looks = 'condition: true', " OBJECT));
	case_text(&c, "My Rules/two-mistakes.lua",
	          "return { " CASE_HEADER CASE_FINDINGS OBJECT ", tilte = 'x', catalogue = 'Z' }");
	case_text(&c, "My Rules/good.lua", CASE_CHECK(OBJECT));
	case_text(&c, "My Rules/data-care/wrong-pillar.lua", CASE_CHECK(OBJECT));
	case_text(&c, "My Rules/integrity/own.lua", CASE_CHECK(OBJECT));
	case_text(&c, "My Rules/bad name.lua", CASE_CHECK(OBJECT));
	case_text(&c, "My Rules/lib/helper.lua", "return {}");
	case_text(&c, "My Rules/good.samples/fixture.lua", "print 'hello'");
	case_text(&c, "My Rules/a.yar", "rule A { condition: true }");
	case_text(&c, "My Rules/deep/b.yara", "rule B { condition: true }");
	case_write(&c, "My Rules/binary.yar", "a\0b", 3);
	case_write(&c, "My Rules/empty.yar", "", 0);
	if (pb_catalogue_open(&options, &catalogue, &err) != PB_OK)
		fail_msg("%s", err.text);
	k = pb_catalogue_checks(catalogue, &n);
	assert_int_equal(n, 3);
	assert_string_equal(k[0].id, "integrity.good");
	assert_string_equal(k[1].id, "integrity.own");
	assert_string_equal(k[2].id, "rules.My_Rules");
	assert_string_equal(k[2].claim, "rules.My_Rules");
	assert_int_equal(k[2].severity, PB_HIGH);
	assert_string_equal(k[2].findings[0].name, "match");
	(void)pb_catalogue_sources(catalogue, &n, &of); /* of our own checks only */
	assert_int_equal(n, 1);
	assert_int_equal(of[0], 1);
	assert_int_equal(pb_catalogue_folders(catalogue), 1);
	folder = pb_catalogue_folder(catalogue, 0, &k);
	assert_string_equal(k->id, "rules.My_Rules");
	assert_int_equal(folder->n_files, 3);
	assert_string_equal(folder->files[0].space, "rules/My_Rules/a.yar");
	assert_string_equal(folder->files[1].space, "rules/My_Rules/deep/b.yara");
	assert_string_equal(folder->files[2].text->text, "");
	assert_int_equal(folder->left_out, 1);
	refused = pb_catalogue_refused(catalogue, &n);
	assert_int_equal(n, 6);
	assert_non_null(strstr(c.told, "two-mistakes.lua:4: tilte: unknown field; did you mean \"title\"?"));
	assert_non_null(strstr(c.told, "two-mistakes.lua:4: catalogue: \"Z\" is no row"));
	assert_non_null(strstr(c.told, "wrong-pillar.lua:1: claim: \"credentials\" belongs to integrity"));
	assert_non_null(strstr(c.told, "own.lua:1: there is a check \"integrity.own\" already: scripts/integrity/own.lua"));
	assert_non_null(strstr(c.told, "bad name.lua:1: the name of a check's file"));
	assert_non_null(strstr(c.told, "binary.yar: a NUL byte"));
	assert_non_null(strstr(refused[0], extra));
	pb_catalogue_close(catalogue);
	options.strict = true;
	assert_int_equal(pb_catalogue_open(&options, &catalogue, &err), PB_EINPUT);
	assert_non_null(strstr(err.text, "(and 5 more)"));
	case_close(&c);
}

static void two_folders_of_one_name_are_two_checks(void **state)
{
	check_case c;
	pb_catalogue_options options;
	pb_catalogue *catalogue;
	char a[300], b[300];
	const char *dirs[] = {a, b};
	size_t n;
	pb_error err = {0};

	(void)state;
	case_open(&c);
	(void)snprintf(a, sizeof a, "%s/a/pack", c.dir);
	(void)snprintf(b, sizeof b, "%s/b/pack", c.dir);
	case_text(&c, "a/pack/x.yar", "rule A { condition: true }");
	case_text(&c, "b/pack/x.yar", "rule A { condition: true }");
	options = case_options(&c);
	options.extra_dirs = dirs;
	options.n_extra = 2;
	if (pb_catalogue_open(&options, &catalogue, &err) != PB_OK)
		fail_msg("%s", err.text);
	assert_string_equal(pb_catalogue_checks(catalogue, &n)[0].id, "rules.pack");
	assert_string_equal(pb_catalogue_checks(catalogue, &n)[1].id, "rules.pack-2");
	assert_string_not_equal(pb_catalogue_folder(catalogue, 0, NULL)->files[0].space,
	                        pb_catalogue_folder(catalogue, 1, NULL)->files[0].space);
	pb_catalogue_close(catalogue);
	options.n_extra = 1;
	dirs[0] = "/nonexistent-folder";
	assert_int_not_equal(pb_catalogue_open(&options, &catalogue, &err), PB_OK);
	assert_non_null(strstr(err.text, "/nonexistent-folder"));
	case_close(&c);
}

static void digest_of(check_case *c, char out[65])
{
	pb_catalogue_options options = case_options(c);
	pb_catalogue *catalogue;
	pb_error err = {0};

	if (pb_catalogue_open(&options, &catalogue, &err) != PB_OK)
		fail_msg("%s", err.text);
	(void)strcpy(out, pb_catalogue_digest(catalogue));
	pb_catalogue_close(catalogue);
}

static void the_digest_follows_the_rules(void **state)
{
	check_case c;
	char one[65], two[65];

	(void)state;
	case_open(&c);
	case_text(&c, "scripts/integrity/x.lua", CASE_CHECK(OBJECT));
	digest_of(&c, one);
	digest_of(&c, two);
	assert_string_equal(one, two);
	assert_int_equal(strlen(one), 64);
	case_text(&c, "rulesets/policies/business.ini", "x");
	case_text(&c, "rulesets/clamav/test.ndb", "x");
	digest_of(&c, two);
	assert_string_equal(one, two);
	case_text(&c, "rulesets/words.txt", "x");
	digest_of(&c, two);
	assert_string_not_equal(one, two);
	(void)strcpy(one, two);
	case_text(&c, "scripts/lib/words.lua", "return { greeting = 'Hello', list = {} }\n");
	digest_of(&c, two);
	assert_string_not_equal(one, two);
	case_close(&c);
}

static void libraries_are_shared_and_closed(void **state)
{
	static const char *const cases[][2] = {
	    {"local w = require 'lib.words' assert(w == require 'lib.words') " CASE_CHECK(OBJECT), ""},
	    {"local w = require 'lib.words' w.greeting = 'bye' " CASE_CHECK(OBJECT), "read-only"},
	    {"local w = require 'lib.words' w.list[1] = 'bye' " CASE_CHECK(OBJECT), "read-only"},
	    {"local w = require 'lib.self' " CASE_CHECK(OBJECT), "it requires itself"},
	    {"local w = require 'lib.nothing-returned' " CASE_CHECK(OBJECT), "returns a nil"},
	    {"local w = require 'lib.broken' " CASE_CHECK(OBJECT), "scripts/lib/broken.lua:2: "},
	    {"local pem = require 'probity.pem' pem.decode = nil " CASE_CHECK(OBJECT), "read-only"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		check_case c;
		pb_catalogue_options options;
		pb_catalogue *catalogue = NULL;
		pb_error err = {0};
		int rc;

		case_open(&c);
		options = case_options(&c);
		case_text(&c, "scripts/lib/self.lua", "return { require 'lib.self' }");
		case_text(&c, "scripts/lib/nothing-returned.lua", "local x = 1");
		case_text(&c, "scripts/lib/broken.lua", "local x = 1\nx()");
		case_text(&c, "scripts/integrity/x.lua", cases[i][0]);
		rc = pb_catalogue_open(&options, &catalogue, &err);
		if (cases[i][1][0] == '\0' ? rc != PB_OK : rc != PB_EINPUT || strstr(err.text, cases[i][1]) == NULL)
			fail_msg("%s\n  gave: %s", cases[i][0], err.text);
		if (rc == PB_OK)
			pb_catalogue_close(catalogue);
		case_close(&c);
	}
}

static void broken_rulesets_are_named(void **state)
{
	static const char *const cases[][3] = {
	    {"rulesets/claims.ini", "[nowhere]\na = b\n", "is no pillar"},
	    {"rulesets/claims.ini", "[integrity]\na = b\n[culture]\na = c\n", "stands there twice"},
	    {"rulesets/claims.ini", "[integrity]\nA B = c\n", "lower-case letters"},
	    {"rulesets/mappings.ini", "[cwe]\n1 = a\n1 = b\n", "cwe:1 stands there twice"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		check_case c;
		pb_catalogue_options options;
		pb_catalogue *catalogue = NULL;
		pb_error err = {0};

		case_open(&c);
		options = case_options(&c);
		case_text(&c, cases[i][0], cases[i][1]);
		assert_int_equal(pb_catalogue_open(&options, &catalogue, &err), PB_EINPUT);
		if (strstr(err.text, cases[i][2]) == NULL)
			fail_msg("gave: %s, want: %s", err.text, cases[i][2]);
		case_close(&c);
	}
}

static void loading_with_little_memory(void **state)
{
	check_case c;
	pb_catalogue_options options;
	pb_catalogue *catalogue = NULL;
	pb_error err = {0};
	int rc = PB_ENOMEM;

	(void)state;
	case_open(&c);
	options = case_options(&c);
	case_text(&c, "scripts/integrity/x.lua",
	          "local words = require 'lib.words' local pem = require 'probity.pem' " CASE_CHECK(
	              "object = function() return words, pem end"));
	for (options.limits.memory = 30000; options.limits.memory < 400000 && rc != PB_OK; options.limits.memory += 97)
		rc = pb_catalogue_open(&options, &catalogue, &err);
	if (rc != PB_OK)
		fail_msg("%s", err.text);
	pb_catalogue_close(catalogue);
	case_close(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(all_mistakes_of_foreign_checks_are_told),
	    cmocka_unit_test(two_folders_of_one_name_are_two_checks),
	    cmocka_unit_test(the_digest_follows_the_rules),
	    cmocka_unit_test(libraries_are_shared_and_closed),
	    cmocka_unit_test(broken_rulesets_are_named),
	    cmocka_unit_test(loading_with_little_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
