/* Text from outside: made safe to print, to store and to compare. */
#ifndef PROBITY_BASE_TEXT_H
#define PROBITY_BASE_TEXT_H

#include "base/bytes.h"

/* The display form of any bytes, as a fresh string (free it; NULL when memory ran out): printable UTF-8 stays as it
 * is; control characters, invalid UTF-8 and the backslash become \xNN; characters that change how a line is read
 * (C1 controls, bidirectional controls, zero-width, line and paragraph separators, tags) become \u{NNNN}. Nothing else
 * is escaped, so two different inputs never have one display form. At most max bytes of output (0 = no limit); a cut is
 * shown by a trailing "…" and never splits a character or an escape. */
char *pb_text_display(const void *bytes, size_t n, size_t max);

/* Same, but newline and tab stay (for multi-line output that we lay out ourselves). */
char *pb_text_display_lines(const void *bytes, size_t n, size_t max);

/* For messages, which may hold display forms already: control characters, invalid UTF-8 and what changes how a line is
 * read are escaped, the backslash stays, so that escaping twice changes nothing. */
char *pb_text_safe(const char *text, size_t max);

bool pb_text_utf8(const void *bytes, size_t n); /* well-formed UTF-8 (no surrogates, no overlong form) */

/* The character at p, of n bytes there: its length 1..4 and *c, or 0 where the bytes are no well-formed UTF-8. */
size_t pb_text_decode(const uint8_t *p, size_t n, uint32_t *c);

/* The nearest of n candidates to word by edit distance, for "did you mean"; NULL where none is near (distance > 1 + len/3). */
const char *pb_text_nearest(const char *word, const char *const *candidates, size_t n);

/* Glob match on '/'-separated paths, by characters: '*' and '?' do not cross '/', '**' does (and "**" "/" also stands for no
 * folder at all), '[a-z]' and '[!a-z]' sets, never a '/'. No escape character. Bounded: O(len * pattern); a pattern
 * of more than 1000 characters matches nothing. */
bool pb_text_glob(const char *pattern, const char *path);

/* A decimal integer in [lo, hi], the whole string; false otherwise. */
bool pb_text_int(const char *s, int64_t lo, int64_t hi, int64_t *out);

#endif
