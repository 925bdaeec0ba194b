/* How wide is text on a terminal? No locale: a table decides, the same on every machine. Text is inert already (base/text.h). */
#ifndef PROBITY_BASE_WIDTH_H
#define PROBITY_BASE_WIDTH_H

#include <stddef.h>

/* The unit at s, which is not empty: one character, or one escape of the display form (\x1b, \u{202e}). Returns its
 * bytes and the columns it takes, never less than a terminal shows. */
size_t pb_width_unit(const char *s, int *columns);

/* Columns that the text takes at most: wide scripts count 2, what combines counts 1. */
int pb_width(const char *text);
/* At most width columns of the text, "..." in the middle where something was left out; never splits a character or an
 * escape such as \x1b. Fresh string; NULL where memory ran out. */
char *pb_width_shorten(const char *text, int width);

#endif
