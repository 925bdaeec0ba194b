#include "clamav/seen.h"

#include <stdlib.h>
#include <string.h>

static const uint8_t empty[16];

/* The slot where the digest is or would be. A digest is its own hash. */
static uint8_t *find(const pb_seen *s, const uint8_t *digest)
{
	size_t at;

	memcpy(&at, digest, sizeof at);
	for (at &= s->cap - 1;; at = (at + 1) & (s->cap - 1))
		if (memcmp(s->slot[at], empty, 16) == 0 || memcmp(s->slot[at], digest, 16) == 0)
			return s->slot[at];
}

static bool grow(pb_seen *s)
{
	pb_seen bigger = {.n = s->n, .cap = s->cap > 0 ? s->cap * 2 : 64};

	bigger.slot = calloc(bigger.cap, sizeof *bigger.slot);
	if (bigger.slot == NULL)
		return false;
	for (size_t i = 0; i < s->cap; i++)
		if (memcmp(s->slot[i], empty, 16) != 0)
			memcpy(find(&bigger, s->slot[i]), s->slot[i], 16);
	free(s->slot);
	*s = bigger;
	return true;
}

bool pb_seen_before(pb_seen *s, const uint8_t *digest)
{
	uint8_t *slot;

	if (s->n * 4 >= s->cap * 3 && !grow(s))
		return false;
	slot = find(s, digest);
	if (memcmp(slot, empty, 16) != 0)
		return true;
	memcpy(slot, digest, 16);
	s->n++;
	return false;
}

void pb_seen_free(pb_seen *s)
{
	free(s->slot);
	*s = (pb_seen){0};
}
