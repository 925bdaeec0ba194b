/* The log's last line, noted where who can write the store's file cannot reach: a chain whose end was cut off still holds. */
#ifndef PROBITY_CLI_ANCHOR_H
#define PROBITY_CLI_ANCHOR_H

#include <stdbool.h>

#include "store/store.h"

enum { PB_ANCHOR_SECONDS = 3600, PB_ANCHOR_LINES = 1000, PB_ANCHOR_TEXT = 240 };

typedef struct pb_anchor {
	int64_t line, time; /* of what was noted last; zero: nothing yet */
	char digest[65];
} pb_anchor;

typedef enum pb_anchored { PB_ANCHOR_NOT_NOW, PB_ANCHOR_NOTE, PB_ANCHOR_BROKEN /* the line that was noted before is not there any more */ } pb_anchored;

/* Is it time to note it? With new lines: after an hour, or as soon as there are 1000 of them; anyway: also without. out: the words to
 * note. Not now, too, where the store does not tell: others say so. store may be NULL. */
pb_anchored pb_anchor_look(pb_anchor *a, pb_store *store, int64_t now, bool anyway, char out[PB_ANCHOR_TEXT]);

#endif
