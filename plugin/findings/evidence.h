/* What the documents of a dossier say ("probity-evidence/1"), and what checks made of them. Checked here: it comes from processes that read
 * hostile bytes. */
#ifndef PROBITY_FINDINGS_EVIDENCE_H
#define PROBITY_FINDINGS_EVIDENCE_H

#include "base/error.h"
#include "base/json.h"

/* The first element of the path of a document, where objects have the product's name. */
#define PB_EVIDENCE_ROOT "(evidence)"

enum { PB_EVIDENCE_DOCUMENTS = 2000, PB_STATEMENTS_MAX = 100000, PB_STATEMENT_WHY = 400, PB_STATEMENT_CLAIM = 200 };

/* {"schema","documents","waivers","problems","roots","package_signatures","product"}: every field that is relied on. content, whose form is its
 * kind's, is an object of at most 64 levels. 0 or PB_ECORRUPT. */
int pb_evidence_valid(const json_t *evidence, pb_error *err);

/* "evidence" and "statements" of a product result; NULL: it has none. 0 or PB_ECORRUPT. */
int pb_evidence_rows_valid(const json_t *evidence, const json_t *statements, pb_error *err);

/* SHA-256 over the canonical list of [name, sha256] of these rows; "" where there are none. false: no memory. */
bool pb_evidence_digest(const json_t *rows, char hex[65]);

#endif
