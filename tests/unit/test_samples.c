/* The runner of samples: what it takes for a sample to pass, which checks a name means, what it prints. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "check_case.h"
#include "checks/samples.h"

/* A product in which every sample whose name holds "bad" has a finding; "broken" fails; "script" shows a script's error. */
static int assess(void *user, const char *id, const char *path, json_t **out, pb_error *err)
{
	const char *name = strrchr(path, '/') + 1, *reason = "";

	(*(int *)user)++;
	assert_string_equal(id, strstr(path, "integrity/xy/") != NULL ? "integrity.xy" : "integrity.x");
	if (strstr(name, "broken") != NULL)
		return pb_fail(err, PB_EIO, "%s: broken", path);
	if (strstr(name, "script") != NULL)
		reason = "1 of 1 not examined: script error: x.lua:1: y";
	*out = json_pack("{s:[],s:[{s:s,s:s,s:s}]}", "findings", "checks", "id", "integrity.x", "status", "pass", "reason", reason);
	if (strstr(name, "bad") != NULL)
		json_array_append_new(json_object_get(*out, "findings"),
		                      json_pack("{s:s,s:s,s:s,s:s,s:[{s:[s,s],s:i,s:i}]}", "check", "integrity.x", "finding", "key", "key",
		                                "K", "says", "a key K", "evidence", "path", "p", "bad", "offset", 7, "length", 3));
	return PB_OK;
}

/* As the command gets them: as text, from a process that has the scripts. Takes checks. */
static json_t *over_the_wire(json_t *checks)
{
	char *text = pb_json_canonical(checks);
	json_t *again = text != NULL ? json_loads(text, JSON_REJECT_DUPLICATES, NULL) : NULL;

	assert_non_null(again);
	free(text);
	json_decref(checks);
	return again;
}

static bool brief, foreign; /* options of the next run */

/* Runs the samples with stdout in a file; what was printed goes into text. Takes checks. */
static int run(const check_case *c, json_t *checks, const char *const *names, size_t n_names, char *text,
               size_t room, size_t *failed, pb_error *err)
{
	char dir[300], file[300];
	int calls = 0, keep = dup(1), rc;
	pb_samples_options o = {.dir = dir, .names = names, .n_names = n_names, .assess = assess, .user = &calls,
	                        .brief = brief, .foreign = foreign};
	pb_samples_count count = {0, 0, *failed};
	pb_buf out = {0};

	(void)snprintf(dir, sizeof dir, "%s/samples", c->dir);
	(void)snprintf(file, sizeof file, "%s/out.txt", c->dir);
	(void)fflush(stdout);
	assert_non_null(freopen(file, "w", stdout));
	rc = pb_samples_run(checks, &o, &count, err);
	*failed = count.failed;
	json_decref(checks);
	(void)fflush(stdout);
	assert_true(dup2(keep, 1) >= 0);
	(void)close(keep);
	assert_int_equal(pb_fs_read(file, 100000, &out, NULL), PB_OK);
	(void)snprintf(text, room, "%s", out.data != NULL ? (const char *)out.data : "");
	pb_buf_free(&out);
	return rc;
}

static void open_samples(check_case *c, pb_catalogue **catalogue, const char *hit, const char *clean)
{
	char text[1500];
	pb_catalogue_options options;
	pb_error err = {0};

	case_open(c);
	options = case_options(c);
	(void)snprintf(text, sizeof text,
	               "return { title = 'T', why = 'W', claim = 'credentials', severity = 'high', reliability = 'parsed', "
	               "maps = { 'paris:P6' }, %s "
	               "samples = { hit = { %s }, clean = { %s } }, object = function() end }",
	               "findings = { key = { says = 'a key %s', fix = 'F' }, weak = { says = 'W', fix = 'F' } },", hit, clean);
	case_text(c, "scripts/integrity/x.lua", text);
	case_text(c, "scripts/integrity/xy.lua", text);
	case_text(c, "samples/integrity/x/bad-1", "x");
	case_text(c, "samples/integrity/x/good-1", "x");
	case_text(c, "samples/integrity/x/broken", "x");
	case_text(c, "samples/integrity/x/script", "x");
	if (pb_catalogue_open(&options, catalogue, &err) != PB_OK)
		fail_msg("%s", err.text);
}

