/* Files of our own: rules, policies, reports. (Product bytes come through object/.) */
#ifndef PROBITY_BASE_FS_H
#define PROBITY_BASE_FS_H

#include "base/buf.h"
#include "base/error.h"

/* The whole of a regular file, at most max bytes, into out (emptied first). Refuses FIFOs and devices without blocking. */
int pb_fs_read(const char *file, size_t max, pb_buf *out, pb_error *err);

/* Writes atomically: a temporary file beside it, fsync, rename. */
int pb_fs_write(const char *file, const void *data, size_t n, pb_error *err);

/* Regular files below dir (recursively, symbolic links to files followed, to folders not) whose names end in suffix (NULL =
 * all), as paths relative to dir, sorted by byte. *names is yours: free with pb_fs_names_free. At most 100,000. */
int pb_fs_names(const char *dir, const char *suffix, char ***names, size_t *count, pb_error *err);
void pb_fs_names_free(char **names, size_t count);

char *pb_fs_join(const char *dir, const char *name); /* fresh "dir/name"; NULL when memory ran out */

char *pb_fs_parent(const char *path); /* fresh "dir" of "dir/name", "." of "name"; NULL when memory ran out */

/* Where rulesets/ and scripts/ live: $PROBITY_DATA, else the build tree or the prefix that this executable lies in, else
 * PROBITY_DATADIR.
 * Fresh string. */
char *pb_fs_data_dir(void);

#endif
