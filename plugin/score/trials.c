#include "score/trials.h"

#include <stdlib.h>
#include <string.h>

#include "score/model.h"

enum { SURE_CAP = 19 };

struct pb_trials {
	const pb_product_result *result;
	pb_model m;
	pb_subject *before; /* the subjects as they were, n */
	size_t *touched;    /* which of them are not, n_touched; each may stand there more than once */
	size_t n_touched, room;
	int64_t days;
	int64_t added[PB_PILLARS]; /* demerit of supposed findings, unweighted */
	size_t more_rejects, more_highs;
	bool all; /* more was touched than is listed */
};

pb_trials *pb_trials_new(const pb_product_result *result, const pb_policy *policy, int64_t days)
{
	pb_trials *t = calloc(1, sizeof *t);

	if (t == NULL)
		return NULL;
	t->result = result;
	t->days = days;
	t->room = result->n_checks + 1;
	t->touched = calloc(t->room, sizeof *t->touched);
	t->before = calloc(t->room, sizeof *t->before);
	if (t->touched == NULL || t->before == NULL || days > INT64_MAX / 1000 ||
	    pb_model_make(result, policy, days, true, &t->m) != PB_OK) {
		pb_trials_free(t);
		return NULL;
	}
	memcpy(t->before, t->m.subjects, t->m.n * sizeof *t->before);
	return t;
}

void pb_trials_free(pb_trials *t)
{
	if (t == NULL)
		return;
	pb_model_free(&t->m);
	free(t->before);
	free(t->touched);
	free(t);
}

pb_trial_check pb_trials_check(const pb_trials *t, size_t check)
{
	const pb_subject *s = &t->before[check];

	return (pb_trial_check){
	    .severity = s->severity,
	    .demerit_milli = s->v,
	    .worst_milli = pb_model_worst(s),
	    .cap = s->cap,
	    .rejects = s->rejects,
	    .open_high = s->open_high,
	    .hidden = pb_model_hidden(s),
	};
}

int64_t pb_trials_alone(const pb_trials *t, size_t finding)
{
	const pb_finding *f = &t->result->findings[finding];

	return pb_demerit_alone(f, &t->before[f->check]);
}

static pb_subject *touch(pb_trials *t, size_t check)
{
	if (t->n_touched < t->room)
		t->touched[t->n_touched++] = check;
	else
		t->all = true;
	return &t->m.subjects[check];
}

void pb_trials_mend(pb_trials *t, size_t check)
{
	pb_model_mend(&t->m, touch(t, check));
}

bool pb_trials_without(pb_trials *t, size_t check, const char *key)
{
	pb_subject *s = touch(t, check);

	if (!pb_demerit_without(t->result, check, key, s))
		return false;
	if (s->keys == 0)
		pb_model_mend(&t->m, s);
	return true;
}

void pb_trials_examine(pb_trials *t, size_t check)
{
	pb_subject *s = touch(t, check);

	if (s->status != PB_NA)
		pb_model_examine(s);
}

void pb_trials_find(pb_trials *t, pb_pillar pillar, pb_severity worst)
{
	t->added[pillar] += pb_score_severity(worst);
	t->more_rejects += worst >= PB_CRITICAL;
	t->more_highs += worst >= PB_HIGH;
}

void pb_trials_age(pb_trials *t, int64_t days)
{
	t->m.days = days;
}

/* Each supposed finding is a claim of its own, which adds what it weighs to D. */
static void add_found(const pb_trials *t, pb_numbers *x)
{
	int64_t more = 0;

	for (int p = 0; p < PB_PILLARS; p++)
		more += t->added[p] * t->m.policy->weight[p] / 1000;
	x->demerit += more;
	x->floor_demerit += more;
	if (t->more_rejects > 0 && x->cap > SURE_CAP)
		x->cap = SURE_CAP;
	x->trust = pb_score_trust(x->demerit, x->cap);
	x->floor = pb_score_trust(x->floor_demerit, x->floor_cap);
	if (x->floor > x->trust)
		x->floor = x->trust;
	x->rejects += t->more_rejects;
	x->open_highs += t->more_highs;
}

static void reset(pb_trials *t)
{
	if (t->all)
		memcpy(t->m.subjects, t->before, t->m.n * sizeof *t->before);
	for (size_t i = 0; i < t->n_touched && !t->all; i++)
		t->m.subjects[t->touched[i]] = t->before[t->touched[i]];
	t->n_touched = 0;
	t->all = false;
	t->m.days = t->days;
	memset(t->added, 0, sizeof t->added);
	t->more_rejects = t->more_highs = 0;
}

pb_trial pb_trials_take(pb_trials *t)
{
	pb_numbers x;
	pb_trial out;

	(void)pb_model_sum(&t->m, &x, NULL, NULL);
	add_found(t, &x);
	out = (pb_trial){
	    .trust_tenths = x.trust,
	    .floor_tenths = x.floor,
	    .confidence_permille = x.confidence,
	    .fresh_permille = x.fresh,
	    .cap = x.cap,
	    .demerit_milli = x.demerit,
	    .rejects = x.rejects,
	    .open_highs = x.open_highs,
	    .unmet = x.unmet,
	    .decision = pb_decide(t->m.policy, &x),
	};
	reset(t);
	return out;
}
