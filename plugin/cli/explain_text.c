/* What explain knows, for people. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "cli/explain.h"
#include "cli/lines.h"

static const json_t *at(const json_t *object, const char *key)
{
	return json_object_get(object, key);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* {"elf":2,"png":1} as "elf 2, png 1", sorted; fresh. */
static char *counted(const json_t *counts)
{
	size_t n = json_object_size(counts), i = 0;
	const char **names = calloc(n + 1, sizeof *names), *name;
	pb_buf b = {0};
	json_t *value;
	int rc = names ? pb_buf_puts(&b, "") : PB_ENOMEM;
	if (!rc) {
		json_object_foreach((json_t *)counts, name, value)
			names[i++] = name;
		qsort(names, n, sizeof *names, by_name);
	}
	for (i = 0; i < n && !rc; i++)
		rc = pb_buf_printf(&b, "%s%s %" JSON_INTEGER_FORMAT, i ? ", " : "", names[i], json_integer_value(at(counts, names[i])));
	free(names);
	return (char *)b.data;
}

static void head(const json_t *told)
{
	const json_t *check = at(told, "check");
	const char *row = pb_json_str(check, "catalogue", "");
	pb_line(0, "%s%s%s%s: %s", pb_json_str(check, "id", ""), *row ? " (" : "", row, *row ? ")" : "", pb_json_str(check, "title", ""));
	if (*pb_json_str(check, "confirm", ""))
		pb_line(0, "by hand: %s", pb_json_str(check, "confirm", ""));
	pb_line(0, "%s, on %s", pb_json_str(check, "file", ""), pb_json_str(at(told, "product"), "name", ""));
}

static void objects(const json_t *told)
{
	const json_t *o = at(told, "objects"), *check = at(told, "check");
	char n[32], *applies = pb_json_joined(at(check, "applies"), ", "), *kinds = counted(at(o, "left_out_kinds"));
	int64_t looked = pb_json_int(o, "considered", 0) - pb_json_int(o, "left_out", 0);
	printf("\nObjects: %s\n", pb_thousands(pb_json_int(o, "considered", 0), n));
	if (pb_json_int(o, "left_out", 0))
		pb_line(2, "%s left out by applies = { %s }; their kinds: %s", pb_thousands(pb_json_int(o, "left_out", 0), n), applies ? applies : "",
		        kinds ? kinds : "");
	if (json_is_true(at(check, "object")) || json_is_true(at(check, "rules"))) {
		pb_line(2, "%s looked at%s", pb_thousands(looked, n), json_is_true(at(check, "looks")) ? "" : "; the check has no patterns");
		if (json_is_true(at(check, "looks")))
			pb_line(2, "%s with a rule that matches", pb_thousands(pb_json_int(o, "patterns_hit", 0), n));
		pb_line(2, "%s on which the function ran", pb_thousands(pb_json_int(o, "ran", 0), n));
		pb_line(2, "%s on which it raised something", pb_thousands(pb_json_int(o, "raised", 0), n));
	} else {
		pb_line(2, "none is looked at by itself: the check has no function object");
	}
	if (pb_json_int(o, "unknown", 0))
		pb_line(2, "%s on which its answer is unknown", pb_thousands(pb_json_int(o, "unknown", 0), n));
	if (pb_json_int(o, "copies", 0))
		pb_line(2, "%s have the bytes of another one, and were looked at with it", pb_thousands(pb_json_int(o, "copies", 0), n));
	if (pb_json_int(o, "not_examined", 0))
		pb_line(2, "%s not, or not wholly examined (limits of the report)", pb_thousands(pb_json_int(o, "not_examined", 0), n));
	free(applies);
	free(kinds);
}

static void string(const json_t *s)
{
	const json_t *places = at(s, "at"), *place;
	pb_buf b = {0};
	char n[32];
	int64_t many = pb_json_int(s, "count", 0);
	size_t i;
	if (many == 0) {
		pb_line(6, "%s  nowhere", pb_json_str(s, "string", "?"));
		return;
	}
	json_array_foreach(places, i, place)
		(void)pb_buf_printf(&b, "%s%s", i ? ", " : "", pb_thousands(json_integer_value(json_array_get(place, 0)), n));
	pb_line(6, "%s  %s place%s: at %s%s", pb_json_str(s, "string", "?"), pb_thousands(many, n), many == 1 ? "" : "s",
	        b.data ? (const char *)b.data : "", many > (int64_t)json_array_size(places) ? ", ..." : "");
	pb_buf_free(&b);
}

