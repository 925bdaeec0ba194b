/* DSSE envelopes: a payload, its type, and who signed both. */
#ifndef PROBITY_EVIDENCE_DSSE_H
#define PROBITY_EVIDENCE_DSSE_H

#include "base/buf.h"
#include "base/json.h"
#include "base/signature.h"
#include "evidence/publickey.h"

enum {
	PB_DSSE_MAX = 64 << 20,    /* bytes of an envelope */
	PB_DSSE_SIGNATURES = 64,   /* in one envelope */
	PB_DSSE_KEYID = 200,       /* bytes of a key's id, and its NUL */
	PB_DSSE_TYPE = 256,        /* bytes of a payload's type, and its NUL */
	PB_DSSE_SIGNATURE = 1024   /* bytes of one signature: RSA of 8192 bits */
};
#define PB_DSSE_INTOTO "application/vnd.in-toto+json"

typedef struct pb_dsse_signature {
	char keyid[PB_DSSE_KEYID]; /* text from outside, "" where there is none: a hint, never proof */
	uint8_t bytes[PB_DSSE_SIGNATURE];
	size_t size;
} pb_dsse_signature;

typedef struct pb_dsse {
	char type[PB_DSSE_TYPE]; /* text from outside: printable ASCII */
	pb_buf payload;          /* decoded */
	pb_dsse_signature *signatures;
	size_t n;
} pb_dsse;

/* An envelope's JSON: strict base64 (or its URL form, padded), 1 to PB_DSSE_SIGNATURES signatures, no two of them equal counted twice. *out is the caller's (pb_dsse_free),
 * empty where this fails. 0; PB_EINPUT: it is no envelope; PB_ELIMIT; PB_ENOMEM. */
int pb_dsse_parse(pb_bytes text, pb_dsse *out, pb_error *err);
/* The same of JSON that was parsed already: an envelope inside of a bundle. */
int pb_dsse_of_json(const json_t *value, pb_dsse *out, pb_error *err);
void pb_dsse_free(pb_dsse *e);

/* The envelopes in JSON that is one, a Sigstore bundle, or npm's attestations: up to max, borrowed, into out. Returns how many there are (more than max: max + 1). */
/* The second also gives the verification material that came with each, NULL where none did. A PEP 740 attestation ({"statement","signature"}) is such an envelope,
 * whose type is PB_DSSE_INTOTO. */
size_t pb_dsse_find(const json_t *value, const json_t **out, size_t max);
size_t pb_dsse_bundles(const json_t *value, const json_t **out, const json_t **materials, size_t max);

/* What is signed: "DSSEv1 SP LEN SP TYPE SP LEN SP PAYLOAD", added to out. 0 or PB_ENOMEM. */
int pb_dsse_pae(const char *type, pb_bytes payload, pb_buf *out);

/* Has this key signed it? 0; PB_EINPUT: no signature of it holds; PB_ENOMEM. A key's id is not looked at. */
int pb_dsse_verify(const pb_dsse *e, const pb_verifier *key, pb_error *err);

/* A new envelope with one Ed25519 signature, as canonical JSON and a newline, added to out. keyid: the key's id as minisign shows it. */
int pb_dsse_sign(const char *type, pb_bytes payload, const pb_secret_key *key, pb_buf *out, pb_error *err);

#endif
