/* Reduce: what was looked at, of what applies? The status of each check. */
#ifndef PROBITY_WORKER_COVER_H
#define PROBITY_WORKER_COVER_H

#include "checks/catalogue.h"
#include "worker/join.h"

/* The outcomes of all checks, in their order, as the "checks" array of a product result. An object that was not examined (a limit) may
 * be anything: it counts against every check that looks at objects of a kind. raised: of the product checks, "unknown" {check: reason} and "pass" {check: {"reliability","coverage"}}, of
 * passes that rest on evidence.
 * NULL: no memory. */
json_t *pb_cover(const pb_join *j, const pb_check *checks, size_t n_checks, const json_t *findings, const json_t *raised);

/* Adds a limit {"path","why"} for each container whose members ClamAV did not scan (records with "unscanned"); one inside
 * another goes without. It narrows what ClamAV saw, not what other checks saw: to be added once pb_cover has counted.
 * 0 or PB_ENOMEM. */
int pb_cover_unscanned(const pb_join *j, json_t *limits);

#endif
