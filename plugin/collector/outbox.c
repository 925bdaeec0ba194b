#include "collector/outbox.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/hash.h"

static bool is_item(const char *name)
{
	return strlen(name) == 64 + 1 + 16 + 5 && strspn(name, "0123456789abcdef") == 64 && name[64] == '-' &&
	       strspn(name + 65, "0123456789abcdef") == 16 && strcmp(name + 81, ".json") == 0;
}

int pb_outbox_put(const char *dir, const json_t *report, const char *to, const char *format, const char *index, char **name, pb_error *err)
{
	char *canonical = pb_json_canonical(report), *text = NULL, *file = NULL;
	char id[65] = "", place[65] = "", where[3000];
	json_t *item = NULL;
	int rc = canonical ? PB_OK : pb_fail(err, PB_ENOMEM, "out of memory");

	*name = NULL;
	(void)snprintf(where, sizeof where, "%s\n%s\n%s", to, format, index);
	if (!rc && (!pb_sha256_of((pb_bytes){(const uint8_t *)canonical, strlen(canonical)}, id) ||
	            !pb_sha256_of((pb_bytes){(const uint8_t *)where, strlen(where)}, place)))
		rc = pb_fail(err, PB_ENOMEM, "out of memory");
	if (!rc && mkdir(dir, 0700) != 0 && errno != EEXIST)
		rc = pb_fail(err, PB_EIO, "%s: %s", dir, strerror(errno));
	if (!rc) {
		item = json_pack("{s:s,s:s,s:s,s:s,s:s,s:O}", "schema", PB_OUTBOX_ITEM, "id", id, "to", to, "format", format, "index", index, "report",
		                 (json_t *)report);
		text = item ? pb_json_canonical(item) : NULL;
		if (asprintf(name, "%s-%.16s.json", id, place) < 0)
			*name = NULL;
		file = *name ? pb_fs_join(dir, *name) : NULL;
		rc = text && file ? pb_fs_write(file, text, strlen(text), err) : pb_fail(err, PB_ENOMEM, "out of memory");
	}
	if (rc) {
		free(*name);
		*name = NULL;
	}
	json_decref(item);
	free(canonical);
	free(text);
	free(file);
	return rc;
}

int pb_outbox_names(const char *dir, char ***names, size_t *n, pb_error *err)
{
	size_t kept = 0;
	int rc;

	*names = NULL;
	*n = 0;
	if (access(dir, F_OK) != 0 && errno == ENOENT)
		return PB_OK;
	rc = pb_fs_names(dir, ".json", names, n, err);
	for (size_t i = 0; !rc && i < *n; i++) {
		if (is_item((*names)[i]) && kept < PB_OUTBOX_ITEMS)
			(*names)[kept++] = (*names)[i];
		else
			free((*names)[i]);
	}
	if (!rc)
		*n = kept;
	return rc;
}

int pb_outbox_read(const char *dir, const char *name, json_t **item, pb_error *err)
{
	char *file = is_item(name) ? pb_fs_join(dir, name) : NULL;
	pb_buf text = {0};
	int rc = file ? pb_fs_read(file, PB_OUTBOX_MOST + 4096, &text, err) : pb_fail(err, PB_EINPUT, "\"%s\" is no item of an outbox", name);

	*item = rc ? NULL : pb_json_parse((pb_bytes){text.data, text.size}, PB_OUTBOX_MOST + 4096, file, err);
	if (!rc && (!*item || strcmp(pb_json_str(*item, "schema", ""), PB_OUTBOX_ITEM) != 0 || !*pb_json_str(*item, "to", "") ||
	            strncmp(pb_json_str(*item, "id", ""), name, 64) != 0 || !json_is_object(json_object_get(*item, "report")))) {
		json_decref(*item);
		*item = NULL;
		rc = pb_fail(err, PB_EINPUT, "%s: not an item of an outbox; remove it", file);
	}
	pb_buf_free(&text);
	free(file);
	return rc;
}
