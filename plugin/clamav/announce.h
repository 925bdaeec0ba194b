/* The members that a container announces (meta callbacks), waiting to be delivered. Private to frame.c. */
#ifndef PROBITY_CLAMAV_ANNOUNCE_H
#define PROBITY_CLAMAV_ANNOUNCE_H

#include "base/bytes.h"

typedef struct pb_announced {
	char *name;    /* raw, as ClamAV gave it */
	uint64_t size;
	bool encrypted;
	bool zip;      /* as a member of a zip */
	bool guest;    /* of an archive that ClamAV sees in an object that is none */
	bool cut;      /* a guest of which fewer bytes came than were announced */
	bool taken;    /* delivered, or told already why not */
	bool doubled;  /* was announced a second time, as ClamAV does with the members of a zip */
	size_t next;   /* in its bucket; SIZE_MAX: the last */
} pb_announced;

/* {0} is a valid empty list. */
typedef struct pb_announcements {
	pb_announced *item;
	size_t n, cap;
	size_t *first, *last; /* per bucket of equal hashes of base names */
	size_t n_buckets;
} pb_announcements;

void pb_announcements_free(pb_announcements *a);

/* Adds a member; its index, or SIZE_MAX when memory ran out. */
size_t pb_announce(pb_announcements *a, const char *name, uint64_t size, bool encrypted, bool zip);

/* Is this the same member as the one announced last? */
bool pb_announced_again(const pb_announcements *a, const char *name, uint64_t size, bool encrypted);

/* Takes the first member waiting that is called like name and has this size, else the first called like it; NULL: none. A name
 * without a slash stands for its base name. */
pb_announced *pb_announced_take(pb_announcements *a, const char *name, uint64_t size);

/* Does name, as an inspection gives it, stand for the announced one? */
bool pb_announced_is(const pb_announced *item, const char *name);

/* A guest with a name that hardly anybody gives a file: not of printable ASCII, or without any letter or digit. */
bool pb_announced_garbled(const pb_announced *item);

#endif
