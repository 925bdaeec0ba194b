/* Private to signatures*.c. */
#ifndef PROBITY_EVIDENCE_SIGNATURES_INSIDE_H
#define PROBITY_EVIDENCE_SIGNATURES_INSIDE_H

#include "base/pkcs7.h"
#include "evidence/signatures.h"

/* Takes row, which may be NULL for want of memory; beyond PB_SIGNATURES_MAX nothing is added. 0 or PB_ENOMEM. */
int pb_signature_add(json_t *rows, json_t *row, pb_error *err);
/* The row of a signature that holds, with its root where that counts on that day, and otherwise why not. */
int pb_signature_held(json_t *rows, const char *method, const char *key, const pb_root *root, int64_t as_of, pb_error *err);

/* signatures_key.c: PKCS #7 by a root's certificate; a bare signature by a root's key. */
int pb_signature_pkcs7(const pb_trust *t, pb_bytes signature, pb_bytes content, int64_t as_of, bool told, json_t *rows, pb_error *err);
int pb_signature_raw(const pb_trust *t, pb_bytes signature, pb_bytes content, int64_t as_of, bool told, json_t *rows, pb_error *err);

/* signatures_chain.c: der is a PKCS #7 signature that holds, key its signer's fingerprint, of which no root has the certificate. */
int pb_signature_pkcs7_chain(const pb_trust *t, pb_bytes der, const char *key, int64_t as_of, bool told, json_t *rows, pb_error *err);
/* The row of the signature in a PE (der: p), whose digest fits the file or not (pb_authenticode_fits). */
int pb_signature_authenticode(const pb_trust *t, pb_bytes der, const pb_pkcs7 *p, int fits, int64_t as_of, json_t *rows, pb_error *err);
/* The root with just this certificate; NULL: none. signatures_key.c. */
const pb_root *pb_signature_certificate(const pb_trust *t, const char *print);
/* Signature i of an envelope (pae: what is signed) by the certificate in the material of its bundle. *done: a row was appended, there is one. */
int pb_signature_keyless(const pb_trust *t, const pb_dsse *e, size_t i, pb_bytes pae, const json_t *material, int64_t as_of, bool *done,
                         json_t *rows, pb_error *err);

#endif
