/* What clamd's unit files say about LD_PRELOAD already. Private to enable*.c. */
#ifndef PROBITY_CLI_ENABLE_PRELOAD_H
#define PROBITY_CLI_ENABLE_PRELOAD_H

#include "base/error.h"

#define PB_CLAMD_UNIT   "clamav-daemon.service"
#define PB_DROP_IN_NAME "50-probity.conf"

/* Reads the unit and its drop-ins below root ("" or a folder) in systemd's order, without our own. *value: what LD_PRELOAD has to be so
 * that library is in it, and what was there before ours stays: a fresh string. PB_EINPUT: there is no such unit, or a file that comes after
 * ours (or in a way that this reader does not understand) sets it without the library; err names the file and what to do. */
int pb_preload_value(const char *root, const char *library, char **value, pb_error *err);

/* The file of a unit below root, as a fresh path with root; NULL where there is none. */
char *pb_unit_file(const char *root, const char *unit);

#endif
