/* The shortest list of conditions: greedy, each step tried out on the model, then freed of steps that turned out
 * needless. */
#include <stdlib.h>
#include <string.h>

#include "score/model.h"

/* WORK_MAX: looks at a check, a few seconds. The catalogue needs a hundredth of it for all steps. */
enum { STEPS_MAX = 64, WORK_MAX = 100000000 };

static const char *const kinds[PB_CONDITION_KINDS] = {"fix", "evidence", "examine", "renew"};

const char *pb_condition_kind_name(pb_condition_kind k)
{
	return kinds[k];
}

typedef struct step {
	pb_condition_kind kind;
	size_t at; /* subject or required evidence */
} step;

typedef struct search {
	pb_model *m;
	pb_subject *before; /* the subjects as they were, n */
	pb_subject *spare;  /* the subjects before a trial, n */
	int64_t days;       /* m->days as it was */
} search;

static const char *what(const pb_model *m, step t)
{
	switch (t.kind) {
	case PB_EVIDENCE:
		return m->policy->required[t.at].id;
	case PB_RENEW:
		return "assessment";
	default:
		return m->subjects[t.at].check->id;
	}
}

static void apply(pb_model *m, step t)
{
	switch (t.kind) {
	case PB_FIX:
		pb_model_mend(m, &m->subjects[t.at]);
		break;
	case PB_EXAMINE:
		pb_model_examine(&m->subjects[t.at]);
		break;
	case PB_EVIDENCE:
		pb_model_supply(m, t.at);
		break;
	case PB_RENEW:
	default:
		m->days = 0;
		break;
	}
}

static void undo(const search *s, step t)
{
	pb_model *m = s->m;

	if (t.kind == PB_EVIDENCE) {
		memcpy(m->subjects, s->spare, m->n * sizeof *m->subjects);
		m->supplied &= ~(1u << t.at);
	} else if (t.kind == PB_RENEW) {
		m->days = s->days;
	} else {
		m->subjects[t.at] = s->spare[t.at];
	}
}

/* The best of the trials so far. */
typedef struct best {
	step t;
	bool any;
	int64_t distance, burden;
} best;

static bool sooner(const pb_model *m, step a, step b)
{
	int order = strcmp(what(m, a), what(m, b));

	return order != 0 ? order < 0 : a.kind < b.kind;
}

static void try(const search *s, step t, best *b)
{
	pb_numbers x;
	int64_t distance;
	bool same;

	apply(s->m, t);
	(void)pb_model_sum(s->m, &x, NULL, NULL);
	undo(s, t);
	distance = pb_distance(s->m->policy, &x);
	same = distance == b->distance && x.burden == b->burden;
	if (distance > b->distance || (distance == b->distance && x.burden > b->burden))
		return;
	if (same && (!b->any || !sooner(s->m, t, b->t)))
		return;
	*b = (best){t, true, distance, x.burden};
}

/* The step with the largest effect on the model as it stands; false where none has any. */
static bool next_step(const search *s, const pb_numbers *now, step *out)
{
	best b = {.distance = pb_distance(s->m->policy, now), .burden = now->burden};
	const pb_model *m = s->m;

	memcpy(s->spare, m->subjects, m->n * sizeof *m->subjects);
	for (size_t i = 0; i < m->n; i++) {
		if (m->subjects[i].status == PB_FAIL)
			try(s, (step){PB_FIX, i}, &b);
		if (pb_model_hidden(&m->subjects[i]) || (m->subjects[i].aged > 0 && !m->subjects[i].check->online))
			try(s, (step){PB_EXAMINE, i}, &b);
	}
	for (size_t i = 0; i < m->policy->n_required; i++)
		if ((now->unmet & ~m->supplied & 1u << i) != 0)
			try(s, (step){PB_EVIDENCE, i}, &b);
	if (m->days > 0)
		try(s, (step){PB_RENEW, 0}, &b);
	*out = b.t;
	return b.any;
}

static void reset(const search *s)
{
	memcpy(s->m->subjects, s->before, s->m->n * sizeof *s->before);
	s->m->supplied = 0;
	s->m->days = s->days;
}

/* How far from ACCEPT with all steps but one. */
static int64_t without(const search *s, const step *steps, size_t n, size_t left_out)
{
	pb_numbers x;

	reset(s);
	for (size_t i = 0; i < n; i++)
		if (i != left_out)
			apply(s->m, steps[i]);
	(void)pb_model_sum(s->m, &x, NULL, NULL);
	return pb_distance(s->m->policy, &x);
}

/* Drops the steps that are not needed to come as far; the last, of least effect, first. Returns how many stay. */
static size_t prune(const search *s, step *steps, size_t n)
{
	int64_t reached = without(s, steps, n, n);

	for (size_t i = n; i-- > 0;) {
		if (without(s, steps, n, i) > reached)
			continue;
		memmove(steps + i, steps + i + 1, (n - i - 1) * sizeof *steps);
		n--;
	}
	return n;
}

static int tell(const search *s, const step *steps, size_t n, pb_score *out)
{
	pb_numbers x;

	out->conditions = calloc(n + 1, sizeof *out->conditions);
	if (out->conditions == NULL)
		return PB_ENOMEM;
	out->n_conditions = n;
	reset(s);
	(void)pb_model_sum(s->m, &x, NULL, NULL);
	for (size_t i = 0; i < n; i++) {
		apply(s->m, steps[i]);
		(void)pb_model_sum(s->m, &x, NULL, NULL);
		out->conditions[i] = (pb_condition){steps[i].kind, what(s->m, steps[i]), x.trust, x.floor, x.confidence};
	}
	out->conditions_suffice = pb_decide(s->m->policy, &x) == PB_ACCEPT;
	return PB_OK;
}

int pb_conditions_find(pb_model *m, pb_score *out)
{
	search s = {
	    .m = m,
	    .before = calloc(m->n + 1, sizeof *s.before),
	    .spare = calloc(m->n + 1, sizeof *s.spare),
	    .days = m->days,
	};
	step steps[STEPS_MAX];
	pb_numbers x;
	size_t n = 0, work = 0;
	int rc = PB_ENOMEM;

	if (s.before == NULL || s.spare == NULL)
		goto out;
	memcpy(s.before, m->subjects, m->n * sizeof *m->subjects);
	for (; n < STEPS_MAX && work < WORK_MAX; n++, work += 2 * m->n * m->n) {
		(void)pb_model_sum(m, &x, NULL, NULL);
		if (pb_decide(m->policy, &x) == PB_ACCEPT || !next_step(&s, &x, &steps[n]))
			break;
		apply(m, steps[n]);
	}
	n = prune(&s, steps, n);
	rc = tell(&s, steps, n, out);
out:
	free(s.before);
	free(s.spare);
	return rc;
}
