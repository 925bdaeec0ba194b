#include "cli/explain.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>


enum { RAISED_SHOWN = 5 };

static void put(json_t *to, const char *key, const json_t *value)
{
	if (value)
		json_object_set(to, key, (json_t *)value);
}

json_t *pb_explain_step(const json_t *record, const char *check)
{
	static const char *const keys[] = {"path", "sha256", "size", "kind", "name_class"};
	const json_t *result = json_object_get(record, "result"), *finding;
	json_t *step = json_object(), *findings = json_array();
	size_t i;
	for (i = 0; i < sizeof keys / sizeof *keys; i++)
		put(step, keys[i], json_object_get(record, keys[i]));
	json_array_foreach(json_object_get(result, "findings"), i, finding)
		if (strcmp(pb_json_str(finding, "check", ""), check) == 0)
			json_array_append(findings, (json_t *)finding);
	put(step, "notes", json_object_get(json_object_get(result, "notes"), check));
	put(step, "unknown", json_object_get(json_object_get(result, "unknown"), check));
	put(step, "trace", json_object_get(json_object_get(record, "trace"), check));
	json_object_set_new(step, "findings", findings);
	json_object_set_new(step, "copy", json_boolean(!result));
	return step;
}

static int by_path(const void *x, const void *y)
{
	const json_t *a = json_object_get(*(json_t *const *)x, "path"), *b = json_object_get(*(json_t *const *)y, "path");
	for (size_t i = 0; i < json_array_size(a) && i < json_array_size(b); i++) {
		const char *s = json_string_value(json_array_get(a, i)), *t = json_string_value(json_array_get(b, i));
		int order = strcmp(s ? s : "", t ? t : "");
		if (order)
			return order;
	}
	return (json_array_size(a) > json_array_size(b)) - (json_array_size(a) < json_array_size(b));
}

static json_t *sorted(const json_t *steps)
{
	size_t n = json_array_size(steps);
	json_t **all = calloc(n + 1, sizeof *all), *out = json_array();
	for (size_t i = 0; all && i < n; i++)
		all[i] = json_array_get(steps, i);
	if (all)
		qsort(all, n, sizeof *all, by_path);
	for (size_t i = 0; all && out && i < n; i++)
		json_array_append(out, all[i]);
	free(all);
	return out;
}

/* The same bytes under the same name class are looked at once; what was found there holds for every place. Each lane looks for itself, so
 * the first place is taken for all. */
static void fill_copies(json_t *steps)
{
	json_t *first = json_object(), *step;
	size_t i;
	for (int pass = 0; pass < 2; pass++)
		json_array_foreach(steps, i, step) {
			char key[128];
			snprintf(key, sizeof key, "%.64s %.30s %.25s", pb_json_str(step, "sha256", ""), pb_json_str(step, "kind", ""),
			         pb_json_str(step, "name_class", ""));
			const json_t *other = json_object_get(first, key);
			if (pass == 0 && json_object_get(step, "trace")) {
				if (!other)
					json_object_set(first, key, step);
			} else if (pass == 1 && other && other != step) {
				json_object_set_new(step, "copy", json_true());
				put(step, "trace", json_object_get(other, "trace"));
				put(step, "findings", json_object_get(other, "findings"));
				put(step, "notes", json_object_get(other, "notes"));
				put(step, "unknown", json_object_get(other, "unknown"));
			}
		}
	json_decref(first);
}

static void count(json_t *counts, const char *key)
{
	json_object_set_new(counts, key, json_integer(pb_json_int(counts, key, 0) + 1));
}

static bool has_match(const json_t *trace)
{
	const json_t *rule;
	size_t i;
	json_array_foreach(json_object_get(json_object_get(trace, "patterns"), "rules"), i, rule)
		if (json_is_true(json_object_get(rule, "matched")) && !json_is_true(json_object_get(rule, "private")))
			return true;
	return false;
}

static json_t *counts_of(const json_t *steps, const json_t *document)
{
	static const char *const keys[] = {"considered", "left_out", "copies", "patterns_hit", "ran", "raised", "unknown"};
	json_t *counts = json_object(), *kinds = json_object(), *step;
	size_t i;
	for (i = 0; i < sizeof keys / sizeof *keys; i++)
		json_object_set_new(counts, keys[i], json_integer(0));
	json_array_foreach(steps, i, step) {
		const json_t *trace = json_object_get(step, "trace");
		count(counts, "considered");
		if (json_is_true(json_object_get(step, "copy")))
			count(counts, "copies");
		if (json_is_false(json_object_get(trace, "applies"))) {
			count(counts, "left_out");
			count(kinds, pb_json_str(step, "kind", "?"));
		}
		if (has_match(trace))
			count(counts, "patterns_hit");
		if (json_object_get(trace, "call"))
			count(counts, "ran");
		if (json_array_size(json_object_get(step, "findings")))
			count(counts, "raised");
		if (json_object_get(step, "unknown"))
			count(counts, "unknown");
	}
	json_object_set_new(counts, "left_out_kinds", kinds);
	json_object_set_new(counts, "not_examined", json_integer((json_int_t)json_array_size(json_object_get(document, "limits"))));
	return counts;
}

