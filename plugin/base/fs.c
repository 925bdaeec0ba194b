#include "base/fs.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#ifndef PROBITY_DATADIR
#define PROBITY_DATADIR "/usr/local/share/probity"
#endif

static int fail_errno(pb_error *err, const char *file)
{
	return pb_fail(err, errno == ENOMEM ? PB_ENOMEM : PB_EIO, "%s: %s", file, strerror(errno));
}

char *pb_fs_join(const char *dir, const char *name)
{
	size_t n = strlen(dir);
	char *joined = NULL;

	/* "dir/" is what a shell completes: paths in messages shall look like everybody's */
	return asprintf(&joined, "%s%s%s", dir, n > 0 && dir[n - 1] == '/' ? "" : "/", name) < 0 ? NULL : joined;
}

static int read_all(int fd, const char *file, size_t max, pb_buf *out, pb_error *err)
{
	char piece[65536];
	ssize_t n;
	int rc = pb_buf_add(out, "", 0); /* an empty file is an empty string, not NULL */

	while (rc == PB_OK && (n = read(fd, piece, sizeof piece)) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return fail_errno(err, file);
		if ((size_t)n > max - out->size)
			return pb_fail(err, PB_ELIMIT, "%s: larger than %zu bytes", file, max);
		rc = pb_buf_add(out, piece, (size_t)n);
	}
	if (rc == PB_ELIMIT)
		return pb_fail(err, rc, "%s: larger than %zu bytes", file, out->max);
	return rc == PB_OK ? rc : pb_fail(err, rc, "%s: out of memory", file);
}

int pb_fs_read(const char *file, size_t max, pb_buf *out, pb_error *err)
{
	struct stat st;
	int rc, fd = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

	pb_buf_free(out);
	if (fd < 0)
		return fail_errno(err, file);
	if (fstat(fd, &st) != 0)
		rc = fail_errno(err, file);
	else if (!S_ISREG(st.st_mode))
		rc = pb_fail(err, PB_EINPUT, "%s: not a regular file", file);
	else
		rc = read_all(fd, file, max, out, err);
	(void)close(fd);
	if (rc != PB_OK)
		pb_buf_free(out);
	return rc;
}

static int write_all(int fd, const char *file, const char *data, size_t n, pb_error *err)
{
	while (n > 0) {
		ssize_t done = write(fd, data, n);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return fail_errno(err, file);
		data += done;
		n -= (size_t)done;
	}
	return PB_OK;
}

/* /dev/stdout, /dev/null, a FIFO: nothing to replace, so written straight into. */
static int write_through(const char *file, const void *data, size_t n, pb_error *err)
{
	int rc, fd = open(file, O_WRONLY | O_CLOEXEC | O_NOCTTY);

	if (fd < 0)
		return fail_errno(err, file);
	rc = write_all(fd, file, data, n, err);
	if (close(fd) != 0 && rc == PB_OK)
		rc = fail_errno(err, file);
	return rc;
}

/* A fresh file beside target that nobody else holds; its mode follows the umask, which mkstemp's would not. */
static int open_beside(const char *target, char **name)
{
	for (int i = 0; i < 100; i++) {
		int fd;

		if (asprintf(name, "%s.%ld-%d.tmp", target, (long)getpid(), i) < 0) {
			*name = NULL;
			return -1;
		}
		fd = open(*name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0666);
		if (fd >= 0 || errno != EEXIST)
			return fd;
		free(*name);
		*name = NULL;
	}
	return -1;
}

static int replace(const char *file, const char *target, const void *data, size_t n, pb_error *err)
{
	char *beside = NULL;
	int rc, fd = open_beside(target, &beside);

	if (fd < 0) {
		rc = fail_errno(err, file);
		goto out;
	}
	rc = write_all(fd, file, data, n, err);
	if (rc == PB_OK && fsync(fd) != 0)
		rc = fail_errno(err, file);
	if (close(fd) != 0 && rc == PB_OK)
		rc = fail_errno(err, file);
	if (rc == PB_OK && rename(beside, target) != 0)
		rc = fail_errno(err, file);
	if (rc != PB_OK)
		(void)unlink(beside);
out:
	free(beside);
	return rc;
}

int pb_fs_write(const char *file, const void *data, size_t n, pb_error *err)
{
	struct stat st;
	char *target; /* a symbolic link stays one: what it points to is replaced */
	int rc;

	if (stat(file, &st) != 0)
		return replace(file, file, data, n, err);
	if (!S_ISREG(st.st_mode))
		return write_through(file, data, n, err);
	target = realpath(file, NULL);
	if (target == NULL)
		return fail_errno(err, file);
	rc = replace(file, target, data, n, err);
	free(target);
	return rc;
}

static bool holds(const char *dir, const char *name)
{
	struct stat st;
	char *path = pb_fs_join(dir, name);
	bool is = path != NULL && stat(path, &st) == 0 && S_ISDIR(st.st_mode);

	free(path);
	return is;
}

/* Where this executable's data lies, or NULL: the tree that it was built in ("TREE/build/probity"; gcc, clang and asan builds may
 * lie one folder deeper), or the prefix that it was installed below ("PREFIX/bin/probity"), wherever that was moved to. */
static char *beside_executable(void)
{
	char exe[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", exe, sizeof exe - 1);
	char *slash;

	if (n <= 0 || (size_t)n >= sizeof exe - 1)
		return NULL;
	exe[n] = '\0';
	for (slash = strrchr(exe, '/'); slash != NULL && slash != exe; slash = strrchr(exe, '/')) {
		*slash = '\0';
		if (strncmp(slash + 1, "build", 5) == 0 && holds(exe, "rulesets") && holds(exe, "scripts"))
			return strdup(exe);
		if (strcmp(slash + 1, "bin") == 0) {
			char *share = pb_fs_join(exe, "share/probity");
			if (share != NULL && holds(share, "rulesets") && holds(share, "scripts"))
				return share;
			free(share);
		}
	}
	return NULL;
}

char *pb_fs_data_dir(void)
{
	const char *set = getenv("PROBITY_DATA");
	char *tree;

	if (set != NULL && *set != '\0')
		return strdup(set);
	tree = beside_executable();
	return tree != NULL ? tree : strdup(PROBITY_DATADIR);
}

char *pb_fs_parent(const char *path)
{
	const char *slash = strrchr(path, '/');

	if (slash == NULL)
		return strdup(".");
	return strndup(path, slash > path ? (size_t)(slash - path) : 1);
}
