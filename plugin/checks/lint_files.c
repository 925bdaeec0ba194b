/* What lies beside a check: its samples, and the row that it names. */
#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fs.h"
#include "checks/lint.h"
#include "checks/samples.h"

static bool listed(char *const *names, size_t n, const char *entry)
{
	size_t length = strlen(entry);

	for (size_t i = 0; i < n; i++)
		if (strncmp(names[i], entry, length) == 0 && (names[i][length] == '\0' || names[i][length] == '/'))
			return true;
	return false;
}

static void look_for(pb_linting *l, const char *dir, const char *where, char *const *names, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		char *path = pb_fs_join(dir, names[i]);

		if (path == NULL)
			l->no_memory = true;
		else if (access(path, F_OK) != 0)
			pb_lint_say(l, 0, where, "there is no %s: `probity check test` will fail; put the sample there", path);
		free(path);
	}
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* What goes with the sample x: "x.previous", the version before; "x.evidence", what is handed in with it; "x.trust", whose word counts. */
static bool goes_with(const pb_check *c, const char *name)
{
	static const char *const ends[] = {".previous", ".evidence", ".trust"};
	char stem[NAME_MAX + 1];
	size_t n = strlen(name);

	for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
		size_t end = strlen(ends[i]);

		if (n <= end || n > NAME_MAX || strcmp(name + n - end, ends[i]) != 0)
			continue;
		memcpy(stem, name, n - end);
		stem[n - end] = '\0';
		return listed(c->hit, c->n_hit, stem) || listed(c->clean, c->n_clean, stem);
	}
	return false;
}

/* Entries of the folder that the check does not name, in order. */
static void look_through(pb_linting *l, const char *dir)
{
	const pb_check *c = l->check;
	struct dirent **entries = NULL;
	char *names[1000];
	size_t n_names = 0;
	int n = scandir(dir, &entries, NULL, NULL);

	for (int i = 0; i < n; i++) {
		const char *name = entries[i]->d_name;

		if (name[0] != '.' && !goes_with(c, name) && !listed(c->hit, c->n_hit, name) && !listed(c->clean, c->n_clean, name) && n_names < 1000)
			names[n_names++] = entries[i]->d_name;
	}
	if (n_names > 1)
		qsort(names, n_names, sizeof *names, by_text);
	for (size_t i = 0; i < n_names; i++)
		pb_lint_say(l, 0, "samples", "%s/%s is there, and named neither in hit nor in clean: it is never run", dir, names[i]);
	for (int i = 0; i < n; i++)
		free(entries[i]);
	free(entries);
}

void pb_lint_samples(pb_linting *l)
{
	const pb_check *c = l->check;
	char *dir = pb_samples_dir_of(l->path);

	if (dir == NULL) {
		l->no_memory = true;
		return;
	}
	if (strstr(dir, "/tests/samples/") == NULL) { /* there, scripts make some of them: tests/samples/README.md */
		look_for(l, dir, "samples.hit", c->hit, c->n_hit);
		look_for(l, dir, "samples.clean", c->clean, c->n_clean);
	}
	if (c->n_hit + c->n_clean > 0)
		look_through(l, dir);
	free(dir);
}

void pb_lint_row(pb_linting *l)
{
	const char *row = l->check->catalogue;
	char meant[160];

	if (row != NULL && row[0] != '\0' && l->source->book->n_rows > 0 && !pb_rulebook_has_row(l->source->book, row))
		pb_lint_say(l, 0, "catalogue", "there is no row %s in rulesets/catalogue.ini%s; leave the field out where no row fits", row,
		            pb_meant(pb_rulebook_near_row(l->source->book, row), meant));
}
