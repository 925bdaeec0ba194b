#include "cli/reader.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/hash.h"
#include "findings/record.h"
#include "keeper/wire.h"
#include "object/archive.h"
#include "object/payload.h"
#include "worker/map.h"

enum { TINY = 5, MAP_SECONDS = 60, MAX_LISTED = 200000 };

/* A container that ClamAV left closed, kept until its scan is over: scanning inside a callback would eat the outer scan's time. */
typedef struct pending {
	struct pending *next;
	pb_path path;
	const pb_kind *kind;
	uint8_t *bytes;
	size_t size;
} pending;

typedef struct reader {
	const pb_assessor *assessor;
	int fd;
	pb_mapper *mapper;
	json_t *seen;             /* keys of results already sent */
	const pb_item *item;
	pending *first, **last;
	uint64_t total, members, unpacked, queued;
	char sha256[65], kind[32]; /* of the item itself, "" until it was seen */
	size_t payload_at;        /* while the payload of a compression layer is scanned: its element of the path; 0: not so */
	int failed;               /* a sink cannot return a code */
	pb_error err;
} reader;

static void send_json(reader *r, pb_message type, json_t *value)
{
	char *text = value ? json_dumps(value, JSON_COMPACT) : NULL;
	if (!text)
		r->failed = PB_ENOMEM;
	else if (!r->failed)
		r->failed = pb_wire_send(r->fd, type, text, strlen(text));
	free(text);
	json_decref(value);
}

/* A payload has no name that a user would know: what lies in it hangs below its layer. The path as JSON, that respected. */
static json_t *path_json(const reader *r, const pb_path *path)
{
	json_t *out = pb_path_json(path);
	if (r->payload_at && path->n > r->payload_at + 1)
		json_array_remove(out, r->payload_at);
	return out;
}

static void on_limit(void *user, const pb_path *path, const char *why)
{
	send_json(user, PB_MSG_LIMIT, json_pack("{s:o,s:s}", "path", path_json(user, path), "why", why));
}

static void on_detected(void *user, const pb_detection *found, size_t count)
{
	for (size_t i = 0; i < count; i++)
		send_json(user, PB_MSG_DETECTION,
		          json_pack("{s:o,s:s,s:s}", "path", path_json(user, &found[i].path), "sha256", found[i].sha256, "signature",
		                    found[i].signature));
}

/* The same as a chain of our own. */
static int copy_path(const reader *r, const pb_path *path, pb_path *out)
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

static void postpone(reader *r, const pb_object *o)
{
	const pb_budget *budget = &r->assessor->budget;
	if (o->path->n >= budget->depth) {
		on_limit(r, o->path, "nested deeper than the depth budget");
		return;
	}
	if (o->bytes.size > budget->total_bytes - r->queued) {
		on_limit(r, o->path, "unpacked size budget of the file spent");
		return;
	}
	pending *p = calloc(1, sizeof *p);
	if (!p || !(p->bytes = malloc(o->bytes.size + 1)) || copy_path(r, o->path, &p->path)) {
		if (p)
			free(p->bytes);
		free(p);
		on_limit(r, o->path, "not opened: out of memory");
		return;
	}
	memcpy(p->bytes, o->bytes.data, o->bytes.size);
	p->size = o->bytes.size;
	p->kind = o->kind;
	r->queued += p->size;
	*r->last = p;
	r->last = &p->next;
}

static void send_record(reader *r, const pb_object *o, json_t *result)
{
	json_t *record = json_pack("{s:o,s:s,s:I,s:s,s:s,s:s,s:b}", "path", path_json(r, o->path), "sha256", o->sha256, "size",
	                           (json_int_t)o->bytes.size, "kind", o->kind->name, "class", pb_class_name(o->kind->class),
	                           "name_class", o->name_class, "container", o->kind->class == PB_CLASS_ARCHIVE);
	if (record && result)
		json_object_set(record, "result", result);
	send_json(r, PB_MSG_RECORD, record);
}

