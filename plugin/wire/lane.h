/* A lane: the way of objects from a front process (a reader, or the tracker of a plugin's callbacks) to a boxed worker. Objects and notes,
 * in order, in shared memory (a ring, and behind it an area for objects that are too large for it). Notes travel along untouched, so that
 * everything about one assessment reaches the keeper in one order: through the worker's socket. */
#ifndef PROBITY_WIRE_LANE_H
#define PROBITY_WIRE_LANE_H

#include "base/bytes.h"
#include "base/error.h"
#include "wire/message.h"

enum { PB_LANE_RING = 64 << 20, PB_LANE_LARGE = 1 << 20 /* larger objects take the area behind the ring */, PB_LANE_TEXT = 1 << 20 };
#define PB_LANE_AREA ((size_t)2 << 30)
enum { PB_LANE_SPREAD = 32 << 20 }; /* an object of more bytes may come in pieces, which its worker puts together in a file */

typedef struct pb_lane pb_lane;

int pb_lane_create(void);                                       /* a memfd, or -1 with errno */
pb_lane *pb_lane_open(int memfd, bool front, pb_error *err);    /* NULL: err */
void pb_lane_free(pb_lane *l);
void pb_lane_close(pb_lane *l);                                 /* nothing more comes (front), nothing more is taken (worker) */

/* What map needs, beside the bytes: all of it found out by the front. */
typedef struct pb_lane_object {
	uint32_t tag;          /* of the assessment; numbers are the front's or the keeper's own */
	char sha256[65], kind[32], name_class[24], clam_type[40];
	const char *record;    /* the object record without its result, canonical JSON text; borrowed */
	size_t record_size;    /* at most PB_LANE_TEXT */
	pb_bytes bytes;        /* borrowed */
	bool spread;           /* they came in pieces before: bytes.data is NULL */
} pb_lane_object;

/* Front. Both wait while the lane is full. 0; PB_EIO: the worker's side was closed; PB_ELIMIT: too large (record, note or bytes);
 * PB_EINTERNAL: bytes.data is a room that was given up. sha256 has to be 64 lower-case hex digits, the other words printable ASCII. */
int pb_lane_put(pb_lane *l, const pb_lane_object *o);
int pb_lane_note(pb_lane *l, uint32_t tag, pb_message type, const char *text, size_t n);
/* Room for an object's bytes before its digest is known: filled in place, then put without a copy (bytes.data = what this returned,
 * bytes.size at most n; then the bytes are the worker's), or given up by asking again. A room of up to PB_LANE_LARGE bytes is also given
 * up by a note or another object put before it; a larger one waits while 256 MiB of large objects are ahead of it (wire/area.h), and is
 * given up by another large object only. NULL: closed, or larger than PB_LANE_AREA. */
uint8_t *pb_lane_room(pb_lane *l, size_t n);
/* The same in pieces: notes PB_MSG_PIECE with the object's tag, then the object without its bytes. Neither side ever has all of them in memory. */
int pb_lane_put_spread(pb_lane *l, const pb_lane_object *o);
void pb_lane_spread(pb_lane *l); /* from now on pb_lane_put does so with objects of more than PB_LANE_SPREAD bytes that lie in no room */
void pb_lane_beat(pb_lane *l); /* a sign of life: a front whose beats stand still, with nothing left on its lane, hangs */

/* Worker. 1 = an entry: object, or note (with tag, type, text); 0 = nothing within wait_ms (-1: for ever); PB_EIO closed; PB_ECORRUPT
 * the front lies. Everything borrowed until pb_lane_done; taking again before that gives the same entry. The front can change bytes and
 * texts while they are read, the words and numbers beside them not. An entry that was taken but not done is delivered again to the
 * process that opens the lane as worker next, with the same number. */
typedef struct pb_lane_entry {
	bool is_object;
	pb_lane_object object;
	uint32_t tag;
	pb_message type;
	pb_bytes text;
	uint64_t number; /* 1, 2, ...: position in the lane; ascending, with a gap where a front was killed */
} pb_lane_entry;
int pb_lane_take(pb_lane *l, pb_lane_entry *out, int wait_ms);
/* The text of a PB_MSG_PIECE: bytes of the object that comes next with that tag, from `at` on. at + bytes->size is at most PB_LANE_AREA. */
bool pb_lane_piece(pb_bytes text, uint64_t *at, pb_bytes *bytes);
void pb_lane_done(pb_lane *l);
/* What the worker is at, for the keeper that may have to kill it: 0 nothing; PB_AT_*. */
enum { PB_AT_NOTHING = 0, PB_AT_PATTERNS = 1, PB_AT_FACTS = 2, PB_AT_SENDING = 3 /* all work is done, the keeper has but to read */,
       PB_AT_CHECK = 16 /* + index of the check */ };
void pb_lane_at(pb_lane *l, uint32_t where);

/* Keeper (opens with front = false, takes nothing). number: of the entry being worked on (0: none since the last was done);
 * where: as above. Values of another process: only good for comparing and naming. idle: everything written was taken and done. */
void pb_lane_watch(const pb_lane *l, uint64_t *number, uint32_t *where, bool *idle);
uint64_t pb_lane_beats(const pb_lane *l); /* signs of life of the front so far */
uint64_t pb_lane_last(const pb_lane *l);  /* number that the front gave out last */
uint64_t pb_lane_taken(const pb_lane *l); /* number of the entry that the worker took last: nothing can be said of later ones */
uint32_t pb_lane_tag(const pb_lane *l);  /* of the entry that the worker took last */

#endif
