/* Whom do we trust? Public keys in folders, one a file. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fs.h"
#include "checks/pack.h"
#include "checks/rule_folder.h"

int pb_pack_keys_add(pb_pack_keys *keys, const pb_public_key *key, const char *file)
{
	pb_public_key *more = realloc(keys->key, (keys->n + 1) * sizeof *more);
	char **files;

	if (more == NULL)
		return PB_ENOMEM;
	keys->key = more;
	files = realloc(keys->file, (keys->n + 1) * sizeof *files);
	if (files == NULL)
		return PB_ENOMEM;
	keys->file = files;
	files[keys->n] = strdup(file);
	if (files[keys->n] == NULL)
		return PB_ENOMEM;
	keys->key[keys->n++] = *key;
	return PB_OK;
}

/* A key that others can put there makes them the ones whom we trust. */
static int read_key(pb_pack_keys *keys, const char *file, pb_error *why)
{
	pb_buf text = {0};
	pb_public_key key;
	pb_error inner = {0};
	int rc = pb_rule_trust(file, &inner);

	if (rc == PB_OK)
		rc = pb_fs_read(file, PB_KEY_FILE_MAX, &text, &inner);
	if (rc == PB_OK)
		rc = pb_public_key_parse((pb_bytes){text.data, text.size}, &key, &inner);
	if (rc == PB_OK && keys->n == PB_PACK_KEYS)
		rc = pb_fail(&inner, PB_EINPUT, "more than %d keys", PB_PACK_KEYS);
	if (rc == PB_OK)
		rc = pb_pack_keys_add(keys, &key, file);
	pb_buf_free(&text);
	return rc == PB_OK || rc == PB_ENOMEM ? rc : pb_fail(why, PB_EINPUT, "%s: this key is not trusted: %s", file, inner.text);
}

int pb_pack_keys_read(const char *const *dirs, void (*told)(void *, const char *), void *user, pb_pack_keys *out, pb_error *err)
{
	int rc = PB_OK;

	memset(out, 0, sizeof *out);
	for (; dirs != NULL && *dirs != NULL && rc != PB_ENOMEM; dirs++) {
		char **names = NULL;
		size_t n = 0;
		pb_error why = {0};

		if (access(*dirs, F_OK) != 0)
			continue;
		rc = pb_fs_names(*dirs, ".pub", &names, &n, &why);
		if (rc != PB_OK && rc != PB_ENOMEM)
			told(user, why.text);
		for (size_t i = 0; i < n && rc != PB_ENOMEM; i++) {
			char *file = pb_fs_join(*dirs, names[i]);

			why = (pb_error){0};
			rc = file != NULL ? read_key(out, file, &why) : PB_ENOMEM;
			if (rc == PB_EINPUT)
				told(user, why.text);
			free(file);
		}
		pb_fs_names_free(names, n);
	}
	if (rc != PB_ENOMEM)
		return PB_OK;
	pb_pack_keys_free(out);
	return pb_fail(err, rc, "out of memory");
}

void pb_pack_keys_free(pb_pack_keys *keys)
{
	for (size_t i = 0; i < keys->n; i++)
		free(keys->file[i]);
	free(keys->file);
	free(keys->key);
	memset(keys, 0, sizeof *keys);
}