static void patterns(const json_t *p)
{
	const json_t *rule, *s;
	const char *why = pb_json_str(p, "why", NULL);
	size_t i, k;
	if (json_is_true(at(p, "nowhere")))
		pb_line(4, "patterns: not looked for in objects of this kind (a rule that imports elf, pe or macho is for those alone)");
	if (why)
		pb_line(4, "patterns: not looked for to the end: %s", why);
	json_array_foreach(at(p, "rules"), i, rule) {
		bool matched = json_is_true(at(rule, "matched"));
		int64_t hit = 0, all = (int64_t)json_array_size(at(rule, "strings"));
		json_array_foreach(at(rule, "strings"), k, s)
			hit += pb_json_int(s, "count", 0) > 0;
		pb_line(4, "%srule %s: %s%s", json_is_true(at(rule, "private")) ? "private " : "", pb_json_str(rule, "rule", "?"),
		        matched ? "its condition holds" : "its condition does not hold",
		        matched       ? ""
		        : all == 0    ? ""
		        : hit == 0    ? ": none of its strings is there"
		        : hit == all  ? ", although all its strings are there"
		                      : ": some strings are missing");
		json_array_foreach(at(rule, "strings"), k, s) {
			string(s);
		}
	}
}

static bool no_match(const json_t *trace)
{
	const json_t *rule;
	size_t i;
	json_array_foreach(at(at(trace, "patterns"), "rules"), i, rule)
		if (json_is_true(at(rule, "matched")) && !json_is_true(at(rule, "private")))
			return false;
	return at(trace, "patterns") != NULL;
}

static int64_t pair(const json_t *call, const char *key, size_t i)
{
	return json_integer_value(json_array_get(at(call, key), i));
}

static void budgets(const json_t *call)
{
	char a[32], b[32], c[32], d[32], e[32], f[32], g[32], h[32], t[32];
	pb_line(4, "used: instructions %s of %s; memory %s of %s; match steps %s of %s; findings %s of %s; time %s",
	        pb_thousands(pair(call, "instructions", 0), a), pb_thousands(pair(call, "instructions", 1), b),
	        pb_bytes_words(pair(call, "memory", 0), c), pb_bytes_words(pair(call, "memory", 1), d),
	        pb_thousands(pair(call, "steps", 0), e), pb_thousands(pair(call, "steps", 1), f), pb_thousands(pair(call, "findings", 0), g),
	        pb_thousands(pair(call, "findings", 1), h), pb_time_words(pb_json_int(call, "nanoseconds", 0), t));
}

static void finding(const json_t *f)
{
	char n[32], place[80] = "the object as a whole";
	if (pb_json_int(f, "at", -1) >= 0)
		snprintf(place, sizeof place, "at %s, length %d", pb_thousands(pb_json_int(f, "at", 0), n), (int)pb_json_int(f, "length", 0));
	pb_line(4, "raised: found.%s, key \"%s\", severity %s, kappa %d, %s", pb_json_str(f, "finding", ""), pb_json_str(f, "key", ""),
	        pb_json_str(f, "severity", ""), (int)pb_json_int(f, "kappa", 0), place);
	pb_line(6, "%s", pb_json_str(f, "says", ""));
	if (*pb_json_str(f, "excerpt", ""))
		pb_line(6, "| %s", pb_json_str(f, "excerpt", ""));
}

static void function(const json_t *step, const json_t *check)
{
	const json_t *trace = at(step, "trace"), *call = at(trace, "call"), *f;
	const char *unknown = json_string_value(at(step, "unknown")), *why = pb_json_str(call, "why", NULL);
	size_t i, n = json_array_size(at(step, "findings")), notes = json_array_size(at(step, "notes"));
	if (!call && json_is_true(at(check, "object")))
		pb_line(4, "function: did not run%s", unknown          ? ""
		                                      : no_match(trace) ? ": no rule's condition holds"
		                                                        : "");
	else if (call)
		pb_line(4, "function: %s", why                     ? "ended early"
		                           : n || notes || unknown ? "ran to its end"
		                                                   : "ran to its end and raised nothing: see what it asks of what hit");
	if (call)
		budgets(call);
	if (unknown)
		pb_line(4, "unknown: %s", unknown);
	json_array_foreach(at(step, "notes"), i, f) {
		char *text = pb_json_canonical(f);
		pb_line(4, "noted: %s", text ? text : "?");
		free(text);
	}
	json_array_foreach(at(step, "findings"), i, f) {
		finding(f);
	}
}

static bool happened(const json_t *step)
{
	const json_t *trace = at(step, "trace"), *rule, *s;
	size_t i, k;
	if (at(step, "unknown") || at(trace, "call") || json_array_size(at(step, "findings")) || at(at(trace, "patterns"), "why"))
		return true;
	json_array_foreach(at(at(trace, "patterns"), "rules"), i, rule) {
		json_array_foreach(at(rule, "strings"), k, s) {
			if (pb_json_int(s, "count", 0) > 0)
				return true;
		}
	}
	return false;
}

