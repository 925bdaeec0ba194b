/* Unpacks what ClamAV does not open, one member at a time, into a buffer or a file that grows as bytes arrive. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "object/archive.h"
#include "object/archive_reader.h"
#include "object/content.h"

enum {
	RATIO_FROM = 16 << 20,   /* unpacked bytes from which on the ratio is judged */
	STREAM_FROM = 256 << 20, /* announced bytes from which on a tar in a container is read member by member */
};

typedef struct unpacker {
	const pb_unpack *how;
	pb_reader *reader;
	pb_bytes packed;
	uint64_t unpacked; /* of this container */
	pb_content content; /* of the current member */
	bool over;         /* a budget of the whole is spent: no further member */
	bool told;         /* damage that ends the container was told already */
} unpacker;

static int one_entry(unpacker *u, const pb_kind *kind, const pb_entry *e);

/* What became of a member. */
enum { MEMBER_WHOLE, MEMBER_CUT, MEMBER_DROPPED };

/* Tells a limit on the container (name NULL) or on one of its members. */
static void tell(const unpacker *u, const char *name, const char *why)
{
	pb_path path;

	if (u->how->limit == NULL)
		return;
	if (name == NULL || pb_path_copy(u->how->path, &path) != PB_OK) {
		u->how->limit(u->how->user, u->how->path, why);
		return;
	}
	(void)pb_path_push(&path, name); /* where that fails, the container's own chain must do */
	u->how->limit(u->how->user, &path, why);
	pb_path_free(&path);
}

static void tell_number(const unpacker *u, const char *name, const char *before, uint64_t number, const char *after)
{
	char why[96];

	(void)snprintf(why, sizeof why, "%s%llu%s", before, (unsigned long long)number, after);
	tell(u, name, why);
}

/* Makes room in the budgets for the member's growth to size bytes. */
static int charge(unpacker *u, const char *name, uint64_t size)
{
	const pb_budget *most = u->how->budget;
	uint64_t grown = size - u->content.size, left;

	if (size > most->member_bytes) {
		tell_number(u, name, "member larger than ", most->member_bytes, " bytes");
		return MEMBER_DROPPED;
	}
	left = *u->how->total < most->total_bytes ? most->total_bytes - *u->how->total : 0;
	if (grown > left) {
		tell_number(u, NULL, "more than ", most->total_bytes, " bytes unpacked");
		u->over = true;
		return MEMBER_DROPPED;
	}
	if (u->unpacked + grown > RATIO_FROM && (u->unpacked + grown) / most->ratio > u->packed.size) {
		tell_number(u, NULL, "unpacks to more than ", most->ratio, " times its size");
		u->over = true;
		return MEMBER_DROPPED;
	}
	*u->how->total += grown;
	u->unpacked += grown;
	return MEMBER_WHOLE;
}

/* Reads the content of the current member. A negative code, or what became of it. */
static int read_member(unpacker *u, const char *name)
{
	pb_bytes block;
	uint64_t at, end;
	int rc, fate;

	pb_content_clear(&u->content);
	while ((rc = pb_reader_data(u->reader, &block, &at)) == PB_READ_MORE) {
		if (__builtin_add_overflow(at, (uint64_t)block.size, &end) || at < u->content.size) {
			rc = PB_READ_BROKEN_MEMBER; /* blocks that go back */
			break;
		}
		fate = charge(u, name, end);
		if (fate != MEMBER_WHOLE)
			return fate;
		rc = pb_content_add(&u->content, block, at);
		if (rc == PB_EIO) {
			tell(u, name, PB_WHY_DISK);
			return MEMBER_DROPPED;
		}
		if (rc != PB_OK)
			return rc;
	}
	if (rc == PB_READ_END)
		return MEMBER_WHOLE;
	tell(u, name, PB_WHY_DAMAGED);
	u->told = rc == PB_READ_BROKEN;
	return MEMBER_CUT;
}

static int hand_over(unpacker *u, const char *name)
{
	pb_bytes bytes;
	int rc = pb_content_bytes(&u->content, &bytes);

	if (rc == PB_OK)
		rc = u->how->member(u->how->user, name, bytes);
	pb_content_clear(&u->content);
	return rc;
}

