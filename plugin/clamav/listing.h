/* True names for members whose names ClamAV does not tell in full. Private to frame.c. */
#ifndef PROBITY_CLAMAV_LISTING_H
#define PROBITY_CLAMAV_LISTING_H

#include "base/json.h"

typedef struct pb_listed {
	const char *path; /* display form; borrowed from the fact */
	uint64_t size;
	bool taken;
} pb_listed;

/* {0} is a valid empty listing. */
typedef struct pb_listing {
	json_t *members;
	pb_listed *row; /* the files of more than 5 bytes, in the order of the container */
	size_t n, next; /* next: the row after the one taken last */
	bool ordered;   /* members are delivered in just this order */
} pb_listing;

/* Takes the reference to a members fact (NULL: stays empty). Where memory runs out it stays empty too: names are then as ClamAV
 * tells them. */
void pb_listing_open(json_t *members, bool ordered, pb_listing *out);
void pb_listing_close(pb_listing *l);

/* The true name of the member that ClamAV calls name (display form; NULL: nothing), of this size, or NULL. Borrowed. */
const char *pb_listing_take(pb_listing *l, const char *name, uint64_t size);

#endif
