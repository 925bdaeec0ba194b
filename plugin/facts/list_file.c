/* Reads rulesets/lists/NAME.tsv. A file that is wrong is refused by line, so that no list is silently shorter than its author thinks. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/fs.h"
#include "facts/list.h"
#include "facts/lists.h"

enum { FILE_MAX = 8 << 20, LISTS_MAX = 64 };

static const char *const matches[] = {
    [PB_LIST_EXACT] = "exact",   [PB_LIST_HOST] = "host", [PB_LIST_DOMAIN] = "domain",
    [PB_LIST_PREFIX] = "prefix", [PB_LIST_PATH] = "path",
};

const char *pb_list_match_name(pb_list_match m)
{
	return matches[m];
}

/* A dot is written as a comma in the file: sorted as it stands there, by byte. No key has a comma; what is asked for may. */
static int rank(char c)
{
	return c == '.' ? 2 * ',' + 1 : 2 * (unsigned char)c;
}

int pb_list_order(const char *a, const char *b)
{
	while (*a != '\0' && *a == *b) {
		a++;
		b++;
	}
	return rank(*a) - rank(*b);
}

typedef struct reading {
	pb_list *list;
	const char *file;
	size_t line, cap;
	bool matched; /* was there a line "# match: " */
	pb_error *err;
} reading;

static int wrong(const reading *r, const char *what)
{
	return pb_fail(r->err, PB_EINPUT, "%s:%zu: %s", r->file, r->line, what);
}

static bool is_date(const char *s)
{
	static const char form[] = "dddd-dd-dd";

	if (strlen(s) != sizeof form - 1)
		return false;
	for (size_t i = 0; form[i] != '\0'; i++)
		if (form[i] == 'd' ? !isdigit((unsigned char)s[i]) : s[i] != form[i])
			return false;
	return true;
}

static int take_columns(reading *r, char *value)
{
	char *save = NULL;

	if (r->list->n_columns > 0)
		return wrong(r, "a second line \"columns\"");
	for (char *word = strtok_r(value, " ", &save); word != NULL; word = strtok_r(NULL, " ", &save)) {
		if (r->list->n_columns == PB_LIST_COLUMNS)
			return wrong(r, "too many columns");
		if (strspn(word, "abcdefghijklmnopqrstuvwxyz_") != strlen(word))
			return wrong(r, "columns are words in lower case");
		r->list->columns[r->list->n_columns++] = word;
	}
	return r->list->n_columns > 0 ? 0 : wrong(r, "no columns");
}

static int take_match(reading *r, const char *value)
{
	for (size_t i = 0; i < sizeof matches / sizeof matches[0]; i++) {
		if (strcmp(value, matches[i]) != 0)
			continue;
		r->list->match = (pb_list_match)i;
		r->matched = true;
		return 0;
	}
	return wrong(r, "match is one of: exact, host, domain, prefix, path");
}

/* "# key: value" before the first row; any other line with '#' is a comment. */
static int take_header(reading *r, char *line)
{
	pb_list *l = r->list;
	const struct {
		const char *key;
		const char **to;
	} texts[] = {{"# about: ", &l->about}, {"# source: ", &l->source}, {"# licence: ", &l->licence}, {"# date: ", &l->date}};

	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		if (strncmp(line, texts[i].key, strlen(texts[i].key)) != 0)
			continue;
		if (*texts[i].to != NULL)
			return wrong(r, "it says this a second time");
		*texts[i].to = line + strlen(texts[i].key);
		return 0;
	}
	if (strncmp(line, "# match: ", 9) == 0)
		return take_match(r, line + 9);
	return strncmp(line, "# columns: ", 11) == 0 ? take_columns(r, line + 11) : 0;
}

static int check_header(const reading *r)
{
	const pb_list *l = r->list;

	if (l->about == NULL || l->source == NULL || l->licence == NULL || l->date == NULL || !r->matched || l->n_columns == 0)
		return wrong(r, "before the first row stand: # about:, # source:, # licence:, # date:, # match:, # columns:");
	return is_date(l->date) ? 0 : wrong(r, "the date is written 2026-11-22");
}

static int make_room(reading *r)
{
	pb_list *l = r->list;
	const char **more;

	if (l->n_rows == PB_LIST_ROWS)
		return pb_fail(r->err, PB_ELIMIT, "%s: more than %d rows", r->file, PB_LIST_ROWS);
	if (l->n_rows < r->cap)
		return 0;
	r->cap = r->cap ? r->cap * 2 : 64;
	more = reallocarray(l->cells, r->cap, (l->n_columns + 1) * sizeof *more); /* with room, even if there was no column */
	if (more == NULL)
		return pb_fail(r->err, PB_ENOMEM, "%s: out of memory", r->file);
	l->cells = more;
	return 0;
}

