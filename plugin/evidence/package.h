/* Who signed the package itself? */
#ifndef PROBITY_EVIDENCE_PACKAGE_H
#define PROBITY_EVIDENCE_PACKAGE_H

#include "evidence/document.h"
#include "evidence/trust.h"

/* Appends to rows (an array) what the documents prove of the product's own file. */
int pb_package_signatures(const pb_trust *trust, const pb_dossier_file *files, size_t n, pb_bytes product, const char *product_name,
                          int64_t as_of, json_t *rows, pb_error *err);

#endif
