#include "store/sql.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"

enum { LONGEST = 512 << 20 };

struct pb_sql {
	sqlite3 *handle;
	char *file;
	int busy_ms;
};

struct pb_statement {
	pb_sql *db;
	sqlite3_stmt *stmt;
	int failed; /* of the first bind that did not work; told by the next step */
};

static int code_of(int rc)
{
	switch (rc & 0xff) {
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
	case SQLITE_ERROR: /* our statements are right, so the tables are not */
	case SQLITE_SCHEMA:
	case SQLITE_MISMATCH:
		return PB_ECORRUPT;
	case SQLITE_NOMEM:
		return PB_ENOMEM;
	case SQLITE_TOOBIG:
		return PB_ELIMIT;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
	case SQLITE_FULL:
	case SQLITE_IOERR:
	case SQLITE_CANTOPEN:
	case SQLITE_READONLY:
	case SQLITE_PERM:
	case SQLITE_AUTH:
		return PB_EIO;
	default:
		return PB_EINTERNAL;
	}
}

/* What SQLite says, in words that name the file and what can be done. */
static int told(const pb_sql *db, int rc, pb_error *err)
{
	int saved = db->handle ? sqlite3_system_errno(db->handle) : 0, code = code_of(rc);
	const char *file = db->file, *why = saved ? strerror(saved) : sqlite3_errstr(rc);
	switch (rc & 0xff) {
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		pb_fail(err, code, "%s: another process holds it locked (waited %d ms)", file, db->busy_ms);
		break;
	case SQLITE_FULL:
		pb_fail(err, code, "%s: no room is left on its disk", file);
		break;
	case SQLITE_IOERR:
		if (saved == ENOSPC || saved == EDQUOT)
			pb_fail(err, code, "%s: no room is left on its disk (%s)", file, why);
		else if (rc == SQLITE_IOERR_WRITE || rc == SQLITE_IOERR_SHMSIZE)
			pb_fail(err, code, "%s: cannot be written (%s): is a quota or a file-size limit reached?", file,
			        why);
		else
			pb_fail(err, code, "%s: cannot be read or written: %s", file, why);
		break;
	case SQLITE_CANTOPEN:
		pb_fail(err, code, "%s: cannot be opened: %s", file, why);
		break;
	case SQLITE_READONLY:
	case SQLITE_PERM:
	case SQLITE_AUTH:
		pb_fail(err, code, "%s: it, or its folder, may not be written", file);
		break;
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		pb_fail(err, code, "%s: damaged, or not a database: restore a copy, or move it away", file);
		break;
	case SQLITE_ERROR:
	case SQLITE_SCHEMA:
	case SQLITE_MISMATCH:
		pb_fail(err, code, "%s: its tables are not as they should be: %s", file, sqlite3_errmsg(db->handle));
		break;
	case SQLITE_TOOBIG:
		pb_fail(err, code, "%s: a value is larger than %d bytes", file, LONGEST);
		break;
	default:
		pb_fail(err, code, "%s: %s", file, db->handle ? sqlite3_errmsg(db->handle) : why);
	}
	return code;
}

/* SQLite would make it with permissions of its own choice; it gives -wal and -shm those of the file. */
static int make_file(const char *file, unsigned permissions, pb_error *err)
{
	int fd = open(file, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, permissions), rc = 0;
	if (fd < 0)
		return errno == EEXIST ? 0 : pb_fail(err, PB_EIO, "%s: cannot be made: %s", file, strerror(errno));
	if (fchmod(fd, permissions)) /* whatever the umask is */
		rc = pb_fail(err, PB_EIO, "%s: %s", file, strerror(errno));
	close(fd);
	return rc;
}

/* As a URI, since SQLite may be built to take any name for one: a name with '?', or ":memory:", must stay a name. */
static char *uri_of(const char *file, const char *parameters)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/._-";
	pb_buf out = {0};
	int rc = pb_buf_puts(&out, *file == '/' ? "file://" : "file:./");
	for (const char *p = file; *p && !rc; p++)
		rc = strchr(plain, *p) ? pb_buf_add(&out, p, 1) : pb_buf_printf(&out, "%%%02x", (unsigned)(uint8_t)*p);
	if (rc || pb_buf_puts(&out, parameters)) {
		pb_buf_free(&out);
		return NULL;
	}
	return (char *)out.data;
}

