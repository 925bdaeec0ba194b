/* The layers of a scan that is going on, and what each is called. Private to frame.c. */
#ifndef PROBITY_CLAMAV_LAYER_H
#define PROBITY_CLAMAV_LAYER_H

#include "clamav/announce.h"
#include "clamav/frame.h"
#include "clamav/listing.h"

typedef struct pb_layer {
	uint32_t level;
	int fd;
	size_t size;
	char *called;   /* as ClamAV called it at its inspection; NULL: nothing */
	char type[40];
	const pb_kind *kind;
	char sha256[65];
	pb_path path;   /* its own chain */
	pb_path under;  /* what its members' names are added to: of a payload, the chain of the compression layer */
	pb_announcements announced;
	pb_listing listing;
	unsigned nameless; /* members without a name so far */
	bool payload_seen; /* of a compression layer */
	bool zip;          /* a zip by ClamAV's word, or something that ends as a zip does */
	bool lost;         /* the chain is too long: what lies below is not examined */
} pb_layer;

typedef struct pb_layers {
	pb_layer *at; /* outermost first, levels ascending */
	size_t n, cap;
	size_t fresh_layer, fresh_item; /* the announcement made since the last inspection; SIZE_MAX: none */
	size_t announcer;               /* a layer found to announce although one inside it has its type; SIZE_MAX: none */
} pb_layers;

/* The layer that holds what is being inspected, or NULL. Layers that ClamAV has left, though of a lower level, are told by
 * their names and sizes. */
pb_layer *pb_layers_parent(const pb_layers *l, const pb_inspected *seen);

/* The layer that announces members of a container of this type, or NULL. */
pb_layer *pb_layers_announcer(const pb_layers *l, const char *type);

/* The name under which ClamAV announces the members of a zip, be it one or four letters in a program that look like one. */
#define PB_CLAMAV_ZIP "CL_TYPE_ZIP"

/* The innermost layer inspected with this descriptor, else the innermost; NULL where there is none. */
const pb_layer *pb_layers_of_fd(const pb_layers *l, int fd);

/* Makes path and under of a new layer inside parent (NULL: the layer is the outermost, called base). *cut: it has fewer bytes
 * than were announced. 0, PB_ENOMEM, PB_ELIMIT (chain too long). */
int pb_layer_name(pb_layers *l, pb_layer *parent, const pb_inspected *seen, const pb_path *base, pb_layer *out, bool *cut);

void pb_layer_free(pb_layer *layer);

#endif
