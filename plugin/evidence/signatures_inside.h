/* Private to signatures*.c. */
#ifndef PROBITY_EVIDENCE_SIGNATURES_INSIDE_H
#define PROBITY_EVIDENCE_SIGNATURES_INSIDE_H

#include "evidence/signatures.h"

/* Takes row, which may be NULL for want of memory; beyond PB_SIGNATURES_MAX nothing is added. 0 or PB_ENOMEM. */
int pb_signature_add(json_t *rows, json_t *row, pb_error *err);
/* The row of a signature that holds, with its root where that counts on that day, and otherwise why not. */
int pb_signature_held(json_t *rows, const char *method, const char *key, const pb_root *root, int64_t as_of, pb_error *err);

/* signatures_key.c: PKCS #7 by a root's certificate; a bare signature by a root's key. */
int pb_signature_pkcs7(const pb_trust *t, pb_bytes signature, pb_bytes content, int64_t as_of, bool told, json_t *rows, pb_error *err);
int pb_signature_raw(const pb_trust *t, pb_bytes signature, pb_bytes content, int64_t as_of, bool told, json_t *rows, pb_error *err);

#endif
