#include "keeper/folder.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"

static const char never_shown[] = "never shown to plugins"; /* as the tracker begins its words */

int pb_folder_digest(const json_t *members, const json_t *digests, char out[65])
{
	pb_buf lines = {0};
	size_t i;
	json_t *e;
	int rc = 0;
	json_array_foreach(json_object_get(members, "entries"), i, e) {
		const char *path = pb_json_str(e, "path", ""), *type = pb_json_str(e, "type", "");
		const char *digest = pb_json_str(e, "sha256", pb_json_str(digests, path, "?"));
		if (strcmp(type, "file") == 0)
			rc = pb_buf_printf(&lines, "%s  %s\n", digest, path);
		else if (strcmp(type, "symlink") == 0)
			rc = pb_buf_printf(&lines, "-> %s  %s\n", pb_json_str(e, "link", ""), path);
		if (rc)
			break;
	}
	if (!rc && !pb_sha256_of((pb_bytes){lines.data, lines.size}, out))
		rc = PB_ENOMEM;
	pb_buf_free(&lines);
	return rc;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Without a walk of the folder: the files that were scanned, and no word of what else there is. */
static json_t *members_of(const json_t *digests)
{
	size_t n = json_object_size(digests), i = 0;
	const char **names = calloc(n + 1, sizeof *names), *key;
	json_t *entries = json_array(), *value;
	json_object_foreach((json_t *)digests, key, value)
		if (names)
			names[i++] = key;
	if (names)
		qsort(names, i, sizeof *names, by_name);
	for (size_t k = 0; names && k < i; k++)
		json_array_append_new(entries, json_pack("{s:s,s:s}", "path", names[k], "type", "file"));
	free(names);
	return json_pack("{s:s,s:b,s:s,s:o}", "format", "folder", "complete", 0, "why", "only what was scanned is listed", "entries", entries);
}

/* Bytes of the files that a walk has listed; -1: their sizes are not known. */
static int64_t bytes_of(const json_t *listing)
{
	uint64_t sum = 0;
	size_t i;
	json_t *e;
	json_array_foreach(json_object_get(listing, "entries"), i, e) {
		int64_t size = strcmp(pb_json_str(e, "type", ""), "file") == 0 ? pb_json_int(e, "size", -1) : 0;
		if (size < 0 || __builtin_add_overflow(sum, (uint64_t)size, &sum) || sum > INT64_MAX)
			return -1;
	}
	return (int64_t)sum;
}

/* ClamAV shows no file of a few bytes. Where the walk has read it, nothing of it is missing. */
static void drop_tiny(const json_t *listing, json_t *limits)
{
	json_t *tiny = json_object(), *e;
	size_t i;
	json_array_foreach(json_object_get(listing, "entries"), i, e)
		if (tiny && json_object_get(e, "sha256"))
			json_object_set_new(tiny, pb_json_str(e, "path", ""), json_true());
	for (i = json_array_size(limits); i > 0; i--) {
		const json_t *limit = json_array_get(limits, i - 1), *path = json_object_get(limit, "path");
		if (json_array_size(path) == 2 && json_object_get(tiny, json_string_value(json_array_get(path, 1))) &&
		    strncmp(pb_json_str(limit, "why", ""), never_shown, sizeof never_shown - 1) == 0)
			json_array_remove(limits, i - 1);
	}
	json_decref(tiny);
}

int pb_folder_members(const json_t *listing, pb_gather *said, const json_t *digests, json_t **members, pb_identity *id, pb_error *err)
{
	*members = listing ? json_incref((json_t *)listing) : members_of(digests);
	int rc = *members ? pb_folder_digest(*members, digests, id->sha256) : PB_ENOMEM;
	snprintf(id->kind, sizeof id->kind, "folder");
	int64_t size = listing ? bytes_of(listing) : -1;
	id->size = size >= 0 ? (uint64_t)size : pb_gather_bytes(said);
	if (listing)
		drop_tiny(listing, pb_gather_limits(said));
	return rc ? pb_fail(err, rc, "out of memory") : 0;
}
