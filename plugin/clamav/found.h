/* What ClamAV detected during one scan. Private to frame.c. */
#ifndef PROBITY_CLAMAV_FOUND_H
#define PROBITY_CLAMAV_FOUND_H

#include "clamav/frame.h"

typedef struct pb_found {
	pb_detection *at;
	size_t n, cap;
	bool full; /* more were raised than are kept */
} pb_found;

/* What a signature name says of ClamAV's own limits, in words; NULL where it is a detection. */
const char *pb_found_limit(const char *signature);

/* Adds a detection, once per (path, signature). NULL, or what is to be told as a limit: no memory, too many. */
const char *pb_found_add(pb_found *f, const pb_path *path, const char *sha256, const char *signature);

void pb_found_free(pb_found *f);

#endif
