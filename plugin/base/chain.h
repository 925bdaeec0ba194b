/* A log whose lines hold each other: each is canonical JSON with its number "n" (1, 2, 3, ...) and "previous", the SHA-256 of the line before it (64 zeros
 * in the first). plugin/store/README.md says how to check one by hand. One code for who writes such lines and for who reads them elsewhere. */
#ifndef PROBITY_BASE_CHAIN_H
#define PROBITY_BASE_CHAIN_H

#include "base/json.h"

enum { PB_CHAIN_LINE = 1 << 20 }; /* bytes of a line */

typedef struct pb_chain {
	int64_t lines; /* number of the last line, 0: none yet */
	char head[65]; /* its digest, 64 zeros: none yet */
} pb_chain;

void pb_chain_begin(pb_chain *c);

/* Sets line's number and "previous", and adds it to c. Its canonical text, fresh; NULL where memory ran out: c is as it was. */
char *pb_chain_add(pb_chain *c, json_t *line);

/* Is text the line behind the others? line: what it parses to. Then it is added to c: 0. PB_ECORRUPT with why in err's words, c as it was; PB_ENOMEM. */
int pb_chain_next(pb_chain *c, pb_bytes text, const json_t *line, pb_error *err);

#endif
