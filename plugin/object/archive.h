/* Containers through libarchive: list what they hold, or unpack what ClamAV does not open. In memory, and in
 * files that the caller gives. */
#ifndef PROBITY_OBJECT_ARCHIVE_H
#define PROBITY_OBJECT_ARCHIVE_H

#include "base/error.h"
#include "object/kind.h"
#include "object/limits.h"

/* The members of a container as the `members` fact (probity.MembersFact in bindings/types/facts.lua), or NULL with err set where it cannot be
 * read at all. A container that ends in an error is listed up to there with "complete": false and "why". max: most entries. */
json_t *pb_archive_list(pb_bytes bytes, const pb_kind *kind, size_t max, pb_error *err);

/* One unpacked member. name: display form, NULL for the payload of a compression layer. bytes are valid during the call. Return
 * 0 to go on, else unpacking stops and returns that code. */
typedef int (*pb_member_fn)(void *user, const char *name, pb_bytes bytes);

typedef struct pb_unpack {
	const pb_budget *budget;
	uint64_t *total;      /* in/out: unpacked bytes so far of the top-level file */
	uint64_t *members;    /* in/out: members so far of the top-level file */
	const pb_path *path;  /* the container's own chain, for limits */
	pb_limit_fn limit;
	pb_member_fn member;
	/* Called before the members of a tar in the container that is too large to be one object are handed over, and with NULL after them. Where it
	 * is NULL such a tar is unpacked as every member. */
	int (*within)(void *user, const char *name);
	/* A new file for a member of more than 32 MiB (base/scratch.h), taken over; -1: there is none, the member is left out. NULL: all members
	 * are unpacked in memory. */
	int (*file)(void *user);
	void *user;           /* handed to all of them */
} pb_unpack;

/* Unpacks every regular member of a container whose kind's opener is PB_OPENS_LIBARCHIVE (ar/deb, rpm, cpio inside rpm, zstd,
 * lzma, lz4, lzip, compress, zip with methods that ClamAV lacks). What is left out is told through limit. 0, the member
 * function's code, or PB_ENOMEM; broken archives are a limit, not an error. */
int pb_archive_unpack(pb_bytes bytes, const pb_kind *kind, const pb_unpack *how);

#endif
