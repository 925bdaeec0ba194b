/* What a scan tells, as entries of the stream's ring. A wait is bounded (room_us each, PB_ROOMS of them a scan); what
 * finds no room is counted as lost. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "clamav/hook.h"

size_t pb_tell_length(const char *text)
{
	return text != NULL ? strnlen(text, PB_EVENT_NAME) : 0;
}

uint32_t pb_tell_opened(const pb_scan *s)
{
	return pb_engine_opens(s->hooked) ? s->opened : PB_OPENED_UNKNOWN;
}

/* Waits for room, at most `most` microseconds. */
static void *wait_for_room(pb_scan *s, size_t n, uint64_t most)
{
	pb_thread *t = s->thread;
	int64_t start;
	uint64_t waited;
	void *room;

	if (most > t->stream.room_us)
		most = t->stream.room_us;
	if (most == 0 || pb_ring_gone(t->stream.ring))
		return NULL;
	start = pb_now_ns();
	room = pb_ring_reserve(t->stream.ring, n, (uint32_t)most);
	waited = (uint64_t)(pb_now_ns() - start) / 1000;
	t->room_left_us -= waited < t->room_left_us ? waited : t->room_left_us;
	atomic_fetch_add_explicit(pb_ring_word(t->stream.ring, PB_WORD_WAITED_US), waited, memory_order_relaxed);
	return room;
}

/* An inherited stream is the parent's: a child that was forked within a callback has nothing to say there. */
static bool usable(pb_scan *s)
{
	if (s->number != 0 && pb_stream_mine(&s->thread->stream))
		return true;
	s->number = 0;
	return false;
}

void *pb_tell_room(pb_scan *s, size_t n)
{
	pb_ring *ring = s->thread->stream.ring;
	void *room = pb_ring_reserve(ring, n, 0);

	return room != NULL ? room : wait_for_room(s, n, s->thread->room_left_us);
}

void pb_tell_commit(pb_scan *s, size_t n, bool urgent)
{
	pb_ring_commit(s->thread->stream.ring, n, urgent);
}

/* The reader counts on the whole object, or on hearing that it is cut: that comes before anything else. */
static bool settle(pb_scan *s)
{
	pb_event_chunk cut = {.head = {PB_EVENT_MORE, s->number}, .serial = s->owes, .cut = 1};
	void *room;

	if (s->owes == 0)
		return true;
	if ((room = pb_tell_room(s, sizeof cut)) == NULL)
		return false;
	memcpy(room, &cut, sizeof cut);
	pb_tell_commit(s, sizeof cut, false);
	s->owes = 0;
	return true;
}

bool pb_tell_wanted(pb_scan *s)
{
	pb_tell_begin(s);
	if (!usable(s))
		return false;
	if (atomic_load_explicit(pb_ring_word(s->thread->stream.ring, PB_WORD_SKIP), memory_order_relaxed) == s->number)
		return false;
	if (settle(s))
		return true;
	s->lost++;
	return false;
}

static size_t where_leads(int fd, char *path, size_t size)
{
	char link[64];
	ssize_t n;

	(void)snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
	n = readlink(link, path, size);
	return n > 0 && (size_t)n < size && path[0] == '/' ? (size_t)n : 0;
}

static int look(const pb_scan *s, struct stat *st)
{
	if (s->fd >= 0)
		return fstat(s->fd, st);
	return s->fd == PB_FD_LATER && s->name != NULL ? stat(s->name, st) : -1;
}

/* FNV-1a, byte by byte. */
static uint32_t mix(uint32_t h, uint64_t value)
{
	for (int i = 0; i < 8; i++, value >>= 8)
		h = (h ^ (uint8_t)value) * 16777619u;
	return h;
}

/* What shapes which objects a scan shows, beside the file and the signatures. Never 0. */
static uint32_t settings_of(const pb_scan *s)
{
	static const enum cl_engine_field limits[] = {
	    CL_ENGINE_MAX_SCANSIZE,      CL_ENGINE_MAX_FILESIZE,      CL_ENGINE_MAX_RECURSION,       CL_ENGINE_MAX_FILES,
	    CL_ENGINE_MAX_EMBEDDEDPE,    CL_ENGINE_MAX_HTMLNORMALIZE, CL_ENGINE_MAX_SCRIPTNORMALIZE, CL_ENGINE_MAX_ZIPTYPERCG,
	    CL_ENGINE_MAX_PARTITIONS,    CL_ENGINE_MAX_ICONSPE,       CL_ENGINE_MAX_RECHWP3,         CL_ENGINE_MAX_SCANTIME,
	};
	__typeof__(&cl_engine_get_num) get = PB_REAL(cl_engine_get_num);
	const struct cl_scan_options *o = s->options;
	uint32_t h = mix(2166136261u, o != NULL);

	if (o != NULL)
		h = mix(mix(mix(mix(mix(h, o->general), o->parse), o->heuristic), o->mail), o->dev);
	for (size_t i = 0; get != NULL && i < sizeof limits / sizeof limits[0]; i++)
		h = mix(h, (uint64_t)get(s->engine, limits[i], NULL));
	return h != 0 ? h : 1;
}

