#include "clamav/frame.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/hash.h"
#include "clamav/found.h"
#include "clamav/layer.h"
#include "clamav/seen.h"

enum { TINY = 5 }; /* ClamAV delivers no member of so few bytes */

struct pb_frame {
	pb_frame *outer; /* of this thread */
	pb_sink sink;
	pb_path base;
	pb_layers layers;
	pb_seen seen;    /* (chain, content) of objects that were handed over */
	pb_found found;
};

static _Thread_local pb_frame *innermost;

static void tell(const pb_frame *f, const pb_path *path, const char *why)
{
	if (f->sink.limit != NULL)
		f->sink.limit(f->sink.user, path, why);
}

/* A limit on a member of which there is only a raw name. */
static void tell_member(const pb_frame *f, const pb_path *under, const char *raw, const char *why)
{
	pb_member_name name;
	pb_path path;

	if (pb_path_copy(under, &path) != PB_OK) {
		tell(f, under, why);
		return;
	}
	if (pb_member_name_read(raw, strlen(raw), &name) == PB_OK)
		(void)pb_path_push(&path, name.name); /* where that fails, the container's own chain must do */
	free(name.name);
	tell(f, &path, why);
	pb_path_free(&path);
}

pb_frame *pb_frame_begin(const pb_path *base, const pb_sink *sink)
{
	pb_frame *f = calloc(1, sizeof *f);

	if (f == NULL || pb_path_copy(base, &f->base) != PB_OK) {
		free(f);
		return NULL;
	}
	f->sink = *sink;
	f->layers.fresh_layer = f->layers.announcer = SIZE_MAX;
	f->outer = innermost;
	innermost = f;
	return f;
}

pb_frame *pb_frame_swap(pb_frame *f)
{
	pb_frame *before = innermost;

	innermost = f;
	return before;
}

/* Is its announcement all that is known of a member? Where libarchive lists the members, reduce holds the list against the
 * objects, encrypted members included. A zip inside of something else is listed as well, where it is one; but ClamAV announces
 * a member for each PK\3\4, which machine code holds by chance. Other archives begin with letters that no chance makes. */
static bool counts(const pb_layer *layer, const pb_announced *item)
{
	return !layer->kind->members && (!item->zip || strcmp(layer->type, PB_CLAMAV_ZIP) == 0);
}

/* ClamAV looks for archives inside of other things by a few letters, which a program that knows archives holds as well. One of which
 * nothing comes as a whole is none, nor is one with names that nobody gives a file. */
static bool guests_are_real(const pb_layer *layer)
{
	size_t guests = 0, came = 0, garbled = 0;

	for (size_t i = 0; i < layer->announced.n; i++) {
		const pb_announced *item = &layer->announced.item[i];

		guests += item->guest;
		came += item->guest && item->taken && !item->cut;
		garbled += pb_announced_garbled(item);
	}
	return came > 0 && garbled < guests / 8 + 1;
}

static const char cut_short[] = "cut short: fewer bytes than its archive announced";

/* What was announced and never came, or not as a whole. */
static void tell_missing(const pb_frame *f, const pb_layer *layer)
{
	bool guests = guests_are_real(layer);

	for (size_t i = 0; i < layer->announced.n; i++) {
		const pb_announced *item = &layer->announced.item[i];
		size_t n = strlen(item->name);

		if (!item->taken && (guests || !item->guest) && item->size > TINY && n > 0 && item->name[n - 1] != '/' && counts(layer, item))
			tell_member(f, &layer->under, item->name, "announced by the archive, not delivered by ClamAV");
		else if (item->cut && guests)
			tell_member(f, &layer->under, item->name, cut_short);
	}
}

/* Leaves all layers but the first `keep`. */
static void leave(pb_frame *f, size_t keep)
{
	while (f->layers.n > keep) {
		pb_layer *layer = &f->layers.at[f->layers.n - 1];

		tell_missing(f, layer);
		pb_layer_free(layer);
		f->layers.n--;
	}
	if (f->layers.announcer >= keep)
		f->layers.announcer = SIZE_MAX;
}

