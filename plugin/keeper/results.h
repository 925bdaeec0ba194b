/* Object results that are known already: the cache on disk, and the table that workers look into. */
#ifndef PROBITY_KEEPER_RESULTS_H
#define PROBITY_KEEPER_RESULTS_H

#include "base/buf.h"
#include "base/error.h"
#include "base/json.h"

typedef struct pb_results pb_results;

/* file: the cache (NULL: none). A cache that cannot be used is told by a warning and done without: *out is usable in any case. */
int pb_results_open(const char *file, const char *rules_digest, int64_t max_bytes, pb_results **out, pb_error *err);
void pb_results_close(pb_results *r);
int pb_results_table(const pb_results *r); /* memfd for workers, -1 where nothing is kept; borrowed */

/* A result that a worker sent, kept where it depends on the object alone (nothing in it is unknown). */
void pb_results_put(pb_results *r, const uint8_t key[16], const json_t *result);
/* The text of a kept one. 1 = found, 0 = not there. */
int pb_results_get(pb_results *r, const uint8_t key[16], pb_buf *out);
void pb_results_flush(pb_results *r);

#endif
