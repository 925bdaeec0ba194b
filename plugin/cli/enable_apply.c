/* A plan is carried out as a whole or not at all: what it needs is looked at first, and what was done is undone where the rest fails. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fs.h"
#include "cli/enable_plan.h"

/* A folder that will be there by then has to be one that files can be made in, and renamed. */
static int check_folder(const pb_plan *p, const pb_change *c, const char *folder, pb_error *err)
{
	size_t root = strlen(p->options->root);
	const char *shown = strlen(folder) > root ? folder + root : "/";
	struct stat st;

	if (stat(folder, &st) != 0)
		return pb_fail(err, errno == ENOENT ? PB_EINPUT : PB_EIO, "%s belongs into %s, which %s: nothing was changed", c->file, shown,
		               errno == ENOENT ? "is not there" : strerror(errno));
	if (!S_ISDIR(st.st_mode) || access(folder, W_OK | X_OK) != 0)
		return pb_fail(err, PB_EIO, "%s belongs into %s, which %s: nothing was changed", c->file, shown,
		               S_ISDIR(st.st_mode) ? "may not be written" : "is no folder");
	return PB_OK;
}

static int check(const pb_plan *p, const pb_change *c, pb_error *err)
{
	char *folder = pb_fs_parent(c->path), *above = folder != NULL ? pb_fs_parent(folder) : NULL;
	struct stat st;
	int rc;

	if (above == NULL)
		rc = pb_fail(err, PB_ENOMEM, "out of memory");
	else if (c->removes || !c->folder || lstat(folder, &st) == 0)
		rc = check_folder(p, c, folder, err);
	else /* it is made, too */
		rc = check_folder(p, c, above, err);
	if (rc == PB_OK && lstat(c->path, &st) == 0 && S_ISDIR(st.st_mode))
		rc = pb_fail(err, PB_EINPUT, "%s is a folder: nothing was changed", c->file);
	free(folder);
	free(above);
	return rc;
}

static int write_file(const char *path, const pb_buf *text, const struct stat *as, pb_error *err)
{
	mode_t mask = umask(077); /* the new file is a fresh one: nobody reads it before it has its mode and owner */
	int rc = pb_fs_write(path, text->data, text->size, err);

	(void)umask(mask);
	if (rc == PB_OK && (chown(path, as->st_uid, as->st_gid) != 0 || chmod(path, as->st_mode & 07777) != 0))
		rc = pb_fail(err, PB_EIO, "%s: %s", path, strerror(errno));
	return rc;
}

static int apply(pb_change *c, pb_error *err)
{
	char *folder = pb_fs_parent(c->path);
	int rc = PB_OK;

	if (folder == NULL)
		return pb_fail(err, PB_ENOMEM, "out of memory");
	c->before = (struct stat){.st_mode = 0644, .st_uid = geteuid(), .st_gid = getegid()};
	if (c->exists && stat(c->path, &c->before) != 0)
		rc = pb_fail(err, PB_EIO, "%s: %s", c->path, strerror(errno));
	if (rc == PB_OK && !c->removes && c->folder) {
		c->made = mkdir(folder, 0755) == 0;
		if (!c->made && errno != EEXIST)
			rc = pb_fail(err, PB_EIO, "%s: %s", folder, strerror(errno));
	}
	if (rc == PB_OK && !c->removes)
		rc = write_file(c->path, &c->text, &c->before, err);
	else if (rc == PB_OK && unlink(c->path) != 0 && errno != ENOENT)
		rc = pb_fail(err, PB_EIO, "%s: %s", c->path, strerror(errno));
	else if (rc == PB_OK && c->folder)
		c->made = rmdir(folder) == 0; /* stays where somebody has put something into it */
	c->done = rc == PB_OK;
	free(folder);
	return rc;
}

/* Back to what it was; what it was partly may be, too. */
static int undo(pb_change *c, pb_error *err)
{
	char *folder = pb_fs_parent(c->path);
	int rc = PB_OK;

	if (folder == NULL)
		return pb_fail(err, PB_ENOMEM, "out of memory");
	if (c->removes && c->made && mkdir(folder, 0755) != 0 && errno != EEXIST)
		rc = pb_fail(err, PB_EIO, "%s: %s", folder, strerror(errno));
	if (rc == PB_OK && c->exists)
		rc = write_file(c->path, &c->old, &c->before, err);
	else if (rc == PB_OK && unlink(c->path) != 0 && errno != ENOENT)
		rc = pb_fail(err, PB_EIO, "%s: %s", c->path, strerror(errno));
	if (rc == PB_OK && !c->removes && c->made)
		(void)rmdir(folder);
	if (rc == PB_OK)
		c->done = c->made = false;
	free(folder);
	return rc;
}

void pb_plan_undo(pb_plan *p)
{
	for (size_t i = p->n; i-- > 0;) {
		pb_change *c = &p->list[i];
		pb_error err = {0};
		bool whole = c->done;

		if (!c->done && !c->made)
			continue;
		if (undo(c, &err) != PB_OK)
			printf("  left    %s: %s\n", c->file, err.text);
		else if (whole)
			printf("  undone  %s\n", c->file);
	}
}

int pb_plan_check(const pb_plan *p, pb_error *err)
{
	int rc = PB_OK;

	for (size_t i = 0; i < p->n && rc == PB_OK; i++)
		rc = check(p, &p->list[i], err);
	return rc;
}

int pb_plan_apply(pb_plan *p, pb_error *err)
{
	int rc = PB_OK;

	for (size_t i = 0; i < p->n && rc == PB_OK; i++) {
		pb_change *c = &p->list[i];

		rc = p->options->dry ? PB_OK : apply(c, err);
		if (rc == PB_OK)
			printf("  %-7s %s: %s\n", c->removes ? "remove" : c->exists ? "change" : "write", c->file, c->why);
		else
			pb_plan_undo(p);
	}
	return rc;
}
