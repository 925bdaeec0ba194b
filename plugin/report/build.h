/* The parts of the canonical report, one file each, put together by build.c. Private to this folder. */
#ifndef PROBITY_REPORT_BUILD_H
#define PROBITY_REPORT_BUILD_H

#include "report/report.h"

/* What every part may read. All borrowed. */
typedef struct pb_build {
	const pb_product_result *result;
	const pb_policy *policy;
	const pb_score *score;
	const pb_assessment *how;
} pb_build;

/* Each gives a new reference; NULL with err set. */
json_t *pb_build_checks(const pb_build *b, pb_error *err);
json_t *pb_build_claims(const pb_build *b, pb_error *err);
json_t *pb_build_composition(const pb_build *b, pb_error *err); /* only where the result has it */
json_t *pb_build_declared(const pb_build *b, pb_error *err);    /* likewise */
json_t *pb_build_endpoints(const json_t *rows);                 /* of the inventory */
json_t *pb_build_conditions(const pb_build *b, pb_error *err);
json_t *pb_build_evidence(const pb_build *b, pb_error *err);   /* the documents; only where the result has them */
json_t *pb_build_statements(const pb_build *b, pb_error *err); /* likewise */
json_t *pb_build_findings(const pb_build *b, pb_error *err);
json_t *pb_build_limits(const pb_build *b, pb_error *err);
json_t *pb_build_pillars(const pb_build *b, pb_error *err);
json_t *pb_build_policy(const pb_build *b, pb_error *err);
json_t *pb_build_principles(const pb_build *b, pb_error *err);

/* A check's title; its id where it has none. Borrowed. */
const char *pb_build_title(const pb_check_outcome *check);
/* The check's severity once the policy's overrides are applied. */
pb_severity pb_build_severity(const pb_build *b, size_t check);
/* A finding's severity under the policy: cut to its check's, never raised. */
pb_severity pb_build_finding_severity(const pb_build *b, const pb_finding *f);

/* values.c: JSON values that are inert on a terminal and equal for equal input. They give NULL where memory ran out,
 * which json_pack's "o" passes on (and frees the rest), so that one look at its result is enough. */
json_t *pb_build_string(const char *text); /* NULL counts as ""; control and bidirectional characters escaped */
json_t *
pb_build_inert(const json_t *value); /* a deep copy, every string as pb_build_string gives it; NULL gives null */
json_t *pb_build_strings(const json_t *array); /* the strings of an array: inert, sorted by byte, each once */
int pb_build_path_order(const json_t *a, const json_t *b); /* by element, by byte; a shorter path first */
/* Sorts the array's items; order gets two json_t *const *. Takes the reference and gives one back; NULL: no memory. */
json_t *pb_build_sorted(json_t *array, int (*order)(const void *, const void *));
int pb_build_text_order(const json_t *a,
                        const json_t *b); /* by canonical form: the last resort that makes an order total */

#endif
