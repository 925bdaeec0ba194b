/* The path chain of an object: which container holds which. "outer.deb" > "data.tar.xz" > "usr/bin/x".
 * The payload of a compression layer has no name of its own: it is called like its layer without the suffix (payload.h), and
 * what it holds hangs below the layer: "x.tgz", its payload "x.tgz" > "x.tar", a member "x.tgz" > "a.txt". */
#ifndef PROBITY_OBJECT_PATH_H
#define PROBITY_OBJECT_PATH_H

#include "base/bytes.h"
#include "base/json.h"

enum { PB_PATH_DEPTH = 64, PB_PATH_PART = 4096 };

typedef struct pb_path {
	size_t n;
	char *part[PB_PATH_DEPTH]; /* owned, display form (base/text.h), each at most PB_PATH_PART bytes */
} pb_path;

void pb_path_free(pb_path *p);
int pb_path_copy(const pb_path *from, pb_path *to);          /* 0, PB_ENOMEM; to is overwritten */
int pb_path_push(pb_path *p, const char *part);              /* 0, PB_ENOMEM, PB_ELIMIT (too deep); part is display form */
void pb_path_pop(pb_path *p);
json_t *pb_path_json(const pb_path *p);                      /* new array of strings */
char *pb_path_join(const pb_path *p, const char *separator); /* fresh string; NULL when memory ran out */

/* What a member's raw name says about where it would land. */
typedef struct pb_member_name {
	char *name;     /* owned: display form without "./", "/" at either end and doubled "/"; "." where nothing is left */
	bool absolute;  /* began with '/' or a drive or UNC prefix */
	bool traversal; /* a ".." component climbs out of the root it is unpacked in (a/../b does not) */
} pb_member_name;
/* 0 or PB_ENOMEM. Backslashes count as '/' for absolute and traversal only. */
int pb_member_name_read(const void *raw, size_t n, pb_member_name *out);

/* Would a link at member path `at` to `target` point outside the root? (hard links: target is relative to the root.) True for
 * absolute targets too: pb_link_absolute tells those apart. They are ordinary where the root is a system's (.deb, .rpm). */
bool pb_link_leaves(const char *at, const char *target, bool hard);
bool pb_link_absolute(const char *target);

#endif
