/* What a dossier says: all of its documents, and who signed them. Runs in a box: everything in it may be hostile. */
#ifndef PROBITY_EVIDENCE_DOSSIER_H
#define PROBITY_EVIDENCE_DOSSIER_H

#include "base/error.h"
#include "evidence/document.h"

enum {
	PB_DOSSIER_FILES = 2000,          /* documents */
	PB_DOSSIER_BYTES = 256 << 20,     /* of all of them */
	PB_DOCUMENT_BYTES = 64 << 20,     /* of one */
	PB_DOSSIER_NAME = 1000            /* bytes of a name in display form */
};

/* What the main process hands over. */
typedef struct pb_dossier_input {
	/* [{"name","size","list":"documents"|"waivers","alone"?:true,"why"?}]: name in display form; size: bytes of it in `bytes`. alone: it was
	 * named by itself, so that it may be an archive of documents. why: it was not read, and this is the reason; then size is 0. */
	const json_t *files;
	pb_bytes bytes;       /* of all files, one behind the other */
	const json_t *roots;  /* of trust, as pb_trust_open takes them */
	pb_bytes product;     /* the product's own file; size 0: it is none, or cannot be had */
	const char *product_name; /* display form */
	int64_t as_of;        /* days */
} pb_dossier_input;

/* "probity-evidence/1" as a new reference. A document that is broken is one of state "refused". 0; PB_ECORRUPT: files do not fit bytes; PB_ENOMEM. */
int pb_dossier_read(const pb_dossier_input *in, json_t **out, pb_error *err);

#endif
