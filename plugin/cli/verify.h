/* Does what a report says hold? From the report alone, and with the product derived anew. */
#ifndef PROBITY_CLI_VERIFY_H
#define PROBITY_CLI_VERIFY_H

#include "base/buf.h"
#include "cli/assess.h"
#include "cli/dossier.h"
#include "cli/rule_options.h"
#include "score/policy.h"

enum { PB_VERIFY_REPORT_MAX = 256 << 20, PB_VERIFY_PROBLEMS = 1000 };

/* What `probity verify` was asked, and what stays open from report to report. */
typedef struct pb_verifying {
	const char *product; /* NULL: reports alone */
	const char *called;  /* --name */
	const char *policy_name, *database;
	pb_rule_options rules;
	pb_dossier_options handed_in; /* --evidence, --waivers, --trust */
	pb_dossier *dossier; /* NULL: none, or not opened yet */
	const pb_dossier *judged_by; /* what document was made with */
	int64_t today;       /* --as-of: keys count on this day */
	bool json;
	pb_assessor assessor;
	bool opened;
	json_t *document; /* the product's result for as_of; NULL: not made yet */
	json_t *regions;  /* of the policy that it was made by; NULL: none */
	json_t *objects;  /* of the product, by canonical path: their SHA-256 */
	int64_t as_of;
	char as_called[256]; /* the name that document was made under; "": the file's own */
} pb_verifying;

/* What is said of one report: "probity-verify/1".
 *   {"schema","file","line","product":{"name","version","sha256"},"holds",
 *    "checked":["form","score","product","signature"],     what was looked at
 *    "problems":[{"part","field","report","found","says"}], report, found: any value, null where there is nothing; at most PB_VERIFY_PROBLEMS, "more": how many else
 *    "numbers":{"compared","hold"}, "score":[{"field","report","found","holds"}],
 *    "evidence":{"records","hold","rows":[{"finding","record","path","holds","why"}]},
 *    "notes"?:[text],                                        what is no problem, and should be known
 *    "signatures":[...]}                                     of an envelope: its signatures, evidence/trust.h
 * problems[].part: "form" (it cannot be read), "canonical" (bytes), "score" (the report contradicts itself), "product" (the product says
 * otherwise), "evidence", "circumstance" (other rules, versions, database, policy), "signature". */

/* One more problem; report and found may be NULL and are not taken over. */
int pb_verify_problem(json_t *out, const char *part, const char *field, const json_t *report, const json_t *found, const char *says);
/* The same, of a field that no problem speaks of yet. */
bool pb_verify_told(const json_t *out, const char *field);

/* Is it a signed report? 1: yes; its signatures are held against the trust roots, and *report is its report's text, fresh. 0: no, and nothing was done. A code with err. */
int pb_verify_signed(const pb_verifying *v, pb_bytes text, json_t *out, char **report, pb_error *err);

/* From the report alone; *report: what was read, NULL where it cannot be. 0 or PB_ENOMEM. */
int pb_verify_alone(pb_bytes text, json_t *out, json_t **report);

/* With the product. 0, or a code with err where the product cannot be assessed. */
int pb_verify_product(pb_verifying *v, const json_t *report, json_t *out, pb_error *err);

/* Was it made by a keeper, of what a host scanned? */
bool pb_verify_hosted(const json_t *report);
/* What the host called bytes that had no name; NULL: they had one, or no host is known. Borrowed. */
const char *pb_verify_streamed(const json_t *report);
/* What a host alone decides, as notes and, where its limits left something out (*limited), as a circumstance. 0 or PB_ENOMEM. */
int pb_verify_hosts_word(const json_t *report, const json_t *fresh, json_t *out, bool *limited);

/* For people, added to out. */
int pb_verify_text(const json_t *result, pb_buf *out);

#endif
