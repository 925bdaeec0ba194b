/* One scan of a host as the tracker follows it, and the products that come of it. Private to the tracker. */
#ifndef PROBITY_CLAMAV_TRACKER_SCAN_H
#define PROBITY_CLAMAV_TRACKER_SCAN_H

#include "clamav/frame.h"
#include "clamav/tracker_product.h"
#include "wire/event.h"
#include "wire/lane.h"

enum {
	PB_TRACKED_FIRST_TAG = 1000,
	PB_TRACKED_OBJECTS = 500000,               /* of one outermost scan, with those inside it */
	PB_TRACKED_ATTACHMENTS = 256,              /* products of one mail */
	PB_TRACKED_METAS = 2 * PB_TRACKED_OBJECTS, /* a zip announces each member twice */
	PB_TRACKED_META_BYTES = 256 << 20,
	PB_TRACKED_UNPACKS = 2048, /* containers of one product that go to a reader: an application may hold hundreds of known ones */
	PB_TRACKED_UNPACK_BYTES = 1 << 30
};

/* What all streams share. */
typedef struct pb_tracker {
	pb_lane *lane;
	int control; /* to the keeper */
	pb_wants wants;
	uint32_t next_tag;
	size_t held;    /* bytes kept of objects that come in pieces */
	uint8_t *event; /* a copy of the event that is looked at */
	int failed;     /* the lane was closed, or the end of a scan could not be told: the tracker cannot go on */
} pb_tracker;

/* Notes code. A lane that is gone fails the tracker; anything else is the caller's to tell. True: it went well. */
bool pb_tracker_ok(pb_tracker *t, int code);

typedef struct pb_product {
	uint32_t tag;
	bool grouped;  /* shares its tag with other scans */
	pb_path chain; /* in the scan */
	size_t strip;  /* elements at its beginning that the product does not show: the mails around an attachment */
	char sha256[65], kind[32]; /* of its outermost object; "" until that was seen */
	uint64_t size;             /* bytes of the same */
	uint64_t unpacks, unpack_bytes;
	uint64_t hidden; /* objects that ClamAV knew from its clean cache, and left closed */
	bool whole;      /* the outermost is one of them */
	bool incomplete; /* a note could not be made: memory */
} pb_product;

typedef struct pb_tracked pb_tracked; /* a scan that is followed */

/* What is said of a product when its scan is over. */
typedef struct pb_outcome {
	int32_t result;
	const char *signature; /* "" none */
	uint32_t lost;
	uint64_t dropped; /* objects whose bytes found no room */
	bool ended; /* the scan's end was not told */
} pb_outcome;

/* tracker_note.c: a product's objects and notes. Paths are those of the scan. */
int pb_product_begin(pb_tracker *t, pb_product *p, const pb_tracked *root, const char *name, const char *path);
void pb_product_object(pb_tracker *t, pb_product *p, const pb_object *o);
void pb_product_limit(pb_tracker *t, pb_product *p, const pb_path *path, const char *why);
void pb_product_detection(pb_tracker *t, pb_product *p, const pb_path *path, const char *sha256, const char *signature);
void pb_product_end(pb_tracker *t, pb_product *p, uint32_t stream, uint32_t scan, const pb_outcome *how);

/* What a reader is asked to open. */
typedef struct pb_container {
	const pb_path *path;
	const char *kind;     /* of what ClamAV never opens; NULL: to be scanned as any file */
	const char *sha256;
	uint64_t size;
	const uint8_t *bytes; /* or NULL: the file behind fd, which may have changed */
	int fd;
	bool hidden;          /* ClamAV did not open it because it knew it */
	bool inside;          /* it was told itself: only what lies in it is wanted */
	bool payload;         /* as in pb_object */
} pb_container;

/* tracker_unpack.c: asks the keeper to have a container opened that ClamAV leaves closed. What is not possible becomes a limit. */
void pb_product_unpack(pb_tracker *t, pb_product *p, const pb_container *what);

/* tracker_note.c: the chain as the product shows it; NULL where memory ran out. */
json_t *pb_product_shown(const pb_product *p, const pb_path *path);

/* outer: the scan inside which this one was started; NULL: none. NULL: memory ran out. */
pb_tracked *pb_tracked_begin(pb_tracker *t, uint32_t stream, pb_tracked *outer, const pb_event_begin *begin,
                             pb_bytes name, pb_bytes path);
uint32_t pb_tracked_number(const pb_tracked *s);

/* Is anything but its end still wanted? False once it is known to be no product, or has too many objects. */
bool pb_tracked_wanted(const pb_tracked *s);
bool pb_tracked_skipped(const pb_tracked *s); /* it is no product: K was said */

/* As frame.h has it. dropped: its bytes found no room. changed: they may not be what ClamAV saw. */
void pb_tracked_inspect(pb_tracked *s, const pb_inspected *seen, bool dropped, bool changed);
void pb_tracked_meta(pb_tracked *s, const char *container_type, const char *name, uint64_t size, bool encrypted);
void pb_tracked_found(pb_tracked *s, int fd, const char *signature);

/* tracker_hidden.c: may the object that was just handed on turn out to be hidden? Then its bytes are to be kept (taken, with `held` of them in
 * the tracker's account; or its descriptor, taken) until the next entry of the scan says what ClamAV has opened last. */
typedef struct pb_keep {
	uint8_t *bytes; /* NULL: fd */
	size_t held;
	int fd;         /* -1: bytes */
} pb_keep;
bool pb_tracked_keeps(const pb_tracked *s);
void pb_tracked_keep(pb_tracked *s, uint32_t serial, const pb_keep *what); /* NULL: they cannot be kept, or are not what was scanned */
void pb_tracked_opened(pb_tracked *s, uint32_t opened);

/* Is this file still what the scan's begin said? Compares device, inode and time of modification where they are known.
 */
bool pb_tracked_same_file(const pb_tracked *s, uint64_t device, uint64_t inode, int64_t mtime_ns);

/* Says all that is to be said at the end, and frees s. why: where how->ended, the limit that tells it; else NULL. */
void pb_tracked_end(pb_tracked *s, const pb_outcome *how, const char *why);

#endif
