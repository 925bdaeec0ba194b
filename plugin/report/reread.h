/* A report read back: from its JSON to what the arithmetic and the builder of reports take, so that it can be made again from nothing but itself. */
#ifndef PROBITY_REPORT_REREAD_H
#define PROBITY_REPORT_REREAD_H

#include "report/report.h"
#include "report/waivers.h"

typedef struct pb_reread {
	pb_product_result result; /* checks, findings, and what is waived */
	pb_policy policy;         /* without its title, which a report does not hold */
	pb_waived waived;
	char evidence_digest[65];
	pb_assessment how;        /* strings and lists borrowed from the report and from the above: it must not move */
} pb_reread;

/* Everything that the arithmetic uses, checked: fields, types, ranges, spellings. report is borrowed until pb_reread_free, which is due
 * in each case. 0; PB_ECORRUPT: err names the field; PB_ENOMEM. */
int pb_report_read(const json_t *report, pb_reread *out, pb_error *err);
void pb_reread_free(pb_reread *r);

/* The report made again from itself alone: numbers recomputed, lists sorted, sentences written anew. What it says of the product, of rules and of versions
 * is taken over as it stands. New reference; NULL: err names what cannot be read. */
json_t *pb_report_again(const json_t *report, pb_error *err);

/* Is text the canonical form of report? One newline may follow. *at: the first byte that is not. PB_ENOMEM, 0 no, 1 yes. */
int pb_report_canonical(const json_t *report, pb_bytes text, size_t *at);

#endif
