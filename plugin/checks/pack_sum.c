/* The files of a pack. What is listed is all that there is, and all of it is plain: nothing leads out, nothing is read twice by two names. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/text.h"
#include "checks/pack.h"

bool pb_pack_path_ok(const char *path)
{
	size_t n = strlen(path);
	unsigned depth = 0;

	if (n == 0 || n >= PB_PACK_PATH || path[n - 1] == '/' || !pb_text_utf8(path, n))
		return false;
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)path[i];

		if (c < ' ' || c == 0x7f || c == '\\')
			return false;
		/* Each name: not empty, not hidden, not "." or "..". */
		if ((i == 0 || path[i - 1] == '/') && (c == '/' || c == '.'))
			return false;
		depth += c == '/';
	}
	return depth < PB_PACK_DEPTH;
}

typedef struct walking {
	const char *dir;
	bool guarded;
	pb_pack_files *out;
	size_t room, folders;
	uint8_t *block;
	pb_error *err;
} walking;

enum { BLOCK = 1 << 16 };

static int refuse(const walking *w, const char *path, const char *why)
{
	return pb_fail(w->err, PB_EINPUT, "%s/%s: %s", w->dir, path, why);
}

static int check_guard(const walking *w, const char *path, const struct stat *st)
{
	if (!w->guarded || ((st->st_uid == 0 || st->st_uid == geteuid()) && (st->st_mode & (S_IWGRP | S_IWOTH)) == 0))
		return PB_OK;
	return refuse(w, path, "others can write to it: chmod go-w, or install the pack anew");
}

static int digest(const walking *w, int fd, const char *path, pb_pack_file *f)
{
	pb_sha256 *h = pb_sha256_new();
	ssize_t n = 1;

	if (h == NULL)
		return pb_fail(w->err, PB_ENOMEM, "out of memory");
	while (n != 0) {
		n = read(fd, w->block, BLOCK);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 || f->size + (uint64_t)n > PB_PACK_FILE_BYTES || w->out->bytes + f->size + (uint64_t)n > PB_PACK_BYTES) {
			pb_sha256_drop(h);
			if (n < 0)
				return pb_fail(w->err, PB_EIO, "%s/%s: %s", w->dir, path, strerror(errno));
			return refuse(w, path, "too large: a file of a pack has at most 32 MiB, all together 256 MiB");
		}
		pb_sha256_add(h, w->block, (size_t)n);
		f->size += (uint64_t)n;
	}
	pb_sha256_hex(h, f->sha256);
	return f->sha256[0] != '\0' ? PB_OK : pb_fail(w->err, PB_ENOMEM, "out of memory");
}

static pb_pack_file *more(walking *w)
{
	if (w->out->n == w->room) {
		size_t room = w->room > 0 ? 2 * w->room : 32;
		pb_pack_file *grown = realloc(w->out->file, room * sizeof *grown);

		if (grown == NULL)
			return NULL;
		w->out->file = grown;
		w->room = room;
	}
	memset(&w->out->file[w->out->n], 0, sizeof *w->out->file);
	return &w->out->file[w->out->n];
}

static int add_file(walking *w, int fd, const char *path)
{
	pb_pack_file *f = more(w);
	int rc;

	if (f == NULL)
		return pb_fail(w->err, PB_ENOMEM, "out of memory");
	if (w->out->n == PB_PACK_FILES)
		return refuse(w, path, "a pack has at most 10000 files");
	rc = digest(w, fd, path, f);
	f->path = rc == PB_OK ? strdup(path) : NULL;
	if (rc == PB_OK && f->path == NULL)
		return pb_fail(w->err, PB_ENOMEM, "out of memory");
	if (rc == PB_OK) {
		w->out->bytes += f->size;
		w->out->n++;
	}
	return rc;
}

/* A list as rulesets/ has them: it would have no effect, and who wrote it would not know. */
static bool is_list(const char *path)
{
	static const char *const folders[] = {"rulesets/", "lists/", "capabilities/"}, *const ends[] = {".txt", ".ini"};
	size_t n = strlen(path), of = 0;

	for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++)
		of += strncmp(path, folders[i], strlen(folders[i])) == 0;
	for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++)
		of += strcmp(path + n - (n < 4 ? n : 4), ends[i]) == 0;
	return of == 2;
}

static int walk(walking *w, int fd, const char *path, int depth);

/* One name of a folder. What is opened is what is looked at, so that nothing is swapped in between. */
static int one(walking *w, int folder, const char *name, const char *path, int depth)
{
	struct stat st;
	int fd = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC), rc;

	if (fd < 0 && (errno == ELOOP || errno == ENXIO))
		return refuse(w, path, "neither a file nor a folder: links and devices have no place in a pack");
	if (fd < 0 || fstat(fd, &st) != 0) {
		rc = pb_fail(w->err, PB_EIO, "%s/%s: %s", w->dir, path, strerror(errno));
		if (fd >= 0)
			close(fd);
		return rc;
	}
	rc = check_guard(w, path, &st);
	if (rc == PB_OK && S_ISDIR(st.st_mode)) {
		if (depth == PB_PACK_DEPTH || ++w->folders > PB_PACK_FILES)
			rc = refuse(w, path, "too many folders, or too many within each other");
		return rc == PB_OK ? walk(w, fd, path, depth + 1) : (close(fd), rc);
	}
	if (rc == PB_OK && !S_ISREG(st.st_mode))
		rc = refuse(w, path, "neither a file nor a folder: links and devices have no place in a pack");
	else if (rc == PB_OK && st.st_nlink != 1)
		rc = refuse(w, path, "a file with several names (hard links) has no place in a pack");
	else if (rc == PB_OK && is_list(path))
		rc = refuse(w, path, "a pack's lists have no effect, only those of Probity's own rulesets/: return the words from a library, "
		                     "lib/NAME.lua, which checks have by require \"lib.NAME\"");
	else if (rc == PB_OK && depth == 0 && (strcmp(name, PB_PACK_SUM) == 0 || strcmp(name, PB_PACK_SIG) == 0))
		rc = PB_OK; /* the list and its signature: not of the list */
	else if (rc == PB_OK)
		rc = add_file(w, fd, path);
	close(fd);
	return rc;
}

