/* Subjective logic: what several assessors say together. Formulas and their names: A. Josang, "Subjective Logic" (Springer 2016): trust discounting 14.3,
 * cumulative fusion 12.3, averaging fusion 12.5. Whole numbers: parts per billion, b + d + u = 10^9 exactly; what division cuts off goes to u. */
#ifndef PROBITY_SCORE_OPINION_H
#define PROBITY_SCORE_OPINION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PB_OPINION_ONE INT64_C(1000000000)

typedef struct pb_opinion {
	int64_t b, d, u; /* belief, disbelief, uncertainty */
	int64_t a;       /* base rate: what u would be without any evidence, 0..10^9 */
} pb_opinion;

bool pb_opinion_valid(const pb_opinion *x);

/* Of a score: b = L, d = 1 - T, u = T - L; a = 1/2. tenths, floor <= trust. */
pb_opinion pb_opinion_of_score(int trust_tenths, int floor_tenths);
/* Of a claim, likewise, from its demerits: lambda <= worst, both >= 0. */
pb_opinion pb_opinion_of_claim(int64_t lambda_milli, int64_t worst_milli);

/* x as it counts for one who has that opinion of the assessor: t = b + a u of trust; b' = t b, d' = t d, the rest is u'. */
pb_opinion pb_opinion_discount(const pb_opinion *trust, const pb_opinion *x);

/* Two that looked by different means: K = uA + uB - uA uB, b = (bA uB + bB uA) / K, d likewise. Both without uncertainty (K = 0): the limit for
 * equal weights, (bA + bB) / 2. a: their mean. */
pb_opinion pb_opinion_cumulate(const pb_opinion *x, const pb_opinion *y);

/* Several that looked by the same means, so that more of them are no more evidence: weights 1 / u. For two: b = (bA uB + bB uA) / (uA + uB),
 * u = 2 uA uB / (uA + uB). Where some have no uncertainty, these alone count, each as much. n >= 1; the order does not matter. */
pb_opinion pb_opinion_average(const pb_opinion *x, size_t n);

#endif
