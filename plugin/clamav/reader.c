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
#include "base/scratch.h"
#include "box/box.h"
#include "clamav/reader_inside.h"
#include "clamav/record_out.h"
#include "wire/message.h"

enum { READER_FILES = 256, READER_CPU_SECONDS = 14400, FOLDER = 512 };

/* What ClamAV is never shown: a file of a few bytes. It is an object like any other. */
static void map_tiny(pb_reader *r, int fd, size_t size)
{
	uint8_t bytes[PB_READER_TINY];
	if (size == 0) {
		pb_reader_limit(r, &r->base, "empty: there is nothing to examine");
		pb_sha256_of((pb_bytes){NULL, 0}, r->sha256);
		return;
	}
	if (pread(fd, bytes, size, 0) != (ssize_t)size) {
		pb_reader_limit(r, &r->base, "changed while it was read");
		return;
	}
	pb_object o = {.bytes = {bytes, size}, .path = &r->base};
	pb_name_class(r->base.part[r->base.n - 1], NULL, o.name_class);
	o.kind = pb_kind_of(o.bytes, o.name_class);
	pb_sha256_of(o.bytes, o.sha256);
	pb_reader_object(r, &o);
}

/* The digest of a file that is too large to be scanned still names it. */
static void hash_file(pb_reader *r, int fd)
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

/* What is too large for ClamAV was never shown: a container that needs no ClamAV is opened all the same. */
static void queue_unseen(pb_reader *r)
{
	void *at = mmap(NULL, r->fd_size, PROT_READ, MAP_PRIVATE, r->fd, 0);
	char class[PB_NAME_CLASS];
	const pb_kind *kind;

	if (at == MAP_FAILED)
		return;
	pb_name_class(r->base.part[r->base.n - 1], NULL, class);
	kind = pb_kind_of((pb_bytes){at, r->fd_size}, class);
	snprintf(r->kind, sizeof r->kind, "%s", kind->name);
	if (kind->opener == PB_OPENS_LIBARCHIVE)
		pb_reader_queue(r, &r->base, kind, (pb_bytes){at, r->fd_size});
	munmap(at, r->fd_size);
}

/* One of few bytes that was large. */
static bool is_large_gzip(int fd, size_t size)
{
	uint8_t ends[22];
	return size > sizeof ends && pread(fd, ends, 2, 0) == 2 && ends[0] == 0x1f && ends[1] == 0x8b && pread(fd, ends + 2, 20, (off_t)size - 20) == 20 &&
	       pb_reader_opens(pb_kind_named("gzip"), (pb_bytes){ends, sizeof ends});
}

/* libclamav copies what it reads of a descriptor into memory, all of it where it is to be inspected; what is mapped it takes as it lies there. */
static int scan_file(pb_reader *r, int fd, size_t size, pb_detected_fn detected)
{
	pb_sink sink = pb_reader_sink(r);
	pb_error err = {0};
	const uint8_t *map = size >= PB_READER_MAPPED || is_large_gzip(fd, size) ? pb_scratch_map(fd, size) : NULL;
	int rc = map ? pb_reader_scan(r, (pb_bytes){map, size}, &r->base, detected, &err)
	             : pb_engine_scan_fd(r->state->engine, fd, &r->base, &sink, detected, &err);
	if (rc)
		pb_reader_limit(r, &r->base, err.text);
	pb_scratch_unmap(map, size);
	return rc;
}

static void read_file(pb_reader *r, int fd)
{
	struct stat before, after;
	if (fstat(fd, &before) < 0 || !S_ISREG(before.st_mode)) {
		pb_reader_limit(r, &r->base, "cannot be read: no longer a regular file");
		return;
	}
	if (before.st_size <= PB_READER_TINY) {
		map_tiny(r, fd, (size_t)before.st_size);
	} else {
		r->fd = fd;
		r->fd_size = (uint64_t)before.st_size;
		(void)scan_file(r, fd, (size_t)before.st_size, pb_reader_detected);
		if (!r->sha256[0])
			queue_unseen(r);
		pb_reader_open_pending(r);
		r->fd = -1;
	}
	if (!r->sha256[0])
		hash_file(r, fd);
	if (fstat(fd, &after) == 0 && (after.st_size != before.st_size || after.st_mtim.tv_sec != before.st_mtim.tv_sec ||
	                               after.st_mtim.tv_nsec != before.st_mtim.tv_nsec))
		pb_reader_limit(r, &r->base, "changed while it was read");
	pb_reader_failed(r, pb_out_note(r->lane, r->tag, PB_MSG_ITEM,
	                         json_pack("{s:s,s:I,s:s}", "sha256", r->sha256, "size", (json_int_t)before.st_size, "kind",
	                                   r->kind[0] ? r->kind : "data")));
}

