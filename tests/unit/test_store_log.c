/* The log: the chain holds, also by hand, after a kill at any moment, and after retention; whoever changes anything is
 * found. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <time.h>

#include <cmocka.h>

#include "prng.h"
#include "store_case.h"

static char *file;

static int fresh(void **state)
{
	(void)state;
	file = scratch_path("s.db");
	case_remove(file);
	return 0;
}

static void must_hold(const char *name, int64_t wanted)
{
	pb_store *s;
	pb_error err = {0};
	int64_t lines = -1;
	char head[65];
	assert_int_equal(pb_store_open(name, true, 2000, &s, &err), 0);
	int rc = pb_store_verify(s, &lines, head, &err);
	if (rc)
		print_error("%s\n", err.text);
	assert_int_equal(rc, 0);
	assert_int_equal(lines, wanted);
	assert_int_equal(strspn(head, "0123456789abcdef"), 64);
	pb_store_close(s);
}

static int take_text(void *user, const char *line, const char *digest)
{
	pb_buf *b = user;
	assert_int_equal(strlen(digest), 64);
	assert_int_equal(pb_buf_printf(b, "%s\n", line), 0);
	return 0;
}

static void chain(void **state)
{
	(void)state;
	pb_store *s = case_open(file);
	pb_error err = {0};
	int64_t lines = -1;
	char head[65];
	pb_buf b = {0};
	assert_int_equal(pb_store_verify(s, &lines, head, &err), 0);
	assert_int_equal(lines, 0);
	assert_string_equal(head, "0000000000000000000000000000000000000000000000000000000000000000");
	assert_int_equal(pb_store_event(s, 5, "rules refused: a.lua:3: \x1b[2J \"quoted\"\n", &err), 0);
	case_fill(s, 2);
	assert_int_equal(pb_store_log(s, 0, 0, take_text, &b, &err), 0);
	char *third = (char *)b.data, *first = strstr(third, "{\"n\":1,");
	assert_non_null(first);
	assert_string_equal(
	    first,
	    "{\"n\":1,\"previous\":\"0000000000000000000000000000000000000000000000000000000000000000\",\"time\":5,"
	    "\"what\":\"rules refused: a.lua:3: \\\\x1b[2J \\\"quoted\\\"\\\\x0a\"}\n");
	b.size = 0;
	assert_int_equal(pb_store_log(s, 3, 1, take_text, &b, &err), 0);
	assert_non_null(strstr((char *)b.data, "\"n\":2,"));
	assert_null(strstr((char *)b.data, "\"n\":1,"));
	pb_buf_free(&b);
	pb_store_close(s);
	must_hold(file, 3);
}

/* As README.md of plugin/store/ says. */
static void by_hand(void **state)
{
	(void)state;
	pb_store *s = case_open(file);
	pb_error err = {0};
	scratch_need("sqlite3");
	scratch_need("sha256sum");
	case_fill(s, 5);
	assert_int_equal(pb_store_event(s, 5, "caf\xc3\xa9 \xe2\x80\xa6 'quotes' \\ back|pipe", &err), 0);
	pb_store_close(s);
	assert_int_equal(
	    scratch_sh("previous=$(printf '%064d' 0)\n"
	               "sqlite3 -readonly s.db 'SELECT line FROM log ORDER BY n' | { while IFS= read -r line; do\n"
	               "case $line in *\"\\\"previous\\\":\\\"$previous\\\"\"*) ;; *) echo broken; exit 1 ;; esac\n"
	               "previous=$(printf %s \"$line\" | sha256sum | cut -c1-64); done; echo \"$previous\"; } >head\n"
	               "sqlite3 -readonly s.db 'SELECT digest FROM log ORDER BY n DESC LIMIT 1' >wanted\n"
	               "cat head wanted; cmp head wanted\n"
	               "r=$(sqlite3 -readonly s.db 'SELECT text FROM report WHERE id = 3')\n"
	               "d=$(printf %s \"$r\" | sha256sum | cut -c1-64)\n"
	               "sqlite3 -readonly s.db 'SELECT line FROM log' | grep '\"id\":3,' | grep -q "
	               "\"\\\"report_sha256\\\":\\\"$d\\\"\""),
	    0);
}

