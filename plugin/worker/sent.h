/* Which results went to the keeper already? One set of keys (wire/known.h) per open assessment. Losing one costs time, never a
 * result. */
#ifndef PROBITY_WORKER_SENT_H
#define PROBITY_WORKER_SENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	PB_SENT_TAGS = 256 /* the longest unused set goes first */,
	PB_SENT_KEYS = 4 << 20 /* of all sets; more are not noted */
};

typedef struct pb_sent pb_sent;
pb_sent *pb_sent_new(void); /* NULL: no memory */
void pb_sent_free(pb_sent *s);

bool pb_sent_has(pb_sent *s, uint32_t tag, const uint8_t key[16]);
void pb_sent_add(pb_sent *s, uint32_t tag, const uint8_t key[16]);
void pb_sent_end(pb_sent *s, uint32_t tag); /* the assessment is over */

#endif
