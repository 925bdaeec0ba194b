/* Waivers on the findings of a product: which count, and why the others do not. They come as documents of probity-evidence/1 (their signatures were
 * verified by whoever read them), bound to a check, an evidence key and the bytes of one object. */
#ifndef PROBITY_REPORT_WAIVERS_H
#define PROBITY_REPORT_WAIVERS_H

#include "findings/product.h"

typedef struct pb_waived {
	json_t *rows;    /* [{"document","document_sha256","check","key","sha256","reason","expires","owner","applied","why"}], sorted; what a report says of them. NULL: no waivers */
	json_t *texts;   /* what findings point to */
	char digest[65]; /* over name and SHA-256 of the documents; "": none */
} pb_waived;

/* Sets "waived" of the findings that are waived on day as_of: a document of kind "waivers" that an assessor's trust root has signed, not expired, and each object among
 * the finding's evidence covered (a waiver never speaks for places that it does not name). documents: NULL or empty: nothing is done. out is for
 * pb_waived_free, after result was used. 0 or PB_ENOMEM. */
int pb_waivers_apply(const json_t *documents, int64_t as_of, pb_product_result *result, pb_waived *out);

/* The same of a report's own rows: those that it says were applied are applied once more. */
int pb_waivers_again(const json_t *rows, int64_t as_of, pb_product_result *result, pb_waived *out);

void pb_waived_free(pb_waived *w);

#endif
