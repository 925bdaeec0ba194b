/* How a process and the keeper speak: framed messages over a stream socketpair. The other side is another process and hostile:
 * every length is checked, every payload is text to be validated by who reads it. */
#ifndef PROBITY_WIRE_MESSAGE_H
#define PROBITY_WIRE_MESSAGE_H

#include "base/buf.h"
#include "base/error.h"

enum { PB_WIRE_MAX = 256 << 20 }; /* bytes of one message */

typedef enum pb_message {
	PB_MSG_JOB = 'J',       /* keeper to reader: {"tag","path":[...],"kind"?}; a descriptor comes with its first byte */
	PB_MSG_BEGIN = 'B',     /* tracker: a scan began: {"stream","scan","name","path","size","engine"?,"db_version"?,"db_time"?} (wire/event.h) */
	PB_MSG_PIECE = 'P',     /* front to worker: a piece of the object that comes next (wire/lane.h); worker to keeper: it was taken, nothing more */
	PB_MSG_RECORD = 'R',    /* an object record (findings/record.h) */
	PB_MSG_LIMIT = 'L',     /* {"path":[...],"why":"..."} */
	PB_MSG_DETECTION = 'D', /* {"path":[...],"sha256":"...","signature":"..."} */
	PB_MSG_ITEM = 'I',      /* {"sha256","size","kind"}: the item as a whole, once, before done */
	PB_MSG_SKIPPED = 'K',   /* tracker: {"stream","scan","kind"}: not a product by the configuration; nothing else comes of it */
	PB_MSG_GONE = 'G',      /* tracker: {"stream"}: the host's thread has left, and everything of it was told */
	PB_MSG_RESULT = 'O',    /* a reduce's outcome: a product result */
	PB_MSG_ERROR = 'X',     /* words: the item could not be done */
	PB_MSG_DONE = 'E'       /* the item is finished; {} or (tracker) {"result":n,"signature":"...","lost":n,"unpacks":n,"stream","scan"}; a worker
	                           adds "rules_ms":{"rules.x":n}: wall time that folders of YARA rules took of it */
} pb_message;

/* Writes one message whole (blocking). tag: of the assessment or item. 0; PB_EIO (the other side is gone) or PB_ELIMIT (too large). */
int pb_wire_send(int fd, pb_message type, uint32_t tag, const void *payload, size_t n);

/* The same with one descriptor (-1: none) riding on its first byte. */
int pb_wire_send_fd(int fd, pb_message type, uint32_t tag, const void *payload, size_t n, int descriptor);

/* Reads one message whole (blocking) into payload. descriptor: where a descriptor that came along goes (yours; -1: none came); NULL:
 * none is expected, one that comes is closed. 1 = got one, 0 = the other side closed, PB_EIO, PB_ECORRUPT, PB_ENOMEM. */
int pb_wire_receive(int fd, pb_message *type, uint32_t *tag, pb_buf *payload, int *descriptor);

/* Takes the next whole message out of what has been read so far: in holds the bytes from *at on. 1 = got one (payload borrowed
 * from in, *at moved past it), 0 = more bytes are needed, PB_ECORRUPT. */
int pb_wire_take(const pb_buf *in, size_t *at, pb_message *type, uint32_t *tag, pb_bytes *payload);

#endif
