/* The policy as a report holds it. Private to this folder. */
#ifndef PROBITY_REPORT_REREAD_POLICY_H
#define PROBITY_REPORT_REREAD_POLICY_H

#include "base/json.h"
#include "score/policy.h"

/* 0; PB_ECORRUPT: err names the field that is missing, of another type or out of its range. */
int pb_reread_policy(const json_t *report, pb_policy *out, pb_error *err);

#endif
