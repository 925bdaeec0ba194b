#include "store/store.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/text.h"
#include "store/inside.h"
#include "store/migrate.h"

/* Each step leads from one version to the next and is never changed once it was released: a new one goes to the end. */
static const char *const steps[] = {
    "CREATE TABLE assessment (id INTEGER PRIMARY KEY AUTOINCREMENT, time INTEGER NOT NULL, path TEXT NOT NULL, name "
    "TEXT NOT NULL,"
    " version TEXT NOT NULL, kind TEXT NOT NULL, sha256 TEXT NOT NULL, host TEXT NOT NULL, uid INTEGER, policy TEXT "
    "NOT NULL,"
    " rules_digest TEXT NOT NULL, trust_tenths INTEGER, floor_tenths INTEGER, confidence_permille INTEGER, decision "
    "TEXT NOT NULL,"
    " clamav TEXT NOT NULL, reason TEXT NOT NULL, alert TEXT NOT NULL) STRICT;"
    "CREATE TABLE report (id INTEGER PRIMARY KEY REFERENCES assessment(id) ON DELETE CASCADE, text TEXT NOT NULL) "
    "STRICT;"
    "CREATE TABLE log (n INTEGER PRIMARY KEY, line TEXT NOT NULL, digest TEXT NOT NULL) STRICT;"
    /* Against accidents; who means to forge is found by pb_store_verify. */
    "CREATE TRIGGER log_stays BEFORE DELETE ON log BEGIN SELECT RAISE(ABORT, 'the log is only added to'); END;"
    "CREATE TRIGGER log_holds BEFORE UPDATE ON log BEGIN SELECT RAISE(ABORT, 'the log is only added to'); END",
};
static const pb_migration migration = {.application = 0x50524f42, /* "PROB" */
                                       .what = "store",
                                       .steps = steps,
                                       .n_steps = sizeof steps / sizeof *steps};

/* Readers change nothing, not even an older version. */
static int check_version(pb_sql *db, pb_error *err)
{
	int64_t version;
	int rc = pb_migrate_version(db, &migration, &version, err);
	if (!rc && version == 0)
		rc = pb_fail(err, PB_EINPUT, "%s: an empty file: nothing was ever kept in it", pb_sql_file(db));
	else if (!rc && version != migration.n_steps)
		rc = pb_fail(
		    err, PB_EINPUT, "%s: a store of version %" PRId64 ", this Probity reads version %" PRId64 ": %s",
		    pb_sql_file(db), version, migration.n_steps,
		    version < migration.n_steps ? "start probityd once, it converts it" : "use the newer Probity");
	return rc;
}

int pb_store_open(const char *file, bool read_only, int busy_ms, pb_store **out, pb_error *err)
{
	pb_sql_mode mode = {.read_only = read_only, .permissions = 0640, .busy_ms = busy_ms};
	int64_t version;
	pb_store *s = calloc(1, sizeof *s);
	*out = NULL;
	if (!s)
		return pb_fail(err, PB_ENOMEM, "%s: out of memory", file);
	int rc = pb_sql_open(file, &mode, &s->db, err);
	if (!rc && read_only)
		rc = check_version(s->db, err);
	if (!rc && !read_only) {
		rc = pb_migrate_version(s->db, &migration, &version, err); /* somebody else's file is not changed */
		rc = rc ? rc : pb_sql_settle(s->db, true, err);
		rc = rc ? rc : pb_migrate(s->db, &migration, err);
	}
	if (rc) {
		pb_store_close(s);
		return rc;
	}
	*out = s;
	return 0;
}

void pb_store_close(pb_store *s)
{
	if (!s)
		return;
	pb_sql_close(s->db);
	free(s);
}

static int insert_row(pb_store *s, pb_stored *a, pb_error *err)
{
	pb_statement *st;
	int rc =
	    pb_sql_prepare(s->db, "INSERT INTO assessment(" PB_ROW_COLUMNS ") VALUES(" PB_ROW_VALUES ")", &st, err);
	if (rc)
		return rc;
	pb_row_bind(st, a);
	rc = pb_sql_done(st, err);
	pb_sql_free(st);
	return rc ? rc : pb_sql_number(s->db, "SELECT last_insert_rowid()", &a->id, err);
}

static int insert_report(pb_store *s, const pb_stored *a, pb_error *err)
{
	pb_statement *st;
	if (!a->report)
		return 0;
	int rc = pb_sql_prepare(s->db, "INSERT INTO report(id, text) VALUES(?1, ?2)", &st, err);
	if (rc)
		return rc;
	pb_sql_int(st, 1, a->id);
	pb_sql_text(st, 2, a->report);
	rc = pb_sql_done(st, err);
	pb_sql_free(st);
	return rc;
}

static int log_row(pb_store *s, const pb_stored *a, const char *report_sha256, pb_error *err)
{
	json_t *line = pb_stored_json(a);
	if (!line || json_object_set_new(line, "report_sha256", json_string(report_sha256))) {
		json_decref(line);
		return pb_fail(err, PB_ENOMEM, "%s: out of memory", pb_sql_file(s->db));
	}
	return pb_log_append(s, line, err);
}

int pb_store_add(pb_store *s, const pb_stored *given, int64_t *id, pb_error *err)
{
	char *own[PB_ROW_TEXTS], digest[65] = "";
	pb_stored a;
	size_t n = given->report ? strlen(given->report) : 0;
	*id = 0;
	/* One line of text, so that it can be listed and piped as one. */
	if (given->report && (n == 0 || strpbrk(given->report, "\r\n") || !pb_text_utf8(given->report, n)))
		return pb_fail(err, PB_EINPUT, "%s: a report that is no canonical JSON is not kept",
		               pb_sql_file(s->db));
	if (given->report && !pb_sha256_of((pb_bytes){(const uint8_t *)given->report, n}, digest))
		return pb_fail(err, PB_ENOMEM, "%s: out of memory", pb_sql_file(s->db));
	if (pb_row_clean(given, &a, own))
		return pb_fail(err, PB_ENOMEM, "%s: out of memory", pb_sql_file(s->db));
	int rc = pb_sql_begin(s->db, err);
	if (!rc) {
		rc = insert_row(s, &a, err);
		rc = rc ? rc : insert_report(s, &a, err);
		rc = rc ? rc : log_row(s, &a, digest, err);
		rc = pb_sql_end(s->db, rc, err);
	}
	if (!rc)
		*id = a.id;
	pb_row_drop(own);
	return rc;
}

int pb_store_event(pb_store *s, int64_t time, const char *what, pb_error *err)
{
	int rc = pb_sql_begin(s->db, err);
	return rc ? rc : pb_sql_end(s->db, pb_log_event(s, time, what, err), err);
}
