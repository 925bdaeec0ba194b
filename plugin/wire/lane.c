#include "wire/lane.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "wire/area.h"
#include "wire/ring.h"

enum { NOTE = 1, OBJECT = 2, LARGE = 3 /* an object whose bytes are in the area */, SPREAD = 4 /* ... came before, in pieces */ };

/* Words of the ring's head. */
enum {
	WORD_LAST = 0,   /* front: number of the last entry: a front that takes over goes on counting */
	WORD_NUMBER = 1, /* worker: number of the entry it is at */
	WORD_AT = 2,     /* worker: PB_AT_* */
	WORD_DONE = 3,   /* worker: pb_lane_done was called for this entry */
	WORD_TAG = 4,    /* worker: tag of the entry that it is at */
	WORD_BEAT = 16   /* front: signs of life; away from what the worker writes */
};

typedef struct note_head {
	uint64_t number;
	uint64_t size;      /* bytes of an object */
	uint32_t form;      /* NOTE, OBJECT, LARGE */
	uint32_t tag, type; /* type: of a note */
	uint32_t text_size; /* of the note or the record */
} note_head; /* a note: text */

typedef struct object_head {
	note_head head;
	char sha256[72], kind[32], name_class[24], clam_type[40];
	uint64_t from; /* LARGE: where in the area its bytes lie */
} object_head;         /* OBJECT: bytes (room is handed out before the record is known), padding to 8, record; LARGE, SPREAD: record */

_Static_assert(sizeof(object_head) % 16 == 0, "bytes should be aligned");

struct pb_lane {
	pb_ring *ring;
	pb_area area;
	bool front;
	/* front */
	bool spreads;
	uint8_t *room;   /* in the ring, handed out by pb_lane_room and not put yet */
	uint8_t *lost;   /* the same once something else was put: its bytes are gone */
	size_t room_size;
	/* worker */
	bool held, large;
	uint64_t number; /* of the entry taken last */
	size_t from, size; /* of its object in the area */
};

static _Atomic uint64_t *word(const pb_lane *l, unsigned index)
{
	return pb_ring_word(l->ring, index);
}

static size_t padded(size_t n)
{
	return (n + 7) & ~(size_t)7;
}

int pb_lane_create(void)
{
	return pb_ring_create("probity-lane", PB_LANE_RING, PB_LANE_AREA);
}

pb_lane *pb_lane_open(int memfd, bool front, pb_error *err)
{
	size_t area = 0;
	uint8_t *bytes;
	pb_lane *l = calloc(1, sizeof *l);
	if (l == NULL) {
		pb_fail(err, PB_ENOMEM, "lane: out of memory");
		return NULL;
	}
	l->front = front;
	l->ring = pb_ring_open(memfd, front);
	if (l->ring == NULL) {
		pb_fail(err, PB_EIO, "lane: the shared memory cannot be opened: %s", strerror(errno));
		goto fail;
	}
	bytes = pb_ring_extra(l->ring, &area);
	if (pb_ring_most(l->ring) != PB_LANE_RING / 4 || area != PB_LANE_AREA) {
		pb_fail(err, PB_ECORRUPT, "lane: this shared memory is not a lane");
		goto fail;
	}
	pb_area_open(&l->area, l->ring, bytes, area);
	return l;
fail:
	pb_lane_free(l);
	return NULL;
}

void pb_lane_free(pb_lane *l)
{
	if (l == NULL)
		return;
	if (l->ring != NULL)
		pb_area_give_up(&l->area);
	pb_ring_free(l->ring);
	free(l);
}

void pb_lane_close(pb_lane *l)
{
	pb_ring_close(l->ring);
}

uint8_t *pb_lane_room(pb_lane *l, size_t n)
{
	l->room = l->lost = NULL;
	if (!l->front || n > PB_LANE_AREA)
		return NULL;
	if (n > PB_LANE_LARGE)
		return pb_area_room(&l->area, n);
	uint8_t *entry = pb_ring_reserve(l->ring, sizeof(object_head) + padded(n) + PB_LANE_TEXT, UINT32_MAX);
	if (entry == NULL)
		return NULL;
	l->room = entry + sizeof(object_head);
	l->room_size = n;
	return l->room;
}

