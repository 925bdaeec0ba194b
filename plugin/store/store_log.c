/* The log: lines of canonical JSON, each holding the digest of the one before. README.md says how to check it by hand.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/chain.h"
#include "base/hash.h"
#include "base/text.h"
#include "store/inside.h"

enum { DIGEST = 64, WHAT_MAX = 2000 };

static int out_of_memory(pb_store *s, pb_error *err)
{
	return pb_fail(err, PB_ENOMEM, "%s: out of memory", pb_sql_file(s->db));
}

/* The chain as far as its last line. */
static int head_of(pb_store *s, pb_chain *chain, pb_error *err)
{
	pb_statement *st;
	pb_chain_begin(chain);
	int rc = pb_sql_prepare(s->db, "SELECT n, digest FROM log ORDER BY n DESC LIMIT 1", &st, err);
	if (rc)
		return rc;
	rc = pb_sql_step(st, err);
	const char *text = rc == 1 ? pb_sql_get_text(st, 1) : chain->head;
	chain->lines = rc == 1 ? pb_sql_get_int(st, 0, 0) : 0;
	if (rc >= 0 && (strlen(text) != DIGEST || chain->lines < 0 || chain->lines == INT64_MAX))
		rc = pb_fail(err, PB_ECORRUPT, "%s: the last line of its log is broken", pb_sql_file(s->db));
	if (rc == 1)
		memcpy(chain->head, text, DIGEST + 1);
	pb_sql_free(st);
	return rc < 0 ? rc : 0;
}

int pb_log_append(pb_store *s, json_t *line, pb_error *err)
{
	char *text = NULL;
	pb_statement *st = NULL;
	pb_chain chain;
	int rc = head_of(s, &chain, err);
	if (rc)
		goto out;
	text = pb_chain_add(&chain, line);
	rc = text ? pb_sql_prepare(s->db, "INSERT INTO log(n, line, digest) VALUES(?1, ?2, ?3)", &st, err) : out_of_memory(s, err);
	if (rc)
		goto out;
	pb_sql_int(st, 1, chain.lines);
	pb_sql_text(st, 2, text);
	pb_sql_text(st, 3, chain.head);
	rc = pb_sql_done(st, err);
out:
	pb_sql_free(st);
	free(text);
	json_decref(line);
	return rc;
}

int pb_log_event(pb_store *s, int64_t time, const char *what, pb_error *err)
{
	char *safe = pb_text_safe(what, WHAT_MAX);
	json_t *line = safe ? json_pack("{s:I,s:s}", "time", (json_int_t)time, "what", safe) : NULL;
	free(safe);
	return line ? pb_log_append(s, line, err) : out_of_memory(s, err);
}

/* One walk over the log, from the first line. */
typedef struct walk {
	pb_store *s;
	pb_statement *row; /* one assessment with its report */
	pb_chain chain; /* lines that hold */
	int64_t last_id, kept;
	pb_error *err;
} walk;

static int broken(const walk *w, const char *why)
{
	return pb_fail(w->err, PB_ECORRUPT, "%s: line %" PRId64 " of the log does not hold: %s", pb_sql_file(w->s->db),
	               w->chain.lines + 1, why);
}

/* What is kept of an assessment must be what its line says: every field, and the report by its digest. */
static int check_row(walk *w, const json_t *line, int64_t id)
{
	pb_stored a;
	char digest[DIGEST + 1] = "";
	pb_sql_int(w->row, 1, id);
	int rc = pb_sql_step(w->row, w->err);
	if (rc != 1) {
		pb_sql_reset(w->row);
		return rc; /* retention removed it */
	}
	pb_row_read(w->row, &a);
	pb_bytes report = pb_sql_get_bytes(w->row, PB_ROW_REPORT);
	json_t *row = pb_stored_json(&a);
	if (!row || (report.size > 0 && !pb_sha256_of(report, digest)))
		rc = out_of_memory(w->s, w->err);
	else if (strcmp(digest, pb_json_str(line, "report_sha256", "?")) != 0)
		rc = pb_fail(w->err, PB_ECORRUPT,
		             "%s: line %" PRId64 " of the log does not hold: the report of assessment %" PRId64 " %s",
		             pb_sql_file(w->s->db), w->chain.lines + 1, id, report.size ? "was changed" : "is missing");
	else
		rc = 0;
	const char *key;
	json_t *value;
	/* The line decides which fields it speaks of: those that a later version adds are not in it. */
	json_object_foreach ((json_t *)(uintptr_t)line, key, value) {
		bool own = strcmp(key, "n") == 0 || strcmp(key, "previous") == 0 || strcmp(key, "report_sha256") == 0;
		if (!rc && !own && !json_equal(value, json_object_get(row, key)))
			rc = pb_fail(w->err, PB_ECORRUPT,
			             "%s: line %" PRId64 " of the log does not hold: %s of assessment %" PRId64
			             " was changed",
			             pb_sql_file(w->s->db), w->chain.lines + 1, key, id);
	}
	json_decref(row);
	pb_sql_reset(w->row);
	w->kept++;
	return rc;
}

