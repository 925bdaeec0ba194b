/* One product under way: what was said of it so far, each message checked. */
#ifndef PROBITY_KEEPER_GATHER_H
#define PROBITY_KEEPER_GATHER_H

#include "keeper/results.h"
#include "wire/message.h"

typedef struct pb_gather pb_gather;

/* What a product is, as far as its bytes are concerned. */
typedef struct pb_identity {
	char sha256[65], kind[32];
	uint64_t size;
} pb_identity;

/* name: display form, the first element of all its paths; copied. results: borrowed. NULL: no memory. */
pb_gather *pb_gather_new(const char *name, pb_results *results);
void pb_gather_free(pb_gather *a);

/* A record, limit or detection. Malformed ones become a limit on the product: they may have been about anything. 0, PB_ENOMEM, PB_EIO (no
 * room for records), PB_ELIMIT (more records than a product may have). */
int pb_gather_take(pb_gather *a, pb_message type, pb_bytes payload);
int pb_gather_limit(pb_gather *a, const json_t *path, const char *why); /* path NULL: the product as a whole */
/* An item as a whole (PB_MSG_ITEM). 0; PB_ECORRUPT: malformed. */
int pb_gather_item(pb_bytes payload, pb_identity *out);

size_t pb_gather_records(const pb_gather *a);
uint64_t pb_gather_bytes(const pb_gather *a); /* sum of the records' sizes */
const char *pb_gather_name(const pb_gather *a);
int pb_gather_rename(pb_gather *a, const char *name); /* 0, PB_ENOMEM */
json_t *pb_gather_limits(pb_gather *a); /* borrowed array, for more of them */
/* The product's own record, once it has come: a path of one element. NULL before. Borrowed. */
const pb_identity *pb_gather_root(const pb_gather *a);
bool pb_gather_detected(const pb_gather *a); /* did a signature of ClamAV match anything in it? */
/* Would the same bytes come to the same once more? Not where there is a limit (a process may have died, time or memory run out, something been
 * lost), a detection, or a check that could not be run on an object. */
bool pb_gather_repeatable(const pb_gather *a);

/* The inventory of an earlier version that the product is to be held against; borrowed until it is freed. */
void pb_gather_previous(pb_gather *a, json_t *inventory);

/* What the documents say that were handed in ("probity-evidence/1"); borrowed until it is freed. */
void pb_gather_evidence(pb_gather *a, json_t *evidence);

/* Where data may be, of the policy (score/policy.h); NULL: nothing is demanded. Borrowed until pb_gather_input. */
void pb_gather_regions(pb_gather *a, json_t *regions);

/* Everything as the input of a reducer: a memfd, or -1 with err. members: the listing of a folder, NULL where it is none. */
int pb_gather_input(pb_gather *a, const pb_identity *id, int64_t as_of, const json_t *database, const json_t *members, pb_error *err);

#endif
