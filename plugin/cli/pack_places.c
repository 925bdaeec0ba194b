#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fs.h"
#include "cli/pack.h"

#define SYSTEM_PACKS "/var/lib/probity/packs"
#define SYSTEM_KEYS  "/etc/probity/keys"

/* $variable/below, or ~/otherwise/below; NULL: neither is set, or no memory. */
static char *of_user(const char *variable, const char *otherwise, const char *below)
{
	const char *set = getenv(variable), *home = getenv("HOME");
	char *out = NULL;

	if (set != NULL && *set == '/')
		return pb_fs_join(set, below);
	if (home == NULL || *home != '/' || asprintf(&out, "%s/%s/%s", home, otherwise, below) < 0)
		return NULL;
	return out;
}

int pb_places_open(bool system_only, pb_places *out, pb_error *err)
{
	char *data = pb_fs_data_dir();
	size_t packs = 0, keys = 0;

	memset(out, 0, sizeof *out);
	if (!system_only) {
		out->packs_at[0] = of_user("XDG_DATA_HOME", ".local/share", "probity/packs");
		out->keys_at[0] = of_user("XDG_CONFIG_HOME", ".config", "probity/keys");
	}
	out->packs_at[1] = strdup(SYSTEM_PACKS);
	out->packs_at[2] = data != NULL ? pb_fs_join(data, "packs") : NULL; /* what the distribution brings */
	out->keys_at[1] = strdup(SYSTEM_KEYS);
	free(data);
	out->user = out->packs_at[0];
	out->system = out->packs_at[1];
	if (out->packs_at[1] == NULL || out->packs_at[2] == NULL || out->keys_at[1] == NULL) {
		pb_places_close(out);
		return pb_fail(err, PB_ENOMEM, "out of memory");
	}
	for (size_t i = 0; i < 3; i++)
		if (out->packs_at[i] != NULL)
			out->packs[packs++] = out->packs_at[i];
	for (size_t i = 0; i < 2; i++)
		if (out->keys_at[i] != NULL)
			out->keys[keys++] = out->keys_at[i];
	out->of = (pb_pack_places){out->packs, out->keys};
	return PB_OK;
}

void pb_places_close(pb_places *p)
{
	for (size_t i = 0; i < 3; i++)
		free(p->packs_at[i]);
	for (size_t i = 0; i < 2; i++)
		free(p->keys_at[i]);
	memset(p, 0, sizeof *p);
}

pb_pack_wish *pb_pack_wishes(const char *const *words, size_t n, bool any)
{
	pb_pack_wish *out = calloc(n + 1, sizeof *out);

	for (size_t i = 0; out != NULL && i < n; i++)
		out[i] = (pb_pack_wish){words[i], strchr(words[i], '/') != NULL, any};
	return out;
}
