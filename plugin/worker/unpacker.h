/* The role "unpacker": a pack of rules that came as a .tar.gz, to its files, inside of the box. */
#ifndef PROBITY_WORKER_UNPACKER_H
#define PROBITY_WORKER_UNPACKER_H

#include "base/bytes.h"
#include "wire/role.h"

enum { PB_UNPACKER_BYTES = 64 << 20 /* of the archive */ };

/* args: fd[0] stream socket, fd[1] the archive, open for reading. Sends each file as a PB_MSG_RECORD: its path below the archive's root, a
 * NUL, its bytes; then PB_MSG_DONE, or PB_MSG_ERROR with words. Links, devices and paths that lead out are errors, and so is damage: there
 * is no half of a pack. Whoever takes it checks paths and sizes again: this process has read hostile bytes. Returns 0, or 1. */
int pb_unpacker_main(void *state, const pb_role_args *args);

/* What it does inside: each file of a .tar.gz to file(), whose code ends it. path: as pb_pack_path_ok wants it. 0, file's code, or PB_EINPUT,
 * PB_ECORRUPT, PB_ELIMIT, PB_ENOMEM with words. */
typedef int (*pb_unpacked_fn)(void *user, const char *path, pb_bytes content, pb_error *err);
int pb_unpack_pack(pb_bytes archive, pb_unpacked_fn file, void *user, pb_error *err);

#endif
