#include "score/score.h"

#include <stdlib.h>

#include "score/model.h"

enum { LONGEST_DAYS = 36500 };

/* The first day, counted from the assessment, on which the confidence is below the policy's threshold. */
static int64_t valid_days(const pb_model *m, int fresh)
{
	int64_t low = -1, high = LONGEST_DAYS;

	while (high - low > 1) { /* at low it holds still, at high it does not, or the calendar ends */
		int64_t middle = low + (high - low) / 2;

		if (pb_model_aged(m, fresh, middle) < 10 * m->policy->accept_confidence)
			high = middle;
		else
			low = middle;
	}
	return high;
}

static int fill(pb_model *m, int64_t assessed, pb_score *out)
{
	pb_numbers x;

	out->claims = calloc(m->n_by_claim + 1, sizeof *out->claims);
	out->checks = calloc(m->n + 1, sizeof *out->checks);
	if (out->claims == NULL || out->checks == NULL)
		return PB_ENOMEM;
	out->n_claims = pb_model_sum(m, &x, out->claims, out->pillars);
	for (size_t i = 0; i < m->n; i++)
		out->checks[i] = (pb_check_score){m->subjects[i].v, m->subjects[i].keys};
	out->trust_tenths = x.trust;
	out->floor_tenths = x.floor;
	out->confidence_permille = x.confidence;
	out->demerit_milli = x.demerit;
	out->cap = x.cap;
	out->valid_until = assessed + valid_days(m, x.fresh);
	out->decision = pb_decide(m->policy, &x);
	/* Where a finding by itself rejects, no list of smaller things to do should suggest otherwise. */
	return out->decision == PB_ACCEPT || x.rejects > 0 ? PB_OK : pb_conditions_find(m, out);
}

int pb_score_compute(const pb_product_result *result, const pb_policy *policy, int64_t assessed, int64_t as_of, pb_score *out,
                     pb_error *err)
{
	pb_model m = {0}, plain = {0};
	pb_numbers x;
	int64_t days;
	int rc = PB_EINTERNAL;

	*out = (pb_score){0};
	if (!__builtin_sub_overflow(as_of, assessed, &days) && days >= 0 && days <= INT64_MAX / 1000)
		rc = pb_model_make(result, policy, days, false, &plain);
	if (rc == PB_OK) {
		(void)pb_model_sum(&plain, &x, NULL, NULL);
		out->unwaived_trust_tenths = x.trust;
		rc = pb_model_make(result, policy, days, true, &m);
	}
	if (rc == PB_OK)
		rc = fill(&m, assessed, out);
	pb_model_free(&m);
	pb_model_free(&plain);
	if (rc == PB_OK)
		return rc;
	return pb_fail(err, rc, rc == PB_ENOMEM ? "score: out of memory" : "score: a product result or a date out of range");
}

void pb_score_free(pb_score *s)
{
	free(s->claims);
	free(s->checks);
	free(s->conditions);
	*s = (pb_score){0};
}
