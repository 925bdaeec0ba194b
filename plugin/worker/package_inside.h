/* How a package is put together. Private to package*.c. */
#ifndef PROBITY_WORKER_PACKAGE_INSIDE_H
#define PROBITY_WORKER_PACKAGE_INSIDE_H

#include "worker/package.h"

json_t *pb_package_new(const char *kind, const pb_row *root); /* with the root's path and digest, and no scripts; NULL: no memory */
/* Copies what the fact has, under the names that checks use: {fact's name, name}. 0, PB_ENOMEM. */
int pb_package_copy(json_t *package, const json_t *facts, const char *const map[][2], size_t n);
/* Something that is run when the package is installed or removed: a command, a file, or both. 0, PB_ENOMEM. */
int pb_package_script(json_t *package, const char *name, const char *command, const pb_row *file);
size_t pb_package_slashes(const char *path);

/* Does all that lies below the package's path belong to it (a .deb), or what lies beside its manifest (npm)? */
bool pb_package_whole(const char *kind);
/* The row at the first depth elements of the path; NULL: there is none. */
const pb_row *pb_package_row_at(const pb_join *j, const json_t *path, size_t depth);

/* package_about.c: of rows that have the fact "package", and of PKG-INFO. *out: a new package, NULL where the row is none of its own. */
int pb_package_about(const pb_join *j, const pb_row *r, json_t **out);
bool pb_package_is_sdist(const pb_row *r);
int pb_package_sdist(const pb_join *j, const pb_row *r, json_t **out);

#endif
