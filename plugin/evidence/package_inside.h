/* Private to package*.c. */
#ifndef PROBITY_EVIDENCE_PACKAGE_INSIDE_H
#define PROBITY_EVIDENCE_PACKAGE_INSIDE_H

#include "evidence/package.h"
#include "evidence/signatures.h"

typedef struct pb_package_job {
	const pb_trust *trust;
	const pb_dossier_file *files;
	size_t n;
	pb_bytes product;
	const char *name;
	int64_t as_of;
	char sha256[65], sha512[129]; /* of the product; sha512 "" until pb_package_sha512 */
	json_t *rows;
	pb_error *err;
} pb_package_job;

/* What a list of digests says of the product. */
typedef enum pb_named { PB_NAMED_NOT, PB_NAMED_SO, PB_NAMED_OTHERWISE } pb_named;

const char *pb_package_sha512(pb_package_job *j);
const char *pb_package_base(const char *path); /* what stands behind the last '/' */

/* Rows for each of signatures (of pb_signatures_of and its like, over something that names the product as told); they are let go. 0, PB_ENOMEM. */
int pb_package_rows(pb_package_job *j, const char *method, const char *document, json_t *signatures, pb_named named);

/* The text of files[at] that is signed: of a clear-signed one what stands between, added to hold. */
pb_bytes pb_package_signed_text(const pb_dossier_file *file, pb_buf *hold);

/* The next line, without its end; false: none. */
bool pb_package_line(pb_bytes text, size_t *at, pb_bytes *line);
/* A line "DIGEST ... NAME", blanks between, of 64 hex digits: does it name file? digest: not NULL. */
bool pb_package_hex(pb_bytes word, char digest[65]);
/* The next word of a line. */
bool pb_package_word(pb_bytes line, size_t *at, pb_bytes *word);

int pb_package_debian(pb_package_job *j);  /* Release, Packages, .changes, .dsc, .buildinfo */
int pb_package_debsig(pb_package_job *j);  /* in the .deb */
int pb_package_rpm(pb_package_job *j);
int pb_package_pe(pb_package_job *j);      /* Authenticode */
int pb_package_jar(pb_package_job *j);
int pb_package_npm(pb_package_job *j);

#endif
