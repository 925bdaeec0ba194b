/* How fresh is a document still? */
#ifndef PROBITY_FINDINGS_AGE_H
#define PROBITY_FINDINGS_AGE_H

#include <stdbool.h>
#include <stdint.h>

/* 2^(-days/half_life) in permille, 1000..0; days: below 0 counts as 0; half_life 0: 1000. Integers only: the same everywhere. */
int pb_age_permille(int64_t days, int64_t half_life);

/* The days in which a document of this kind loses half of its worth; 0: it does not age. */
int64_t pb_age_half_life(const char *kind);

/* A document as it stands on that day, in permille. issued, expires: "YYYY-MM-DD" or "". period_end: of an audit, likewise. matched: a digest
 * in it is one of the product or of an object in it. 0 after its end (of an audit: 18 months after the period), where it is dated later than as_of,
 * and where a kind that must say its end does not; without a date one that ages counts as one half-life old. */
int pb_age_of(const char *kind, const char *issued, const char *expires, const char *period_end, bool matched, int64_t as_of);

#endif
