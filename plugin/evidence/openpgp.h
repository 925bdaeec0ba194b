/* OpenPGP signatures: the one door to librnp. Nothing is looked up, no clock is read: the day of judging comes from the caller. */
#ifndef PROBITY_EVIDENCE_OPENPGP_H
#define PROBITY_EVIDENCE_OPENPGP_H

#include "base/buf.h"
#include "base/error.h"
#include "base/json.h"

enum {
	PB_OPENPGP_PRINT = 65,      /* of a fingerprint in capital hex (40, or 64 of version 5), and its NUL */
	PB_OPENPGP_SIGNATURES = 32, /* in one file */
	PB_OPENPGP_KEYS = 64        /* primary keys in one file */
};

typedef struct pb_openpgp_signature {
	char key[PB_OPENPGP_PRINT]; /* the primary key's fingerprint; where the key is not known, the id that the signature names */
	bool known;    /* one of the keys made it, or is said to */
	bool holds;    /* and it is right: over these bytes, by this key, with a digest that can be relied on */
	bool expired;  /* it holds, but on the day of judging it, or its key, is no longer (or not yet) valid */
	char why[160]; /* what is wrong, "" where nothing is */
	int64_t made;  /* the day that it says it was made */
} pb_openpgp_signature;

typedef struct pb_openpgp pb_openpgp; /* public keys */

int pb_openpgp_new(pb_openpgp **out, pb_error *err);
void pb_openpgp_free(pb_openpgp *p); /* NULL is fine */

/* Adds the public keys of a file, armoured or binary; appends to prints (array) the fingerprint of each primary key, and to subkeys
 * (NULL: not asked) those of its subkeys. 0; PB_EINPUT: no key in it, a secret one, too many; PB_ENOMEM. */
int pb_openpgp_add(pb_openpgp *p, pb_bytes text, json_t *prints, json_t *subkeys, pb_error *err);

/* The signatures in a detached file, held against message. *n of out are filled, at most PB_OPENPGP_SIGNATURES. as_of: days. 0; PB_EINPUT: it is
 * no such file; PB_ENOMEM. */
int pb_openpgp_detached(pb_openpgp *p, pb_bytes message, pb_bytes signature, int64_t as_of, pb_openpgp_signature *out, size_t *n,
                        pb_error *err);
/* The same of a clear-signed document, which must be nothing else: what stands outside of the signed part is refused. text: what was
 * signed, without the dashes' escapes, lines ending in "\n". */
int pb_openpgp_clear(pb_openpgp *p, pb_bytes document, int64_t as_of, pb_openpgp_signature *out, size_t *n, pb_buf *text, pb_error *err);

/* openpgp_text.c: of files, without librnp. */
bool pb_openpgp_is_clear(pb_bytes document);    /* begins as a clear-signed document */
bool pb_openpgp_is_signature(pb_bytes bytes);   /* begins as a detached signature, armoured or binary */
bool pb_openpgp_is_key(pb_bytes bytes);         /* begins as a public key, armoured or binary */
/* What a clear-signed document says; not whether anybody signed it. false: it is none, or holds something beside. */
bool pb_openpgp_cleartext(pb_bytes document, pb_buf *text);

/* What librnp would look for at its first use; before the box closes, in the process that closes it. Botan reads its randomness from a descriptor
 * that it opens once and holds: returned is its number, which must stay open (it can be read, no more); -1: there is none. */
int pb_openpgp_warm(void);

#endif
