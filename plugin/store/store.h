/* What did we say before? Assessments, their reports and a hash-chained log, in SQLite (WAL). One writer (the keeper),
 * many readers. */
#ifndef PROBITY_STORE_STORE_H
#define PROBITY_STORE_STORE_H

#include "base/error.h"
#include "base/json.h"

typedef struct pb_store pb_store;

/* Opens (and makes: mode 0640, its folder is not made) the database; migrates an older one by user_version, refuses a
 * newer one (PB_EINPUT). read_only: for list, show, verify; never makes or migrates. busy_ms: how long a locked
 * database is waited for. */
int pb_store_open(const char *file, bool read_only, int busy_ms, pb_store **out, pb_error *err);
void pb_store_close(pb_store *s);

/* One assessment, as it is kept and listed. Strings borrowed. */
typedef struct pb_stored {
	int64_t id;       /* 1, 2, ...; never used again */
	int64_t time;     /* seconds since 1970, UTC: when it was assessed */
	const char *path; /* as the host named it, display form */
	const char *name, *version, *kind, *sha256;
	const char *host; /* "clamd", "clamscan", "probity" */
	int64_t uid;      /* who asked (SO_PEERCRED); -1 unknown */
	const char *policy, *rules_digest;
	int trust_tenths, low_tenths, confidence_tenths; /* -1: none (not rated) */
	const char
	    *decision; /* "ACCEPT", "CONDITIONAL", "REJECT", "NOT RATED"; "NOT ASSESSED" where there is no report */
	const char *clamav; /* ClamAV's own signature name, "" clean */
	const char *reason; /* why there is no report, "" otherwise */
	const char *alert;  /* what was raised in alert mode, "" nothing */
	const char *report; /* canonical JSON, NULL where there is none */
	const char *valid_until; /* of its report, YYYY-MM-DD; NULL: not asked for, or the report has none */
} pb_stored;

/* All of it but the report, as a new object: in the log, and in answers to readers. Keys as in the report
 * (trust_tenths, floor_tenths, confidence_permille) and as above; what is -1 is null. NULL when memory ran out or a
 * string is no UTF-8. */
json_t *pb_stored_json(const pb_stored *a);

/* Adds it, its report and its line in the log in one transaction; *id gets its number. a->id is ignored; strings may be
 * NULL (""), are made inert (base/text.h) and cut at 8 KiB. PB_EIO: full disk, locked; PB_ECORRUPT: the file is broken;
 * PB_EINPUT: the report is no single line of UTF-8. err says which, nothing was kept, the store stays usable. */
int pb_store_add(pb_store *s, const pb_stored *a, int64_t *id, pb_error *err);
/* A line of the log without an assessment: "started", "rules reloaded", "rules refused: FILE:LINE: ...", "lost 12
 * objects", ... */
int pb_store_event(pb_store *s, int64_t time, const char *what, pb_error *err);

/* What to list, newest first; valid: read valid_until out of each report, too (slower). {.any_uid = true} lists everything, {0} what root asked for. */
typedef struct pb_store_query {
	const char *decision, *name, *sha256, *policy; /* NULL: any; name: a substring of name or path */
	int64_t since, until;                 /* seconds, both included, 0: open */
	int64_t before;                       /* only ids below this one, to go on after a limit; 0: all */
	int64_t uid;                          /* only what this user asked for; with any_uid = true: all */
	int64_t below; /* only where trust is below so many tenths; 0: all */
	bool any_uid, valid;
	size_t limit; /* 0: no limit */
} pb_store_query;
/* each: a is borrowed for the call (report NULL); returns non-zero to stop, which is then returned. */
int pb_store_list(pb_store *s, const pb_store_query *q, int (*each)(void *user, const pb_stored *a), void *user,
                  pb_error *err);
/* One with its report. 1 = found, 0 = there is none. */
int pb_store_get(pb_store *s, int64_t id, int (*each)(void *user, const pb_stored *a), void *user, pb_error *err);

/* The log (R24 of the requirements): line n holds {"n","time","what"|"id",...,"report_sha256","previous"} as canonical
 * JSON, and its digest is SHA-256 of it; "previous" is the digest of line n-1 (64 zeros for the first). Retention
 * removes reports and assessments, never lines. Checks every line, the chain, and that every kept assessment and report
 * still is what its line says. *lines: checked; head: digest of the last line. 0, or PB_ECORRUPT with err naming the
 * first line that does not hold, or that the file is damaged. */
int pb_store_verify(pb_store *s, int64_t *lines, char head[65], pb_error *err);

/* What has to be noted elsewhere, so that a log whose end was cut off can be told from a whole one: the last line's
 * number and digest (0 and 64 zeros: there is none). Quick. */
int pb_store_head(pb_store *s, int64_t *n, char digest[65], pb_error *err);
/* Which line has this digest? *n: its number, 0: none has. Reads the whole log; says something only of one that holds. */
int pb_store_line_with(pb_store *s, const char *digest, int64_t *n, pb_error *err);

/* Lines of the log below number before (0: all), the newest first, at most limit (0: all). line is canonical JSON,
 * digest its own. each: as above. */
int pb_store_log(pb_store *s, int64_t before, size_t limit,
                 int (*each)(void *user, const char *line, const char *digest), void *user, pb_error *err);

/* Retention: removes assessments older than max_age_days (0: keep), then the oldest until the file is below max_bytes
 * (0: no bound); gives the space back. What goes is told in the log. *removed: how many. */
int pb_store_retain(pb_store *s, int64_t now, int64_t max_age_days, int64_t max_bytes, int64_t *removed, pb_error *err);

#endif
