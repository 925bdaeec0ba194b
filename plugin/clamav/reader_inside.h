/* The inside of a reader, shared by the files that make it. Private to reader*.c. */
#ifndef PROBITY_CLAMAV_READER_INSIDE_H
#define PROBITY_CLAMAV_READER_INSIDE_H

#include "clamav/engine.h"
#include "object/archive.h"
#include "wire/lane.h"

enum {
	PB_READER_TINY = 5,            /* ClamAV looks at nothing of so few bytes */
	PB_READER_MAPPED = 16 << 20,   /* files from so many bytes on are mapped, and what is kept of them is */
};

typedef struct pb_reading {
	pb_engine *engine;
	pb_budget budget;
	const char *temp;
} pb_reading;

/* A container that ClamAV left closed, kept until its scan is over: scanning inside a callback would eat the outer scan's time. */
typedef struct pb_pending {
	struct pb_pending *next;
	pb_path path;
	const pb_kind *kind; /* NULL: no container, but what stands behind the end of one */
	uint8_t *bytes;
	size_t size;
	bool mapped; /* a file: the job's own as it lies there, or a copy in the temporary folder */
} pb_pending;

typedef struct pb_reader {
	pb_reading *state;
	pb_lane *lane;
	uint32_t tag;
	pb_path base;              /* of the job */
	char folder[512];          /* for temporary files */
	bool unscanned;            /* ClamAV's signatures were not held against what is told now */
	const char *digest;        /* that the job's object has to have; NULL: any */
	bool inside;               /* its own record is there already */
	bool seen, changed;        /* it was shown; it has another digest */
	pb_pending *first, **last;
	uint64_t total, members, unpacked, queued;
	char sha256[65], kind[32]; /* of the item itself, "" until it was seen */
	int fd;                    /* of the job's file while it is read; -1 */
	uint64_t fd_size;
	size_t shut;               /* elements of the path of what ClamAV looks at but does not open; 0: nothing */
	size_t payload_at;         /* while the payload of a compression layer is scanned: its element of the path; 0: not so */
	int failed;                /* a sink cannot return a code */
} pb_reader;

/* reader_objects.c: what is told of a job. Sinks cannot return a code: the first one that is not 0 is kept. */
void pb_reader_failed(pb_reader *r, int rc);
void pb_reader_object(void *user, const pb_object *o);
void pb_reader_limit(void *user, const pb_path *path, const char *why);
void pb_reader_detected(void *user, const pb_detection *found, size_t count);
pb_sink pb_reader_sink(pb_reader *r);
/* Lets libclamav look at bytes. Large archives that libarchive reads as well it is not to open: it would have all of what it unpacks in memory. */
int pb_reader_scan(pb_reader *r, pb_bytes bytes, const pb_path *path, pb_detected_fn detected, pb_error *err);
bool pb_reader_opens(const pb_kind *kind, pb_bytes bytes);
/* Keeps a copy of a container's bytes for libarchive; and opens all that were kept, what comes of them included. */
void pb_reader_queue(pb_reader *r, const pb_path *path, const pb_kind *kind, pb_bytes bytes);
void pb_reader_open_pending(pb_reader *r);

#endif
