/* What is right about a check's file and still not good: told to its author by `probity check lint`, never held against the check.
 * Private to checks/. */
#ifndef PROBITY_CHECKS_LINT_H
#define PROBITY_CHECKS_LINT_H

#include "checks/check_read.h"
#include "checks/lua_tokens.h"

/* Rows of the catalogue that checks have taken, with the files that did. */
typedef struct pb_taken {
	struct pb_taken_row {
		char row[8];
		char *file; /* its real path, owned */
	} *rows;
	size_t n;
} pb_taken;
void pb_taken_free(pb_taken *t);

typedef struct pb_linting {
	const pb_check_source *source;
	const pb_check *check; /* as far as it could be read: strings may be NULL */
	const char *path;      /* the file, to find samples beside it */
	pb_taken *taken;
	void (*noticed)(void *user, const char *message); /* "FILE:LINE: field: what is not good; what would be" */
	void *user;
	bool no_memory;
} pb_linting;

/* Reads the rows of the checks in data_dir/scripts. 0 or PB_ENOMEM. */
int pb_taken_read(const char *data_dir, pb_taken *out);

/* Looks at one file. 0 or PB_ENOMEM. */
int pb_lint_check(pb_linting *l);

/* Shared by lint*.c. line 0: that of the field `where` */
void pb_lint_say(pb_linting *l, int line, const char *where, const char *fmt, ...) __attribute__((format(printf, 4, 5)));
void pb_lint_calls(pb_linting *l, const pb_token *tokens, size_t n); /* lint_calls.c: found.NAME{ ... }, object:hits("$id") */
void pb_lint_samples(pb_linting *l);                                 /* lint_files.c: what lies on disk, and in other files */
void pb_lint_row(pb_linting *l);

#endif
