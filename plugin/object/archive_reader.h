/* The one door to libarchive: members of a container one after the other, from memory. Used by object/, and for packs of rules. */
#ifndef PROBITY_OBJECT_ARCHIVE_READER_H
#define PROBITY_OBJECT_ARCHIVE_READER_H

#include "base/error.h"
#include "object/kind.h"

typedef struct pb_reader pb_reader;

typedef enum pb_entry_type { PB_ENTRY_FILE, PB_ENTRY_DIR, PB_ENTRY_SYMLINK, PB_ENTRY_HARDLINK, PB_ENTRY_DEVICE, PB_ENTRY_FIFO,
	PB_ENTRY_OTHER } pb_entry_type;

/* Borrowed from the reader until its next call. */
typedef struct pb_entry {
	const char *name; /* raw bytes; NULL for the payload of a compression layer */
	const char *link; /* raw target, NULL where it is no link */
	pb_entry_type type;
	unsigned mode;    /* permission bits, 07777 */
	int64_t uid, gid;
	int64_t size;     /* as the header says it; -1 unknown */
	int64_t mtime;    /* seconds since 1970; 0 unknown */
	bool elsewhere;   /* of several hard links, one that has no content of its own: it stands at another of them */
	bool encrypted;
	bool clamav_lacks; /* of a zip: packed by a method that ClamAV does not know */
} pb_entry;

/* What a step ended in. */
enum { PB_READ_END = 0, PB_READ_MORE = 1, PB_READ_BROKEN_MEMBER = -101, PB_READ_BROKEN = -102 };

/* bytes stay the caller's and must outlive the reader. 0; PB_ENOMEM; PB_ECORRUPT: nothing in it can be read; PB_EINPUT:
 * it is packed in a way that nobody here unpacks. */
int pb_reader_open(pb_bytes bytes, const pb_kind *kind, pb_reader **out);
/* The members of a tar, packed or not, that is the current member of outer: they are read as it is unpacked, so that it is never there as a
 * whole. outer must not be used before this one is closed. */
int pb_reader_open_inside(pb_reader *outer, pb_reader **out);
void pb_reader_close(pb_reader *r); /* NULL is fine */

/* The next member: PB_READ_MORE with entry filled, PB_READ_END, PB_READ_BROKEN (no further member can be read). */
int pb_reader_next(pb_reader *r, pb_entry *entry);

/* The next block of the member's content, at offset `at` of it (greater than the end of the last one where the file has holes):
 * PB_READ_MORE, PB_READ_END, PB_READ_BROKEN_MEMBER, PB_READ_BROKEN. */
int pb_reader_data(pb_reader *r, pb_bytes *block, uint64_t *at);

/* Bytes of the input that no layer has taken: garbage behind a compressed stream. Meaningful at PB_READ_END of a layer only. */
uint64_t pb_reader_rest(const pb_reader *r);

/* The end of the last frame of a zstd stream (zstd_end.c); the size of b where a frame is cut. */
size_t pb_zstd_end(pb_bytes b);

/* Was something unreadable passed over? Where members can still be found behind it, they are. */
bool pb_reader_damaged(const pb_reader *r);

/* Has an encrypted member or header been met? */
bool pb_reader_encrypted(const pb_reader *r);

#endif
