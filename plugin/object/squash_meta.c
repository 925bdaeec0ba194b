/* The header of a squashfs 4.0, and its tables: chains of packed blocks of at most 8 KiB. */
#include <string.h>

#include "object/archive_own.h"
#include "object/squashfs.h"

enum { SUPER = 96, LOG_LEAST = 12, LOG_MOST = 20, TRIES = 64, RAW = 0x8000 };

bool pb_squash_super_read(pb_bytes b, pb_squash_super *out)
{
	const uint8_t *p = b.data;
	uint64_t used;
	unsigned log;

	if (b.size < SUPER || memcmp(p, "hsqs", 4) != 0 || pb_le16(p + 28) != 4 || pb_le16(p + 30) != 0)
		return false;
	log = pb_le16(p + 22);
	used = pb_le64(p + 40);
	if (log < LOG_LEAST || log > LOG_MOST || pb_le32(p + 12) != 1u << log || used < SUPER)
		return false;
	*out = (pb_squash_super){.b = pb_slice(b, 0, used < b.size ? (size_t)used : b.size),
	                         .block_size = 1u << log,
	                         .inodes = pb_le32(p + 4),
	                         .fragments = pb_le32(p + 16),
	                         .compressor = pb_le16(p + 20),
	                         .ids = pb_le16(p + 26),
	                         .root = pb_le64(p + 32),
	                         .id_table = pb_le64(p + 48),
	                         .inode_table = pb_le64(p + 64),
	                         .dir_table = pb_le64(p + 72),
	                         .fragment_table = pb_le64(p + 80)};
	out->cut = used > b.size;
	return out->inode_table < used && out->dir_table < used && out->compressor >= 1 && out->compressor <= 6;
}

bool pb_squashfs_carrier(const pb_kind *kind)
{
	return strcmp(kind->name, "elf") == 0 || strcmp(kind->name, "data") == 0;
}

pb_bytes pb_squashfs_find(pb_bytes b)
{
	const uint8_t *p;
	pb_squash_super s;

	for (int i = 0; i < TRIES && b.size >= SUPER && (p = memmem(b.data, b.size, "hsqs", 4)) != NULL; i++) {
		b = pb_slice(b, (size_t)(p - b.data), b.size);
		if (pb_squash_super_read(b, &s))
			return s.b;
		b = pb_slice(b, 4, b.size);
	}
	return (pb_bytes){NULL, 0};
}

static bool load(const pb_squash_super *s, pb_squash_cursor *c, uint64_t block)
{
	uint32_t size, packed;
	pb_bytes in;
	int64_t n;

	c->block = UINT64_MAX;
	c->have = c->at = 0;
	if (block > s->b.size || s->b.size - block < 2)
		return false;
	size = pb_le16(s->b.data + block);
	packed = size & (RAW - 1);
	if (packed == 0 || packed > PB_SQUASH_META || packed > s->b.size - block - 2)
		return false;
	in = pb_slice(s->b, (size_t)block + 2, packed);
	if (!in.data)
		return false;
	if (size & RAW)
		memcpy(c->bytes, in.data, n = packed);
	else
		n = pb_squash_block(s->compressor, in, c->bytes, sizeof c->bytes);
	if (n <= 0)
		return false;
	c->have = (size_t)n;
	c->block = block;
	c->next = block + 2 + packed;
	return true;
}

bool pb_squash_seek(const pb_squash_super *s, pb_squash_cursor *c, uint64_t block, size_t at)
{
	if (c->block != block && !load(s, c, block))
		return false;
	c->at = at;
	return at <= c->have;
}

bool pb_squash_take(const pb_squash_super *s, pb_squash_cursor *c, void *out, size_t n)
{
	uint8_t *to = out;

	while (n > 0) {
		size_t some;

		if (c->at == c->have && (c->block == UINT64_MAX || !load(s, c, c->next)))
			return false;
		some = c->have - c->at < n ? c->have - c->at : n;
		if (to != NULL) {
			memcpy(to, c->bytes + c->at, some);
			to += some;
		}
		c->at += some;
		n -= some;
	}
	return true;
}
