#include "clamav/engine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/hash.h"
#include "clamav/cl.h"
#include "clamav/database.h"
#include "object/archive.h"

enum { LIST_MOST = 500000, TINY = 5, RECURSION_MOST = 100, FILE_MOST = INT32_MAX - 2 };

static const char default_dir[] = "/var/lib/clamav";

struct pb_engine {
	struct cl_engine *cl;
	bool bare;      /* without signatures */
	bool shut;      /* archives stay closed */
	long long whole, nested; /* MaxFileSize of what is handed in, and of what ClamAV unpacks */
	pid_t pid;      /* the process that temp belongs to */
	char *temp;     /* as given */
	char *own_temp; /* below it, of a forked child; NULL: none */
};

/* libclamav's last error message, one line. It has one callback for all engines of the process, without a context of ours. */
static _Thread_local char last_message[256];

static void on_message(enum cl_msg severity, const char *full, const char *message, void *context)
{
	(void)full;
	(void)context;
	if (severity < CL_MSG_ERROR)
		return; /* mostly about what is odd in a product; what matters comes as a limit or a detection */
	(void)snprintf(last_message, sizeof last_message, "%s", message);
	last_message[strcspn(last_message, "\n")] = '\0';
}

static _Thread_local pb_engine *scanning; /* NULL: what it unpacks is bounded already */

static cl_error_t on_inspect(int fd, const char *type, const char **ancestors, size_t parent_size, const char *name,
                             size_t size, const char *buffer, uint32_t level, uint32_t attributes, void *context)
{
	const pb_inspected seen = {.fd = fd, .type = type, .ancestors = ancestors, .parent_size = parent_size, .name = name,
	                           .size = size, .buffer = buffer, .level = level};

	(void)attributes;
	(void)context;
	/* The outermost object comes first. It is a file, or mapped; what ClamAV unpacks of it is copied into memory to be inspected. */
	if (scanning != NULL)
		(void)cl_engine_set_num(scanning->cl, CL_ENGINE_MAX_FILESIZE, scanning->nested);
	scanning = NULL;
	pb_frame_inspect(&seen);
	return CL_CLEAN;
}

static cl_error_t on_meta(const char *type, unsigned long packed, const char *name, unsigned long size, int encrypted,
                          unsigned int position, void *context)
{
	(void)packed;
	(void)position;
	(void)context;
	pb_frame_meta(type, name, size, encrypted);
	return CL_CLEAN;
}

static void on_found(int fd, const char *signature, void *context)
{
	(void)context;
	pb_frame_found(fd, signature);
}

static uint64_t at_most(uint64_t value, uint64_t most)
{
	return value < most ? value : most;
}

static cl_error_t configure(struct cl_engine *cl, const char *temp, const pb_budget *budget)
{
	const struct {
		enum cl_engine_field field;
		uint64_t value;
	} numbers[] = {
		{CL_ENGINE_DISABLE_CACHE, 1}, /* it hides the members of what was seen before */
		{CL_ENGINE_MAX_SCANTIME, at_most((uint64_t)budget->seconds * 1000, UINT32_MAX)},
		{CL_ENGINE_MAX_RECURSION, at_most((uint64_t)budget->depth + 1, RECURSION_MOST)},
		{CL_ENGINE_MAX_FILESIZE, at_most(budget->member_bytes, FILE_MOST)},
		{CL_ENGINE_MAX_SCANSIZE, budget->total_bytes},
		{CL_ENGINE_MAX_FILES, at_most(budget->members, UINT32_MAX)},
	};
	cl_error_t rc = cl_engine_set_str(cl, CL_ENGINE_TMPDIR, temp);

	for (size_t i = 0; rc == CL_SUCCESS && i < sizeof numbers / sizeof numbers[0]; i++)
		rc = cl_engine_set_num(cl, numbers[i].field, (long long)numbers[i].value);
	cl_engine_set_clcb_file_inspection(cl, on_inspect);
	cl_engine_set_clcb_meta(cl, on_meta);
	cl_engine_set_clcb_virus_found(cl, on_found);
	return rc;
}

/* Without signatures nothing is looked for in what libclamav makes of texts (words in one spelling, pages without their tags), and no layer
 * comes of either: it need not make them. */
static cl_error_t make_less(struct cl_engine *cl)
{
	cl_error_t rc = cl_engine_set_num(cl, CL_ENGINE_MAX_SCRIPTNORMALIZE, 1);

	return rc == CL_SUCCESS ? cl_engine_set_num(cl, CL_ENGINE_MAX_HTMLNOTAGS, 1) : rc;
}