/* A file of unknown origin may hold a schema that does things: it gets to do nothing. */
static void harden(sqlite3 *handle, bool read_only)
{
	sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, (int *)NULL);
	sqlite3_db_config(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, (int *)NULL);
	sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_VIEW, 0, (int *)NULL);
	sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_TRIGGER, !read_only, (int *)NULL);
	sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, (int *)NULL);
	sqlite3_db_config(handle, SQLITE_DBCONFIG_DQS_DML, 0, (int *)NULL);
	sqlite3_db_config(handle, SQLITE_DBCONFIG_DQS_DDL, 0, (int *)NULL);
	sqlite3_limit(handle, SQLITE_LIMIT_ATTACHED, 0);
	sqlite3_limit(handle, SQLITE_LIMIT_LENGTH, LONGEST);
}

static int open_handle(pb_sql *db, const pb_sql_mode *mode, const char *parameters, pb_error *err)
{
	int64_t ignored;
	int flags =
	    SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX | (mode->read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE);
	char *uri = uri_of(db->file, parameters);
	if (!uri)
		return pb_fail(err, PB_ENOMEM, "%s: out of memory", db->file);
	int rc = sqlite3_open_v2(uri, &db->handle, flags, NULL);
	free(uri);
	if (rc)
		return told(db, rc, err);
	sqlite3_extended_result_codes(db->handle, 1);
	sqlite3_busy_timeout(db->handle, mode->busy_ms);
	harden(db->handle, mode->read_only);
	rc = pb_sql_run(
	    db,
	    "PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON; PRAGMA foreign_keys=ON; PRAGMA temp_store=MEMORY",
	    err);
	/* The first look into the file: opening alone reads nothing. */
	return rc ? rc : pb_sql_number(db, "SELECT count(*) FROM sqlite_schema", &ignored, err);
}

int pb_sql_settle(pb_sql *db, bool durable, pb_error *err)
{
	int64_t pages;
	int yes = 1, rc = pb_sql_number(db, "PRAGMA page_count", &pages, err);
	/* Can only be chosen before the first page is written; later it would take the write lock for nothing. */
	if (!rc && pages == 0)
		rc = pb_sql_run(db, "PRAGMA auto_vacuum=INCREMENTAL", err);
	if (rc)
		return rc;
	/* Two processes that make a file WAL at the same time: SQLite tells one of them "busy" without waiting. */
	for (int waited = 0;; waited += 10) {
		rc = sqlite3_exec(db->handle, "PRAGMA journal_mode=WAL", NULL, NULL, NULL);
		if ((rc & 0xff) != SQLITE_BUSY || waited >= db->busy_ms)
			break;
		usleep(10000);
	}
	rc = rc ? told(db, rc, err) : pb_sql_run(db, "PRAGMA journal_size_limit=67108864", err);
	if (!rc)
		rc = pb_sql_run(
		    db, durable ? "PRAGMA synchronous=FULL" : "PRAGMA synchronous=NORMAL; PRAGMA secure_delete=OFF",
		    err);
	/* -wal and -shm stay when we close, so that those who may only read can open it then, too. */
	if (!rc && durable)
		sqlite3_file_control(db->handle, "main", SQLITE_FCNTL_PERSIST_WAL, &yes);
	return rc;
}

static bool has_wal(const char *file)
{
	char *wal = NULL;
	struct stat st;
	bool has = asprintf(&wal, "%s-wal", file) < 0 || stat(wal, &st) == 0;
	free(wal);
	return has;
}

int pb_sql_open(const char *file, const pb_sql_mode *mode, pb_sql **out, pb_error *err)
{
	pb_error first = {0};
	pb_sql *db = calloc(1, sizeof *db);
	int rc = 0;
	*out = NULL;
	if (db)
		db->file = strdup(file);
	if (!db || !db->file) {
		free(db);
		return pb_fail(err, PB_ENOMEM, "%s: out of memory", file);
	}
	db->busy_ms = mode->busy_ms;
	if (!mode->read_only)
		rc = make_file(file, mode->permissions, err);
	if (!rc)
		rc = open_handle(db, mode, "", &first);
	if (rc == PB_EIO && first.code && mode->read_only && access(file, R_OK) == 0 && !has_wal(file)) {
		/* The folder may not be written and nobody has the file open, or there would be a -wal: it does not
		 * change. */
		sqlite3_close(db->handle);
		db->handle = NULL;
		rc = open_handle(db, mode, "?immutable=1", &first);
	}
	if (rc && first.code && err)
		*err = first;
	if (rc) {
		pb_sql_close(db);
		return rc;
	}
	*out = db;
	return 0;
}

