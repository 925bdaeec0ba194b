/* Who could have written these compiled rules? */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "checks/rule_folder.h"

/* In a folder with the sticky bit nobody moves or removes what is another's. */
static int look(const char *path, bool below, pb_error *err)
{
	struct stat st;
	bool shared;

	if (lstat(path, &st) != 0)
		return pb_fail(err, PB_EINPUT, "%s", strerror(errno));
	shared = (st.st_mode & (S_IWGRP | S_IWOTH)) != 0 && !(below && S_ISDIR(st.st_mode) && (st.st_mode & S_ISVTX) != 0);
	if (st.st_uid != 0 && st.st_uid != geteuid())
		return pb_fail(err, PB_EINPUT, "%s belongs to user %u", path, (unsigned)st.st_uid);
	if (shared)
		return pb_fail(err, PB_EINPUT, "others can write to %s: chmod go-w", path);
	return PB_OK;
}

int pb_rule_trust(const char *file, pb_error *err)
{
	char *real = realpath(file, NULL), *end;
	int rc = real != NULL ? look(real, false, err) : pb_fail(err, PB_EINPUT, "%s", strerror(errno));

	for (bool own = true; rc == PB_OK && (end = strrchr(real, '/')) != NULL; own = false) {
		*end = '\0';
		rc = look(*real != '\0' ? real : "/", !own, err);
	}
	free(real);
	return rc;
}
