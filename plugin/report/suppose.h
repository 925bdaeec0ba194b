/* What if: a report's facts changed as somebody supposes, for the arithmetic to be done once more. What the report
 * cannot answer is refused. */
#ifndef PROBITY_REPORT_SUPPOSE_H
#define PROBITY_REPORT_SUPPOSE_H

#include "report/reread.h"

typedef enum pb_suppose_kind {
	PB_SUPPOSE_POLICY,
	PB_SUPPOSE_AS_OF,
	PB_SUPPOSE_FIX,
	PB_SUPPOSE_WAIVE,
	PB_SUPPOSE_EVIDENCE,
	PB_SUPPOSE_KINDS
} pb_suppose_kind;

typedef struct pb_supposed {
	pb_suppose_kind kind;
	const char *value;       /* policy: its name; CHECK or CHECK/KEY; evidence: a name; a date. Borrowed */
	const pb_policy *policy; /* of PB_SUPPOSE_POLICY: it, loaded; borrowed */
} pb_supposed;

/* What evidence may be called besides the ids of the policy's required evidence and rows of the catalogue. The last one
 * has no name. */
typedef struct pb_evidence_name {
	const char *name, *rows; /* "sbom", "V-01 V-02" */
} pb_evidence_name;

const char *pb_suppose_word(pb_suppose_kind k); /* "policy" "as-of" "fix" "waive" "evidence" */
int pb_suppose_kind_of(const char *word);       /* or -1 */

/* Changes r, which was read from report, and appends what was done to asked, each with "kind" and "value":
 *   policy:   {"name","digest","same",              same: it is the report's own
 *              "unasked":[{id,title,rows}]}         required evidence for which the report has no check
 *   as-of:    {"from","days","waivers":[{check,key,expires}],"documents":[{name,expires}]}   expired until then
 *   fix:      {"check","title","key"?,"findings","left"}   left: findings that the check still has
 *   waive:    {"findings":[{check,key,objects,waived}],"more"}
 *   evidence: {"title","rows","pass":[{check,title,catalogue,status,coverage}],"cannot":[as pass],"already":[as pass],
 *              "unasked":[rows],"alone"}            alone: no check of its rows applies, only the requirement is met
 * 0; PB_EINPUT: err says what does not exist, with the nearest that does, or why the report does not answer it;
 * PB_ENOMEM. */
int pb_suppose(pb_reread *r, const json_t *report, const pb_supposed *s, const pb_evidence_name *names, json_t *asked,
               pb_error *err);

/* suppose_find.c: Which findings CHECK[/KEY] means: hits (n_findings of them) is filled. check: NULL or the one that
 * was named. 0, PB_EINPUT or PB_ENOMEM. */
int pb_suppose_findings(const pb_product_result *r, const char *value, const char *word, bool *hits, size_t *check,
                        const char **key, pb_error *err);

#endif
