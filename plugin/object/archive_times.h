/* When the files of a container were made: is it the build's clock that speaks, or one day that it was told to write? */
#ifndef PROBITY_OBJECT_ARCHIVE_TIMES_H
#define PROBITY_OBJECT_ARCHIVE_TIMES_H

#include <stddef.h>
#include <stdint.h>

#include "base/json.h"

/* Seconds since 1970 of each file, in any order. Begin with {0}. */
typedef struct pb_times {
	int64_t *at;
	size_t n, room;
} pb_times;

/* 0 or PB_ENOMEM. Times that say nothing (0 and before) are left out. */
int pb_times_add(pb_times *t, int64_t at);

/* What they come to, as the fact `members.times` has it: { "first", "last" (seconds since 1970), "late" (how many different times lie in the
 * hour up to the last one) }. NULL: memory ran out. Sorts t. n must not be 0. */
json_t *pb_times_told(pb_times *t);

void pb_times_free(pb_times *t);

#endif
