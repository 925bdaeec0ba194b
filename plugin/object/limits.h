/* Budgets of unpacking, and the list of what they left out: never silence. */
#ifndef PROBITY_OBJECT_LIMITS_H
#define PROBITY_OBJECT_LIMITS_H

#include "object/path.h"

typedef struct pb_budget {
	uint32_t depth;         /* container levels, default 32 */
	uint64_t members;       /* objects of one top-level file, default 500,000 */
	uint64_t member_bytes;  /* bytes of one file or unpacked member, default 2 GiB - 3: what ClamAV takes */
	uint64_t memory_bytes;  /* the same of a member that ClamAV unpacks: the reader has it in memory for a moment. Default 1 GiB; 0: member_bytes */
	uint64_t total_bytes;   /* unpacked bytes of one top-level file, default 16 GiB */
	uint64_t ratio;         /* unpacked : packed of one container, default 1,000, judged once 16 MiB were unpacked */
	uint32_t seconds;       /* wall time of one top-level file, default 600: a backstop, no measure of anything */
} pb_budget;
extern const pb_budget pb_budget_default;

/* Reasons that more than one place gives. */
#define PB_WHY_ENCRYPTED "encrypted"
#define PB_WHY_DAMAGED "damaged or truncated: only what comes before was examined"
#define PB_WHY_PACKING "packed in a way that nobody here unpacks"
#define PB_WHY_DEEP "nested too deeply"
#define PB_WHY_MEMORY "memory ran out"
#define PB_WHY_STREAMED "too large for one object: its members were examined one by one, it was not"
#define PB_WHY_DISK "not examined: no room for it in the temporary folder"

/* One thing that was not (wholly) examined. why: a stable short phrase, "encrypted", "member larger than 100 bytes", ... */
typedef void (*pb_limit_fn)(void *user, const pb_path *path, const char *why);

#endif
