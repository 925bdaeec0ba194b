/* How wide is text on a terminal? No locale: a table decides, the same on every machine. Private to this folder. */
#ifndef PROBITY_REPORT_WIDTH_H
#define PROBITY_REPORT_WIDTH_H

#include <stddef.h>

/* The unit at s, which is not empty: one character, or one escape of the display form (\x1b, \u{202e}). Returns its
 * bytes and the columns it takes, never less than a terminal shows. */
size_t pb_width_unit(const char *s, int *columns);

#endif
