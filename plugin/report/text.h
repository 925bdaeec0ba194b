/* The sections of the terminal report, one file each, in the order of text.c. Each reads the report and nothing else,
 * and takes a missing or odd field as empty: the report may come from a file. Private to this folder. */
#ifndef PROBITY_REPORT_TEXT_H
#define PROBITY_REPORT_TEXT_H

#include "report/page.h"

enum { PB_TEXT_NUMBER = 64 };

void pb_text_head(pb_page *p, const json_t *report);       /* decision, product, the three numbers, the pillars */
void pb_text_reasons(pb_page *p, const json_t *report);    /* why this decision */
void pb_text_findings(pb_page *p, const json_t *report);   /* the worst first; all of them where verbose */
void pb_text_conditions(pb_page *p, const json_t *report); /* what would make it accepted */
void pb_text_evidence(pb_page *p, const json_t *report);   /* what was handed in, and what became of it */
void pb_text_gaps(pb_page *p, const json_t *report);       /* what was not examined */
void pb_text_passed(pb_page *p, const json_t *report);     /* what speaks for it */
void pb_text_principles(pb_page *p, const json_t *report); /* where verbose */
void pb_text_packs(pb_page *p, const json_t *report);      /* whose rules looked, where not only our own */
void pb_text_rule_sets(pb_page *p, const json_t *report);  /* where verbose */
void pb_text_arithmetic(pb_page *p, const json_t *report); /* where verbose */
void pb_text_foot(pb_page *p, const json_t *report);       /* how it was made, and what it does not say */

/* words.c: small things that several sections say. */
const json_t *pb_text_check(const json_t *report, const char *id); /* the check, NULL where there is none */
json_t *
pb_text_by_severity(const json_t *report); /* the checks, the gravest first, then by id; yours, NULL: no memory */
const char *pb_text_title(const json_t *check, const char *otherwise);
const char *pb_text_certainty(int64_t kappa); /* "certain", "likely", "possible", "in test or doc path" */
const char *pb_text_plural(int64_t n);        /* "" or "s" */
pb_style pb_text_severity_style(const char *severity);
void pb_text_size(int64_t bytes, char out[PB_TEXT_NUMBER]);  /* "52.1 KiB" */
void pb_text_milli(int64_t milli, char out[PB_TEXT_NUMBER]); /* "2.000" */
bool pb_text_verified(const json_t *report,
                      const json_t *required); /* a check of one of its rows passed with coverage above 0 */
bool pb_text_demanded(const json_t *report,
                      const json_t *required); /* always, or a check of its "only_if" rows failed */

#endif