static void forgery_is_found(void **state)
{
	(void)state;
	static const char drop[] = "DROP TRIGGER log_stays; DROP TRIGGER log_holds;";
	static const char *const forged[] = {
	    "UPDATE log SET line = replace(line, 'CONDITIONAL', 'ACCEPT') WHERE n = 3",
	    "UPDATE log SET digest = replace(digest, substr(digest, 1, 1), 'x') WHERE n = 4",
	    "UPDATE log SET line = line || x'00' || 'more' WHERE n = 2",
	    "UPDATE log SET line = '' WHERE n = 2",
	    "UPDATE log SET line = '[]', digest = '4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945' "
	    "WHERE n = 2",
	    "DELETE FROM log WHERE n = 1",
	    "DELETE FROM log WHERE n = 3",
	    "DELETE FROM log WHERE n = 6",
	    "DELETE FROM log",
	    "DELETE FROM log WHERE n = 6; DELETE FROM assessment WHERE id = 5", /* cut off, and what it spoke of, too */
	    "UPDATE log SET n = 7 WHERE n = 6",
	    "UPDATE log SET n = -n WHERE n = 1",
	    "INSERT INTO log VALUES (7, '{}', '')",
	    "UPDATE assessment SET decision = 'ACCEPT' WHERE id = 3",
	    "UPDATE assessment SET trust_tenths = 1000 WHERE id = 3",
	    "UPDATE assessment SET trust_tenths = NULL WHERE id = 3",
	    "UPDATE assessment SET sha256 = replace(sha256, '2', '3')",
	    "UPDATE assessment SET time = time + 1 WHERE id = 5",
	    "UPDATE assessment SET uid = NULL WHERE id = 5",
	    "UPDATE report SET text = text || ' ' WHERE id = 2",
	    "UPDATE report SET text = '' WHERE id = 2",
	    "DELETE FROM report WHERE id = 2",
	    "INSERT INTO report VALUES (4, '{}')", /* assessment 4 has none */
	    ("INSERT INTO assessment SELECT 99, time, path, name, version, kind, sha256, host, uid, policy, "
	     "rules_digest, trust_tenths,"
	     " floor_tenths, confidence_permille, decision, clamav, reason, alert FROM assessment WHERE id = 1"),
	    "UPDATE assessment SET id = 9 WHERE id = 4",
	};
	for (size_t i = 0; i < sizeof forged / sizeof *forged; i++) {
		char sql[1000];
		pb_store *s;
		pb_error err = {0};
		int64_t id, lines;
		char head[65];
		case_remove(file);
		s = case_open(file);
		assert_int_equal(pb_store_event(s, 5, "started", &err), 0);
		case_fill(s, 3);
		pb_stored a = case_assessment(4);
		a.report = NULL;
		assert_int_equal(pb_store_add(s, &a, &id, &err), 0);
		case_add(s, 5);
		pb_store_close(s);
		must_hold(file, 6);
		snprintf(sql, sizeof sql, "%s%s", drop, forged[i]);
		case_tamper(file, sql);
		assert_int_equal(pb_store_open(file, true, 100, &s, &err), 0);
		int rc = pb_store_verify(s, &lines, head, &err);
		if (rc != PB_ECORRUPT)
			print_error("not found: %s\n", forged[i]);
		assert_int_equal(rc, PB_ECORRUPT);
		assert_non_null(strstr(err.text, "line "));
		assert_in_range(lines, 0, 6);
		pb_store_close(s);
	}
}

static void accidents_are_refused(void **state)
{
	(void)state;
	static const char *const sql[] = {"DELETE FROM log", "UPDATE log SET line = 'x'"};
	const pb_sql_mode mode = {.permissions = 0600, .busy_ms = 100};
	pb_sql *db;
	pb_store *s = case_open(file);
	case_fill(s, 2);
	pb_store_close(s);
	assert_int_equal(pb_sql_open(file, &mode, &db, NULL), 0);
	for (size_t i = 0; i < 2; i++)
		assert_int_not_equal(pb_sql_run(db, sql[i], NULL), 0);
	pb_sql_close(db);
	must_hold(file, 2);
}

static void retention_by_age(void **state)
{
	(void)state;
	pb_store *s = case_open(file);
	pb_error err = {0};
	int64_t removed = -1, id;
	int n = 0;
	for (int i = 1; i <= 10; i++) {
		pb_stored a = case_assessment(i);
		a.time = (int64_t)i * 86400;
		assert_int_equal(pb_store_add(s, &a, &id, &err), 0);
	}
	assert_int_equal(pb_store_retain(s, 10 * 86400, 0, 0, &removed, &err), 0);
	assert_int_equal(removed, 0);
	assert_int_equal(pb_store_retain(s, 10 * 86400, 4, 0, &removed, &err), 0); /* older than the start of day 6 */
	assert_int_equal(removed, 5);
	assert_int_equal(pb_store_list(s, &(pb_store_query){.any_uid = true}, case_count, &n, &err), 0);
	assert_int_equal(n, 5);
	assert_int_equal(pb_store_get(s, 5, case_count, &n, &err), 0);
	assert_int_equal(pb_store_get(s, 6, case_count, &n, &err), 1);
	assert_int_equal(case_number(file, "SELECT count(*) FROM report"), 5);
	must_hold(file, 11); /* the ten, and what went */
	assert_int_equal(pb_store_retain(s, 1000 * 86400, 4, 0, &removed, &err), 0);
	assert_int_equal(removed, 5);
	assert_int_equal(case_add(s, 1), 11); /* no number is used again */
	must_hold(file, 13);
	assert_int_equal(pb_store_retain(s, INT64_MAX, INT64_MAX, 0, &removed, &err), 0);
	pb_store_close(s);
}

