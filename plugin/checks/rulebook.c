#include "checks/rulebook.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/ini.h"
#include "base/text.h"

enum { CLAIMS_MAX = 200, MAPS_MAX = 5000, ROWS_MAX = 1000 };

static bool is_word(const char *s)
{
	size_t n = strlen(s);

	return n > 0 && n <= 60 && strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789-") == n;
}

static int add_claim(void *user, const char *section, const char *key, const char *value, int line, pb_error *err)
{
	pb_rulebook *b = user;
	int pillar = pb_pillar_of(section);
	pb_claim *more;

	(void)value;
	(void)line;
	if (pillar < 0)
		return pb_fail(err, PB_EINPUT, "[%s] is no pillar", section);
	if (!is_word(key))
		return pb_fail(err, PB_EINPUT, "claim \"%s\": lower-case letters, digits and '-' only", key);
	if (pb_rulebook_pillar(b, key) >= 0)
		return pb_fail(err, PB_EINPUT, "claim \"%s\" stands there twice", key);
	if (b->n_claims == CLAIMS_MAX)
		return pb_fail(err, PB_EINPUT, "more than %d claims", CLAIMS_MAX);
	more = realloc(b->claims, (b->n_claims + 1) * sizeof *more);
	if (more == NULL)
		return pb_fail(err, PB_ENOMEM, "out of memory");
	b->claims = more;
	more[b->n_claims].name = strdup(key);
	more[b->n_claims].pillar = (pb_pillar)pillar;
	if (more[b->n_claims].name == NULL)
		return pb_fail(err, PB_ENOMEM, "out of memory");
	b->n_claims++;
	return PB_OK;
}

/* A copy of text at the end of a list. */
static int add_name(char ***list, size_t *n, const char *text, pb_error *err)
{
	char **more = realloc(*list, (*n + 1) * sizeof *more);

	if (more == NULL)
		return pb_fail(err, PB_ENOMEM, "out of memory");
	*list = more;
	more[*n] = strdup(text);
	if (more[*n] == NULL)
		return pb_fail(err, PB_ENOMEM, "out of memory");
	++*n;
	return PB_OK;
}

static int add_map(void *user, const char *section, const char *key, const char *value, int line, pb_error *err)
{
	pb_rulebook *b = user;
	char text[128];
	int n = snprintf(text, sizeof text, "%s:%s", section, key);

	(void)value;
	(void)line;
	if (!is_word(section) || n < 0 || (size_t)n >= sizeof text)
		return pb_fail(err, PB_EINPUT, "[%s] %s: not a requirement's name", section, key);
	if (b->n_maps == MAPS_MAX)
		return pb_fail(err, PB_EINPUT, "more than %d mappings", MAPS_MAX);
	return add_name(&b->maps, &b->n_maps, text, err);
}

static int add_row(void *user, const char *section, const char *key, const char *value, int line, pb_error *err)
{
	pb_rulebook *b = user;

	(void)section;
	(void)value;
	(void)line;
	if (!pb_row_valid(key))
		return pb_fail(err, PB_EINPUT, "\"%s\" is no row of the catalogue", key);
	if (b->n_rows == ROWS_MAX)
		return pb_fail(err, PB_EINPUT, "more than %d rows", ROWS_MAX);
	return add_name(&b->rows, &b->n_rows, key, err);
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int read_file(const char *data_dir, const char *name, pb_ini_fn fn, pb_rulebook *b, pb_error *err)
{
	char *file = pb_fs_join(data_dir, name);
	int rc = file != NULL ? pb_ini_read(file, fn, b, err) : pb_fail(err, PB_ENOMEM, "out of memory");

	free(file);
	return rc;
}

int pb_rulebook_open(const char *data_dir, pb_rulebook *out, pb_error *err)
{
	char *rows;
	int rc;

	memset(out, 0, sizeof *out);
	rc = read_file(data_dir, "rulesets/claims.ini", add_claim, out, err);
	if (rc == PB_OK)
		rc = read_file(data_dir, "rulesets/mappings.ini", add_map, out, err);
	if (rc == PB_OK && out->n_maps > 0)
		qsort(out->maps, out->n_maps, sizeof *out->maps, by_text);
	rows = pb_fs_join(data_dir, "rulesets/catalogue.ini");
	if (rc == PB_OK && rows != NULL && access(rows, F_OK) == 0)
		rc = pb_ini_read(rows, add_row, out, err);
	free(rows);
	if (rc == PB_OK && out->n_rows > 0)
		qsort(out->rows, out->n_rows, sizeof *out->rows, by_text);
	for (size_t i = 1; rc == PB_OK && i < out->n_maps; i++)
		if (strcmp(out->maps[i - 1], out->maps[i]) == 0)
			rc = pb_fail(err, PB_EINPUT, "rulesets/mappings.ini: %s stands there twice", out->maps[i]);
	return rc;
}

void pb_rulebook_close(pb_rulebook *b)
{
	for (size_t i = 0; i < b->n_claims; i++)
		free(b->claims[i].name);
	for (size_t i = 0; i < b->n_maps; i++)
		free(b->maps[i]);
	for (size_t i = 0; i < b->n_rows; i++)
		free(b->rows[i]);
	free(b->claims);
	free(b->maps);
	free(b->rows);
	memset(b, 0, sizeof *b);
}

int pb_rulebook_pillar(const pb_rulebook *b, const char *claim)
{
	for (size_t i = 0; i < b->n_claims; i++)
		if (strcmp(b->claims[i].name, claim) == 0)
			return (int)b->claims[i].pillar;
	return -1;
}

bool pb_rulebook_has_map(const pb_rulebook *b, const char *map)
{
	return b->n_maps > 0 && bsearch(&map, b->maps, b->n_maps, sizeof *b->maps, by_text) != NULL;
}

bool pb_rulebook_has_row(const pb_rulebook *b, const char *row)
{
	return b->n_rows > 0 && bsearch(&row, b->rows, b->n_rows, sizeof *b->rows, by_text) != NULL;
}

const char *pb_rulebook_near_claim(const pb_rulebook *b, const char *word)
{
	const char *names[CLAIMS_MAX];

	for (size_t i = 0; i < b->n_claims; i++)
		names[i] = b->claims[i].name;
	return pb_text_nearest(word, names, b->n_claims);
}

const char *pb_rulebook_near_map(const pb_rulebook *b, const char *word)
{
	return pb_text_nearest(word, (const char *const *)b->maps, b->n_maps);
}

const char *pb_rulebook_near_row(const pb_rulebook *b, const char *word)
{
	return pb_text_nearest(word, (const char *const *)b->rows, b->n_rows);
}
