#include "cli/enable_preload.h"

#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/fs.h"
#include "cli/enable_text.h"

enum { DROP_INS_MAX = 256, UNIT_BYTES_MAX = 1 << 20 };

/* systemd's folders; a name in an earlier one hides the same name in a later one. */
static const char *const folders[] = {"/etc/systemd/system", "/run/systemd/system", "/usr/local/lib/systemd/system",
                                      "/usr/lib/systemd/system", "/lib/systemd/system"};
enum { FOLDERS = sizeof folders / sizeof *folders };

typedef struct drop_in {
	char *name, *path;
} drop_in;

typedef struct preload {
	const char *root, *library;
	drop_in list[DROP_INS_MAX];
	size_t n;
	bool after;    /* our own drop-in's place has been passed */
	char *current; /* what LD_PRELOAD is at this point, NULL: unset */
} preload;

char *pb_unit_file(const char *root, const char *unit)
{
	for (int i = 0; i < FOLDERS; i++) {
		char *file = NULL;

		if (asprintf(&file, "%s%s/%s", root, folders[i], unit) < 0)
			return NULL;
		if (access(file, F_OK) == 0)
			return file;
		free(file);
	}
	return NULL;
}

static bool known(const preload *p, const char *name)
{
	for (size_t i = 0; i < p->n; i++)
		if (strcmp(p->list[i].name, name) == 0)
			return true;
	return false;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const drop_in *)a)->name, ((const drop_in *)b)->name);
}

static int list_folder(preload *p, const char *folder, pb_error *err)
{
	DIR *d = opendir(folder);
	struct dirent *e;
	int rc = PB_OK;

	while (d != NULL && rc == PB_OK && (e = readdir(d)) != NULL) {
		size_t n = strlen(e->d_name);
		drop_in *at = &p->list[p->n];

		if (n < 6 || strcmp(e->d_name + n - 5, ".conf") != 0 || known(p, e->d_name))
			continue;
		if (p->n == DROP_INS_MAX) {
			rc = pb_fail(err, PB_ELIMIT, "%s: more than %d drop-ins", folder, DROP_INS_MAX);
			break;
		}
		*at = (drop_in){strdup(e->d_name), pb_fs_join(folder, e->d_name)};
		if (at->name == NULL || at->path == NULL) {
			free(at->name);
			free(at->path);
			rc = pb_fail(err, PB_ENOMEM, "out of memory");
			break;
		}
		p->n++;
	}
	if (d != NULL)
		(void)closedir(d);
	return rc;
}

static int list_drop_ins(preload *p, pb_error *err)
{
	int rc = PB_OK;

	for (int i = 0; i < FOLDERS && rc == PB_OK; i++) {
		char *folder = NULL;

		if (asprintf(&folder, "%s%s/%s.d", p->root, folders[i], PB_CLAMD_UNIT) < 0)
			return pb_fail(err, PB_ENOMEM, "out of memory");
		rc = list_folder(p, folder, err);
		free(folder);
	}
	if (p->n > 0)
		qsort(p->list, p->n, sizeof *p->list, by_name);
	return rc;
}

/* Is the library one of those that the linker will see? They are parted by blanks or colons. */
static bool holds(const char *value, const char *library)
{
	size_t n = strlen(library);

	for (const char *at = value; (at = strstr(at, library)) != NULL; at++)
		if ((at == value || at[-1] == ':' || at[-1] == ' ') && (at[n] == '\0' || at[n] == ':' || at[n] == ' '))
			return true;
	return false;
}

static int conflict(const preload *p, const char *file, const char *what, pb_error *err)
{
	return pb_fail(err, PB_EINPUT, "%s %s, which would keep probity out of clamd: add %s to its LD_PRELOAD there, then try again",
	               file + strlen(p->root), what, p->library);
}

