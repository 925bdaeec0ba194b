#include "clamav/reader.h"

#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/date.h"
#include "base/hash.h"
#include "box/box.h"
#include "clamav/record_out.h"
#include "object/archive.h"
#include "object/payload.h"
#include "wire/message.h"

enum { TINY = 5, MAX_LISTED = 200000, READER_FILES = 256, READER_CPU_SECONDS = 14400, FOLDER = 512 };

typedef struct pb_reading {
	pb_engine *engine;
	pb_budget budget;
	const char *temp;
} pb_reading;

/* A container that ClamAV left closed, kept until its scan is over: scanning inside a callback would eat the outer scan's time. */
typedef struct pending {
	struct pending *next;
	pb_path path;
	const pb_kind *kind;
	uint8_t *bytes;
	size_t size;
} pending;

typedef struct reader {
	pb_reading *state;
	pb_lane *lane;
	uint32_t tag;
	pb_path base;              /* of the job */
	bool container;            /* the job is a container's bytes: its own record is there already */
	pending *first, **last;
	uint64_t total, members, unpacked, queued;
	char sha256[65], kind[32]; /* of the item itself, "" until it was seen */
	size_t payload_at;         /* while the payload of a compression layer is scanned: its element of the path; 0: not so */
	int failed;                /* a sink cannot return a code */
} reader;

static void keep_code(reader *r, int rc)
{
	if (rc && !r->failed)
		r->failed = rc;
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
	reader *r = user;
	json_t *shown = path_json(r, path);
	keep_code(r, shown ? pb_out_limit(r->lane, r->tag, shown, why) : PB_ENOMEM);
	json_decref(shown);
}

