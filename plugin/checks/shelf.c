/* Libraries of checks, read while files can still be opened, for who requires them when none can any more. */
#include <stdlib.h>
#include <string.h>

#include "base/fs.h"
#include "checks/box.h"

enum { ONE_MAX = 4 << 20, ALL_MAX = 64 << 20 };

struct pb_shelf {
	pb_library *all;
	size_t n, bytes;
};

pb_shelf *pb_shelf_new(void)
{
	return calloc(1, sizeof(pb_shelf));
}

void pb_shelf_free(pb_shelf *s)
{
	if (s == NULL)
		return;
	for (size_t i = 0; i < s->n; i++) {
		free(s->all[i].path);
		pb_buf_free(&s->all[i].text);
	}
	free(s->all);
	free(s);
}

/* What is wrong with a file is told to who requires it, as in a check. */
static void read_one(pb_shelf *s, pb_library *l)
{
	int rc = pb_fs_read(l->path, ONE_MAX, &l->text, &l->why);

	if (rc == PB_OK && l->text.size > ALL_MAX - s->bytes)
		rc = pb_fail(&l->why, PB_ELIMIT, "%s: all libraries together have more than %d MiB", l->path, ALL_MAX >> 20);
	if (rc != PB_OK)
		pb_buf_free(&l->text);
	s->bytes += l->text.size;
}

static int add(pb_shelf *s, const char *dir, const char *name)
{
	pb_library *more = realloc(s->all, (s->n + 1) * sizeof *more);

	if (more == NULL)
		return PB_ENOMEM;
	s->all = more;
	more += s->n;
	memset(more, 0, sizeof *more);
	more->path = pb_fs_join(dir, name);
	if (more->path == NULL)
		return PB_ENOMEM;
	s->n++;
	read_one(s, more);
	return PB_OK;
}

int pb_shelf_fill(pb_shelf *s, const char *dir)
{
	char **names = NULL;
	size_t n = 0;
	int rc = pb_fs_names(dir, ".lua", &names, &n, NULL);

	for (size_t i = 0; i < n && rc == PB_OK; i++)
		if (strchr(names[i], '/') == NULL)
			rc = add(s, dir, names[i]);
	pb_fs_names_free(names, n);
	return rc == PB_ENOMEM ? rc : PB_OK;
}

const pb_library *pb_shelf_find(const pb_shelf *s, const char *path)
{
	for (size_t i = 0; i < s->n; i++)
		if (strcmp(s->all[i].path, path) == 0)
			return &s->all[i];
	return NULL;
}

const pb_library *pb_shelf_all(const pb_shelf *s, size_t *n)
{
	*n = s->n;
	return s->all;
}
