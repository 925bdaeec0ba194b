/* One scan as its callbacks tell it: layers, names, objects. The same code serves the command line (attached by API) and the
 * preloaded hook. It holds no parser and never blocks; what it saw goes to a sink.
 * A frame belongs to one thread from begin to end; frames nest (a scan started inside a callback opens a frame of its own). */
#ifndef PROBITY_CLAMAV_FRAME_H
#define PROBITY_CLAMAV_FRAME_H

#include "object/limits.h"
#include "object/object.h"

/* Called for each object that ClamAV sees, outermost first; object and its bytes are borrowed for the call. */
typedef void (*pb_object_fn)(void *user, const pb_object *object);

/* The members fact of a container (object/archive.h) as a new reference, or NULL. Bytes are borrowed for the call. */
typedef json_t *(*pb_list_fn)(void *user, pb_bytes bytes, const pb_kind *kind);

typedef struct pb_sink {
	pb_object_fn object;
	pb_limit_fn limit;   /* announced by meta and never delivered: encrypted, skipped, too deep */
	void *user;
	pb_list_fn list;     /* may be NULL. ClamAV cuts names in a tar at 100 bytes, leaves folders out in an ISO image and all
	                        names in a xar: where this is given, names come from the listing. */
} pb_sink;

typedef struct pb_frame pb_frame;

/* Opens a frame on this thread. base: the chain of the thing about to be scanned, its own name last; copied. NULL: no memory */
pb_frame *pb_frame_begin(const pb_path *base, const pb_sink *sink);
/* Closes the innermost frame of this thread: reports what was announced and never came; frees it. */
void pb_frame_end(pb_frame *f);

/* Makes f (NULL: none) this thread's innermost frame and returns the one that was. For whoever follows the scans of several threads
 * from one: set the frame, hand on what was told, set back. Frames swapped in end swapped in. */
pb_frame *pb_frame_swap(pb_frame *f);

/* What the callbacks of ClamAV 1.4 hand on. They find this thread's innermost frame themselves and do nothing without one. */
typedef struct pb_inspected { /* the arguments of file_inspection */
	int fd;                /* told apart from others only, never read; -1 none */
	const char *type;
	const char **ancestors; /* level entries, each may be NULL; or NULL: unknown */
	size_t parent_size;
	const char *name;      /* may be NULL */
	size_t size;
	const char *buffer;    /* may be NULL */
	uint32_t level;
} pb_inspected;
void pb_frame_inspect(const pb_inspected *seen);
void pb_frame_meta(const char *container_type, const char *name, unsigned long real_size, int encrypted);
/* A detection by ClamAV (signature name as ClamAV gives it): kept on the frame, one per (path, name). It is put down to the
 * innermost layer that was inspected with this descriptor, else to the one inspected last. The names under which ClamAV tells
 * that one of its limits struck (Heuristics.Limits.Exceeded.*) become limits. */
void pb_frame_found(int fd, const char *signature);

typedef struct pb_detection {
	pb_path path;         /* of the layer that it is put down to; the base where none was inspected */
	char sha256[65];      /* of that layer, "" where there was none */
	char *signature;
} pb_detection;
const pb_detection *pb_frame_detections(const pb_frame *f, size_t *count); /* borrowed from the frame */

#endif
