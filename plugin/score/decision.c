/* From numbers to a decision, and how far it is to the best one. */
#include "score/model.h"

static const char *const decisions[PB_DECISIONS] = {"accept", "conditional", "reject", "not-rated"};

const char *pb_decision_name(pb_decision d)
{
	return decisions[d];
}

static int confidence_needed(const pb_policy *policy)
{
	int asked = 10 * policy->accept_confidence;

	return asked > PB_RATED_FROM ? asked : PB_RATED_FROM;
}

pb_decision pb_decide(const pb_policy *policy, const pb_numbers *x)
{
	if (x->rejects > 0 || x->trust < 10 * policy->reject_below)
		return PB_REJECT;
	if (x->confidence < PB_RATED_FROM)
		return PB_NOT_RATED;
	return pb_distance(policy, x) == 0 ? PB_ACCEPT : PB_CONDITIONAL;
}

static int64_t missing(int64_t has, int64_t needs)
{
	return has < needs ? needs - has : 0;
}

int64_t pb_distance(const pb_policy *policy, const pb_numbers *x)
{
	int64_t obstacles = (int64_t)(x->rejects + x->open_highs) + __builtin_popcount(x->unmet);

	return missing(x->trust, 10 * policy->accept_trust) + missing(x->floor, 10 * policy->accept_floor) +
	       missing(x->confidence, confidence_needed(policy)) + 1000 * obstacles;
}
