/* Files without a name, for bytes that are too many for memory: they go with the last descriptor, whatever ends the process. */
#ifndef PROBITY_BASE_SCRATCH_H
#define PROBITY_BASE_SCRATCH_H

#include "base/bytes.h"

/* A new empty one in that folder: its descriptor, or -1 with errno. */
int pb_scratch_file(const char *folder);

/* Writes all of it at that place. false: there was no room for it, or the disk failed (errno). */
bool pb_scratch_write(int fd, uint64_t at, pb_bytes bytes);

/* The first `size` bytes, to be read. The file may be closed afterwards. NULL: the file is shorter, or cannot be mapped. size is not 0. */
const uint8_t *pb_scratch_map(int fd, size_t size);
void pb_scratch_unmap(const uint8_t *map, size_t size); /* NULL is fine */

#endif
