/* Retention: old assessments go, with their reports; the lines of the log stay, and one more says what went. */
#include <inttypes.h>
#include <stdio.h>

#include "store/inside.h"

enum { BATCH = 200, DAY = 86400, ROW_BYTES = 512 };

/* Bytes of the file that hold something. */
static int used_bytes(pb_sql *db, int64_t *out, pb_error *err)
{
	int64_t pages, unused, size;
	int rc = pb_sql_number(db, "PRAGMA page_count", &pages, err);
	rc = rc ? rc : pb_sql_number(db, "PRAGMA freelist_count", &unused, err);
	rc = rc ? rc : pb_sql_number(db, "PRAGMA page_size", &size, err);
	*out = rc ? 0 : (pages - unused) * size;
	return rc;
}

/* The oldest, at most BATCH of them, and only those before cutoff (0: all): in one transaction with the line that
 * tells. */
static int remove_batch(pb_store *s, int64_t now, int64_t cutoff, int64_t batch, int64_t *removed, pb_error *err)
{
	char what[128];
	int64_t first = 0, last = 0;
	pb_statement *st;
	int rc =
	    pb_sql_prepare(s->db,
	                   "DELETE FROM assessment WHERE id IN (SELECT id FROM assessment WHERE ?1 = 0 OR time < ?1"
	                   " ORDER BY id LIMIT ?2) RETURNING id",
	                   &st, err);
	*removed = 0;
	if (rc)
		return rc;
	pb_sql_int(st, 1, cutoff);
	pb_sql_int(st, 2, batch);
	while ((rc = pb_sql_step(st, err)) == 1) {
		int64_t id = pb_sql_get_int(st, 0, 0);
		first = first == 0 || id < first ? id : first;
		last = id > last ? id : last;
		++*removed;
	}
	pb_sql_free(st);
	if (rc || *removed == 0)
		return rc;
	snprintf(what, sizeof what, "retention removed %" PRId64 " assessments, numbers %" PRId64 " to %" PRId64,
	         *removed, first, last);
	return pb_log_event(s, now, what, err);
}

static int one_batch(pb_store *s, int64_t now, int64_t cutoff, int64_t batch, int64_t *removed, pb_error *err)
{
	int rc = pb_sql_begin(s->db, err);
	return rc ? rc : pb_sql_end(s->db, remove_batch(s, now, cutoff, batch, removed, err), err);
}

static int by_age(pb_store *s, int64_t now, int64_t cutoff, int64_t *removed, pb_error *err)
{
	int64_t n = BATCH;
	int rc = 0;
	while (!rc && n == BATCH) {
		rc = one_batch(s, now, cutoff, BATCH, &n, err);
		*removed += rc ? 0 : n;
	}
	return rc;
}

/* How many of the oldest take about so many bytes, at least one, at most BATCH: so that no more go than must. */
static int how_many(pb_sql *db, int64_t bytes, int64_t *out, pb_error *err)
{
	pb_statement *st;
	int rc = pb_sql_prepare(
	    db, "SELECT (SELECT length(text) FROM report WHERE report.id = assessment.id) FROM assessment ORDER BY id",
	    &st, err);
	*out = 0;
	if (rc)
		return rc;
	for (int64_t sum = 0; sum < bytes && *out < BATCH && (rc = pb_sql_step(st, err)) == 1; ++*out)
		sum += ROW_BYTES + pb_sql_get_int(st, 0, 0);
	pb_sql_free(st);
	return rc < 0 ? rc : 0;
}

static int by_size(pb_store *s, int64_t now, int64_t max_bytes, int64_t *removed, pb_error *err)
{
	int64_t used, batch, n = 1;
	int rc = used_bytes(s->db, &used, err);
	while (!rc && used > max_bytes && n > 0) {
		rc = how_many(s->db, used - max_bytes, &batch, err);
		rc = rc ? rc : one_batch(s, now, 0, batch, &n, err);
		*removed += rc ? 0 : n;
		rc = rc ? rc : used_bytes(s->db, &used, err);
	}
	return rc;
}

int pb_store_retain(pb_store *s, int64_t now, int64_t max_age_days, int64_t max_bytes, int64_t *removed, pb_error *err)
{
	int rc = 0;
	*removed = 0;
	if (max_age_days > 0 && max_age_days < now / DAY)
		rc = by_age(s, now, now - max_age_days * DAY, removed, err);
	if (!rc && max_bytes > 0)
		rc = by_size(s, now, max_bytes, removed, err);
	if (!rc && *removed > 0)
		rc = pb_sql_run(s->db, "PRAGMA incremental_vacuum; PRAGMA wal_checkpoint(TRUNCATE)", err);
	return rc;
}
