/* What the verbs of `probity pack` share. */
#ifndef PROBITY_CLI_PACK_H
#define PROBITY_CLI_PACK_H

#include "checks/pack.h"

/* pack_places.c: where packs and keys lie, first the user's own, then the system's. */
typedef struct pb_places {
	char *user, *system;        /* folders of packs that verbs write to; user: NULL where there is no home */
	char *packs_at[3], *keys_at[2];
	const char *packs[4], *keys[3];
	pb_pack_places of;          /* points into the above: it must not move */
} pb_places;

/* system_only: nothing of the user's counts. 0 or PB_ENOMEM. */
int pb_places_open(bool system_only, pb_places *out, pb_error *err);
void pb_places_close(pb_places *p);

/* The words of --pack: a name, or with a '/' a folder. Fresh; NULL: no memory. any: --unsigned. */
pb_pack_wish *pb_pack_wishes(const char *const *words, size_t n, bool any);

/* The verbs. */
typedef struct pb_pack_options {
	const char *secret, *public_file, *public_text; /* -s, -p, -P */
	bool json, open_key;                            /* -f json, -W */
	bool user, system, replace;
	char **words;                                   /* behind the verb, NULL-terminated */
	size_t n;
	pb_places places;
} pb_pack_options;

int pb_pack_sign(pb_pack_options *o);
int pb_pack_key(pb_pack_options *o);
int pb_pack_verify(pb_pack_options *o);
int pb_pack_list(pb_pack_options *o);
int pb_pack_install(pb_pack_options *o);
int pb_pack_remove(pb_pack_options *o);

/* pack_key.c: a secret key's file, with its password asked for where it has one. */
int pb_pack_secret(const char *file, pb_secret_key *out, pb_error *err);
int pb_pack_public(const char *file, pb_public_key *out, pb_error *err);

/* pack_unpack.c: the folder of the pack at path, which is a folder or a .tar.gz; *temp: a folder to be removed with
 * pb_remove_folder, "" none. */
int pb_pack_folder(const char *path, char **dir, char temp[256], pb_error *err);
/* pack_install.c: makes the folders before the last '/' of path, below dir. */
int pb_pack_make_folders(int dir, const char *path, pb_error *err);

void pb_pack_told(void *user, const char *message); /* a warning */

#endif
