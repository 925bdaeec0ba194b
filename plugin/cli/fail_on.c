#include "cli/fail_on.h"

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/fs.h"
#include "base/log.h"
#include "base/text.h"
#include "cli/cli.h"
#include "cli/reports.h"
#include "report/gate.h"
#include "report/reread.h"

enum { BASELINE_MOST = 256 << 20, TOLD_MOST = 20 };

/* From the best to the worst. */
static const char *const order[] = {"accept", "conditional", "not-rated", "reject"};
enum { ORDER = sizeof order / sizeof *order };

static int rank(const char *decision)
{
	int i = 0;

	while (i < ORDER && strcmp(order[i], decision) != 0)
		i++;
	return i;
}

int pb_fail_on_option(pb_fail_on *g, const char *command, int option, const char *value)
{
	const char *near;

	if (option == PB_OPT_BASELINE) {
		g->baseline = value;
		return 0;
	}
	g->word = value;
	if (rank(value) > 0 && rank(value) < ORDER)
		return 0;
	near = pb_text_nearest(value, order + 1, ORDER - 1);
	return near ? pb_usage_error(command, "--fail-on \"%s\": did you mean %s?", value, near)
	            : pb_usage_error(command, "--fail-on \"%s\": there are reject, not-rated and conditional", value);
}

bool pb_fail_on_closed(const pb_fail_on *g)
{
	return g->word || g->baseline;
}

/* One line of the baseline. Canonical: so that nobody's editor decides what counts as known. */
static int take_line(pb_fail_on *g, pb_bytes line, int number, pb_error *err)
{
	pb_reread *r = calloc(1, sizeof *r);
	pb_error inner = {0};
	size_t unlike = 0;
	json_t *report = pb_report_of(line, BASELINE_MOST, g->baseline, &unlike, &inner);
	int rc = !r ? PB_ENOMEM : !report ? inner.code : pb_report_read(report, r, &inner);

	if (rc)
		rc = pb_fail(err, rc == PB_ENOMEM ? rc : PB_EINPUT,
		             "--baseline %s, line %d: it is no report that can be read: %s", g->baseline, number,
		             rc == PB_ENOMEM ? "out of memory" : inner.text);
	else if (unlike != SIZE_MAX)
		rc = pb_fail(err, PB_EINPUT,
		             "--baseline %s, line %d: not in canonical form from byte %zu on; keep reports as `probity "
		             "scan -f json` writes them",
		             g->baseline, number, unlike);
	else
		rc = json_array_append(g->known, report) ? pb_fail(err, PB_ENOMEM, "out of memory") : 0;
	if (r)
		pb_reread_free(r);
	free(r);
	json_decref(report);
	return rc;
}

int pb_fail_on_open(pb_fail_on *g, pb_error *err)
{
	pb_buf text = {.max = BASELINE_MOST};
	int rc = 0, number = 0;

	if (!g->baseline)
		return 0;
	g->known = json_array();
	rc = g->known ? pb_fs_read(g->baseline, BASELINE_MOST, &text, err) : pb_fail(err, PB_ENOMEM, "out of memory");
	for (size_t at = 0; !rc && at < text.size;) {
		const uint8_t *end = memchr(text.data + at, '\n', text.size - at);
		size_t n = end ? (size_t)(end - text.data) - at + 1 : text.size - at;

		rc = take_line(g, (pb_bytes){text.data + at, n}, ++number, err);
		at += n;
	}
	if (!rc && json_array_size(g->known) == 0)
		rc = pb_fail(err, PB_EINPUT, "--baseline %s: it is empty", g->baseline);
	pb_buf_free(&text);
	return rc;
}

void pb_fail_on_free(pb_fail_on *g)
{
	json_decref(g->known);
	g->known = NULL;
}

static const char *of_product(const json_t *report, const char *key)
{
	return pb_json_str(json_object_get(report, "product"), key, "");
}

/* The baseline's report of the same product: the same bytes, else the same name; its only one, whatever it is of. */
static const json_t *known_of(const pb_fail_on *g, const json_t *report)
{
	static const char *const by[] = {"sha256", "name"};
	const json_t *one;
	size_t i;

	for (size_t k = 0; k < sizeof by / sizeof *by; k++)
		json_array_foreach (g->known, i, one)
			if (*of_product(report, by[k]) &&
			    strcmp(of_product(one, by[k]), of_product(report, by[k])) == 0)
				return one;
	return json_array_size(g->known) == 1 ? json_array_get(g->known, 0) : NULL;
}

