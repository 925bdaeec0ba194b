#include "cli/assess.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/hash.h"
#include "base/text.h"
#include "cli/replay.h"
#include "base/log.h"
#include "keeper/evidence.h"
#include "cli/progress.h"
#include "keeper/folder.h"
#include "object/walk.h"

enum { MAX_FILES = 2000000 };

/* One file of the product: where it is, and what it is called in paths. */
typedef struct item {
	char *file;
	pb_path base;
	char *sha256;  /* once it was read; NULL before */
	bool ended;
} item;

/* One product under way. */
typedef struct product {
	pb_assessor *a;
	item *items;
	size_t n_items, left, handed; /* left: not yet ended; handed: given to a reader so far */
	uint32_t first_tag;           /* of item 0 */
	bool folder, follow;
	char *name;                   /* display form */
	size_t *order;                /* of handing out: the largest first, so that no reader is left with one at the end */
	pb_gather *said;
	json_t *members;
	pb_identity identity;
	json_t *evidence; /* what was handed in says; NULL: nothing was */
	bool unread;      /* ... which could not be asked */
	pb_progress progress;
	pb_error error;
} product;

static int add_limit(product *p, const pb_path *path, const char *why)
{
	json_t *shown = pb_path_json(path);
	int rc = shown ? pb_gather_limit(p->said, shown, why) : PB_ENOMEM;
	json_decref(shown);
	return rc;
}

static void on_walk_limit(void *user, const pb_path *path, const char *why)
{
	add_limit(user, path, why);
}

static int on_item(product *p, item *i, pb_bytes payload)
{
	pb_identity id = {0};
	if (pb_gather_item(payload, &id))
		return add_limit(p, &i->base, "the reader sent a malformed message");
	free(i->sha256);
	i->sha256 = *id.sha256 ? strdup(id.sha256) : NULL;
	if (!p->folder)
		p->identity = id;
	p->progress.bytes += id.size;
	return 0;
}

static void end(product *p, item *i)
{
	if (!i->ended) {
		i->ended = true;
		p->left--;
	}
}

/* Told to who asked; a trace goes no further. *out: the record without it, fresh; NULL: as it came. */
static int untrace(const product *p, pb_bytes payload, char **out)
{
	json_t *record = pb_json_parse(payload, PB_WIRE_MAX, "an object record", NULL);
	int rc = record ? p->a->traced(p->a->user, record) : 0;
	*out = NULL;
	if (json_object_del(record, "trace") == 0) {
		*out = rc ? NULL : pb_json_canonical(record);
		rc = rc ? rc : *out ? 0 : PB_ENOMEM;
	}
	json_decref(record);
	return rc;
}

static int take(product *p, pb_message type, pb_bytes payload)
{
	char *text = NULL;
	int rc = p->a->traced && type == PB_MSG_RECORD ? untrace(p, payload, &text) : 0;
	if (text)
		payload = (pb_bytes){(const uint8_t *)text, strlen(text)};
	rc = rc ? rc : pb_gather_take(p->said, type, payload);
	free(text);
	return rc;
}

static int on_message(void *user, size_t lane, uint32_t tag, pb_message type, pb_bytes payload)
{
	product *p = user;
	item *i = tag - p->first_tag < p->n_items ? &p->items[tag - p->first_tag] : NULL;
	int rc = 0;
	(void)lane;
	if (!i)
		return pb_gather_limit(p->said, NULL, "a worker speaks of something else");
	switch (type) {
	case PB_MSG_RECORD:
	case PB_MSG_LIMIT:
	case PB_MSG_DETECTION:
		rc = take(p, type, payload);
		if (type == PB_MSG_RECORD) {
			p->progress.objects++;
			pb_progress_show(&p->progress, i->base.part[i->base.n - 1]);
		}
		return rc == PB_ELIMIT ? pb_fail(&p->error, rc, "%s: too many objects", p->name)
		       : rc            ? pb_fail(&p->error, rc, "%s: no room for what was found", p->name)
		                       : 0;
	case PB_MSG_ITEM:
		return on_item(p, i, payload);
	case PB_MSG_DONE:
		end(p, i);
		return 0;
	default:
		return 0;
	}
}

static int on_front_lost(void *user, size_t lane, uint32_t tag, const char *why)
{
	product *p = user;
	(void)lane;
	if (tag - p->first_tag >= p->n_items)
		return 0;
	item *i = &p->items[tag - p->first_tag];
	end(p, i);
	return add_limit(p, &i->base, why);
}

