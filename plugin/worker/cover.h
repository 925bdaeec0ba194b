/* Reduce: what was looked at, of what applies? The status of each check. */
#ifndef PROBITY_WORKER_COVER_H
#define PROBITY_WORKER_COVER_H

#include "checks/catalogue.h"
#include "worker/join.h"

/* The outcomes of all checks, in their order, as the "checks" array of a product result. An object that was not examined (a limit) may
 * be anything: it counts against every check that looks at objects of a kind. unknown: {check: reason} of the product checks.
 * NULL: no memory. */
json_t *pb_cover(const pb_join *j, const pb_check *checks, size_t n_checks, const json_t *findings, const json_t *unknown);

#endif
