/* The lists of rulesets/lists/NAME.tsv: hosts, paths, names, and what is known of each. For checks, by probity.lists. Read once,
 * read-only afterwards. rulesets/lists/README.md has the form of the files. */
#ifndef PROBITY_FACTS_LIST_H
#define PROBITY_FACTS_LIST_H

#include <stdbool.h>

#include "base/bytes.h"
#include "facts/facts.h"

enum {
	PB_LIST_COLUMNS = 8,
	PB_LIST_ROWS = 50000,
	PB_LIST_CELL = 512,  /* bytes of one cell */
	PB_LIST_WHAT = 2048, /* bytes of what is looked up that count: the first, of a path the last; of what is longer nothing is exact */
};

/* What it means that something is in the list. The key is the first cell of a row. */
typedef enum pb_list_match {
	PB_LIST_EXACT,  /* it is the key */
	PB_LIST_HOST,   /* "host" or "host/path": the key's host is its host; "*.host": every host below. A key with a path: it begins with that path */
	PB_LIST_DOMAIN, /* likewise; the key's host is its host, or one that it lies below */
	PB_LIST_PREFIX, /* it is the key, or goes on behind it with '.', '/', ':' or '@' */
	PB_LIST_PATH,   /* the key's elements stand in the path, one after the other and whole; any case, '\' counts as '/' */
} pb_list_match;

typedef struct pb_list {
	char *name;                            /* "telemetry"; owned */
	const char *about, *source, *licence;  /* of the header; these and all cells: borrowed from text */
	const char *date;                      /* "2026-11-22": when it was last gone through */
	pb_list_match match;
	const char *columns[PB_LIST_COLUMNS + 1]; /* ends with NULL */
	size_t n_columns, n_rows;
	const char **cells; /* n_rows * n_columns, sorted by key; "" where there is nothing. Owned */
	bool has_paths;     /* is there a key with a '/'? */
	char *text;         /* owned */
} pb_list;

/* The table of addresses (geo.h); NULL: there is none. */
struct pb_geo;
const struct pb_geo *pb_lists_geo(const pb_lists *l);

/* The list of that name, NULL: there is none. */
const pb_list *pb_list_named(const pb_lists *l, const char *name);
/* List i by name; NULL past the last one. */
const pb_list *pb_list_at(const pb_lists *l, size_t i);

const char *pb_list_match_name(pb_list_match m); /* "host" */

/* Row i, as many cells as there are columns. */
const char *const *pb_list_row(const pb_list *l, size_t i);
/* The row with exactly this key, or NULL. */
const char *const *pb_list_get(const pb_list *l, const char *key);
/* A row's field; "" where it is empty or the list has no such column. */
const char *pb_list_cell(const pb_list *l, const char *const *row, const char *column);
/* The row for `what`, by the list's match: of several the one that says most (the longest host, then the longest path; the longest
 * run of elements), or NULL. *looked is raised by the number of keys that were asked for. */
const char *const *pb_list_find(const pb_list *l, pb_bytes what, size_t *looked);

#endif
