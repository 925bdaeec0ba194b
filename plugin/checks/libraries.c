/* The folders of "lib.NAME" that a catalogue has, and their libraries for who can open no file any more. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fs.h"
#include "checks/entry.h"

char *pb_libraries_near(const char *path)
{
	char *parent = pb_fs_parent(path), *folder = parent != NULL ? realpath(parent, NULL) : NULL, *out, *slash;

	slash = folder != NULL ? strrchr(folder, '/') : NULL;
	if (slash != NULL && slash > folder && pb_pillar_of(slash + 1) >= 0)
		*slash = '\0';
	out = folder != NULL ? pb_fs_join(folder, "lib") : NULL;
	free(folder);
	free(parent);
	return out;
}

void pb_libraries_free(pb_catalogue *c)
{
	pb_shelf_free(c->shelf);
	for (size_t i = 0; c->near != NULL && c->near[i] != NULL; i++)
		free(c->near[i]);
	free(c->near);
}

/* Each folder once, however many checks it is near to. near: taken over. */
static int add(pb_catalogue *c, size_t *n, char *near)
{
	if (near == NULL)
		return PB_ENOMEM;
	for (size_t i = 0; i < *n; i++)
		if (strcmp(c->near[i], near) == 0) {
			free(near);
			return PB_OK;
		}
	c->near[(*n)++] = near;
	return pb_shelf_fill(c->shelf, near);
}

/* In the order in which the folders were named, then what single files and folders below have. */
static int collect(pb_catalogue *c)
{
	size_t n = 0;
	int rc = c->box->lib_dir != NULL ? pb_shelf_fill(c->shelf, c->box->lib_dir) : PB_OK;

	for (size_t i = 0; i < c->n_dirs && rc == PB_OK; i++) {
		char *any = pb_fs_join(c->dirs[i], "x.lua"), *near = any != NULL ? pb_libraries_near(any) : NULL;

		if (near != NULL || access(c->dirs[i], F_OK) == 0) /* one that is gone by now has none */
			rc = add(c, &n, near);
		free(any);
	}
	for (size_t i = 0; i < c->n && rc == PB_OK; i++)
		if (c->entries[i].near != NULL)
			rc = add(c, &n, strdup(c->entries[i].near));
	return rc;
}

int pb_catalogue_shelve(pb_catalogue *c, pb_error *err)
{
	c->shelf = pb_shelf_new();
	c->near = calloc(c->n_dirs + c->n + 1, sizeof *c->near);
	if (c->shelf == NULL || c->near == NULL || collect(c) != PB_OK)
		return pb_fail(err, PB_ENOMEM, "no memory for the libraries of checks");
	c->box->shelf = c->shelf;
	return PB_OK;
}
