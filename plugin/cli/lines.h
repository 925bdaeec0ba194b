/* Lines for people (from outside or not, safe for a terminal, never wider than 100 columns) and for programs. */
#ifndef PROBITY_CLI_LINES_H
#define PROBITY_CLI_LINES_H

#include "base/json.h"

enum { PB_LINES_WIDTH = 100 };

/* Words to stdout, begun at column indent; what does not fit goes on below, two columns further in. */
void pb_line(int indent, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* "12,345,678" into out, which is returned. */
const char *pb_thousands(int64_t n, char out[32]);
/* "512 bytes", "1.5 KiB", "256 MiB" */
const char *pb_bytes_words(int64_t n, char out[32]);
/* "0.02 ms", "1.5 s" */
const char *pb_time_words(int64_t nanoseconds, char out[32]);
/* One canonical line; takes the reference. 0, or PB_EXIT_ERROR where memory ran out (also where row is NULL). */
int pb_print_json(json_t *row);

#endif
