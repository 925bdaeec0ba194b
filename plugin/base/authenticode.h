/* Where the signature of a PE is, and whether its digest is that of the file. The layout is read here and not taken from YARA's tree, which
 * leaves out what a damaged file has. */
#ifndef PROBITY_BASE_AUTHENTICODE_H
#define PROBITY_BASE_AUTHENTICODE_H

#include "base/pkcs7.h"

typedef struct pb_authenticode {
	size_t checksum, directory; /* offsets of what is not hashed */
	size_t table, size;         /* the certificate table */
	pb_bytes entry;             /* its first entry: the structure, and what fills it up; size 0: there is none that can be read */
} pb_authenticode;

/* false: it is no PE, or it has no table of certificates. */
bool pb_authenticode_find(pb_bytes file, pb_authenticode *out);
/* Is what s signs the digest of this file? 1, 0, or -1: it cannot be told. */
int pb_authenticode_fits(pb_bytes file, const pb_authenticode *at, const pb_pkcs7 *s);

#endif
