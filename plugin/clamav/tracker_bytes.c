#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "clamav/tracker_stream.h"

int pb_awaited_add(pb_tracker *t, pb_awaited *a, pb_bytes piece)
{
	size_t need, cap = a->cap;
	uint8_t *grown;

	if (piece.size > a->seen.size - a->got)
		return PB_ECORRUPT;
	need = a->got + piece.size;
	if (!a->discard && need > a->cap) {
		/* As the pieces come: what is announced may be a lie. */
		while (cap < need)
			cap = cap > 0 ? cap * 2 : (size_t)PB_EVENT_CHUNK_MOST * 2;
		if (cap > a->seen.size)
			cap = a->seen.size;
		if (cap - a->cap > PB_TRAIL_HELD - t->held)
			return PB_ELIMIT;
		grown = realloc(a->bytes, cap);
		if (grown == NULL)
			return PB_ENOMEM;
		t->held += cap - a->cap;
		a->bytes = grown;
		a->cap = cap;
	}
	if (!a->discard && piece.size > 0)
		memcpy(a->bytes + a->got, piece.data, piece.size);
	a->got = need;
	return PB_OK;
}

void pb_awaited_clear(pb_tracker *t, pb_awaited *a)
{
	t->held -= a->cap;
	free(a->bytes);
	free(a->strings);
	*a = (pb_awaited){.is = false};
}

static bool read_all(int fd, uint8_t *to, size_t n)
{
	size_t at = 0;

	while (at < n) {
		ssize_t got = pread(fd, to + at, n - at, (off_t)at);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return false;
		at += (size_t)got;
	}
	return true;
}

static bool same(const pb_tracked *scan, const struct stat *st)
{
	int64_t seconds = st->st_mtim.tv_sec, mtime;

	if (__builtin_mul_overflow(seconds, (int64_t)1000000000, &mtime) ||
	    __builtin_add_overflow(mtime, (int64_t)st->st_mtim.tv_nsec, &mtime))
		mtime = 0;
	return pb_tracked_same_file(scan, st->st_dev, st->st_ino, mtime);
}

bool pb_file_read(pb_tracker *t, const pb_tracked *scan, int fd, uint64_t size, pb_file_bytes *out)
{
	struct stat st;
	uint8_t *room;

	*out = (pb_file_bytes){.changed = false};
	/* Read, never mapped: whoever owns the file can shorten it under us. */
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || st.st_size < 0 || (uint64_t)st.st_size != size ||
	    size == 0 || size > PB_LANE_AREA)
		return false;
	/* A room for a large object stays ours when notes are put before the object; one for a small object does not.
	 */
	if (size > PB_LANE_LARGE)
		room = pb_lane_room(t->lane, (size_t)size);
	else
		room = out->own = malloc((size_t)size);
	if (room == NULL) {
		t->failed = size > PB_LANE_LARGE ? PB_EIO : t->failed;
		return false;
	}
	if (!read_all(fd, room, (size_t)size)) {
		free(out->own);
		out->own = NULL;
		return false;
	}
	out->changed = !same(scan, &st) || fstat(fd, &st) != 0 || !same(scan, &st) || (uint64_t)st.st_size != size;
	out->bytes = (pb_bytes){room, (size_t)size};
	return true;
}