/* What ClamAV, in a host, did not open because it knew it to be clean: only the objects are of interest. */
static void read_hidden(pb_reader *r, int fd, const json_t *job)
{
	struct stat st;
	int rc = 0;
	r->digest = pb_json_str(job, "sha256", "");
	r->inside = json_is_true(json_object_get(job, "inside"));
	r->seen = false;
	r->changed = fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) || st.st_size != pb_json_int(job, "size", -1);
	r->payload_at = json_is_true(json_object_get(job, "payload")) && r->base.n > 1 ? r->base.n - 1 : 0;
	if (!r->changed)
		rc = scan_file(r, fd, (size_t)st.st_size, NULL);
	r->payload_at = 0;
	r->unscanned = true; /* what libarchive opens in it the host's ClamAV did not open before either */
	pb_reader_open_pending(r);
	bool changed = r->changed;
	r->changed = false;
	r->digest = NULL;
	if (changed)
		pb_reader_limit(r, &r->base, "changed while it was read");
	else if (!r->seen && !rc)
		pb_reader_limit(r, &r->base, "not opened: ClamAV did not show it again");
}

/* A container that a plugin's host left closed: sealed by whoever made it, so that mapping it is safe. */
static void read_container(pb_reader *r, int fd, const pb_kind *kind)
{
	struct stat st;
	void *bytes = MAP_FAILED;
	if (fstat(fd, &st) == 0 && st.st_size > 0 && (uint64_t)st.st_size <= r->state->budget.member_bytes)
		bytes = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (bytes == MAP_FAILED) {
		pb_reader_limit(r, &r->base, "not opened: its bytes could not be mapped");
		return;
	}
	r->fd = fd;
	r->fd_size = (uint64_t)st.st_size;
	pb_reader_queue(r, &r->base, kind, (pb_bytes){bytes, (size_t)st.st_size});
	munmap(bytes, (size_t)st.st_size);
	pb_reader_open_pending(r);
	r->fd = -1;
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

static int do_job(pb_reader *r, uint32_t tag, pb_bytes text, int fd)
{
	json_t *job = pb_json_parse(text, 1 << 20, "a job", NULL);
	const char *kind = pb_json_str(job, "kind", "");
	r->tag = tag;
	r->total = r->members = r->unpacked = r->queued = 0;
	r->sha256[0] = r->kind[0] = '\0';
	int rc = job && fd >= 0 ? read_path(json_object_get(job, "path"), &r->base) : PB_ECORRUPT;
	r->unscanned = *kind != '\0';
	if (!rc && *kind && !pb_kind_named(kind))
		rc = PB_ECORRUPT;
	if (!rc && *kind)
		read_container(r, fd, pb_kind_named(kind));
	else if (!rc && json_is_true(json_object_get(job, "hidden")))
		read_hidden(r, fd, job);
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
static int close_box(const pb_reading *s, const json_t *args, char *folder, size_t room, pb_error *err)
{
	if (!folder_of(s, getpid(), folder, room) || (mkdir(folder, 0700) < 0 && errno != EEXIST))
		return pb_fail(err, PB_EIO, "no temporary folder %s: %s", folder, strerror(errno));
	pb_box_limits limits = {.memory = (uint64_t)pb_json_int(args, "memory", 0), .files = READER_FILES, .cpu_seconds = READER_CPU_SECONDS, .folder = folder};
	return pb_box_shut(&limits, err);
}

int pb_reader_main(void *state, const pb_role_args *args)
{
	pb_error err = {0};
	pb_reader r = {.state = state, .fd = -1};
	pb_buf in = {.max = 1 << 20};
	pb_message type;
	uint32_t tag;
	int fd;
	r.last = &r.first;
	r.lane = pb_lane_open(args->fd[1], true, &err);
	int rc = r.lane ? close_box(state, args->args, r.folder, sizeof r.folder, &err) : err.code;
	if (!rc)
		pb_lane_spread(r.lane);
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
	pb_box_warm();
	*state = s;
	*about = json_pack("{s:s,s:o}", "clamav", pb_engine_version(), "database", database_json(&database));
	return *about ? 0 : pb_fail(err, PB_ENOMEM, "out of memory");
}
