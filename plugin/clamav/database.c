#include "clamav/database.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CVD_HEADER = 512, FILES_MOST = 10000 };

/* What libclamav loads from a folder. */
static const char *const suffixes[] = {
	".cvd", ".cld", ".cud", ".cat", ".cbc", ".cdb", ".cfg",  ".crb", ".db",  ".fp",  ".ftm", ".gdb", ".hdb",
	".hdu", ".hsb", ".hsu", ".idb", ".ign", ".ign2", ".imp", ".ioc", ".ldb", ".ldu", ".mdb", ".mdu", ".msb",
	".msu", ".ndb", ".ndu", ".pdb", ".pwdb", ".rmd", ".sdb", ".sfp", ".wdb", ".yar", ".yara", ".zmd",
};

static bool is_database(const char *name)
{
	const char *dot = strrchr(name, '.');

	for (size_t i = 0; dot != NULL && i < sizeof suffixes / sizeof suffixes[0]; i++)
		if (strcmp(dot, suffixes[i]) == 0)
			return true;
	return false;
}

static int by_bytes(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static int add(const char *dir, int dir_fd, const char *name, pb_database_files *out, pb_error *err)
{
	struct stat st;
	char **grown;

	if (fstatat(dir_fd, name, &st, 0) != 0)
		return pb_fail(err, PB_EINPUT, "%s/%s: %s", dir, name, strerror(errno));
	if (!S_ISREG(st.st_mode))
		return pb_fail(err, PB_EINPUT, "%s/%s: no regular file", dir, name);
	if (out->n >= FILES_MOST)
		return pb_fail(err, PB_EINPUT, "%s: more than %d database files", dir, FILES_MOST);
	grown = reallocarray(out->name, out->n + 1, sizeof *grown);
	if (grown == NULL)
		return pb_fail(err, PB_ENOMEM, "%s: memory ran out", dir);
	out->name = grown;
	out->name[out->n] = strdup(name);
	if (out->name[out->n] == NULL)
		return pb_fail(err, PB_ENOMEM, "%s: memory ran out", dir);
	out->n++;
	return PB_OK;
}

int pb_database_files_of(const char *dir, bool may_be_missing, pb_database_files *out, pb_error *err)
{
	const struct dirent *d;
	DIR *stream = opendir(dir);
	int rc = PB_OK;

	*out = (pb_database_files){0};
	if (stream == NULL)
		return may_be_missing && errno == ENOENT ? PB_OK : pb_fail(err, PB_EINPUT, "%s: %s", dir, strerror(errno));
	while (rc == PB_OK && (d = readdir(stream)) != NULL)
		if (is_database(d->d_name))
			rc = add(dir, dirfd(stream), d->d_name, out, err);
	(void)closedir(stream);
	if (out->n > 0)
		qsort(out->name, out->n, sizeof out->name[0], by_bytes);
	if (rc != PB_OK)
		pb_database_files_free(out);
	return rc;
}

void pb_database_files_free(pb_database_files *f)
{
	for (size_t i = 0; i < f->n; i++)
		free(f->name[i]);
	free(f->name);
	*f = (pb_database_files){0};
}

static bool ends_in(const char *name, const char *suffix)
{
	size_t n = strlen(name), k = strlen(suffix);

	return n > k && strcmp(name + n - k, suffix) == 0;
}

/* The digest of at most `most` bytes of a file; false with errno set. */
static bool digest_file(const char *file, uint64_t most, char hex[65])
{
	int fd = open(file, O_RDONLY | O_NONBLOCK | O_CLOEXEC), why;
	pb_sha256 *h = fd >= 0 ? pb_sha256_new() : NULL;
	uint8_t block[65536];
	ssize_t n = 0;

	while (h != NULL && most > 0 && (n = read(fd, block, most < sizeof block ? (size_t)most : sizeof block)) > 0) {
		pb_sha256_add(h, block, (size_t)n);
		most -= (uint64_t)n;
	}
	why = fd >= 0 && h == NULL ? ENOMEM : errno;
	if (fd >= 0)
		(void)close(fd);
	errno = why;
	if (h == NULL)
		return false;
	pb_sha256_hex(h, hex);
	return n >= 0;
}

int pb_database_digest(const char *dir, const pb_database_files *f, pb_sha256 *h, pb_error *err)
{
	for (size_t i = 0; i < f->n; i++) {
		bool signed_one = ends_in(f->name[i], ".cvd") || ends_in(f->name[i], ".cld");
		char *file = NULL, hex[65];
		bool ok;

		if (asprintf(&file, "%s/%s", dir, f->name[i]) < 0)
			return pb_fail(err, PB_ENOMEM, "%s: memory ran out", dir);
		ok = digest_file(file, signed_one ? CVD_HEADER : UINT64_MAX, hex);
		if (!ok)
			(void)pb_fail(err, PB_EINPUT, "%s: %s", file, strerror(errno));
		free(file);
		if (!ok)
			return PB_EINPUT;
		pb_sha256_add(h, f->name[i], strlen(f->name[i]));
		pb_sha256_add(h, "\n", 1);
		pb_sha256_add(h, hex, 64);
		pb_sha256_add(h, "\n", 1);
	}
	return PB_OK;
}

const char *pb_database_official(const pb_database_files *f, const char *stem)
{
	static const char *const kinds[] = {"cld", "cvd"};
	char name[32];

	for (size_t k = 0; k < 2; k++) {
		(void)snprintf(name, sizeof name, "%s.%s", stem, kinds[k]);
		for (size_t i = 0; i < f->n; i++)
			if (strcmp(f->name[i], name) == 0)
				return f->name[i];
	}
	return NULL;
}
