/* Listing a folder of rules: sorted, so that nothing depends on the order of readdir. */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/fs.h"

enum { NAMES_MAX = 100000, DEPTH_MAX = 64 };

typedef struct listing {
	const char *suffix;
	char **names;
	size_t count, room;
	pb_error *err;
} listing;

static bool ends_in(const char *name, const char *suffix)
{
	size_t n = strlen(name), m = suffix != NULL ? strlen(suffix) : 0;

	return m == 0 || (n >= m && memcmp(name + n - m, suffix, m) == 0);
}

/* Takes name. */
static int keep(listing *l, char *name)
{
	if (l->count == NAMES_MAX) {
		free(name);
		return pb_fail(l->err, PB_ELIMIT, "more than %d files in one folder of rules", NAMES_MAX);
	}
	if (l->count == l->room) {
		size_t room = l->room > 0 ? 2 * l->room : 64;
		char **names = realloc(l->names, room * sizeof *names);

		if (names == NULL) {
			free(name);
			return pb_fail(l->err, PB_ENOMEM, "out of memory");
		}
		l->names = names;
		l->room = room;
	}
	l->names[l->count++] = name;
	return PB_OK;
}

static int walk(listing *l, const char *dir, const char *below, int depth);

/* path is dir/name, relative the same below the folder that was asked for; takes relative. */
static int entry(listing *l, const char *path, char *relative, int depth)
{
	struct stat link, st;
	int rc = PB_OK;

	if (lstat(path, &link) == 0 && S_ISDIR(link.st_mode))
		rc = walk(l, path, relative, depth + 1);
	else if (ends_in(relative, l->suffix) && stat(path, &st) == 0 && S_ISREG(st.st_mode))
		return keep(l, relative);
	free(relative);
	return rc;
}

static int walk(listing *l, const char *dir, const char *below, int depth)
{
	struct dirent *e;
	int rc = PB_OK;
	DIR *d;

	if (depth > DEPTH_MAX)
		return pb_fail(l->err, PB_ELIMIT, "%s: folders nested deeper than %d", dir, DEPTH_MAX);
	d = opendir(dir);
	if (d == NULL)
		return pb_fail(l->err, PB_EIO, "%s: %s", dir, strerror(errno));
	while (rc == PB_OK && (e = readdir(d)) != NULL) {
		char *path, *relative;

		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		path = pb_fs_join(dir, e->d_name);
		relative = *below != '\0' ? pb_fs_join(below, e->d_name) : strdup(e->d_name);
		if (path == NULL || relative == NULL) {
			free(relative);
			rc = pb_fail(l->err, PB_ENOMEM, "out of memory");
		} else {
			rc = entry(l, path, relative, depth);
		}
		free(path);
	}
	(void)closedir(d);
	return rc;
}

static int by_bytes(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

int pb_fs_names(const char *dir, const char *suffix, char ***names, size_t *count, pb_error *err)
{
	listing l = {.suffix = suffix, .err = err};
	int rc = walk(&l, dir, "", 0);

	if (rc != PB_OK) {
		pb_fs_names_free(l.names, l.count);
		l.names = NULL;
		l.count = 0;
	} else if (l.count > 1) {
		qsort(l.names, l.count, sizeof *l.names, by_bytes);
	}
	*names = l.names;
	*count = l.count;
	return rc;
}

void pb_fs_names_free(char **names, size_t count)
{
	for (size_t i = 0; i < count; i++)
		free(names[i]);
	free(names);
}
