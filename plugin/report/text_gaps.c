/* What was not examined, grouped by the reason, and what passed. Silence must never look like a pass. */
#include <stdio.h>
#include <string.h>

#include "report/text.h"

enum { REASONS = 64, TITLES = 4, SHOWN = 6, PASSED_SHOWN = 8 };

/* Things that share a reason, in the order in which the reasons first appear. */
typedef struct reason {
	const char *why; /* borrowed */
	int64_t count;
	size_t first;
} reason;

typedef struct reasons {
	reason all[REASONS];
	size_t n;
	int64_t others; /* those of reasons beyond the table */
} reasons;

/* A report from a file may say anything: no sum overflows. */
static void add(int64_t *sum, int64_t n)
{
	if (__builtin_add_overflow(*sum, n > 0 ? n : 0, sum))
		*sum = INT64_MAX;
}

static void count(reasons *r, const char *why, int64_t n, size_t at)
{
	for (size_t i = 0; i < r->n; i++) {
		if (strcmp(r->all[i].why, why) == 0) {
			add(&r->all[i].count, n);
			return;
		}
	}
	if (r->n < REASONS)
		r->all[r->n++] = (reason){why, n > 0 ? n : 0, at};
	else
		add(&r->others, n);
}

static bool status_is(const json_t *check, const char *status)
{
	return strcmp(pb_json_str(check, "status", ""), status) == 0;
}

static bool blind(const json_t *check)
{
	return status_is(check, "unknown");
}

static bool partly(const json_t *check)
{
	return (status_is(check, "pass") || status_is(check, "fail")) && pb_json_int(check, "coverage", 0) < 1000;
}

static const char *why(const json_t *check)
{
	const char *words = pb_json_str(check, "reason", "");

	return words[0] != '\0' ? words : "no reason was given";
}

/* By its row of the catalogue; a check of somebody else's has none, and is known by its id. */
static const char *name_of(const json_t *check)
{
	const char *row = pb_json_str(check, "catalogue", "");

	return row[0] != '\0' ? row : pb_json_str(check, "id", "-");
}

/* "Known malware (I-01), Licence (V-11) and 3 more": the checks of one reason. */
static void titles(pb_page *p, const json_t *checks, bool (*chosen)(const json_t *), const reason *r)
{
	int64_t told = 0;
	size_t i;
	json_t *check;

	json_array_foreach(checks, i, check) {
		const char *row = name_of(check), *comma = told + 1 < r->count ? "," : "";
		const char *space = told > 0 ? " " : "";
		int64_t coverage = pb_json_int(check, "coverage", 0);

		if (!chosen(check) || strcmp(why(check), r->why) != 0)
			continue;
		if (told == TITLES && !p->verbose) {
			pb_page_flowf(p, PB_BOLD, 4, " and %lld more", (long long)(r->count - told));
			return;
		}
		if (chosen == partly)
			pb_page_flowf(p, PB_BOLD, 4, "%s%s (%s, %lld.%lld %%)%s", space, pb_text_title(check, "?"), row,
			              (long long)(coverage / 10), (long long)(coverage % 10), comma);
		else
			pb_page_flowf(p, PB_BOLD, 4, "%s%s (%s)%s", space, pb_text_title(check, "?"), row, comma);
		told++;
	}
}

static void more(pb_page *p, int64_t n, const char *of)
{
	if (n <= 0)
		return;
	pb_page_to(p, 4);
	pb_page_flowf(p, PB_PLAIN, 4, "and %lld more %s%s", (long long)n, of, pb_text_plural(n));
	pb_page_line(p);
}