void pb_frame_end(pb_frame *f)
{
	leave(f, 0);
	if (innermost == f)
		innermost = f->outer;
	pb_found_free(&f->found);
	free(f->layers.at);
	pb_seen_free(&f->seen);
	pb_path_free(&f->base);
	free(f);
}

/* Formats whose members ClamAV names badly; *ordered: it delivers them in the order of the container. */
static bool names_from_listing(const pb_kind *kind, bool *ordered)
{
	*ordered = strcmp(kind->name, "iso") != 0;
	return !*ordered || strcmp(kind->name, "tar") == 0 || strcmp(kind->name, "cpio") == 0 || strcmp(kind->name, "xar") == 0;
}

/* ClamAV hands some objects over twice, as the streams of OLE files and what a second look at a zip finds. */
static bool handed_over(pb_frame *f, const pb_object *o)
{
	char *chain = pb_path_join(o->path, "\n"); /* display form holds no newline */
	uint8_t digest[64];
	char *both = NULL;
	int n = chain != NULL ? asprintf(&both, "%s\n%s", o->sha256, chain) : -1;
	bool before = n > 0 && pb_hash_raw("sha256", (pb_bytes){(uint8_t *)both, (size_t)n}, digest) > 0 &&
	              pb_seen_before(&f->seen, digest);

	free(chain);
	if (n >= 0)
		free(both);
	return before;
}

static void hand_over(pb_frame *f, pb_layer *layer, pb_bytes bytes)
{
	const char *last = layer->path.n > 0 ? layer->path.part[layer->path.n - 1] : "";
	const char *slash = strrchr(last, '/');
	char folder[64] = "";
	pb_object o = {.bytes = bytes, .path = &layer->path, .payload = layer->under.n < layer->path.n};
	bool ordered;

	if (slash != NULL) { /* of the folder, only the end decides (*.dist-info) */
		const char *from = slash;

		while (from > last && from[-1] != '/' && (size_t)(slash - from) < sizeof folder - 1)
			from--;
		memcpy(folder, from, (size_t)(slash - from));
	}
	pb_name_class(slash != NULL ? slash + 1 : last, folder[0] != '\0' ? folder : NULL, o.name_class);
	o.kind = layer->kind = pb_kind_of(bytes, o.name_class);
	if (!pb_sha256_of(bytes, o.sha256)) {
		tell(f, &layer->path, PB_WHY_MEMORY);
		return;
	}
	memcpy(layer->sha256, o.sha256, sizeof layer->sha256);
	memcpy(o.clam_type, layer->type, sizeof o.clam_type);
	layer->zip = strcmp(layer->type, PB_CLAMAV_ZIP) == 0 || (!o.kind->members && pb_zip_end(bytes) > 0);
	if (f->sink.list != NULL && names_from_listing(o.kind, &ordered))
		pb_listing_open(f->sink.list(f->sink.user, bytes, o.kind), ordered, &layer->listing);
	if (f->sink.object != NULL && !handed_over(f, &o))
		f->sink.object(f->sink.user, &o);
}

static bool push(pb_frame *f, const pb_layer *layer)
{
	pb_layers *l = &f->layers;

	if (l->n == l->cap) {
		size_t cap = l->cap > 0 ? l->cap * 2 : 8;
		pb_layer *grown = reallocarray(l->at, cap, sizeof *grown);

		if (grown == NULL)
			return false;
		l->at = grown;
		l->cap = cap;
	}
	l->at[l->n++] = *layer;
	return true;
}

