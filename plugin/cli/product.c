#include "cli/assess.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/hash.h"
#include "base/text.h"
#include "cli/progress.h"
#include "cli/reader.h"
#include "findings/product.h"
#include "keeper/pool.h"
#include "worker/reduce.h"

enum { MAX_FILES = 2000000, REDUCE_SECONDS = 600, GRACE_SECONDS = 30, MAX_RECORDS = 4000000 };

/* One product under way: what its readers have sent so far. */
typedef struct product {
	pb_assessor *a;
	pb_item *items;
	size_t n_items;
	bool folder;
	char *name;           /* display form */
	char **digests;       /* of items, for a folder's own digest */
	pb_buf records;       /* the texts, each ended by '\n': a record's JSON holds no raw newline */
	size_t n_records;
	size_t *order;        /* of handing out: the largest first, so that no reader is left with one at the end */
	json_t *limits, *detections, *members;
	char sha256[65], kind[32];
	uint64_t size;
	json_t *result;
	pb_progress progress;
	pb_error error;
} product;

static int add_limit(product *p, const pb_path *path, const char *why)
{
	return json_array_append_new(p->limits, json_pack("{s:o,s:s}", "path", pb_path_json(path), "why", why)) ? PB_ENOMEM : 0;
}

static void on_walk_limit(void *user, const pb_path *path, const char *why)
{
	add_limit(user, path, why);
}

static bool is_path(const json_t *path)
{
	size_t i;
	json_t *e;
	json_array_foreach(path, i, e)
		if (!json_is_string(e))
			return false;
	return json_array_size(path) > 0 && json_array_size(path) <= PB_PATH_DEPTH;
}

/* A small message, checked; NULL where it is malformed. */
static json_t *small(pb_bytes payload, bool with_path)
{
	json_t *j = pb_json_parse(payload, 1 << 20, "a reader's message", NULL);
	if (j && with_path && !is_path(json_object_get(j, "path"))) {
		json_decref(j);
		j = NULL;
	}
	return j;
}

/* Adds a reader's message to a list. One that is malformed may have been about anything: that is said, never passed over. */
static int keep(product *p, size_t item, json_t *list, pb_bytes payload)
{
	json_t *j = small(payload, true);
	if (!j)
		return add_limit(p, &p->items[item].base, "the reader sent a malformed message");
	return json_array_append_new(list, j) ? PB_ENOMEM : 0;
}

static int on_item(product *p, size_t item, pb_bytes payload)
{
	json_t *j = small(payload, false);
	const char *sha256 = pb_json_str(j, "sha256", "");
	if (j && strlen(sha256) == 64) {
		free(p->digests[item]);
		p->digests[item] = strdup(sha256);
		if (!p->folder) {
			memcpy(p->sha256, sha256, 65);
			snprintf(p->kind, sizeof p->kind, "%s", pb_json_str(j, "kind", "data"));
		}
	}
	p->progress.bytes += (uint64_t)pb_json_int(j, "size", 0);
	json_decref(j);
	return 0;
}

static int on_message(void *user, size_t item, pb_message type, pb_bytes payload)
{
	product *p = user;
	int rc = 0;
	switch (type) {
	case PB_MSG_RECORD:
		if (++p->n_records > MAX_RECORDS)
			return pb_fail(&p->error, PB_ELIMIT, "%s: more than %d objects", p->name, MAX_RECORDS);
		rc = pb_buf_add(&p->records, payload.data, payload.size);
		rc = rc ? rc : pb_buf_puts(&p->records, "\n");
		p->progress.objects++;
		pb_progress_show(&p->progress, p->items[item].base.part[p->items[item].base.n - 1]);
		return rc;
	case PB_MSG_LIMIT:
		return keep(p, item, p->limits, payload);
	case PB_MSG_DETECTION:
		return keep(p, item, p->detections, payload);
	case PB_MSG_ITEM:
		return on_item(p, item, payload);
	case PB_MSG_ERROR:
		return pb_fail(&p->error, PB_EINTERNAL, "%s: %.*s", p->name, (int)(payload.size < 500 ? payload.size : 500),
		               (const char *)payload.data);
	default:
		return 0;
	}
}

static int on_lost(void *user, size_t item, const char *why)
{
	product *p = user;
	return add_limit(p, &p->items[item].base, why);
}

/* A folder has no bytes of its own: its digest is that of what `sha256sum` would print for its files in byte order, with small
 * files and links from the listing. */
static int folder_digest(product *p)
{
	pb_buf lines = {0};
	size_t i, next = 0;
	json_t *e;
	int rc = 0;
	json_array_foreach(json_object_get(p->members, "entries"), i, e) {
		const char *path = pb_json_str(e, "path", ""), *type = pb_json_str(e, "type", ""), *digest = pb_json_str(e, "sha256", NULL);
		while (!digest && next < p->n_items && strcmp(p->items[next].base.part[1], path) < 0)
			next++;
		if (!digest && next < p->n_items && strcmp(p->items[next].base.part[1], path) == 0)
			digest = p->digests[next];
		if (strcmp(type, "file") == 0)
			rc = pb_buf_printf(&lines, "%s  %s\n", digest ? digest : "?", path);
		else if (strcmp(type, "symlink") == 0)
			rc = pb_buf_printf(&lines, "-> %s  %s\n", pb_json_str(e, "link", ""), path);
		if (rc)
			break;
	}
	if (!rc && !pb_sha256_of((pb_bytes){lines.data, lines.size}, p->sha256))
		rc = PB_ENOMEM;
	pb_buf_free(&lines);
	return rc;
}

