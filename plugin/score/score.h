/* The score: exact int64 arithmetic over (outcomes, findings, policy, age). No bytes, no clock, no allocation order.
 * Specification: the design's SCORING document; README.md of this folder repeats the formulas. */
#ifndef PROBITY_SCORE_SCORE_H
#define PROBITY_SCORE_SCORE_H

#include "findings/product.h"
#include "score/policy.h"

enum { PB_RATED_FROM = 250 }; /* permille of confidence below which trust is a number that nobody should quote */

typedef enum pb_decision { PB_ACCEPT, PB_CONDITIONAL, PB_REJECT, PB_NOT_RATED, PB_DECISIONS } pb_decision;
const char *pb_decision_name(pb_decision d); /* "accept" "conditional" "reject" "not-rated" */

typedef struct pb_claim_score {
	const char *claim; /* borrowed from the product result */
	pb_pillar pillar;
	int64_t lambda_milli; /* demerit, unweighted */
	int64_t worst_milli;  /* the same as the floor counts it: what could not be looked at is at its worst */
} pb_claim_score;

typedef struct pb_pillar_score {
	int trust_tenths, confidence_permille; /* confidence is not aged; 0 where nothing applies */
	bool rated;                            /* confidence >= 250 */
	bool applicable;                       /* some check of it counts for the confidence */
} pb_pillar_score;

typedef struct pb_check_score {
	int64_t demerit_milli; /* v */
	int keys;              /* distinct evidence keys */
} pb_check_score;

typedef enum pb_condition_kind {
	PB_FIX,      /* mend what a check found */
	PB_EVIDENCE, /* supply required evidence */
	PB_EXAMINE,  /* make it possible to examine what could not be, or not wholly, examined */
	PB_RENEW,    /* assess again: the assessment has aged */
	PB_CONDITION_KINDS
} pb_condition_kind;
const char *pb_condition_kind_name(pb_condition_kind k); /* "fix" "evidence" "examine" "renew" */

/* What would make it ACCEPT, one step. */
typedef struct pb_condition {
	pb_condition_kind kind;
	const char *what; /* check id, the required evidence's id, or "assessment" to renew; borrowed from result or policy */
	int trust_tenths, floor_tenths, confidence_permille; /* the numbers once this and all conditions before it are met */
} pb_condition;

typedef struct pb_score {
	int trust_tenths, floor_tenths, confidence_permille;
	int unwaived_trust_tenths; /* T had there been no waiver */
	int64_t demerit_milli;
	int cap; /* 19, 39 or 100 (none) */
	pb_decision decision;
	int64_t valid_until; /* day (base/date.h) on which C falls below the policy's threshold; assessed where it is below
	                        already */
	pb_pillar_score pillars[PB_PILLARS];
	pb_claim_score *claims; /* sorted by claim name; those with a check that is not n/a */
	size_t n_claims;
	pb_check_score *checks;   /* parallel to result->checks */
	pb_condition *conditions; /* largest effect first; empty when accepted, and while a finding by itself rejects */
	size_t n_conditions;
	bool conditions_suffice; /* with all of them met it is ACCEPT; false: the best that could be found */
} pb_score;

/* assessed, as_of: days (base/date.h); as_of >= assessed. result must be as pb_product_result_read leaves it (its order
 * of checks and findings does not matter). Borrowed strings live as long as result and policy. 0 or PB_ENOMEM /
 * PB_EINTERNAL; out is for pb_score_free in each case. */
int pb_score_compute(const pb_product_result *result, const pb_policy *policy, int64_t assessed, int64_t as_of, pb_score *out,
                     pb_error *err);
void pb_score_free(pb_score *s);

/* The pieces, for tests and for explaining. */
int64_t pb_score_half(int64_t x);         /* floor-like 2^(-x/1000) * 10^9, x >= 0 */
int64_t pb_score_breadth(int64_t n);      /* f(n), permille */
int64_t pb_score_diminish(size_t j);      /* q(j), permille */
int64_t pb_score_severity(pb_severity s); /* S, milli-points */
int pb_score_trust(int64_t demerit, int cap); /* T in tenths of so much demerit (milli-points), at most 10 * cap */

#endif
