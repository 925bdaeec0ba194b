/* Map: one object's bytes to its facts and findings, and nothing else. */
#ifndef PROBITY_WORKER_MAP_H
#define PROBITY_WORKER_MAP_H

#include "checks/runner.h"
#include "worker/rules.h"

typedef struct pb_mapper pb_mapper; /* one per process: holds the reused YARA scanners */

/* rules outlive the mapper. seconds: YARA's time budget for one object and our own patterns. Folders of YARA rules have theirs from
 * their weights (checks/rule_meta.h), by object and by product (how->product). */
int pb_mapper_new(const pb_rules *rules, int seconds, pb_mapper **out, pb_error *err);
void pb_mapper_free(pb_mapper *m);

/* The object result (findings/record.h) as a new reference: a pure function of the object's bytes, name class, kind and the
 * rules, and of what is excused. Its path is not looked at. how: NULL, or who watches and what is left out (checks/runner.h).
 * 0, PB_ENOMEM, PB_EINTERNAL. */
int pb_map(pb_mapper *m, const pb_object *object, const pb_run_how *how, json_t **result, pb_error *err);

/* {"rules.x": milliseconds} that folders of YARA rules took of a product, and forgets them. New reference; NULL: nothing, or no memory. */
json_t *pb_map_spent(pb_mapper *m, uint32_t product);

#endif
