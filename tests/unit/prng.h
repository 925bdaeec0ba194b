/* Random numbers that are the same on every machine: splitmix64. */
#ifndef PROBITY_TESTS_PRNG_H
#define PROBITY_TESTS_PRNG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct prng {
	uint64_t state;
} prng;

static inline uint64_t prng_next(prng *r)
{
	uint64_t z = (r->state += 0x9e3779b97f4a7c15u);

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

/* In [lo, hi]. */
static inline int prng_in(prng *r, int lo, int hi)
{
	return lo + (int)(prng_next(r) % (uint64_t)(hi - lo + 1));
}

static inline bool prng_chance(prng *r, int percent)
{
	return prng_in(r, 1, 100) <= percent;
}

/* The generator of one case of one property: from the seed and the case's number alone, so that a failing case can be
 * run by itself. */
static inline prng prng_of_case(uint64_t seed, uint64_t number)
{
	prng r = {seed * 0x100000001b3u + number};

	(void)prng_next(&r);
	return r;
}

#endif
