/* The product as the arithmetic sees it: numbers only, cheap to change and to sum up again, so that conditions can be
 * tried out. For the files of this room. */
#ifndef PROBITY_SCORE_MODEL_H
#define PROBITY_SCORE_MODEL_H

#include "score/score.h"

enum { PB_NO_CAP = 100 };

/* One check, after the policy's overrides and the waivers. */
typedef struct pb_subject {
	const pb_check_outcome *check; /* borrowed */
	pb_severity severity;
	pb_status status;
	int coverage, aged;
	int64_t v;      /* demerit, milli-points */
	int keys;       /* distinct evidence keys */
	int cap;        /* the lowest that its findings set */
	bool rejects;   /* an unwaived critical finding with kappa >= 800 */
	bool open_high; /* an unwaived finding of high or above with kappa >= 800 */
	size_t claim;   /* the same number for all of one claim and pillar */
	/* bit i: speaks for required[i] of the policy: its pass verifies it, its failure makes it demanded */
	uint32_t verifies, demands;
	uint32_t by_word; /* bit i: a pass of it is reliable enough for required[i] */
	pb_reliability reliability;
} pb_subject;
_Static_assert(PB_REQUIRED_MAX <= 32, "one bit for each");

typedef struct pb_model {
	const pb_policy *policy;
	int64_t days; /* since the assessment */
	pb_subject *subjects;
	size_t n;
	size_t *by_claim; /* subjects that are not n/a, by claim, pillar, id */
	size_t n_by_claim;
	uint32_t any_word; /* bit i: required[i] asks for no reliability */
	uint32_t supplied; /* bit i: a condition supposes the evidence required[i] */
} pb_model;

typedef struct pb_numbers {
	int trust, floor; /* tenths */
	int confidence;   /* permille, aged */
	int fresh;        /* permille, not aged */
	int cap, floor_cap;
	int64_t demerit, floor_demerit;
	size_t rejects, open_highs;
	uint32_t unmet; /* bit i: required[i] is demanded and not verified */
	int64_t burden; /* what all checks weigh and lack together: tells steps apart that change no number yet */
} pb_numbers;

/* Demerit, keys, caps of each subject from the findings. heed_waivers false: as if there were none. 0 or PB_ENOMEM. */
int pb_demerits(const pb_product_result *result, bool heed_waivers, pb_model *m);

/* Fills m from result (demerits included). 0, PB_ENOMEM or PB_EINTERNAL; m is for pb_model_free in each case. */
int pb_model_make(const pb_product_result *result, const pb_policy *policy, int64_t days, bool heed_waivers, pb_model *m);
void pb_model_free(pb_model *m);

/* Sums m up. claims (room for n_by_claim, how many is returned) and pillars may be NULL. */
size_t pb_model_sum(const pb_model *m, pb_numbers *out, pb_claim_score *claims, pb_pillar_score *pillars);

/* A confidence so many days after the assessment. */
int pb_model_aged(const pb_model *m, int fresh, int64_t days);

int64_t pb_model_worst(const pb_subject *s); /* H, milli-points */
int pb_model_rho(const pb_subject *s);       /* permille */
bool pb_model_hidden(const pb_subject *s);   /* an offline check that did not see all it applies to */

/* Steps: what a check found is mended; it sees all, what it found stays found; evidence required[at] is supplied: the checks
 * of its rows see, by the word that is required. */
void pb_model_mend(const pb_model *m, pb_subject *s);
void pb_model_examine(pb_subject *s);
void pb_model_supply(pb_model *m, size_t at);

/* v, keys and caps of one check once more, as if it had no finding with this key. Waivers are heeded. false: no memory. */
bool pb_demerit_without(const pb_product_result *result, size_t check, const char *key, pb_subject *s);
/* What one finding weighs by itself, milli-points. */
int64_t pb_demerit_alone(const pb_finding *f, const pb_subject *s);

pb_decision pb_decide(const pb_policy *policy, const pb_numbers *x);

/* How far from ACCEPT: 0 exactly where pb_decide says so. Missing tenths and permille, and 1000 for each obstacle. */
int64_t pb_distance(const pb_policy *policy, const pb_numbers *x);

/* The conditions that would lead from m, which is changed on the way, to ACCEPT. Fills out->conditions. 0 or PB_ENOMEM.
 */
int pb_conditions_find(pb_model *m, pb_score *out);

#endif