static bool lies_in(const json_t *paths, const json_t *path)
{
	const json_t *one;
	size_t i;
	json_array_foreach(paths, i, one)
		if (json_equal(one, path))
			return true;
	return false;
}

/* Where a merged finding comes from: each raising with its own kappa, and whether its place weighs less. */
static json_t *raised_of(const json_t *finding, const json_t *steps, const json_t *discounted)
{
	json_t *out = json_array(), *step, *raised;
	size_t i, k;
	json_array_foreach(steps, i, step) {
		json_array_foreach(json_object_get(step, "findings"), k, raised) {
			if (json_array_size(out) < RAISED_SHOWN && strcmp(pb_json_str(raised, "key", ""), pb_json_str(finding, "key", "?")) == 0 &&
			    strcmp(pb_json_str(raised, "finding", ""), pb_json_str(finding, "finding", "?")) == 0)
				json_array_append_new(out, json_pack("{s:O,s:I,s:b}", "path", json_object_get(step, "path"), "kappa",
				                                     (json_int_t)pb_json_int(raised, "kappa", 0), "discounted",
				                                     (int)lies_in(discounted, json_object_get(step, "path"))));
		}
	}
	return out;
}

static json_t *merged_of(const json_t *check, const json_t *document, const json_t *steps, const json_t *discounted)
{
	static const char *const keys[] = {"finding", "key", "kappa", "severity", "says", "remediation", "places", "evidence"};
	json_t *out = json_array(), *finding;
	size_t i;
	json_array_foreach(json_object_get(document, "findings"), i, finding) {
		if (strcmp(pb_json_str(finding, "check", ""), pb_json_str(check, "id", "?")) != 0)
			continue;
		json_t *row = json_object();
		for (size_t k = 0; k < sizeof keys / sizeof *keys; k++)
			put(row, keys[k], json_object_get(finding, keys[k]));
		json_object_set_new(row, "raised", raised_of(finding, steps, discounted));
		json_array_append_new(out, row);
	}
	return out;
}

static const json_t *row_of(const json_t *rows, const char *key, const char *name)
{
	const json_t *row;
	size_t i;
	json_array_foreach(rows, i, row)
		if (strcmp(pb_json_str(row, key, ""), name) == 0)
			return row;
	return NULL;
}

static json_t *score_of(const json_t *check, const json_t *report)
{
	json_t *out = json_object();
	put(out, "check", row_of(json_object_get(report, "checks"), "id", pb_json_str(check, "id", "")));
	put(out, "claim", row_of(json_object_get(report, "claims"), "claim", pb_json_str(check, "claim", "")));
	put(out, "pillar", json_object_get(json_object_get(report, "pillars"), pb_json_str(check, "pillar", "")));
	put(out, "weight", json_object_get(json_object_get(json_object_get(report, "policy"), "weights"), pb_json_str(check, "pillar", "")));
	put(out, "product", json_object_get(report, "score"));
	return out;
}

json_t *pb_explain(const json_t *check, json_t *steps, const json_t *trace, const json_t *document, const json_t *report)
{
	const json_t *of = json_object_get(trace, pb_json_str(check, "id", ""));
	json_t *order = sorted(steps), *head = json_deep_copy(check), *product = json_object();
	if (!order || !head || !product) {
		json_decref(order);
		json_decref(head);
		json_decref(product);
		return NULL;
	}
	json_object_del(head, "samples");
	json_object_update_missing(head, json_object_get(of, "about"));
	fill_copies(order);
	put(product, "name", json_object_get(json_object_get(document, "product"), "name"));
	put(product, "call", json_object_get(of, "call"));
	json_t *counts = counts_of(order, document), *merged = merged_of(check, document, order, json_object_get(trace, "discounted")), *score = score_of(check, report);
	return json_pack("{s:o,s:o,s:o,s:o,s:o,s:o}", "check", head, "objects", counts, "steps", order, "product", product, "merged", merged,
	                 "score", score);
}
