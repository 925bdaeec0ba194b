/* Several products side by side: canonical reports held against each other, where that is fair. */
#ifndef PROBITY_CLI_COMPARE_H
#define PROBITY_CLI_COMPARE_H

#include "base/json.h"

/* What keeps reports from being compared: [{"what":"rules"|"policy","values":[...]}], a value for each report, in their order; empty where all were
 * judged by the same rules and the same policy, by digest. New reference; NULL: no memory. */
json_t *pb_compare_why(const json_t *const *reports, size_t n);

/* "probity-compare/1", which is all that the formats of scripts/reports/compare get. Wherever there are "values" they stand for the products in order:
 *   "fair", "why" as above, "forced": it was asked for although it is not fair
 *   "remarks": ["as-of"|"engine"|"database"]: what else differs in how they were assessed, and moves numbers
 *   "products": [{name,version,kind,sha256,bytes,objects,as_of,policy,policy_digest,rules_digest,clamav,probity,decision,trust_tenths,floor_tenths,
 *     confidence_permille,cap,valid_until,findings:{severity:n},waived,unknown,limits,conditions}]
 *   "pillars": [{pillar,differs,values:[{trust_tenths,confidence_permille,rated}|null]}]
 *   "claims": [{claim,pillar,differs,values:[{lambda_milli,worst_milli,pass,fail,unknown,na}|null]}]
 *   "checks": [{id,title,catalogue,claim,pillar,differs,values:[{status,demerit_milli,coverage,findings,worst}|null]}]
 *   "lists": [{list,counts:[n],items:[{item,in:[bool]}],more:n}] of the inventories: what not all of them have, at most PB_COMPARE_ITEMS, `more` beyond
 * New reference; NULL: no memory. Reports are read with defaults: of any shape. */
enum { PB_COMPARE_ITEMS = 200, PB_COMPARE_MOST = 32 };
json_t *pb_compare_lists(const json_t *const *reports, size_t n); /* "lists" */
json_t *pb_compare_of(const json_t *const *reports, size_t n, bool forced);

#endif
