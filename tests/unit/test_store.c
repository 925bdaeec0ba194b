/* The store: what goes in comes out, queries, versions, files that are no store. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "store/migrate.h"
#include "store_case.h"

static char *file;

static int fresh(void **state)
{
	(void)state;
	file = scratch_path("s.db");
	case_remove(file);
	return 0;
}

typedef struct seen {
	int n;
	int64_t ids[64];
	json_t *last;
	char report[256];
} seen;

static int look(void *user, const pb_stored *a)
{
	seen *s = user;
	if (s->n < 64)
		s->ids[s->n] = a->id;
	s->n++;
	json_decref(s->last);
	s->last = pb_stored_json(a);
	snprintf(s->report, sizeof s->report, "%s", a->report ? a->report : "(none)");
	return 0;
}

static void round_trip(void **state)
{
	(void)state;
	struct stat st;
	pb_error err = {0};
	seen got = {0};
	int64_t id;
	umask(077);
	pb_store *s = case_open(file);
	umask(022);
	assert_int_equal(stat(file, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0640);
	pb_stored a = case_assessment(1);
	a.path = "/tmp/\x1b[31m'; DROP TABLE log; --\xff\n";
	a.version = NULL;
	a.alert = "Probity.Reject.Trust19";
	a.uid = -1;
	a.low_tenths = -1;
	a.trust_tenths = 0;
	a.report = "{\"says\":\"\\u0000 %s \xe2\x80\xa6\"}";
	assert_int_equal(pb_store_add(s, &a, &id, &err), 0);
	assert_int_equal(id, 1);
	assert_int_equal(pb_store_get(s, 1, look, &got, &err), 1);
	assert_string_equal(got.report, a.report);
	char *text = pb_json_canonical(got.last);
	assert_string_equal(
	    text,
	    "{\"alert\":\"Probity.Reject.Trust19\",\"clamav\":\"\",\"confidence_permille\":570,\"decision\":"
	    "\"CONDITIONAL\","
	    "\"floor_tenths\":null,\"host\":\"clamd\",\"id\":1,\"kind\":\"deb\",\"name\":\"product-1\","
	    "\"path\":\"/tmp/\\\\x1b[31m'; DROP TABLE log; --\\\\xff\\\\x0a\",\"policy\":\"business\",\"reason\":\"\","
	    "\"rules_digest\":\"r1\",\"sha256\":\"2e6e2f1a0007dc432e6e2f1a0007dc432e6e2f1a0007dc432e6e2f1a0007dc43\","
	    "\"time\":1795269601,\"trust_tenths\":0,\"uid\":null,\"version\":\"\"}");
	free(text);
	assert_int_equal(pb_store_get(s, 2, look, &got, &err), 0);
	assert_int_equal(pb_store_get(s, -1, look, &got, &err), 0);
	a.report = NULL;
	assert_int_equal(pb_store_add(s, &a, &id, &err), 0);
	assert_int_equal(pb_store_get(s, 2, look, &got, &err), 1);
	assert_string_equal(got.report, "(none)");
	json_decref(got.last);
	pb_store_close(s);
	s = case_open(file);
	assert_int_equal(case_add(s, 3), 3);
	pb_store_close(s);
	assert_int_equal(case_number(file, "SELECT count(*) FROM assessment"), 3);
	assert_int_equal(case_number(file, "PRAGMA application_id"), 0x50524f42);
}

static void reports_must_be_lines(void **state)
{
	(void)state;
	static const char *const wrong[] = {"{\n}", "{}\r", "", "{\"a\":\"\xff\"}"};
	pb_store *s = case_open(file);
	pb_stored a = case_assessment(1);
	pb_error err = {0};
	int64_t id;
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		a.report = wrong[i];
		assert_int_equal(pb_store_add(s, &a, &id, &err), PB_EINPUT);
	}
	assert_int_equal(case_add(s, 1), 1);
	pb_store_close(s);
}

static void long_strings_are_cut(void **state)
{
	(void)state;
	pb_store *s = case_open(file);
	pb_stored a = case_assessment(1);
	pb_error err = {0};
	seen got = {0};
	int64_t id, lines;
	char head[65];
	char *text = malloc(1 << 20);
	assert_non_null(text);
	memset(text, 'x', (1 << 20) - 1);
	text[(1 << 20) - 1] = '\0';
	a.path = text;
	assert_int_equal(pb_store_add(s, &a, &id, &err), 0);
	assert_int_equal(pb_store_get(s, id, look, &got, &err), 1);
	assert_in_range(strlen(pb_json_str(got.last, "path", "")), 8000, 8192);
	assert_int_equal(pb_store_event(s, 1, text, &err), 0);
	assert_int_equal(pb_store_verify(s, &lines, head, &err), 0);
	json_decref(got.last);
	free(text);
	pb_store_close(s);
}

static int listed(pb_store *s, pb_store_query q, int64_t first)
{
	seen got = {0};
	pb_error err = {0};
	assert_int_equal(pb_store_list(s, &q, look, &got, &err), 0);
	json_decref(got.last);
	if (got.n)
		assert_int_equal(got.ids[0], first);
	for (int i = 1; i < got.n && i < 64; i++)
		assert_true(got.ids[i] < got.ids[i - 1]);
	return got.n;
}

static int stop_at_once(void *user, const pb_stored *a)
{
	(void)a;
	++*(int *)user;
	return 7;
}

static void queries(void **state)
{
	(void)state;
	pb_store *s = case_open(file);
	pb_error err = {0};
	int n = 0;
	case_fill(s, 20); /* REJECT: 3 6 9 12 15 18; uid 1000: even */
	assert_int_equal(listed(s, (pb_store_query){.any_uid = true}, 20), 20);
	assert_int_equal(listed(s, (pb_store_query){0}, 0), 0); /* nothing was asked for by root */
	assert_int_equal(listed(s, (pb_store_query){.uid = 1000}, 20), 10);
	assert_int_equal(listed(s, (pb_store_query){.uid = -1}, 0), 0);
	assert_int_equal(listed(s, (pb_store_query){.any_uid = true, .decision = "REJECT"}, 18), 6);
	assert_int_equal(listed(s, (pb_store_query){.any_uid = true, .decision = "' OR 1=1 --"}, 0), 0);
	assert_int_equal(listed(s, (pb_store_query){.any_uid = true, .name = "duct-1"}, 19), 11);
	assert_int_equal(listed(s, (pb_store_query){.any_uid = true, .name = "srv/in"}, 20), 20);
	assert_int_equal(listed(s, (pb_store_query){.any_uid = true, .name = "%"}, 0), 0);
	assert_int_equal(listed(s, (pb_store_query){.any_uid = true, .sha256 = "00"}, 0), 0);
	assert_int_equal(listed(s, (pb_store_query){.any_uid = true, .since = CASE_TIME + 19}, 20), 2);
	assert_int_equal(listed(s, (pb_store_query){.any_uid = true, .until = CASE_TIME + 2}, 2), 2);
	assert_int_equal(listed(s, (pb_store_query){.any_uid = true, .before = 5}, 4), 4);
	assert_int_equal(listed(s, (pb_store_query){.any_uid = true, .before = 5, .limit = 2}, 4), 2);
	assert_int_equal(listed(s, (pb_store_query){.any_uid = true, .limit = SIZE_MAX}, 20), 20);
	assert_int_equal(
	    listed(s, (pb_store_query){.uid = 1001, .decision = "REJECT", .name = "product", .since = CASE_TIME + 4},
	           15),
	    2);
	assert_int_equal(pb_store_list(s, &(pb_store_query){.any_uid = true}, stop_at_once, &n, &err), 7);
	assert_int_equal(n, 1);
	assert_int_equal(pb_store_get(s, 1, stop_at_once, &n, &err), 7);
	case_add(s, 21); /* a stopped list holds nothing locked */
	pb_store_close(s);
}

