/* Reduce: where the product's bytes lie, in rows that a picture can be drawn of. */
#ifndef PROBITY_WORKER_COMPOSITION_H
#define PROBITY_WORKER_COMPOSITION_H

#include "worker/join.h"

enum {
	PB_COMPOSITION_ROWS = 200,  /* rows at most */
	PB_COMPOSITION_SPREAD = 64, /* of what one folder or container holds, the largest so many get rows of their own */
};

/* How many bytes an object counts for here and in product.bytes: none where others account for them (opened). before: the sum so far,
 * which never passes INT64_MAX, whatever sizes the records tell. */
int64_t pb_composition_counts(const pb_row *row, int64_t before);

/* A new object {"rows":[{"path":[...],"bytes","objects","kind"}],"cut"}: folders and containers opened, the largest first, until there
 * are as many rows as may be. Each byte is in one row: their sum is product.bytes. objects: those with bytes in it. kind: of the one object
 * that lies there; "folder" (the path ends with "/"), or of the container that is told as a whole; "rest": what is left of a folder or
 * container whose largest members have rows of their own. Sorted by path, then kind. cut: some row stands for more than one object. The
 * same objects give the same rows, in whatever order they were packed. NULL: no memory. */
json_t *pb_composition_of(const pb_join *j);

#endif
