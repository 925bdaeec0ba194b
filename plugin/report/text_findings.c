/* What was found, the worst first. Findings of one kind (check, finding, severity) are told together: a hundred
 * programs that lack one switch are one thing to know and one thing to mend. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "findings/terms.h"
#include "report/text.h"

enum { KINDS_SHOWN = 6, INFO_UP_TO = 3, MEMBERS_SHOWN = 3, INDENT = 12 };

typedef struct kind {
	const char *check, *finding, *severity; /* borrowed from the report */
	size_t first, last;                     /* findings, chained by next[] */
	int64_t findings, places;
} kind;

typedef struct kinds {
	const json_t *findings;
	kind *all;
	size_t n, cap, latest;
	size_t *next; /* the next finding of the same kind; 0: none, as no kind continues with the very first */
} kinds;

static bool same(const kind *k, const json_t *f)
{
	return strcmp(k->check, pb_json_str(f, "check", "")) == 0 &&
	       strcmp(k->finding, pb_json_str(f, "finding", "")) == 0 &&
	       strcmp(k->severity, pb_json_str(f, "severity", "")) == 0;
}

/* The kind of a finding: mostly that of the one before, since the report is sorted. NULL where memory ran out. */
static kind *kind_of(kinds *s, const json_t *f)
{
	if (s->latest < s->n && same(&s->all[s->latest], f))
		return &s->all[s->latest];
	for (s->latest = 0; s->latest < s->n; s->latest++)
		if (same(&s->all[s->latest], f))
			return &s->all[s->latest];
	if (s->n == s->cap) {
		size_t cap = s->cap > 0 ? s->cap * 2 : 32;
		kind *grown = reallocarray(s->all, cap, sizeof *grown);

		if (grown == NULL)
			return NULL;
		s->all = grown;
		s->cap = cap;
	}
	s->all[s->n] = (kind){
		.check = pb_json_str(f, "check", ""),
		.finding = pb_json_str(f, "finding", ""),
		.severity = pb_json_str(f, "severity", ""),
	};
	return &s->all[s->n++];
}

/* A report from a file may say anything: no sum overflows. */
static int64_t sum(int64_t a, int64_t b)
{
	int64_t out;

	return __builtin_add_overflow(a, b, &out) ? INT64_MAX : out;
}

static int64_t places_of(const json_t *f)
{
	int64_t shown = (int64_t)json_array_size(json_object_get(f, "evidence")), told = pb_json_int(f, "places", shown);

	return told > shown ? told : shown;
}

static int group(kinds *s)
{
	size_t i;
	json_t *f;

	s->next = calloc(json_array_size(s->findings) + 1, sizeof *s->next);
	if (s->next == NULL)
		return PB_ENOMEM;
	json_array_foreach(s->findings, i, f) {
		kind *k = kind_of(s, f);

		if (k == NULL)
			return PB_ENOMEM;
		if (k->findings++ == 0)
			k->first = i;
		else
			s->next[k->last] = i;
		k->last = i;
		k->places = sum(k->places, places_of(f));
	}
	return PB_OK;
}

static void place(pb_page *p, const json_t *e)
{
	int64_t offset = pb_json_int(e, "offset", -1);
	const char *excerpt = pb_json_str(e, "excerpt", "");

	pb_page_to(p, INDENT);
	pb_page_put(p, PB_DIM, "in ");
	pb_page_path(p, PB_PLAIN, INDENT + 3, json_object_get(e, "path"));
	pb_page_line(p);
	if (!p->verbose)
		return;
	if (offset >= 0) {
		pb_page_to(p, INDENT + 3);
		pb_page_flowf(p, PB_DIM, INDENT + 3, "at byte %lld, %lld long", (long long)offset,
		              (long long)pb_json_int(e, "length", 0));
		pb_page_line(p);
	}
	if (excerpt[0] != '\0') {
		pb_page_to(p, INDENT + 3);
		pb_page_flow(p, PB_DIM, INDENT + 3, excerpt);
		pb_page_line(p);
	}
}

/* What a finding says (unless the one before said the same), how certain that is where it is not as the first of its
 * kind, and where. Returns the number of places told. */
static int64_t member(pb_page *p, const json_t *f, const json_t *first, bool say)
{
	const char *certainty = pb_text_certainty(pb_json_int(f, "kappa", 0));
	bool differs = !p->verbose && strcmp(certainty, pb_text_certainty(pb_json_int(first, "kappa", 0))) != 0;
	const json_t *evidence = json_object_get(f, "evidence");
	size_t shown = p->verbose ? json_array_size(evidence) : 1;
	const char *waived = pb_json_str(f, "waived", "");

	if (say) {
		pb_page_to(p, INDENT);
		pb_page_flowf(p, PB_BOLD, INDENT, "%s%s%s%s", pb_json_str(f, "says", ""), differs ? " (" : "",
		              differs ? certainty : "", differs ? ")" : "");
		pb_page_line(p);
	}
	if (waived[0] != '\0') {
		pb_page_to(p, INDENT);
		pb_page_flowf(p, PB_GREEN, INDENT, "waived: %s", waived);
		pb_page_line(p);
	}
	if (p->verbose) {
		pb_page_to(p, INDENT);
		pb_page_flowf(p, PB_DIM, INDENT, "%s, key %s", certainty, pb_json_str(f, "key", ""));
		pb_page_line(p);
	}
	for (size_t i = 0; i < shown && i < json_array_size(evidence); i++)
		place(p, json_array_get(evidence, i));
	return (int64_t)(shown < json_array_size(evidence) ? shown : json_array_size(evidence));
}