/* Reserves and so gives up a room in the ring. */
static uint8_t *reserve(pb_lane *l, size_t n)
{
	if (l->room != NULL)
		l->lost = l->room;
	l->room = NULL;
	return pb_ring_reserve(l->ring, n, UINT32_MAX);
}

/* A number is used up before its entry can be seen: whoever takes over after a kill never gives it again. */
static uint64_t next_number(pb_lane *l)
{
	return atomic_fetch_add(word(l, WORD_LAST), 1) + 1;
}

int pb_lane_note(pb_lane *l, uint32_t tag, pb_message type, const char *text, size_t n)
{
	if (n > PB_LANE_TEXT)
		return PB_ELIMIT;
	uint8_t *entry = l->front ? reserve(l, sizeof(note_head) + n) : NULL;
	if (entry == NULL)
		return PB_EIO;
	note_head h = {next_number(l), 0, NOTE, tag, (uint32_t)type, (uint32_t)n};
	memcpy(entry, &h, sizeof h);
	if (n > 0)
		memcpy(entry + sizeof h, text, n);
	/* The end of an assessment is what somebody waits for. */
	pb_ring_commit(l->ring, sizeof h + n, type == PB_MSG_DONE);
	return 0;
}

/* What stands behind the NUL in the caller's field stays with the caller. */
static void copy_word(char *to, const char *from, size_t room)
{
	memcpy(to, from, strnlen(from, room - 1));
}

static void fill_head(pb_lane *l, uint8_t *entry, const pb_lane_object *o, uint32_t form)
{
	object_head h;
	memset(&h, 0, sizeof h);
	h.head = (note_head){next_number(l), o->bytes.size, form, o->tag, 0, (uint32_t)o->record_size};
	copy_word(h.sha256, o->sha256, sizeof o->sha256);
	copy_word(h.kind, o->kind, sizeof h.kind);
	copy_word(h.name_class, o->name_class, sizeof h.name_class);
	copy_word(h.clam_type, o->clam_type, sizeof h.clam_type);
	h.from = form == LARGE ? l->area.room : 0;
	memcpy(entry, &h, sizeof h);
}

static int put_large(pb_lane *l, const pb_lane_object *o)
{
	pb_area *a = &l->area;
	size_t size = o->bytes.size;
	if (o->bytes.data == NULL)
		return PB_EINTERNAL;
	if (!pb_area_is_room(a, o->bytes.data)) {
		uint8_t *room = pb_area_room(a, size);
		if (room == NULL)
			return PB_EIO;
		memcpy(room, o->bytes.data, size);
	} else if (a->room_size < size) {
		return PB_EINTERNAL; /* not the room that was handed out */
	}
	uint8_t *entry = reserve(l, sizeof(object_head) + o->record_size);
	if (entry == NULL)
		return PB_EIO;
	fill_head(l, entry, o, LARGE);
	if (o->record_size > 0)
		memcpy(entry + sizeof(object_head), o->record, o->record_size);
	pb_ring_commit(l->ring, sizeof(object_head) + o->record_size, true);
	pb_area_keep(a, size);
	return 0;
}

void pb_lane_spread(pb_lane *l)
{
	l->spreads = true;
}

static int put_spread(pb_lane *l, const pb_lane_object *o)
{
	uint8_t *entry = l->front ? reserve(l, sizeof(object_head) + o->record_size) : NULL;
	if (entry == NULL)
		return PB_EIO;
	fill_head(l, entry, o, SPREAD);
	if (o->record_size > 0)
		memcpy(entry + sizeof(object_head), o->record, o->record_size);
	pb_ring_commit(l->ring, sizeof(object_head) + o->record_size, true);
	return 0;
}

