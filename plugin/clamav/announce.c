#include "clamav/announce.h"

#include <stdlib.h>
#include <string.h>

enum { SEARCH_MOST = 256 }; /* equal base names that are looked at for one of the right size */

static const char *base_of(const char *name)
{
	const char *slash = strrchr(name, '/');

	return slash != NULL ? slash + 1 : name;
}

static size_t bucket_of(const pb_announcements *a, const char *name)
{
	uint64_t h = 14695981039346656037u;

	for (const char *p = base_of(name); *p != '\0'; p++)
		h = (h ^ (uint8_t)*p) * 1099511628211u;
	return (size_t)(h % a->n_buckets);
}

static void link_in(pb_announcements *a, size_t index)
{
	size_t b = bucket_of(a, a->item[index].name);

	a->item[index].next = SIZE_MAX;
	if (a->first[b] == SIZE_MAX)
		a->first[b] = index;
	else
		a->item[a->last[b]].next = index;
	a->last[b] = index;
}

static bool more_buckets(pb_announcements *a, size_t want)
{
	size_t *first = calloc(want, sizeof *first), *last = calloc(want, sizeof *last);

	if (first == NULL || last == NULL) {
		free(first);
		free(last);
		return false;
	}
	free(a->first);
	free(a->last);
	a->first = first;
	a->last = last;
	a->n_buckets = want;
	for (size_t b = 0; b < want; b++)
		first[b] = SIZE_MAX;
	for (size_t i = 0; i < a->n; i++)
		if (!a->item[i].taken)
			link_in(a, i);
	return true;
}

static bool reserve(pb_announcements *a)
{
	size_t cap = a->cap > 0 ? a->cap * 2 : 32;
	pb_announced *grown;

	if (a->n < a->cap)
		return true;
	grown = reallocarray(a->item, cap, sizeof *grown);
	if (grown == NULL)
		return false;
	a->item = grown;
	a->cap = cap;
	return more_buckets(a, cap);
}

void pb_announcements_free(pb_announcements *a)
{
	for (size_t i = 0; i < a->n; i++)
		free(a->item[i].name);
	free(a->item);
	free(a->first);
	free(a->last);
	*a = (pb_announcements){0};
}

size_t pb_announce(pb_announcements *a, const char *name, uint64_t size, bool encrypted, bool zip)
{
	char *copy = strdup(name);

	if (copy == NULL || !reserve(a)) {
		free(copy);
		return SIZE_MAX;
	}
	a->item[a->n] = (pb_announced){.name = copy, .size = size, .encrypted = encrypted, .zip = zip};
	link_in(a, a->n);
	return a->n++;
}

bool pb_announced_again(const pb_announcements *a, const char *name, uint64_t size, bool encrypted)
{
	const pb_announced *last = a->n > 0 ? &a->item[a->n - 1] : NULL;

	return last != NULL && !last->doubled && last->size == size && last->encrypted == encrypted &&
	       strcmp(last->name, name) == 0;
}

bool pb_announced_is(const pb_announced *item, const char *name)
{
	return strcmp(strchr(name, '/') != NULL ? item->name : base_of(item->name), name) == 0;
}

pb_announced *pb_announced_take(pb_announcements *a, const char *name, uint64_t size)
{
	size_t best = SIZE_MAX, steps = 0, *head;

	if (a->n_buckets == 0)
		return NULL;
	head = &a->first[bucket_of(a, name)];
	while (*head != SIZE_MAX && a->item[*head].taken) /* members mostly come in the order in which they were announced */
		*head = a->item[*head].next;
	for (size_t i = *head; i != SIZE_MAX && steps++ < SEARCH_MOST; i = a->item[i].next) {
		if (a->item[i].taken || !pb_announced_is(&a->item[i], name))
			continue;
		if (a->item[i].size == size) {
			best = i;
			break;
		}
		if (best == SIZE_MAX)
			best = i;
	}
	if (best == SIZE_MAX)
		return NULL;
	a->item[best].taken = true;
	return &a->item[best];
}

bool pb_announced_garbled(const pb_announced *item)
{
	bool any = false;

	if (!item->guest)
		return false;
	for (const char *name = item->name; *name != '\0'; name++) {
		if ((uint8_t)*name < 0x20 || (uint8_t)*name >= 0x7f)
			return true;
		any = any || (*name >= '0' && *name <= '9') || ((*name | 0x20) >= 'a' && (*name | 0x20) <= 'z');
	}
	return !any;
}
