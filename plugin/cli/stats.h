/* What `check stats` counts, from reports that were kept. They come from a store that may be anybody's: nothing in them is
 * taken on trust. */
#ifndef PROBITY_CLI_STATS_H
#define PROBITY_CLI_STATS_H

#include "base/error.h"
#include "base/json.h"

typedef struct pb_stats pb_stats;
pb_stats *pb_stats_new(void); /* NULL: no memory */
void pb_stats_free(pb_stats *s);

/* One product's report, assessed at `time` (seconds since 1970). What is no report counts for nothing. 0; PB_ENOMEM; PB_ELIMIT:
 * more than 20,000 checks in all. */
int pb_stats_add(pb_stats *s, int64_t time, const json_t *report, pb_error *err);

/* [{"id","title","products" (whose report lists it),"applied" (of those, where there was something that it applies
 * to),"fired","unknown" (of those that it applied to),"reason" (the most frequent one; absent where there is
 * none),"reason_products","findings","waived", "last_fired" (absent: never)}]: the largest share of products first, then by id.
 * New reference; NULL: no memory. */
json_t *pb_stats_told(const pb_stats *s);
void pb_stats_text(const json_t *told); /* the array of pb_stats_told, on stdout, for people */

#endif