static int lack_words(const json_t *lack, pb_buf *out)
{
	static const struct {
		const char *what, *says, *unit;
	} rows[] = {{"trust", "Trust", ""},
	            {"floor", "Floor", ""},
	            {"confidence", "Confidence", " %"},
	            {"reject_below", "Trust", ""}};
	const char *what = pb_json_str(lack, "what", "");
	int64_t has = pb_json_int(lack, "has", 0), needs = pb_json_int(lack, "needs", 0);

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (strcmp(rows[i].what, what) == 0)
			return pb_buf_printf(out, "%s %" PRId64 ".%d%s, below %" PRId64, rows[i].says, has / 10,
			                     (int)(has % 10), rows[i].unit, needs / 10);
	if (strcmp(what, "evidence") == 0)
		return pb_buf_printf(out, "not verified: %s", pb_json_str(lack, "id", ""));
	return pb_buf_printf(out, "open %s finding of %s", strcmp(what, "rejecting") == 0 ? "critical" : "grave",
	                     pb_json_str(lack, "check", ""));
}

/* "gate: agent 1.2 fails --fail-on reject: reject: Trust 12.0, below 30; 2 new findings, 3 known" */
static int summary(const pb_fail_on *g, const json_t *report, const json_t *result, bool has_known, bool fails,
                   pb_buf *out)
{
	const char *version = of_product(report, "version");
	const json_t *lack;
	size_t i, n = json_array_size(json_object_get(result, "new"));
	int rc = pb_buf_printf(out, "gate: %s%s%s %s --fail-on %s: %s", of_product(report, "name"), *version ? " " : "",
	                       version, fails ? "fails" : "passes", g->word ? g->word : "reject",
	                       pb_json_str(result, "decision", ""));

	json_array_foreach (json_object_get(result, "lacks"), i, lack) {
		rc = rc ? rc : pb_buf_puts(out, i ? "; " : ": ");
		rc = rc ? rc : lack_words(lack, out);
	}
	if (!rc && has_known)
		rc = pb_buf_printf(out, "; %zu new finding%s, %" PRId64 " known", n, n == 1 ? "" : "s",
		                   pb_json_int(result, "known", 0));
	return rc;
}

/* What is new, worst first: loud where it fails the gate. */
static void tell_new(const json_t *result, bool fails)
{
	void (*say)(const char *fmt, ...) = fails ? pb_warn : pb_note;
	const json_t *list = json_object_get(result, "new"), *f;
	size_t i;

	json_array_foreach (list, i, f)
		if (i < TOLD_MOST)
			say("gate: new: %s: %s/%s: %s", pb_json_str(f, "severity", ""), pb_json_str(f, "check", ""),
			    pb_json_str(f, "key", ""), pb_json_str(f, "says", ""));
	if (json_array_size(list) > TOLD_MOST)
		say("gate: new: %zu more", json_array_size(list) - TOLD_MOST);
}

static void tell(const pb_fail_on *g, const json_t *result, const char *words, bool has_known, bool fails)
{
	const json_t *note;
	size_t i;

	if (g->baseline && !has_known)
		pb_warn("gate: %s has no report of this product: all that it has counts", g->baseline);
	json_array_foreach (json_object_get(result, "notes"), i, note)
		pb_warn("gate: %s", json_string_value(note));
	if (fails)
		pb_complain("%s", words);
	else
		pb_note("%s", words);
	tell_new(result, fails);
}

int pb_fail_on_judge(const pb_fail_on *g, const json_t *report, bool *fails, pb_error *err)
{
	const json_t *known = known_of(g, report);
	json_t *result = pb_report_gate(report, known, err);
	pb_buf words = {0};
	int rc;

	*fails = result && rank(pb_json_str(result, "decision", "")) >= rank(g->word ? g->word : "reject");
	rc = result ? summary(g, report, result, known != NULL, *fails, &words) : err->code;
	if (!rc) {
		tell(g, result, (const char *)words.data, known != NULL, *fails);
	} else if (result) {
		rc = pb_fail(err, rc, "out of memory");
	}
	pb_buf_free(&words);
	json_decref(result);
	return rc;
}