static void on_detected(void *user, const pb_detection *found, size_t count)
{
	reader *r = user;
	for (size_t i = 0; i < count; i++) {
		json_t *shown = path_json(r, &found[i].path);
		keep_code(r, shown ? pb_out_detection(r->lane, r->tag, shown, found[i].sha256, found[i].signature) : PB_ENOMEM);
		json_decref(shown);
	}
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

static void queue(reader *r, const pb_path *path, const pb_kind *kind, pb_bytes bytes)
{
	const pb_budget *budget = &r->state->budget;
	if (path->n >= budget->depth) {
		on_limit(r, path, "nested deeper than the depth budget");
		return;
	}
	if (bytes.size > budget->total_bytes - r->queued) {
		on_limit(r, path, "unpacked size budget of the file spent");
		return;
	}
	pending *p = calloc(1, sizeof *p);
	if (!p || !(p->bytes = malloc(bytes.size + 1)) || copy_path(r, path, &p->path)) {
		if (p)
			free(p->bytes);
		free(p);
		on_limit(r, path, "not opened: out of memory");
		return;
	}
	memcpy(p->bytes, bytes.data, bytes.size);
	p->size = bytes.size;
	p->kind = kind;
	r->queued += p->size;
	*r->last = p;
	r->last = &p->next;
}

/* One object: put on the lane, and queued where libarchive has to open it. */
static void on_object(void *user, const pb_object *o)
{
	reader *r = user;
	if (r->failed)
		return;
	if (++r->members > r->state->budget.members) {
		if (r->members == r->state->budget.members + 1)
			on_limit(r, o->path, "more objects than the members budget");
		return;
	}
	if (!r->sha256[0] && o->path->n == r->base.n) {
		memcpy(r->sha256, o->sha256, sizeof r->sha256);
		snprintf(r->kind, sizeof r->kind, "%s", o->kind->name);
	}
	json_t *shown = path_json(r, o->path);
	keep_code(r, shown ? pb_out_object(r->lane, r->tag, o, shown, r->container) : PB_ENOMEM);
	json_decref(shown);
	if (o->kind->opener == PB_OPENS_LIBARCHIVE)
		queue(r, o->path, o->kind, o->bytes);
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

/* A member that libarchive unpacked goes to libclamav like any file. Names begin at the container's chain. */
static int on_member(void *user, const char *name, pb_bytes bytes)
{
	reader *r = user;
	pending *p = r->first;
	pb_sink sink = sink_of(r);
	pb_error err = {0};
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
	if (pb_engine_scan_bytes(r->state->engine, bytes, &p->path, &sink, on_detected, &err))
		on_limit(r, &p->path, err.text);
	r->payload_at = 0;
	pb_path_pop(&p->path);
	return r->failed;
}

static void open_pending(reader *r)
{
	while (r->first) {
		pending *p = r->first;
		if (!r->failed) {
			pb_unpack how = {.budget = &r->state->budget, .total = &r->total, .members = &r->unpacked, .path = &p->path,
			                 .limit = on_limit, .member = on_member, .user = r};
			keep_code(r, pb_archive_unpack((pb_bytes){p->bytes, p->size}, p->kind, &how));
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
		on_limit(r, &r->base, "empty: there is nothing to examine");
		pb_sha256_of((pb_bytes){NULL, 0}, r->sha256);
		return;
	}
	if (pread(fd, bytes, size, 0) != (ssize_t)size) {
		on_limit(r, &r->base, "changed while it was read");
		return;
	}
	pb_object o = {.bytes = {bytes, size}, .path = &r->base};
	pb_name_class(r->base.part[r->base.n - 1], NULL, o.name_class);
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

static void read_file(reader *r, int fd)
{
	struct stat before, after;
	pb_error err = {0};
	if (fstat(fd, &before) < 0 || !S_ISREG(before.st_mode)) {
		on_limit(r, &r->base, "cannot be read: no longer a regular file");
		return;
	}
	if (before.st_size <= TINY) {
		map_tiny(r, fd, (size_t)before.st_size);
	} else {
		pb_sink sink = sink_of(r);
		if (pb_engine_scan_fd(r->state->engine, fd, &r->base, &sink, on_detected, &err))
			on_limit(r, &r->base, err.text);
		open_pending(r);
	}
	if (!r->sha256[0])
		hash_file(r, fd);
	if (fstat(fd, &after) == 0 && (after.st_size != before.st_size || after.st_mtim.tv_sec != before.st_mtim.tv_sec ||
	                               after.st_mtim.tv_nsec != before.st_mtim.tv_nsec))
		on_limit(r, &r->base, "changed while it was read");
	keep_code(r, pb_out_note(r->lane, r->tag, PB_MSG_ITEM,
	                         json_pack("{s:s,s:I,s:s}", "sha256", r->sha256, "size", (json_int_t)before.st_size, "kind",
	                                   r->kind[0] ? r->kind : "data")));
}

/* A container that a plugin's host left closed: sealed by whoever made it, so that mapping it is safe. */
static void read_container(reader *r, int fd, const pb_kind *kind)
{
	struct stat st;
	void *bytes = MAP_FAILED;
	if (fstat(fd, &st) == 0 && st.st_size > 0 && (uint64_t)st.st_size <= r->state->budget.member_bytes)
		bytes = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (bytes == MAP_FAILED) {
		on_limit(r, &r->base, "not opened: its bytes could not be mapped");
		return;
	}
	queue(r, &r->base, kind, (pb_bytes){bytes, (size_t)st.st_size});
	munmap(bytes, (size_t)st.st_size);
	open_pending(r);
}

/* The job's path, display form made by the keeper or the tracker. */
static int read_path(const json_t *path, pb_path *out)
{
	size_t i;
	json_t *e;
	int rc = json_array_size(path) > 0 ? 0 : PB_ECORRUPT;
	memset(out, 0, sizeof *out);
	json_array_foreach(path, i, e)
		if (!rc)
			rc = json_is_string(e) ? pb_path_push(out, json_string_value(e)) : PB_ECORRUPT;
	return rc;
}

static int do_job(reader *r, uint32_t tag, pb_bytes text, int fd)
{
	json_t *job = pb_json_parse(text, 1 << 20, "a job", NULL);
	const char *kind = pb_json_str(job, "kind", "");
	r->tag = tag;
	r->total = r->members = r->unpacked = r->queued = 0;
	r->sha256[0] = r->kind[0] = '\0';
	int rc = job && fd >= 0 ? read_path(json_object_get(job, "path"), &r->base) : PB_ECORRUPT;
	r->container = *kind != '\0';
	if (!rc && r->container && !pb_kind_named(kind))
		rc = PB_ECORRUPT;
	if (!rc && r->container)
		read_container(r, fd, pb_kind_named(kind));
	else if (!rc)
		read_file(r, fd);
	rc = rc ? rc : r->failed;
	if (!rc)
		rc = pb_out_note(r->lane, tag, PB_MSG_DONE, json_object());
	pb_path_free(&r->base);
	json_decref(job);
	return rc;
}

static int remove_one(const char *path, const struct stat *st, int flag, struct FTW *where)
{
	(void)st;
	(void)flag;
	(void)where;
	(void)remove(path);
	return 0; /* what cannot be removed does not keep the rest */
}

static bool folder_of(const pb_reading *s, pid_t pid, char *out, size_t size)
{
	int n = snprintf(out, size, "%s/%ld", s->temp, (long)pid);
	return n > 0 && (size_t)n < size;
}

void pb_reading_buried(void *state, pid_t pid)
{
	char folder[FOLDER];
	if (folder_of(state, pid, folder, sizeof folder))
		nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* The only folder that is left to it: temporary files of libclamav. */
static int close_box(const pb_reading *s, const json_t *args, pb_error *err)
{
	char folder[FOLDER];
	if (!folder_of(s, getpid(), folder, sizeof folder) || (mkdir(folder, 0700) < 0 && errno != EEXIST))
		return pb_fail(err, PB_EIO, "no temporary folder %s: %s", folder, strerror(errno));
	pb_box_limits limits = {.memory = (uint64_t)pb_json_int(args, "memory", 0), .files = READER_FILES, .cpu_seconds = READER_CPU_SECONDS, .folder = folder};
	return pb_box_shut(&limits, err);
}

int pb_reader_main(void *state, const pb_role_args *args)
{
	pb_error err = {0};
	reader r = {.state = state};
	pb_buf in = {.max = 1 << 20};
	pb_message type;
	uint32_t tag;
	int fd;
	r.last = &r.first;
	r.lane = pb_lane_open(args->fd[1], true, &err);
	int rc = r.lane ? close_box(state, args->args, &err) : err.code;
	if (rc)
		fprintf(stderr, "probity: reader: %s\n", err.text);
	while (!rc && pb_wire_receive(args->fd[0], &type, &tag, &in, &fd) == 1) {
		rc = type == PB_MSG_JOB ? do_job(&r, tag, (pb_bytes){in.data, in.size}, fd) : PB_ECORRUPT;
		if (fd >= 0)
			close(fd);
		if (pb_box_spent() > READER_CPU_SECONDS / 2)
			break; /* a fresh one goes on */
	}
	pb_buf_free(&in);
	return rc ? 1 : 0;
}

static json_t *database_json(const pb_database *db)
{
	char built[11] = "";
	if (db->built_days >= 0)
		pb_date_format(db->built_days, built);
	return json_pack("{s:s,s:b,s:s,s:s,s:i,s:s}", "dir", db->dir, "official", db->official, "version", db->version, "built", built,
	                 "signatures", (int)db->signatures, "digest", db->digest);
}

int pb_reading_open(void *user, void **state, json_t **about, pb_error *err)
{
	const pb_reading_options *o = user;
	pb_database database;
	pb_reading *s = calloc(1, sizeof *s);
	if (!s)
		return pb_fail(err, PB_ENOMEM, "out of memory");
	s->budget = o->budget;
	s->temp = o->temp;
	int rc = o->unsigned_only ? pb_engine_open_empty(o->temp, &s->budget, &s->engine, &database, err)
	                          : pb_engine_open(o->database, o->extra, o->temp, &s->budget, &s->engine, &database, err);
	if (rc) {
		free(s);
		return rc;
	}
	*state = s;
	*about = json_pack("{s:s,s:o}", "clamav", pb_engine_version(), "database", database_json(&database));
	return *about ? 0 : pb_fail(err, PB_ENOMEM, "out of memory");
}