int pb_lane_put(pb_lane *l, const pb_lane_object *o)
{
	size_t size = o->bytes.size;
	if (o->record_size > PB_LANE_TEXT || size > PB_LANE_AREA)
		return PB_ELIMIT;
	if (o->spread)
		return put_spread(l, o);
	if (!l->front || (o->bytes.data == NULL ? size > 0 : o->bytes.data == l->lost || pb_area_is_lost(&l->area, o->bytes.data)))
		return PB_EINTERNAL;
	if (l->spreads && size > PB_LANE_SPREAD && !pb_area_is_room(&l->area, o->bytes.data))
		return pb_lane_put_spread(l, o);
	if (size > PB_LANE_LARGE || pb_area_is_room(&l->area, o->bytes.data))
		return put_large(l, o);
	size_t n = sizeof(object_head) + padded(size) + o->record_size;
	uint8_t *entry;
	if (l->room != NULL && o->bytes.data == l->room) {
		if (size > l->room_size)
			return PB_EINTERNAL;
		entry = l->room - sizeof(object_head);
		l->room = NULL;
	} else {
		entry = reserve(l, n);
		if (entry == NULL)
			return PB_EIO;
		if (size > 0)
			memcpy(entry + sizeof(object_head), o->bytes.data, size);
	}
	fill_head(l, entry, o, OBJECT);
	if (o->record_size > 0)
		memcpy(entry + sizeof(object_head) + padded(size), o->record, o->record_size);
	pb_ring_commit(l->ring, n, false);
	return 0;
}

/* Printable, and ended within its field. */
static bool is_word(const char *s, size_t room)
{
	size_t n = strnlen(s, room);
	for (size_t i = 0; i < n; i++) {
		if (s[i] < ' ' || s[i] > '~')
			return false;
	}
	return n < room;
}

static bool is_digest(const char *s, size_t room)
{
	return strnlen(s, room) == 64 && strspn(s, "0123456789abcdef") == 64;
}

static bool read_note(const note_head *h, const uint8_t *entry, size_t n, pb_lane_entry *out)
{
	if (h->size != 0 || h->type < 'A' || h->type > 'Z' || n - sizeof *h != h->text_size)
		return false;
	out->tag = h->tag;
	out->type = (pb_message)h->type;
	out->text = (pb_bytes){entry + sizeof *h, h->text_size};
	return true;
}

static bool read_object(const pb_lane *l, const note_head *head, const uint8_t *entry, size_t n, pb_lane_entry *out)
{
	object_head h;
	if (n < sizeof h)
		return false;
	/* A copy: what was checked cannot change any more. */
	memcpy(&h, entry, sizeof h);
	h.head = *head;
	bool large = h.head.form == LARGE, spread = h.head.form == SPREAD;
	size_t inside = large || spread ? 0 : padded(h.head.size <= PB_LANE_LARGE ? (size_t)h.head.size : SIZE_MAX / 2);
	if (h.head.size > PB_LANE_AREA || (large && !pb_area_holds(&l->area, h.from, h.head.size)) || inside > n ||
	    n - inside != sizeof h + h.head.text_size ||
	    !is_digest(h.sha256, sizeof h.sha256) || !is_word(h.kind, sizeof h.kind) ||
	    !is_word(h.name_class, sizeof h.name_class) || !is_word(h.clam_type, sizeof h.clam_type))
		return false;
	pb_lane_object *o = &out->object;
	memcpy(o->sha256, h.sha256, sizeof o->sha256);
	memcpy(o->kind, h.kind, sizeof o->kind);
	memcpy(o->name_class, h.name_class, sizeof o->name_class);
	memcpy(o->clam_type, h.clam_type, sizeof o->clam_type);
	out->is_object = true;
	out->tag = o->tag = h.head.tag;
	o->record = (const char *)entry + sizeof h + inside;
	o->record_size = h.head.text_size;
	o->bytes = (pb_bytes){spread ? NULL : large ? l->area.bytes + h.from : entry + sizeof h, (size_t)h.head.size};
	o->spread = spread;
	return true;
}

