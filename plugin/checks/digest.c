/* One digest over all rules that have a say: reports name it, caches are keyed by it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/hash.h"
#include "checks/entry.h"

enum { FILE_BYTES = 64 << 20, HEX_BYTES = 64 };

/* Lines "PREFIX/NAME\0DIGEST", sorted, so that the order of folders on the command line does not matter. */
typedef struct digesting {
	char **lines;
	size_t n;
	pb_error *err;
} digesting;

static int add_line(digesting *d, const char *shown, const char *hex)
{
	size_t n = strlen(shown);
	char *line = malloc(n + 1 + HEX_BYTES + 1), **more;

	if (line == NULL)
		return pb_fail(d->err, PB_ENOMEM, "out of memory");
	memcpy(line, shown, n + 1);
	memcpy(line + n + 1, hex, HEX_BYTES + 1);
	more = realloc(d->lines, (d->n + 1) * sizeof *more);
	if (more == NULL) {
		free(line);
		return pb_fail(d->err, PB_ENOMEM, "out of memory");
	}
	d->lines = more;
	d->lines[d->n++] = line;
	return PB_OK;
}

static int add_file(digesting *d, const char *dir, const char *prefix, const char *name)
{
	char *file = pb_fs_join(dir, name), *shown = pb_fs_join(prefix, name), hex[PB_HEX_MAX];
	pb_buf text = {0};
	int rc = file != NULL && shown != NULL ? pb_fs_read(file, FILE_BYTES, &text, d->err) : PB_ENOMEM;

	if (rc == PB_OK && !pb_hash_hex("sha256", (pb_bytes){text.data, text.size}, hex))
		rc = PB_ENOMEM;
	if (rc == PB_OK)
		rc = add_line(d, shown, hex);
	if (rc == PB_ENOMEM)
		(void)pb_fail(d->err, rc, "out of memory");
	pb_buf_free(&text);
	free(file);
	free(shown);
	return rc;
}

static bool starts(const char *s, const char *prefix)
{
	return strncmp(s, prefix, strlen(prefix)) == 0;
}

/* Policies and ClamAV's database have digests of their own. */
static bool has_no_say(const char *prefix, const char *name)
{
	if (strcmp(prefix, "scripts") == 0)
		return starts(name, "templates/") || starts(name, "collectors/"); /* what `check new` writes; who fetches, and judges nothing */
	return strcmp(prefix, "rulesets") == 0 && (starts(name, "policies/") || starts(name, "clamav/"));
}

/* lenient: of others. A file that cannot be read was told when it was left out; what version control and editors keep has no say. */
static int add_folder(digesting *d, const char *dir, const char *prefix, bool lenient)
{
	char **names;
	size_t n;
	int rc = pb_fs_names(dir, NULL, &names, &n, d->err);

	if (rc != PB_OK)
		return rc;
	for (size_t i = 0; i < n && rc == PB_OK; i++) {
		if (has_no_say(prefix, names[i]) || (lenient && (names[i][0] == '.' || strstr(names[i], "/.") != NULL)))
			continue;
		rc = add_file(d, dir, prefix, names[i]);
		if (lenient && rc != PB_ENOMEM)
			rc = PB_OK;
	}
	pb_fs_names_free(names, n);
	return rc;
}

static int compare(const void *a, const void *b)
{
	const char *s = *(const char *const *)a, *t = *(const char *const *)b;
	int order = strcmp(s, t);

	return order != 0 ? order : strcmp(s + strlen(s) + 1, t + strlen(t) + 1);
}

static int hash_lines(const digesting *d, char out[65])
{
	pb_sha256 *h = pb_sha256_new();

	if (h == NULL)
		return pb_fail(d->err, PB_ENOMEM, "out of memory");
	for (size_t i = 0; i < d->n; i++)
		pb_sha256_add(h, d->lines[i], strlen(d->lines[i]) + 1 + HEX_BYTES);
	pb_sha256_hex(h, out);
	return out[0] != '\0' ? PB_OK : pb_fail(d->err, PB_ENOMEM, "out of memory");
}

/* X/lib of X/PILLAR: what its checks require (pb_libraries_near). */
static int add_library_above(digesting *d, const char *dir)
{
	char *lib = pb_fs_join(dir, "../lib");
	int rc = PB_OK;

	if (lib == NULL)
		return pb_fail(d->err, PB_ENOMEM, "out of memory");
	if (access(lib, F_OK) == 0)
		rc = add_folder(d, lib, "rules/lib", true);
	free(lib);
	return rc;
}

int pb_catalogue_digest_files(const char *data_dir, const char *const *extra_dirs, size_t n_extra, char out[65], pb_error *err)
{
	static const char *const folders[] = {"scripts", "rulesets"};
	digesting d = {.err = err};
	int rc = PB_OK;

	for (size_t i = 0; i < 2 && rc == PB_OK; i++) {
		char *dir = pb_fs_join(data_dir, folders[i]);

		rc = dir != NULL ? add_folder(&d, dir, folders[i], false) : pb_fail(err, PB_ENOMEM, "out of memory");
		free(dir);
	}
	for (size_t i = 0; i < n_extra && rc == PB_OK; i++) {
		char prefix[300], name[256];

		/* Where an extra folder lies does not matter, what is in it does. */
		(void)snprintf(prefix, sizeof prefix, "rules/%s", pb_folder_name(extra_dirs[i], name, sizeof name));
		rc = add_folder(&d, extra_dirs[i], prefix, true);
		if (rc == PB_OK && pb_pillar_of(name) >= 0)
			rc = add_library_above(&d, extra_dirs[i]);
	}
	if (rc == PB_OK && d.n > 0)
		qsort(d.lines, d.n, sizeof *d.lines, compare);
	if (rc == PB_OK)
		rc = hash_lines(&d, out);
	for (size_t i = 0; i < d.n; i++)
		free(d.lines[i]);
	free(d.lines);
	return rc;
}
