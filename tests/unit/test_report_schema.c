/* Reports of random products hold to the schema and to their own arithmetic, as two scripts see it that share no code
 * with the report; and the schema refuses what is no report. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <unistd.h>

#include "base/fs.h"
#include "keeper/database.h"
#include "report_case.h"
#include "score_case.h"

enum { REPORTS = 500 };

/* Runs a script of tests/ over lines of reports; its exit status. */
static int run(const char *script, const char *lines, size_t n)
{
	char file[] = "/tmp/probity-reports-XXXXXX";
	char *dir = pb_fs_data_dir(), *command = NULL;
	int fd = mkstemp(file), rc;

	assert_true(fd >= 0 && close(fd) == 0 && dir != NULL);
	assert_int_equal(pb_fs_write(file, lines, n, NULL), PB_OK);
	assert_true(asprintf(&command, "/usr/bin/python3 '%s/tests/%s' '%s' >&2", dir, script, file) > 0);
	rc = system(command);
	(void)remove(file);
	free(command);
	free(dir);
	return rc;
}

static void add_line(pb_buf *lines, const json_t *report)
{
	char *text = pb_json_canonical(report);

	assert_non_null(text);
	assert_int_equal(pb_buf_printf(lines, "%s\n", text), PB_OK);
	free(text);
}

/* The random case, with all that the score needs not but the report does. */
static void add_random(uint64_t number, pb_buf *lines)
{
	prng r = prng_of_case(4711, number);
	json_t *evidence = json_pack("[oo]", case_place("b.tar", "x"), case_place("a.tar", "y")),
	       *maps = json_pack("[ss]", "paris:P6", "cwe:1");
	report_case k = {.document = NULL};
	score_case c;

	case_policy(&k.policy, &r);
	case_make(&c, &r);
	for (size_t i = 0; i < c.result.n_findings; i++) {
		c.findings[i].evidence = evidence;
		c.findings[i].maps = maps;
	}
	assert_true(case_score(&k, case_document(), 0)); /* for its document and circumstances only */
	pb_score_free(&k.score);
	(void)json_object_set_new(k.document, "principles", json_object());
	c.result.document = k.document;
	k.how.as_of = c.as_of;
	k.how.assessed = c.assessed;
	assert_int_equal(pb_score_compute(&c.result, &k.policy, c.assessed, c.as_of, &k.score, NULL), PB_OK);
	json_t *report = pb_report_new(&c.result, &k.policy, &k.score, &k.how, NULL);
	assert_non_null(report);
	add_line(lines, report);
	json_decref(report);
	json_decref(evidence);
	json_decref(maps);
	case_free(&k);
}

static void random_reports_are_valid_and_add_up(void **state)
{
	pb_buf lines = {0};

	(void)state;
	for (uint64_t i = 0; i < REPORTS; i++)
		add_random(i, &lines);
	assert_int_equal(run("validate-report.py", (const char *)lines.data, lines.size), 0);
	assert_int_equal(run("recompute.py", (const char *)lines.data, lines.size), 0);
	pb_buf_free(&lines);
}

/* One change that makes it no report. value NULL: the key is taken away. */
static void expect_refused(const char *part, const char *key, json_t *value)
{
	json_t *report = case_report(case_document(), 0, NULL), *object = report;
	pb_buf lines = {0};

	assert_non_null(report);
	if (part != NULL)
		object = json_object_get(report, part);
	if (json_is_array(object))
		object = json_array_get(object, 0);
	assert_non_null(object);
	assert_int_equal(value != NULL ? json_object_set_new(object, key, value) : json_object_del(object, key), 0);
	add_line(&lines, report);
	if (run("validate-report.py", (const char *)lines.data, lines.size) == 0)
		fail_msg("%s.%s: a report all the same", part != NULL ? part : "", key);
	pb_buf_free(&lines);
	json_decref(report);
}

static void the_schema_is_strict(void **state)
{
	pb_buf lines = {0};
	json_t *report = case_report(case_document(), 0, NULL);

	(void)state;
	assert_non_null(report);
	add_line(&lines, report);
	assert_int_equal(run("validate-report.py", (const char *)lines.data, lines.size), 0);
	assert_int_not_equal(run("validate-report.py", "{}\n", 3), 0);
	assert_int_not_equal(run("validate-report.py", "", 0), 0);
	expect_refused(NULL, "another", json_integer(1));
	expect_refused(NULL, "limits", NULL);
	expect_refused("score", "trust_tenths", json_integer(1001));
	expect_refused("score", "floor_tenths", json_real(1.5));
	expect_refused("score", "decision", json_string("maybe"));
	expect_refused("score", "valid_until", json_string("2026-13-01"));
	expect_refused("product", "sha256", json_string("00"));
	expect_refused("product", "name", json_string("\x1b[31m"));
	expect_refused("product", "version", json_string("\xe2\x80\xae"));
	expect_refused("product", "kind", json_string("deb\n"));
	expect_refused("assessment", "rules_digest", json_string(HEX64 "\n"));
	expect_refused("checks", "severity", json_string("grave"));
	expect_refused("checks", "coverage", json_integer(-1));
	expect_refused("checks", "id", json_string("zz.out-of-order"));
	expect_refused("findings", "evidence", json_array());
	expect_refused("findings", "kappa", json_integer(100));            /* no longer the first */
	expect_refused("findings", "check", json_string("data-care.tls")); /* which passed */
	expect_refused("principles", "id", json_string("P2"));
	expect_refused("limits", "count", json_integer(1));
	json_decref(report);
	pb_buf_free(&lines);
}

/* Inside a foreign host little is known of the database; what ClamAV did not scan stands among the limits. */
static void a_report_from_inside_a_host_is_one(void **state)
{
	static const int64_t databases[][2] = {{27800, 1794817572}, {27800, 0}, {0, 0}, {-1, INT64_MIN}, {INT64_MAX, INT64_MAX}};
	pb_buf lines = {0};

	(void)state;
	for (size_t i = 0; i < sizeof databases / sizeof databases[0]; i++) {
		report_case k = {.document = NULL};
		json_t *d = case_document(), *report;

		case_add(d, "limits",
		         json_pack("{s[s] ss}", "path", "agent.deb", "why", "members not scanned by ClamAV: unpacked by Probity"));
		case_business(&k.policy);
		assert_true(case_score(&k, d, 0));
		k.how.clamav_db = pb_database_of_host(databases[i][0], databases[i][1]);
		report = pb_report_new(&k.result, &k.policy, &k.score, &k.how, NULL);
		assert_non_null(report);
		add_line(&lines, report);
		json_decref(report);
		json_decref((json_t *)k.how.clamav_db);
		case_free(&k);
	}
	assert_int_equal(run("validate-report.py", (const char *)lines.data, lines.size), 0);
	assert_int_equal(run("recompute.py", (const char *)lines.data, lines.size), 0);
	pb_buf_free(&lines);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(random_reports_are_valid_and_add_up),
	        cmocka_unit_test(the_schema_is_strict),
	        cmocka_unit_test(a_report_from_inside_a_host_is_one),
	};

	return cmocka_run_group_tests_name("report schema", tests, NULL, NULL);
}
