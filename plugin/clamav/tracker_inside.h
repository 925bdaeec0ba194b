/* The inside of a scan, shared by the files that make it. Private to tracker_*.c. */
#ifndef PROBITY_CLAMAV_TRACKER_INSIDE_H
#define PROBITY_CLAMAV_TRACKER_INSIDE_H

#include "clamav/tracker_scan.h"

/* What is known of an outermost scan so far. */
typedef enum pb_tracked_state {
	PB_TRACKED_UNDECIDED, /* its outermost object has not come yet */
	PB_TRACKED_PRODUCT,
	PB_TRACKED_MAIL, /* its attachments are products, each by itself */
	PB_TRACKED_SKIPPED
} pb_tracked_state;

/* The object that was handed on last, until it is known whether ClamAV opened it. */
typedef struct pb_kept {
	bool is;
	uint32_t serial;
	size_t product; /* SIZE_MAX: a mail that is none */
	pb_path path;
	const pb_kind *kind;
	char sha256[65], clam_type[40];
	bool payload;
	uint64_t size;
	uint8_t *bytes; /* owned; or NULL, then fd has them */
	size_t held;    /* of the tracker's account */
	int fd;
} pb_kept;

struct pb_tracked {
	pb_tracker *tracker;
	pb_tracked *outer; /* NULL: none; what follows after `found` is in use there only */
	uint32_t stream, number;
	pb_frame *frame;
	pb_path base;
	bool inspected; /* any object */
	uint32_t found;        /* detections, without ClamAV's own limits */
	pb_kept kept;

	pb_tracked_state state;
	pb_place place;
	pb_event_begin begin;
	char type[40]; /* ClamAV's, of the outermost object */
	pb_product *product;
	size_t n, current; /* products; of a mail: the one that the objects now coming belong to, SIZE_MAX none */
	pb_path mail;      /* of a mail: the innermost mail that is open */
	uint64_t objects, metas, meta_bytes, dropped;
	bool over, over_metas, changed, early, crowded, memory;
};

static inline pb_tracked *pb_tracked_root(pb_tracked *s)
{
	while (s->outer != NULL)
		s = s->outer;
	return s;
}

/* tracker_decide.c: what is a product, and which one something belongs to; NULL: to none. Deciding puts B or K on the
 * lane. */
pb_product *pb_tracked_product_of_object(pb_tracked *s, const pb_object *o);
pb_product *pb_tracked_product_of_path(pb_tracked *s, const pb_path *path); /* the last one that it lies in */
/* Of an outermost scan: its outermost object will not come any more. */
void pb_tracked_settle_unseen(pb_tracked *root);
void pb_tracked_skip(pb_tracked *root, const char *kind);
/* A product of this scan; NULL where memory ran out, or the tracker failed. name: of one that is not the whole scan. */
pb_product *pb_tracked_add_product(pb_tracked *root, const pb_path *chain, size_t strip, const char *name, uint64_t size);

/* tracker_hidden.c */
void pb_tracked_remember(pb_tracked *s, const pb_product *p, const pb_object *o); /* p NULL: of no product */
void pb_tracked_forget(pb_tracked *s);

/* tracker_end.c: the last words on a scan. */
void pb_tracked_free(pb_tracked *s);

#endif
