/* One document of a dossier: bytes from outside in, what they say out. */
#ifndef PROBITY_EVIDENCE_DOCUMENT_H
#define PROBITY_EVIDENCE_DOCUMENT_H

#include "base/bytes.h"
#include "base/json.h"

enum {
	PB_DOCUMENT_MAX = 64 << 20,    /* bytes of one document */
	PB_DOCUMENT_DEPTH = 64,        /* of arrays and objects in each other */
	PB_DOCUMENT_VALUES = 2000000,  /* values in one JSON text: what bounds its memory once parsed */
	PB_DOCUMENT_LIST = 50000,      /* rows of one list of content, and of subjects */
	PB_DOCUMENT_ROWS = 400000,     /* rows of all lists of one document */
	PB_DOCUMENT_TEXT = 1000        /* bytes of one text in content, in its display form */
};

/* One file of a dossier; nothing in it is owned here. */
typedef struct pb_dossier_file {
	const char *name; /* display form of its path in the dossier */
	pb_bytes bytes;
	char sha256[65]; /* of bytes */
} pb_dossier_file;

/* What a document says, as a row of "documents" of probity-evidence/1 without "signatures":
 *   {"name","sha256","size","kind","format","state","why","subjects","issued","expires","by","content"}
 * and "payload": the SHA-256 of the payload of the one envelope (DSSE) that was read, "" where bytes themselves were read. A signature of
 * an envelope speaks for this document only where it is over that payload.
 * name: display form of its path in the dossier; nothing is read off it, a document is known by its content. A document that is broken is no
 * error: its state is "refused", and why says what is wrong, and where; its content is {} then. plugin/evidence/README.md says what content
 * holds for each kind. New reference; NULL: no memory. */
json_t *pb_document_read(const char *name, pb_bytes bytes);

#endif
