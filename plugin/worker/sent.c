#include "worker/sent.h"

#include <stdlib.h>
#include <string.h>

/* Keys are digests, so that their own bits spread them; the key of all zeros stands for an empty place. */
typedef struct key {
	uint64_t first, second;
} key;

typedef struct set {
	uint32_t tag;
	uint64_t used; /* when it was asked last; 0: a free place */
	key *keys;
	size_t n, cap; /* cap: a power of two */
} set;

struct pb_sent {
	set sets[PB_SENT_TAGS];
	uint64_t now;
	size_t total;
};

pb_sent *pb_sent_new(void)
{
	return calloc(1, sizeof(pb_sent));
}

static void drop(pb_sent *s, set *one)
{
	s->total -= one->n;
	free(one->keys);
	memset(one, 0, sizeof *one);
}

void pb_sent_free(pb_sent *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < PB_SENT_TAGS; i++)
		free(s->sets[i].keys);
	free(s);
}

static set *find(pb_sent *s, uint32_t tag)
{
	for (size_t i = 0; i < PB_SENT_TAGS; i++)
		if (s->sets[i].used && s->sets[i].tag == tag) {
			s->sets[i].used = ++s->now;
			return &s->sets[i];
		}
	return NULL;
}

/* Where the key is, or the empty place where it belongs. cap > n: there is one. */
static key *place(key *keys, size_t cap, key k)
{
	size_t i = (size_t)k.first & (cap - 1);
	while ((keys[i].first || keys[i].second) && (keys[i].first != k.first || keys[i].second != k.second))
		i = (i + 1) & (cap - 1);
	return &keys[i];
}

static key key_of(const uint8_t bytes[16])
{
	key k;
	memcpy(&k, bytes, sizeof k);
	return k;
}

static bool is_none(key k)
{
	return k.first == 0 && k.second == 0;
}

bool pb_sent_has(pb_sent *s, uint32_t tag, const uint8_t bytes[16])
{
	const set *one = find(s, tag);
	key k = key_of(bytes);
	return one && one->cap && !is_none(k) && !is_none(*place(one->keys, one->cap, k));
}

static bool grow(set *one)
{
	size_t cap = one->cap ? one->cap * 2 : 64;
	key *keys = calloc(cap, sizeof *keys);
	if (!keys)
		return false;
	for (size_t i = 0; i < one->cap; i++)
		if (!is_none(one->keys[i]))
			*place(keys, cap, one->keys[i]) = one->keys[i];
	free(one->keys);
	one->keys = keys;
	one->cap = cap;
	return true;
}

static set *make(pb_sent *s, uint32_t tag)
{
	set *one = &s->sets[0];
	for (size_t i = 0; i < PB_SENT_TAGS; i++)
		if (s->sets[i].used < one->used)
			one = &s->sets[i];
	drop(s, one);
	one->tag = tag;
	one->used = ++s->now;
	return one;
}

void pb_sent_add(pb_sent *s, uint32_t tag, const uint8_t bytes[16])
{
	key k = key_of(bytes);
	set *one = find(s, tag);
	if (is_none(k) || s->total >= PB_SENT_KEYS)
		return;
	if (!one)
		one = make(s, tag);
	if (one->n >= one->cap / 2 && !grow(one))
		return;
	key *at = place(one->keys, one->cap, k);
	if (!is_none(*at))
		return;
	*at = k;
	one->n++;
	s->total++;
}

void pb_sent_end(pb_sent *s, uint32_t tag)
{
	set *one = find(s, tag);
	if (one)
		drop(s, one);
}