static void one_step(const json_t *step, const json_t *check)
{
	const json_t *trace = at(step, "trace");
	char n[32], *path = pb_json_joined(at(step, "path"), " > ");
	putchar('\n');
	pb_line(2, "%s (%s, %s)%s", path ? path : "?", pb_json_str(step, "kind", "?"), pb_bytes_words(pb_json_int(step, "size", 0), n),
	        json_is_true(at(step, "copy")) ? ", a copy" : "");
	free(path);
	if (json_is_false(at(trace, "applies"))) {
		pb_line(4, "left out: applies names neither its kind, its class nor a tag of it");
		return;
	}
	patterns(at(trace, "patterns"));
	function(step, check);
}

static void steps(const json_t *told, bool verbose)
{
	const json_t *step;
	size_t i, quiet = 0;
	char n[32];
	json_array_foreach(at(told, "steps"), i, step) {
		if (verbose || happened(step))
			one_step(step, at(told, "check"));
		else
			quiet++;
	}
	if (quiet) {
		putchar('\n');
		pb_line(2, "%s more on which nothing happened (-v shows them)", pb_thousands((int64_t)quiet, n));
	}
}

static void product(const json_t *told)
{
	const json_t *call = at(at(told, "product"), "call");
	if (!json_is_true(at(at(told, "check"), "product")))
		return;
	printf("\nThe product as a whole\n");
	pb_line(4, "function: %s", !call ? "did not run: no object of the product has a tag that applies names"
	                           : pb_json_str(call, "why", NULL) ? pb_json_str(call, "why", "")
	                                                            : "ran to its end");
	if (call)
		budgets(call);
}

/* Findings of one key are one finding, and weigh less where tests, examples and documents are. */
static void one_merged(const json_t *f)
{
	const json_t *raised;
	size_t i;
	pb_line(2, "found.%s, key \"%s\": severity %s, kappa %d, %d place%s", pb_json_str(f, "finding", ""), pb_json_str(f, "key", ""),
	        pb_json_str(f, "severity", ""), (int)pb_json_int(f, "kappa", 0), (int)pb_json_int(f, "places", 1),
	        pb_json_int(f, "places", 1) == 1 ? "" : "s");
	pb_line(4, "%s", pb_json_str(f, "says", ""));
	json_array_foreach(at(f, "raised"), i, raised) {
		char *path = pb_json_joined(at(raised, "path"), " > ");
		bool less = json_is_true(at(raised, "discounted"));
		pb_line(4, "kappa %d in %s%s", (int)pb_json_int(raised, "kappa", 0), path ? path : "?",
		        !less                                    ? ""
		        : pb_json_int(raised, "kappa", 0) < 1000 ? ": counts as at most 200 in a place of tests, examples or documents"
		                                                 : ": in a place of tests or documents, but a proof counts in full");
		free(path);
	}
	if (json_array_size(at(f, "raised")) == 0)
		pb_line(4, "raised by the function product");
}

static void merged(const json_t *told)
{
	const json_t *f;
	size_t i, n = json_array_size(at(told, "merged"));
	printf("\nFindings of the product: %zu\n", n);
	json_array_foreach(at(told, "merged"), i, f) {
		one_merged(f);
	}
}

static void score(const json_t *told)
{
	const json_t *s = at(told, "score"), *check = at(s, "check"), *claim = at(s, "claim"), *pillar = at(s, "pillar"), *all = at(s, "product");
	const char *reason = pb_json_str(check, "reason", "");
	printf("\nScore\n");
	pb_line(2, "status %s, coverage %.1f%%%s%s", pb_json_str(check, "status", "?"), (double)pb_json_int(check, "coverage", 0) / 10,
	        *reason ? ": " : "", reason);
	pb_line(2, "demerit of the check: %.3f, over %d distinct key%s", (double)pb_json_int(check, "demerit_milli", 0) / 1000,
	        (int)pb_json_int(check, "keys", 0), pb_json_int(check, "keys", 0) == 1 ? "" : "s");
	double lambda = (double)pb_json_int(claim, "lambda_milli", 0) / 1000, weight = (double)pb_json_int(s, "weight", 0) / 1000;
	pb_line(2, "its claim \"%s\": demerit %.3f, at worst %.3f; with the policy's weight %.2f it adds %.3f", pb_json_str(claim, "claim", ""),
	        lambda, (double)pb_json_int(claim, "worst_milli", 0) / 1000, weight, lambda * weight);
	pb_line(2, "pillar %s: trust %.1f of 100", pb_json_str(at(told, "check"), "pillar", ""), (double)pb_json_int(pillar, "trust_tenths", 0) / 10);
	pb_line(2, "product: demerit %.3f, trust %.1f of 100, decision %s", (double)pb_json_int(all, "demerit_milli", 0) / 1000,
	        (double)pb_json_int(all, "trust_tenths", 0) / 10, pb_json_str(all, "decision", "?"));
}

void pb_explain_text(const json_t *told, bool verbose)
{
	head(told);
	objects(told);
	steps(told, verbose);
	product(told);
	merged(told);
	score(told);
}
