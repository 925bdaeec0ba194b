/* Objects that nobody wants to have in memory as a whole: in pieces through the ring. */
#include <stdlib.h>
#include <string.h>

#include "wire/lane.h"

enum { HEAD = sizeof(uint64_t), MOST = PB_LANE_TEXT - HEAD };

int pb_lane_put_spread(pb_lane *l, const pb_lane_object *o)
{
	pb_lane_object whole = *o;
	int rc = o->bytes.size > PB_LANE_AREA ? PB_ELIMIT : 0;
	char *text = malloc(PB_LANE_TEXT);
	if (text == NULL)
		return PB_ENOMEM;
	for (uint64_t at = 0; at < o->bytes.size && !rc; at += MOST) {
		pb_bytes piece = pb_slice(o->bytes, (size_t)at, MOST);
		memcpy(text, &at, HEAD);
		memcpy(text + HEAD, piece.data, piece.size);
		rc = pb_lane_note(l, o->tag, PB_MSG_PIECE, text, HEAD + piece.size);
	}
	free(text);
	whole.bytes.data = NULL;
	whole.spread = true;
	return rc ? rc : pb_lane_put(l, &whole);
}

bool pb_lane_piece(pb_bytes text, uint64_t *at, pb_bytes *bytes)
{
	if (text.size <= HEAD)
		return false;
	memcpy(at, text.data, HEAD);
	*bytes = pb_slice(text, HEAD, text.size - HEAD);
	return *at <= PB_LANE_AREA && bytes->size <= PB_LANE_AREA - *at;
}
