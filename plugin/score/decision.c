/* From numbers to a decision, and how far it is to the best one. */
#include <string.h>

#include "score/model.h"

enum { RATED_FROM = 250 /* permille */ };

static const char *const decisions[PB_DECISIONS] = {"accept", "conditional", "reject", "not-rated"};

const char *pb_decision_name(pb_decision d)
{
	return decisions[d];
}

static bool among(const char (*rows)[8], size_t n, const char *row)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(rows[i], row) == 0)
			return true;
	return false;
}

bool pb_required_met(const pb_model *m, size_t at)
{
	const pb_required *r = &m->policy->required[at];
	bool demanded = r->n_only_if == 0, verified = false, asked = false;

	for (size_t i = 0; i < m->n; i++) {
		const pb_subject *s = &m->subjects[i];

		if (s->status == PB_FAIL && among((const char(*)[8])r->only_if, r->n_only_if, s->check->catalogue))
			demanded = true;
		if (s->status == PB_NA || !among((const char(*)[8])r->catalogue, r->n_catalogue, s->check->catalogue))
			continue;
		asked = true;
		verified |= s->status == PB_PASS && s->coverage > 0;
	}
	return !demanded || verified || (m->supplied[at] && !asked);
}

static int confidence_needed(const pb_policy *policy)
{
	int asked = 10 * policy->accept_confidence;

	return asked > RATED_FROM ? asked : RATED_FROM;
}

pb_decision pb_decide(const pb_policy *policy, const pb_numbers *x)
{
	if (x->rejects > 0 || x->trust < 10 * policy->reject_below)
		return PB_REJECT;
	if (x->confidence < RATED_FROM)
		return PB_NOT_RATED;
	return pb_distance(policy, x) == 0 ? PB_ACCEPT : PB_CONDITIONAL;
}

static int64_t missing(int64_t has, int64_t needs)
{
	return has < needs ? needs - has : 0;
}

int64_t pb_distance(const pb_policy *policy, const pb_numbers *x)
{
	int64_t obstacles = (int64_t)(x->rejects + x->open_highs + x->unmet);

	return missing(x->trust, 10 * policy->accept_trust) + missing(x->floor, 10 * policy->accept_floor) +
	       missing(x->confidence, confidence_needed(policy)) + 1000 * obstacles;
}
