/* The rules of one source by themselves: which strings hit where, also of rules whose condition does not hold, and what they cost. For who
 * wants to know about rules; assessments use the one pass over all (patterns.h). */
#ifndef PROBITY_FACTS_PATTERNS_ALONE_H
#define PROBITY_FACTS_PATTERNS_ALONE_H

#include "facts/patterns.h"

enum { PB_ALONE_PLACES = 5 }; /* of each string that are told */

typedef struct pb_alone pb_alone;

/* Compiles it. seconds: time budget of one pass. 0; PB_EINPUT: it does not compile (err: "FILE:LINE: message"); PB_ENOMEM. source is
 * borrowed for the call. */
int pb_alone_new(const pb_pattern_source *source, int seconds, pb_alone **out, pb_error *err);
void pb_alone_free(pb_alone *a);

/* Does a scan look for this source in objects of the group at all? */
bool pb_alone_has(const pb_alone *a, pb_group group);

/* One pass. New reference; NULL: no memory. Rules and strings in the order of the source, private rules included:
 *   {"rules":[{"rule","matched":bool,"private":bool,"strings":[{"string":"$a","count":n,"at":[[offset,length],...]}]}],
 *    "why"?: why the pass is not complete; then there are no rules}
 * *nanoseconds: wall time of the pass (processor time comes in ticks of milliseconds on some kernels). */
json_t *pb_alone_run(pb_alone *a, pb_bytes bytes, uint64_t *nanoseconds);

#endif
