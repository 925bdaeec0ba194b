/* The thousand steps between one halving and the next. */
#ifndef PROBITY_SCORE_P2_H
#define PROBITY_SCORE_P2_H

#include <stdint.h>

enum { PB_P2_SIZE = 1000 };

extern const int32_t pb_score_p2[PB_P2_SIZE]; /* floor(10^9 * 2^(-i/1000)) */

#endif
