/* One scan as its callbacks tell it: layers, names, objects. The same code serves the command line (attached by API) and the
 * preloaded hook. It holds no parser and never blocks; what it saw goes to a sink.
 * A frame belongs to one thread from begin to end; frames nest (a scan started inside a callback opens a frame of its own). */
#ifndef PROBITY_CLAMAV_FRAME_H
#define PROBITY_CLAMAV_FRAME_H

#include "object/limits.h"
#include "object/object.h"

/* Called for each object that ClamAV sees, outermost first; object and its bytes are borrowed for the call. */
typedef void (*pb_object_fn)(void *user, const pb_object *object);

typedef struct pb_sink {
	pb_object_fn object;
	pb_limit_fn limit;   /* announced by meta and never delivered: encrypted, skipped, too deep */
	void *user;
} pb_sink;

typedef struct pb_frame pb_frame;

/* Opens a frame on this thread. base: the chain of the thing about to be scanned, its own name last (copied). NULL: no memory. */
pb_frame *pb_frame_begin(const pb_path *base, const pb_sink *sink);
/* Closes the innermost frame of this thread: reports what was announced and never came; frees it. */
void pb_frame_end(pb_frame *f);

/* What the callbacks of ClamAV 1.4 hand on. They find this thread's innermost frame themselves and do nothing without one. */
void pb_frame_inspect(const char *type, size_t size, const char *name, const char *buffer, uint32_t level);
void pb_frame_meta(const char *container_type, const char *name, unsigned long real_size, int encrypted);
/* A detection by ClamAV on the layer inspected last (signature name as ClamAV gives it): kept on the frame, one per (path, name). */
void pb_frame_found(const char *signature);

typedef struct pb_detection {
	pb_path path;         /* the layer inspected last when ClamAV raised it; the base where there was none */
	char sha256[65];      /* of that layer, "" where there was none */
	char *signature;
} pb_detection;
const pb_detection *pb_frame_detections(const pb_frame *f, size_t *count); /* borrowed from the frame */

#endif