static void samples_pass_or_say_why(void **state)
{
	static const struct {
		const char *hit, *clean;
		size_t failed;
		const char *printed;
	} cases[] = {
	    {"'bad-1'", "'good-1'", 0,
	     "ok 1 - integrity.x hit bad-1\nok 2 - integrity.x clean good-1\n1..2\n2 passed, 0 failed\n"},
	    {"'good-1'", "'good-1'", 1,
	     "not ok 1 - integrity.x hit good-1\n# scripts/integrity/x.lua: expected a finding, found none\n"
	     "#   the check looked, and raised nothing: "},
	    {"'good-1'", "'good-1'", 1, "# look closer: probity check explain integrity.x "},
	    {"'bad-1'", "'bad-1'", 1,
	     "not ok 2 - integrity.x clean bad-1\n# scripts/integrity/x.lua: expected nothing, found 1:\n"
	     "#   found.key, key \"K\", in p > bad at 7, length 3: a key K\n# look closer: "},
	    {"'bad-1'", "'bad-1'", 1, "\n1..2\n1 passed, 1 failed\n"},
	    {"key = { 'bad-1' }", "'good-1'", 0, "ok 1 - integrity.x hit bad-1\nok 2"},
	    {"weak = { 'bad-1' }", "'good-1'", 1,
	     "not ok 1 - integrity.x hit bad-1\n# scripts/integrity/x.lua: expected the finding \"weak\", found others:\n"
	     "#   found.key, key \"K\""},
	    {"'bad-1', weak = { 'good-1' }", "'good-1'", 1, "not ok 2 - integrity.x hit good-1\n"},
	    {"'missing'", "'broken'", 2, "# scripts/integrity/x.lua: there is no "},
	    {"'bad-1'", "'broken'", 1, ": broken\n"},
	    {"'bad-1'", "'script'", 1, "script error: x.lua:1: y"},
	};
	static const char *const only[] = {"integrity.x"};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		pb_catalogue *catalogue;
		check_case c;
		char text[4000];
		size_t failed = 99;
		pb_error err = {0};

		open_samples(&c, &catalogue, cases[i].hit, cases[i].clean);
		assert_int_equal(run(&c, over_the_wire(pb_samples_of(catalogue)), only, 1, text, sizeof text, &failed, &err), PB_OK);
		if (failed != cases[i].failed || strstr(text, cases[i].printed) == NULL)
			fail_msg("%zu failed:\n%s", failed, text);
		pb_catalogue_close(catalogue);
		case_close(&c);
	}
}

static void names_mean_checks(void **state)
{
	static const struct {
		const char *name;
		int samples; /* -1: no check */
	} cases[] = {
	    {"integrity.x", 2},      {"integrity/x", 2}, {"integrity/x.lua", 2},
	    {"integrity", 4},        {"integrity/", 4},  {"integrity/xy", 2},
	    {"integrity.z", -1},     {"integrityx", -1}, {"culture", -1},
	    {"integrity/x.txt", -1}, {"", -1},
	};
	pb_catalogue *catalogue;
	check_case c;

	(void)state;
	open_samples(&c, &catalogue, "'bad-1'", "'good-1'");
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		char text[4000], plan[20];
		size_t failed;
		pb_error err = {0};
		int rc = run(&c, over_the_wire(pb_samples_of(catalogue)), &cases[i].name, 1, text, sizeof text, &failed, &err);

		(void)snprintf(plan, sizeof plan, "1..%d\n", cases[i].samples);
		if (cases[i].samples < 0 ? rc != PB_EINPUT || strstr(err.text, "there is no check") == NULL
		                         : rc != PB_OK || strstr(text, plan) == NULL)
			fail_msg("%s: %d %s\n%s", cases[i].name, rc, err.text, text);
	}
	pb_catalogue_close(catalogue);
	case_close(&c);
}

