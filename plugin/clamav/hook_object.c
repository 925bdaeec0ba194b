/* An object on its way to the ring: in its own entry, in chunks, or as the descriptor of the file that is scanned. */
#include <string.h>
#include <sys/stat.h>

#include "clamav/hook.h"

enum {
	STRINGS = 24 << 10, /* type, name and ancestors; with PB_EVENT_INLINE well below a quarter of the ring */
	NONE = -1
};

_Static_assert(sizeof(pb_event_object) + STRINGS + PB_EVENT_INLINE <= PB_EVENT_RING / 4, "an entry has to fit");
_Static_assert(sizeof(pb_event_chunk) + PB_EVENT_CHUNK_MOST <= PB_EVENT_RING / 4, "an entry has to fit");

typedef struct entry {
	pb_event_object head;
	size_t strings; /* bytes of them, the lengths of the ancestors included */
	uint32_t ancestor[PB_EVENT_ANCESTORS];
} entry;

/* How much of it is told; NONE where there is none, or no more room. */
static uint32_t measure(entry *e, const char *text)
{
	size_t n = pb_tell_length(text);

	if (text == NULL || n > STRINGS - e->strings)
		return (uint32_t)NONE;
	e->strings += n;
	return (uint32_t)n;
}

static void prepare(entry *e, const pb_shown *o)
{
	uint32_t n = o->n_ancestors < PB_EVENT_ANCESTORS ? o->n_ancestors : PB_EVENT_ANCESTORS;

	e->strings = n * sizeof(uint32_t);
	e->head.n_ancestors = n;
	e->head.type_size = o->type != NULL ? measure(e, o->type) : 0; /* the first: it fits */
	e->head.name_size = measure(e, o->name);
	for (uint32_t i = 0; i < n; i++)
		e->ancestor[i] = measure(e, o->ancestors[i]);
}

static char *append(char *at, const void *bytes, size_t n)
{
	if (n > 0)
		memcpy(at, bytes, n);
	return at + n;
}

static char *append_strings(char *at, const entry *e, const pb_shown *o)
{
	at = append(at, o->type, e->head.type_size);
	if (e->head.name_size != (uint32_t)NONE)
		at = append(at, o->name, e->head.name_size);
	for (uint32_t i = 0; i < e->head.n_ancestors; i++) {
		at = append(at, &e->ancestor[i], sizeof e->ancestor[i]);
		if (e->ancestor[i] != (uint32_t)NONE)
			at = append(at, o->ancestors[i], e->ancestor[i]);
	}
	return at;
}

/* The file itself, where the buffer is certainly all of it: the outermost layer, of the descriptor that the host has
 * given. */
static bool is_whole_file(const pb_scan *s, const pb_shown *o)
{
	struct stat st;

	return o->level == 0 && o->fd >= 0 && (s->fd < 0 || o->fd == s->fd) && o->size >= PB_EVENT_DESCRIPTOR &&
	       fstat(o->fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size >= 0 && (uint64_t)st.st_size == o->size;
}

static bool send_descriptor(pb_scan *s, const pb_shown *o, uint32_t serial)
{
	const pb_stream_descriptor message = {.type = PB_STREAM_DESCRIPTOR, .scan = s->number, .serial = serial};

	return is_whole_file(s, o) && pb_stream_send_fd(&s->thread->stream, &message, o->fd);
}

static bool put(pb_scan *s, const entry *e, const pb_shown *o, size_t n, bool wait)
{
	size_t size = sizeof e->head + e->strings + n;
	char *room = wait ? pb_tell_room(s, size) : pb_ring_reserve(s->thread->stream.ring, size, 0);

	if (room == NULL)
		return false;
	append(append_strings(append(room, &e->head, sizeof e->head), e, o), o->bytes, n);
	pb_tell_commit(s, size, false);
	return true;
}

static void put_chunks(pb_scan *s, uint32_t serial, const char *bytes, uint64_t size)
{
	pb_event_chunk head = {.head = {PB_EVENT_MORE, s->number}, .serial = serial};

	while (size > 0) {
		size_t n = size < PB_EVENT_CHUNK_MOST ? (size_t)size : PB_EVENT_CHUNK_MOST;
		char *room = pb_tell_room(s, sizeof head + n);
		if (room == NULL) {
			s->owes = serial;
			return;
		}
		memcpy(room, &head, sizeof head);
		memcpy(room + sizeof head, bytes, n);
		pb_tell_commit(s, sizeof head + n, false);
		bytes += n;
		size -= n;
	}
}

static void tell(pb_scan *s, const pb_shown *o)
{
	bool inside = o->bytes != NULL && o->size <= PB_EVENT_INLINE;
	entry e;

	e.head = (pb_event_object){.head = {PB_EVENT_OBJECT, s->number},
	                           .serial = s->objects,
	                           .fd = o->fd,
	                           .level = o->level,
	                           .size = o->size,
	                           .parent_size = o->parent_size,
	                           .opened = pb_tell_opened(s)};
	prepare(&e, o);
	if (o->bytes == NULL)
		e.head.source = PB_BYTES_NONE;
	else if (inside)
		e.head.source = PB_BYTES_INLINE;
	else
		e.head.source = send_descriptor(s, o, s->objects) ? PB_BYTES_DESCRIPTOR : PB_BYTES_CHUNKS;
	if (put(s, &e, o, inside ? (size_t)o->size : 0, true)) {
		if (e.head.source == PB_BYTES_CHUNKS)
			put_chunks(s, s->objects, o->bytes, o->size);
		return;
	}
	e.head.source = PB_BYTES_DROPPED; /* its head alone may still fit */
	if (!put(s, &e, o, 0, false))
		s->lost++;
}

void pb_tell_object(pb_scan *s, const pb_shown *o)
{
	s->objects++;
	/* Of a libclamav whose functions call each other directly, the hook sees the outer call only. */
	if (s->fd == PB_FD_LATER && !s->begun && o->level == 0 && o->fd >= 0)
		s->fd = o->fd;
	if (pb_tell_wanted(s))
		tell(s, o);
}
