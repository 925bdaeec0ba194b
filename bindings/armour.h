/* PEM armour in hostile bytes: a file of its own, or a string in somebody's source code. Private to bindings/; no Lua. */
#ifndef PROBITY_BINDINGS_ARMOUR_H
#define PROBITY_BINDINGS_ARMOUR_H

#include "base/bytes.h"

enum { PB_ARMOUR_BYTES = 65536 };

typedef struct pb_armour {
	const char *kind; /* "RSA PRIVATE KEY": in the bytes that were read, not NUL-terminated */
	size_t kind_length;
	bool private, encrypted;
	size_t size;   /* bytes of the decoded body */
	size_t length; /* bytes of the block, from the first to the last dash */
} pb_armour;

bool pb_armour_begins(pb_bytes b); /* "-----BEGIN " at its start? */

/* Reads the block at the start of b. body: room for b.size bytes. false: no armour, it does not decode, or what it decodes to
 * is no plausible key or certificate. */
bool pb_armour_read(pb_bytes b, uint8_t *body, pb_armour *out);

#endif
