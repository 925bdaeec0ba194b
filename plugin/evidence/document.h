/* One document of a dossier. */
#ifndef PROBITY_EVIDENCE_DOCUMENT_H
#define PROBITY_EVIDENCE_DOCUMENT_H

#include "base/bytes.h"
#include "base/json.h"

/* One file of a dossier; nothing in it is owned here. */
typedef struct pb_dossier_file {
	const char *name; /* display form of its path in the dossier */
	pb_bytes bytes;
	char sha256[65];
} pb_dossier_file;

#endif
