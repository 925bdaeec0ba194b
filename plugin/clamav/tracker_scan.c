#include "clamav/tracker_inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clamav/found.h"
#include "object/archive.h"

enum { LISTED = 200000 };

static void on_object(void *user, const pb_object *o)
{
	pb_tracked *s = user;
	pb_product *p = s->tracker->failed == PB_OK ? pb_tracked_product_of_object(s, o) : NULL;

	if (p != NULL)
		pb_product_object(s->tracker, p, o);
	pb_tracked_remember(s, p, o);
}

static void on_limit(void *user, const pb_path *path, const char *why)
{
	pb_tracked *s = user;
	pb_product *p = s->tracker->failed == PB_OK ? pb_tracked_product_of_path(s, path) : NULL;

	if (p != NULL)
		pb_product_limit(s->tracker, p, path, why);
}

/* ClamAV does not tell every member's full name; the container's own listing does. */
static json_t *on_list(void *user, pb_bytes bytes, const pb_kind *kind)
{
	(void)user;
	return pb_archive_list(bytes, kind, LISTED, NULL);
}

/* A scan inside another's callback hangs below what that is scanning, as far as is known. */
static int chain_of(pb_tracked *s, pb_bytes name, pb_bytes path)
{
	const pb_tracked *root = s->outer;
	pb_place place;
	int rc;

	if (s->outer == NULL) {
		rc = pb_place_of(&s->tracker->wants, name, path, &s->place);
		return rc == PB_OK ? pb_path_copy(&s->place.base, &s->base) : rc;
	}
	rc = pb_place_of(&(pb_wants){.kinds = NULL}, name, path, &place);
	if (rc != PB_OK)
		return rc;
	rc =
	    pb_path_copy(root->state == PB_TRACKED_MAIL && root->current < root->n ? &root->product[root->current].chain
	                                                                           : &root->base,
	                 &s->base);
	if (rc == PB_OK && pb_path_push(&s->base, place.name) == PB_ENOMEM)
		rc = PB_ENOMEM;
	pb_place_free(&place);
	return rc;
}

pb_tracked *pb_tracked_begin(pb_tracker *t, uint32_t stream, pb_tracked *outer, const pb_event_begin *begin,
                             pb_bytes name, pb_bytes path)
{
	pb_tracked *s = calloc(1, sizeof *s);
	const pb_sink sink = {.object = on_object, .limit = on_limit, .user = s, .list = on_list};
	pb_frame *before;

	if (s == NULL)
		return NULL;
	s->tracker = t;
	s->outer = outer;
	s->stream = stream;
	s->number = begin->head.scan;
	s->begin = *begin;
	s->current = SIZE_MAX;
	s->kept.fd = -1;
	before = pb_frame_swap(NULL);
	if (chain_of(s, name, path) == PB_OK)
		s->frame = pb_frame_begin(&s->base, &sink);
	(void)pb_frame_swap(before);
	if (s->frame == NULL) {
		pb_tracked_free(s);
		return NULL;
	}
	return s;
}

uint32_t pb_tracked_number(const pb_tracked *s)
{
	return s->number;
}

bool pb_tracked_skipped(const pb_tracked *s)
{
	while (s->outer != NULL)
		s = s->outer;
	return s->state == PB_TRACKED_SKIPPED;
}

bool pb_tracked_wanted(const pb_tracked *s)
{
	while (s->outer != NULL)
		s = s->outer;
	return s->state != PB_TRACKED_SKIPPED && !s->over;
}

bool pb_tracked_same_file(const pb_tracked *s, uint64_t device, uint64_t inode, int64_t mtime_ns)
{
	const pb_event_begin *b = &s->begin;

	return !b->has_file || (b->device == device && b->inode == inode && b->mtime_ns == mtime_ns);
}

void pb_tracked_inspect(pb_tracked *s, const pb_inspected *seen, bool dropped, bool changed)
{
	pb_tracked *root = pb_tracked_root(s);
	pb_frame *before;

	if (s == root && !s->inspected)
		(void)snprintf(root->type, sizeof root->type, "%s",
		               seen->level == 0 && seen->type != NULL ? seen->type : "");
	s->inspected = true;
	pb_tracked_forget(s);
	if (!pb_tracked_wanted(s))
		return;
	if (++root->objects > PB_TRACKED_OBJECTS) {
		root->over = true;
		return;
	}
	root->dropped += dropped;
	root->changed |= changed;
	before = pb_frame_swap(s->frame);
	pb_frame_inspect(seen);
	(void)pb_frame_swap(before);
}

void pb_tracked_meta(pb_tracked *s, const char *container_type, const char *name, uint64_t size, bool encrypted)
{
	pb_tracked *root = pb_tracked_root(s);
	pb_frame *before;

	if (!pb_tracked_wanted(s))
		return;
	root->meta_bytes += strlen(name);
	if (++root->metas > PB_TRACKED_METAS || root->meta_bytes > PB_TRACKED_META_BYTES) {
		root->over_metas = true;
		return;
	}
	before = pb_frame_swap(s->frame);
	pb_frame_meta(container_type, name, size, encrypted);
	(void)pb_frame_swap(before);
}

void pb_tracked_found(pb_tracked *s, int fd, const char *signature)
{
	pb_frame *before;

	if (pb_tracked_skipped(s))
		return;
	s->found += pb_found_limit(signature) == NULL;
	before = pb_frame_swap(s->frame);
	pb_frame_found(fd, signature);
	(void)pb_frame_swap(before);
}