/* Fills in what a layer is and what it is called; false where it cannot be examined, which was told. */
static bool enter(pb_frame *f, pb_layer *parent, const pb_inspected *seen, pb_layer *layer)
{
	const pb_path *around = parent != NULL ? &parent->path : &f->base;
	bool cut;
	int rc;

	layer->level = seen->level;
	layer->fd = seen->fd;
	layer->size = seen->size;
	layer->kind = pb_kind_named("data");
	(void)snprintf(layer->type, sizeof layer->type, "%s", seen->type != NULL ? seen->type : "");
	layer->lost = parent != NULL && parent->lost;
	layer->called = seen->name != NULL ? strdup(seen->name) : NULL;
	if (layer->lost)
		return false;
	rc = pb_layer_name(&f->layers, parent, seen, &f->base, layer, &cut);
	if (rc != PB_OK) {
		layer->lost = true;
		tell(f, around, rc == PB_ELIMIT ? PB_WHY_DEEP : PB_WHY_MEMORY);
		return false;
	}
	if (cut)
		tell(f, &layer->path, cut_short);
	if (seen->buffer == NULL && seen->size > 0) {
		tell(f, &layer->path, "no bytes delivered");
		return false;
	}
	return true;
}

void pb_frame_inspect(const pb_inspected *seen)
{
	pb_frame *f = innermost;
	pb_layer *parent, layer = {0};
	bool examined;

	if (f == NULL)
		return;
	parent = pb_layers_parent(&f->layers, seen);
	examined = enter(f, parent, seen, &layer);
	f->layers.fresh_layer = SIZE_MAX;
	leave(f, parent != NULL ? (size_t)(parent - f->layers.at) + 1 : 0);
	if (!push(f, &layer)) {
		tell(f, &f->base, PB_WHY_MEMORY);
		pb_layer_free(&layer);
		return;
	}
	if (examined)
		hand_over(f, &f->layers.at[f->layers.n - 1], (pb_bytes){(const uint8_t *)seen->buffer, seen->size});
}

void pb_frame_meta(const char *container_type, const char *name, unsigned long real_size, int encrypted)
{
	pb_frame *f = innermost;
	pb_layer *layer;
	bool zip;
	size_t index;

	if (f == NULL || name == NULL || name[0] == '\0')
		return;
	zip = container_type != NULL && strcmp(container_type, PB_CLAMAV_ZIP) == 0;
	layer = pb_layers_announcer(&f->layers, container_type != NULL ? container_type : "");
	if (layer == NULL || layer->lost)
		return;
	/* Members of a zip are announced twice in a row, before the first of them is inspected. */
	if (f->layers.fresh_layer != SIZE_MAX && pb_announced_again(&layer->announced, name, real_size, encrypted != 0)) {
		layer->announced.item[layer->announced.n - 1].doubled = true;
		return;
	}
	index = pb_announce(&layer->announced, name, real_size, encrypted != 0, zip);
	if (index == SIZE_MAX) {
		tell(f, &layer->path, PB_WHY_MEMORY);
		return;
	}
	layer->announced.item[index].guest =
	    container_type != NULL && strcmp(container_type, layer->type) != 0 && layer->kind->opener == PB_OPENS_NONE;
	f->layers.fresh_layer = (size_t)(layer - f->layers.at);
	f->layers.fresh_item = index;
	if (encrypted) {
		layer->announced.item[index].taken = true;
		if (counts(layer, &layer->announced.item[index]))
			tell_member(f, &layer->under, name, PB_WHY_ENCRYPTED);
	}
}

void pb_frame_found(int fd, const char *signature)
{
	pb_frame *f = innermost;
	const pb_layer *layer;
	const pb_path *path;
	const char *limit;

	if (f == NULL || signature == NULL)
		return;
	layer = pb_layers_of_fd(&f->layers, fd);
	path = layer != NULL && layer->path.n > 0 ? &layer->path : &f->base;
	limit = pb_found_limit(signature);
	if (limit == NULL)
		limit = pb_found_add(&f->found, path, layer != NULL ? layer->sha256 : "", signature);
	if (limit != NULL)
		tell(f, path, limit);
}

const pb_detection *pb_frame_detections(const pb_frame *f, size_t *count)
{
	*count = f->found.n;
	return f->found.at;
}
