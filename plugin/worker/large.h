/* Objects that are too large for a worker's memory lie in a file without a name that is its own: no front can change them, and the system may take
 * the memory of what it has read back at any time. It outlives the worker, with what was put there. */
#ifndef PROBITY_WORKER_LARGE_H
#define PROBITY_WORKER_LARGE_H

#include "base/bytes.h"

typedef struct pb_large {
	int fd;             /* -1: there is none */
	const uint8_t *map; /* as much as any object may have; reading behind the end of the file is a signal */
	bool failed;        /* bytes of the object that is coming found no room */
} pb_large;

/* Takes the descriptor, -1: none. Before the box closes: the mapping does not count as memory of the process. false: it cannot be mapped. */
bool pb_large_open(pb_large *l, int fd);
/* A piece of an object; those of one object begin with at = 0. What cannot be kept is told by pb_large_bytes. */
void pb_large_put(pb_large *l, uint64_t at, pb_bytes piece);
/* The object that was put, of so many bytes. Words of a limit where it is not there; NULL: *out is filled in until the next piece comes. */
const char *pb_large_bytes(const pb_large *l, uint64_t size, pb_bytes *out);
/* Nobody needs it any more: its room on the disk goes back where the file system can do that. */
void pb_large_drop(pb_large *l, uint64_t size);

#endif
