/* What a reader tells of its job: objects, limits, detections; and the containers that ClamAV leaves closed, by libarchive. */
#include "clamav/reader_inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/scratch.h"
#include "clamav/record_out.h"
#include "object/cpio_rest.h"
#include "object/payload.h"
#include "object/squashfs.h"

#define REST_NAME "~rest" /* what stands behind the end of an archive has no name of its own */

enum { MAX_LISTED = 200000 };

static const char no_memory[] = "not opened: out of memory";

void pb_reader_failed(pb_reader *r, int rc)
{
	if (rc && !r->failed)
		r->failed = rc;
}

/* A payload has no name that a user would know: what lies in it hangs below its layer. The path as JSON, that respected. */
static json_t *path_json(const pb_reader *r, const pb_path *path)
{
	json_t *out = pb_path_json(path);
	if (r->payload_at && path->n > r->payload_at + 1)
		json_array_remove(out, r->payload_at);
	return out;
}

void pb_reader_limit(void *user, const pb_path *path, const char *why)
{
	pb_reader *r = user;
	if (r->changed)
		return; /* of another file */
	json_t *shown = path_json(r, path);
	pb_reader_failed(r, shown ? pb_out_limit(r->lane, r->tag, shown, why) : PB_ENOMEM);
	json_decref(shown);
}

void pb_reader_detected(void *user, const pb_detection *found, size_t count)
{
	pb_reader *r = user;
	for (size_t i = 0; i < count; i++) {
		json_t *shown = path_json(r, &found[i].path);
		pb_reader_failed(r, shown ? pb_out_detection(r->lane, r->tag, shown, found[i].sha256, found[i].signature) : PB_ENOMEM);
		json_decref(shown);
	}
}

/* The same as a chain of our own. */
static int copy_path(const pb_reader *r, const pb_path *path, pb_path *out)
{
	int rc = pb_path_copy(path, out);
	if (!rc && r->payload_at && path->n > r->payload_at + 1) {
		free(out->part[r->payload_at]);
		out->n--;
		for (size_t i = r->payload_at; i < out->n; i++)
			out->part[i] = out->part[i + 1];
	}
	return rc;
}

/* Large ones are mapped: of the job's own file what lies there (whoever cuts it meanwhile ends this process, and the file is a limit), of all
 * others a copy in the temporary folder. NULL: it worked. */
static const char *map_bytes(const pb_reader *r, const pb_path *path, pb_bytes bytes, pb_pending *p)
{
	bool own = r->fd >= 0 && path->n == r->base.n && bytes.size == r->fd_size;
	int fd = own ? r->fd : pb_scratch_file(r->folder);
	bool there = fd >= 0 && (own || pb_scratch_write(fd, 0, bytes));
	p->bytes = there ? (uint8_t *)(uintptr_t)pb_scratch_map(fd, bytes.size) : NULL;
	p->mapped = p->bytes != NULL;
	if (fd >= 0 && !own)
		close(fd);
	return p->mapped ? NULL : there ? no_memory : "not opened: no room for it in the temporary folder";
}

static const char *keep_bytes(const pb_reader *r, const pb_path *path, pb_bytes bytes, pb_pending *p)
{
	p->size = bytes.size;
	if (bytes.size >= PB_READER_MAPPED)
		return map_bytes(r, path, bytes, p);
	p->bytes = malloc(bytes.size + 1);
	if (!p->bytes)
		return no_memory;
	memcpy(p->bytes, bytes.data, bytes.size);
	return NULL;
}

static void drop_bytes(pb_pending *p)
{
	if (p->mapped)
		pb_scratch_unmap(p->bytes, p->size);
	else
		free(p->bytes);
}

void pb_reader_queue(pb_reader *r, const pb_path *path, const pb_kind *kind, pb_bytes bytes)
{
	const pb_budget *budget = &r->state->budget;
	if (path->n >= budget->depth) {
		pb_reader_limit(r, path, "nested deeper than the depth budget");
		return;
	}
	if (bytes.size > budget->total_bytes - r->queued) {
		pb_reader_limit(r, path, "unpacked size budget of the file spent");
		return;
	}
	pb_pending *p = calloc(1, sizeof *p);
	const char *why = p ? keep_bytes(r, path, bytes, p) : no_memory;
	if (!why && copy_path(r, path, &p->path))
		why = no_memory;
	if (why) {
		if (p)
			drop_bytes(p);
		free(p);
		pb_reader_limit(r, path, why);
		return;
	}
	p->kind = kind;
	r->queued += p->size;
	*r->last = p;
	r->last = &p->next;
}

/* What lies in the payload of a layer hangs below the layer; only a further layer names its own payload. */
static void queue_object(pb_reader *r, const pb_object *o)
{
	size_t before = r->queued;
	bool payload = o->payload || (r->payload_at && o->path->n == r->payload_at + 1);
	pb_pending **at = r->last;
	pb_reader_queue(r, o->path, o->kind, o->bytes);
	if (r->queued != before && payload && !o->kind->layer)
		pb_path_pop(&(*at)->path);
}

/* What stands behind something else: a file system behind a program or a boot loader, an archive behind the end of an archive. */
static void queue_carried(pb_reader *r, const pb_object *o)
{
	bool cpio = strcmp(o->kind->name, "cpio") == 0;
	pb_bytes carried = cpio                             ? pb_cpio_rest(o->bytes)
	                   : pb_squashfs_carrier(o->kind) ? pb_squashfs_find(o->bytes)
	                                                  : (pb_bytes){NULL, 0};

	if (carried.size > PB_READER_TINY)
		pb_reader_queue(r, o->path, cpio ? NULL : pb_kind_named("squashfs"), carried);
}

