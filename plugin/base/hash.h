/* Digests, through libcrypto (SHA-NI where the processor has it; libsodium has no MD5, which .deb manifests need). */
#ifndef PROBITY_BASE_HASH_H
#define PROBITY_BASE_HASH_H

#include "base/bytes.h"

enum { PB_HEX_MAX = 129 }; /* longest hex digest (SHA-512) and its NUL */

/* name: "md5", "sha1", "sha256", "sha384", "sha512" or "blake2b" (of 512 bits). Writes lower-case hex and a NUL into hex; false where name is unknown
 * or memory ran out. */
bool pb_hash_hex(const char *name, pb_bytes b, char hex[PB_HEX_MAX]);
/* Raw digest into out (at most 64 bytes); returns its length, 0 on error. */
size_t pb_hash_raw(const char *name, pb_bytes b, uint8_t out[64]);

/* Likewise of n pieces, one behind the other. */
size_t pb_hash_pieces(const char *name, const pb_bytes *pieces, size_t n, uint8_t out[64]);

/* SHA-256 into 65 bytes. */
bool pb_sha256_of(pb_bytes b, char hex[65]);

/* Incremental SHA-256. */
typedef struct pb_sha256 pb_sha256;
pb_sha256 *pb_sha256_new(void); /* yours; NULL when memory ran out */
void pb_sha256_add(pb_sha256 *h, const void *data, size_t n);
void pb_sha256_hex(pb_sha256 *h, char hex[65]); /* ends the digest and frees h; "" where libcrypto failed */
void pb_sha256_drop(pb_sha256 *h);              /* frees without a digest; NULL is fine */

#endif