/* The key as it is meant: commas are dots. Names of hosts and paths are looked up in lower case. */
static int take_key(reading *r, char *key)
{
	bool any_case = r->list->match == PB_LIST_EXACT || r->list->match == PB_LIST_PREFIX;
	bool in_path = false;

	if (*key == '\0')
		return wrong(r, "a row begins with its key");
	for (char *p = key; *p != '\0'; p++) {
		in_path |= *p == '/' && r->list->match != PB_LIST_PATH;
		if (*p == '.')
			return wrong(r, "in the first column a dot is written as a comma");
		if (isupper((unsigned char)*p) && !any_case && !in_path)
			return wrong(r, "hosts and paths are written in lower case");
		if (*p == ',')
			*p = '.';
		r->list->has_paths |= *p == '/';
	}
	return 0;
}

static int take_row(reading *r, char *line)
{
	pb_list *l = r->list;
	const char **row;
	size_t n = 0;
	int rc = l->n_rows == 0 ? check_header(r) : 0;

	if (!rc)
		rc = make_room(r);
	if (rc)
		return rc;
	row = &l->cells[l->n_rows * l->n_columns];
	for (char *cell = line; cell != NULL; n++) {
		char *tab = strchr(cell, '\t');

		if (tab != NULL)
			*tab = '\0';
		if (n == l->n_columns)
			return wrong(r, "more cells than columns");
		if (strlen(cell) > PB_LIST_CELL)
			return wrong(r, "a cell is too long");
		row[n] = cell;
		cell = tab != NULL ? tab + 1 : NULL;
	}
	if (n < l->n_columns)
		return wrong(r, "fewer cells than columns; a tab is between them");
	rc = take_key(r, line);
	if (!rc && l->n_rows > 0 && pb_list_order(row[0], pb_list_row(l, l->n_rows - 1)[0]) <= 0)
		rc = wrong(r, "rows are sorted by byte, and no key stands there twice");
	l->n_rows += rc == 0;
	return rc;
}

static int read_text(reading *r)
{
	char *next = r->list->text;
	int rc = 0;

	while (!rc && next != NULL && *next != '\0') {
		char *line = next, *end = strchr(line, '\n');

		r->line++;
		next = end != NULL ? end + 1 : NULL;
		if (end != NULL)
			*end = '\0';
		for (const char *p = line; *p != '\0'; p++)
			if ((unsigned char)*p < ' ' && *p != '\t')
				return wrong(r, "a control character");
		if (line[0] != '#')
			rc = take_row(r, line);
		else if (r->list->n_rows == 0)
			rc = take_header(r, line);
	}
	return rc || r->list->n_rows > 0 ? rc : check_header(r);
}

static int read_list(pb_list *list, const char *dir, const char *name, pb_error *err)
{
	char *file = pb_fs_join(dir, name);
	reading r = {.list = list, .file = file, .err = err};
	pb_buf buf = {0};
	int rc = file != NULL ? pb_fs_read(file, FILE_MAX, &buf, err) : pb_fail(err, PB_ENOMEM, "out of memory");

	if (!rc) {
		list->name = strndup(name, strlen(name) - strlen(".tsv"));
		list->text = calloc(1, buf.size + 1);
		rc = list->name != NULL && list->text != NULL ? 0 : pb_fail(err, PB_ENOMEM, "out of memory");
	}
	if (!rc && buf.size > 0 && memchr(buf.data, '\0', buf.size) != NULL)
		rc = pb_fail(err, PB_EINPUT, "%s: it holds a zero byte", file);
	if (!rc) {
		if (list->text && buf.size > 0)
			memcpy(list->text, buf.data, buf.size);
		rc = read_text(&r);
	}
	pb_buf_free(&buf);
	free(file);
	return rc;
}

int pb_list_files_read(pb_lists *l, const char *dir, pb_error *err)
{
	char **names = NULL;
	size_t n = 0;
	int rc = pb_fs_names(dir, ".tsv", &names, &n, err);

	if (!rc && n > LISTS_MAX)
		rc = pb_fail(err, PB_ELIMIT, "%s: more than %d lists", dir, LISTS_MAX);
	if (!rc && n > 0 && (l->named = calloc(n, sizeof *l->named)) == NULL)
		rc = pb_fail(err, PB_ENOMEM, "out of memory");
	for (size_t i = 0; l->named && i < n && !rc; i++) {
		l->n_named++;
		rc = read_list(&l->named[i], dir, names[i], err);
	}
	pb_fs_names_free(names, n);
	return rc;
}

void pb_list_files_free(pb_lists *l)
{
	for (size_t i = 0; i < l->n_named; i++) {
		free(l->named[i].name);
		free(l->named[i].cells);
		free(l->named[i].text);
	}
	free(l->named);
}
