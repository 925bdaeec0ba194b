/* Folders as products: the files below a folder, in byte order, without following links. */
#ifndef PROBITY_OBJECT_WALK_H
#define PROBITY_OBJECT_WALK_H

#include "base/error.h"
#include "object/limits.h"

typedef struct pb_walk_file {
	char *path;    /* relative to the root, raw bytes, '/'-separated; owned by the walk */
	uint64_t size;
} pb_walk_file;

typedef struct pb_walk {
	pb_walk_file *files; /* regular files of more than 5 bytes, sorted by path bytes */
	size_t n_files;
	json_t *members;     /* the `members` fact ("format":"folder"): all entries, also links, devices, tiny files */
	uint64_t bytes;      /* sum of sizes of all regular files */
} pb_walk;

/* Opens nothing but directories and files of at most 5 bytes; never blocks on FIFOs or devices; survives link loops,
 * unreadable folders (told through limit, as are FIFOs, sockets, devices) and entries that vanish. Looks at no more than
 * max_files entries. Limits come with the chain {root name, entry}; the root name is the last element of root as given, or of
 * what it stands for where that is "." or "..". 0, PB_EIO (root cannot be opened), PB_ENOMEM. */
int pb_walk_folder(const char *root, size_t max_files, pb_limit_fn limit, void *user, pb_walk *out, pb_error *err);
void pb_walk_free(pb_walk *w);

#endif
