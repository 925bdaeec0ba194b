/* The role "evidence": reads a dossier, in a box. */
#ifndef PROBITY_WORKER_EVIDENCE_H
#define PROBITY_WORKER_EVIDENCE_H

#include "wire/role.h"

/* fd[0]: where the answer goes: PB_MSG_RESULT with "probity-evidence/1", or PB_MSG_ERROR with words, then PB_MSG_DONE. fd[1]: the input, a
 * file in memory: one line of JSON {"as_of","roots","files","product":{"name","sha256","size"}}, then the bytes of all files
 * (evidence/dossier.h). fd[2]: the product's own file; -1: it has none. Returns 0, or 1. */
int pb_evidence_main(void *state, const pb_role_args *args);

#endif