/* The check behind a kind, how certain its first finding is, and what to do. */
static void closing(pb_page *p, const json_t *report, const kind *k, const json_t *first)
{
	const char *row = pb_json_str(pb_text_check(report, k->check), "catalogue", "");
	const char *fix = pb_json_str(first, "remediation", "");

	if (fix[0] != '\0') {
		pb_page_to(p, INDENT);
		pb_page_put(p, PB_GREEN, "fix: ");
		pb_page_flow(p, PB_PLAIN, INDENT + 5, fix);
		pb_page_line(p);
	}
	pb_page_to(p, INDENT);
	pb_page_flowf(p, PB_DIM, INDENT, "%s; %s%s%s", pb_text_certainty(pb_json_int(first, "kappa", 0)), row,
	              row[0] != '\0' ? " " : "", k->check);
	pb_page_line(p);
}

static void show(pb_page *p, const json_t *report, const kinds *s, const kind *k)
{
	static const char *const labels[PB_SEVERITIES] = {"INFO", "LOW", "MEDIUM", "HIGH", "CRITICAL"};
	const json_t *first = json_array_get(s->findings, k->first);
	const char *said = NULL;
	int severity = pb_severity_of(k->severity);
	int64_t places = 0, told = 0;
	size_t at = k->first;

	pb_page_to(p, 2);
	pb_page_put(p, pb_text_severity_style(k->severity), severity >= 0 ? labels[severity] : "?");
	do {
		const json_t *f = json_array_get(s->findings, at);
		const char *says = pb_json_str(f, "says", "");

		places += member(p, f, first, said == NULL || strcmp(said, says) != 0);
		said = says;
		at = s->next[at];
		told++;
	} while (at != 0 && (p->verbose || told < MEMBERS_SHOWN));
	if (k->places > places) {
		int64_t more = k->places - places, others = k->findings - told;

		pb_page_to(p, INDENT);
		if (others > 0)
			pb_page_flowf(p, PB_PLAIN, INDENT,
			              "and %lld more finding%s of this kind, %lld further place%s in all",
			              (long long)others, pb_text_plural(others), (long long)more, pb_text_plural(more));
		else
			pb_page_flowf(p, PB_PLAIN, INDENT, "and %lld further place%s", (long long)more,
			              pb_text_plural(more));
		pb_page_line(p);
	}
	closing(p, report, k, first);
}

/* "1 critical, 2 high" of counts by severity, worst first; "" where there is none. */
static void tally(const int64_t counts[PB_SEVERITIES], char *out, size_t size)
{
	size_t at = 0;

	out[0] = '\0';
	for (int s = PB_SEVERITIES - 1; s >= 0 && at < size; s--) {
		int n;

		if (counts[s] == 0)
			continue;
		n = snprintf(out + at, size - at, "%s%lld %s", at > 0 ? ", " : "", (long long)counts[s],
		             pb_severity_name((pb_severity)s));
		at += n > 0 ? (size_t)n : 0;
	}
}

static void all(pb_page *p, const json_t *report, const kinds *s)
{
	int64_t found[PB_SEVERITIES] = {0}, hidden[PB_SEVERITIES] = {0};
	char words[160];
	size_t shown = 0;

	for (size_t i = 0; i < s->n; i++) {
		int severity = pb_severity_of(s->all[i].severity);

		if (severity >= 0)
			found[severity] += s->all[i].findings;
	}
	tally(found, words, sizeof words);
	pb_page_heading(p, "FINDINGS", words[0] != '\0' ? words : "none");
	for (size_t i = 0; i < s->n; i++) {
		int severity = pb_severity_of(s->all[i].severity);

		if (p->verbose || shown < (size_t)(severity > PB_INFO ? KINDS_SHOWN : INFO_UP_TO)) {
			if (shown++ > 0)
				pb_page_line(p);
			show(p, report, s, &s->all[i]);
		} else if (severity >= 0) {
			hidden[severity] += s->all[i].findings;
		}
	}
	tally(hidden, words, sizeof words);
	if (words[0] == '\0')
		return;
	if (shown > 0)
		pb_page_line(p);
	pb_page_to(p, 2);
	pb_page_flowf(p, PB_PLAIN, 2, "Not listed here: %s.", words);
	pb_page_line(p);
}

void pb_text_findings(pb_page *p, const json_t *report)
{
	kinds s = {.findings = json_object_get(report, "findings")};

	if (group(&s) == PB_OK)
		all(p, report, &s);
	else if (p->code == PB_OK)
		p->code = PB_ENOMEM;
	free(s.all);
	free(s.next);
}
