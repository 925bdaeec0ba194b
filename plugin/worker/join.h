/* Reduce's first half: records sorted and joined, containers held against what came out of them. */
#ifndef PROBITY_WORKER_JOIN_H
#define PROBITY_WORKER_JOIN_H

#include "base/error.h"
#include "base/json.h"
#include "facts/facts.h"
#include "object/kind.h"

typedef struct pb_row {
	json_t *record;       /* borrowed from the input */
	const json_t *path, *result, *facts; /* borrowed likewise; result and facts are never NULL */
	const pb_kind *kind;
	size_t depth;         /* elements of path */
	size_t layer;         /* the row of the compression layer that this is the payload of; SIZE_MAX: none */
	bool opened;          /* a container whose content is among the rows: its bytes are accounted for by them */
	bool discounted;      /* lies in a test, example or documentation place (context.c) */
} pb_row;

typedef struct pb_join {
	pb_row *rows; /* sorted by path, then digest */
	size_t n;
	json_t *records; /* the same records in the same order, each with its result */
	json_t *limits;  /* given and found, sorted, without repetition */
	/* What was handed in beside the product (supplied.h): no objects of it, and counted by nobody. NULL: nothing was. */
	json_t *documents;     /* records */
	pb_row *document_rows; /* as many */
	json_t *supplied;      /* rows of the report, as many */
} pb_join;

int pb_join_make(const pb_lists *lists, json_t *records, const json_t *limits, pb_join *out, pb_error *err);
void pb_join_free(pb_join *j);

/* The rows whose path begins with the first `depth` elements of `path`: [*from, *to). */
void pb_join_below(const pb_join *j, const json_t *path, size_t depth, size_t *from, size_t *to);
/* The row at exactly {the first depth elements of path, name}; n where there is none. */
size_t pb_join_find(const pb_join *j, const json_t *path, size_t depth, const char *name);
/* The row that a finding's "record" names: of an object, or behind them of a document; NULL: there is none. */
const pb_row *pb_join_row(const pb_join *j, int64_t record);
/* The path under which a row's members lie: its own, or that of the compression layer around it (a payload has no name of its
 * own, so it leaves no trace in its members' paths). Borrowed. */
const json_t *pb_join_base(const pb_join *j, size_t row);

bool pb_row_tagged(const pb_row *r, const char *tag);

/* By element, by byte; a shorter path comes before what lies below it. */
int pb_path_order(const json_t *a, const json_t *b);

static inline const char *pb_path_last(const json_t *path)
{
	const char *s = json_string_value(json_array_get(path, json_array_size(path) - 1));
	return s ? s : "";
}

#endif