static void odd_names(void **state)
{
	(void)state;
	static const char *const names[] = {"a?mode=memory.db", "file:b.db", ":memory:", "c%41#d.db", "\xff e'.db"};
	char here[512];
	struct stat st;
	assert_non_null(getcwd(here, sizeof here));
	assert_int_equal(chdir(scratch_dir), 0);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		pb_store *s = case_open(names[i]);
		case_fill(s, 1);
		pb_store_close(s);
		assert_int_equal(stat(names[i], &st), 0);
		assert_true(st.st_size > 0);
	}
	assert_int_equal(chdir(here), 0);
}

static int open_code(const char *name, bool read_only, pb_error *err)
{
	pb_store *s;
	*err = (pb_error){0};
	int rc = pb_store_open(name, read_only, 100, &s, err);
	if (rc) {
		assert_null(s);
		assert_non_null(strstr(err->text, name));
	}
	pb_store_close(s);
	return rc;
}

static void not_a_store(void **state)
{
	(void)state;
	pb_error err;
	char garbage[20000];
	struct stat st;
	assert_int_equal(open_code(file, true, &err), PB_EIO); /* missing, and not made */
	assert_int_not_equal(stat(file, &st), 0);
	assert_int_equal(open_code(scratch_path("no/such/s.db"), false, &err), PB_EIO);
	file = scratch_path("s.db");
	memset(garbage, 'g', sizeof garbage);
	scratch_save("s.db", garbage, sizeof garbage);
	assert_int_equal(open_code(file, false, &err), PB_ECORRUPT);
	assert_int_equal(open_code(file, true, &err), PB_ECORRUPT);
	assert_int_equal(open_code(scratch_dir, true, &err), PB_EIO); /* a folder */
	scratch_save("s.db", "", 0);
	assert_int_equal(open_code(file, true, &err), PB_EINPUT);
	assert_int_equal(open_code(file, false, &err), 0); /* what is left of a crash before the first commit */
	case_remove(file);
	case_tamper(file, "CREATE TABLE mine(x); INSERT INTO mine VALUES (1)");
	assert_int_equal(open_code(file, false, &err), PB_EINPUT);
	assert_int_equal(open_code(file, true, &err), PB_EINPUT);
	assert_int_equal(case_number(file, "SELECT count(*) FROM sqlite_schema"), 1);
	pb_buf b = case_bytes(file);
	assert_int_equal(b.data[18], 1); /* not even turned to WAL */
	pb_buf_free(&b);
}

