/* One line on a terminal's stderr while long work goes on. */
#ifndef PROBITY_CLI_PROGRESS_H
#define PROBITY_CLI_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct pb_progress {
	bool on;        /* stderr is a terminal and nobody asked for silence */
	int64_t began, shown; /* monotonic milliseconds */
	uint64_t objects, bytes;
} pb_progress;

void pb_progress_begin(pb_progress *p, bool on);
/* path: display form. Draws at most ten times a second. */
void pb_progress_show(pb_progress *p, const char *path);
/* "reports: 120 of 5000", likewise. */
void pb_progress_count(pb_progress *p, const char *what, uint64_t done, uint64_t of);
void pb_progress_end(pb_progress *p); /* wipes the line */

#endif
