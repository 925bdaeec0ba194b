/* The one door to SQLite. Thin: open, prepare, bind, step, columns; errors in words, with the file's name. A handle
 * belongs to one thread and to the process that opened it: never use one across a fork. Private to this folder. */
#ifndef PROBITY_STORE_SQL_H
#define PROBITY_STORE_SQL_H

#include "base/bytes.h"
#include "base/error.h"

typedef struct pb_sql pb_sql;
typedef struct pb_statement pb_statement;

typedef struct pb_sql_mode {
	bool read_only;       /* nothing is made or changed; a copy in a folder that may not be written is read, too */
	unsigned permissions; /* of a file that is made, e.g. 0640 */
	int busy_ms;          /* how long a locked file is waited for */
} pb_sql_mode;

/* Every function: 0 (or what is said) or a code. PB_EIO: full disk, locked, may not be read or written. PB_ECORRUPT:
 * damaged, or no database. PB_ELIMIT: larger than 512 MiB. After an error the handle is usable as before. */
int pb_sql_open(const char *file, const pb_sql_mode *mode, pb_sql **out, pb_error *err);
/* Before the first write, and only once it is known to be our own file: WAL, and space that can be given back. durable:
 * every commit is on the disk when it returns (else after the next checkpoint), and readers without write permission
 * can always open the file. */
int pb_sql_settle(pb_sql *db, bool durable, pb_error *err);
void pb_sql_close(pb_sql *db); /* NULL is fine; every statement must be freed before */
const char *pb_sql_file(const pb_sql *db);

int pb_sql_run(pb_sql *db, const char *sql,
               pb_error *err); /* statements of our own, without values; rows are dropped */
int pb_sql_number(pb_sql *db, const char *sql, int64_t *out,
                  pb_error *err); /* the first column of the first row; 0: no row */

int pb_sql_begin(pb_sql *db, pb_error *err); /* takes the write lock at once */
/* Ends what pb_sql_begin began: keeps everything where rc is 0, else nothing. Returns rc, or why it could not be kept.
 */
int pb_sql_end(pb_sql *db, int rc, pb_error *err);

/* *out is yours. Parameters count from 1, columns from 0. */
int pb_sql_prepare(pb_sql *db, const char *sql, pb_statement **out, pb_error *err);
void pb_sql_free(pb_statement *s);  /* NULL is fine */
void pb_sql_reset(pb_statement *s); /* to be run again; unbinds */
/* Values are borrowed until the reset. What fails here is told by the next step. */
void pb_sql_int(pb_statement *s, int at, int64_t value);
void pb_sql_text(pb_statement *s, int at, const char *value); /* NULL: the null value */
void pb_sql_blob(pb_statement *s, int at, const void *data, size_t n);
int pb_sql_step(pb_statement *s, pb_error *err); /* 1 = a row, 0 = done, a code */
int pb_sql_done(pb_statement *s, pb_error *err); /* for what gives no row: one step, then a reset. 0 or a code */
/* Borrowed until the next step. */
int64_t pb_sql_get_int(pb_statement *s, int at, int64_t null);
const char *pb_sql_get_text(pb_statement *s, int at); /* "" for the null value; ends at its first NUL */
pb_bytes pb_sql_get_bytes(pb_statement *s, int at);

#endif
