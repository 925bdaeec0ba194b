#include "object/walk.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "object/walk_row.h"

enum { DEPTH = 128 };

typedef struct walker {
	pb_walk *out;
	pb_path top;      /* {root name} */
	size_t max, seen; /* entries */
	size_t cap;       /* of out->files */
	bool full;        /* max was reached */
	pb_limit_fn limit;
	void *user;
} walker;

/* One folder's entries, in byte order. */
typedef struct names {
	char **name;
	size_t n, cap;
} names;

static void tell(const walker *w, const char *entry, const char *why)
{
	char *shown = entry[0] != '\0' ? pb_text_display(entry, strlen(entry), PB_PATH_PART) : NULL;
	pb_path path;

	if (w->limit == NULL) {
		free(shown);
		return;
	}
	if (shown == NULL || pb_path_copy(&w->top, &path) != PB_OK) {
		w->limit(w->user, &w->top, why);
		free(shown);
		return;
	}
	(void)pb_path_push(&path, shown);
	w->limit(w->user, &path, why);
	pb_path_free(&path);
	free(shown);
}

static int by_bytes(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void names_free(names *l)
{
	for (size_t i = 0; i < l->n; i++)
		free(l->name[i]);
	free(l->name);
	*l = (names){0};
}

static int names_add(names *l, const char *name)
{
	if (l->n == l->cap) {
		size_t cap = l->cap > 0 ? l->cap * 2 : 16;
		char **grown = reallocarray(l->name, cap, sizeof *grown);

		if (grown == NULL)
			return PB_ENOMEM;
		l->name = grown;
		l->cap = cap;
	}
	l->name[l->n] = strdup(name);
	return l->name[l->n++] != NULL ? PB_OK : (l->n--, PB_ENOMEM);
}

/* All names of an open folder but "." and "..", at most max. 0, PB_ENOMEM; PB_EIO where reading stopped early. */
static int names_read(DIR *dir, size_t max, names *l)
{
	const struct dirent *d;

	for (;;) {
		errno = 0;
		d = readdir(dir);
		if (d == NULL)
			return errno == 0 ? PB_OK : PB_EIO;
		if (strcmp(d->d_name, ".") == 0 || strcmp(d->d_name, "..") == 0)
			continue;
		if (l->n >= max)
			return PB_OK;
		if (names_add(l, d->d_name) != PB_OK)
			return PB_ENOMEM;
	}
}

static char *join(const char *folder, const char *name)
{
	char *path = NULL;

	if (asprintf(&path, "%s%s%s", folder, folder[0] != '\0' ? "/" : "", name) < 0)
		return NULL;
	return path;
}

static int add_file(walker *w, const char *path, uint64_t size)
{
	pb_walk *out = w->out;

	if (out->n_files == w->cap) {
		size_t cap = w->cap > 0 ? w->cap * 2 : 64;
		pb_walk_file *grown = reallocarray(out->files, cap, sizeof *grown);

		if (grown == NULL)
			return PB_ENOMEM;
		out->files = grown;
		w->cap = cap;
	}
	out->files[out->n_files] = (pb_walk_file){strdup(path), size};
	if (out->files[out->n_files].path == NULL)
		return PB_ENOMEM;
	out->n_files++;
	return PB_OK;
}

static int walk_folder(walker *w, int fd, const char *path, unsigned depth);

static int enter_folder(walker *w, int folder, const char *name, const char *path, unsigned depth)
{
	int fd;

	if (depth >= DEPTH) {
		tell(w, path, PB_WHY_DEEP);
		return PB_OK;
	}
	fd = openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0) {
		tell(w, path, "folder cannot be opened");
		return PB_OK;
	}
	return walk_folder(w, fd, path, depth + 1);
}

static int add_entry(walker *w, int folder, const char *name, const char *path, unsigned depth)
{
	pb_walk_entry e = {.folder = folder, .name = name, .path = path};
	const char *why;
	char words[48];
	int rc;

	if (fstatat(folder, name, &e.st, AT_SYMLINK_NOFOLLOW) != 0) {
		tell(w, path, errno == ENOENT ? "vanished while the folder was read" : "cannot be examined");
		return PB_OK;
	}
	rc = pb_walk_row(json_object_get(w->out->members, "entries"), &e, &why);
	if (rc != PB_OK)
		return rc;
	if (why != NULL)
		tell(w, path, why);
	if (S_ISDIR(e.st.st_mode))
		return enter_folder(w, folder, name, path, depth);
	if (S_ISLNK(e.st.st_mode))
		return PB_OK;
	if (!S_ISREG(e.st.st_mode)) {
		(void)snprintf(words, sizeof words, "no file but a %s",
		               S_ISSOCK(e.st.st_mode) ? "socket" : pb_walk_type(e.st.st_mode));
		tell(w, path, words);
		return PB_OK;
	}
	if (__builtin_add_overflow(w->out->bytes, (uint64_t)e.st.st_size, &w->out->bytes))
		w->out->bytes = UINT64_MAX;
	return e.st.st_size > PB_TINY ? add_file(w, path, (uint64_t)e.st.st_size) : PB_OK;
}

