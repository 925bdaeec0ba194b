/* The events of a host, taken apart. Nothing here is believed: lengths, order, numbers. */
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clamav/tracker_stream.h"

/* What of an event was not read yet. */
typedef struct rest {
	const uint8_t *at;
	size_t n;
} rest;

static bool take(rest *r, size_t n, pb_bytes *out)
{
	if (n > r->n)
		return false;
	*out = (pb_bytes){r->at, n};
	r->at += n;
	r->n -= n;
	return true;
}

static bool take_string(rest *r, uint32_t size, pb_bytes *out)
{
	return size <= PB_EVENT_NAME && take(r, size, out);
}

/* Copies the fixed part of an event; false: it is shorter. */
static bool take_head(rest *r, void *head, size_t n)
{
	pb_bytes b;

	if (!take(r, n, &b))
		return false;
	memcpy(head, b.data, n);
	return true;
}

/* A string of ours at *to, NUL-terminated; *to moves behind it. */
static const char *put_string(char **to, pb_bytes b)
{
	char *s = *to;

	if (b.size > 0)
		memcpy(s, b.data, b.size);
	s[b.size] = '\0';
	*to = s + b.size + 1;
	return s;
}

/* The scan that an event is of, brought to the top: a nested one above it has ended without a word. NULL: no such scan.
 */
static pb_tracked *scan_of(pb_trail *s, uint32_t number)
{
	size_t at = s->n;

	while (at > 0 && pb_tracked_number(s->scan[at - 1]) != number)
		at--;
	if (at == 0)
		return NULL;
	pb_trail_abandon(s, at, NULL);
	return s->scan[at - 1];
}

static int on_begin(pb_trail *s, rest *r)
{
	pb_event_begin e;
	pb_bytes name, path;
	pb_tracked *outer = NULL, *scan;

	if (!take_head(r, &e, sizeof e) || !take_string(r, e.name_size, &name) || !take_string(r, e.path_size, &path) ||
	    r->n > 0 || e.head.scan <= s->last_scan || e.size > INT64_MAX)
		return PB_ECORRUPT;
	pb_trail_settle(s, true);
	if (e.outer == 0) /* the end of the one before found no room */
		pb_trail_abandon(s, 0, "the end of the scan was not told");
	else if ((outer = scan_of(s, e.outer)) == NULL || s->n == PB_TRAIL_NESTED)
		return PB_ECORRUPT;
	scan = pb_tracked_begin(s->tracker, s->number, outer, &e, name, path);
	if (scan == NULL)
		return PB_ENOMEM;
	s->last_scan = e.head.scan;
	s->last_serial[s->n] = 0;
	s->scan[s->n++] = scan;
	return PB_OK;
}

/* The strings of an object's event into a->seen. 0, PB_ECORRUPT, PB_ENOMEM. */
static int read_object(rest *r, pb_awaited *a)
{
	const pb_event_object *e = &a->head;
	pb_bytes type, name = {0}, ancestor[PB_EVENT_ANCESTORS];
	bool is_null[PB_EVENT_ANCESTORS];
	size_t total = PB_EVENT_ANCESTORS + 2;
	char *to;

	if (!take_string(r, e->type_size, &type) ||
	    (e->name_size != UINT32_MAX && !take_string(r, e->name_size, &name)) || e->n_ancestors > PB_EVENT_ANCESTORS)
		return PB_ECORRUPT;
	for (uint32_t i = 0; i < e->n_ancestors; i++) {
		uint32_t size;

		if (!take_head(r, &size, sizeof size))
			return PB_ECORRUPT;
		is_null[i] = size == UINT32_MAX;
		ancestor[i] = (pb_bytes){NULL, 0};
		if (!is_null[i] && !take_string(r, size, &ancestor[i]))
			return PB_ECORRUPT;
		total += ancestor[i].size;
	}
	a->strings = to = malloc(total + type.size + name.size);
	if (to == NULL)
		return PB_ENOMEM;
	a->seen = (pb_inspected){.fd = e->fd, .parent_size = e->parent_size, .size = e->size, .level = e->level};
	a->seen.type = put_string(&to, type);
	a->seen.name = e->name_size != UINT32_MAX ? put_string(&to, name) : NULL;
	for (uint32_t i = 0; i < e->n_ancestors; i++)
		a->ancestors[i] = is_null[i] ? NULL : put_string(&to, ancestor[i]);
	/* The frame looks at one for each level. */
	a->seen.ancestors = e->n_ancestors >= e->level ? a->ancestors : NULL;
	return PB_OK;
}

