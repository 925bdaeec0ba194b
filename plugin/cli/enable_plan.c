#include "cli/enable_plan.h"

#include <errno.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fs.h"

enum { FILE_MAX = 4 << 20 };

static char *below(const pb_admin_options *o, const char *file)
{
	char *path = NULL;

	return asprintf(&path, "%s%s", o->root, file) < 0 ? NULL : path;
}

bool pb_plan_there(const pb_admin_options *o, const char *file)
{
	char *path = below(o, file);
	struct stat st;
	bool is = path != NULL && lstat(path, &st) == 0;

	free(path);
	return is;
}

int pb_plan_read(const pb_plan *p, const char *file, pb_buf *text, bool *exists, pb_error *err)
{
	char *path = below(p->options, file);
	int rc = PB_OK;

	*exists = false;
	if (path == NULL)
		return pb_fail(err, PB_ENOMEM, "out of memory");
	if (access(path, F_OK) == 0 || errno != ENOENT) {
		rc = pb_fs_read(path, FILE_MAX, text, err);
		*exists = rc == PB_OK;
	} else {
		pb_buf_free(text);
		rc = pb_buf_add(text, "", 0) == PB_OK ? PB_OK : pb_fail(err, PB_ENOMEM, "out of memory");
	}
	free(path);
	return rc;
}

int pb_plan_add(pb_plan *p, const char *file, pb_buf *text, bool removes, bool folder, const char *why, pb_error *err)
{
	pb_change *c = &p->list[p->n];
	pb_buf old = {0};
	bool exists, same;
	int rc = pb_plan_read(p, file, &old, &exists, err);

	if (rc != PB_OK)
		return rc;
	same = removes ? !exists : exists && old.size == text->size && memcmp(old.data, text->data, old.size) == 0;
	pb_buf_free(&old);
	if (same)
		return PB_OK;
	if (p->n == PB_CHANGES_MAX)
		return pb_fail(err, PB_EINTERNAL, "more changes than the plan has room for");
	*c = (pb_change){file, below(p->options, file), *text, exists, removes, folder, why};
	*text = (pb_buf){0};
	p->n++;
	return c->path != NULL ? PB_OK : pb_fail(err, PB_ENOMEM, "out of memory");
}

static int write_file(const pb_change *c, pb_error *err)
{
	struct stat st = {.st_mode = 0644};
	mode_t mask;
	bool old = stat(c->path, &st) == 0;
	int rc;

	mask = umask(077); /* the new file is a fresh one: nobody reads it before it has the old one's mode and owner */
	rc = pb_fs_write(c->path, c->text.data, c->text.size, err);
	(void)umask(mask);
	if (rc != PB_OK)
		return rc;
	if ((old && chown(c->path, st.st_uid, st.st_gid) != 0) || chmod(c->path, st.st_mode & 07777) != 0)
		return pb_fail(err, PB_EIO, "%s: %s", c->path, strerror(errno));
	return PB_OK;
}

static int apply(const pb_change *c, pb_error *err)
{
	char *copy = strdup(c->path), *folder;
	int rc = PB_OK;

	if (copy == NULL)
		return pb_fail(err, PB_ENOMEM, "out of memory");
	folder = dirname(copy);
	if (c->removes) {
		if (unlink(c->path) != 0 && errno != ENOENT)
			rc = pb_fail(err, PB_EIO, "%s: %s", c->path, strerror(errno));
		else if (c->folder)
			(void)rmdir(folder); /* stays where somebody has put something into it */
	} else {
		if (c->folder && mkdir(folder, 0755) != 0 && errno != EEXIST)
			rc = pb_fail(err, PB_EIO, "%s: %s", folder, strerror(errno));
		else
			rc = write_file(c, err);
	}
	free(copy);
	return rc;
}

int pb_plan_apply(const pb_plan *p, pb_error *err)
{
	int rc = PB_OK;

	for (size_t i = 0; i < p->n && rc == PB_OK; i++) {
		const pb_change *c = &p->list[i];

		rc = p->options->dry ? PB_OK : apply(c, err);
		if (rc == PB_OK)
			printf("  %-7s %s: %s\n", c->removes ? "remove" : c->exists ? "change" : "write", c->file, c->why);
	}
	return rc;
}

void pb_plan_free(pb_plan *p)
{
	for (size_t i = 0; i < p->n; i++) {
		free(p->list[i].path);
		pb_buf_free(&p->list[i].text);
	}
	p->n = 0;
}

bool pb_undo_says(const pb_buf *drop_in, const char *word)
{
	const char *text = (const char *)drop_in->data, *line = text != NULL ? strstr(text, PB_UNDO) : NULL;
	const char *found = line != NULL ? strstr(line, word) : NULL;

	return found != NULL && found < line + strcspn(line, "\n");
}
