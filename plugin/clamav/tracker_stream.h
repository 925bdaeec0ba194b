/* One thread of a host: its ring, its socket, the scans that are open on it. Private to the tracker. */
#ifndef PROBITY_CLAMAV_TRACKER_STREAM_H
#define PROBITY_CLAMAV_TRACKER_STREAM_H

#include <poll.h>

#include "clamav/tracker_scan.h"
#include "wire/ring.h"

enum {
	PB_TRAIL_NESTED = 8,        /* scans inside scans */
	PB_TRAIL_WAITING = 64,      /* descriptors that came before their events */
	PB_TRAIL_TURN = 64,         /* events that one stream may have handled before the others are looked at */
	PB_TRAIL_LEVEL = 256,       /* ClamAV itself goes no deeper than 100 */
	PB_TRAIL_EVENT = 256 << 10, /* bytes of one event */
	PB_TRAIL_HELD = 2047 << 20  /* bytes kept of objects in pieces, of all streams */
};

typedef struct pb_received {
	uint32_t scan, serial;
	int fd;
} pb_received;

/* tracker_socket.c: the socket of a stream, and the descriptors that came over it. */
typedef struct pb_trail_socket {
	int fd;
	bool hung;                             /* the host's side is gone */
	pb_received waiting[PB_TRAIL_WAITING]; /* oldest first */
	size_t n;
} pb_trail_socket;

void pb_socket_drain(pb_trail_socket *s); /* what is there, as far as there is room for it */
int pb_socket_take(pb_trail_socket *s, uint32_t scan,
                   uint32_t serial);      /* the descriptor of this object, yours; -1: not (yet) there */
void pb_socket_close(pb_trail_socket *s); /* the host sees it too */

/* tracker_bytes.c: an object whose event came and whose bytes may not have. */
typedef struct pb_awaited {
	bool is;      /* there is one */
	bool discard; /* nothing is wanted of it; its pieces are still counted */
	pb_event_object head;
	pb_inspected seen; /* its strings lie in `strings` */
	const char *ancestors[PB_EVENT_ANCESTORS];
	char *strings;
	uint8_t *bytes; /* pieces so far */
	size_t got, cap;
} pb_awaited;

/* Adds a piece. 0; PB_ECORRUPT: more than was announced; PB_ELIMIT, PB_ENOMEM: cannot be kept (a is without bytes
 * then). */
int pb_awaited_add(pb_tracker *t, pb_awaited *a, pb_bytes piece);
void pb_awaited_clear(pb_tracker *t, pb_awaited *a);

/* The bytes of a host's file, for one call of pb_tracked_inspect. changed: it is not, or no longer, what the scan saw.
 * false: it cannot be read, or has not the size that was announced. */
typedef struct pb_file_bytes {
	pb_bytes bytes;
	uint8_t *own; /* to be freed; NULL where the bytes lie in the lane */
	bool changed;
} pb_file_bytes;
bool pb_file_read(pb_tracker *t, const pb_tracked *scan, int fd, uint64_t size, pb_file_bytes *out);

typedef struct pb_trail {
	pb_tracker *tracker;
	uint32_t number;
	pb_trail_socket socket;
	pb_ring *ring;
	pb_tracked *scan[PB_TRAIL_NESTED]; /* outermost first */
	uint32_t last_serial[PB_TRAIL_NESTED];
	size_t n;
	uint32_t last_scan;
	pb_awaited awaited;
} pb_trail;

/* Takes both descriptors. NULL: memory, or this is no ring. */
pb_trail *pb_trail_new(pb_tracker *t, uint32_t number, int ring, int socket);
void pb_trail_free(pb_trail *s);                      /* tells that it is gone */
void pb_trail_gone(pb_tracker *t, uint32_t number);   /* the same of one that never was */

/* tracker_event.c: one event, in memory of our own. 0; PB_ECORRUPT: it is malformed; PB_ENOMEM. */
int pb_trail_event(pb_trail *s, const uint8_t *event, size_t n);
/* Hands on what is awaited, with its descriptor where that is there by now. last: nothing more of it can come. */
void pb_trail_settle(pb_trail *s, bool last);
/* Ends all open scans down to `keep` of them, without their hosts' word. */
void pb_trail_abandon(pb_trail *s, size_t keep, const char *why);

/* Handles what is in the ring, up to a bound. *busy: there was something. false: the stream is over, everything of it
 * was told. */
bool pb_trail_turn(pb_trail *s, bool *busy);
struct pollfd pb_trail_poll(const pb_trail *s);
void pb_trail_readable(pb_trail *s, short revents); /* what poll said of it */
int pb_trail_nap(pb_trail *s);                      /* milliseconds until its ring is to be looked at anyway; 0: now */

#endif
