/* Results that are known already, of objects and of whole products: the cache on disk, and the table that workers look into. */
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

/* A product result ("probity-product-result/1") is kept under everything that it depends on besides the rules. of: that, as an object of
 * plain JSON (borrowed); this very program is added here. Who keeps one sees to it that nothing in it is an accident of one scan. */
bool pb_results_knows(pb_results *r, const json_t *of);
/* 1 = found, as new references: what pb_results_put_product was given; 0 = not there. */
int pb_results_get_product(pb_results *r, const json_t *of, json_t **document, json_t **database);
void pb_results_put_product(pb_results *r, const json_t *of, json_t *document, json_t *database); /* one of more than 4 MiB is not kept */

void pb_results_flush(pb_results *r);

#endif