/* A file that says it is ours and whose tables are something else. */
static void schemas_of_others(void **state)
{
	(void)state;
	static const char *const schemas[] = {
	    "CREATE TABLE assessment(id)",
	    "CREATE TABLE base(id); CREATE VIEW assessment AS SELECT id, 1 AS time FROM base; CREATE VIEW report AS "
	    "SELECT 1 AS id, 2 AS text",
	    "CREATE VIEW log AS WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT n, 'x' AS line, "
	    "'y' AS digest FROM r",
	};
	pb_error err = {0};
	for (size_t i = 0; i < 3; i++) {
		char sql[600];
		pb_store *s;
		int n = 0;
		int64_t lines;
		char head[65];
		case_remove(file);
		/* views are switched off for us, so another program made them */
		snprintf(sql, sizeof sql,
		         "sqlite3 s.db \"%s; PRAGMA application_id=1347571522; PRAGMA user_version=1\"", schemas[i]);
		scratch_need("sqlite3");
		assert_int_equal(scratch_sh(sql), 0);
		assert_int_equal(pb_store_open(file, true, 100, &s, &err), 0);
		assert_int_not_equal(pb_store_verify(s, &lines, head, &err), 0);
		assert_int_equal(pb_store_list(s, &(pb_store_query){.any_uid = true}, case_count, &n, &err),
		                 PB_ECORRUPT);
		pb_store_close(s);
	}
}

static void versions(void **state)
{
	(void)state;
	static const char *const two[] = {"CREATE TABLE a(x)", "ALTER TABLE a ADD COLUMN y; UPDATE a SET y = x * 2"};
	static const char *const three[] = {
	    "CREATE TABLE a(x)", "ALTER TABLE a ADD COLUMN y; UPDATE a SET y = x * 2",
	    "CREATE TABLE b(z); INSERT INTO b VALUES (1); INSERT INTO missing VALUES (1)"};
	pb_migration m = {.application = 0x7e57, .what = "test", .steps = two, .n_steps = 1};
	const pb_sql_mode mode = {.permissions = 0600, .busy_ms = 100};
	pb_error err = {0};
	pb_sql *db;
	int64_t n;
	assert_int_equal(pb_sql_open(file, &mode, &db, &err), 0);
	assert_int_equal(pb_migrate(db, &m, &err), 0);
	assert_int_equal(pb_sql_run(db, "INSERT INTO a(x) VALUES (21)", &err), 0);
	m.n_steps = 2;
	assert_int_equal(pb_migrate(db, &m, &err), 0);
	assert_int_equal(pb_migrate(db, &m, &err), 0);
	assert_int_equal(pb_sql_number(db, "SELECT y FROM a", &n, &err), 0);
	assert_int_equal(n, 42);
	m.steps = three;
	m.n_steps = 3;
	assert_int_equal(pb_migrate(db, &m, &err), PB_ECORRUPT); /* a step that fails: all of it is as it was */
	assert_int_equal(pb_migrate_version(db, &m, &n, &err), 0);
	assert_int_equal(n, 2);
	assert_int_equal(pb_sql_number(db, "SELECT count(*) FROM sqlite_schema", &n, &err), 0);
	assert_int_equal(n, 1);
	m.n_steps = 1;
	assert_int_equal(pb_migrate(db, &m, &err), PB_EINPUT); /* newer than this program */
	m.n_steps = 2;
	m.application = 0x7e58;
	assert_int_equal(pb_migrate(db, &m, &err), PB_EINPUT);
	pb_sql_close(db);
	case_remove(file);
	pb_store_close(case_open(file));
	case_tamper(file, "PRAGMA user_version=999");
	assert_int_equal(open_code(file, false, &err), PB_EINPUT);
	assert_int_equal(open_code(file, true, &err), PB_EINPUT);
	assert_non_null(strstr(err.text, "999"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(round_trip, fresh),
	    cmocka_unit_test_setup(reports_must_be_lines, fresh),
	    cmocka_unit_test_setup(long_strings_are_cut, fresh),
	    cmocka_unit_test_setup(queries, fresh),
	    cmocka_unit_test_setup(odd_names, fresh),
	    cmocka_unit_test_setup(not_a_store, fresh),
	    cmocka_unit_test_setup(schemas_of_others, fresh),
	    cmocka_unit_test_setup(versions, fresh),
	};
	return cmocka_run_group_tests(tests, scratch_begin, scratch_end);
}
