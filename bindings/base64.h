/* One character of base64 at a time. Private to bindings/. */
#ifndef PROBITY_BINDINGS_BASE64_H
#define PROBITY_BINDINGS_BASE64_H

#include <stdbool.h>
#include <stdint.h>

typedef struct pb_base64 {
	uint32_t bits; /* not yet a byte */
	int n_bits;
	int digits; /* seen, modulo 4 */
} pb_base64;

/* The value of a character: 0..63, or -1. Both alphabets: '+' and '-', '/' and '_'. */
int pb_base64_value(unsigned char c);
/* Takes one value; true: *out is the next byte. */
bool pb_base64_take(pb_base64 *b, int value, uint8_t *out);
/* The end, after `padding` signs '=': are the digits whole bytes, and is the padding right (or, if allowed, missing)? */
bool pb_base64_done(const pb_base64 *b, int padding, bool may_miss);

#endif
