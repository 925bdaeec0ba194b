#include "wire/area.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static size_t paged(size_t n)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	return (n + page - 1) / page * page;
}

void pb_area_give_back(const pb_area *a, size_t from, size_t to)
{
	if (paged(from) < paged(to))
		(void)madvise(a->bytes + paged(from), paged(to) - paged(from), MADV_REMOVE);
}

void pb_area_open(pb_area *a, pb_ring *ring, uint8_t *bytes, size_t size)
{
	uint64_t read;
	memset(a, 0, sizeof *a);
	a->ring = ring;
	a->bytes = bytes;
	a->size = size;
	pb_ring_progress(ring, &a->before, &read);
}

bool pb_area_holds(const pb_area *a, uint64_t from, uint64_t size)
{
	return from <= a->size && size <= a->size - from && from == paged((size_t)from);
}

/* The oldest extent, once the worker is done with it. */
static bool drop_oldest(pb_area *a, uint32_t wait_us)
{
	pb_extent *e = &a->extent[a->first];
	if (!pb_ring_read_past(a->ring, e->until, wait_us))
		return false;
	a->pending -= e->to - e->from;
	a->first = (a->first + 1) % PB_AREA_EXTENTS;
	if (--a->n == 0)
		a->next = 0; /* the same pages again: they may still be in the processor's cache */
	return true;
}

static bool is_taken(const pb_area *a, size_t from, size_t to)
{
	for (size_t i = 0; i < a->n; i++) {
		const pb_extent *e = &a->extent[(a->first + i) % PB_AREA_EXTENTS];
		if (e->from < to && from < e->to)
			return true;
	}
	return false;
}

static bool clean(pb_area *a)
{
	if (!a->cleaned && !pb_ring_read_past(a->ring, a->before, UINT32_MAX))
		return false;
	if (!a->cleaned)
		pb_area_give_back(a, 0, a->size);
	return a->cleaned = true;
}

uint8_t *pb_area_room(pb_area *a, size_t n)
{
	size_t need = paged(n), from;
	pb_area_give_up(a);
	if (n > a->size || !clean(a))
		return NULL;
	while (a->n > 0 && drop_oldest(a, 0))
		;
	while (a->n == PB_AREA_EXTENTS || (a->n > 0 && (a->pending > PB_AREA_PENDING || need > PB_AREA_PENDING - a->pending)))
		if (!drop_oldest(a, UINT32_MAX))
			return NULL;
	from = need <= a->size - a->next ? a->next : 0;
	while (is_taken(a, from, from + need)) {
		if (!drop_oldest(a, UINT32_MAX))
			return NULL;
		from = a->n == 0 ? 0 : from;
	}
	a->handed = true;
	a->room = from;
	a->room_size = n;
	return a->bytes + from;
}

bool pb_area_is_room(const pb_area *a, const uint8_t *bytes)
{
	return a->handed && bytes == a->bytes + a->room;
}

bool pb_area_is_lost(const pb_area *a, const uint8_t *bytes)
{
	uintptr_t at = (uintptr_t)bytes, begin = (uintptr_t)a->bytes;
	return at >= begin && at - begin < a->size && !pb_area_is_room(a, bytes);
}

void pb_area_keep(pb_area *a, size_t size)
{
	pb_extent *e = &a->extent[(a->first + a->n) % PB_AREA_EXTENTS]; /* pb_area_room left one free */
	uint64_t read;
	pb_area_give_back(a, a->room + size, a->room + a->room_size);
	*e = (pb_extent){.from = a->room, .to = a->room + paged(size)};
	pb_ring_progress(a->ring, &e->until, &read);
	a->n++;
	a->pending += e->to - e->from;
	a->next = e->to;
	a->handed = false;
}

void pb_area_give_up(pb_area *a)
{
	if (a->handed)
		pb_area_give_back(a, a->room, a->room + a->room_size);
	a->handed = false;
}
