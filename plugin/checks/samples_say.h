/* Private to checks/: what an author reads below a sample that failed. */
#ifndef PROBITY_CHECKS_SAMPLES_SAY_H
#define PROBITY_CHECKS_SAMPLES_SAY_H

#include "base/json.h"

/* The row of a check in a product result; NULL: there is none. Borrowed. */
const json_t *pb_samples_row(const json_t *result, const char *id);

/* Prints comment lines of TAP. result: NULL where the sample was not assessed. wrong: what is wrong, in words. */
void pb_samples_say(const json_t *check, const char *path, const json_t *result, bool hit, const char *wrong);

#endif