/* The bytes of the object that was just handed on, for as long as it may turn out that ClamAV has not opened it. fd: of a file, whose bytes
 * need no copy. False: memory ran out. */
static bool keep(pb_trail *s, const uint8_t *bytes, int *fd)
{
	pb_awaited *a = &s->awaited;
	pb_keep what = {.fd = -1};

	if (fd != NULL) {
		what.fd = *fd;
		*fd = -1;
	} else if (bytes == a->bytes) {
		what.bytes = a->bytes;
		what.held = a->cap;
		a->bytes = NULL;
		a->cap = 0;
	} else {
		if ((what.bytes = malloc(a->seen.size + 1)) == NULL)
			return false;
		memcpy(what.bytes, bytes, a->seen.size);
	}
	pb_tracked_keep(s->scan[s->n - 1], a->head.serial, &what);
	return true;
}

/* Hands on the object that is awaited. bytes: NULL where they are not there. fd: NULL where they are no file's. */
static void deliver(pb_trail *s, const uint8_t *bytes, int *fd, bool dropped, bool changed)
{
	pb_awaited *a = &s->awaited;

	if (!a->discard) {
		a->seen.buffer = (const char *)bytes;
		pb_tracked_inspect(s->scan[s->n - 1], &a->seen, dropped, changed);
		if (pb_tracked_keeps(s->scan[s->n - 1]) && (bytes == NULL || changed || !keep(s, bytes, fd)))
			pb_tracked_keep(s->scan[s->n - 1], 0, NULL);
	}
	pb_awaited_clear(s->tracker, a);
	if (pb_tracked_skipped(s->scan[0]))
		atomic_store(pb_ring_word(s->ring, PB_WORD_SKIP), pb_tracked_number(s->scan[0]));
}

void pb_trail_settle(pb_trail *s, bool last)
{
	pb_awaited *a = &s->awaited;
	pb_file_bytes file;
	bool whole, got;
	int fd;

	if (!a->is)
		return;
	if (a->head.source != PB_BYTES_DESCRIPTOR) {
		if (last) /* pieces that the next event left behind found no room; of a host that is gone they were
		             never made */
			deliver(s, NULL, NULL, !s->socket.hung, false);
		return;
	}
	fd = pb_socket_take(&s->socket, a->head.head.scan, a->head.serial);
	if (fd < 0 && !last)
		return;
	whole = fd >= 0 && !a->discard && pb_file_read(s->tracker, s->scan[s->n - 1], fd, a->head.size, &file);
	got = fd >= 0;
	deliver(s, whole ? file.bytes.data : NULL, &fd, !got && !s->socket.hung, whole ? file.changed : got);
	if (fd >= 0)
		(void)close(fd);
	if (whole)
		free(file.own);
}

/* Is what stands behind the strings of an object's event what its source says? */
static bool fits(const pb_event_object *e, size_t behind)
{
	switch (e->source) {
	case PB_BYTES_INLINE:
		return behind == e->size && behind <= PB_EVENT_INLINE;
	case PB_BYTES_CHUNKS:
		return behind == 0 && e->size > 0;
	case PB_BYTES_DESCRIPTOR:
	case PB_BYTES_NONE:
	case PB_BYTES_DROPPED:
		return behind == 0;
	default:
		return false;
	}
}

static int on_object(pb_trail *s, rest *r)
{
	pb_awaited *a = &s->awaited;
	pb_event_object *e = &a->head;
	pb_tracked *scan;
	int rc;

	pb_trail_settle(s, true);
	if (!take_head(r, e, sizeof *e))
		return PB_ECORRUPT;
	scan = scan_of(s, e->head.scan);
	if (scan == NULL || e->serial <= s->last_serial[s->n - 1] || e->level >= PB_TRAIL_LEVEL ||
	    e->size > SIZE_MAX / 2 || e->parent_size > SIZE_MAX / 2)
		return PB_ECORRUPT;
	rc = read_object(r, a);
	if (rc == PB_OK && !fits(e, r->n))
		rc = PB_ECORRUPT;
	if (rc != PB_OK) {
		pb_awaited_clear(s->tracker, a);
		return rc;
	}
	pb_tracked_opened(scan, e->opened);
	s->last_serial[s->n - 1] = e->serial;
	a->is = true;
	a->discard = !pb_tracked_wanted(scan);
	if (e->source == PB_BYTES_INLINE)
		deliver(s, r->at, NULL, false, false);
	else if (e->source == PB_BYTES_DESCRIPTOR)
		pb_trail_settle(s, false);
	else if (e->source != PB_BYTES_CHUNKS)
		deliver(s, NULL, NULL, e->source == PB_BYTES_DROPPED, false);
	return PB_OK;
}