static int check_line(walk *w, int64_t n, pb_bytes text, const char *digest)
{
	char real[DIGEST + 1];
	if (n != w->chain.lines + 1)
		return broken(w, "it is missing");
	if (!pb_sha256_of(text, real))
		return out_of_memory(w->s, w->err);
	if (strcmp(real, digest) != 0)
		return broken(w, "it is not the text that its digest was made of");
	json_t *line = pb_json_parse(text, PB_CHAIN_LINE, "log", NULL);
	int64_t id = pb_json_int(line, "id", 0);
	pb_chain next = w->chain;
	pb_error why = {0};
	int rc = pb_chain_next(&next, text, line, &why);
	if (rc)
		rc = rc == PB_ENOMEM ? out_of_memory(w->s, w->err) : broken(w, why.text);
	else if (json_object_get(line, "id") && id <= w->last_id)
		rc = broken(w, "its assessment has a number that was used before");
	else if (id > 0) {
		w->last_id = id;
		rc = check_row(w, line, id);
	}
	json_decref(line);
	if (!rc)
		w->chain = next;
	return rc;
}

/* Pages that nothing above reads: lists of free ones, the map of all. */
static int check_file(walk *w)
{
	pb_statement *st;
	int rc = pb_sql_prepare(w->s->db, "PRAGMA quick_check(1)", &st, w->err);
	if (rc)
		return rc;
	rc = pb_sql_step(st, w->err);
	if (rc == 1 && strcmp(pb_sql_get_text(st, 0), "ok") != 0)
		rc = pb_fail(w->err, PB_ECORRUPT, "%s: the file is damaged: %s", pb_sql_file(w->s->db),
		             pb_sql_get_text(st, 0));
	pb_sql_free(st);
	return rc < 0 ? rc : 0;
}

/* Assessments without a line, lines cut off at the end: the counts tell. */
static int check_counts(walk *w)
{
	int64_t rows, reports, given;
	int rc = pb_sql_number(w->s->db, "SELECT count(*) FROM assessment", &rows, w->err);
	rc = rc ? rc
	        : pb_sql_number(w->s->db, "SELECT count(*) FROM report WHERE id NOT IN (SELECT id FROM assessment)",
	                        &reports, w->err);
	rc = rc ? rc
	        : pb_sql_number(w->s->db, "SELECT seq FROM sqlite_sequence WHERE name = 'assessment'", &given, w->err);
	if (rc)
		return rc;
	if (rows != w->kept || reports != 0)
		return broken(w, "an assessment or report is kept that no line speaks of");
	if (given != w->last_id)
		return broken(w, "it is missing: assessments were numbered further than the log goes");
	return 0;
}

static int walk_log(walk *w)
{
	pb_statement *st;
	int rc = pb_sql_prepare(w->s->db, "SELECT n, line, digest FROM log ORDER BY n", &st, w->err);
	while (!rc && (rc = pb_sql_step(st, w->err)) == 1)
		rc = check_line(w, pb_sql_get_int(st, 0, 0), pb_sql_get_bytes(st, 1), pb_sql_get_text(st, 2));
	pb_sql_free(st);
	rc = rc ? rc : check_counts(w);
	return rc ? rc : check_file(w);
}

int pb_store_verify(pb_store *s, int64_t *lines, char head[65], pb_error *err)
{
	walk w = {.s = s, .err = err};
	pb_chain_begin(&w.chain);
	int rc = pb_sql_run(s->db, "BEGIN", err); /* one state of the store, whatever is added meanwhile */
	if (!rc) {
		rc = pb_sql_prepare(s->db, PB_ROW_ONE, &w.row, err);
		rc = rc ? rc : walk_log(&w);
		pb_sql_free(w.row);
		rc = pb_sql_end(s->db, rc, err);
	}
	*lines = w.chain.lines;
	memcpy(head, w.chain.head, sizeof w.chain.head);
	return rc;
}

int pb_store_head(pb_store *s, int64_t *n, char digest[65], pb_error *err)
{
	pb_chain chain;
	int rc = head_of(s, &chain, err);

	*n = chain.lines;
	memcpy(digest, chain.head, sizeof chain.head);
	return rc;
}

int pb_store_line_with(pb_store *s, const char *digest, int64_t *n, pb_error *err)
{
	pb_statement *st;
	*n = 0;
	int rc = pb_sql_prepare(s->db, "SELECT n FROM log WHERE digest = ?1", &st, err);
	if (rc)
		return rc;
	pb_sql_text(st, 1, digest);
	rc = pb_sql_step(st, err);
	if (rc == 1)
		*n = pb_sql_get_int(st, 0, 0);
	pb_sql_free(st);
	return rc < 0 ? rc : 0;
}

int pb_store_log(pb_store *s, int64_t before, size_t limit,
                 int (*each)(void *user, const char *line, const char *digest), void *user, pb_error *err)
{
	static const char sql[] = "SELECT line, digest FROM log WHERE (?1 IS NULL OR n < ?1) ORDER BY n DESC LIMIT ?2";
	pb_statement *st;
	int stop = 0, rc = pb_sql_prepare(s->db, sql, &st, err);
	if (rc)
		return rc;
	if (before > 0)
		pb_sql_int(st, 1, before);
	pb_sql_int(st, 2, limit > 0 && limit < INT64_MAX ? (int64_t)limit : -1);
	while (!stop && (rc = pb_sql_step(st, err)) == 1)
		stop = each(user, pb_sql_get_text(st, 0), pb_sql_get_text(st, 1));
	pb_sql_free(st);
	return stop ? stop : rc;
}
