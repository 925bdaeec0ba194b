/* Public keys and certificates in PEM, and raw signatures: the one door to libcrypto's keys. Ed25519, ECDSA over P-256 and P-384, RSA from 2048 bits. */
#ifndef PROBITY_EVIDENCE_PUBLICKEY_H
#define PROBITY_EVIDENCE_PUBLICKEY_H

#include "base/buf.h"
#include "base/error.h"
#include "base/signature.h"

enum { PB_VERIFIER_PRINT = 65 };

typedef struct pb_verifier pb_verifier;

/* text: one "PUBLIC KEY" or one "CERTIFICATE" in PEM, nothing else in it but comment before and behind; or the DER of a SubjectPublicKeyInfo.
 * 0; PB_EINPUT: none, of another kind, too short; PB_ENOMEM. */
int pb_verifier_open(pb_bytes text, pb_verifier **out, pb_error *err);
/* The Ed25519 key of minisign's. */
int pb_verifier_of_minisign(const pb_public_key *key, pb_verifier **out, pb_error *err);
/* The key of a certificate in DER. As pb_verifier_open. */
int pb_verifier_of_certificate(pb_bytes der, pb_verifier **out, pb_error *err);
void pb_verifier_free(pb_verifier *v); /* NULL is fine */

/* Lower-case hex SHA-256 of the SubjectPublicKeyInfo: one key, one print, whatever file it came in. */
const char *pb_verifier_print(const pb_verifier *v);
/* Of the certificate; "" where the text was a bare key. */
const char *pb_verifier_certificate(const pb_verifier *v);
/* The certificate in DER; {NULL, 0} of a bare key. Borrowed. */
pb_bytes pb_verifier_der(const pb_verifier *v);
/* Is it a certificate that says that it may sign others (basicConstraints: CA)? */
bool pb_verifier_ca(const pb_verifier *v);
/* The certificate's own days; INT64_MIN and INT64_MAX of a bare key. */
void pb_verifier_days(const pb_verifier *v, int64_t *from, int64_t *until);
const char *pb_verifier_kind(const pb_verifier *v); /* "Ed25519", "ECDSA P-256", "ECDSA P-384", "RSA" */

/* Does the signature hold? Ed25519: of the message itself; ECDSA (DER) with SHA-256, P-384 also with SHA-384; RSA with SHA-256 or SHA-512,
 * PKCS #1 v1.5 or PSS. */
bool pb_verifier_holds(const pb_verifier *v, pb_bytes message, pb_bytes signature);

/* "-----BEGIN PUBLIC KEY-----", added to out. 0 or PB_ENOMEM. */
int pb_verifier_pem(const pb_verifier *v, pb_buf *out);

/* What libcrypto would look for at its first use; before the box closes. */
void pb_verifier_warm(void);

#endif
