/* Which object results does the keeper hold already? A table of digests in shared memory: the keeper adds, workers look up (they map it
 * read-only), so that a worker sends the record alone of what was mapped before, in this assessment or a year ago. */
#ifndef PROBITY_WIRE_KNOWN_H
#define PROBITY_WIRE_KNOWN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct pb_known pb_known;

/* The 16 bytes that stand for (sha256, kind, name class) under one rules digest. sha256: 64 lower-case hex digits, or "". All 0 where there
 * are none (no digest, words that are far too long, no memory): such a key is never known. */
void pb_known_key(const char *sha256, const char *kind, const char *name_class, uint8_t out[16]);

/* Keeper: room for `most` keys (rounded up so that the table stays at most two thirds full). *memfd: for the workers, sealed against
 * shrinking and against being mapped for writing by anybody else; yours. NULL with errno (EINVAL: most is above 170 million). Adding
 * to a full table does nothing: what is not known is mapped again. */
pb_known *pb_known_create(size_t most, int *memfd);
void pb_known_add(pb_known *k, const uint8_t key[16]);
void pb_known_void(pb_known *k); /* from now on nothing is known, for good: what stood behind it was lost */

/* Worker: NULL with errno where memfd is no such table. */
pb_known *pb_known_open(int memfd);
bool pb_known_has(const pb_known *k, const uint8_t key[16]); /* a torn entry counts as absent */
void pb_known_free(pb_known *k);

#endif