static int on_chunk(pb_trail *s, rest *r)
{
	pb_awaited *a = &s->awaited;
	pb_event_chunk e;
	int rc;

	if (!take_head(r, &e, sizeof e) || r->n > PB_EVENT_CHUNK_MOST || (r->n == 0 && e.cut == 0))
		return PB_ECORRUPT;
	if (!a->is && s->n > 0 && pb_tracked_number(s->scan[s->n - 1]) == e.head.scan &&
	    s->last_serial[s->n - 1] == e.serial)
		return PB_OK; /* of an object that was given up */
	if (!a->is || a->head.source != PB_BYTES_CHUNKS || a->head.head.scan != e.head.scan ||
	    a->head.serial != e.serial)
		return PB_ECORRUPT;
	rc = pb_awaited_add(s->tracker, a, (pb_bytes){r->at, r->n});
	if (rc == PB_ECORRUPT)
		return rc;
	if (rc != PB_OK || e.cut != 0)
		deliver(s, NULL, NULL, true, false);
	else if (a->got == a->seen.size)
		deliver(s, a->bytes, NULL, false, false);
	return PB_OK;
}

static int on_meta(pb_trail *s, rest *r)
{
	char strings[2 * (PB_EVENT_NAME + 1)], *to = strings;
	const char *shown_type;
	pb_bytes type, name;
	pb_event_meta e;
	pb_tracked *scan;

	pb_trail_settle(s, true);
	if (!take_head(r, &e, sizeof e) || !take_string(r, e.type_size, &type) || !take_string(r, e.name_size, &name) ||
	    r->n > 0)
		return PB_ECORRUPT;
	scan = scan_of(s, e.head.scan);
	if (scan == NULL)
		return PB_ECORRUPT;
	pb_tracked_opened(scan, e.opened);
	shown_type = put_string(&to, type);
	pb_tracked_meta(scan, shown_type, put_string(&to, name), e.size, e.encrypted != 0);
	return PB_OK;
}

static int on_found(pb_trail *s, rest *r)
{
	char string[PB_EVENT_NAME + 1], *to = string;
	pb_event_found e;
	pb_bytes name;
	pb_tracked *scan;

	pb_trail_settle(s, true);
	if (!take_head(r, &e, sizeof e) || !take_string(r, e.name_size, &name) || r->n > 0)
		return PB_ECORRUPT;
	scan = scan_of(s, e.head.scan);
	if (scan == NULL)
		return PB_ECORRUPT;
	pb_tracked_opened(scan, e.opened);
	pb_tracked_found(scan, e.fd, put_string(&to, name));
	return PB_OK;
}

static int on_end(pb_trail *s, rest *r)
{
	char string[PB_EVENT_NAME + 1], *to = string;
	pb_event_end e;
	pb_bytes name;
	pb_tracked *scan;

	pb_trail_settle(s, true);
	if (!take_head(r, &e, sizeof e) || !take_string(r, e.name_size, &name) || r->n > 0)
		return PB_ECORRUPT;
	scan = scan_of(s, e.head.scan);
	if (scan == NULL)
		return PB_ECORRUPT;
	pb_tracked_opened(scan, e.opened);
	s->n--;
	pb_tracked_end(scan, &(pb_outcome){.result = e.result, .signature = put_string(&to, name), .lost = e.lost},
	               NULL);
	return PB_OK;
}

int pb_trail_event(pb_trail *s, const uint8_t *event, size_t n)
{
	rest r = {event, n};
	pb_event head;

	if (n < sizeof head)
		return PB_ECORRUPT;
	memcpy(&head, event, sizeof head);
	switch (head.type) {
	case PB_EVENT_BEGIN:
		return on_begin(s, &r);
	case PB_EVENT_OBJECT:
		return on_object(s, &r);
	case PB_EVENT_MORE:
		return on_chunk(s, &r);
	case PB_EVENT_META:
		return on_meta(s, &r);
	case PB_EVENT_FOUND:
		return on_found(s, &r);
	case PB_EVENT_END:
		return on_end(s, &r);
	default:
		return PB_ECORRUPT;
	}
}
