/* The files below a folder of evidence, in byte order; no link is followed. */
#ifndef PROBITY_CLI_DOSSIER_FOLDER_H
#define PROBITY_CLI_DOSSIER_FOLDER_H

#include "base/error.h"

/* name: display form of its path below the folder. fd: open for reading, stays the caller's (mine); -1: it is no file, and why says what. 0 or a code, which ends it. */
typedef int (*pb_dossier_file_fn)(void *user, const char *name, int fd, const char *why);

/* dir: taken over. Folders more than 16 deep and those that bring the entries to more than
 * 100,000 are told as what is no file, and not looked into. 0 or a code with err. */
int pb_dossier_folder(int dir, pb_dossier_file_fn file, void *user, pb_error *err);

#endif
