/* The canonical report (probity-report/1). Everything that the arithmetic used is in it. What people read is made of it by scripts/reports/. */
#ifndef PROBITY_REPORT_REPORT_H
#define PROBITY_REPORT_REPORT_H

#include "base/buf.h"
#include "score/score.h"

/* What the report says of how it was made. Strings borrowed. */
typedef struct pb_assessment {
	int64_t as_of, assessed;              /* days (base/date.h) */
	const char *probity, *clamav, *yara, *lua; /* versions */
	const json_t *clamav_db;              /* {"dir","official","version","built":"YYYY-MM-DD" or "","signatures","digest"} */
	const char *rules_digest, *waivers_digest, *evidence_digest; /* hex, "" where there is none */
	const char *trust_digest;             /* of the trust roots that evidence was held against; NULL or "": none was handed in */
	const char *command;                  /* how to run it again, "" */
	const json_t *rule_sets;              /* [{"id","digest","files","rules","left_out","skipped"}] of YARA rules from elsewhere; NULL or empty: none */
	const json_t *packs;                  /* [{"name","version","key","sha256","trusted","why"?,"left_out"?}] of packs of rules; NULL or empty: none */
	const json_t *waivers;                /* rows of report/waivers.h; NULL or empty: none */
	const json_t *unboxed;                /* what the kernel lacked for closing processes in: ["landlock"]; NULL or empty: nothing */
} pb_assessment;

/* The report as a new JSON object, NULL when memory ran out or a check id is unknown (err). schema: report/probity-report-1.schema.json. */
json_t *pb_report_new(const pb_product_result *result, const pb_policy *policy, const pb_score *score, const pb_assessment *how,
                      pb_error *err);

#endif
