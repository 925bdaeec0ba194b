/* Whose signatures count, and for what? Trust roots: keys that the administrator gave a role. */
#ifndef PROBITY_EVIDENCE_TRUST_H
#define PROBITY_EVIDENCE_TRUST_H

#include "base/json.h"
#include "base/signature.h"
#include "evidence/dsse.h"
#include "evidence/openpgp.h"
#include "evidence/publickey.h"

enum {
	PB_ROOTS_MAX = 200,        /* roots */
	PB_ROOT_NAME = 64,         /* bytes of a root's name: letters, digits, '.', '_', '-' */
	PB_ROOT_TEXT_MAX = 1 << 20 /* bytes of one root's key text */
};

typedef enum pb_root_method { PB_ROOT_MINISIGN, PB_ROOT_OPENPGP, PB_ROOT_PEM, PB_ROOT_X509, PB_ROOT_METHODS } pb_root_method;

typedef struct pb_root {
	const char *name, *role;   /* role: "vendor", "distributor", "builder", "auditor" or "assessor" */
	const json_t *scope;       /* array of globs; empty: nothing is left out */
	pb_root_method method;
	int64_t from, until;       /* days, both included; INT64_MIN and INT64_MAX where the root does not say */
	const char *twice;         /* NULL, or the name of a root of another role that has the same key: then neither counts */
	pb_public_key minisign;    /* PB_ROOT_MINISIGN */
	pb_verifier *verifier;     /* all but PB_ROOT_OPENPGP, whose keys lie together in pb_trust_openpgp */
	char shown[PB_VERIFIER_PRINT]; /* the key as it is shown: a minisign id, a SHA-256; "" for OpenPGP, which has many */
} pb_root;

typedef struct pb_trust pb_trust;

/* roots: array of {"name","role","method","key","scope":[glob],"from","until","text"}; text: of the key, "base64:..." where it is binary;
 * "key": its fingerprint(s), which must be those of the text. A root that is not so, and every pair of roots of two roles with one
 * key, is a row {"document":"","why"} in problems (array; NULL: they are not told), and does not count. 0; PB_EINPUT: roots is no such array; PB_ENOMEM. */
int pb_trust_open(const json_t *roots, pb_trust **out, json_t *problems, pb_error *err);
void pb_trust_free(pb_trust *t); /* NULL is fine */

/* [{"name","role","method","key","scope","from","until"}], sorted by name: what a report says of them. New reference; NULL: no memory. */
json_t *pb_trust_list(const pb_trust *t);

size_t pb_trust_count(const pb_trust *t);
const pb_root *pb_trust_at(const pb_trust *t, size_t i); /* borrowed; i < pb_trust_count */
pb_openpgp *pb_trust_openpgp(const pb_trust *t);         /* borrowed; it may be empty */
/* The root with the OpenPGP key of this primary fingerprint (capital hex); NULL: none. */
const pb_root *pb_trust_of_fingerprint(const pb_trust *t, const char *fingerprint);

bool pb_root_name(const char *name); /* may a root be called so? */
bool pb_root_role(const char *role); /* is it one of the five? */
const char *pb_root_method_name(pb_root_method method); /* "minisign", "openpgp", "pem", "x509" */

/* Does a signature by this root count on that day? false: why (of at most size bytes) says why not. */
bool pb_root_counts(const pb_root *root, int64_t as_of, char *why, size_t size);

/* A row of signatures: {"method","key","verified","why","root","role","scope","payload"}. payload: SHA-256 of the payload of the envelope that was
 * signed, "" where the file as a whole was. root: NULL where nobody is known, or it does not count. New reference; NULL: no memory. */
json_t *pb_signature_row(const char *method, const char *key, bool verified, const char *why, const pb_root *root);

/* A key's text as a JSON string, for "text" of a root. New reference; NULL: no memory. */
json_t *pb_trust_text(pb_bytes text);

/* What a key's text holds: {"method","key","text"}, as pb_trust_open takes them. New reference, or NULL with err. */
json_t *pb_trust_key(pb_bytes text, pb_error *err);

#endif
