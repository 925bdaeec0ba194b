/* From the table that a check file returns to a pb_check. Every mistake is told, with its line. Private to checks/. */
#ifndef PROBITY_CHECKS_CHECK_READ_H
#define PROBITY_CHECKS_CHECK_READ_H

#include <lua.h>

#include "base/bytes.h"
#include "checks/check.h"
#include "checks/rulebook.h"

typedef struct pb_check_source {
	const char *file; /* as messages name it */
	const char *stem; /* "private-key": the id's second half */
	int pillar;       /* of its folder; -1: the claim's */
	pb_bytes text;    /* the file, to find lines in */
	const pb_rulebook *book;
	void (*told)(void *user, const char *message); /* "FILE:LINE: field: what is wrong; did you mean ...?" */
	void *user;
} pb_check_source;

/* Reads the table at index into *c, which is filled as far as it goes (free it in any case). Returns the number of mistakes
 * told, or PB_ENOMEM. May raise: c is consistent then, too. */
int pb_check_read(lua_State *L, int index, const pb_check_source *source, pb_check *c);

/* The rest is shared by check_*.c. */
typedef struct pb_reading {
	lua_State *L;
	const pb_check_source *source;
	pb_check *c;
	int mistakes;
	bool no_memory;
} pb_reading;

/* Tells a mistake. where: the field, "findings.key.says"; its line is looked for in the source. */
void pb_mistake(pb_reading *r, const char *where, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
/* "; did you mean \"X\"?" or "" */
const char *pb_meant(const char *near, char out[160]);

/* Readers of the value on top of the stack, which they leave there. where: for mistakes. */
char *pb_read_words(pb_reading *r, const char *where, size_t most); /* a string, blanks collapsed; NULL: told */
int pb_read_term(pb_reading *r, const char *where, int (*of)(const char *), const char *(*name)(int), int count); /* -1: told */
bool pb_read_list(pb_reading *r, const char *where, char ***out, size_t *n); /* a list of strings, at least one */
void pb_read_findings(pb_reading *r);                                        /* check_findings.c */
void pb_read_looks(pb_reading *r);                                           /* check_looks.c */
void pb_read_samples(pb_reading *r);                                         /* check_samples.c; after the findings */
void pb_read_measured(pb_reading *r);                                        /* check_measured.c */

/* Names of the fields of the table on top, sorted by byte; what is no string is told. At most most; returns how many. */
size_t pb_read_names(pb_reading *r, const char *where, const char **names, size_t most);

const char *pb_severity_spelling(int value); /* for pb_read_term */
const char *pb_reliability_spelling(int value);

int pb_line_of(const pb_check_source *source, const char *where);

#endif
