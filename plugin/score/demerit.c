/* From findings to what each check weighs.
 *
 * The formula of the specification, v = S * f(n) * kmax with n the keys of half that kappa or more, is not monotone by
 * itself: one more key, or a surer one, can lift kmax so that many keys drop out of n; a graver one leaves its old
 * severity. So a finding counts at its own severity and at each below, and v is the largest over all k up to kmax: the
 * least function that is never below the formula and that no further, surer or graver finding can lower. */
#include <stdlib.h>
#include <string.h>

#include "score/model.h"

enum { WAIVED_KAPPA = 200, SURE = 800, LIKELY = 500, CAP_SURE = 19, CAP_LIKELY = 39 };

typedef struct mark {
	size_t check;
	const char *key;
	pb_severity severity; /* after the policy's override */
	int kappa;            /* after the waiver */
	int claimed;          /* kappa before it */
	bool waived;
} mark;

static int by_check_and_key(const void *a, const void *b)
{
	const mark *x = a, *y = b;

	if (x->check != y->check)
		return x->check < y->check ? -1 : 1;
	return strcmp(x->key, y->key);
}

/* v at one severity, over one check's marks, which are sorted by key. */
static int64_t at_severity(const mark *marks, size_t n, pb_severity s)
{
	uint32_t keys[1001] = {0}; /* how many keys have that kappa */
	size_t count = 0;
	int64_t v = 0, kmax = 0;

	for (size_t i = 0; i < n;) {
		const char *key = marks[i].key;
		int best = 0;

		for (; i < n && strcmp(marks[i].key, key) == 0; i++)
			if (marks[i].severity >= s && marks[i].kappa > best)
				best = marks[i].kappa;
		keys[best]++; /* keys[0] is never read: kappa 0 says nothing */
		if (best > kmax)
			kmax = best;
	}
	for (int64_t kappa = kmax; kappa > 0; kappa--) {
		int64_t k = 2 * kappa < kmax ? 2 * kappa : kmax, here;

		if (keys[kappa] == 0)
			continue;
		count += keys[kappa];
		here = pb_score_severity(s) * pb_score_breadth((int64_t)count) / 1000 * k / 1000;
		if (here > v)
			v = here;
	}
	return v;
}

static void heed_cap(pb_subject *s, const mark *m)
{
	bool sure = m->claimed >= SURE, likely = m->claimed >= LIKELY;

	if (m->severity >= PB_HIGH && sure && !m->waived)
		s->open_high = true;
	if (m->severity < PB_CRITICAL || !likely)
		return;
	if (sure && !m->waived) {
		s->rejects = true;
		s->cap = CAP_SURE;
	} else if (s->cap > CAP_LIKELY) { /* a critical cannot be waived above this */
		s->cap = CAP_LIKELY;
	}
}

static void weigh(pb_subject *s, const mark *marks, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		s->keys += i == 0 || strcmp(marks[i].key, marks[i - 1].key) != 0;
		heed_cap(s, &marks[i]);
	}
	for (int level = PB_LOW; level < PB_SEVERITIES; level++) {
		int64_t v = at_severity(marks, n, (pb_severity)level);

		if (v > s->v)
			s->v = v;
	}
}

static mark mark_of(const pb_finding *f, const pb_subject *s, bool heed_waivers)
{
	bool waived = heed_waivers && f->waived != NULL;

	return (mark){
	    .check = f->check,
	    .key = f->key,
	    .severity = f->severity < s->severity ? f->severity : s->severity,
	    .kappa = waived && f->kappa > WAIVED_KAPPA ? WAIVED_KAPPA : f->kappa,
	    .claimed = f->kappa,
	    .waived = waived,
	};
}

int pb_demerits(const pb_product_result *result, bool heed_waivers, pb_model *m)
{
	mark *marks = calloc(result->n_findings + 1, sizeof *marks);

	if (marks == NULL)
		return PB_ENOMEM;
	for (size_t i = 0; i < result->n_findings; i++)
		marks[i] = mark_of(&result->findings[i], &m->subjects[result->findings[i].check], heed_waivers);
	qsort(marks, result->n_findings, sizeof *marks, by_check_and_key);
	for (size_t i = 0, end; i < result->n_findings; i = end) {
		for (end = i; end < result->n_findings && marks[end].check == marks[i].check;)
			end++;
		weigh(&m->subjects[marks[i].check], marks + i, end - i);
	}
	free(marks);
	return PB_OK;
}

bool pb_demerit_without(const pb_product_result *result, size_t check, const char *key, pb_subject *s)
{
	mark *marks;
	size_t n = 0;

	for (size_t i = 0; i < result->n_findings; i++)
		n += result->findings[i].check == check;
	marks = calloc(n + 1, sizeof *marks);
	if (marks == NULL)
		return false;
	n = 0;
	for (size_t i = 0; i < result->n_findings; i++)
		if (result->findings[i].check == check && strcmp(result->findings[i].key, key) != 0)
			marks[n++] = mark_of(&result->findings[i], s, true);
	qsort(marks, n, sizeof *marks, by_check_and_key);
	s->v = 0;
	s->keys = 0;
	s->cap = PB_NO_CAP;
	s->rejects = s->open_high = false;
	weigh(s, marks, n);
	free(marks);
	return true;
}

int64_t pb_demerit_alone(const pb_finding *f, const pb_subject *s)
{
	mark m = mark_of(f, s, true);

	return pb_score_severity(m.severity) * m.kappa / 1000;
}
