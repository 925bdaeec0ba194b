#include "cli/dossier_folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "evidence/dossier.h"

enum { DEPTH = 16, ENTRIES = 100000 };

typedef struct walk {
	pb_dossier_file_fn file;
	void *user;
	pb_error *err;
	size_t entries;
} walk;

static int folder(walk *w, int dir, const char *prefix, int depth);

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static int tell(walk *w, const char *path, int fd, const char *why)
{
	char *shown = pb_text_display(path, strlen(path), PB_DOSSIER_NAME);
	int rc = shown != NULL ? w->file(w->user, shown, fd, why) : PB_ENOMEM;

	free(shown);
	return rc;
}

static int one(walk *w, int dir, const char *name, const char *prefix, int depth)
{
	char *path = NULL;
	struct stat st;
	int fd, rc = PB_OK;

	if (asprintf(&path, "%s%s", prefix, name) < 0)
		return PB_ENOMEM;
	fd = openat(dir, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | O_NOFOLLOW);
	if (fd < 0) {
		rc = tell(w, path, -1, errno == ELOOP ? "a symbolic link: links of a dossier are not followed" : errno == ENXIO ? "a socket, not a file" : "cannot be read");
	} else if (fstat(fd, &st) < 0) {
		rc = tell(w, path, -1, "cannot be read");
	} else if (S_ISDIR(st.st_mode)) {
		free(path);
		if (asprintf(&path, "%s%s/", prefix, name) < 0) {
			close(fd);
			return PB_ENOMEM;
		}
		if (depth == 0) {
			rc = tell(w, path, -1, "a folder more than 16 deep: what is in it is left out");
		} else {
			rc = folder(w, fd, path, depth - 1);
			fd = -1;
		}
	} else if (!S_ISREG(st.st_mode)) {
		rc = tell(w, path, -1, S_ISFIFO(st.st_mode) ? "a FIFO, not a file" : "a device, not a file");
	} else {
		rc = tell(w, path, fd, NULL);
	}
	if (fd >= 0)
		close(fd);
	free(path);
	return rc;
}

/* The names in it, sorted. PB_ELIMIT: there are more than may be kept; which would come first, the order on a disk must not decide. */
static int names_of(walk *w, DIR *d, char ***names, size_t *n)
{
	struct dirent *e;
	size_t room = 0;

	while ((e = readdir(d)) != NULL) {
		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		if (++w->entries > ENTRIES)
			return PB_ELIMIT;
		if (*n == room) {
			char **more = realloc(*names, (room = room ? 2 * room : 32) * sizeof *more);

			if (more == NULL)
				return PB_ENOMEM;
			*names = more;
		}
		(*names)[*n] = strdup(e->d_name);
		if ((*names)[*n] == NULL)
			return PB_ENOMEM;
		(*n)++;
	}
	if (*n > 0)
		qsort(*names, *n, sizeof **names, by_name);
	return PB_OK;
}

static int folder(walk *w, int dir, const char *prefix, int depth)
{
	DIR *d = fdopendir(dir);
	char **names = NULL;
	size_t n = 0;
	int rc;

	if (d == NULL) {
		close(dir);
		return pb_fail(w->err, PB_EIO, "%s", strerror(errno));
	}
	rc = names_of(w, d, &names, &n);
	if (rc == PB_ELIMIT) {
		while (n > 0)
			free(names[--n]);
		rc = tell(w, *prefix ? prefix : ".", -1, "more than 100000 files and folders: what is in it is left out");
	}
	for (size_t i = 0; i < n; i++) {
		rc = rc == PB_OK ? one(w, dirfd(d), names[i], prefix, depth) : rc;
		free(names[i]);
	}
	free(names);
	closedir(d);
	return rc;
}

int pb_dossier_folder(int dir, pb_dossier_file_fn file, void *user, pb_error *err)
{
	walk w = {file, user, err, 0};

	return folder(&w, dir, "", DEPTH);
}