static void by_reason(pb_page *p, const json_t *checks, bool (*chosen)(const json_t *), bool part)
{
	reasons r = {.n = 0};
	size_t i;
	json_t *check;

	json_array_foreach(checks, i, check) {
		if (chosen(check))
			count(&r, why(check), 1, i);
	}
	for (i = 0; i < r.n; i++) {
		if (!p->verbose && i == SHOWN) {
			for (; i < r.n; i++)
				add(&r.others, r.all[i].count);
			break;
		}
		pb_page_bullet(p);
		titles(p, checks, chosen, &r.all[i]);
		pb_page_flowf(p, PB_PLAIN, 4, part ? " in part only: %s" : ": %s", r.all[i].why);
		pb_page_line(p);
	}
	more(p, r.others, "check");
}

static void limits(pb_page *p, const json_t *list)
{
	reasons r = {.n = 0};
	size_t i;
	json_t *limit;

	json_array_foreach(list, i, limit) {
		count(&r, pb_json_str(limit, "why", "?"), pb_json_int(limit, "count", 1), i);
	}
	for (i = 0; i < r.n; i++) {
		if (!p->verbose && i == SHOWN) {
			for (; i < r.n; i++)
				add(&r.others, r.all[i].count);
			break;
		}
		pb_page_bullet(p);
		pb_page_flowf(p, PB_PLAIN, 4, "%s (%lld time%s)", r.all[i].why, (long long)r.all[i].count,
		              pb_text_plural(r.all[i].count));
		pb_page_line(p);
		pb_page_to(p, 4);
		pb_page_put(p, PB_DIM, r.all[i].count > 1 ? "first in " : "in ");
		pb_page_path(p, PB_PLAIN, 6, json_object_get(json_array_get(list, r.all[i].first), "path"));
		pb_page_line(p);
	}
	more(p, r.others, "limit");
}

static int64_t number(const json_t *checks, bool (*chosen)(const json_t *))
{
	int64_t n = 0;
	size_t i;
	json_t *check;

	json_array_foreach(checks, i, check) {
		n += chosen(check);
	}
	return n;
}

static bool applies(const json_t *check)
{
	return !status_is(check, "n/a");
}

static bool passed(const json_t *check)
{
	return status_is(check, "pass");
}

void pb_text_gaps(pb_page *p, const json_t *report)
{
	const json_t *list = json_object_get(report, "limits");
	json_t *checks = pb_text_by_severity(report);
	int64_t unknown = number(checks, blind), part = number(checks, partly);
	char note[160];

	if (checks == NULL && p->code == PB_OK)
		p->code = PB_ENOMEM;
	(void)snprintf(note, sizeof note, "%lld of %lld checks could not look, %lld looked in part only",
	               (long long)unknown, (long long)number(checks, applies), (long long)part);
	if (unknown == 0 && part == 0)
		(void)snprintf(note, sizeof note, "every check that applies could look at all that it applies to");
	pb_page_heading(p, "NOT EXAMINED", note);
	by_reason(p, checks, blind, false);
	by_reason(p, checks, partly, true);
	limits(p, list);
	json_decref(checks);
}

void pb_text_passed(pb_page *p, const json_t *report)
{
	json_t *checks = pb_text_by_severity(report);
	int64_t n = number(checks, passed), told = 0;
	char note[160];
	size_t i;
	json_t *check;

	if (checks == NULL && p->code == PB_OK)
		p->code = PB_ENOMEM;
	(void)snprintf(note, sizeof note, "%lld of %lld checks found nothing against it", (long long)n,
	               (long long)number(checks, applies));
	pb_page_heading(p, "PASSED", note);
	pb_page_to(p, n > 0 ? 2 : 0);
	json_array_foreach(checks, i, check) {
		if (!passed(check))
			continue;
		if (told == PASSED_SHOWN && !p->verbose) {
			pb_page_flowf(p, PB_PLAIN, 2, " and %lld more", (long long)(n - told));
			break;
		}
		pb_page_flowf(p, PB_PLAIN, 2, "%s%s%s", told > 0 ? " " : "", pb_text_title(check, "?"),
		              told + 1 < n ? "," : "");
		told++;
	}
	if (n > 0)
		pb_page_line(p);
	json_decref(checks);
}
