#include "cli/enable_plan.h"

#include <errno.h>
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
	if (same || p->n == PB_CHANGES_MAX) {
		pb_buf_free(&old);
		return same ? PB_OK : pb_fail(err, PB_EINTERNAL, "more changes than the plan has room for");
	}
	*c = (pb_change){.file = file, .path = below(p->options, file), .text = *text, .old = old, .exists = exists, .removes = removes,
	                 .folder = folder, .why = why};
	*text = (pb_buf){0};
	p->n++;
	return c->path != NULL ? PB_OK : pb_fail(err, PB_ENOMEM, "out of memory");
}

void pb_plan_free(pb_plan *p)
{
	for (size_t i = 0; i < p->n; i++) {
		free(p->list[i].path);
		pb_buf_free(&p->list[i].text);
		pb_buf_free(&p->list[i].old);
	}
	p->n = 0;
}

bool pb_undo_says(const pb_buf *drop_in, const char *word)
{
	const char *text = (const char *)drop_in->data, *line = text != NULL ? strstr(text, PB_UNDO) : NULL;
	const char *found = line != NULL ? strstr(line, word) : NULL;

	return found != NULL && found < line + strcspn(line, "\n");
}
