/* The folder of a site: what in it is ours, written whole or not at all, and nothing else touched. */
#include <errno.h>
#include <fcntl.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/hash.h"
#include "cli/site.h"

enum { MANIFEST_MOST = 512 << 20 };
static const char manifest[] = "manifest.json", pending[] = "manifest.pending.json", schema[] = "probity-site/1";
static const char unfinished[] = ".probity-"; /* what a run that was killed was writing */
static const char *const folders[] = {"a", "c", "p"};

static int no_io(pb_error *err, const pb_site *s, const char *path)
{
	return pb_fail(err, PB_EIO, "%s/%s: %s", s->dir, path, strerror(errno));
}

static int read_json(const pb_site *s, const char *name, json_t **out, pb_error *err)
{
	char *path = pb_fs_join(s->dir, name);
	pb_buf text = {0};
	int rc = path ? pb_fs_read(path, MANIFEST_MOST, &text, err) : PB_ENOMEM;

	*out = rc ? NULL : pb_json_parse((pb_bytes){text.data, text.size}, MANIFEST_MOST, path, err);
	if (!rc && strcmp(pb_json_str(*out, "schema", ""), schema) != 0)
		rc = pb_fail(err, PB_EINPUT, "%s: not the manifest of a site of Probity", path);
	pb_buf_free(&text);
	free(path);
	return rc;
}

static int write_all(int fd, const char *data, size_t n)
{
	for (size_t at = 0; at < n;) {
		ssize_t k = write(fd, data + at, n - at);

		if (k < 0 && errno == EINTR)
			continue;
		if (k <= 0)
			return -1;
		at += (size_t)k;
	}
	return 0;
}

