/* Who signed this package? What signatures in and around a product's own file say of it: of its own format, of the archive that it came
 * from, of the lists that name it. */
#ifndef PROBITY_EVIDENCE_PACKAGE_H
#define PROBITY_EVIDENCE_PACKAGE_H

#include "evidence/document.h"
#include "evidence/trust.h"

enum { PB_PACKAGE_ROWS = 200 };

/* Appends to rows (an array) what was found, each
 *   {"kind":"package-signature","method","document","key","verified","contradicts","why","root","role","scope","sha256"}
 * method: "debian-release", "debsig", "rpm", "authenticode", "jar", "npm-registry", "npm-provenance", "dsc", "changes", "buildinfo", "sums", "minisign", "openpgp", "pkcs7",
 * "x509"; document: the file of the dossier, "" the package itself; sha256: the product's.
 * verified: a signature holds, and what it covers names just these bytes; root is "" where it does not count, why says why. contradicts: a
 * file that names the product names other bytes (root: whose file that is, "" where nobody known signed it), or a signature that is in the package or beside it, by a known key, does not hold for it.
 * product: the whole file; product_name: its name without a folder. files as in pb_signatures_of. Pure. 0; PB_ENOMEM. */
int pb_package_signatures(const pb_trust *t, const pb_dossier_file *files, size_t n, pb_bytes product, const char *product_name, int64_t as_of,
                          json_t *rows, pb_error *err);

#endif
