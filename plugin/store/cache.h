/* Object results by content: (sha256, kind, name class) under one rules digest. A cache: whatever goes wrong with it
 * costs time, never a result. */
#ifndef PROBITY_STORE_CACHE_H
#define PROBITY_STORE_CACHE_H

#include "base/buf.h"
#include "base/error.h"

typedef struct pb_cache pb_cache;

/* Opens or makes (0600) the file; entries of other rules digests are kept up to max_bytes, oldest use removed first (at
 * opening only, so that nothing known in a run vanishes in it). A broken file is set aside (FILE.broken) and begun
 * anew, now or when it turns out to be broken. max_bytes 0: no bound. rules_digest: what entries must be of. PB_EINPUT:
 * another program's database (it is left alone), PB_EIO. */
int pb_cache_open(const char *file, const char *rules_digest, int64_t max_bytes, pb_cache **out, pb_error *err);
void pb_cache_close(pb_cache *c); /* writes what is pending */

/* Every key under this rules digest, once: to fill the table that workers look into (wire/known.h). */
int pb_cache_keys(pb_cache *c, void (*each)(void *user, const uint8_t key[16]), void *user, pb_error *err);
/* 1 = found (text: the result, JSON, into out, emptied first), 0 = not there, a code. The text's digest is kept beside
 * it and checked: where it is wrong, the entry is removed and 0 returned. */
int pb_cache_get(pb_cache *c, const uint8_t key[16], pb_buf *out, pb_error *err);
/* Kept in memory and written in batches (a transaction a second or 8 MiB, whichever is first; also by pb_cache_flush).
 * Adding what is there does nothing. 0: pb_cache_get will find it (until it is evicted by a later opening). Where the
 * file cannot be written it stays in memory and is tried again, up to 256 MiB in all: then a code, and this result is
 * not kept. */
int pb_cache_put(pb_cache *c, const uint8_t key[16], const void *result, size_t n, pb_error *err);
int pb_cache_flush(pb_cache *c,
                   pb_error *err); /* 0 or why it could not be written (it stays in memory); call it when idle */

#endif
