/* What certain checks did on each object, step by step, for who writes checks: `check explain` and `check bench`. It goes beside results,
 * never into them: nothing of it is kept or reported, and its times differ from run to run. */
#ifndef PROBITY_WORKER_TRACE_H
#define PROBITY_WORKER_TRACE_H

#include "checks/runner.h"
#include "worker/rules.h"

typedef struct pb_trace pb_trace;

/* asked: args.trace of a role: ["check.id",...]: every step of these; true: what all checks cost. *out is NULL where nothing is asked.
 * object: for the role that maps (it compiles each check's patterns by themselves, in the box). 0 or a code with err. */
int pb_trace_open(const pb_rules *rules, const json_t *asked, bool object, int seconds, pb_trace **out, pb_error *err);
void pb_trace_free(pb_trace *t);

/* Of pb_run_how: called through by a role's own at() and spent(). */
void pb_trace_at(pb_trace *t, uint32_t where);
void pb_trace_spent(pb_trace *t, const pb_spent *spent);

/* Map: what was seen since the last one, {"check.id":{...}}, new reference, NULL: no memory.
 *   "applies":false    `applies` left the object out; nothing else is there
 *   "patterns":{...}   of pb_alone_run, with "nanoseconds"; what all cost: {"nanoseconds","matched":rules,"hits":places} alone.
 *                      "nowhere":true: not looked for in objects of this kind
 *   "call":{"instructions":[used,limit],"memory":[...],"steps":[...],"findings":[...],"nanoseconds":wall,"processor":nanoseconds,"why"?}
 * Where all are asked, a check that cost nothing is not there. */
json_t *pb_trace_object(pb_trace *t, const pb_object *object, const json_t *result);
/* Reduce: the same, with "call" of the function product; where ids were asked also "about":{"applies":[...],"looks":bool,"object":bool,
 * "product":bool,"rules":bool}, and beside the checks "discounted":[path,...]: which of records lie where a finding weighs less (context.h). */
json_t *pb_trace_product(pb_trace *t, const json_t *records);

#endif
