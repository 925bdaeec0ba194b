/* What the boxed roles share: everything that is not theirs closed, then the box. */
#ifndef PROBITY_WORKER_INSIDE_H
#define PROBITY_WORKER_INSIDE_H

#include "box/box.h"
#include "wire/role.h"

enum { PB_INSIDE_CPU_SECONDS = 7200 }; /* of one process, all its work together */

/* Closes all descriptors but keep[0..n) and the standard ones, which lead nowhere from now on (a sanitizer keeps its standard
 * error), and shuts the box: args {"memory":bytes, default 2 GiB}. file: how long files among them may become. 0 or a code with err. */
int pb_inside(const pb_role_args *args, const int *keep, size_t n, uint64_t file, pb_error *err);

/* {...} of args, NULL where it is missing or no object. Borrowed. */
const json_t *pb_inside_object(const pb_role_args *args, const char *key);

#endif
