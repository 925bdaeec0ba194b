/* The files of formats, read while files can still be opened. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/fs.h"
#include "checks/box.h"
#include "checks/format_inside.h"

enum { ONE_MAX = 4 << 20, ALL_MAX = 64 << 20, FILES_MOST = 1000 };

#define NAME_LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-"

static bool has_suffix(const char *s, const char *suffix)
{
	size_t n = strlen(s), m = strlen(suffix);

	return n > m && strcmp(s + n - m, suffix) == 0;
}

/* "html.lua", "compare/html.lua", "assets/report.css": one level of folders, plain names. */
static bool is_format(const char *path)
{
	const char *slash = strchr(path, '/'), *name = slash != NULL ? slash + 1 : path;

	if (strncmp(path, "lib/", 4) == 0 || strncmp(path, "assets/", 7) == 0 || !has_suffix(name, ".lua"))
		return false;
	return name[strspn(name, NAME_LETTERS)] == '.' && strlen(strchr(name, '.')) == 4 &&
	       (slash == NULL || strspn(path, NAME_LETTERS) == (size_t)(slash - path));
}

static bool is_asset(const char *path)
{
	return strncmp(path, "assets/", 7) == 0 && path[7 + strspn(path + 7, NAME_LETTERS ".")] == '\0' && path[7] != '.' && path[7] != '\0';
}

const pb_format_file *pb_format_file_at(const pb_formats *f, const char *path)
{
	for (size_t i = 0; i < f->n; i++)
		if (strcmp(f->all[i].path, path) == 0)
			return &f->all[i];
	return NULL;
}

/* What lies in the buyer's folder was added first, and stays. */
static int add(pb_formats *f, const char *dir, const char *path, bool own)
{
	char shown[PB_FORMAT_PATH];
	pb_format_file *more, *file;
	char *whole;

	if (pb_format_file_at(f, path) != NULL)
		return PB_OK;
	more = realloc(f->all, (f->n + 1) * sizeof *more);
	if (more == NULL)
		return PB_ENOMEM;
	f->all = more;
	file = more + f->n;
	memset(file, 0, sizeof *file);
	(void)snprintf(shown, sizeof shown, "%s/%s", own ? PB_FORMATS_OWN : dir, path);
	file->path = strdup(path);
	file->shown = strdup(shown);
	file->own = own;
	f->n++;
	whole = pb_fs_join(dir, path);
	if (file->path == NULL || file->shown == NULL || whole == NULL) {
		free(whole);
		return PB_ENOMEM;
	}
	if (pb_fs_read(whole, ONE_MAX, &file->text, &file->why) == PB_OK && file->text.size > ALL_MAX - f->bytes) {
		(void)pb_fail(&file->why, PB_ELIMIT, "%s: all formats together have more than %d MiB", whole, ALL_MAX >> 20);
		pb_buf_free(&file->text);
	}
	f->bytes += file->text.size;
	free(whole);
	return PB_OK;
}

static int add_all(pb_formats *f, const char *dir, bool own, pb_error *err)
{
	char **names = NULL, *lib = pb_fs_join(dir, "lib");
	size_t n = 0;
	int rc = lib != NULL ? pb_fs_names(dir, NULL, &names, &n, err) : pb_fail(err, PB_ENOMEM, "out of memory");

	for (size_t i = 0; i < n && rc == PB_OK; i++)
		if (is_format(names[i]) || is_asset(names[i]))
			rc = f->n < FILES_MOST ? add(f, dir, names[i], own) : pb_fail(err, PB_EINPUT, "%s: more than %d formats", dir, FILES_MOST);
	if (rc == PB_OK)
		rc = pb_shelf_fill(f->shelf, lib);
	pb_fs_names_free(names, n);
	if (own)
		f->own_lib = lib;
	else
		f->extra_lib[0] = lib;
	return rc == PB_ENOMEM ? pb_fail(err, rc, "out of memory") : rc;
}

int pb_formats_read(const char *own, const char *extra, pb_formats **out, pb_error *err)
{
	pb_formats *f = calloc(1, sizeof *f);
	struct stat st;
	int rc = PB_OK;

	*out = NULL;
	if (f == NULL || (f->shelf = pb_shelf_new()) == NULL)
		rc = pb_fail(err, PB_ENOMEM, "out of memory");
	if (rc == PB_OK && extra != NULL && (stat(extra, &st) != 0 || !S_ISDIR(st.st_mode)))
		rc = pb_fail(err, PB_EINPUT, "%s: no folder of templates: %s", extra, strerror(errno ? errno : ENOTDIR));
	if (rc == PB_OK && extra != NULL)
		rc = add_all(f, extra, false, err);
	if (rc == PB_OK)
		rc = add_all(f, own, true, err);
	if (rc == PB_OK)
		*out = f;
	else
		pb_formats_free(f);
	return rc;
}

void pb_formats_free(pb_formats *f)
{
	if (f == NULL)
		return;
	for (size_t i = 0; i < f->n; i++) {
		free(f->all[i].path);
		free(f->all[i].shown);
		pb_buf_free(&f->all[i].text);
	}
	free(f->all);
	pb_shelf_free(f->shelf);
	free(f->own_lib);
	free(f->extra_lib[0]);
	free(f);
}

static int by_path(const void *a, const void *b)
{
	return strcmp((*(const pb_format_file *const *)a)->path, (*(const pb_format_file *const *)b)->path);
}

static json_t *row_of(const char *path)
{
	const char *slash = strchr(path, '/'), *name = slash != NULL ? slash + 1 : path;

	return json_pack("{s:s%,s:s%}", "folder", path, slash != NULL ? (size_t)(slash - path) : 0, "name", name, strlen(name) - 4);
}

/* Those of one report first, then folder by folder. */
json_t *pb_formats_names(const pb_formats *f)
{
	const pb_format_file **sorted = calloc(f->n + 1, sizeof *sorted);
	json_t *out = sorted != NULL ? json_array() : NULL;

	for (size_t i = 0; out != NULL && i < f->n; i++)
		sorted[i] = &f->all[i];
	if (out != NULL && f->n > 1)
		qsort(sorted, f->n, sizeof *sorted, by_path);
	for (int deep = 0; deep < 2; deep++)
		for (size_t i = 0; out != NULL && i < f->n; i++) {
			if (!is_format(sorted[i]->path) || (strchr(sorted[i]->path, '/') != NULL) != (deep == 1))
				continue;
			if (json_array_append_new(out, row_of(sorted[i]->path)) != 0) {
				json_decref(out);
				out = NULL;
			}
		}
	free(sorted);
	return out;
}
