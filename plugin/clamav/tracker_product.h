/* What a product is in a foreign host, and what it is called there. Private to the tracker. */
#ifndef PROBITY_CLAMAV_TRACKER_PRODUCT_H
#define PROBITY_CLAMAV_TRACKER_PRODUCT_H

#include "base/json.h"
#include "object/kind.h"
#include "object/path.h"

typedef enum pb_grouping { PB_GROUP_FILE, PB_GROUP_PATH, PB_GROUP_RUN } pb_grouping;

typedef struct pb_prefix {
	const char *path, *name; /* "/abs/downloads" without a slash at its end, "downloads" */
} pb_prefix;

/* The tracker's part of the configuration; all strings borrowed from the JSON that it was read from. */
typedef struct pb_wants {
	const json_t
	    *kinds; /* array of words: a group (tracker_product.c), a class or a kind; NULL: the default groups */
	pb_grouping group;
	pb_prefix *prefix;
	size_t n_prefixes;
} pb_wants;

/* args: {"kinds":[...],"group":"file"|"path"|"run","prefixes":[{"path","name"}]}, each may be missing; NULL: none. Must
 * outlive out. 0, PB_ENOMEM, PB_EINPUT with err. */
int pb_wants_read(const json_t *args, pb_wants *out, pb_error *err);
void pb_wants_free(pb_wants *w);

/* Is an outermost object of this kind and name class (object/kind.h) a product? */
bool pb_wants_kind(const pb_wants *w, const pb_kind *kind, const char *name_class);

/* The kind that ClamAV's own type stands for, where the bytes were never seen; "data" where it says nothing. */
const pb_kind *pb_kind_of_clam_type(const char *type);

/* Is what ClamAV types so a product, where its bytes were never seen? What the type leaves open is one: never silence.
 */
bool pb_wants_unseen(const pb_wants *w, const char *clam_type);

/* Where a scan belongs. */
typedef struct pb_place {
	bool grouped; /* part of a product that holds many scans: tag is given */
	uint32_t tag; /* else the tracker chooses one */
	pb_path base; /* the chain of the scanned thing in its product */
	char *name;   /* display form, last element */
	char *path;   /* display form of the best that is known */
} pb_place;

/* name: as the host gave it; path: where the descriptor leads; raw, either may be empty. 0, PB_ENOMEM. */
int pb_place_of(const pb_wants *w, pb_bytes name, pb_bytes path, pb_place *out);
void pb_place_free(pb_place *p);

/* Does a lie at or below chain? */
bool pb_path_within(const pb_path *a, const pb_path *chain);

#endif
