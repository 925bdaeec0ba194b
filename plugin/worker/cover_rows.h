/* The rows of a product as coverage counts them: in groups of equal tags, so that a thousand checks need not look at every one of a
 * hundred thousand objects. For cover.c. */
#ifndef PROBITY_WORKER_COVER_ROWS_H
#define PROBITY_WORKER_COVER_ROWS_H

#include "checks/catalogue.h"
#include "worker/join.h"

/* Rows that no check can tell apart, but for what it could not look at. */
typedef struct pb_row_group {
	const json_t *tags; /* borrowed */
	bool opened;        /* as of pb_row */
	bool unscanned;     /* of a container that ClamAV left closed */
	size_t n;
	size_t first; /* the first of its rows */
} pb_row_group;

/* A row that a check could not look at. */
typedef struct pb_missed_row {
	size_t check, row;
} pb_missed_row;

typedef struct pb_cover_rows {
	pb_row_group *groups; /* by their first row */
	size_t n_groups;
	size_t *group_of; /* of each row */
	pb_missed_row *missed; /* by check, then row */
	size_t n_missed;
} pb_cover_rows;

/* checks: sorted by id. 0 or PB_ENOMEM; out is for pb_cover_rows_free in each case. */
int pb_cover_rows_make(const pb_join *j, const pb_check *checks, size_t n_checks, pb_cover_rows *out);
void pb_cover_rows_free(pb_cover_rows *c);

/* What this check could not look at: *n of them. Borrowed. */
const pb_missed_row *pb_cover_rows_missed(const pb_cover_rows *c, size_t check, size_t *n);

/* In a foreign host ClamAV left the container closed around it, and Probity opened that without signatures. */
bool pb_row_unscanned(const pb_row *r);

#endif