/* The digest of a folder, from those of its files as they were read. */
static int folder_digest(product *p)
{
	json_t *digests = json_object();
	int rc = digests ? 0 : PB_ENOMEM;
	for (size_t i = 0; i < p->n_items && !rc; i++)
		if (p->items[i].sha256 && json_object_set_new(digests, p->items[i].base.part[1], json_string(p->items[i].sha256)))
			rc = PB_ENOMEM;
	rc = rc ? rc : pb_folder_digest(p->members, digests, p->identity.sha256);
	json_decref(digests);
	return rc;
}

static int one_file(product *p, const char *path, const struct stat *st)
{
	p->items = calloc(1, sizeof *p->items);
	if (!p->items)
		return PB_ENOMEM;
	p->n_items = 1;
	p->identity.size = (uint64_t)st->st_size;
	p->follow = true;
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
	snprintf(p->identity.kind, sizeof p->identity.kind, "folder");
	p->folder = true;
	p->identity.size = walk.bytes;
	p->members = json_incref(walk.members);
	p->items = calloc(walk.n_files + 1, sizeof *p->items);
	rc = p->items ? order_items(p, &walk) : PB_ENOMEM;
	for (size_t i = 0; i < walk.n_files && !rc; i++) {
		item *i_th = &p->items[p->n_items++];
		char *shown = pb_text_display(walk.files[i].path, strlen(walk.files[i].path), PB_PATH_PART);
		i_th->file = pb_fs_join(path, walk.files[i].path);
		rc = i_th->file && shown ? pb_path_push(&i_th->base, p->name) : PB_ENOMEM;
		rc = rc ? rc : pb_path_push(&i_th->base, shown);
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
		free(p->items[i].sha256);
		pb_path_free(&p->items[i].base);
	}
	free(p->items);
	free(p->order);
	free(p->name);
	json_decref(p->members);
	json_decref(p->evidence);
	pb_gather_free(p->said);
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
	p->name = p->a->called ? strdup(p->a->called) : product_name(path);
	p->said = p->name ? pb_gather_new(p->name, p->a->keeper.results) : NULL;
	if (!p->said)
		return PB_ENOMEM;
	return S_ISDIR(st.st_mode) ? folder_files(p, path, err) : one_file(p, path, &st);
}

/* Gives the next file to an idle reader. The keeper opens it, so that the reader needs no way to any file; it reads nothing of it. */
static int hand_out(product *p, size_t lane)
{
	size_t n = p->order ? p->order[p->handed] : p->handed;
	item *i = &p->items[n];
	char why[200];
	p->handed++;
	/* O_NONBLOCK: a FIFO that replaced the file since it was listed must not hold us up. */
	int fd = open(i->file, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | (p->follow ? 0 : O_NOFOLLOW));
	if (fd < 0) {
		snprintf(why, sizeof why, "cannot be read: %s", strerror(errno));
		end(p, i);
		return add_limit(p, &i->base, why);
	}
	json_t *job = json_pack("{s:o,s:s}", "path", pb_path_json(&i->base), "kind", "");
	int rc = job ? pb_lanes_job(p->a->keeper.readers, lane, p->first_tag + (uint32_t)n, job, fd, &p->error) : PB_ENOMEM;
	json_decref(job);
	close(fd);
	return rc;
}

static int read_all(product *p)
{
	pb_keeper *k = &p->a->keeper;
	bool busy;
	int rc = 0;
	p->left = p->n_items;
	p->first_tag = k->last_tag + 1;
	k->last_tag += (uint32_t)p->n_items;
	k->handler = (pb_keeper_handler){p, on_message, on_front_lost};
	pb_lanes_fresh(k->readers);
	while (!rc && p->left > 0) {
		size_t lane;
		while (!rc && p->handed < p->n_items && (lane = pb_lanes_idle(k->readers)) != SIZE_MAX)
			rc = hand_out(p, lane);
		if (!rc && p->left > 0)
			rc = pb_keeper_turn(k, &busy, &p->error);
	}
	k->handler = (pb_keeper_handler){0};
	return rc;
}