/* One object: put on the lane, and queued where libarchive has to open it. */
void pb_reader_object(void *user, const pb_object *o)
{
	pb_reader *r = user;
	if (r->failed || r->changed)
		return;
	if (r->digest && o->path->n == r->base.n) {
		r->seen = true;
		r->changed = strcmp(o->sha256, r->digest) != 0;
		if (r->changed || r->inside)
			return;
	}
	if (++r->members > r->state->budget.members) {
		if (r->members == r->state->budget.members + 1)
			pb_reader_limit(r, o->path, "more objects than the members budget");
		return;
	}
	if (!r->sha256[0] && o->path->n == r->base.n) {
		memcpy(r->sha256, o->sha256, sizeof r->sha256);
		snprintf(r->kind, sizeof r->kind, "%s", o->kind->name);
	}
	json_t *shown = path_json(r, o->path);
	pb_reader_failed(r, shown ? pb_out_object(r->lane, r->tag, o, shown, r->unscanned) : PB_ENOMEM);
	json_decref(shown);
	if (o->kind->opener == PB_OPENS_LIBARCHIVE || (r->shut && o->path->n == r->shut))
		queue_object(r, o);
	else
		queue_carried(r, o);
}

/* ClamAV does not tell every member's full name; the container's own listing does. */
static json_t *on_list(void *user, pb_bytes bytes, const pb_kind *kind)
{
	(void)user;
	return pb_archive_list(bytes, kind, MAX_LISTED, NULL);
}

pb_sink pb_reader_sink(pb_reader *r)
{
	return (pb_sink){.object = pb_reader_object, .limit = pb_reader_limit, .user = r, .list = on_list};
}

/* Of a gzip the last bytes say how large it was, modulo 2^32. */
bool pb_reader_opens(const pb_kind *kind, pb_bytes b)
{
	enum { PACKED = 16 << 20, UNPACKED = 64 << 20 };
	if (strcmp(kind->name, "tar") == 0 || strcmp(kind->name, "cpio") == 0)
		return b.size >= UNPACKED;
	if (strcmp(kind->name, "xz") == 0 || strcmp(kind->name, "bzip2") == 0)
		return b.size >= PACKED;
	if (strcmp(kind->name, "gzip") != 0 || b.size < 18)
		return false;
	const uint8_t *end = b.data + b.size - 4;
	uint32_t size = (uint32_t)end[0] | (uint32_t)end[1] << 8 | (uint32_t)end[2] << 16 | (uint32_t)end[3] << 24;
	return b.size >= PACKED || size >= UNPACKED;
}

/* What a host's ClamAV knew to be clean it would have opened: there ours does, too. */
int pb_reader_scan(pb_reader *r, pb_bytes bytes, const pb_path *path, pb_detected_fn detected, pb_error *err)
{
	pb_sink sink = pb_reader_sink(r);
	char class[PB_NAME_CLASS];
	pb_name_class(path->part[path->n - 1], NULL, class);
	r->shut = !r->digest && pb_reader_opens(pb_kind_of(bytes, class), bytes) ? path->n : 0;
	pb_engine_shut(r->state->engine, r->shut != 0);
	int rc = pb_engine_scan_bytes(r->state->engine, bytes, path, &sink, detected, err);
	pb_engine_shut(r->state->engine, false);
	r->shut = 0;
	return rc;
}

/* A member that libarchive unpacked goes to libclamav like any file. Names begin at the container's chain. */
static int on_member(void *user, const char *name, pb_bytes bytes)
{
	pb_reader *r = user;
	pb_pending *p = r->first;
	pb_error err = {0};
	if (r->failed)
		return r->failed;
	if (bytes.size <= PB_READER_TINY)
		return 0; /* ClamAV sees nothing in it either; the container's listing has its digest */
	char *payload = name ? NULL : pb_payload_name(p->path.part[p->path.n - 1]);
	int rc = name || payload ? pb_path_push(&p->path, name ? name : payload) : PB_ENOMEM;
	free(payload);
	if (rc)
		return rc;
	r->payload_at = name ? 0 : p->path.n - 1;
	if (pb_reader_scan(r, bytes, &p->path, pb_reader_detected, &err))
		pb_reader_limit(r, &p->path, err.text);
	r->payload_at = 0;
	pb_path_pop(&p->path);
	return r->failed;
}

/* Members of a member hang below it. */
static int on_within(void *user, const char *name)
{
	pb_reader *r = user;

	if (name)
		return pb_path_push(&r->first->path, name);
	pb_path_pop(&r->first->path);
	return 0;
}

static int on_file(void *user)
{
	return pb_scratch_file(((pb_reader *)user)->folder);
}

void pb_reader_open_pending(pb_reader *r)
{
	while (r->first) {
		pb_pending *p = r->first;
		if (!r->failed) {
			pb_unpack how = {.budget = &r->state->budget, .total = &r->total, .members = &r->unpacked, .path = &p->path,
			                 .limit = pb_reader_limit, .member = on_member,
			                 .within = on_within, .file = on_file, .user = r};
			pb_bytes bytes = {p->bytes, p->size};
			pb_reader_failed(r, p->kind ? pb_archive_unpack(bytes, p->kind, &how) : on_member(r, REST_NAME, bytes));
		}
		r->first = p->next;
		if (!r->first)
			r->last = &r->first;
		r->queued -= p->size;
		pb_path_free(&p->path);
		drop_bytes(p);
		free(p);
	}
}