/* Which file of dir does libclamav refuse? It does not say so itself: try each alone. */
static int blame(const char *dir, const pb_database_files *files, cl_error_t why, pb_error *err)
{
	for (size_t i = 0; i < files->n; i++) {
		struct cl_engine *cl = cl_engine_new();
		unsigned signatures = 0;
		char *file = NULL;
		cl_error_t rc = CL_EMEM;

		last_message[0] = '\0';
		if (cl != NULL && asprintf(&file, "%s/%s", dir, files->name[i]) >= 0)
			rc = cl_load(file, cl, &signatures, CL_DB_STDOPT);
		if (rc != CL_SUCCESS)
			(void)pb_fail(err, PB_EINPUT, "%s: broken database: %s (%s)", file != NULL ? file : dir,
			              cl_strerror(rc), last_message);
		free(file);
		if (cl != NULL)
			(void)cl_engine_free(cl);
		if (rc != CL_SUCCESS)
			return PB_EINPUT;
	}
	return pb_fail(err, PB_EINPUT, "%s: broken database: %s", dir, cl_strerror(why));
}

static int load(struct cl_engine *cl, const char *dir, const pb_database_files *files, unsigned *signatures, pb_error *err)
{
	cl_error_t rc;

	if (files->n == 0)
		return PB_OK;
	last_message[0] = '\0';
	rc = cl_load(dir, cl, signatures, CL_DB_STDOPT);
	if (rc == CL_EMEM)
		return pb_fail(err, PB_ENOMEM, "%s: memory ran out", dir);
	return rc == CL_SUCCESS ? PB_OK : blame(dir, files, rc, err);
}

/* Version and age of the official database, where there is one. */
static int describe(const char *dir, const pb_database_files *files, pb_database *about, pb_error *err)
{
	const char *name = pb_database_official(files, "daily");
	struct cl_cvd *head;
	char *file = NULL;

	about->built_days = -1;
	if (name == NULL)
		name = pb_database_official(files, "main");
	if (name == NULL)
		return PB_OK;
	about->official = true;
	if (asprintf(&file, "%s/%s", dir, name) < 0)
		return pb_fail(err, PB_ENOMEM, "memory ran out");
	head = cl_cvdhead(file);
	if (head == NULL) {
		(void)pb_fail(err, PB_EINPUT, "%s: broken database: no header", file);
		free(file);
		return PB_EINPUT;
	}
	(void)snprintf(about->version, sizeof about->version, "%u", head->version);
	if (head->stime > 0)
		about->built_days = (int64_t)head->stime / 86400;
	cl_cvdfree(head);
	free(file);
	return PB_OK;
}

static int digest(const char *dir, const pb_database_files *files, const char *extra, const pb_database_files *more,
                  char hex[65], pb_error *err)
{
	pb_sha256 *h = pb_sha256_new();
	int rc = h != NULL ? PB_OK : pb_fail(err, PB_ENOMEM, "memory ran out");

	if (rc == PB_OK)
		rc = pb_database_digest(dir, files, h, err);
	if (rc == PB_OK && extra != NULL)
		rc = pb_database_digest(extra, more, h, err);
	if (rc == PB_OK)
		pb_sha256_hex(h, hex);
	else
		pb_sha256_drop(h);
	return rc;
}

/* The files of both folders. Both lists are to be freed whatever comes of it. */
static int list_files(const char *dir, const char *extra, pb_database *about, pb_database_files *files, pb_database_files *more,
                      pb_error *err)
{
	const char *from = dir != NULL ? dir : default_dir;
	int rc = pb_database_files_of(from, dir == NULL, files, err);

	(void)snprintf(about->dir, sizeof about->dir, "%s", from);
	return rc == PB_OK && extra != NULL ? pb_database_files_of(extra, false, more, err) : rc;
}

int pb_engine_digest(const char *dir, const char *extra, pb_database *about, pb_error *err)
{
	pb_database_files files = {0}, more = {0};
	int rc;

	*about = (pb_database){.built_days = -1};
	rc = list_files(dir, extra, about, &files, &more, err);
	if (rc == PB_OK)
		rc = digest(dir != NULL ? dir : default_dir, &files, extra, &more, about->digest, err);
	pb_database_files_free(&files);
	pb_database_files_free(&more);
	return rc;
}

