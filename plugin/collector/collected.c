#include "collector/collected.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/hash.h"

#define NOTES "collected.json"

enum { NOTES_MOST = 16 << 20, FILES_MOST = 1900, NAME_MOST = 120 };
#define BYTES_MOST ((size_t)250 << 20) /* what a dossier may have (evidence/dossier.h), and some room */

/* Headers that say something about the file; the rest is of the connection. */
static const char *const told[] = {"content-type", "date", "etag", "last-modified", "strict-transport-security"};

static int out_of_memory(pb_error *err)
{
	return pb_fail(err, PB_ENOMEM, "out of memory");
}

int pb_collected_open(const char *dir, const json_t *product, pb_collected *out, pb_error *err)
{
	char *file = pb_fs_join(dir, NOTES);
	json_t *before = NULL, *e;
	pb_buf text = {0};
	int rc = file ? PB_OK : out_of_memory(err);
	size_t i;

	*out = (pb_collected){.dir = dir, .product = product, .entries = json_object()};
	if (!rc && access(file, F_OK) == 0) {
		rc = pb_fs_read(file, NOTES_MOST, &text, err);
		before = rc ? NULL : pb_json_parse((pb_bytes){text.data, text.size}, NOTES_MOST, file, err);
		if (!before || strcmp(pb_json_str(before, "schema", ""), "probity-collected/1") != 0)
			rc = pb_fail(err, PB_EINPUT, "%s is there and is not the collector's: name another folder", file);
	}
	json_array_foreach (json_object_get(before, "entries"), i, e) {
		const char *name = pb_json_str(e, "file", "");

		if (!rc && *name && json_object_set(out->entries, name, e))
			rc = out_of_memory(err);
	}
	json_decref(before);
	pb_buf_free(&text);
	free(file);
	return rc;
}

static void safe_name(const char *name, char out[NAME_MOST + 1])
{
	size_t n = 0;

	for (; n < NAME_MOST && name[n]; n++) {
		char c = name[n];
		bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';

		out[n] = plain && !(n == 0 && c == '.') ? c : '_';
	}
	out[n] = '\0';
}

static json_t *entry_of(const char *file, const char *kind, const char *source, pb_bytes text, const json_t *of)
{
	json_t *headers = json_object();
	char sha256[65];

	for (size_t i = 0; i < sizeof told / sizeof *told; i++) {
		json_t *h = json_object_get(json_object_get(of, "headers"), told[i]);
		if (h)
			json_object_set(headers, told[i], h);
	}
	if (!pb_sha256_of(text, sha256)) {
		json_decref(headers);
		return NULL;
	}
	return json_pack("{s:s,s:s,s:s,s:s,s:I,s:s,s:s,s:I,s:o}", "file", file, "kind", kind, "source", source, "url", pb_json_str(of, "url", ""),
	                 "status", (json_int_t)pb_json_int(of, "status", 0), "time", pb_json_str(of, "time", ""), "sha256", sha256, "size",
	                 (json_int_t)text.size, "headers", headers);
}

int pb_collected_save(pb_collected *c, const char *source, const char *name, const char *kind, pb_bytes text, const json_t *of, pb_error *err)
{
	char last[NAME_MOST + 1], file[NAME_MOST + 80], *path;
	json_t *entry;
	int rc = PB_OK;

	safe_name(name, last);
	if (!*last)
		return pb_fail(err, PB_EINPUT, "a file without a name");
	if (json_object_size(c->entries) >= FILES_MOST)
		return pb_fail(err, PB_ELIMIT, "more than %d files", FILES_MOST);
	if (text.size > BYTES_MOST - c->bytes)
		return pb_fail(err, PB_ELIMIT, "more than %zu bytes in all", BYTES_MOST);
	(void)snprintf(file, sizeof file, "%.64s/%s", source, last);
	path = pb_fs_join(c->dir, source);
	if (path && mkdir(path, 0755) != 0 && errno != EEXIST)
		rc = pb_fail(err, PB_EIO, "%s: %s", path, strerror(errno));
	free(path);
	path = pb_fs_join(c->dir, file);
	entry = entry_of(file, kind, source, text, of);
	if (!rc && (!path || !entry))
		rc = out_of_memory(err);
	rc = rc ? rc : pb_fs_write(path, text.data, text.size, err);
	if (!rc && json_object_set(c->entries, file, entry))
		rc = out_of_memory(err);
	if (!rc)
		c->bytes += text.size;
	json_decref(entry);
	free(path);
	return rc;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

int pb_collected_write(const pb_collected *c, pb_error *err)
{
	size_t n = 0, room = json_object_size(c->entries);
	const char **names = calloc(room + 1, sizeof *names), *name;
	json_t *list = json_array(), *all = NULL, *e;
	char *text = NULL, *file = pb_fs_join(c->dir, NOTES);
	int rc = names && list && file ? PB_OK : out_of_memory(err);

	json_object_foreach (c->entries, name, e) {
		if (names && n < room)
			names[n++] = name;
	}
	if (n > 1)
		qsort(names, n, sizeof *names, by_name);
	for (size_t i = 0; i < n && !rc; i++)
		if (json_array_append(list, json_object_get(c->entries, names[i])))
			rc = out_of_memory(err);
	if (!rc)
		all = json_pack("{s:s,s:O,s:O}", "schema", "probity-collected/1", "product", c->product, "entries", list);
	text = all ? pb_json_canonical(all) : NULL;
	if (!rc)
		rc = text ? pb_fs_write(file, text, strlen(text), err) : out_of_memory(err);
	free(text);
	free(file);
	json_decref(all);
	json_decref(list);
	free(names);
	return rc;
}

void pb_collected_free(pb_collected *c)
{
	json_decref(c->entries);
	c->entries = NULL;
}
