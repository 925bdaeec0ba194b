/* What the cache was given and has not written yet, by key. Private to this folder. */
#ifndef PROBITY_STORE_PENDING_H
#define PROBITY_STORE_PENDING_H

#include "base/bytes.h"

enum { PB_KEY = 16 };

typedef struct pb_pending_one {
	uint8_t key[PB_KEY];
	uint8_t *text; /* owned */
	size_t size;
} pb_pending_one;

typedef struct pb_pending {
	pb_pending_one *all;
	size_t n, cap;
	size_t bytes;    /* that all of it takes, about */
	uint32_t *slots; /* 1 + index into all, 0 free; open addressing, at most half full */
	size_t n_slots;  /* a power of two, or 0 */
} pb_pending;

/* {0} is empty. A copy of text is kept. 0 or PB_ENOMEM (then nothing was added). The key must not be there yet. */
int pb_pending_add(pb_pending *p, const uint8_t key[PB_KEY], const void *text, size_t n);
const pb_pending_one *pb_pending_find(const pb_pending *p, const uint8_t key[PB_KEY]); /* NULL: not there */
void pb_pending_clear(pb_pending *p);                                                  /* frees everything */

#endif
