/* A set of digests: what was handed over already. Private to frame.c. */
#ifndef PROBITY_CLAMAV_SEEN_H
#define PROBITY_CLAMAV_SEEN_H

#include "base/bytes.h"

typedef struct pb_seen {
	uint8_t (*slot)[16]; /* open addressing; all zero: free */
	size_t n, cap;       /* cap: a power of two */
} pb_seen;

/* Was this digest (at least 16 bytes, cryptographic) added before? It is now, unless memory runs out: then nothing is known. */
bool pb_seen_before(pb_seen *s, const uint8_t *digest);
void pb_seen_free(pb_seen *s);

#endif
