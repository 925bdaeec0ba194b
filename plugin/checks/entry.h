/* A check as the catalogue keeps it. Private to checks/. */
#ifndef PROBITY_CHECKS_ENTRY_H
#define PROBITY_CHECKS_ENTRY_H

#include "checks/box.h"
#include "checks/catalogue.h"
#include "checks/check_read.h"
#include "checks/lint.h"
#include "checks/rule_folder.h"

/* The Lua side of a check: one table in the registry, {object function, product function, found, record of upvalues}. */
enum { PB_SCRIPT_OBJECT = 1, PB_SCRIPT_PRODUCT, PB_SCRIPT_FOUND, PB_SCRIPT_SEAL };

typedef struct pb_entry {
	pb_check check;
	int script;          /* registry reference; LUA_NOREF: a folder of YARA files, which needs no script */
	char *samples_dir;   /* of a check outside of our own folders, owned; NULL: <samples>/<pillar>/<stem> */
	char *near;          /* folder of its own "lib.NAME", of a check outside of our own folders, owned; NULL: it has none */
	pb_rule_folder *folder; /* of YARA files; NULL: a check in Lua */
	uint32_t first_source, n_sources; /* among the catalogue's sources */
} pb_entry;

struct pb_catalogue {
	pb_sandbox *box;
	pb_rulebook book;
	pb_entry *entries; /* sorted by id */
	pb_check *checks;  /* the same checks, flat: shallow copies */
	size_t n;
	pb_pattern_source *sources;
	size_t *check_of;
	size_t n_sources;
	size_t *folders; /* entries that are folders of YARA files */
	size_t n_folders;
	size_t *plain; /* entries that run on every object: an object function without looks */
	size_t n_plain;
	pb_packs packs;
	const char **dirs; /* of others: extra folders, then packs; borrowed */
	size_t n_dirs;
	pb_shelf *shelf;   /* libraries.c; NULL: they are read where they are required */
	char **near;       /* all folders of libraries of others, ends with NULL; NULL: not collected */
	char digest[65];
	char **refused;
	size_t n_refused;
	char **noticed; /* lint's */
	size_t n_noticed;
};

/* load.c: one check file. 0; PB_EINPUT: mistakes were told (pb_catalogue_tell); PB_ENOMEM. */
typedef struct pb_check_file {
	const char *path; /* to open */
	const char *name; /* in messages */
	const char *stem;
	int pillar; /* -1: the claim's */
	void (*noticed)(void *user, const char *message); /* lint: what is right and still not good; NULL: nobody asks */
} pb_check_file;
int pb_catalogue_load(pb_catalogue *c, const pb_check_file *file, void (*told)(void *, const char *), void *user,
                      pb_error *err);
/* load_rules.c: the YARA files of a folder, as one check. */
int pb_catalogue_load_rules(pb_catalogue *c, const char *data_dir, const char *dir, void (*told)(void *, const char *), void *user,
                            pb_error *err);
/* The last element of its path, whether or not a slash stands behind it; into out, which is returned. */
const char *pb_folder_name(const char *dir, char *out, size_t room);
/* A new entry at the end, zeroed; NULL: no memory. */
pb_entry *pb_catalogue_add(pb_catalogue *c);
void pb_entry_free(pb_entry *e);

/* libraries.c. Where "lib.NAME" of a check from elsewhere lies: X/lib of X/x.lua and of X/PILLAR/x.lua. Fresh; NULL: no memory, or path is
 * in no folder. */
char *pb_libraries_near(const char *path);
void pb_libraries_free(pb_catalogue *c);

/* digest.c */
int pb_catalogue_digest_files(const char *data_dir, const char *const *extra_dirs, size_t n_extra, char out[65], pb_error *err);

/* found.c. Pushes the `found` of a check: one function a finding, and unknown. Raises. */
void pb_found_push(lua_State *L, const pb_check *check);
/* Whose call it is: s->call while a check's function runs. */
typedef struct pb_call {
	const pb_check *check;
	const pb_bindings *bindings;
	const pb_object_view *object;   /* map: the object; reduce: NULL */
	const pb_product_view *product; /* reduce */
	json_t *out;                    /* "findings" and "unknown" are added here */
	json_t *note;                   /* one that is being read, so that an error in between loses nothing */
	size_t raised;
	bool no_memory;
} pb_call;
pb_call *pb_found_call(lua_State *L); /* the call that runs; raises where none does */
/* Text as a result may hold it: display form, of at most so many bytes (0: all). Fresh; NULL: no memory. */
char *pb_found_safe(const char *s, size_t n, size_t most);
/* note.c. found.note{...}: [1] the table -> nothing */
int pb_found_note(lua_State *L);
/* The record that record_of told: of an object, or behind those of a document. NULL: there is none. */
const json_t *pb_call_record(const pb_call *call, long record);
/* found_evidence.c. found.pass{...}, found.statement{...}: [1] the table -> nothing */
int pb_found_pass(lua_State *L);
int pb_found_statement(lua_State *L);

#endif
