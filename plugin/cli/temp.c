/* The folder for libclamav's temporary files. Whoever made one holds a lock on it for as long as it lives; so what others left behind when
 * they were killed is told from what is in use, and goes with the next one that is made. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/assess.h"

enum { TRIES = 5 };

static const char prefix[] = "probity.";
static int held = -1; /* the lock; open until the process ends, or has its next folder */

static int remove_one(const char *path, const struct stat *st, int flag, struct FTW *where)
{
	(void)st;
	(void)flag;
	(void)where;
	(void)remove(path);
	return 0; /* what cannot be removed does not keep the rest */
}

void pb_remove_folder(const char *dir)
{
	/* A process that was killed a moment ago may still finish the call that it was in. */
	for (int i = 0; i < TRIES && access(dir, F_OK) == 0; i++) {
		if (i)
			usleep(20000);
		nftw(dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	}
}

/* The lock, or -1: it is in use, not ours, or no folder. */
static int lock(const char *dir)
{
	struct stat st;
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd >= 0 && fstat(fd, &st) == 0 && st.st_uid == geteuid() && flock(fd, LOCK_EX | LOCK_NB) == 0)
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}

static void sweep(const char *in)
{
	char path[512];
	DIR *d = opendir(in);
	for (const struct dirent *e; d && (e = readdir(d));) {
		if (strncmp(e->d_name, prefix, sizeof prefix - 1) != 0 || strlen(e->d_name) != sizeof prefix - 1 + 6)
			continue;
		int n = snprintf(path, sizeof path, "%s/%s", in, e->d_name);
		int fd = n > 0 && (size_t)n < sizeof path ? lock(path) : -1;
		if (fd < 0)
			continue;
		pb_remove_folder(path);
		close(fd);
	}
	if (d)
		closedir(d);
}

/* Somebody who sweeps may have taken it between its making and its locking. */
static bool hold(const char *dir)
{
	struct stat st;
	if (held >= 0)
		close(held);
	held = lock(dir);
	return held >= 0 && stat(dir, &st) == 0;
}

int pb_make_temp(char *out, size_t size, pb_error *err)
{
	const char *set = getenv("TMPDIR"), *dir = set && *set ? set : "/tmp";
	int n = 0;
	sweep(dir);
	for (int i = 0; i < TRIES; i++) {
		n = snprintf(out, size, "%s/%sXXXXXX", dir, prefix);
		if (n < 0 || (size_t)n >= size || !mkdtemp(out))
			break;
		if (hold(out))
			return 0;
	}
	int rc = pb_fail(err, PB_EIO, "no temporary folder %s: %s", out, strerror(errno));
	out[0] = '\0';
	return rc;
}