/* One object: mapped where its result was not sent before, recorded, and queued where libarchive has to open it. */
static void on_object(void *user, const pb_object *o)
{
	reader *r = user;
	json_t *result = NULL;
	char key[160];
	if (r->failed)
		return;
	if (++r->members > r->assessor->budget.members) {
		if (r->members == r->assessor->budget.members + 1)
			on_limit(r, o->path, "more objects than the members budget");
		return;
	}
	if (!r->sha256[0] && o->path->n == r->item->base.n) {
		memcpy(r->sha256, o->sha256, sizeof r->sha256);
		snprintf(r->kind, sizeof r->kind, "%s", o->kind->name);
	}
	snprintf(key, sizeof key, "%s %s %s", o->sha256, o->kind->name, o->name_class);
	if (!json_object_get(r->seen, key)) {
		r->failed = pb_map(r->mapper, o, &result, &r->err);
		if (!r->failed && json_object_set_new(r->seen, key, json_true()))
			r->failed = PB_ENOMEM;
	}
	if (!r->failed)
		send_record(r, o, result);
	json_decref(result);
	if (o->kind->opener == PB_OPENS_LIBARCHIVE)
		postpone(r, o);
}

/* ClamAV does not tell every member's full name; the container's own listing does. */
static json_t *on_list(void *user, pb_bytes bytes, const pb_kind *kind)
{
	(void)user;
	return pb_archive_list(bytes, kind, MAX_LISTED, NULL);
}

static pb_sink sink_of(reader *r)
{
	return (pb_sink){.object = on_object, .limit = on_limit, .user = r, .list = on_list};
}

static void scan_bytes(reader *r, pb_bytes bytes, const pb_path *base)
{
	pb_sink sink = sink_of(r);
	pb_error err = {0};
	if (pb_engine_scan_bytes(r->assessor->engine, bytes, base, &sink, on_detected, &err))
		on_limit(r, base, err.text);
}

/* A member that libarchive unpacked goes to libclamav like any file. Names begin at the container's chain. */
static int on_member(void *user, const char *name, pb_bytes bytes)
{
	reader *r = user;
	pending *p = r->first;
	if (r->failed)
		return r->failed;
	if (bytes.size <= TINY)
		return 0; /* ClamAV sees nothing in it either; the container's listing has its digest */
	char *payload = name ? NULL : pb_payload_name(p->path.part[p->path.n - 1]);
	int rc = name || payload ? pb_path_push(&p->path, name ? name : payload) : PB_ENOMEM;
	free(payload);
	if (rc)
		return rc;
	r->payload_at = name ? 0 : p->path.n - 1;
	scan_bytes(r, bytes, &p->path);
	r->payload_at = 0;
	pb_path_pop(&p->path);
	return r->failed;
}

static void open_pending(reader *r)
{
	while (r->first) {
		pending *p = r->first;
		if (!r->failed) {
			pb_unpack how = {.budget = &r->assessor->budget, .total = &r->total, .members = &r->unpacked, .path = &p->path,
			                 .limit = on_limit, .member = on_member, .user = r};
			int rc = pb_archive_unpack((pb_bytes){p->bytes, p->size}, p->kind, &how);
			if (rc && !r->failed)
				r->failed = rc;
		}
		r->first = p->next;
		if (!r->first)
			r->last = &r->first;
		r->queued -= p->size;
		pb_path_free(&p->path);
		free(p->bytes);
		free(p);
	}
}

/* What ClamAV is never shown: a file of a few bytes. It is an object like any other. */
static void map_tiny(reader *r, int fd, size_t size)
{
	uint8_t bytes[TINY];
	if (size == 0) {
		on_limit(r, &r->item->base, "empty: there is nothing to examine");
		pb_sha256_of((pb_bytes){NULL, 0}, r->sha256);
		return;
	}
	if (pread(fd, bytes, size, 0) != (ssize_t)size) {
		on_limit(r, &r->item->base, "changed while it was read");
		return;
	}
	pb_object o = {.bytes = {bytes, size}, .path = &r->item->base};
	pb_name_class(r->item->base.part[r->item->base.n - 1], NULL, o.name_class);
	o.kind = pb_kind_of(o.bytes, o.name_class);
	pb_sha256_of(o.bytes, o.sha256);
	on_object(r, &o);
}

