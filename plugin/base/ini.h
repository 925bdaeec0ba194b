/* INI files (through inih): configuration, policies, lists that people edit. */
#ifndef PROBITY_BASE_INI_H
#define PROBITY_BASE_INI_H

#include "base/bytes.h"
#include "base/error.h"

/* One key of a section. Return 0 to go on, or a negative code after pb_fail(err, ...) with words that do not name file and
 * line: pb_ini_read puts "FILE:LINE: " in front. */
typedef int (*pb_ini_fn)(void *user, const char *section, const char *key, const char *value, int line, pb_error *err);

/* Reads the file (at most 4 MiB) and calls fn for each key in order. Malformed lines, a NUL byte and invalid UTF-8 are errors
 * that name file and line. 0 or a negative code. */
int pb_ini_read(const char *file, pb_ini_fn fn, void *user, pb_error *err);

/* The same of a text in memory. *line is the line that is being read, and after a failure the one to blame (0: none); err says
 * what is wrong without a place. continued: NULL, or an indented line goes on with the value of the key before it, and *continued
 * says during fn whether `value` is such a line. */
int pb_ini_parse(pb_bytes text, pb_ini_fn fn, void *user, int *line, bool *continued, pb_error *err);

#endif
