/* What stands in a ring's shared memory: one page of head, then the entries, then the caller's area. Both sides may write anything into
 * all of it at any time; ring.c alone reads it (and the tests, to write lies). */
#ifndef PROBITY_WIRE_RING_SHARED_H
#define PROBITY_WIRE_RING_SHARED_H

#include <stdatomic.h>
#include <stdint.h>

enum {
	PB_RING_HEAD = 4096,       /* bytes before the entries */
	PB_RING_WORDS = 64,
	PB_RING_WRITER_CLOSED = 1, /* bits of `closed` */
	PB_RING_READER_CLOSED = 2,
	PB_RING_NAP = 1,           /* `sleeps`: it looks by itself soon; wake it for urgent entries or many bytes */
	PB_RING_DEEP = 2,          /* wake it for any entry */
	PB_RING_POLLS = 4          /* a bit beside: it sleeps in poll(), not on the futex */
};

#define PB_RING_MAGIC 0x31676e6972626f70u /* "pobring1" */
/* Positions count bytes and only grow; position & (bytes - 1) is the place. Everything is aligned to 8. An entry is a 64-bit header,
 * this in its upper half and the length in its lower, and the bytes, padded. */
#define PB_RING_ENTRY 0x50456e74u
#define PB_RING_WRAP UINT64_MAX           /* instead of a header: the rest up to the ring's end is empty */

/* Two cache lines apart whatever the two sides write: processors fetch lines in pairs. */
typedef struct pb_ring_head {
	uint64_t magic, bytes, extra;          /* read once, when the ring is opened */
	_Atomic uint32_t closed;
	uint8_t unused[100];
	_Alignas(128) _Atomic uint64_t written;
	_Alignas(128) _Atomic uint64_t read;
	_Alignas(128) _Atomic uint32_t sleeps; /* the reader's futex */
	_Alignas(128) _Atomic uint32_t waits;  /* the writer's futex */
	_Atomic uint64_t wanted;               /* the writer wants to be woken when `read` has come so far */
	_Alignas(128) _Atomic uint64_t words[PB_RING_WORDS];
} pb_ring_head;

_Static_assert(sizeof(pb_ring_head) <= PB_RING_HEAD, "the head has to fit");
_Static_assert(ATOMIC_LLONG_LOCK_FREE == 2 && ATOMIC_INT_LOCK_FREE == 2, "a lock would be private to one process");

#endif