/* The digest of a file that is too large to be scanned still names it. */
static void hash_file(reader *r, int fd)
{
	static uint8_t chunk[1 << 18];
	pb_sha256 *h = pb_sha256_new();
	off_t at = 0;
	ssize_t n;
	while (h && (n = pread(fd, chunk, sizeof chunk, at)) > 0) {
		pb_sha256_add(h, chunk, (size_t)n);
		at += n;
	}
	if (h)
		pb_sha256_hex(h, r->sha256);
}

static void read_item(reader *r)
{
	const pb_item *item = r->item;
	struct stat before, after;
	pb_error err = {0};
	/* O_NONBLOCK: a FIFO that replaced the file since it was listed must not hold us up. */
	int fd = open(item->file, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | (item->follow ? 0 : O_NOFOLLOW));
	if (fd < 0 || fstat(fd, &before) < 0 || !S_ISREG(before.st_mode)) {
		pb_fail(&err, PB_EIO, "cannot be read: %s", fd < 0 ? strerror(errno) : "no longer a regular file");
		on_limit(r, &item->base, err.text);
		goto out;
	}
	if (before.st_size <= TINY) {
		map_tiny(r, fd, (size_t)before.st_size);
	} else {
		pb_sink sink = sink_of(r);
		if (pb_engine_scan_fd(r->assessor->engine, fd, &item->base, &sink, on_detected, &err))
			on_limit(r, &item->base, err.text);
		open_pending(r);
	}
	if (!r->sha256[0])
		hash_file(r, fd);
	if (fstat(fd, &after) == 0 && (after.st_size != before.st_size || after.st_mtim.tv_sec != before.st_mtim.tv_sec ||
	                               after.st_mtim.tv_nsec != before.st_mtim.tv_nsec))
		on_limit(r, &item->base, "changed while it was read");
	send_json(r, PB_MSG_ITEM, json_pack("{s:s,s:I,s:s}", "sha256", r->sha256, "size", (json_int_t)before.st_size, "kind",
	                                    r->kind[0] ? r->kind : "data"));
out:
	if (fd >= 0)
		close(fd);
}

int pb_reader_main(int fd, void *user)
{
	const pb_reader_job *job = user;
	reader r = {.assessor = job->assessor, .fd = fd, .seen = json_object()};
	pb_buf in = {.max = 64};
	pb_message type;
	r.last = &r.first;
	int rc = r.seen ? pb_mapper_new(&job->assessor->rules, MAP_SECONDS, &r.mapper, &r.err) : PB_ENOMEM;
	while (!rc && pb_wire_receive(fd, &type, &in) == 1) {
		uint64_t number;
		if (type != PB_MSG_JOB || in.size != sizeof number) {
			rc = PB_ECORRUPT;
			break;
		}
		memcpy(&number, in.data, sizeof number);
		if (number >= job->n_items) {
			rc = PB_ECORRUPT;
			break;
		}
		r.item = &job->items[number];
		r.total = r.members = r.unpacked = r.queued = 0;
		r.sha256[0] = r.kind[0] = '\0';
		read_item(&r);
		rc = r.failed;
		if (!rc)
			rc = pb_wire_send(fd, PB_MSG_DONE, "", 0);
	}
	if (rc && r.err.code)
		pb_wire_send(fd, PB_MSG_ERROR, r.err.text, strlen(r.err.text));
	pb_mapper_free(r.mapper);
	json_decref(r.seen);
	pb_buf_free(&in);
	return rc ? 1 : 0;
}
