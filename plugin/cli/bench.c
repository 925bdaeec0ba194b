#include "cli/bench.h"

#include <stdlib.h>
#include <string.h>

typedef struct cost {
	const char *id; /* borrowed from checks */
	int64_t calls, instructions, instructions_most, time, time_most, processor, memory_most, findings;
	int64_t pattern_nanoseconds, pattern_bytes, matched, hits;
	bool patterns; /* looked for at least once */
} cost;

struct pb_bench {
	json_t *checks;
	cost *cost; /* by id */
	size_t n;
	json_t *objects; /* [{"path","size","nanoseconds","check","check_nanoseconds"}] */
	int64_t n_objects, bytes;
};

pb_bench *pb_bench_new(void)
{
	pb_bench *b = calloc(1, sizeof *b);
	if (b && !(b->objects = json_array())) {
		free(b);
		b = NULL;
	}
	return b;
}

void pb_bench_free(pb_bench *b)
{
	if (!b)
		return;
	json_decref(b->checks);
	json_decref(b->objects);
	free(b->cost);
	free(b);
}

static int by_id(const void *a, const void *b)
{
	return strcmp(((const cost *)a)->id, ((const cost *)b)->id);
}

int pb_bench_checks(pb_bench *b, const json_t *checks)
{
	const json_t *check;
	size_t i;
	b->checks = json_incref((json_t *)checks);
	b->n = json_array_size(checks);
	b->cost = calloc(b->n + 1, sizeof *b->cost);
	if (!b->cost)
		return PB_ENOMEM;
	json_array_foreach(checks, i, check) {
		b->cost[i].id = pb_json_str(check, "id", "");
	}
	qsort(b->cost, b->n, sizeof *b->cost, by_id);
	return 0;
}

static cost *cost_of(pb_bench *b, const char *id)
{
	return b->n ? bsearch(&(cost){.id = id}, b->cost, b->n, sizeof *b->cost, by_id) : NULL;
}

static void add(int64_t *sum, int64_t n)
{
	if (n > 0 && *sum <= INT64_MAX - n)
		*sum += n;
}

static void most(int64_t *of, int64_t n)
{
	*of = n > *of ? n : *of;
}

static int64_t used(const json_t *call, const char *key)
{
	return json_integer_value(json_array_get(json_object_get(call, key), 0));
}

static int64_t add_call(cost *c, const json_t *call)
{
	int64_t took = pb_json_int(call, "nanoseconds", 0);
	if (!call)
		return 0;
	add(&c->calls, 1);
	add(&c->instructions, used(call, "instructions"));
	most(&c->instructions_most, used(call, "instructions"));
	add(&c->time, took);
	most(&c->time_most, took);
	add(&c->processor, pb_json_int(call, "processor", 0));
	most(&c->memory_most, used(call, "memory"));
	add(&c->findings, used(call, "findings"));
	return took > 0 ? took : 0;
}

static int64_t add_patterns(cost *c, const json_t *patterns, int64_t size)
{
	int64_t took = pb_json_int(patterns, "nanoseconds", 0);
	if (!patterns)
		return 0;
	c->patterns = true;
	add(&c->pattern_nanoseconds, took);
	add(&c->pattern_bytes, size);
	add(&c->matched, pb_json_int(patterns, "matched", 0));
	add(&c->hits, pb_json_int(patterns, "hits", 0));
	return took > 0 ? took : 0;
}

int pb_bench_record(void *bench, const json_t *record)
{
	pb_bench *b = bench;
	int64_t size = pb_json_int(record, "size", 0), all = 0, worst = -1;
	const char *id, *slow = "";
	json_t *of;
	add(&b->n_objects, 1);
	add(&b->bytes, size);
	json_object_foreach(json_object_get(record, "trace"), id, of) {
		cost *c = cost_of(b, id);
		if (!c)
			continue;
		int64_t took = add_call(c, json_object_get(of, "call"));
		add(&took, add_patterns(c, json_object_get(of, "patterns"), size));
		add(&all, took);
		if (took > worst) {
			worst = took;
			slow = c->id;
		}
	}
	if (worst < 0)
		return 0;
	const json_t *path = json_object_get(record, "path");
	json_t *row = json_pack("{s:O,s:I,s:I,s:s,s:I}", "path", path, "size", (json_int_t)size, "nanoseconds", (json_int_t)all, "check", slow,
	                        "check_nanoseconds", (json_int_t)worst);
	return json_array_append_new(b->objects, row) ? PB_ENOMEM : 0;
}

int pb_bench_product(pb_bench *b, const json_t *trace)
{
	const char *id;
	json_t *of;
	json_object_foreach((json_t *)trace, id, of) {
		cost *c = cost_of(b, id);
		if (c)
			(void)add_call(c, json_object_get(of, "call"));
	}
	return 0;
}

/* Why nothing came of it; NULL: something did. */
static const char *dead(const cost *c)
{
	if (c->findings)
		return NULL;
	if (c->patterns && !c->matched)
		return "no rule matched";
	return c->calls ? "ran and raised nothing" : "never called";
}

static json_t *row_of(const cost *c)
{
	const char *why = dead(c);
	json_t *row = json_pack("{s:s,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:b,s:I,s:I,s:I,s:I}", "id", c->id, "calls", (json_int_t)c->calls, "instructions",
	                        (json_int_t)c->instructions, "instructions_most", (json_int_t)c->instructions_most, "nanoseconds",
	                        (json_int_t)c->time, "nanoseconds_most", (json_int_t)c->time_most, "processor", (json_int_t)c->processor, "memory_most",
	                        (json_int_t)c->memory_most, "findings", (json_int_t)c->findings, "patterns", (int)c->patterns,
	                        "pattern_nanoseconds", (json_int_t)c->pattern_nanoseconds, "pattern_bytes", (json_int_t)c->pattern_bytes,
	                        "matched", (json_int_t)c->matched, "hits", (json_int_t)c->hits);
	if (row)
		json_object_set_new(row, "dead", why ? json_string(why) : json_null());
	return row;
}

static int slowest_first(const void *x, const void *y)
{
	const json_t *a = *(json_t *const *)x, *b = *(json_t *const *)y;
	int64_t m = pb_json_int(a, "nanoseconds", 0), n = pb_json_int(b, "nanoseconds", 0);
	if (m != n)
		return m < n ? 1 : -1;
	return pb_json_int(a, "size", 0) < pb_json_int(b, "size", 0) ? 1 : -1;
}

static json_t *slowest_of(const pb_bench *b, size_t most_of)
{
	size_t n = json_array_size(b->objects);
	json_t **all = calloc(n + 1, sizeof *all), *out = json_array();
	for (size_t i = 0; all && i < n; i++)
		all[i] = json_array_get(b->objects, i);
	if (all)
		qsort(all, n, sizeof *all, slowest_first);
	for (size_t i = 0; all && out && i < n && i < most_of; i++)
		json_array_append(out, all[i]);
	free(all);
	return out;
}

json_t *pb_bench_told(const pb_bench *b, size_t slowest)
{
	json_t *checks = json_array();
	for (size_t i = 0; i < b->n; i++)
		if (json_array_append_new(checks, row_of(&b->cost[i]))) {
			json_decref(checks);
			return NULL;
		}
	return json_pack("{s:I,s:I,s:o,s:o}", "objects", (json_int_t)b->n_objects, "bytes", (json_int_t)b->bytes, "checks", checks, "slowest",
	                 slowest_of(b, slowest));
}
