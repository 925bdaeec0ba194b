/* Does a report pass, by what is new in it? For continuous integration: what an earlier report had already does not
 * count. */
#ifndef PROBITY_REPORT_GATE_H
#define PROBITY_REPORT_GATE_H

#include "base/error.h"
#include "base/json.h"

/* {"decision","known","new":[{check,key,severity,says}],"lacks":[LACK of report/explain.h],"notes":[text]}
 * Without a baseline (NULL): the report's own decision; new is empty, known 0.
 * With one: findings that it has as well, by check and evidence key, are left out, and so is what it lacked already by
 * the report's policy (evidence, floor, confidence); the decision is made again of what is left. new: findings that the
 * baseline has not, worst first. notes: the baseline is of another product, of other rules or of another policy.
 * New reference; NULL: err says which report cannot be read, and why. */
json_t *pb_report_gate(const json_t *report, const json_t *baseline, pb_error *err);

#endif
