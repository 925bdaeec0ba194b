/* Base64, strict: one spelling for each text, so that nobody reads two things into it. */
#ifndef PROBITY_BASE_BASE64_H
#define PROBITY_BASE_BASE64_H

#include "base/buf.h"

/* Padded, of one alphabet ('+' and '/', or '-' and '_'), no blanks, no bits left over; added to out. 0; PB_EINPUT; PB_ENOMEM, PB_ELIMIT (out's). */
int pb_base64_decode(const char *text, size_t n, pb_buf *out);

/* With '+' and '/', padded, on one line; added to out. 0; PB_ENOMEM, PB_ELIMIT. */
int pb_base64_encode(pb_bytes b, pb_buf *out);

#endif
