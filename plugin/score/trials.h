/* What would be, if? Steps are supposed on the model one after the other, the numbers read off, and all is as it was
 * again. For explaining: a report is never made of it. */
#ifndef PROBITY_SCORE_TRIALS_H
#define PROBITY_SCORE_TRIALS_H

#include "score/score.h"

typedef struct pb_trials pb_trials;

/* The numbers, and what stands between them and ACCEPT. */
typedef struct pb_trial {
	int trust_tenths, floor_tenths, confidence_permille;
	int fresh_permille; /* the confidence, had the assessment not aged */
	int cap;
	int64_t demerit_milli;
	size_t rejects, open_highs; /* checks */
	uint32_t unmet;             /* bit i: required[i] of the policy is demanded and not verified */
	pb_decision decision;
} pb_trial;

/* What one check has to do with it. */
typedef struct pb_trial_check {
	pb_severity severity; /* under the policy */
	int64_t demerit_milli, worst_milli;
	int cap; /* that its findings set; 100: none */
	bool rejects, open_high;
	bool hidden; /* offline, and did not see all that it applies to */
} pb_trial_check;

/* Arguments are borrowed until pb_trials_free. NULL: no memory, or a result or a number of days out of range. */
pb_trials *pb_trials_new(const pb_product_result *result, const pb_policy *policy, int64_t days);
void pb_trials_free(pb_trials *t);

pb_trial_check pb_trials_check(const pb_trials *t, size_t check); /* without any step */
int64_t pb_trials_alone(const pb_trials *t, size_t finding);      /* what the finding weighs by itself, milli-points */

/* Steps. They add up until pb_trials_take. */
void pb_trials_mend(pb_trials *t, size_t check); /* all that it found is mended */
bool pb_trials_without(pb_trials *t, size_t check,
                       const char *key);            /* it has no finding with this key; false: no memory */
void pb_trials_examine(pb_trials *t, size_t check); /* it sees all, and finds no more than it did; n/a stays */
void pb_trials_find(pb_trials *t, pb_pillar pillar,
                    pb_severity worst);         /* one more sure finding, in a claim of its own */
void pb_trials_age(pb_trials *t, int64_t days); /* the assessment is so old */

/* The numbers with these steps; then there are none. */
pb_trial pb_trials_take(pb_trials *t);

#endif
