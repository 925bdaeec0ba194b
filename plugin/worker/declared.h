/* Reduce: what the product's packages and the documents beside it declare, held against what was observed, in both directions. */
#ifndef PROBITY_WORKER_DECLARED_H
#define PROBITY_WORKER_DECLARED_H

#include "worker/join.h"

enum { PB_DECLARED_ROWS = 500 };

/* A new array of {"what","value","declared","observed","by"}, sorted by what, then value, each once; at most PB_DECLARED_ROWS. Empty where
 * nothing could declare anything: no package with metadata, no document that was read and speaks of this product. what:
 *   capability  of code ("net-connect")
 *   port        "22/tcp"; observed: something can wait for connections at all (which port is not told by bytes)
 *   host        that may get data; observed: code that can open connections names it, or one below it
 *   region      where data may be; observed: the name of such a host tells it
 * A row is declared, observed, or both. What no document of a kind speaks of has no undeclared rows: hosts and regions are held
 * against data manifests, capabilities against packages and statements. by: the document; of a package "NAME: FIELD (WORD)"; ""
 * where declared is false. NULL: no memory. */
json_t *pb_declared_of(const pb_join *j, const json_t *packages, const json_t *inventory, const json_t *endpoints);

#endif
