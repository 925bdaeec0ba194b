/* The area behind a lane's ring: several large objects at a time, one behind the other, each of whole pages. The front hands out room and
 * knows by the ring how far the worker has come; where each object lies stands in its entry. Private to lane.c. */
#ifndef PROBITY_WIRE_AREA_H
#define PROBITY_WIRE_AREA_H

#include "wire/ring.h"

enum { PB_AREA_EXTENTS = 512 };
#define PB_AREA_PENDING ((size_t)256 << 20) /* bytes that wait for the worker, at most; one object may have the whole area all the same */

typedef struct pb_extent {
	size_t from, to;
	uint64_t until; /* free once the ring was read so far */
} pb_extent;

typedef struct pb_area {
	pb_ring *ring; /* borrowed */
	uint8_t *bytes;
	size_t size;
	pb_extent extent[PB_AREA_EXTENTS]; /* what the worker is not done with yet, oldest at `first` */
	size_t first, n, pending;
	size_t next;                       /* where the next one begins, if it fits behind */
	bool handed, cleaned;              /* cleaned: nothing is left of a front that was killed */
	size_t room, room_size;            /* handed out, not put yet */
	uint64_t before;                   /* what an earlier front wrote may use any part until the ring was read so far */
} pb_area;

void pb_area_open(pb_area *a, pb_ring *ring, uint8_t *bytes, size_t size);
/* Room for n bytes, at most the area's size; the one before, if it was not kept, is given up. Waits for the worker. NULL: it has gone. */
uint8_t *pb_area_room(pb_area *a, size_t n);
bool pb_area_is_room(const pb_area *a, const uint8_t *bytes); /* does the room that was handed out begin there? */
bool pb_area_is_lost(const pb_area *a, const uint8_t *bytes); /* in the area, and not that room: given up, or the worker's already */
/* The room belongs to the entry that was committed last: `size` bytes of it, the rest goes back. */
void pb_area_keep(pb_area *a, size_t size);
void pb_area_give_up(pb_area *a);

/* Either side. Does an object of so many bytes lie within the area, at a place where pb_area_room may have put it? */
bool pb_area_holds(const pb_area *a, uint64_t from, uint64_t size);
/* Gives the whole pages from `from` to `to` (rounded up) back to the system. Where that fails they are used again. */
void pb_area_give_back(const pb_area *a, size_t from, size_t to);

#endif