/* By what the host scans: an engine that was replaced (RELOAD) has another number, its database another version. */
static void describe_engine(const pb_scan *s, pb_event_begin *e)
{
	__typeof__(&cl_engine_get_num) get = PB_REAL(cl_engine_get_num);
	int failed = CL_SUCCESS;

	e->engine = atomic_load(&s->hooked->serial);
	e->settings = settings_of(s);
	e->allmatch = s->options != NULL && (s->options->general & CL_SCAN_GENERAL_ALLMATCHES) != 0;
	if (get == NULL)
		return;
	e->db_version = (uint32_t)get(s->engine, CL_ENGINE_DB_VERSION, &failed);
	e->db_time = failed == CL_SUCCESS ? get(s->engine, CL_ENGINE_DB_TIME, &failed) : 0;
	if (failed != CL_SUCCESS)
		e->db_version = 0;
}

/* A scan whose beginning finds no room is not told at all: the gap in the numbers shows it. */
void pb_tell_begin(pb_scan *s)
{
	pb_event_begin e = {.head = {PB_EVENT_BEGIN, s->number}, .outer = s->outer};
	char path[PB_EVENT_NAME], *room;
	struct stat st;

	if (s->begun || !usable(s))
		return;
	s->begun = true;
	describe_engine(s, &e);
	e.name_size = (uint32_t)pb_tell_length(s->name);
	if (look(s, &st) == 0 && S_ISREG(st.st_mode)) {
		e.has_file = 1;
		e.size = (uint64_t)st.st_size;
		e.device = st.st_dev;
		e.inode = st.st_ino;
		e.mtime_ns = (int64_t)st.st_mtim.tv_sec * 1000000000 + st.st_mtim.tv_nsec;
		if (s->fd >= 0)
			e.path_size = (uint32_t)where_leads(s->fd, path, sizeof path);
	}
	room = pb_tell_room(s, sizeof e + e.name_size + e.path_size);
	if (room == NULL) {
		s->number = 0;
		if (s == s->thread->scan)
			pb_missed_add(1);
		return;
	}
	if (s == s->thread->scan)
		atomic_fetch_add(pb_ring_word(s->thread->stream.ring, PB_WORD_SCANS), 1);
	memcpy(room, &e, sizeof e);
	if (e.name_size > 0)
		memcpy(room + sizeof e, s->name, e.name_size);
	memcpy(room + sizeof e + e.name_size, path, e.path_size);
	pb_tell_commit(s, sizeof e + e.name_size + e.path_size, false);
}

void pb_tell_meta(pb_scan *s, const char *type, const char *name, uint64_t size, bool encrypted)
{
	pb_event_meta e = {.head = {PB_EVENT_META, s->number},
	                   .size = size,
	                   .encrypted = encrypted,
	                   .opened = pb_tell_opened(s)};
	char *room;

	if (!pb_tell_wanted(s))
		return;
	e.type_size = (uint32_t)pb_tell_length(type);
	e.name_size = (uint32_t)pb_tell_length(name);
	room = pb_tell_room(s, sizeof e + e.type_size + e.name_size);
	if (room == NULL) {
		s->lost++;
		return;
	}
	memcpy(room, &e, sizeof e);
	if (e.type_size > 0)
		memcpy(room + sizeof e, type, e.type_size);
	if (e.name_size > 0)
		memcpy(room + sizeof e + e.type_size, name, e.name_size);
	pb_tell_commit(s, sizeof e + e.type_size + e.name_size, false);
}

void pb_tell_found(pb_scan *s, int fd, const char *signature)
{
	pb_event_found e = {.head = {PB_EVENT_FOUND, s->number}, .fd = fd, .opened = pb_tell_opened(s)};
	char *room;

	if (!pb_tell_wanted(s))
		return;
	e.name_size = (uint32_t)pb_tell_length(signature);
	room = pb_tell_room(s, sizeof e + e.name_size);
	if (room == NULL) {
		s->lost++;
		return;
	}
	memcpy(room, &e, sizeof e);
	if (e.name_size > 0)
		memcpy(room + sizeof e, signature, e.name_size);
	pb_tell_commit(s, sizeof e + e.name_size, false);
}

/* Without its end a scan would stay open for ever on the other side: where it finds no room, the stream is given up. */
bool pb_tell_end(pb_scan *s, int result, const char *signature)
{
	pb_event_end e = {.head = {PB_EVENT_END, s->number},
	                  .result = result,
	                  .lost = s->lost,
	                  .objects = s->objects,
	                  .opened = pb_tell_opened(s)};
	pb_stream *st = &s->thread->stream;
	char *room;

	pb_tell_begin(s);
	if (!usable(s))
		return false;
	if (!settle(s))
		e.lost++; /* the end of the scan then ends the object that was cut */
	e.name_size = (uint32_t)pb_tell_length(signature);
	room = pb_ring_reserve(st->ring, sizeof e + e.name_size, 0);
	if (room == NULL)
		room = wait_for_room(s, sizeof e + e.name_size, st->room_us);
	if (room == NULL) {
		pb_stream_drop(st);
		return false;
	}
	memcpy(room, &e, sizeof e);
	if (e.name_size > 0)
		memcpy(room + sizeof e, signature, e.name_size);
	pb_tell_commit(s, sizeof e + e.name_size, true);
	return true;
}