/* Everything from the folders that cl takes in. */
static int load_all(struct cl_engine *cl, const char *dir, const char *extra, pb_database *about, pb_error *err)
{
	const char *from = dir != NULL ? dir : default_dir;
	pb_database_files files = {0}, more = {0};
	int rc = list_files(dir, extra, about, &files, &more, err);

	if (rc == PB_OK)
		rc = describe(from, &files, about, err);
	if (rc == PB_OK)
		rc = load(cl, from, &files, &about->signatures, err);
	if (rc == PB_OK && extra != NULL)
		rc = load(cl, extra, &more, &about->signatures, err);
	if (rc == PB_OK)
		rc = digest(from, &files, extra, &more, about->digest, err);
	pb_database_files_free(&files);
	pb_database_files_free(&more);
	return rc;
}

static int start_library(pb_error *err)
{
	static bool started;
	cl_error_t rc;

	if (started)
		return PB_OK;
	cl_set_clcb_msg(on_message);
	rc = cl_init(CL_INIT_DEFAULT);
	if (rc != CL_SUCCESS)
		return pb_fail(err, PB_EIO, "libclamav does not start: %s", cl_strerror(rc));
	started = true;
	return PB_OK;
}

/* signatures: load dir and extra; otherwise none at all. */
static int open_engine(bool signatures, const char *dir, const char *extra, const char *temp, const pb_budget *budget, pb_engine **out,
                       pb_database *about, pb_error *err)
{
	pb_engine *e = calloc(1, sizeof *e);
	cl_error_t cl_rc;
	int rc;

	*out = NULL;
	*about = (pb_database){.built_days = -1};
	if (e == NULL || (e->temp = strdup(temp)) == NULL) {
		free(e);
		return pb_fail(err, PB_ENOMEM, "memory ran out");
	}
	e->pid = getpid();
	e->bare = !signatures;
	e->whole = (long long)at_most(budget->member_bytes, FILE_MOST);
	e->nested = budget->memory_bytes > 0 ? (long long)at_most(budget->memory_bytes, (uint64_t)e->whole) : e->whole;
	rc = start_library(err);
	if (rc == PB_OK && (e->cl = cl_engine_new()) == NULL)
		rc = pb_fail(err, PB_ENOMEM, "libclamav: memory ran out");
	if (rc == PB_OK && (cl_rc = configure(e->cl, temp, budget)) != CL_SUCCESS)
		rc = pb_fail(err, PB_EINTERNAL, "libclamav refuses its settings: %s", cl_strerror(cl_rc));
	if (rc == PB_OK && e->bare && (cl_rc = make_less(e->cl)) != CL_SUCCESS)
		rc = pb_fail(err, PB_EINTERNAL, "libclamav refuses its settings: %s", cl_strerror(cl_rc));
	if (rc == PB_OK && signatures)
		rc = load_all(e->cl, dir, extra, about, err);
	if (rc == PB_OK && (cl_rc = cl_engine_compile(e->cl)) != CL_SUCCESS)
		rc = pb_fail(err, PB_EINPUT, "%s: the database does not compile: %s", about->dir, cl_strerror(cl_rc));
	if (rc != PB_OK)
		pb_engine_close(e);
	else
		*out = e;
	return rc;
}

int pb_engine_open(const char *dir, const char *extra, const char *temp, const pb_budget *budget, pb_engine **out,
                   pb_database *about, pb_error *err)
{
	return open_engine(true, dir, extra, temp, budget, out, about, err);
}

int pb_engine_open_empty(const char *temp, const pb_budget *budget, pb_engine **out, pb_database *about, pb_error *err)
{
	return open_engine(false, NULL, NULL, temp, budget, out, about, err);
}

void pb_engine_close(pb_engine *e)
{
	if (e == NULL)
		return;
	if (e->cl != NULL)
		(void)cl_engine_free(e->cl);
	if (e->own_temp != NULL && e->pid == getpid())
		(void)rmdir(e->own_temp);
	free(e->own_temp);
	free(e->temp);
	free(e);
}

const char *pb_engine_version(void)
{
	return cl_retver();
}

/* The names of libclamav's temporary files come from a random state that forked children share, and it gives up on a name that
 * exists: each child needs a folder of its own. */
static int own_temp(pb_engine *e, pb_error *err)
{
	char *path = NULL;

	if (e->pid == getpid())
		return PB_OK;
	if (asprintf(&path, "%s/%ld", e->temp, (long)getpid()) < 0)
		return pb_fail(err, PB_ENOMEM, "memory ran out");
	free(e->own_temp);
	e->own_temp = path;
	e->pid = getpid();
	(void)mkdir(path, 0700); /* where that fails, so does the first temporary file, and libclamav says so */
	if (cl_engine_set_str(e->cl, CL_ENGINE_TMPDIR, path) != CL_SUCCESS)
		return pb_fail(err, PB_ENOMEM, "libclamav: memory ran out");
	return PB_OK;
}