void pb_sql_close(pb_sql *db)
{
	if (!db)
		return;
	sqlite3_close(db->handle);
	free(db->file);
	free(db);
}

const char *pb_sql_file(const pb_sql *db)
{
	return db->file;
}

int pb_sql_run(pb_sql *db, const char *sql, pb_error *err)
{
	int rc = sqlite3_exec(db->handle, sql, NULL, NULL, NULL);
	return rc ? told(db, rc, err) : 0;
}

int pb_sql_number(pb_sql *db, const char *sql, int64_t *out, pb_error *err)
{
	pb_statement *s;
	int rc = pb_sql_prepare(db, sql, &s, err);
	*out = 0;
	if (!s)
		return rc;
	rc = pb_sql_step(s, err);
	if (rc == 1)
		*out = pb_sql_get_int(s, 0, 0);
	pb_sql_free(s);
	return rc < 0 ? rc : 0;
}

int pb_sql_begin(pb_sql *db, pb_error *err)
{
	return pb_sql_run(db, "BEGIN IMMEDIATE", err);
}

int pb_sql_end(pb_sql *db, int rc, pb_error *err)
{
	if (!rc)
		rc = pb_sql_run(db, "COMMIT", err);
	if (rc && !sqlite3_get_autocommit(db->handle)) /* a full disk may have ended it already */
		(void)pb_sql_run(db, "ROLLBACK", NULL);
	return rc;
}

int pb_sql_prepare(pb_sql *db, const char *sql, pb_statement **out, pb_error *err)
{
	pb_statement *s = calloc(1, sizeof *s);
	*out = NULL;
	if (!s)
		return pb_fail(err, PB_ENOMEM, "%s: out of memory", db->file);
	s->db = db;
	int rc = sqlite3_prepare_v3(db->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &s->stmt, NULL);
	if (rc) {
		free(s);
		return told(db, rc, err);
	}
	*out = s;
	return 0;
}

void pb_sql_free(pb_statement *s)
{
	if (!s)
		return;
	sqlite3_finalize(s->stmt);
	free(s);
}

void pb_sql_reset(pb_statement *s)
{
	sqlite3_reset(s->stmt);
	sqlite3_clear_bindings(s->stmt);
	s->failed = 0;
}

static void bound(pb_statement *s, int rc)
{
	if (rc && !s->failed)
		s->failed = rc;
}

void pb_sql_int(pb_statement *s, int at, int64_t value)
{
	bound(s, sqlite3_bind_int64(s->stmt, at, value));
}

void pb_sql_text(pb_statement *s, int at, const char *value)
{
	bound(s, value ? sqlite3_bind_text64(s->stmt, at, value, strlen(value), SQLITE_STATIC, SQLITE_UTF8)
	               : sqlite3_bind_null(s->stmt, at));
}

void pb_sql_blob(pb_statement *s, int at, const void *data, size_t n)
{
	bound(s, n ? sqlite3_bind_blob64(s->stmt, at, data, n, SQLITE_STATIC) : sqlite3_bind_zeroblob(s->stmt, at, 0));
}

int pb_sql_step(pb_statement *s, pb_error *err)
{
	int rc = s->failed ? s->failed : sqlite3_step(s->stmt);
	return rc == SQLITE_ROW ? 1 : rc == SQLITE_DONE ? 0 : told(s->db, rc, err);
}

int pb_sql_done(pb_statement *s, pb_error *err)
{
	int rc = pb_sql_step(s, err);
	pb_sql_reset(s);
	return rc < 0 ? rc : 0;
}

int64_t pb_sql_get_int(pb_statement *s, int at, int64_t null)
{
	return sqlite3_column_type(s->stmt, at) == SQLITE_NULL ? null : sqlite3_column_int64(s->stmt, at);
}

const char *pb_sql_get_text(pb_statement *s, int at)
{
	const char *text = (const char *)sqlite3_column_text(s->stmt, at);
	return text ? text : "";
}

pb_bytes pb_sql_get_bytes(pb_statement *s, int at)
{
	const void *data = sqlite3_column_blob(s->stmt, at);
	return (pb_bytes){data, data ? (size_t)sqlite3_column_bytes(s->stmt, at) : 0};
}