/* The folder itself, as the record that its listing hangs on. */
static int folder_record(product *p, json_t *records)
{
	json_t *record = json_pack("{s:[s],s:s,s:i,s:s,s:s,s:s,s:b,s:{s:{s:[sss],s:O},s:[],s:{}}}", "path", p->name, "sha256", p->sha256,
	                           "size", 0, "kind", "folder", "class", "archive", "name_class", "", "container", true, "result",
	                           "facts", "tags", "any", "folder", "manifest", "members", p->members, "findings", "unknown");
	return json_array_append_new(records, record) ? PB_ENOMEM : 0;
}

static json_t *parse_records(const product *p, pb_error *err)
{
	json_t *records = json_array();
	const uint8_t *at = p->records.data, *end = at + p->records.size;
	while (records && at < end) {
		const uint8_t *nl = memchr(at, '\n', (size_t)(end - at));
		json_t *r = pb_json_parse((pb_bytes){at, (size_t)(nl - at)}, PB_WIRE_MAX, "an object record", err);
		if (!r || json_array_append_new(records, r)) {
			json_decref(records);
			return NULL;
		}
		at = nl + 1;
	}
	return records;
}

/* Reduce, in a process of its own: Lua runs there, and it sees what hostile bytes led to. */
static int reducer_main(int fd, void *user)
{
	product *p = user;
	pb_error err = {0};
	pb_buf in = {.max = 64};
	pb_message type;
	json_t *result = NULL;
	if (pb_wire_receive(fd, &type, &in) != 1)
		return 1;
	json_t *records = parse_records(p, &err);
	int rc = records ? 0 : PB_ENOMEM;
	if (!rc && p->folder)
		rc = folder_record(p, records);
	pb_reduce_input input = {.records = records, .limits = p->limits, .detections = p->detections, .database = p->a->database_json,
	                         .name = p->name, .kind = p->kind, .sha256 = p->sha256, .size = p->size, .as_of = p->a->as_of};
	if (!rc)
		rc = pb_reduce(&p->a->rules, &input, &result, &err);
	char *text = rc ? NULL : json_dumps(result, JSON_COMPACT);
	if (text)
		pb_wire_send(fd, PB_MSG_RESULT, text, strlen(text));
	else
		pb_wire_send(fd, PB_MSG_ERROR, err.code ? err.text : "out of memory", err.code ? strlen(err.text) : 13);
	pb_wire_send(fd, PB_MSG_DONE, "", 0);
	/* The process ends here: what it allocated goes with it. */
	return 0;
}

static int on_reduced(void *user, size_t item, pb_message type, pb_bytes payload)
{
	product *p = user;
	(void)item;
	if (type == PB_MSG_ERROR)
		return pb_fail(&p->error, PB_EINTERNAL, "%s: cannot be reduced: %.*s", p->name, (int)(payload.size < 500 ? payload.size : 500),
		               (const char *)payload.data);
	if (type != PB_MSG_RESULT)
		return 0;
	json_decref(p->result);
	p->result = pb_json_parse(payload, PB_WIRE_MAX, "the product result", &p->error);
	return p->result ? 0 : p->error.code;
}

static int on_reduce_lost(void *user, size_t item, const char *why)
{
	product *p = user;
	(void)item;
	return pb_fail(&p->error, PB_EINTERNAL, "%s: %s", p->name, why);
}

static int one_file(product *p, const char *path, const struct stat *st)
{
	p->items = calloc(1, sizeof *p->items);
	if (!p->items)
		return PB_ENOMEM;
	p->n_items = 1;
	p->size = (uint64_t)st->st_size;
	p->items[0].follow = true;
	p->items[0].file = strdup(path);
	return p->items[0].file ? pb_path_push(&p->items[0].base, p->name) : PB_ENOMEM;
}

static int larger_first(const void *a, const void *b, void *walk)
{
	const pb_walk_file *files = ((const pb_walk *)walk)->files;
	size_t i = *(const size_t *)a, k = *(const size_t *)b;
	int c = (files[i].size < files[k].size) - (files[i].size > files[k].size);
	return c ? c : (i > k) - (i < k);
}

/* A stable order of handing out: by size, then as listed. */
static int order_items(product *p, pb_walk *walk)
{
	p->order = calloc(walk->n_files + 1, sizeof *p->order);
	if (!p->order)
		return PB_ENOMEM;
	for (size_t i = 0; i < walk->n_files; i++)
		p->order[i] = i;
	qsort_r(p->order, walk->n_files, sizeof *p->order, larger_first, walk);
	return 0;
}

