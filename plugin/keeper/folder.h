/* A folder has no bytes of its own: its digest is that of what it holds. */
#ifndef PROBITY_KEEPER_FOLDER_H
#define PROBITY_KEEPER_FOLDER_H

#include "keeper/gather.h"

/* The digest of a folder: SHA-256 of what `sha256sum` would print for its files in byte order (links as "-> target  path"). members: a listing as
 * object/archive.h has it; digests: {path: sha256} of files that the listing has none of ("?" where neither has). 0, PB_ENOMEM. */
int pb_folder_digest(const json_t *members, const json_t *digests, char out[65]);

/* What a product of many scans is as a whole: its members as they were seen, kind "folder", digest, size. listing: of a folder that could be
 * walked; NULL: what was scanned stands for it. Limits that the listing makes good are taken from said. *members: new reference. */
int pb_folder_members(const json_t *listing, pb_gather *said, const json_t *digests, json_t **members, pb_identity *id, pb_error *err);

#endif
