/* Why a report says what it says, and what would change it: each gain is tried out on the arithmetic. Numbers and names
 * only; the sentences are written from this by whoever prints it. */
#ifndef PROBITY_REPORT_EXPLAIN_H
#define PROBITY_REPORT_EXPLAIN_H

#include "report/reread.h"
#include "report/suppose.h"

/* "probity-explain/1":
 *   {"schema","product":{name,version,kind,sha256},
 *    "assessment":{as_of,assessed,rules_digest,policy:{name,digest}},
 *    "numbers":NUMBERS + {unwaived_trust_tenths,demerit_milli,cap,valid_until},
 *    "differs":true,           only where the report's own numbers are others than those that follow from it
 *    "trust":{
 *      "falls":[{claim,pillar,weight,lambda_milli,share_milli,fall_tenths,mended:NUMBERS,
 *                checks:[{check,title,severity,demerit_milli,findings,keys,mended:NUMBERS,
 *                         heaviest:{finding,key,says,remediation,severity,kappa,waived,alone_milli,path,without:NUMBERS}}]}],
 *      "uncapped_tenths","cap_falls_tenths","capped_by":[{check,title,cap}],
 *      "mended":NUMBERS},      once all findings are
 *                              falls: heaviest first, each one's part of the way from 100 down; cap_falls_tenths is the
 *                              last: together exactly 100 - T
 *    "unseen":{
 *      "groups":[{reason,examined:NUMBERS,requires:[ids of required evidence that these would verify],
 *                 checks:[{check,title,catalogue,claim,pillar,severity,status,coverage,freshness,critical,
 *                          examined:NUMBERS}]}],
 *      "examined":NUMBERS,     once all of them are
 *      "floor_cap"},           what was not, or not wholly, examined, by the reason that the checks give; what costs the
 *                              confidence most first
 *    "confidence":{"fresh_permille","days","half_life_days",
 *                  "pillars":[{pillar,weight,confidence_permille,applicable,rated}]},
 *    "decision":{"is","lacks":[LACK],            what stands between it and ACCEPT
 *                "better":{"decision","lacks"},  the next better one; null where there is none
 *                "margins":[{"decision",LACK}]}, what keeps it from being worse
 *    "back":{"pillar","weight","one_more":[{severity,NUMBERS}],"ages":[{what,on,NUMBERS}]},
 *    "conditions":[as in the report],"conditions_suffice",
 *    "what_if":{                                 only where something is supposed
 *      "asked":[report/suppose.h],"after":as numbers,"conditions","conditions_suffice","decision","assessment",
 *      "pillars":{before,after}}}
 * NUMBERS: {trust_tenths,floor_tenths,confidence_permille,decision}
 * LACK: {"what":"trust"|"floor"|"confidence"|"rated"|"reject_below","has","needs"} in tenths or permille;
 *   {"what":"evidence",id,title,rows,reliability?,checks:[{check,title,catalogue,status,reliability,reason}]};
 *   {"what":"rejecting"|"open_high",check,title,findings:[{key,says}],"more"} */

/* supposed: n_supposed of them, in any order; names: what evidence may be called (ended by a row without a name). New
 * reference; NULL: err says what cannot be read, or why the report does not answer it. */
json_t *pb_report_explain(const json_t *report, const pb_supposed *supposed, size_t n_supposed,
                          const pb_evidence_name *names, pb_error *err);

#endif
