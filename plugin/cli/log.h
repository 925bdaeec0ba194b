/* Checkpoints of the log: how far it went on a day, and the digest of its last line then, signed. */
#ifndef PROBITY_CLI_LOG_H
#define PROBITY_CLI_LOG_H

#include "cli/dossier.h"
#include "evidence/trust.h"

#define PB_CHECKPOINT_TYPE "application/vnd.probity.checkpoint+json"

typedef struct pb_checkpoint {
	int64_t lines; /* 1 or more */
	char digest[65];
	char as_of[11];
} pb_checkpoint;

/* {"schema":"probity-checkpoint/1","lines","digest","as_of"} in a DSSE envelope. output NULL: standard output. 0, or a code with err. */
int pb_checkpoint_write(const pb_checkpoint *c, const char *keyfile, const char *output, pb_error *err);

/* 0, with the name of the assessor's root; PB_ECORRUPT: it counts for nothing, err says why; PB_EINPUT, PB_EIO: it cannot be read. */
int pb_checkpoint_read(const char *file, const pb_dossier_options *trust, int64_t today, pb_checkpoint *out, char root[PB_ROOT_NAME], pb_error *err);

#endif