/* Takes fd. path: of this folder, "" for the root. */
static int walk_folder(walker *w, int fd, const char *path, unsigned depth)
{
	DIR *dir = fdopendir(fd);
	names list = {0};
	int rc;

	if (dir == NULL) {
		(void)close(fd);
		tell(w, path, "folder cannot be opened");
		return PB_OK;
	}
	rc = names_read(dir, w->max < SIZE_MAX ? w->max + 1 : w->max, &list); /* one more: to know that there is more */
	if (rc == PB_EIO) {
		tell(w, path, "folder cannot be read to its end");
		rc = PB_OK;
	}
	if (list.n > 0)
		qsort(list.name, list.n, sizeof list.name[0], by_bytes);
	for (size_t i = 0; rc == PB_OK && i < list.n && !w->full; i++) {
		char *entry;

		w->full = w->seen >= w->max;
		if (w->full)
			break;
		w->seen++;
		entry = join(path, list.name[i]);
		rc = entry != NULL ? add_entry(w, dirfd(dir), list.name[i], entry, depth) : PB_ENOMEM;
		free(entry);
	}
	names_free(&list);
	(void)closedir(dir);
	return rc;
}

static int file_order(const void *a, const void *b)
{
	return strcmp(((const pb_walk_file *)a)->path, ((const pb_walk_file *)b)->path);
}

typedef struct row {
	json_t *entry;
} row;

static int row_order(const void *a, const void *b)
{
	return strcmp(pb_json_str(((const row *)a)->entry, "path", ""), pb_json_str(((const row *)b)->entry, "path", ""));
}

/* Rows by display path, so that the fact does not depend on where folders were entered. */
static int sort_rows(json_t *members)
{
	json_t *entries = json_object_get(members, "entries"), *sorted = json_array();
	size_t n = json_array_size(entries);
	row *rows = calloc(n + 1, sizeof *rows);
	int rc = rows != NULL && sorted != NULL ? PB_OK : PB_ENOMEM;

	for (size_t i = 0; rc == PB_OK && i < n; i++)
		rows[i].entry = json_array_get(entries, i);
	if (rc == PB_OK)
		qsort(rows, n, sizeof *rows, row_order);
	for (size_t i = 0; rc == PB_OK && i < n; i++)
		rc = json_array_append(sorted, rows[i].entry) == 0 ? PB_OK : PB_ENOMEM;
	free(rows);
	if (rc == PB_OK)
		return json_object_set_new(members, "entries", sorted) == 0 ? PB_OK : PB_ENOMEM;
	json_decref(sorted);
	return rc;
}

/* The last element of root, or of what "." and ".." stand for. */
static char *root_name(const char *root)
{
	size_t n = strlen(root), from;
	char *real = NULL, *shown;
	const char *name;

	while (n > 1 && root[n - 1] == '/')
		n--;
	for (from = n; from > 0 && root[from - 1] != '/'; from--)
		;
	if ((n - from == 1 && root[from] == '.') || (n - from == 2 && memcmp(root + from, "..", 2) == 0))
		real = realpath(root, NULL);
	name = real != NULL ? strrchr(real, '/') + 1 : root + from;
	shown = pb_text_display(name, real != NULL ? strlen(name) : n - from, 255);
	free(real);
	if (shown != NULL && shown[0] == '\0') {
		free(shown);
		shown = strdup("/");
	}
	return shown;
}

static int finish(walker *w)
{
	char why[64];
	int rc;

	if (w->out->n_files > 0)
		qsort(w->out->files, w->out->n_files, sizeof w->out->files[0], file_order);
	rc = sort_rows(w->out->members);
	if (rc != PB_OK || !w->full)
		return rc;
	(void)snprintf(why, sizeof why, "more than %zu entries", w->max);
	tell(w, "", why);
	if (json_object_set_new(w->out->members, "complete", json_false()) != 0 ||
	    json_object_set_new(w->out->members, "why", json_string(why)) != 0)
		return PB_ENOMEM;
	return PB_OK;
}

int pb_walk_folder(const char *root, size_t max_files, pb_limit_fn limit, void *user, pb_walk *out, pb_error *err)
{
	walker w = {.out = out, .max = max_files, .limit = limit, .user = user};
	char *name = root_name(root);
	int fd, rc;

	*out = (pb_walk){.members = json_pack("{s:s, s:b, s:[]}", "format", "folder", "complete", 1, "entries")};
	rc = name != NULL && out->members != NULL ? pb_path_push(&w.top, name) : PB_ENOMEM;
	free(name);
	if (rc == PB_OK) {
		fd = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (fd < 0) {
			int why = errno;

			pb_path_free(&w.top);
			pb_walk_free(out);
			return pb_fail(err, PB_EIO, "%s: %s", root, strerror(why));
		}
		rc = walk_folder(&w, fd, "", 0);
	}
	if (rc == PB_OK)
		rc = finish(&w);
	pb_path_free(&w.top);
	if (rc != PB_OK) {
		pb_walk_free(out);
		return pb_fail(err, rc, "%s: memory ran out", root);
	}
	return PB_OK;
}

void pb_walk_free(pb_walk *w)
{
	for (size_t i = 0; i < w->n_files; i++)
		free(w->files[i].path);
	free(w->files);
	json_decref(w->members);
	*w = (pb_walk){0};
}