/* Takes fd over. */
static int walk(walking *w, int fd, const char *path, int depth)
{
	char below[PB_PACK_PATH + 300];
	struct dirent *e;
	DIR *d = fdopendir(fd);
	int rc = PB_OK;

	if (d == NULL) {
		close(fd);
		return pb_fail(w->err, PB_EIO, "%s/%s: %s", w->dir, path, strerror(errno));
	}
	while (rc == PB_OK && (errno = 0, e = readdir(d)) != NULL) {
		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		if (!w->guarded && e->d_name[0] == '.')
			continue;
		(void)snprintf(below, sizeof below, "%s%s%s", path, *path != '\0' ? "/" : "", e->d_name);
		rc = pb_pack_path_ok(below) ? one(w, fd, e->d_name, below, depth)
		                            : refuse(w, below, "hidden files, control characters, '\\' and long names have no place in a pack");
	}
	if (rc == PB_OK && errno != 0)
		rc = pb_fail(w->err, PB_EIO, "%s/%s: %s", w->dir, path, strerror(errno));
	closedir(d);
	return rc;
}

static int by_path(const void *a, const void *b)
{
	return strcmp(((const pb_pack_file *)a)->path, ((const pb_pack_file *)b)->path);
}

int pb_pack_files_read(const char *dir, bool guarded, pb_pack_files *out, pb_error *err)
{
	walking w = {.dir = dir, .guarded = guarded, .out = out, .err = err, .block = malloc(BLOCK)};
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC), rc;

	memset(out, 0, sizeof *out);
	if (fd < 0)
		rc = pb_fail(err, errno == ENOENT || errno == ENOTDIR ? PB_EINPUT : PB_EIO, "%s: %s", dir, strerror(errno));
	else if (w.block == NULL)
		rc = (close(fd), pb_fail(err, PB_ENOMEM, "out of memory"));
	else
		rc = walk(&w, fd, "", 0);
	free(w.block);
	if (rc == PB_OK && out->n > 0)
		qsort(out->file, out->n, sizeof *out->file, by_path);
	if (rc != PB_OK)
		pb_pack_files_free(out);
	return rc;
}

void pb_pack_files_free(pb_pack_files *files)
{
	for (size_t i = 0; i < files->n; i++)
		free(files->file[i].path);
	free(files->file);
	memset(files, 0, sizeof *files);
}

int pb_pack_files_text(const pb_pack_files *files, pb_buf *out)
{
	int rc = PB_OK;

	for (size_t i = 0; i < files->n && rc == PB_OK; i++)
		rc = pb_buf_printf(out, "%s %llu %s\n", files->file[i].sha256, (unsigned long long)files->file[i].size, files->file[i].path);
	return rc;
}

static int absent(const char *path, size_t n, pb_error *err)
{
	return pb_fail(err, PB_EINPUT, "%.*s is in " PB_PACK_SUM " and not there", (int)n, path);
}

/* They differ: where? The list is text from outside; all that is made of it here is words. */
static int difference(const pb_pack_files *files, pb_bytes text, pb_error *err)
{
	const char *at = (const char *)text.data, *end = at + text.size;

	for (size_t i = 0; i < files->n || at < end;) {
		const char *line_end = at < end ? memchr(at, '\n', (size_t)(end - at)) : NULL, *path;
		const pb_pack_file *f = &files->file[i];
		char line[65 + 32];
		size_t n;
		int order;

		if (at == end)
			return pb_fail(err, PB_EINPUT, "%s is not in " PB_PACK_SUM, f->path);
		/* "SHA256 SIZE PATH" */
		path = line_end != NULL ? memchr(at, ' ', (size_t)(line_end - at)) : NULL;
		path = path != NULL ? memchr(path + 1, ' ', (size_t)(line_end - path - 1)) : NULL;
		if (path == NULL || line_end - path > PB_PACK_PATH || memchr(path, '\0', (size_t)(line_end - path)) != NULL)
			return pb_fail(err, PB_EINPUT, PB_PACK_SUM " has a line that is none");
		n = (size_t)(line_end - ++path);
		if (i == files->n)
			return absent(path, n, err);
		order = strncmp(f->path, path, n);
		if (order == 0 && f->path[n] != '\0')
			order = 1;
		if (order != 0)
			return order < 0 ? pb_fail(err, PB_EINPUT, "%s is not in " PB_PACK_SUM, f->path) : absent(path, n, err);
		(void)snprintf(line, sizeof line, "%s %llu ", f->sha256, (unsigned long long)f->size);
		if (strlen(line) != (size_t)(path - at) || memcmp(line, at, strlen(line)) != 0)
			return pb_fail(err, PB_EINPUT, "%s was changed", f->path);
		at = line_end + 1;
		i++;
	}
	return pb_fail(err, PB_EINPUT, PB_PACK_SUM " is not what its files are");
}

int pb_pack_files_match(const pb_pack_files *files, pb_bytes text, pb_error *err)
{
	pb_buf wanted = {0};
	int rc = pb_pack_files_text(files, &wanted);

	if (rc != PB_OK)
		rc = pb_fail(err, rc, "out of memory");
	else if (wanted.size != text.size || (text.size > 0 && memcmp(wanted.data, text.data, text.size) != 0))
		rc = difference(files, text, err);
	pb_buf_free(&wanted);
	return rc;
}
