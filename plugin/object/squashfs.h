/* Where a squashfs lies, and how its tables are read. Of other rooms only pb_squashfs_find is used. */
#ifndef PROBITY_OBJECT_SQUASHFS_H
#define PROBITY_OBJECT_SQUASHFS_H

#include "object/kind.h"

/* The squashfs that the bytes carry behind something else (AppImages, images of firmware): from its first byte to its last. Size 0: none whose
 * header holds together. */
pb_bytes pb_squashfs_find(pb_bytes bytes);

bool pb_squashfs_carrier(const pb_kind *kind); /* Is it worth asking? Programs and what nobody knows. */

/* The rest is private to squashfs*.c. */
enum { PB_SQUASH_META = 8192 };

typedef struct pb_squash_super {
	pb_bytes b; /* the image, bytes_used of it */
	uint32_t block_size, fragments, inodes;
	unsigned compressor, ids;
	bool cut; /* bytes at its end are missing */
	uint64_t root, id_table, inode_table, dir_table, fragment_table;
} pb_squash_super;

/* A place in a chain of packed blocks. */
typedef struct pb_squash_cursor {
	uint64_t block, next; /* offsets in the image: of the block that is unpacked (UINT64_MAX: none), and of the one behind it */
	size_t at, have;
	uint8_t bytes[PB_SQUASH_META];
} pb_squash_cursor;

bool pb_squash_super_read(pb_bytes b, pb_squash_super *out);
/* To `at` bytes into what the block at `block` unpacks to. The last block is kept: going back to it costs nothing. */
bool pb_squash_seek(const pb_squash_super *s, pb_squash_cursor *c, uint64_t block, size_t at);
/* The next n bytes, into out where that is not NULL. */
bool pb_squash_take(const pb_squash_super *s, pb_squash_cursor *c, void *out, size_t n);

static inline uint32_t pb_le16(const uint8_t *p)
{
	return (uint32_t)(p[0] | p[1] << 8);
}

static inline uint32_t pb_le32(const uint8_t *p)
{
	return pb_le16(p) | pb_le16(p + 2) << 16;
}

static inline uint64_t pb_le64(const uint8_t *p)
{
	return pb_le32(p) | (uint64_t)pb_le32(p + 4) << 32;
}

#endif