static void retention_by_size(void **state)
{
	(void)state;
	pb_store *s = case_open(file);
	pb_error err = {0};
	int64_t removed = -1, id;
	struct stat st;
	char *report = malloc(100001);
	assert_non_null(report);
	memset(report, '1', 100000);
	report[100000] = '\0';
	for (int i = 1; i <= 600; i++) {
		pb_stored a = case_assessment(i);
		a.report = i <= 60 ? report : "{}";
		assert_int_equal(pb_store_add(s, &a, &id, &err), 0);
	}
	assert_int_equal(pb_store_retain(s, CASE_TIME, 0, 4000000, &removed, &err), 0);
	assert_in_range(removed, 25, 45);
	assert_int_equal(stat(file, &st), 0);
	assert_in_range(st.st_size, 2500000, 4000000);
	assert_int_equal(pb_store_retain(s, CASE_TIME, 0, 4000000, &removed, &err), 0);
	assert_int_equal(removed, 0);
	assert_int_equal(pb_store_retain(s, CASE_TIME, 0, 1, &removed, &err),
	                 0); /* the log is larger: all go, then it ends */
	pb_store_close(s);
	assert_int_equal(case_number(file, "SELECT count(*) FROM assessment"), 0);
	assert_true(case_number(file, "SELECT count(*) FROM log") > 600);
	must_hold(file, case_number(file, "SELECT count(*) FROM log"));
	free(report);
}

/* Adds for ever, and tells each number that it was promised. */
static void add_for_ever(int tell, unsigned seed)
{
	prng r = prng_of_case(seed, 1);
	pb_store *s;
	char *report = malloc(300001);
	CHILD_CHECK(report && pb_store_open(file, false, 5000, &s, NULL) == 0);
	memset(report, '1', 300000);
	for (int i = 0;; i++) {
		pb_stored a = case_assessment(i);
		int64_t id, removed;
		size_t n = (size_t)prng_in(&r, 1, prng_chance(&r, 20) ? 300000 : 3000);
		char kept = report[n];
		report[n] = '\0';
		a.report = report;
		CHILD_CHECK(pb_store_add(s, &a, &id, NULL) == 0);
		report[n] = kept;
		CHILD_CHECK(write(tell, &id, sizeof id) == sizeof id);
		if (prng_chance(&r, 5))
			CHILD_CHECK(pb_store_event(s, i, "something", NULL) == 0);
		if (prng_chance(&r, 3))
			CHILD_CHECK(pb_store_retain(s, CASE_TIME, 0, 3000000, &removed, NULL) == 0);
	}
}

static void killed_at_any_moment(void **state)
{
	(void)state;
	enum { ROUNDS = 50 };
	prng r = prng_of_case(20261121, 7);
	int64_t promised = 0, lines = 0, before = 0;
	for (unsigned round = 0; round < ROUNDS; round++) {
		int tell[2], status;
		int64_t id;
		char head[65];
		pb_store *s;
		pb_error err = {0};
		assert_int_equal(pipe(tell), 0);
		pid_t pid = fork();
		if (pid == 0)
			add_for_ever(tell[1], round);
		close(tell[1]);
		if (prng_chance(&r, 80)) /* else it may be killed while it opens */
			assert_true(read(tell[0], &id, sizeof id) > 0 && (promised = id) > 0);
		struct timespec wait = {0, prng_in(&r, 0, 40000000)};
		nanosleep(&wait, NULL);
		assert_int_equal(kill(pid, SIGKILL), 0);
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
		while (read(tell[0], &id, sizeof id) == sizeof id)
			promised = id;
		close(tell[0]);
		assert_int_equal(pb_store_open(file, false, 5000, &s, &err), 0);
		int rc = pb_store_verify(s, &lines, head, &err);
		if (rc)
			print_error("round %u: %s\n", round, err.text);
		assert_int_equal(rc, 0);
		assert_true(lines >= promised && lines >= before);
		before = lines;
		pb_store_close(s);
		assert_true(case_number(file, "SELECT seq FROM sqlite_sequence") >= promised);
	}
	print_message("%d rounds, %d lines\n", ROUNDS, (int)lines);
	assert_true(lines > ROUNDS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(chain, fresh),
	    cmocka_unit_test_setup(by_hand, fresh),
	    cmocka_unit_test_setup(forgery_is_found, fresh),
	    cmocka_unit_test_setup(accidents_are_refused, fresh),
	    cmocka_unit_test_setup(retention_by_age, fresh),
	    cmocka_unit_test_setup(retention_by_size, fresh),
	    cmocka_unit_test_setup(killed_at_any_moment, fresh),
	};
	return cmocka_run_group_tests(tests, scratch_begin, scratch_end);
}
