#include "store/pending.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"

/* Keys are digests already: any of their bytes spread well. Who could choose them could only slow his own scan down, to
 * n steps a look. */
static size_t slot_of(const pb_pending *p, const uint8_t key[PB_KEY])
{
	uint64_t h;
	memcpy(&h, key, sizeof h);
	size_t at = (size_t)h & (p->n_slots - 1);
	while (p->slots[at] && memcmp(p->all[p->slots[at] - 1].key, key, PB_KEY) != 0)
		at = (at + 1) & (p->n_slots - 1);
	return at;
}

static int grow(pb_pending *p)
{
	size_t n = p->cap ? p->cap * 2 : 64;
	uint32_t *slots = calloc(n * 2, sizeof *slots);
	pb_pending_one *all = slots && n < UINT32_MAX ? realloc(p->all, n * sizeof *all) : NULL;
	if (!all) {
		free(slots);
		return PB_ENOMEM;
	}
	free(p->slots);
	p->all = all;
	p->cap = n;
	p->slots = slots;
	p->n_slots = n * 2;
	for (size_t i = 0; i < p->n; i++)
		p->slots[slot_of(p, p->all[i].key)] = (uint32_t)i + 1;
	return 0;
}

int pb_pending_add(pb_pending *p, const uint8_t key[PB_KEY], const void *text, size_t n)
{
	if (p->n == p->cap && grow(p))
		return PB_ENOMEM;
	uint8_t *copy = malloc(n ? n : 1);
	if (!copy)
		return PB_ENOMEM;
	if (n)
		memcpy(copy, text, n);
	pb_pending_one *one = &p->all[p->n];
	*one = (pb_pending_one){.text = copy, .size = n};
	memcpy(one->key, key, PB_KEY);
	p->slots[slot_of(p, key)] = (uint32_t)++p->n;
	p->bytes += n + sizeof *one;
	return 0;
}

const pb_pending_one *pb_pending_find(const pb_pending *p, const uint8_t key[PB_KEY])
{
	uint32_t at = p->n ? p->slots[slot_of(p, key)] : 0;
	return at ? &p->all[at - 1] : NULL;
}

void pb_pending_clear(pb_pending *p)
{
	for (size_t i = 0; i < p->n; i++)
		free(p->all[i].text);
	free(p->all);
	free(p->slots);
	*p = (pb_pending){0};
}
