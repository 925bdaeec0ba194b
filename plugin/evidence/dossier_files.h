/* The files of a dossier, archives unpacked. Private to evidence/. */
#ifndef PROBITY_EVIDENCE_DOSSIER_FILES_H
#define PROBITY_EVIDENCE_DOSSIER_FILES_H

#include "evidence/dossier.h"

/* One document to be: file.bytes is borrowed, or of `own`. */
typedef struct pb_dossier_item {
	pb_dossier_file file;
	char *name;     /* owned; file.name */
	uint8_t *own;   /* NULL: borrowed */
	char *refused;  /* why it is not looked at; NULL: it is */
	bool waivers;   /* of that list */
} pb_dossier_item;

typedef struct pb_dossier_files {
	pb_dossier_item *items; /* sorted by name, then digest */
	size_t n, room;
	uint64_t bytes;         /* unpacked so far */
} pb_dossier_files;

/* Takes all files apart; what is wrong with an archive is a row {"document","why"} in problems. */
int pb_dossier_files_open(const pb_dossier_input *in, pb_dossier_files *out, json_t *problems, pb_error *err);
void pb_dossier_files_free(pb_dossier_files *f);

/* Adds one document. own: taken over, also where this fails; NULL: bytes are borrowed. refused NULL: it is fine. */
int pb_dossier_add(pb_dossier_files *f, const char *name, pb_bytes bytes, uint8_t *own, const char *refused, bool waivers);

/* dossier_archive.c: adds what is in it. 1: it was an archive; 0: it is none; or a code. */
int pb_dossier_unpack(pb_dossier_files *f, const char *name, pb_bytes bytes, bool waivers, json_t *problems, pb_error *err);

/* Appends {"document","why"}. */
int pb_dossier_problem(json_t *problems, const char *document, const char *why);

#endif
