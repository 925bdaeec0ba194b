/* Two reports held against each other, field by field. */
#ifndef PROBITY_REPORT_DIFFER_H
#define PROBITY_REPORT_DIFFER_H

#include "base/json.h"

/* Of each value that is no list and no object: its field ("score.trust_tenths", "checks[integrity.key].keys", "findings[CHECK, FINDING, KEY].kappa"), what the one and
 * what the other has there (NULL: nothing), borrowed. Of a part that only one has, one call with all of it. */
typedef void (*pb_differ_each)(void *user, const char *field, const json_t *said, const json_t *found);

/* Rows of lists are told apart by what they are about, not by where they stand; where the order alone differs, that is told of the list. 0 or PB_ENOMEM. */
int pb_report_differ(const json_t *said, const json_t *found, pb_differ_each each, void *user);

#endif