static int put(pb_site *s, const char *path, const void *data, size_t n, bool sync, pb_error *err)
{
	char name[40];
	int rc = 0, fd;

	/* One name for each process: what a killed one left is overwritten by the next run. */
	snprintf(name, sizeof name, ".probity-%d.tmp", s->worker);
	(void)unlinkat(s->fd, name, 0);
	fd = openat(s->fd, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
	if (fd < 0)
		return no_io(err, s, name);
	if (write_all(fd, data, n) || (sync && fsync(fd)))
		rc = no_io(err, s, path);
	if (close(fd) && !rc)
		rc = no_io(err, s, path);
	if (!rc && renameat(s->fd, name, s->fd, path))
		rc = no_io(err, s, path);
	if (rc)
		(void)unlinkat(s->fd, name, 0);
	s->written += !rc && !sync;
	return rc;
}

int pb_site_put(pb_site *s, const char *path, const void *data, size_t n, pb_error *err)
{
	return put(s, path, data, n, false, err);
}

/* On the disk before it has its name: what is said there has to be true. */
static int write_json(pb_site *s, const char *name, const json_t *value, pb_error *err)
{
	char *text = pb_json_canonical(value);
	int rc = text ? put(s, name, text, strlen(text), true, err) : PB_ENOMEM;

	free(text);
	return rc;
}

bool pb_site_has(const pb_site *s, const char *path)
{
	struct stat st;

	return fstatat(s->fd, path, &st, AT_SYMLINK_NOFOLLOW) == 0;
}

static bool is_empty(int fd)
{
	int copy = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = copy < 0 ? NULL : fdopendir(copy);
	bool empty = d != NULL;

	for (const struct dirent *e; d && (e = readdir(d));)
		empty &= strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0 || strncmp(e->d_name, unfinished, sizeof unfinished - 1) == 0;
	if (d)
		closedir(d);
	else if (copy >= 0)
		close(copy);
	return empty;
}

/* What was written, by the manifest; and what a run that was ended began to write. */
static int read_known(pb_site *s, pb_error *err)
{
	json_t *begun = NULL, *path;
	const char *name;
	size_t i;
	int rc = 0;

	if (!pb_site_has(s, manifest) && !pb_site_has(s, pending) && !is_empty(s->fd))
		return pb_fail(err, PB_EINPUT, "%s: not empty, and no site of Probity: name an empty or a new folder", s->dir);
	if (pb_site_has(s, manifest))
		rc = read_json(s, manifest, &s->old, err);
	if (!rc && pb_site_has(s, pending))
		rc = read_json(s, pending, &begun, err);
	json_object_foreach (json_object_get(s->old, "files"), name, path)
		json_object_set_new(s->owned, name, json_true());
	json_array_foreach (json_object_get(begun, "paths"), i, path)
		if (json_string_value(path))
			json_object_set_new(s->owned, json_string_value(path), json_true());
	json_decref(begun);
	return rc;
}

int pb_site_open(pb_site *s, pb_error *err)
{
	int rc = 0;

	s->owned = json_object();
	s->files = json_object();
	s->fd = -1;
	if (!s->owned || !s->files)
		return pb_fail(err, PB_ENOMEM, "out of memory");
	if (mkdir(s->dir, 0755) && errno != EEXIST)
		return pb_fail(err, PB_EIO, "%s: %s", s->dir, strerror(errno));
	s->fd = open(s->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (s->fd < 0)
		return pb_fail(err, PB_EIO, "%s: %s", s->dir, strerror(errno));
	if (flock(s->fd, LOCK_EX | LOCK_NB))
		return pb_fail(err, PB_EIO, "%s: another process writes this site", s->dir);
	rc = read_known(s, err);
	return rc;
}

void pb_site_close(pb_site *s)
{
	if (s->fd >= 0)
		close(s->fd);
	json_decref(s->old);
	json_decref(s->owned);
	json_decref(s->files);
}

/* Folders are made once the plan is on the disk: until then there is nothing of ours. */
static int make_folders(const pb_site *s, pb_error *err)
{
	struct stat st;

	for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
		if (mkdirat(s->fd, folders[i], 0755) && errno != EEXIST)
			return no_io(err, s, folders[i]);
		if (fstatat(s->fd, folders[i], &st, AT_SYMLINK_NOFOLLOW) || !S_ISDIR(st.st_mode))
			return pb_fail(err, PB_EINPUT, "%s/%s: no folder", s->dir, folders[i]);
	}
	return 0;
}

int pb_site_plan(pb_site *s, const json_t *paths, pb_error *err)
{
	json_t *all = json_array(), *doc, *path;
	const char *name;
	size_t i;
	int rc;

	json_array_foreach (paths, i, path) {
		name = json_string_value(path);
		if (!json_object_get(s->owned, name) && pb_site_has(s, name)) {
			json_decref(all);
			return pb_fail(err, PB_EINPUT, "%s/%s: is there, and was not written by `probity site`: move it away", s->dir, name);
		}
		json_object_set_new(s->owned, name, json_true());
	}
	json_object_foreach (s->owned, name, path)
		json_array_append_new(all, json_string(name));
	doc = json_pack("{s:s,s:o}", "schema", schema, "paths", all);
	rc = doc ? write_json(s, pending, doc, err) : PB_ENOMEM;
	json_decref(doc);
	return rc ? rc : make_folders(s, err);
}

bool pb_site_current(const pb_site *s, const char *path, const char *digest)
{
	return strcmp(pb_json_str(json_object_get(s->old, "files"), path, ""), digest) == 0 && pb_site_has(s, path);
}

/* The new pages are there by now: no link leads to what goes. */
static int remove_gone(pb_site *s, pb_error *err)
{
	const char *name;
	json_t *value;

	json_object_foreach (s->owned, name, value) {
		if (json_object_get(s->files, name))
			continue;
		if (unlinkat(s->fd, name, 0) == 0)
			s->removed++;
		else if (errno != ENOENT)
			return no_io(err, s, name);
	}
	return 0;
}

int pb_site_finish(pb_site *s, json_t *rows, pb_error *err)
{
	char name[40];
	json_t *doc;
	int rc = remove_gone(s, err);

	for (int i = 0; i <= PB_SITE_JOBS; i++) {
		snprintf(name, sizeof name, ".probity-%d.tmp", i);
		(void)unlinkat(s->fd, name, 0);
	}
	if (!rc && syncfs(s->fd)) /* once for all pages, before the manifest says that they are there */
		rc = no_io(err, s, "");
	doc = json_pack("{s:s,s:s,s:O,s:O}", "schema", schema, "maker", s->maker, "files", s->files, "rows", rows);
	if (!rc)
		rc = doc ? write_json(s, manifest, doc, err) : PB_ENOMEM;
	json_decref(doc);
	if (!rc && unlinkat(s->fd, pending, 0) && errno != ENOENT)
		rc = no_io(err, s, pending);
	return rc;
}
