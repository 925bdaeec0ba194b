/* Who signed this document? */
#ifndef PROBITY_EVIDENCE_SIGNATURES_H
#define PROBITY_EVIDENCE_SIGNATURES_H

#include "evidence/document.h"
#include "evidence/trust.h"

enum {
	PB_SIGNATURE_FILE_MAX = 256 << 10, /* bytes of a detached signature */
	PB_SIGNATURES_MAX = 64             /* rows for one document */
};

typedef enum pb_detached {
	PB_DETACHED_NONE, /* no detached signature */
	PB_DETACHED_MINISIGN,
	PB_DETACHED_OPENPGP, /* armoured or binary */
	PB_DETACHED_PKCS7,   /* DER or PEM */
	PB_DETACHED_RAW      /* of nothing but a key's signature, binary or base64: known by its name (.sig) only */
} pb_detached;

/* What a file is, by its first bytes (and, PB_DETACHED_RAW, its name). */
pb_detached pb_detached_kind(const pb_dossier_file *file);

/* Appends to signatures (an array) a row (pb_signature_row) for each signature of files[at]: those in it (DSSE, also in bundles; clear-signed
 * OpenPGP), and the detached ones among files: X.minisig, X.asc, X.sig, X.gpg, X.p7s, ... for X, and those whose name is of no file here
 * but that verify. as_of: days. Nothing is appended for a document without signatures. A signature of an
 * envelope is over what the document says only where its "payload" is that of the document (document.h); one whose payload is "" is over the whole file. 0; PB_ENOMEM. */
int pb_signatures_of(const pb_trust *t, const pb_dossier_file *files, size_t n, size_t at, int64_t as_of, json_t *signatures, pb_error *err);

/* Appends the rows of one detached signature over content. told: is a signature that verifies nothing a row, too? */
int pb_signatures_detached(const pb_trust *t, const pb_dossier_file *signature, pb_bytes content, int64_t as_of, bool told, json_t *rows,
                           pb_error *err);

/* Appends the rows of a clear-signed document, and adds to text (may be NULL) what was signed. */
int pb_signatures_clear(const pb_trust *t, pb_bytes document, int64_t as_of, json_t *rows, pb_buf *text, pb_error *err);

/* Appends the rows of an envelope. The second: of one in a bundle, whose verification material (certificate, entries of a log; NULL: none) came with it. */
int pb_signatures_dsse(const pb_trust *t, const pb_dsse *envelope, int64_t as_of, json_t *rows, pb_error *err);
int pb_signatures_bundle(const pb_trust *t, const pb_dsse *envelope, const json_t *material, int64_t as_of, json_t *rows, pb_error *err);

#endif
