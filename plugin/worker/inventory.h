/* Reduce: what a product reaches, may do, runs and needs, in short lists that can be held against those of another version. */
#ifndef PROBITY_WORKER_INVENTORY_H
#define PROBITY_WORKER_INVENTORY_H

#include "worker/join.h"

/* A new object of sorted lists of texts, each once; an empty one is left out. version: of the product; where it stands in a place it is "*", so
 * that places of two versions are the same. The schema is in report/probity-report-1.schema.json. NULL: no memory.
 *   hosts         that code and settings name (no documents, no tests)
 *   capabilities  of its code
 *   scripts       "postinstall of x: node y.js", "postinst of x: sha256 0123456789abcdef"
 *   makers        who answers for its packages; signers: whom its binaries' signatures name
 *   privileged    "4755 usr/bin/x"
 *   dependencies  names
 *   opaque        places that could not be looked into
 *   cut           names of lists that are not complete */
json_t *pb_inventory_of(const pb_join *j, const json_t *packages, const char *version);

/* Does the list "hosts" take from this row? */
bool pb_inventory_names_hosts(const pb_row *r);

#endif
