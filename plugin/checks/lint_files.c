/* What lies beside a check: its samples, and the rows that others have taken. */
#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/text.h"
#include "checks/lint.h"
#include "checks/samples.h"

enum { CHECK_BYTES = 1 << 20 };

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

/* "x.previous": the version before the sample x, which it is held against. */
static bool is_previous(const pb_check *c, const char *name)
{
	char stem[NAME_MAX + 1];
	size_t n = strlen(name), end = sizeof ".previous" - 1;

	if (n <= end || n > NAME_MAX || strcmp(name + n - end, ".previous") != 0)
		return false;
	memcpy(stem, name, n - end);
	stem[n - end] = '\0';
	return listed(c->hit, c->n_hit, stem) || listed(c->clean, c->n_clean, stem);
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

		if (name[0] != '.' && !is_previous(c, name) && !listed(c->hit, c->n_hit, name) && !listed(c->clean, c->n_clean, name) && n_names < 1000)
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

/* ---- rows ---- */

static int add_row(pb_taken *t, const char *row, const char *file)
{
	struct pb_taken_row *more = realloc(t->rows, (t->n + 1) * sizeof *more);

	if (more == NULL)
		return PB_ENOMEM;
	t->rows = more;
	more += t->n;
	(void)snprintf(more->row, sizeof more->row, "%.7s", row);
	more->file = strdup(file);
	if (more->file == NULL)
		return PB_ENOMEM;
	t->n++;
	return PB_OK;
}

/* catalogue = "I-09" of one file, by its text alone. */
static int read_row(const char *file, pb_taken *out)
{
	pb_buf text = {0};
	pb_token *tokens = NULL;
	char *real = realpath(file, NULL);
	size_t n = 0;
	int rc = real != NULL ? PB_OK : PB_ENOMEM;

	if (rc == PB_OK && pb_fs_read(file, CHECK_BYTES, &text, NULL) == PB_OK)
		tokens = pb_lua_tokens((pb_bytes){text.data, text.size}, &n);
	for (size_t i = 0; rc == PB_OK && i + 2 < n; i++) {
		char row[8];

		if (!pb_token_is(&tokens[i], "catalogue") || !pb_token_is(&tokens[i + 1], "=") || tokens[i + 2].type != PB_TOKEN_STRING)
			continue;
		(void)snprintf(row, sizeof row, "%.*s", tokens[i + 2].n < sizeof row ? (int)tokens[i + 2].n : 0, tokens[i + 2].at);
		rc = row[0] != '\0' ? add_row(out, row, real) : PB_OK;
		break;
	}
	free(tokens);
	free(real);
	pb_buf_free(&text);
	return rc;
}

int pb_taken_read(const char *data_dir, pb_taken *out)
{
	char *scripts = pb_fs_join(data_dir, "scripts"), **names = NULL;
	size_t n = 0;
	int rc = scripts != NULL ? PB_OK : PB_ENOMEM;

	if (rc == PB_OK && pb_fs_names(scripts, ".lua", &names, &n, NULL) != PB_OK)
		n = 0;
	for (size_t i = 0; i < n && rc == PB_OK; i++) {
		char *file = pb_fs_join(scripts, names[i]);

		if (file == NULL)
			rc = PB_ENOMEM;
		else if (strncmp(names[i], "lib/", 4) != 0 && strncmp(names[i], "templates/", 10) != 0)
			rc = read_row(file, out);
		free(file);
	}
	pb_fs_names_free(names, n);
	free(scripts);
	return rc;
}

void pb_taken_free(pb_taken *t)
{
	for (size_t i = 0; i < t->n; i++)
		free(t->rows[i].file);
	free(t->rows);
	memset(t, 0, sizeof *t);
}

void pb_lint_row(pb_linting *l)
{
	const char *row = l->check->catalogue;
	char *real;
	char meant[160];

	if (row == NULL || row[0] == '\0')
		return;
	if (l->source->book->n_rows > 0 && !pb_rulebook_has_row(l->source->book, row))
		pb_lint_say(l, 0, "catalogue", "there is no row %s in rulesets/catalogue.ini%s; leave the field out where no row fits", row,
		            pb_meant(pb_rulebook_near_row(l->source->book, row), meant));
	real = realpath(l->path, NULL);
	if (real == NULL)
		return;
	for (size_t i = 0; i < l->taken->n; i++)
		if (strcmp(l->taken->rows[i].row, row) == 0 && strcmp(l->taken->rows[i].file, real) != 0)
			pb_lint_say(l, 0, "catalogue", "row %s is taken by %s: one check a row; take another, or leave the field out", row,
			            l->taken->rows[i].file);
	if (add_row(l->taken, row, real) != PB_OK)
		l->no_memory = true;
	free(real);
}
