/* Promises of the score, held against random cases. Include cmocka.h first. */
#ifndef PROBITY_TESTS_SCORE_PROMISE_H
#define PROBITY_TESTS_SCORE_PROMISE_H

#include <stdlib.h>

#include "score_case.h"

enum { CASES = 10000 };

/* One property over one case: false where it does not hold. */
typedef bool (*property)(prng *r, score_case *c, pb_policy *p);

static inline pb_score score_of(const score_case *c, const pb_policy *p)
{
	pb_score s;
	pb_error err = {0};

	if (pb_score_compute(&c->result, p, c->assessed, c->as_of, &s, &err) != PB_OK)
		fail_msg("%s", err.text);
	return s;
}

/* The three numbers and no more, so that properties can compare. */
typedef struct numbers {
	int t, l, c;
	pb_decision decision;
} numbers;

static inline numbers numbers_of(const score_case *c, const pb_policy *p)
{
	pb_score s = score_of(c, p);
	numbers n = {s.trust_tenths, s.floor_tenths, s.confidence_permille, s.decision};

	pb_score_free(&s);
	return n;
}

/* A property, and the seed that makes its cases. */
typedef struct promise {
	property f;
	uint64_t seed;
} promise;

static inline void holds(void **state)
{
	const promise *of = *state;
	pb_policy *p = calloc(1, sizeof *p);
	score_case c;

	assert_non_null(p);
	for (uint64_t i = 0; i < CASES; i++) {
		prng r = prng_of_case(of->seed, i);

		case_policy(p, &r);
		case_make(&c, &r);
		if (!of->f(&r, &c, p))
			fail_msg("does not hold for seed %llu, case %llu", (unsigned long long)of->seed, (unsigned long long)i);
	}
	free(p);
}

/* A check in one of the states of a mask (1 << status), or -1. */
static inline int pick(prng *r, const score_case *c, unsigned mask)
{
	size_t n = c->result.n_checks;
	size_t from = n > 0 ? prng_next(r) % n : 0;

	for (size_t i = 0; i < n; i++)
		if (mask & (1u << c->checks[(from + i) % n].status))
			return (int)((from + i) % n);
	return -1;
}

static inline void drop_findings(score_case *c, size_t check)
{
	size_t n = 0;

	for (size_t i = 0; i < c->result.n_findings; i++)
		if (c->findings[i].check != check)
			c->findings[n++] = c->findings[i];
	c->result.n_findings = n;
}

/* A test of the property f. */
#define PROPERTY(f, seed)                                                                                                      \
	{                                                                                                                      \
#f, holds, NULL, NULL, &(promise)                                                                              \
		{                                                                                                              \
			f, seed                                                                                                \
		}                                                                                                              \
	}

#endif
