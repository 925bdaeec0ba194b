#include "cli/dossier.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/hash.h"
#include "base/log.h"
#include "base/text.h"
#include "cli/dossier_folder.h"
#include "cli/trust.h"
#include "evidence/dossier.h"

int pb_dossier_option(const char ***list, size_t *n, const char *path)
{
	const char **more = realloc(*list, (*n + 1) * sizeof *more);

	if (more == NULL)
		return PB_ENOMEM;
	*list = more;
	more[(*n)++] = path;
	return PB_OK;
}

void pb_dossier_options_free(pb_dossier_options *o)
{
	free(o->evidence);
	free(o->waivers);
	free(o->trust);
	*o = (pb_dossier_options){0};
}

/* Files as they are taken in. */
typedef struct taking {
	pb_dossier *d;
	const char *list;
	uint64_t bytes;
	bool alone;
	bool full; /* what follows is left out, and that is told */
} taking;

/* One that is named but was not read. */
static int add_unread(taking *t, const char *name, const char *why)
{
	json_t *row = json_pack("{s:s,s:i,s:s,s:s,s:s}", "name", name, "size", 0, "list", t->list, "sha256", "", "why", why);

	return json_array_append_new(t->d->files, row) ? PB_ENOMEM : PB_OK;
}

/* Up to the bound; a file that grows meanwhile is cut there, and told. PB_ELIMIT: it is larger. */
static int copy(int from, int to, uint64_t most, uint64_t *size, char sha256[65])
{
	static uint8_t block[1 << 16];
	pb_sha256 *h = pb_sha256_new();
	ssize_t n = 0;
	int rc = h != NULL ? PB_OK : PB_ENOMEM;

	*size = 0;
	while (rc == PB_OK && (n = read(from, block, sizeof block)) > 0) {
		*size += (uint64_t)n;
		pb_sha256_add(h, block, (size_t)n);
		if (*size > most)
			rc = PB_ELIMIT;
		else if (write(to, block, (size_t)n) != n)
			rc = PB_EIO;
	}
	if (h != NULL)
		pb_sha256_hex(h, sha256);
	return rc == PB_OK && n < 0 ? PB_EIO : rc;
}

static int take_open(taking *t, const char *name, int fd)
{
	uint64_t left = PB_DOSSIER_BYTES - t->bytes, size = 0;
	uint64_t most = t->alone ? left : left < PB_DOCUMENT_BYTES ? left : PB_DOCUMENT_BYTES;
	off_t at = lseek(t->d->bytes, 0, SEEK_CUR);
	char sha256[65] = "";
	int rc = copy(fd, t->d->bytes, most, &size, sha256);

	if (rc == PB_OK) {
		json_t *row = json_pack("{s:s,s:I,s:s,s:s}", "name", name, "size", (json_int_t)size, "list", t->list, "sha256", sha256);

		t->bytes += size;
		if (row != NULL && t->alone)
			json_object_set_new(row, "alone", json_true());
		return json_array_append_new(t->d->files, row) ? PB_ENOMEM : PB_OK;
	}
	if (rc == PB_ENOMEM || ftruncate(t->d->bytes, at) < 0 || lseek(t->d->bytes, at, SEEK_SET) < 0)
		return PB_ENOMEM;
	if (rc == PB_ELIMIT)
		return add_unread(t, name, most == left && left < PB_DOCUMENT_BYTES ? "the dossier is larger than 256 MiB" : "larger than 64 MiB");
	return add_unread(t, name, "cannot be read");
}

/* Of a folder: fd -1: why says what it is instead of a file. */
static int on_file(void *user, const char *name, int fd, const char *why)
{
	taking *t = user;

	if (json_array_size(t->d->files) >= PB_DOSSIER_FILES) {
		int rc = t->full ? PB_OK : add_unread(t, name, "more than 2000 documents: this and what follows is left out");

		t->full = true;
		return rc;
	}
	return fd < 0 ? add_unread(t, name, why) : take_open(t, name, fd);
}

static const char *kind_of(mode_t mode)
{
	return S_ISFIFO(mode) ? "FIFO" : S_ISSOCK(mode) ? "socket" : "device";
}

static int take_path(taking *t, const char *path, const char *option, pb_error *err)
{
	pb_error why = {0};
	struct stat st = {0};
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY), rc = PB_OK;

	if (fd < 0 || fstat(fd, &st) < 0)
		rc = pb_fail(&why, PB_EIO, "%s", strerror(errno));
	else if (!S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode))
		rc = pb_fail(&why, PB_EINPUT, "is a %s; name a folder, a document or an archive of them", kind_of(st.st_mode));
	t->alone = rc == PB_OK && S_ISREG(st.st_mode);
	if (t->alone) {
		const char *slash = strrchr(path, '/'), *last = slash != NULL ? slash + 1 : path;
		char *name = pb_text_display(last, strlen(last), PB_DOSSIER_NAME);

		rc = name != NULL ? on_file(t, name, fd, NULL) : PB_ENOMEM;
		free(name);
	} else if (rc == PB_OK) {
		rc = pb_dossier_folder(fd, on_file, t, &why);
		fd = -1;
	}
	if (fd >= 0)
		close(fd);
	return rc == PB_OK ? rc : pb_fail(err, rc, "%s %s: %s", option, path, why.code != 0 ? why.text : "out of memory");
}