static int set(preload *p, const char *file, const char *value, pb_error *err)
{
	char *copy;

	if (p->after)
		return value != NULL && holds(value, p->library)
		               ? PB_OK
		               : conflict(p, file, value != NULL ? "sets LD_PRELOAD" : "clears the environment", err);
	if (value != NULL && value[strspn(value, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/._+-: ")] != '\0')
		return pb_fail(err, PB_EINPUT, "%s sets LD_PRELOAD to something else than plain paths, which cannot be kept beside ours: "
		               "write it out there, then try again", file + strlen(p->root));
	copy = value != NULL ? strdup(value) : NULL;
	if (value != NULL && copy == NULL)
		return pb_fail(err, PB_ENOMEM, "out of memory");
	free(p->current);
	p->current = copy;
	return PB_OK;
}

/* The next word of a unit file's list with its quotes off, in place; NULL at the end. */
static char *next_word(char **at)
{
	char *in = *at + strspn(*at, " \t"), *out = in, *word = in, quote = '\0';

	if (*in == '\0')
		return NULL;
	for (; *in != '\0' && (quote != '\0' || (*in != ' ' && *in != '\t')); in++) {
		if (quote == '\0' && (*in == '"' || *in == '\''))
			quote = *in;
		else if (*in == quote)
			quote = '\0';
		else
			*out++ = *in;
	}
	*at = *in != '\0' ? in + 1 : in;
	*out = '\0';
	return word;
}

static int read_environment_file(preload *p, const char *unit, const char *name, pb_error *err)
{
	char *file = NULL, *line, *rest;
	pb_buf text = {0};
	int rc = PB_OK;

	name += *name == '-';
	if (asprintf(&file, "%s%s", p->root, name) < 0)
		return pb_fail(err, PB_ENOMEM, "out of memory");
	if (pb_fs_read(file, UNIT_BYTES_MAX, &text, NULL) != PB_OK)
		goto out; /* not there, or a pattern: then nothing of it can be said */
	for (rest = (char *)text.data; rc == PB_OK && (line = strsep(&rest, "\n")) != NULL;) {
		line += strspn(line, " \t");
		if (strncmp(line, "LD_PRELOAD=", 11) == 0 && !holds(line + 11, p->library))
			rc = conflict(p, unit, "reads an EnvironmentFile that sets LD_PRELOAD", err);
	}
out:
	pb_buf_free(&text);
	free(file);
	return rc;
}

static int read_line(preload *p, const char *file, char *line, pb_error *err)
{
	char *equals = strchr(line, '='), *at, *word;
	size_t key;
	bool any = false;
	int rc = PB_OK;

	if (equals == NULL || *line == '#' || *line == ';')
		return PB_OK;
	for (key = (size_t)(equals - line); key > 0 && (line[key - 1] == ' ' || line[key - 1] == '\t');)
		key--;
	at = equals + 1;
	if (key == 11 && strncmp(line, "Environment", 11) == 0) {
		while (rc == PB_OK && (word = next_word(&at)) != NULL) {
			any = true;
			if (strncmp(word, "LD_PRELOAD=", 11) == 0)
				rc = set(p, file, word + 11, err);
		}
		return any ? rc : set(p, file, NULL, err);
	}
	while (rc == PB_OK && (word = next_word(&at)) != NULL) {
		if (key == 15 && strncmp(line, "EnvironmentFile", 15) == 0)
			rc = read_environment_file(p, file, word, err);
		else if (key == 16 && strncmp(line, "UnsetEnvironment", 16) == 0 && strcmp(word, "LD_PRELOAD") == 0)
			rc = conflict(p, file, "unsets LD_PRELOAD", err);
	}
	return rc;
}

static int read_unit(preload *p, const char *file, pb_error *err)
{
	pb_buf text = {0};
	char *line, *rest;
	bool service = false;
	int rc;

	if (access(file, F_OK) != 0)
		return PB_OK; /* a link to nothing masks a name */
	rc = pb_fs_read(file, UNIT_BYTES_MAX, &text, err);
	if (rc == PB_EINPUT)
		return PB_OK; /* /dev/null: the same */
	if (rc != PB_OK)
		return rc;
	for (char *c = (char *)text.data; (c = strstr(c, "\\\n")) != NULL;)
		c[0] = c[1] = ' '; /* a line that goes on */
	for (rest = (char *)text.data; rc == PB_OK && (line = strsep(&rest, "\n")) != NULL;) {
		line += strspn(line, " \t");
		line[strcspn(line, "\r")] = '\0';
		if (*line == '[')
			service = strncmp(line, "[Service]", 9) == 0;
		else if (service)
			rc = read_line(p, file, line, err);
	}
	pb_buf_free(&text);
	return rc;
}

static int read_all(preload *p, pb_error *err)
{
	char *unit = pb_unit_file(p->root, PB_CLAMD_UNIT);
	int rc;

	if (unit == NULL)
		return pb_fail(err, PB_EINPUT, "there is no %s here: install clamd (Debian: apt install clamav-daemon)", PB_CLAMD_UNIT);
	rc = read_unit(p, unit, err);
	free(unit);
	if (rc == PB_OK)
		rc = list_drop_ins(p, err);
	for (size_t i = 0; i < p->n && rc == PB_OK; i++) {
		int order = strcmp(p->list[i].name, PB_DROP_IN_NAME);

		p->after = order > 0;
		if (order != 0)
			rc = read_unit(p, p->list[i].path, err);
	}
	return rc;
}

int pb_preload_value(const char *root, const char *library, char **value, pb_error *err)
{
	preload *p = calloc(1, sizeof *p);
	int rc;

	*value = NULL;
	if (p == NULL)
		return pb_fail(err, PB_ENOMEM, "out of memory");
	p->root = root;
	p->library = library;
	rc = read_all(p, err);
	if (rc == PB_OK) {
		if (p->current == NULL || *p->current == '\0')
			*value = strdup(library);
		else if (holds(p->current, library))
			*value = strdup(p->current);
		else if (asprintf(value, "%s:%s", p->current, library) < 0)
			*value = NULL;
		if (*value == NULL)
			rc = pb_fail(err, PB_ENOMEM, "out of memory");
	}
	for (size_t i = 0; i < p->n; i++) {
		free(p->list[i].name);
		free(p->list[i].path);
	}
	free(p->current);
	free(p);
	return rc;
}
