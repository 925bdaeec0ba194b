/* The dossier that is being filled: files as they came, and collected.json, which says where each is from. Private to collector/. */
#ifndef PROBITY_COLLECTOR_COLLECTED_H
#define PROBITY_COLLECTOR_COLLECTED_H

#include "base/bytes.h"
#include "base/error.h"
#include "base/json.h"

typedef struct pb_collected {
	const char *dir;       /* borrowed */
	const json_t *product; /* borrowed */
	json_t *entries;       /* {file: entry} */
	size_t bytes;          /* of this run */
} pb_collected;

/* What was collected there before stays, unless it is fetched again. */
int pb_collected_open(const char *dir, const json_t *product, pb_collected *out, pb_error *err);

/* Writes DIR/SOURCE/NAME (letters, digits, - _ and . only; others become '_') and notes it. of: {"url","status","time","headers"} of the answer. */
int pb_collected_save(pb_collected *c, const char *source, const char *name, const char *kind, pb_bytes text, const json_t *of, pb_error *err);

/* Writes DIR/collected.json: {"schema":"probity-collected/1","product":{},"entries":[{"file","kind","source","url","status","time","sha256","size",
 * "headers"}]}, sorted by file, canonical. */
int pb_collected_write(const pb_collected *c, pb_error *err);
void pb_collected_free(pb_collected *c);

#endif
