/* Results by what they are of, under one rules digest: of objects (sha256, kind, name class), and of whole products. A cache:
 * whatever goes wrong with it costs time, never a result. */
#ifndef PROBITY_STORE_CACHE_H
#define PROBITY_STORE_CACHE_H

#include "base/buf.h"
#include "base/error.h"

typedef struct pb_cache pb_cache;

/* Their keys have nothing to do with each other. */
typedef enum pb_cache_space {
	PB_CACHE_OBJECTS,  /* none vanishes while the cache is open: workers rely on what they are told is known */
	PB_CACHE_PRODUCTS, /* where the file outgrows its bound these make room, at any time */
	PB_CACHE_SPACES
} pb_cache_space;

/* Opens or makes (0600) the file; entries of other rules digests are kept up to max_bytes, oldest use removed first (of
 * objects at opening only). A broken file is set aside (FILE.broken) and begun anew, now or when it turns out to be broken.
 * max_bytes 0: no bound. rules_digest: what entries must be of. PB_EINPUT: another program's database (it is left alone),
 * PB_EIO. */
int pb_cache_open(const char *file, const char *rules_digest, int64_t max_bytes, pb_cache **out, pb_error *err);
void pb_cache_close(pb_cache *c); /* writes what is pending */

/* Every key of an object under this rules digest, once: to fill the table that workers look into (wire/known.h). */
int pb_cache_keys(pb_cache *c, void (*each)(void *user, const uint8_t key[16]), void *user, pb_error *err);
/* 1 = found (text: the result, JSON, into out, emptied first), 0 = not there, a code. The text's digest is kept beside
 * it and checked: where it is wrong, the entry is removed and 0 returned. */
int pb_cache_get(pb_cache *c, pb_cache_space space, const uint8_t key[16], pb_buf *out, pb_error *err);
/* Is there such a one? pb_cache_get may find it broken all the same. */
bool pb_cache_has(pb_cache *c, pb_cache_space space, const uint8_t key[16]);
/* Kept in memory and written in batches (a transaction a second or 8 MiB, whichever is first; also by pb_cache_flush).
 * Adding what is there does nothing. 0: pb_cache_get will find it (until it is evicted). Where the file cannot be written
 * it stays in memory and is tried again, up to 256 MiB in all: then a code, and this result is not kept. */
int pb_cache_put(pb_cache *c, pb_cache_space space, const uint8_t key[16], const void *result, size_t n, pb_error *err);
int pb_cache_flush(pb_cache *c,
                   pb_error *err); /* 0 or why it could not be written (it stays in memory); call it when idle */

#endif
