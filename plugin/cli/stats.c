#include "cli/stats.h"

#include <stdlib.h>
#include <string.h>

/* Reasons name files and lines: of a check that fails in many ways the first are counted, the others are one. */
enum { CHECKS = 20000, REASONS = 200, TEXT = 400 };

typedef struct tally {
	char *id, *title; /* owned */
	int64_t products, applied, fired, unknown, findings, waived, last_fired;
	json_t *reasons; /* {"why": products} */
} tally;

struct pb_stats {
	tally *all; /* by id */
	size_t n, cap;
};

pb_stats *pb_stats_new(void)
{
	return calloc(1, sizeof(pb_stats));
}

void pb_stats_free(pb_stats *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < s->n; i++) {
		free(s->all[i].id);
		free(s->all[i].title);
		json_decref(s->all[i].reasons);
	}
	free(s->all);
	free(s);
}

/* The first place whose id is not before this one. */
static size_t place_of(const pb_stats *s, const char *id)
{
	size_t low = 0, high = s->n;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (strcmp(s->all[middle].id, id) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static tally *find(pb_stats *s, const char *id)
{
	size_t at = place_of(s, id);
	return at < s->n && strcmp(s->all[at].id, id) == 0 ? &s->all[at] : NULL;
}

static int grow(pb_stats *s)
{
	size_t cap = s->cap ? 2 * s->cap : 64;
	tally *all = s->n < s->cap ? s->all : realloc(s->all, cap * sizeof *all);
	if (!all)
		return PB_ENOMEM;
	s->cap = s->n < s->cap ? s->cap : cap;
	s->all = all;
	return 0;
}

static tally *find_or_add(pb_stats *s, const char *id, const char *title, pb_error *err)
{
	tally *t = find(s, id), one = {.id = NULL};
	size_t at;
	if (t)
		return t;
	if (s->n == CHECKS) {
		pb_fail(err, PB_ELIMIT, "reports of more than %d checks", CHECKS);
		return NULL;
	}
	one.id = strdup(id);
	one.title = strdup(title);
	one.reasons = json_object();
	if (!one.id || !one.title || !one.reasons || grow(s)) {
		free(one.id);
		free(one.title);
		json_decref(one.reasons);
		pb_fail(err, PB_ENOMEM, "out of memory");
		return NULL;
	}
	at = place_of(s, id);
	memmove(&s->all[at + 1], &s->all[at], (s->n - at) * sizeof one);
	s->all[at] = one;
	s->n++;
	return &s->all[at];
}

static int add_reason(tally *t, const char *why)
{
	char text[TEXT];
	size_t n = strlen(why);
	n = n < sizeof text ? n : sizeof text - 1;
	while (n < strlen(why) && n > 0 && ((unsigned char)why[n] & 0xc0) == 0x80) /* no half of a character */
		n--;
	memcpy(text, why, n);
	text[n] = '\0';
	int64_t had = pb_json_int(t->reasons, text, 0);
	if (had == 0 && json_object_size(t->reasons) >= REASONS)
		return 0;
	return json_object_set_new(t->reasons, text, json_integer(had + 1)) ? PB_ENOMEM : 0;
}

static int add_check(pb_stats *s, int64_t time, const json_t *row, pb_error *err)
{
	const char *id = pb_json_str(row, "id", ""), *status = pb_json_str(row, "status", "");
	if (!*id)
		return 0;
	tally *t = find_or_add(s, id, pb_json_str(row, "title", ""), err);
	if (!t)
		return err->code;
	t->products++;
	if (strcmp(status, "pass") == 0 || strcmp(status, "fail") == 0 || strcmp(status, "unknown") == 0)
		t->applied++;
	if (strcmp(status, "fail") == 0) {
		t->fired++;
		t->last_fired = time > t->last_fired ? time : t->last_fired;
	}
	if (strcmp(status, "unknown") != 0)
		return 0;
	t->unknown++;
	return add_reason(t, pb_json_str(row, "reason", "no reason was given")) ? pb_fail(err, PB_ENOMEM, "out of memory") : 0;
}

int pb_stats_add(pb_stats *s, int64_t time, const json_t *report, pb_error *err)
{
	const json_t *row;
	size_t i;
	json_array_foreach (json_object_get(report, "checks"), i, row) {
		int rc = add_check(s, time, row, err);
		if (rc)
			return rc;
	}
	json_array_foreach (json_object_get(report, "findings"), i, row) {
		tally *t = find(s, pb_json_str(row, "check", ""));
		if (!t)
			continue;
		t->findings++;
		t->waived += json_is_string(json_object_get(row, "waived"));
	}
	return 0;
}

/* The most frequent, of equal ones the first by byte: the order of a table must not decide. */
static const char *most_frequent(const tally *t, int64_t *times)
{
	const char *best = NULL, *key;
	const json_t *value;
	*times = 0;
	json_object_foreach (t->reasons, key, value) {
		int64_t n = json_integer_value(value);
		if (n > *times || (n == *times && best && strcmp(key, best) < 0)) {
			best = key;
			*times = n;
		}
	}
	return best;
}

static json_t *one_told(const tally *t)
{
	int64_t times;
	const char *why = most_frequent(t, &times);
	json_t *out =
	    json_pack("{s:s,s:s,s:I,s:I,s:I,s:I,s:I,s:I}", "id", t->id, "title", t->title, "products", (json_int_t)t->products,
	              "applied", (json_int_t)t->applied, "fired", (json_int_t)t->fired, "unknown", (json_int_t)t->unknown,
	              "findings", (json_int_t)t->findings, "waived", (json_int_t)t->waived);
	int rc = !out;
	if (!rc && why)
		rc = json_object_set_new(out, "reason", json_string(why)) ||
		     json_object_set_new(out, "reason_products", json_integer(times));
	if (!rc && t->fired)
		rc = json_object_set_new(out, "last_fired", json_integer(t->last_fired));
	if (rc) {
		json_decref(out);
		return NULL;
	}
	return out;
}

/* Shares as fractions, exactly: a product of two counts of products fits. Ids break ties. */
static int by_share(const void *x, const void *y)
{
	const tally *a = *(const tally *const *)x, *b = *(const tally *const *)y;
	int64_t left = a->fired * (b->applied ? b->applied : 1), right = b->fired * (a->applied ? a->applied : 1);
	if (left != right)
		return left < right ? 1 : -1;
	if (a->applied != b->applied)
		return a->applied < b->applied ? 1 : -1;
	return strcmp(a->id, b->id);
}

json_t *pb_stats_told(const pb_stats *s)
{
	const tally **order = calloc(s->n + 1, sizeof *order);
	json_t *out = order ? json_array() : NULL;
	for (size_t i = 0; out && i < s->n; i++)
		order[i] = &s->all[i];
	if (out)
		qsort(order, s->n, sizeof *order, by_share);
	for (size_t i = 0; out && i < s->n; i++) {
		if (json_array_append_new(out, one_told(order[i]))) {
			json_decref(out);
			out = NULL;
		}
	}
	free(order);
	return out;
}