static json_t *list(void *user, pb_bytes bytes, const pb_kind *kind)
{
	(void)user;
	return pb_archive_list(bytes, kind, LIST_MOST, NULL);
}

static int translate(cl_error_t rc, pb_error *err)
{
	switch (rc) {
	case CL_SUCCESS:
	case CL_VIRUS:
	case CL_VERIFIED:
		return PB_OK;
	case CL_EMEM:
		return pb_fail(err, PB_ENOMEM, "ClamAV: memory ran out");
	case CL_EOPEN:
	case CL_ECREAT:
	case CL_ESTAT:
	case CL_EREAD:
	case CL_ESEEK:
	case CL_EWRITE:
	case CL_EDUP:
	case CL_EACCES:
	case CL_ETMPFILE:
	case CL_ETMPDIR:
	case CL_EMAP:
		return pb_fail(err, PB_EIO, "ClamAV: %s", cl_strerror(rc));
	default:
		return pb_fail(err, PB_ELIMIT, "ClamAV stopped early: %s", cl_strerror(rc));
	}
}

/* fd, or map where that is not NULL. */
static int scan(pb_engine *e, int fd, cl_fmap_t *map, const pb_path *base, const pb_sink *sink, pb_detected_fn detected,
                pb_error *err)
{
	/* All matches, and heuristic ones at once: otherwise those come at the end, without their layer. Fuzzy hashes of pictures are for
	 * signatures of them only, and cost more than all else that is done with a picture. */
	struct cl_scan_options options = {
		.general = CL_SCAN_GENERAL_ALLMATCHES | CL_SCAN_GENERAL_HEURISTICS | CL_SCAN_GENERAL_HEURISTIC_PRECEDENCE,
		.parse = e->bare ? ~(uint32_t)CL_SCAN_PARSE_IMAGE_FUZZY_HASH : ~0u,
		.heuristic = CL_SCAN_HEURISTIC_EXCEEDS_MAX,
	};
	if (e->shut)
		options.parse &= ~(uint32_t)CL_SCAN_PARSE_ARCHIVE;
	const char *name = base->n > 0 ? base->part[base->n - 1] : NULL, *virus = NULL;
	unsigned long scanned = 0;
	const pb_detection *found;
	pb_sink with_names = *sink;
	pb_frame *frame;
	size_t count;
	cl_error_t rc;

	if (own_temp(e, err) != PB_OK)
		return PB_ENOMEM;
	if (with_names.list == NULL)
		with_names.list = list;
	if (cl_engine_set_num(e->cl, CL_ENGINE_MAX_FILESIZE, e->whole) != CL_SUCCESS)
		return pb_fail(err, PB_EINTERNAL, "libclamav refuses its settings");
	frame = pb_frame_begin(base, &with_names);
	if (frame == NULL)
		return pb_fail(err, PB_ENOMEM, "memory ran out");
	scanning = e;
	if (map != NULL)
		rc = cl_scanmap_callback(map, name, &virus, &scanned, e->cl, &options, NULL);
	else
		rc = cl_scandesc_callback(fd, name, &virus, &scanned, e->cl, &options, NULL);
	scanning = NULL;
	found = pb_frame_detections(frame, &count);
	if (count > 0 && detected != NULL)
		detected(sink->user, found, count);
	pb_frame_end(frame);
	return translate(rc, err);
}

void pb_engine_shut(pb_engine *e, bool shut)
{
	e->shut = shut;
}

int pb_engine_scan_fd(pb_engine *e, int fd, const pb_path *base, const pb_sink *sink, pb_detected_fn detected, pb_error *err)
{
	return scan(e, fd, NULL, base, sink, detected, err);
}

int pb_engine_scan_bytes(pb_engine *e, pb_bytes bytes, const pb_path *base, const pb_sink *sink, pb_detected_fn detected,
                         pb_error *err)
{
	cl_fmap_t *map;
	int rc;

	if (bytes.size <= TINY)
		return PB_OK; /* ClamAV looks at nothing so small */
	map = cl_fmap_open_memory(bytes.data, bytes.size);
	if (map == NULL)
		return pb_fail(err, PB_ENOMEM, "ClamAV: memory ran out");
	rc = scan(e, -1, map, base, sink, detected, err);
	cl_fmap_close(map);
	return rc;
}