static bool read_entry(const pb_lane *l, const uint8_t *entry, size_t n, note_head *h, pb_lane_entry *out)
{
	memset(out, 0, sizeof *out);
	if (n < sizeof *h)
		return false;
	memcpy(h, entry, sizeof *h);
	/* Ascending, so that an entry that is to be skipped is that one alone. */
	if (h->number < l->number || (h->number == l->number && !l->held) || h->text_size > PB_LANE_TEXT)
		return false;
	out->number = h->number;
	if (h->form == NOTE)
		return read_note(h, entry, n, out);
	return (h->form == OBJECT || h->form == LARGE || h->form == SPREAD) && read_object(l, h, entry, n, out);
}

int pb_lane_take(pb_lane *l, pb_lane_entry *out, int wait_ms)
{
	uint32_t wait_us = wait_ms < 0 || wait_ms > 4000000 ? UINT32_MAX : (uint32_t)wait_ms * 1000;
	const void *entry;
	note_head h;
	size_t n;
	for (;;) {
		int rc = l->front ? PB_RING_CLOSED : pb_ring_take(l->ring, &entry, &n, wait_us);
		if (rc == 0)
			return 0;
		if (rc != 1)
			return pb_ring_lied(l->ring) ? PB_ECORRUPT : PB_EIO;
		if (!read_entry(l, entry, n, &h, out))
			return PB_ECORRUPT;
		l->held = true;
		l->number = h.number;
		l->large = h.form == LARGE;
		l->size = l->large ? out->object.bytes.size : 0;
		l->from = l->large ? (size_t)(out->object.bytes.data - l->area.bytes) : 0;
		if (h.number != atomic_load(word(l, WORD_DONE)))
			break;
		pb_lane_done(l); /* the worker before was killed while it was about to say so */
	}
	atomic_store(word(l, WORD_AT), PB_AT_NOTHING);
	atomic_store(word(l, WORD_TAG), h.tag);
	atomic_store(word(l, WORD_NUMBER), h.number);
	return 1;
}

void pb_lane_done(pb_lane *l)
{
	if (!l->held)
		return;
	l->held = false;
	/* First of all: from here on the entry's bytes vanish, it must not be delivered again. */
	atomic_store(word(l, WORD_DONE), l->number);
	if (l->large)
		pb_area_give_back(&l->area, l->from, l->from + l->size);
	atomic_store(word(l, WORD_AT), PB_AT_NOTHING);
	pb_ring_done(l->ring);
	atomic_store(word(l, WORD_NUMBER), 0);
}

void pb_lane_at(pb_lane *l, uint32_t where)
{
	atomic_store(word(l, WORD_AT), where);
}

void pb_lane_watch(const pb_lane *l, uint64_t *number, uint32_t *where, bool *idle)
{
	uint64_t written, read;
	pb_ring_progress(l->ring, &written, &read);
	*idle = written == read;
	*number = atomic_load(word(l, WORD_NUMBER));
	*where = (uint32_t)atomic_load(word(l, WORD_AT));
}

void pb_lane_beat(pb_lane *l)
{
	_Atomic uint64_t *beat = word(l, WORD_BEAT); /* nobody else writes it */
	atomic_store_explicit(beat, atomic_load_explicit(beat, memory_order_relaxed) + 1, memory_order_relaxed);
}

uint64_t pb_lane_beats(const pb_lane *l)
{
	return atomic_load_explicit(word(l, WORD_BEAT), memory_order_relaxed);
}

uint64_t pb_lane_last(const pb_lane *l)
{
	return atomic_load(word(l, WORD_LAST));
}

uint64_t pb_lane_taken(const pb_lane *l)
{
	uint64_t number = atomic_load(word(l, WORD_NUMBER)), done = atomic_load(word(l, WORD_DONE));
	return number > done ? number : done;
}

uint32_t pb_lane_tag(const pb_lane *l)
{
	return (uint32_t)atomic_load(word(l, WORD_TAG));
}
