/* A folder of ClamAV's database files: what lies in it. Private to engine.c; knows nothing of libclamav. */
#ifndef PROBITY_CLAMAV_DATABASE_H
#define PROBITY_CLAMAV_DATABASE_H

#include "base/error.h"
#include "base/hash.h"

typedef struct pb_database_files {
	char **name; /* database files directly in the folder, sorted; owned */
	size_t n;
} pb_database_files;

/* Lists dir. A folder that is not there is PB_EINPUT, unless it may be missing. A database file that is not a regular file is
 * PB_EINPUT: libclamav would wait for a FIFO. */
int pb_database_files_of(const char *dir, bool may_be_missing, pb_database_files *out, pb_error *err);
void pb_database_files_free(pb_database_files *f);

/* Adds each name and the digest of its content to h (.cvd and .cld files: of their header, which names version and digest). */
int pb_database_digest(const char *dir, const pb_database_files *f, pb_sha256 *h, pb_error *err);

/* The file of an official database, "daily" or "main", or NULL. Borrowed from f. */
const char *pb_database_official(const pb_database_files *f, const char *stem);

#endif
