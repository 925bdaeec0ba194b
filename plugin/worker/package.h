/* Reduce: which packages is the product made of, what do they say of themselves, and what do they run when they are installed? */
#ifndef PROBITY_WORKER_PACKAGE_H
#define PROBITY_WORKER_PACKAGE_H

#include "worker/join.h"

/* A new array, in path order, the schema in README.md of this room. NULL: no memory. */
json_t *pb_packages_of(const pb_join *j);

/* The package that is the product itself (not one of several, not one nested deep inside); NULL where there is none. Borrowed. */
const json_t *pb_package_main(const json_t *packages);

#endif
