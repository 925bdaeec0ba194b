/* What is right about a check's file and still not good: told to its author by `probity check lint`, never held against the check.
 * Private to checks/. */
#ifndef PROBITY_CHECKS_LINT_H
#define PROBITY_CHECKS_LINT_H

#include "checks/check_read.h"
#include "checks/lua_tokens.h"

typedef struct pb_linting {
	const pb_check_source *source;
	const pb_check *check; /* as far as it could be read: strings may be NULL */
	const char *path;      /* the file, to find samples beside it */
	void (*noticed)(void *user, const char *message); /* "FILE:LINE: field: what is not good; what would be" */
	void *user;
	bool no_memory;
} pb_linting;

/* Looks at one file. 0 or PB_ENOMEM. */
int pb_lint_check(pb_linting *l);

/* Shared by lint*.c. line 0: that of the field `where` */
void pb_lint_say(pb_linting *l, int line, const char *where, const char *fmt, ...) __attribute__((format(printf, 4, 5)));
void pb_lint_calls(pb_linting *l, const pb_token *tokens, size_t n); /* lint_calls.c: found.NAME{ ... }, object:hits("$id") */
void pb_lint_samples(pb_linting *l);                                 /* lint_files.c: what lies on disk, and in other files */
void pb_lint_row(pb_linting *l);

#endif
