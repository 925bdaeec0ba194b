/* What bench has counted, for people: the most expensive first. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/bench.h"
#include "cli/lines.h"

static int64_t cost(const json_t *row)
{
	int64_t a = pb_json_int(row, "nanoseconds", 0), b = pb_json_int(row, "pattern_nanoseconds", 0);
	return a > INT64_MAX - b ? INT64_MAX : a + b;
}

static int dearest_first(const void *x, const void *y)
{
	const json_t *a = *(json_t *const *)x, *b = *(json_t *const *)y;
	if (cost(a) != cost(b))
		return cost(a) < cost(b) ? 1 : -1;
	return strcmp(pb_json_str(a, "id", ""), pb_json_str(b, "id", ""));
}

/* "12,345", "123k", "5.6M": at most six columns. */
static const char *brief(int64_t n, char out[32])
{
	if (n < 100000)
		return pb_thousands(n, out);
	snprintf(out, 32, n < 1000000 ? "%.0fk" : n < 1000000000 ? "%.1fM" : "%.1fG", (double)n / (n < 1000000 ? 1e3 : n < 1000000000 ? 1e6 : 1e9));
	return out;
}

static void one(const json_t *row)
{
	char calls[32], instructions[32], all[32], each[32], memory[32], matched[32], found[32], rate[32] = "-";
	int64_t bytes = pb_json_int(row, "pattern_bytes", 0), n = pb_json_int(row, "calls", 0), took = pb_json_int(row, "nanoseconds", 0);
	if (json_is_true(json_object_get(row, "patterns")) && bytes)
		snprintf(rate, sizeof rate, "%.2f", (double)pb_json_int(row, "pattern_nanoseconds", 0) / (double)bytes);
	printf("%-31.31s %6s %6s %8s %8s %9s %7s %7s %6s\n", pb_json_str(row, "id", ""), brief(n, calls),
	       brief(n ? pb_json_int(row, "instructions", 0) / n : 0, instructions), pb_time_words(took, all),
	       pb_time_words(pb_json_int(row, "nanoseconds_most", 0), each), pb_bytes_words(pb_json_int(row, "memory_most", 0), memory), rate,
	       json_is_true(json_object_get(row, "patterns")) ? brief(pb_json_int(row, "matched", 0), matched) : "-",
	       brief(pb_json_int(row, "findings", 0), found));
}

static void table(const json_t *rows)
{
	size_t n = json_array_size(rows);
	json_t **all = calloc(n + 1, sizeof *all);
	if (!all)
		return;
	for (size_t i = 0; i < n; i++)
		all[i] = json_array_get(rows, i);
	qsort(all, n, sizeof *all, dearest_first);
	printf("%-31s %6s %6s %8s %8s %9s %7s %7s %6s\n", "check", "calls", "instr.", "time", "longest", "memory", "pattern", "rules",
	       "found");
	printf("%-31s %6s %6s %8s %8s %9s %7s %7s %6s\n", "", "", "a call", "in all", "call", "at most", "ms/MB", "matched", "times");
	for (size_t i = 0; i < n; i++)
		one(all[i]);
	free(all);
}

static void dead(const json_t *rows)
{
	const json_t *row;
	size_t i, n = 0;
	json_array_foreach(rows, i, row)
		n += json_is_string(json_object_get(row, "dead"));
	printf("\nRaised nothing on this corpus: %zu\n", n);
	json_array_foreach(rows, i, row)
		if (json_is_string(json_object_get(row, "dead")))
			pb_line(2, "%-36s %s", pb_json_str(row, "id", ""), pb_json_str(row, "dead", ""));
}

static void slowest(const json_t *rows)
{
	const json_t *row;
	size_t i;
	char all[32], one_of[32], size[32];
	if (json_array_size(rows) == 0)
		return;
	printf("\nSlowest objects\n");
	json_array_foreach(rows, i, row) {
		char *path = pb_json_joined(json_object_get(row, "path"), " > ");
		pb_line(2, "%s, of which %s %s: %s (%s)", pb_time_words(pb_json_int(row, "nanoseconds", 0), all), pb_json_str(row, "check", ""),
		        pb_time_words(pb_json_int(row, "check_nanoseconds", 0), one_of), path ? path : "?",
		        pb_bytes_words(pb_json_int(row, "size", 0), size));
		free(path);
	}
}

void pb_bench_text(const json_t *told)
{
	char n[32], bytes[32];
	const json_t *checks = json_object_get(told, "checks");
	printf("%s objects, %s; %zu check%s\n\n", pb_thousands(pb_json_int(told, "objects", 0), n),
	       pb_bytes_words(pb_json_int(told, "bytes", 0), bytes), json_array_size(checks), json_array_size(checks) == 1 ? "" : "s");
	table(checks);
	dead(checks);
	slowest(json_object_get(told, "slowest"));
}
