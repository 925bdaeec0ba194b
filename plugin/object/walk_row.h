/* One entry of a folder as a row of the members fact. Private to walk.c. */
#ifndef PROBITY_OBJECT_WALK_ROW_H
#define PROBITY_OBJECT_WALK_ROW_H

#include <sys/stat.h>

#include "base/json.h"

enum { PB_TINY = 5 }; /* ClamAV never hands over files of so few bytes: their digests stand in the row */

typedef struct pb_walk_entry {
	int folder;       /* open descriptor of the folder that holds it */
	const char *name; /* in that folder */
	const char *path; /* relative to the root */
	struct stat st;   /* of the entry itself, links not followed */
} pb_walk_entry;

/* Appends the row to entries. *why: NULL, or what could not be looked at. 0 or PB_ENOMEM. Blocks on nothing. */
int pb_walk_row(json_t *entries, const pb_walk_entry *e, const char **why);

/* The words for the type: "file", "dir", "symlink", "device", "fifo", "other". */
const char *pb_walk_type(mode_t mode);

#endif