/* Is there content in it that nobody else hands over? */
static bool wanted(const pb_entry *e, const pb_kind *kind)
{
	if (strcmp(kind->name, "zip-lzma") == 0 && !e->clamav_lacks)
		return false; /* ClamAV delivers it */
	return (e->type == PB_ENTRY_FILE && !e->elsewhere) || (e->type == PB_ENTRY_HARDLINK && e->size > 0);
}

static bool is_tar(const char *name)
{
	static const char *const ends[] = {".tar", ".tar.gz", ".tgz", ".tar.xz", ".txz", ".tar.zst", ".tar.bz2"};
	size_t n = name != NULL ? strlen(name) : 0;

	for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++)
		if (n > strlen(ends[i]) && strcmp(name + n - strlen(ends[i]), ends[i]) == 0)
			return true;
	return false;
}

/* A tar that would be hundreds of megabytes as one object: its members, one by one. */
static int stream(unpacker *u, const char *name)
{
	unpacker inner = *u;
	pb_entry entry;
	int rc = pb_reader_open_inside(u->reader, &inner.reader), step = PB_READ_BROKEN;

	tell(u, name, PB_WHY_STREAMED);
	if (rc != PB_OK) {
		tell(u, name, PB_WHY_DAMAGED);
		return rc == PB_ECORRUPT ? PB_OK : rc;
	}
	inner.content = (pb_content){.file = u->how->file, .user = u->how->user};
	rc = u->how->within(u->how->user, name);
	while (rc == 0 && !inner.over && (step = pb_reader_next(inner.reader, &entry)) == PB_READ_MORE)
		rc = one_entry(&inner, pb_kind_named("tar"), &entry);
	if (rc == 0)
		rc = u->how->within(u->how->user, NULL);
	if (rc == 0 && (step == PB_READ_BROKEN || pb_reader_damaged(inner.reader)))
		tell(u, name, PB_WHY_DAMAGED);
	pb_reader_close(inner.reader);
	pb_content_free(&inner.content);
	u->unpacked = inner.unpacked;
	u->over = inner.over;
	return rc;
}

/* One member: 0 to go on, or the code to end with. */
static int one_member(unpacker *u, const pb_entry *e, const char *name)
{
	int rc;

	if (e->encrypted) {
		tell(u, name, PB_WHY_ENCRYPTED);
		return 0;
	}
	if (u->how->within != NULL && e->size >= STREAM_FROM && is_tar(name))
		return stream(u, name);
	rc = read_member(u, name);
	if (rc == MEMBER_DROPPED || (rc == MEMBER_CUT && u->content.size == 0))
		return 0;
	return rc < 0 ? rc : hand_over(u, name);
}

static int one_entry(unpacker *u, const pb_kind *kind, const pb_entry *e)
{
	pb_member_name name = {0};
	int rc;

	if (!wanted(e, kind))
		return 0;
	if (*u->how->members >= u->how->budget->members) {
		tell_number(u, NULL, "more than ", u->how->budget->members, " members");
		u->over = true;
		return 0;
	}
	++*u->how->members;
	if (e->name != NULL && pb_member_name_read(e->name, strlen(e->name), &name) != PB_OK)
		return PB_ENOMEM;
	rc = one_member(u, e, name.name);
	free(name.name);
	return rc;
}

int pb_archive_unpack(pb_bytes bytes, const pb_kind *kind, const pb_unpack *how)
{
	unpacker u = {.how = how, .packed = bytes, .content = {.file = how->file, .user = how->user}};
	pb_entry entry;
	int rc = pb_reader_open(bytes, kind, &u.reader), step = PB_READ_BROKEN;

	if (rc == PB_ECORRUPT || rc == PB_EINPUT) {
		tell(&u, NULL, rc == PB_EINPUT ? PB_WHY_PACKING : PB_WHY_DAMAGED);
		return PB_OK;
	}
	while (rc == 0 && !u.over && (step = pb_reader_next(u.reader, &entry)) == PB_READ_MORE)
		rc = one_entry(&u, kind, &entry);
	if (rc == 0 && !u.told && (step == PB_READ_BROKEN || pb_reader_damaged(u.reader)))
		tell(&u, NULL, pb_reader_encrypted(u.reader) ? PB_WHY_ENCRYPTED : PB_WHY_DAMAGED);
	if (rc == 0 && step == PB_READ_END && kind->layer && pb_reader_rest(u.reader) > 0)
		tell(&u, NULL, "bytes behind the end of the stream");
	pb_reader_close(u.reader);
	pb_content_free(&u.content);
	return rc;
}
