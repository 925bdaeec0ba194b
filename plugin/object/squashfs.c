/* squashfs 4.0: the file system of snaps, AppImages and much firmware. (libsqfs is LGPL-3-or-later, which cannot be
 * combined with libclamav's GPL-2.) The tree is walked from its root; a folder that stands in its own chain is passed
 * over. */
#include "object/squashfs.h"

#include <stdlib.h>
#include <string.h>

#include "object/archive_own.h"
#include "object/path.h"

enum {
	DEPTH = 128,
	FOLDERS = 1000000,
	RUN = 256,
	NAME = PB_PATH_PART,
	RAW_BLOCK = 1 << 24,
	NO_FRAGMENT = -1,
	LINK_MOST = 4096
};
enum { DIR = 1, FILE_ = 2, SYMLINK = 3, BLOCK = 4, CHAR = 5, FIFO = 6, SOCKET = 7, EXTENDED = 7 };

typedef struct folder {
	uint64_t inode; /* which it is */
	uint64_t block; /* where its list goes on */
	size_t at;
	uint32_t left;       /* bytes of the list */
	uint32_t run, start; /* entries left under this header, and the block of their inodes */
	size_t name;         /* bytes of the path up to here */
} folder;

typedef struct squash {
	pb_squash_super s;
	pb_squash_cursor inodes, names, table; /* table: of fragments and of ids */
	folder at[DEPTH];
	size_t depth, folders;
	char name[NAME], link[LINK_MOST + 1];
	/* the file that is read */
	uint64_t place, size, given;
	uint32_t fragment, in_fragment;
	uint8_t *block, *tail;
	uint64_t tail_place; /* of the fragment's block that is in tail; UINT64_MAX: none */
	size_t tail_have;
} squash;

typedef struct inode {
	unsigned type, mode;
	uint32_t uid, gid, links;
	uint64_t size, start;      /* of a folder: bytes and block of its list */
	uint32_t fragment, offset; /* of a folder: where in that block */
} inode;

static void shut(void *state)
{
	squash *q = state;

	free(q->block);
	free(q->tail);
	free(q);
}

/* An entry of a table that an array of places of blocks leads to. */
static bool entry_of(squash *q, uint64_t table, uint32_t index, size_t size, uint8_t *out)
{
	const uint32_t each = PB_SQUASH_META / (uint32_t)size;
	uint64_t at = table + (uint64_t)(index / each) * 8;

	if (table >= q->s.b.size || at > q->s.b.size || q->s.b.size - at < 8)
		return false;
	return pb_squash_seek(&q->s, &q->table, pb_le64(q->s.b.data + at), (index % each) * size) &&
	       pb_squash_take(&q->s, &q->table, out, size);
}

static uint32_t id_of(squash *q, unsigned index)
{
	uint8_t id[4];

	return index < q->s.ids && entry_of(q, q->s.id_table, index, 4, id) ? pb_le32(id) : 0;
}

static bool take(squash *q, uint8_t *out, size_t n)
{
	return pb_squash_take(&q->s, &q->inodes, out, n);
}

static bool read_folder(squash *q, bool extended, inode *i)
{
	uint8_t p[24];

	if (!take(q, p, extended ? 24 : 16))
		return false;
	i->links = pb_le32(p + (extended ? 0 : 4));
	i->size = extended ? pb_le32(p + 4) : pb_le16(p + 8);
	i->start = pb_le32(p + (extended ? 8 : 0));
	i->offset = extended ? pb_le16(p + 18) : pb_le16(p + 10);
	return true;
}

static bool read_file(squash *q, bool extended, inode *i)
{
	uint8_t p[40];

	if (!take(q, p, extended ? 40 : 16))
		return false;
	i->start = extended ? pb_le64(p) : pb_le32(p);
	i->size = extended ? pb_le64(p + 8) : pb_le32(p + 12);
	i->links = extended ? pb_le32(p + 24) : 1;
	i->fragment = pb_le32(p + (extended ? 28 : 4));
	i->offset = pb_le32(p + (extended ? 32 : 8));
	return i->size <= INT64_MAX;
}

static bool read_link(squash *q, inode *i)
{
	uint8_t p[8];
	uint32_t n;

	if (!take(q, p, 8))
		return false;
	i->links = pb_le32(p);
	n = pb_le32(p + 4);
	q->link[0] = '\0';
	if (n > LINK_MOST || !take(q, (uint8_t *)q->link, n))
		return false;
	q->link[n] = '\0';
	return true;
}

