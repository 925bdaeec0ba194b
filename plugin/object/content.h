/* Private to this room: the bytes of one member while it is unpacked. Few are kept in memory, many in a file that the caller gives. */
#ifndef PROBITY_OBJECT_CONTENT_H
#define PROBITY_OBJECT_CONTENT_H

#include "base/buf.h"

enum { PB_CONTENT_MEMORY = 32 << 20 }; /* what has more bytes goes into a file */

typedef struct pb_content {
	int (*file)(void *user); /* a new file of its own (base/scratch.h), taken over; -1: there is none. NULL: memory only */
	void *user;
	uint64_t size;
	pb_buf memory;
	int fd;                  /* of the file where it is in one; only while filed */
	bool filed;
	const uint8_t *map;      /* of all of the file; NULL: not yet */
} pb_content;

/* The bytes that follow, behind a hole up to `at` (not less than size). 0, PB_ENOMEM, or PB_EIO: no room in the file. */
int pb_content_add(pb_content *c, pb_bytes block, uint64_t at);
/* All of them, until the next call. 0 or PB_ENOMEM. */
int pb_content_bytes(pb_content *c, pb_bytes *out);
/* Empty again; what was in memory is kept for the next member, a file is not. */
void pb_content_clear(pb_content *c);
void pb_content_free(pb_content *c);

#endif
