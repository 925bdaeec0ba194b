/* What another version of a product brings and takes away: two canonical reports held against each other. */
#ifndef PROBITY_CLI_DIFF_H
#define PROBITY_CLI_DIFF_H

#include "base/buf.h"
#include "base/json.h"

/* "probity-diff/1": {"schema","old","new": {name,version,kind,sha256,trust_tenths,floor_tenths,confidence_permille,decision}, "trust_fell",
 * "inventory": {list: {"new": [...], "gone": [...]}}, "findings": {"new": [...], "gone": [...]} as the reports have them, "checks": [{id,title,
 * old_demerit_milli,new_demerit_milli}] of those that differ, "partial"?: true where a report has no inventory}. NULL: no memory. */
json_t *pb_diff_of(const json_t *before, const json_t *after);
/* The same for people. 0, PB_ENOMEM. */
int pb_diff_text(const json_t *diff, pb_buf *out);

#endif
