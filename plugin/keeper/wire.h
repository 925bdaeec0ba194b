/* How a worker process and the keeper speak: framed messages over a socketpair. The other side is another process and hostile:
 * every length is checked, every payload is text to be validated by who reads it. */
#ifndef PROBITY_KEEPER_WIRE_H
#define PROBITY_KEEPER_WIRE_H

#include "base/buf.h"
#include "base/error.h"

enum { PB_WIRE_MAX = 256 << 20 }; /* bytes of one message */

typedef enum pb_message {
	PB_MSG_JOB = 'J',       /* keeper to worker: 8 bytes, the item's number */
	PB_MSG_RECORD = 'R',    /* worker to keeper: an object record (findings/record.h) */
	PB_MSG_LIMIT = 'L',     /* {"path":[...],"why":"..."} */
	PB_MSG_DETECTION = 'D', /* {"path":[...],"sha256":"...","signature":"..."} */
	PB_MSG_ITEM = 'I',      /* {"sha256","size","kind"}: the item as a whole, once, before done */
	PB_MSG_RESULT = 'O',    /* a reduce's outcome: a product result */
	PB_MSG_ERROR = 'X',     /* words: the item could not be done */
	PB_MSG_DONE = 'E'       /* the item is finished; empty */
} pb_message;

/* Writes one message whole (blocking). 0; PB_EIO (the other side is gone) or PB_ELIMIT (too large). */
int pb_wire_send(int fd, pb_message type, const void *payload, size_t n);

/* Reads one message whole (blocking) into payload. 1 = got one, 0 = the other side closed, PB_EIO, PB_ECORRUPT, PB_ENOMEM. */
int pb_wire_receive(int fd, pb_message *type, pb_buf *payload);

/* Takes the next whole message out of what has been read so far: in holds the bytes from *at on. 1 = got one (payload borrowed
 * from in, *at moved past it), 0 = more bytes are needed, PB_ECORRUPT. */
int pb_wire_take(const pb_buf *in, size_t *at, pb_message *type, pb_bytes *payload);

#endif
