/* All checks that take part: found in folders, loaded, refused with reasons, digested. */
#ifndef PROBITY_CHECKS_CATALOGUE_H
#define PROBITY_CHECKS_CATALOGUE_H

#include "checks/check.h"
#include "checks/pack.h"
#include "checks/rule_folder.h"
#include "checks/sandbox.h"
#include "facts/patterns.h"

typedef struct pb_catalogue pb_catalogue;

typedef struct pb_catalogue_options {
	const char *data_dir;          /* holds scripts/ and rulesets/ */
	const char *const *extra_dirs; /* --rules: folders of checks (*.lua) and YARA files (rule_folder.h) */
	size_t n_extra;
	const char *const *files;      /* single check files (*.lua), besides; the same rules as in folders */
	size_t n_files;
	bool without_own;              /* the checks of data_dir are left out: who tests a check of theirs needs no others */
	bool lint;                     /* also what is right and still not good: pb_catalogue_noticed */
	const pb_pack_wish *packs;     /* --pack: packs of rules (pack.h) */
	size_t n_packs;
	pb_pack_places pack_places;
	const pb_bindings *bindings;
	const pb_lists *lists;         /* for scripts; borrowed while the catalogue is open. NULL: they have no hints */
	pb_sandbox_limits limits;
	bool strict;                   /* a broken check or YARA file is an error (own scripts/: always); else it is told and left out */
	void (*refused)(void *user, const char *message); /* "FILE:LINE: field: what is wrong; did you mean ...?" */
	void *user;
} pb_catalogue_options;

int pb_catalogue_open(const pb_catalogue_options *options, pb_catalogue **out, pb_error *err);
void pb_catalogue_close(pb_catalogue *c);
/* Reads all libraries that checks may require (lib.NAME), once, for who runs more Lua when no file can be opened any more (repl.h). 0, PB_ENOMEM. */
int pb_catalogue_shelve(pb_catalogue *c, pb_error *err);

const pb_check *pb_catalogue_checks(const pb_catalogue *c, size_t *n); /* sorted by id; borrowed */
/* The YARA sources of the checks (space = check id), in check order; source_of[i] is the check's index. Borrowed. */
const pb_pattern_source *pb_catalogue_sources(const pb_catalogue *c, size_t *n, const size_t **check_of);
/* Folders of YARA files: rule sets apart from these sources, one check each. Borrowed. */
size_t pb_catalogue_folders(const pb_catalogue *c);
const pb_rule_folder *pb_catalogue_folder(const pb_catalogue *c, size_t i, const pb_check **check);
/* The packs that were asked for, also those that were left out. Borrowed. */
const pb_packs *pb_catalogue_packs(const pb_catalogue *c);
/* SHA-256 (hex) over (path, digest) of every file in scripts/, rulesets/ (but rulesets/policies and rulesets/clamav) and
 * the extra folders and packs, sorted. */
const char *pb_catalogue_digest(const pb_catalogue *c);
/* Names of what was left out, for the report's limits: "rules left out: FILE:LINE: ...". */
const char *const *pb_catalogue_refused(const pb_catalogue *c, size_t *n);
/* lint: "FILE:LINE: field: what is not good; why; what would be", of files and folders that are not data_dir's. */
const char *const *pb_catalogue_noticed(const pb_catalogue *c, size_t *n);

#endif