static int folder_files(product *p, const char *path, pb_error *err)
{
	pb_walk walk = {0};
	int rc = pb_walk_folder(path, MAX_FILES, on_walk_limit, p, &walk, err);
	if (rc)
		return rc;
	snprintf(p->kind, sizeof p->kind, "folder");
	p->folder = true;
	p->size = walk.bytes;
	p->members = json_incref(walk.members);
	p->items = calloc(walk.n_files + 1, sizeof *p->items);
	rc = p->items ? order_items(p, &walk) : PB_ENOMEM;
	for (size_t i = 0; i < walk.n_files && !rc; i++) {
		pb_item *item = &p->items[p->n_items++];
		char *shown = pb_text_display(walk.files[i].path, strlen(walk.files[i].path), PB_PATH_PART);
		item->file = pb_fs_join(path, walk.files[i].path);
		rc = item->file && shown ? pb_path_push(&item->base, p->name) : PB_ENOMEM;
		rc = rc ? rc : pb_path_push(&item->base, shown);
		free(shown);
	}
	if (!rc && json_array_size(json_object_get(p->members, "entries")) == 0) {
		pb_path own = {0};
		rc = pb_path_push(&own, p->name);
		rc = rc ? rc : add_limit(p, &own, "empty: there is nothing to examine");
		pb_path_free(&own);
	}
	pb_walk_free(&walk);
	return rc;
}

/* The last element of the path as given; of what "." or "/" stand for where it has none. */
static char *product_name(const char *path)
{
	char real[PATH_MAX];
	size_t n = strlen(path);
	while (n > 1 && path[n - 1] == '/')
		n--;
	size_t from = n;
	while (from > 0 && path[from - 1] != '/')
		from--;
	if ((n - from == 1 && path[from] == '.') || (n - from == 2 && memcmp(path + from, "..", 2) == 0)) {
		const char *base = realpath(path, real) ? strrchr(real, '/') + 1 : path + from;
		return pb_text_display(base, strlen(base), 255);
	}
	return n > from ? pb_text_display(path + from, n - from, 255) : strdup("/");
}

static void product_free(product *p)
{
	for (size_t i = 0; i < p->n_items; i++) {
		free(p->items[i].file);
		pb_path_free(&p->items[i].base);
		if (p->digests)
			free(p->digests[i]);
	}
	free(p->items);
	free(p->order);
	free(p->digests);
	free(p->name);
	pb_buf_free(&p->records);
	json_decref(p->limits);
	json_decref(p->detections);
	json_decref(p->members);
	json_decref(p->result);
}

static int gather(product *p, const char *path, pb_error *err)
{
	struct stat st;
	if (stat(path, &st) < 0)
		return pb_fail(err, PB_EIO, "%s: %s", path, strerror(errno));
	if (!S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode))
		return pb_fail(err, PB_EINPUT, "%s: is a %s; a product is a file or a folder", path,
		               S_ISFIFO(st.st_mode)   ? "FIFO"
		               : S_ISSOCK(st.st_mode) ? "socket"
		                                      : "device");
	if (access(path, R_OK) < 0)
		return pb_fail(err, PB_EIO, "%s: %s", path, strerror(errno));
	p->name = product_name(path);
	p->limits = json_array();
	p->detections = json_array();
	if (!p->name || !p->limits || !p->detections)
		return PB_ENOMEM;
	int rc = S_ISDIR(st.st_mode) ? folder_files(p, path, err) : one_file(p, path, &st);
	if (!rc && !(p->digests = calloc(p->n_items + 1, sizeof *p->digests)))
		rc = PB_ENOMEM;
	return rc;
}

int pb_assess(pb_assessor *a, const char *path, json_t **product_result, pb_error *err)
{
	product p = {.a = a};
	int rc = gather(&p, path, err);
	if (rc) {
		if (err && !err->code)
			pb_fail(err, rc, "%s: out of memory", path);
		goto out;
	}
	pb_progress_begin(&p.progress, a->progress);
	pb_reader_job job = {a, p.items, p.n_items};
	pb_pool readers = {.worker = pb_reader_main, .processes = p.n_items < a->jobs ? p.n_items : a->jobs,
	                   .seconds = a->budget.seconds + GRACE_SECONDS, .order = p.order, .worker_user = &job, .user = &p, .message = on_message,
	                   .lost = on_lost, .name = "reader", .interrupted = a->interrupted};
	pb_pool reducer = {.worker = reducer_main, .processes = 1, .seconds = REDUCE_SECONDS, .worker_user = &p, .user = &p,
	                   .message = on_reduced, .lost = on_reduce_lost, .name = "reducer", .interrupted = a->interrupted};
	rc = p.n_items ? pb_pool_run(&readers, p.n_items, &p.error) : 0;
	pb_progress_end(&p.progress);
	if (!rc && p.folder)
		rc = folder_digest(&p);
	if (!rc)
		rc = pb_pool_run(&reducer, 1, &p.error);
	if (!rc && !p.result)
		rc = pb_fail(&p.error, PB_EINTERNAL, "%s: the reducer gave no result", p.name);
	if (rc) {
		if (err)
			*err = p.error;
		goto out;
	}
	*product_result = json_incref(p.result);
out:
	product_free(&p);
	return rc;
}