/* The digest of a product that is one file, "" where it cannot be read whole. Reading is no parsing. */
static void identify(const product *p, pb_identity *id)
{
	static uint8_t chunk[1 << 18];
	const volatile sig_atomic_t *interrupted = p->a->keeper.o.interrupted;
	pb_sha256 *h = pb_sha256_new();
	int fd = open(p->items[0].file, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	ssize_t n = -1;
	id->size = 0;
	while (h && fd >= 0 && !(interrupted && *interrupted) && (n = read(fd, chunk, sizeof chunk)) > 0) {
		pb_sha256_add(h, chunk, (size_t)n);
		id->size += (uint64_t)n;
	}
	if (h)
		pb_sha256_hex(h, id->sha256);
	if (n != 0)
		id->sha256[0] = '\0';
	snprintf(id->kind, sizeof id->kind, "data");
	if (fd >= 0)
		close(fd);
}

/* 1: the same file was assessed before, and nothing that matters has changed since. */
static int known(product *p, json_t **product_result)
{
	pb_identity id = {0};
	if (p->folder || !p->a->replay || !p->items || p->a->previous)
		return 0;
	identify(p, &id); /* while the engine opens: nothing else is to be done */
	return *id.sha256 ? pb_replay_find(p->a, id.sha256, p->name, product_result) : 0;
}

/* Asks what the dossier says. A process that dies of it costs what the dossier would have shown, and nothing else. */
static int read_evidence(product *p)
{
	const pb_dossier *d = p->a->dossier;
	pb_error why = {0};
	if (!d)
		return 0;
	int input = pb_dossier_send(d, p->name, p->identity.sha256, p->identity.size, p->a->as_of, &p->error);
	if (input < 0)
		return p->error.code;
	int file = p->folder || !p->items ? -1 : open(p->items[0].file, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	int rc = pb_keeper_evidence(&p->a->keeper, input, file, &p->evidence, &why);
	if (file >= 0)
		close(file);
	close(input);
	if (rc == PB_EIO) {
		p->error = why;
		return rc;
	}
	if (rc) {
		p->unread = true;
		pb_warn("%s: %s", p->name, why.text);
		p->evidence = pb_evidence_refused(d->files, why.text);
	}
	pb_gather_evidence(p->said, p->evidence);
	return p->evidence ? 0 : PB_ENOMEM;
}

/* Everything from its files to its product result. */
static int assess(product *p, json_t **product_result)
{
	pb_assessor *a = p->a;
	bool seen;
	int rc = pb_assessor_engine(a, &p->error);
	if (rc)
		return rc;
	pb_progress_begin(&p->progress, a->progress);
	rc = read_all(p);
	pb_progress_end(&p->progress);
	seen = *p->identity.sha256 != '\0';
	if (!rc && p->folder)
		rc = folder_digest(p);
	else if (!rc && !seen && p->items) /* what a reader died on has a digest all the same: the report is about something */
		identify(p, &p->identity);
	pb_gather_previous(p->said, a->previous);
	pb_gather_regions(p->said, a->regions);
	rc = rc ? rc : read_evidence(p);
	int input = rc ? -1 : pb_gather_input(p->said, &p->identity, a->as_of, a->database, p->members, &p->error);
	if (!rc && input < 0)
		rc = p->error.code;
	if (!rc)
		rc = pb_keeper_reduce(&a->keeper, input, a->only, product_result, &p->error);
	if (!rc && !p->folder && seen && !a->previous && !p->unread && pb_gather_repeatable(p->said) && !a->keeper.excused)
		pb_replay_keep(a, p->identity.sha256, p->name, *product_result);
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
	if (!known(&p, product_result))
		rc = assess(&p, product_result);
	pb_results_flush(a->keeper.results);
	if (rc)
		pb_fail(err, rc, strstr(p.error.text, p.name) || !p.error.code ? "%.0s%s" : "%s: %s", p.name, p.error.code ? p.error.text : "out of memory");
out:
	product_free(&p);
	return rc;
}

/* Without a folder of trust roots none counts: a sample is the same on every machine. */
static int sample_dossier(const char *path, pb_dossier **out, pb_error *err)
{
	char *evidence = NULL, *trust = NULL;
	struct stat st;
	int rc = asprintf(&evidence, "%s.evidence", path) < 0 || asprintf(&trust, "%s.trust", path) < 0 ? PB_ENOMEM : 0;
	bool trusted = !rc && stat(trust, &st) == 0;
	const char *documents = evidence, *roots = trust;
	pb_dossier_options o = {.evidence = &documents, .n_evidence = 1, .trust = &roots, .n_trust = trusted, .nobody = !trusted};
	if (!rc && stat(evidence, &st) == 0)
		rc = pb_dossier_open(&o, out, err);
	free(evidence);
	free(trust);
	return rc;
}

int pb_assess_sample(pb_assessor *a, const char *id, const char *path, json_t **product_result, pb_error *err)
{
	json_t *before = NULL;
	pb_dossier *dossier = NULL;
	char *other = NULL;
	struct stat st;
	int rc = asprintf(&other, "%s.previous", path) < 0 ? PB_ENOMEM : 0;

	a->only = id;
	rc = rc ? rc : sample_dossier(path, &dossier, err);
	if (!rc && stat(other, &st) == 0)
		rc = pb_assess(a, other, &before, err);
	a->previous = json_object_get(before, "inventory");
	a->dossier = dossier;
	rc = rc ? rc : pb_assess(a, path, product_result, err);
	a->previous = NULL;
	a->dossier = NULL;
	pb_dossier_close(dossier);
	json_decref(before);
	free(other);
	return rc;
}