static int take_paths(pb_dossier *d, const char **paths, size_t n, const char *list, uint64_t *bytes, pb_error *err)
{
	taking t = {.d = d, .list = list, .bytes = *bytes};
	int rc = PB_OK;

	for (size_t i = 0; i < n && rc == PB_OK; i++)
		rc = take_path(&t, paths[i], strcmp(list, "waivers") == 0 ? "--waivers" : "--evidence", err);
	*bytes = t.bytes;
	return rc;
}

static int digest_of(const json_t *value, char hex[65])
{
	char *text = pb_json_canonical(value);
	bool is = text != NULL && pb_sha256_of((pb_bytes){(const uint8_t *)text, strlen(text)}, hex);

	free(text);
	return is ? PB_OK : PB_ENOMEM;
}

/* Those of the folders named, which must be there, or of the administrator's. */
static int read_roots(const pb_dossier_options *o, json_t **roots, pb_error *err)
{
	const char **dirs = calloc(o->n_trust + 1, sizeof *dirs);
	pb_trust_places places = {0};
	struct stat st;
	int rc = dirs != NULL ? PB_OK : PB_ENOMEM;

	for (size_t i = 0; i < o->n_trust && rc == PB_OK; i++) {
		dirs[i] = o->trust[i];
		if (stat(dirs[i], &st) != 0 || !S_ISDIR(st.st_mode))
			rc = pb_fail(err, PB_EINPUT, "--trust %s: %s", dirs[i], errno == ENOENT ? "there is no such folder" : "no folder of trust roots");
	}
	if (rc == PB_OK && o->n_trust == 0 && !o->nobody)
		rc = pb_trust_places_open(&places, err);
	if (rc == PB_OK)
		rc = pb_trust_roots(o->n_trust > 0 || o->nobody ? dirs : places.dirs, roots, err);
	pb_trust_places_close(&places);
	free(dirs);
	return rc;
}

int pb_dossier_open(const pb_dossier_options *o, pb_dossier **out, pb_error *err)
{
	pb_dossier *d;
	uint64_t bytes = 0;
	int rc;

	*out = NULL;
	d = calloc(1, sizeof *d);
	if (d == NULL)
		return pb_fail(err, PB_ENOMEM, "out of memory");
	d->bytes = memfd_create("probity-dossier", MFD_CLOEXEC);
	d->files = json_array();
	rc = d->bytes >= 0 && d->files != NULL ? PB_OK : pb_fail(err, PB_EIO, "no room for the evidence: %s", strerror(errno));
	if (rc == PB_OK)
		rc = take_paths(d, o->evidence, o->n_evidence, "documents", &bytes, err);
	if (rc == PB_OK)
		rc = take_paths(d, o->waivers, o->n_waivers, "waivers", &bytes, err);
	if (rc == PB_OK)
		rc = read_roots(o, &d->roots, err);
	/* Nobody asked for them: a file of the administrator's that cannot be read keeps nobody from looking at a product. */
	if (rc != PB_OK && rc != PB_ENOMEM && o->n_evidence + o->n_waivers + o->n_trust == 0) {
		pb_note("%s: nobody is trusted, and signatures in products count for nothing", err->text);
		*err = (pb_error){0};
		json_decref(d->roots);
		d->roots = json_array();
		rc = d->roots != NULL ? PB_OK : pb_fail(err, PB_ENOMEM, "out of memory");
	}
	if (rc == PB_OK && (digest_of(d->files, d->digest) != PB_OK || digest_of(d->roots, d->trust) != PB_OK))
		rc = pb_fail(err, PB_ENOMEM, "out of memory");
	if (rc != PB_OK || (o->n_evidence + o->n_waivers == 0 && json_array_size(d->roots) == 0)) {
		pb_dossier_close(d);
		return rc;
	}
	*out = d;
	return PB_OK;
}

void pb_dossier_close(pb_dossier *d)
{
	if (d == NULL)
		return;
	json_decref(d->files);
	json_decref(d->roots);
	if (d->bytes >= 0)
		close(d->bytes);
	free(d);
}

static int write_all(int fd, const char *p, size_t n)
{
	while (n > 0) {
		ssize_t w = write(fd, p, n);

		if (w < 0 && errno == EINTR)
			continue;
		if (w <= 0)
			return PB_EIO;
		p += w;
		n -= (size_t)w;
	}
	return PB_OK;
}

int pb_dossier_send(const pb_dossier *d, const char *name, const char *sha256, uint64_t size, int64_t as_of, pb_error *err)
{
	json_t *head = json_pack("{s:I,s:O,s:O,s:{s:s,s:s,s:I}}", "as_of", (json_int_t)as_of, "roots", d->roots, "files", d->files, "product", "name",
	                         name, "sha256", sha256, "size", (json_int_t)size);
	char *text = head != NULL ? json_dumps(head, JSON_COMPACT) : NULL;
	int fd = text != NULL ? memfd_create("probity-evidence", MFD_CLOEXEC | MFD_ALLOW_SEALING) : -1;
	int rc = fd < 0 ? PB_EIO : write_all(fd, text, strlen(text));
	off_t at = 0, end = lseek(d->bytes, 0, SEEK_END);

	rc = rc == PB_OK ? write_all(fd, "\n", 1) : rc;
	while (rc == PB_OK && at < end) {
		ssize_t n = sendfile(fd, d->bytes, &at, (size_t)(end - at));

		if (n <= 0 && !(n < 0 && errno == EINTR))
			rc = PB_EIO;
	}
	json_decref(head);
	free(text);
	if (rc == PB_OK && fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW) == 0)
		return fd;
	(void)pb_fail(err, PB_EIO, "%s: no room for its evidence: %s", name, strerror(errno));
	if (fd >= 0)
		close(fd);
	return -1;
}