/* where: as directories say it, the block's place behind the table's begin in the upper bits, and what of it is before
 * the inode. What follows in q->inodes are the sizes of a file's blocks. */
static bool read_inode(squash *q, uint64_t where, inode *i)
{
	uint8_t p[16];
	uint64_t block;

	*i = (inode){.links = 1};
	if (__builtin_add_overflow(q->s.inode_table, where >> 16, &block) ||
	    !pb_squash_seek(&q->s, &q->inodes, block, where & 0xffff) || !take(q, p, 16))
		return false;
	i->type = pb_le16(p);
	i->mode = pb_le16(p + 2) & 07777;
	i->uid = id_of(q, pb_le16(p + 4));
	i->gid = id_of(q, pb_le16(p + 6));
	bool extended = i->type > EXTENDED;
	if (extended)
		i->type -= EXTENDED;
	switch (i->type) {
	case DIR:
		return read_folder(q, extended, i);
	case FILE_:
		return read_file(q, extended, i);
	case SYMLINK:
		return read_link(q, i);
	default:
		return i->type >= BLOCK && i->type <= SOCKET;
	}
}

static bool enter(squash *q, uint64_t where, const inode *i, size_t name)
{
	uint64_t block;

	for (size_t k = 0; k < q->depth; k++)
		if (q->at[k].inode == where)
			return false; /* it lies in itself */
	if (q->depth == DEPTH || q->folders++ >= FOLDERS || __builtin_add_overflow(q->s.dir_table, i->start, &block))
		return false;
	/* "." and ".." count three bytes, and are not in the list */
	q->at[q->depth++] = (folder){.inode = where,
	                             .block = block,
	                             .at = i->offset,
	                             .left = i->size > 3 ? (uint32_t)i->size - 3 : 0,
	                             .name = name};
	return true;
}

static int open_squashfs(pb_bytes b, void **state)
{
	squash *q = calloc(1, sizeof *q);
	inode root;

	if (q == NULL)
		return PB_ENOMEM;
	q->inodes.block = q->names.block = q->table.block = q->tail_place = UINT64_MAX;
	if (pb_squash_super_read(b, &q->s) && !pb_squash_known(q->s.compressor)) {
		shut(q);
		return PB_EINPUT;
	}
	if (q->s.b.size == 0 || !read_inode(q, q->s.root, &root) || root.type != DIR ||
	    !enter(q, q->s.root, &root, 0)) {
		shut(q);
		return PB_ECORRUPT;
	}
	q->block = malloc(q->s.block_size);
	q->tail = malloc(q->s.block_size);
	if (q->block == NULL || q->tail == NULL) {
		shut(q);
		return PB_ENOMEM;
	}
	*state = q;
	return PB_OK;
}

/* The next n bytes of the folder's list. */
static bool list(squash *q, folder *f, uint8_t *out, size_t n)
{
	if (n > f->left || !pb_squash_take(&q->s, &q->names, out, n))
		return false;
	f->left -= (uint32_t)n;
	return true;
}

/* The next name of the folder, into q->name behind the folder's own. 1, 0: there is none, -1: the rest of it cannot be
 * read. */
static int next_name(squash *q, folder *f, uint64_t *where, size_t *name)
{
	uint8_t p[12], e[8];
	size_t n, slash = f->name > 0;
	bool fine;

	if (f->left == 0 && f->run == 0)
		return 0;
	if (!pb_squash_seek(&q->s, &q->names, f->block, f->at))
		return -1;
	if (f->run == 0) {
		if (!list(q, f, p, 12) || pb_le32(p) >= RUN)
			return -1;
		f->run = pb_le32(p) + 1;
		f->start = pb_le32(p + 4);
	}
	if (!list(q, f, e, 8))
		return -1;
	n = pb_le16(e + 6) + 1;
	if (n > 256 || n + slash + 1 > NAME - f->name)
		return -1;
	if (slash)
		q->name[f->name] = '/';
	fine = list(q, f, (uint8_t *)q->name + f->name + slash, n);
	*name = f->name + slash + n;
	q->name[*name] = '\0';
	*where = (uint64_t)f->start << 16 | pb_le16(e);
	f->run--;
	f->block = q->names.block;
	f->at = q->names.at;
	return fine && memchr(q->name + f->name, '\0', *name - f->name) == NULL ? 1 : -1;
}

