/* Reduce: what was raised about objects and about the product becomes findings, one per evidence key. */
#ifndef PROBITY_WORKER_MERGE_H
#define PROBITY_WORKER_MERGE_H

#include "checks/catalogue.h"
#include "worker/join.h"

enum { PB_EVIDENCE_MAX = 50 }; /* evidence records kept per finding; "places" counts them all */

/* only: findings of this check alone; NULL: of all. raised: what the product checks raised ({"findings":[... with "record"]}). A new array of findings, sorted by check, finding,
 * key and severity; NULL when memory ran out or a result names a check that there is not (err). */
json_t *pb_merge(const pb_join *j, const pb_check *checks, size_t n_checks, const char *only, const json_t *raised, pb_error *err);

#endif
