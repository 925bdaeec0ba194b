/* Reduce: what the product is made of, as far as its bytes say: what a bill of materials has to list. */
#ifndef PROBITY_WORKER_COMPONENTS_H
#define PROBITY_WORKER_COMPONENTS_H

#include "worker/join.h"

enum { PB_COMPONENTS_MOST = 50000 };

/* A new array of {"name","version","purl","from","path","sha256"}, texts "" where unknown, by purl, name, version, path and where it is
 * from, each once. Besides, where they are known: "source", "source_version" (Debian: the source package), "main": true (the package
 * that the product is). What lies in tests, examples and documents is left out. *cut: there were more than PB_COMPONENTS_MOST. NULL: no memory. */
json_t *pb_components_of(const pb_join *j, const json_t *packages, bool *cut);

#endif
