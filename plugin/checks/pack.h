/* A pack: a folder of rules with a name and a version, whose files somebody has signed. Reading and judging one; which of them take part. */
#ifndef PROBITY_CHECKS_PACK_H
#define PROBITY_CHECKS_PACK_H

#include "base/signature.h"

#define PB_PACK_INI "pack.ini"
#define PB_PACK_SUM "pack.sum"          /* one line a file: SHA-256, size, path; sorted by path */
#define PB_PACK_SIG "pack.sum.minisig"  /* of pack.sum */

enum {
	PB_PACK_NAME = 48,                  /* bytes, with the NUL */
	PB_PACK_VERSION = 32,
	PB_PACK_NEEDS = 16,
	PB_PACK_FILES = 10000,
	PB_PACK_PATH = 400,                 /* bytes of one path */
	PB_PACK_DEPTH = 12,                 /* folders within each other */
	PB_PACK_KEYS = 1000,                /* trusted keys */
	PB_PACK_MANY = 64                   /* packs that take part */
};
#define PB_PACK_FILE_BYTES ((uint64_t)32 << 20)
#define PB_PACK_BYTES      ((uint64_t)256 << 20)
#define PB_PACK_SUM_BYTES  ((size_t)8 << 20)

/* pack_ini.c: what pack.ini says. */
typedef struct pb_pack_need {
	char name[PB_PACK_NAME], least[PB_PACK_VERSION]; /* "probity" is this program */
} pb_pack_need;

typedef struct pb_pack_ini {
	char name[PB_PACK_NAME], version[PB_PACK_VERSION];
	char author[200], licence[100], description[400], homepage[300]; /* UTF-8; "" where it says nothing */
	pb_pack_need needs[PB_PACK_NEEDS];
	size_t n_needs;
} pb_pack_ini;

int pb_pack_ini_read(const char *dir, pb_pack_ini *out, pb_error *err);
/* Its text. *line: the one to blame, 0: none; err is without a place. */
int pb_pack_ini_parse(pb_bytes text, pb_pack_ini *out, int *line, pb_error *err);
bool pb_pack_name_ok(const char *name);                 /* a-z, 0-9 and '-', not first; what a folder may be called */
bool pb_pack_version_ok(const char *version);           /* "1.20.3": one to four numbers */
int pb_pack_version_order(const char *a, const char *b); /* <0, 0, >0, number by number; "1" equals "1.0" */

/* pack_sum.c: the files as they are. */
typedef struct pb_pack_file {
	char *path; /* below the folder */
	uint64_t size;
	char sha256[65];
} pb_pack_file;

typedef struct pb_pack_files {
	pb_pack_file *file; /* sorted by path */
	size_t n;
	uint64_t bytes;
} pb_pack_files;

/* All files below dir but pack.sum and its signature. Whatever is no plain file or folder (links, devices, a second name of a file), hidden
 * or too much is PB_EINPUT, by name, and so are lists as rulesets/ has them, which would have no effect. guarded: an installed one, which only root and this user may be able to write, and without hidden files; elsewhere
 * these are passed over (version control keeps them), and are no part of the pack. */
int pb_pack_files_read(const char *dir, bool guarded, pb_pack_files *out, pb_error *err);
void pb_pack_files_free(pb_pack_files *files);
int pb_pack_files_text(const pb_pack_files *files, pb_buf *out); /* as pack.sum has it; 0 or PB_ENOMEM */
/* Is it what text says, byte for byte? PB_EINPUT: err names the first file that is changed, missing or not listed. */
int pb_pack_files_match(const pb_pack_files *files, pb_bytes text, pb_error *err);
bool pb_pack_path_ok(const char *path); /* relative, without "..", hidden names or anything that a terminal could take amiss */

/* pack_keys.c: whom do we trust? */
typedef struct pb_pack_keys {
	pb_public_key *key;
	char **file;
	size_t n;
} pb_pack_keys;

/* Each *.pub file of the folders (NULL-terminated; they may be missing). What is no key, or what others could have written, is told. */
int pb_pack_keys_read(const char *const *dirs, void (*told)(void *user, const char *message), void *user, pb_pack_keys *out, pb_error *err);
int pb_pack_keys_add(pb_pack_keys *keys, const pb_public_key *key, const char *file);
void pb_pack_keys_free(pb_pack_keys *keys);

/* pack.c */
typedef enum pb_pack_state {
	PB_PACK_TRUSTED,  /* its files are those that a trusted key signed */
	PB_PACK_STRANGER, /* those that a key signed which nobody here trusts: nothing was verified */
	PB_PACK_UNSIGNED,
	PB_PACK_CHANGED   /* files, list and signature do not belong together */
} pb_pack_state;

typedef struct pb_pack {
	char *dir;
	pb_pack_ini ini;
	pb_pack_state state;
	char key[PB_KEY_ID]; /* the key's id, "" where no signature could be read. Of a stranger: what it claims */
	char sum[65];        /* SHA-256 of pack.sum as its files would have it */
	char why[400];       /* why it is not trusted; "" */
	size_t files;
	bool left_out;       /* takes no part (pb_pack_select) */
} pb_pack;

/* Looks at the folder. PB_EINPUT: it is no pack, or holds what no pack may hold; else out->state says how it is. */
int pb_pack_open(const char *dir, bool guarded, const pb_pack_keys *keys, pb_pack *out, pb_error *err);
void pb_pack_close(pb_pack *p);

/* pack_select.c */
typedef struct pb_pack_wish {
	const char *what;    /* the name of an installed pack, or a folder */
	bool folder;
	bool any;            /* of a folder: it takes part though no trusted key has signed it */
} pb_pack_wish;

typedef struct pb_pack_places {
	const char *const *packs, *const *keys; /* folders, NULL-terminated; the first that has a pack counts. NULL: none */
} pb_pack_places;

typedef struct pb_packs {
	pb_pack *pack[PB_PACK_MANY]; /* what others require comes before them */
	size_t n;
} pb_packs;

/* The packs that take part: those that are wished for, and installed ones that they require. What is installed and cannot be trusted any
 * more is told and left out; a wish for what is not there is PB_EINPUT. */
int pb_pack_select(const pb_pack_places *places, const pb_pack_wish *wishes, size_t n, void (*told)(void *user, const char *message),
                   void *user, pb_packs *out, pb_error *err);
void pb_packs_free(pb_packs *packs);
/* Does what is installed (and this program) meet what it requires? err says what is missing. */
int pb_pack_needs_met(const pb_pack_places *places, const pb_pack_ini *ini, pb_error *err);
/* The folder of an installed pack, fresh; NULL: none, or no memory. */
char *pb_pack_find(const pb_pack_places *places, const char *name);

#endif
