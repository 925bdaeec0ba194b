#include "store/inside.h"

static const char list_sql[] =
    "SELECT id," PB_ROW_COLUMNS
    ",CASE WHEN ?9 THEN (SELECT CASE WHEN json_valid(text) THEN json_extract(text, '$.score.valid_until') END"
    " FROM report WHERE report.id = assessment.id) END"
    " FROM assessment WHERE (?1 IS NULL OR decision = ?1) AND (?2 IS NULL OR instr(name, ?2) OR instr(path, ?2))"
    " AND (?3 IS NULL OR sha256 = ?3) AND (?4 IS NULL OR time >= ?4) AND (?5 IS NULL OR time <= ?5) AND (?6 IS NULL OR "
    "uid = ?6)"
    " AND (?7 IS NULL OR id < ?7) AND (?10 IS NULL OR policy = ?10) AND (?11 IS NULL OR trust_tenths < ?11)"
    " ORDER BY id DESC LIMIT ?8";

static void bind_if(pb_statement *s, int at, bool given, int64_t value)
{
	if (given)
		pb_sql_int(s, at, value);
}

int pb_store_list(pb_store *s, const pb_store_query *q, int (*each)(void *user, const pb_stored *a), void *user,
                  pb_error *err)
{
	pb_statement *st;
	pb_stored a;
	int stop = 0, rc = pb_sql_prepare(s->db, list_sql, &st, err);
	if (rc)
		return rc;
	pb_sql_text(st, 1, q->decision);
	pb_sql_text(st, 2, q->name);
	pb_sql_text(st, 3, q->sha256);
	bind_if(st, 4, q->since != 0, q->since);
	bind_if(st, 5, q->until != 0, q->until);
	bind_if(st, 6, !q->any_uid, q->uid); /* an unknown user is the null value, which equals nobody */
	bind_if(st, 7, q->before != 0, q->before);
	pb_sql_int(st, 8, q->limit > 0 && q->limit < INT64_MAX ? (int64_t)q->limit : -1);
	pb_sql_int(st, 9, q->valid);
	pb_sql_text(st, 10, q->policy);
	bind_if(st, 11, q->below != 0, q->below);
	while (!stop && (rc = pb_sql_step(st, err)) == 1) {
		pb_row_read(st, &a);
		if (q->valid)
			a.valid_until = pb_sql_get_text(st, PB_ROW_REPORT);
		stop = each(user, &a);
	}
	pb_sql_free(st);
	return stop ? stop : rc;
}

int pb_store_get(pb_store *s, int64_t id, int (*each)(void *user, const pb_stored *a), void *user, pb_error *err)
{
	pb_statement *st;
	pb_stored a;
	int rc = pb_sql_prepare(s->db, PB_ROW_ONE, &st, err);
	if (rc)
		return rc;
	pb_sql_int(st, 1, id);
	rc = pb_sql_step(st, err);
	if (rc == 1) {
		pb_row_read(st, &a);
		a.report = pb_sql_get_text(st, PB_ROW_REPORT);
		if (!*a.report)
			a.report = NULL;
		int stop = each(user, &a);
		rc = stop ? stop : 1;
	}
	pb_sql_free(st);
	return rc;
}