static void fill(squash *q, const inode *i, pb_entry *entry)
{
	static const pb_entry_type types[] = {PB_ENTRY_OTHER,  PB_ENTRY_DIR,    PB_ENTRY_FILE, PB_ENTRY_SYMLINK,
	                                      PB_ENTRY_DEVICE, PB_ENTRY_DEVICE, PB_ENTRY_FIFO, PB_ENTRY_OTHER};

	*entry = (pb_entry){
	    .name = q->name, .type = types[i->type], .mode = i->mode, .uid = i->uid, .gid = i->gid, .size = -1};
	q->size = q->given = 0;
	if (i->type == SYMLINK)
		entry->link = q->link;
	if (i->type != FILE_)
		return;
	entry->size = (int64_t)i->size;
	q->size = i->size;
	q->place = i->start;
	q->fragment = i->fragment;
	q->in_fragment = i->offset;
}

static int next(void *state, pb_entry *entry, bool *damaged)
{
	squash *q = state;

	*damaged |= q->s.cut;
	while (q->depth > 0) {
		folder *f = &q->at[q->depth - 1];
		uint64_t where;
		size_t name;
		inode i;
		int rc = next_name(q, f, &where, &name);

		if (rc <= 0) {
			*damaged |= rc < 0;
			q->depth--;
			continue;
		}
		if (!read_inode(q, where, &i)) {
			*damaged = true;
			continue;
		}
		fill(q, &i, entry);
		if (i.type == DIR && !enter(q, where, &i, name))
			*damaged = true;
		return PB_READ_MORE;
	}
	return PB_READ_END;
}

/* The end of a file, which shares a block with those of others. */
static bool read_tail(squash *q, size_t n, pb_bytes *block)
{
	uint8_t e[16];
	uint64_t place;
	uint32_t size, packed;
	int64_t have;

	if (q->fragment >= q->s.fragments || !entry_of(q, q->s.fragment_table, q->fragment, 16, e))
		return false;
	place = pb_le64(e);
	size = pb_le32(e + 8);
	packed = size & (RAW_BLOCK - 1);
	if (place > q->s.b.size || packed == 0 || packed > q->s.b.size - place)
		return false;
	if (q->tail_place != place) {
		pb_bytes in = pb_slice(q->s.b, (size_t)place, packed);

		if (!in.data)
			return false;
		q->tail_place = UINT64_MAX;
		if ((size & RAW_BLOCK) == 0)
			have = pb_squash_block(q->s.compressor, in, q->tail, q->s.block_size);
		else if (packed <= q->s.block_size)
			memcpy(q->tail, in.data, (size_t)(have = packed));
		else
			have = -1;
		if (have < 0)
			return false;
		q->tail_have = (size_t)have;
		q->tail_place = place;
	}
	if (q->in_fragment > q->tail_have || n > q->tail_have - q->in_fragment)
		return false;
	*block = (pb_bytes){q->tail + q->in_fragment, n};
	return true;
}

/* A whole block, or the last one of a file that shares none. A size of 0 is a hole. */
static bool read_block(squash *q, size_t n, pb_bytes *block)
{
	uint8_t p[4];
	uint32_t size, packed;
	pb_bytes in;

	if (!take(q, p, 4))
		return false;
	size = pb_le32(p);
	packed = size & (RAW_BLOCK - 1);
	if (packed == 0) {
		memset(q->block, 0, n);
	} else {
		if (q->place > q->s.b.size || packed > q->s.b.size - q->place)
			return false;
		in = pb_slice(q->s.b, (size_t)q->place, packed);
		q->place += packed;
		if (!in.data)
			return false;
		if (size & RAW_BLOCK ? packed != n
		                     : pb_squash_block(q->s.compressor, in, q->block, q->s.block_size) != (int64_t)n)
			return false;
		if (size & RAW_BLOCK)
			memcpy(q->block, in.data, n);
	}
	*block = (pb_bytes){q->block, n};
	return true;
}

static int data(void *state, pb_bytes *block, uint64_t *at)
{
	squash *q = state;
	uint64_t left = q->size - q->given;
	size_t n = left < q->s.block_size ? (size_t)left : q->s.block_size;
	bool fine;

	if (left == 0)
		return PB_READ_END;
	fine = n < q->s.block_size && q->fragment != (uint32_t)NO_FRAGMENT ? read_tail(q, n, block)
	                                                                   : read_block(q, n, block);
	if (!fine) {
		q->given = q->size;
		return PB_READ_BROKEN_MEMBER;
	}
	*at = q->given;
	q->given += n;
	return PB_READ_MORE;
}

const pb_own_format pb_squashfs_format = {"squashfs", open_squashfs, shut, next, data};