static void foreign_samples_lie_beside_the_check(void **state)
{
	pb_catalogue *catalogue;
	pb_catalogue_options options;
	check_case c;
	char dir[300], text[4000];
	const char *extra[] = {dir};
	size_t failed;
	pb_error err = {0};

	(void)state;
	case_open(&c);
	(void)snprintf(dir, sizeof dir, "%s/mine", c.dir);
	options = case_options(&c);
	options.extra_dirs = extra;
	options.n_extra = 1;
	case_text(&c, "mine/x.lua",
	          "return { title = 'T', why = 'W', claim = 'credentials', severity = 'high', reliability = 'parsed', maps = { "
	          "'paris:P6' }, " CASE_FINDINGS
	          "samples = { hit = { 'bad' }, clean = { 'good' } }, object = function() end }");
	case_text(&c, "mine/a.yar", "rule A { condition: true }");
	case_text(&c, "mine/x.samples/bad", "x");
	case_text(&c, "mine/x.samples/good", "x");
	if (pb_catalogue_open(&options, &catalogue, &err) != PB_OK)
		fail_msg("%s", err.text);
	assert_int_equal(run(&c, over_the_wire(pb_samples_of(catalogue)), NULL, 0, text, sizeof text, &failed, &err), PB_OK);
	assert_non_null(strstr(text, "2 passed, 0 failed\n"));
	pb_catalogue_close(catalogue);
	case_close(&c);
}

static void brief_runs_print_what_fails(void **state)
{
	static const char *const only[] = {"integrity.x"};
	pb_catalogue *catalogue;
	check_case c;
	char text[4000];
	size_t failed = 0;
	pb_error err = {0};

	(void)state;
	open_samples(&c, &catalogue, "'bad-1', 'good-1'", "'good-1'");
	brief = true;
	assert_int_equal(run(&c, over_the_wire(pb_samples_of(catalogue)), only, 1, text, sizeof text, &failed, &err), PB_OK);
	assert_int_equal(failed, 1);
	assert_memory_equal(text, "not ok 2 - integrity.x hit good-1\n", 34);
	assert_null(strstr(text, "\nok"));
	assert_null(strstr(text, "passed"));
	brief = false;
	foreign = true; /* there are none, so that names alone choose */
	assert_int_equal(run(&c, over_the_wire(pb_samples_of(catalogue)), NULL, 0, text, sizeof text, &failed, &err), PB_OK);
	assert_string_equal(text, "1..0\n0 passed, 0 failed\n");
	foreign = false;
	pb_catalogue_close(catalogue);
	case_close(&c);
}

static void is_dir(const check_case *c, const char *file, const char *wanted)
{
	char path[400], want[400], *dir;

	(void)snprintf(path, sizeof path, "%s/%s", c->dir, file);
	(void)snprintf(want, sizeof want, "%s/%s", c->dir, wanted);
	dir = pb_samples_dir_of(path);
	assert_string_equal(dir, want);
	free(dir);
}

static void samples_lie_where_a_checkout_has_them(void **state)
{
	check_case c;

	(void)state;
	case_open(&c);
	case_text(&c, "scripts/integrity/x.lua", "x");
	case_text(&c, "mine/integrity/x.lua", "x");
	is_dir(&c, "scripts/integrity/x.lua", "scripts/integrity/x.samples"); /* no tests/samples: no checkout */
	case_text(&c, "tests/samples/README.md", "x");
	is_dir(&c, "scripts/integrity/x.lua", "tests/samples/integrity/x");
	is_dir(&c, "mine/integrity/x.lua", "mine/integrity/x.samples");
	is_dir(&c, "scripts/x.lua", "scripts/x.samples");
	is_dir(&c, "nowhere/x.lua", "nowhere/x.samples");
	case_close(&c);
}

static void other_shapes_are_refused_or_skipped(void **state)
{
	static const char *const shapes[] = {"{}",
	                                     "null",
	                                     "[1,null,[],\"x\"]",
	                                     "[{\"id\":7,\"samples\":[]}]",
	                                     "[{\"id\":\"nodot\",\"samples\":{\"hit\":[1,null],\"clean\":\"x\"}}]"};

	check_case c;

	(void)state;
	case_open(&c);
	for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
		char text[100];
		size_t failed = 0;
		pb_error err = {0};
		json_t *checks = json_loads(shapes[i], JSON_DECODE_ANY, NULL);

		assert_non_null(checks);
		assert_int_equal(run(&c, checks, NULL, 0, text, sizeof text, &failed, &err), i < 2 ? PB_ECORRUPT : PB_OK);
		assert_int_equal(failed, 0);
	}
	case_close(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(samples_pass_or_say_why),
	    cmocka_unit_test(names_mean_checks),
	    cmocka_unit_test(foreign_samples_lie_beside_the_check),
	    cmocka_unit_test(brief_runs_print_what_fails),
	    cmocka_unit_test(samples_lie_where_a_checkout_has_them),
	    cmocka_unit_test(other_shapes_are_refused_or_skipped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
