/* Could something lie in these bytes that ClamAV would show? Asked of objects that it left closed because it knows them (its clean
 * cache), to leave those alone that hold nothing anyway: most texts, pictures, programs. Private to the tracker. */
#ifndef PROBITY_CLAMAV_MAY_HOLD_H
#define PROBITY_CLAMAV_MAY_HOLD_H

#include "object/kind.h"

/* Bytes that are looked at in pieces, as they come, the first of at least 512 bytes where there are so many. */
typedef struct pb_may_hold {
	bool sure;         /* no need to look: it may */
	unsigned words;    /* which words are looked for: private, as all that follows */
	bool boot;         /* a boot sector at its beginning counts */
	uint8_t tail[32];  /* the last of them: a word may lie across two pieces */
	size_t tails;
	bool found;
} pb_may_hold;

/* clam_type: ClamAV's own, "" unknown. */
pb_may_hold pb_may_hold_begin(const pb_kind *kind, const char *clam_type);
/* A mail of which only what hangs on it is of interest. */
pb_may_hold pb_may_hold_mail(void);
/* The next bytes; true: it may hold something, no more is needed. */
bool pb_may_hold_more(pb_may_hold *m, pb_bytes piece);

#endif
