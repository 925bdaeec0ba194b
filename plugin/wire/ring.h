/* A ring of contiguous entries in shared memory: one process writes, one reads. No parser, no allocation after opening, libc only:
 * the preloaded hook links it. Each side distrusts the other: every length and position read from the shared part is checked. */
#ifndef PROBITY_WIRE_RING_H
#define PROBITY_WIRE_RING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PB_RING_CLOSED = -100 }; /* the other side ended, or a position in the shared part is a lie */

typedef struct pb_ring pb_ring; /* one side's handle, private to this process */

/* A sealed memfd (no shrink, no grow) for a ring of `bytes` (a power of two from 64 KiB to 1 GiB) and `extra` bytes behind it for the
 * caller's own use (sparse: costs nothing until touched; 0 for none). The descriptor (close-on-exec), or -1 with errno. */
int pb_ring_create(const char *name, size_t bytes, size_t extra);

/* Maps it. writer: which side this process is. The size and seals of memfd are checked. memfd may be closed afterwards.
 * NULL with errno (EPROTO: not such a ring). */
pb_ring *pb_ring_open(int memfd, bool writer);
bool pb_ring_lied(const pb_ring *r); /* a position or a length in the shared part was a lie: why it is closed */
void pb_ring_free(pb_ring *r); /* unmaps; does not close the ring for the other side */
/* Tells the other side that no more comes, or that nothing is read any more; wakes it. For good: who opens the ring later finds it closed. */
void pb_ring_close(pb_ring *r);
void *pb_ring_extra(const pb_ring *r, size_t *size); /* the area behind the ring */
/* 64 words of 64 bits in the ring's head for the callers' own use (atomics); zero in a new ring. */
_Atomic uint64_t *pb_ring_word(const pb_ring *r, unsigned index);
size_t pb_ring_most(const pb_ring *r); /* the largest entry, bytes: a quarter of the ring */

/* Writer: n contiguous bytes to fill in, at most pb_ring_most; NULL when there is no room for `wait_us` microseconds (0: do not wait;
 * UINT32_MAX: for ever) or the reader is gone (pb_ring_gone tells). Reserving again without commit gives up the first. */
void *pb_ring_reserve(pb_ring *r, size_t n, uint32_t wait_us);
/* Publishes the first n bytes of what was reserved. urgent: wakes a sleeping reader at once; otherwise only once a quarter of the ring
 * (at most 256 KiB) is pending: a reader that sleeps looks by itself every 2 ms while work was pending lately (20 ms); later any commit
 * wakes it. */
void pb_ring_commit(pb_ring *r, size_t n, bool urgent);
bool pb_ring_gone(const pb_ring *r);

/* Writer: waits until the reader is done with everything before `position` (of pb_ring_progress). false: not within wait_us, or gone. */
bool pb_ring_read_past(pb_ring *r, uint64_t position, uint32_t wait_us);

/* Reader: the oldest entry not done; the same one again until pb_ring_done (peek ahead is not offered). 1 = got one (valid until
 * pb_ring_done), 0 = nothing within wait_us, PB_RING_CLOSED (what was committed before the writer closed is delivered first). */
int pb_ring_take(pb_ring *r, const void **entry, size_t *n, uint32_t wait_us);
/* Gives the room of the entry taken last back to the writer (wakes it where it waits). An entry taken and not done is delivered again
 * to whoever opens the ring next as reader. */
void pb_ring_done(pb_ring *r);

/* For a watcher (the keeper, which maps the ring as neither side: pb_ring_open with writer = false and never take): bytes written and
 * read so far. Values from shared memory: hostile, only good for comparing. */
void pb_ring_progress(const pb_ring *r, uint64_t *written, uint64_t *read);

/* For readers that sleep in poll() on descriptors instead (the tracker watches many rings): says that a wake-up by the writer has to go
 * through wake(user) instead of the futex. Writer side. Called from pb_ring_commit; must not block. */
void pb_ring_on_wake(pb_ring *r, void (*wake)(void *user), void *user);
/* Reader side of the same: "I am going to sleep in poll(); wake me". Returns false when an entry is there already, or the ring is closed:
 * do not sleep. Otherwise sleep at most pb_ring_nap_ms: short while work was pending lately, when only an urgent entry or many bytes
 * wake; 100 ms when any commit does. */
bool pb_ring_sleep(pb_ring *r);
unsigned pb_ring_nap_ms(const pb_ring *r);

#endif
