/* A folder of YARA rules from elsewhere, as people have them: which of its files count, what they include, what their rules weigh. One
 * check, "rules.NAME". */
#ifndef PROBITY_CHECKS_RULE_FOLDER_H
#define PROBITY_CHECKS_RULE_FOLDER_H

#include "checks/rule_meta.h"
#include "facts/rule_set.h"

/* A file that was read, whether it is compiled by itself or only included. */
typedef struct pb_rule_source {
	char *name;             /* below the folder */
	char *content;          /* NUL-terminated */
	size_t size;
	pb_rule_text text;      /* points to content and to the includes below */
	pb_rule_include *include;
	size_t *target;         /* of each include: its number among the sources; SIZE_MAX: not to be had */
	size_t rules;           /* words "rule", of its own */
	bool listed, compiled;  /* has the name of a file of rules; of compiled ones */
	bool circular;          /* includes itself, directly or through others */
	bool skipped;           /* an index of what is listed anyhow */
	bool refused;           /* told, and left out */
} pb_rule_source;

typedef struct pb_rule_folder {
	char *dir, *name;       /* name: the check's id without "rules." */
	pb_rule_source **sources;
	size_t n_sources, room;
	size_t bytes;           /* of all sources */
	pb_rule_file *files;    /* what makes the rule set */
	size_t *source_of;      /* of each file */
	size_t n_files;
	size_t left_out;        /* files that were told and left out */
	char digest[65];        /* of the files that were read, and of the folder's own weights */
	pb_rule_meta meta;
} pb_rule_folder;

/* Reads dir. told: what was left out, "FILE:LINE: why". *out is NULL where it holds no YARA files. 0, or a code with err. */
int pb_rule_folder_read(const char *data_dir, const char *dir, void (*told)(void *, const char *), void *user, pb_rule_folder **out,
                        pb_error *err);
/* Once its name is known: the files, with their namespaces "rules/NAME/FILE". 0 or PB_ENOMEM. */
int pb_rule_folder_name(pb_rule_folder *f, const char *name);
void pb_rule_folder_free(pb_rule_folder *f);

/* Does file a include what file b is, directly or through others? */
bool pb_rule_folder_includes(const pb_rule_folder *f, size_t a, size_t b);

/* While a folder is read. */
typedef struct pb_rule_reading {
	pb_rule_folder *f;
	void (*told)(void *, const char *);
	void *user;
	pb_error *err;
} pb_rule_reading;
void pb_rule_tell(const pb_rule_reading *r, const char *message);
void pb_rule_leave_out(pb_rule_reading *r, const char *message); /* told, and counted */

/* rule_judge.c. Marks what is skipped and what is refused, and tells. 0 or PB_ENOMEM. */
int pb_rule_judge(pb_rule_reading *r);
/* Marks in seen (one for each source) what source i includes, and what that includes. queue: room for all sources. */
void pb_rule_reach(const pb_rule_folder *f, size_t i, bool *seen, size_t *queue);

/* rule_include.c. What the source includes, found among the others or read: new ones are added at the end. */
int pb_rule_includes(pb_rule_folder *f, size_t source, pb_error *err);
/* Reads a file below dir into a new source at the end. PB_EINPUT, PB_EIO, PB_ELIMIT: it cannot be had, err says why. */
int pb_rule_source_add(pb_rule_folder *f, const char *name, bool compiled, pb_error *err);

/* rule_trust.c. YARA runs what compiled rules hold: they count only where nobody but root and this user can write, up to the root of the
 * file system. 0; PB_EINPUT with the words for the administrator. */
int pb_rule_trust(const char *file, pb_error *err);

#endif
