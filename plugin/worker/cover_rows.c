#include "worker/cover_rows.h"

#include <stdlib.h>
#include <string.h>

bool pb_row_unscanned(const pb_row *r)
{
	return json_is_true(json_object_get(r->record, "unscanned"));
}

/* What two rows of one group have alike, as text. Fresh; NULL: no memory. */
static char *key_of(const pb_row *r, const json_t *tags)
{
	json_t *key = json_pack("[b,b,O?]", (int)r->opened, (int)pb_row_unscanned(r), tags);
	char *text = key ? json_dumps(key, JSON_COMPACT | JSON_ENCODE_ANY) : NULL;
	json_decref(key);
	return text;
}

static int add_group(pb_cover_rows *c, size_t *cap, pb_row_group group)
{
	if (c->n_groups == *cap) {
		size_t more = *cap ? *cap * 2 : 32;
		pb_row_group *groups = realloc(c->groups, more * sizeof *groups);
		if (!groups)
			return PB_ENOMEM;
		c->groups = groups;
		*cap = more;
	}
	c->groups[c->n_groups++] = group;
	return 0;
}

static int group_rows(const pb_join *j, pb_cover_rows *c)
{
	json_t *seen = json_object();
	size_t cap = 0;
	int rc = seen ? 0 : PB_ENOMEM;
	for (size_t i = 0; i < j->n && !rc; i++) {
		const pb_row *r = &j->rows[i];
		const json_t *tags = json_object_get(r->facts, "tags");
		char *key = key_of(r, tags);
		const json_t *known = key ? json_object_get(seen, key) : NULL;
		size_t at = known ? (size_t)json_integer_value(known) : c->n_groups;
		if (!key)
			rc = PB_ENOMEM;
		else if (!known)
			rc = json_object_set_new(seen, key, json_integer((json_int_t)at))
			         ? PB_ENOMEM
			         : add_group(c, &cap, (pb_row_group){tags, r->opened, pb_row_unscanned(r), 0, i});
		if (!rc) {
			c->groups[at].n++;
			c->group_of[i] = at;
		}
		free(key);
	}
	json_decref(seen);
	return rc;
}

static int by_id(const void *id, const void *check)
{
	return strcmp(id, ((const pb_check *)check)->id);
}

static int by_check(const void *x, const void *y)
{
	const pb_missed_row *a = x, *b = y;
	if (a->check != b->check)
		return a->check < b->check ? -1 : 1;
	return (a->row > b->row) - (a->row < b->row);
}

static int find_missed(const pb_join *j, const pb_check *checks, size_t n_checks, pb_cover_rows *c)
{
	size_t all = 0;
	for (size_t i = 0; i < j->n; i++)
		all += json_object_size(json_object_get(j->rows[i].result, "unknown"));
	c->missed = calloc(all + 1, sizeof *c->missed);
	if (!c->missed)
		return PB_ENOMEM;
	for (size_t i = 0; i < j->n; i++) {
		const char *id;
		json_t *why;
		json_object_foreach(json_object_get(j->rows[i].result, "unknown"), id, why) {
			const pb_check *check = n_checks ? bsearch(id, checks, n_checks, sizeof *checks, by_id) : NULL;
			if (check && json_is_string(why))
				c->missed[c->n_missed++] = (pb_missed_row){(size_t)(check - checks), i};
		}
	}
	if (c->n_missed)
		qsort(c->missed, c->n_missed, sizeof *c->missed, by_check);
	return 0;
}

int pb_cover_rows_make(const pb_join *j, const pb_check *checks, size_t n_checks, pb_cover_rows *out)
{
	memset(out, 0, sizeof *out);
	out->group_of = calloc(j->n + 1, sizeof *out->group_of);
	int rc = out->group_of ? group_rows(j, out) : PB_ENOMEM;
	return rc ? rc : find_missed(j, checks, n_checks, out);
}

void pb_cover_rows_free(pb_cover_rows *c)
{
	free(c->groups);
	free(c->group_of);
	free(c->missed);
	memset(c, 0, sizeof *c);
}

const pb_missed_row *pb_cover_rows_missed(const pb_cover_rows *c, size_t check, size_t *n)
{
	size_t lo = 0, hi = c->n_missed;
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		if (c->missed[mid].check < check)
			lo = mid + 1;
		else
			hi = mid;
	}
	for (*n = 0; lo + *n < c->n_missed && c->missed[lo + *n].check == check;)
		++*n;
	return c->missed + lo;
}
