/* The role "reducer": one product's records to its product result, inside of the box: Lua runs there, over what hostile bytes
 * led to. */
#ifndef PROBITY_WORKER_REDUCER_H
#define PROBITY_WORKER_REDUCER_H

#include "wire/role.h"

enum { PB_REDUCER_RECORDS = 4000000, PB_REDUCER_AT = 8 /* bytes of fd[2], of which the first four are used */ };

/* state: pb_rules *. args: fd[0] stream socket to the keeper; fd[1] (or -1) memory of at least PB_REDUCER_AT bytes: its first
 * uint32_t says where the reducer is (PB_RUN_CHECK + index of the check, 0: at none); {"memory":bytes, "trace":["id"] or true
 * (worker/trace.h: each result carries "trace")}.
 *
 * One product after the other, each a PB_MSG_JOB {"aside":{"id":"why"},"only":"id"?} with its input, a file in memory: one line with a JSON
 * object
 * {"name","kind","sha256","size","as_of","database":{..},"limits":[{"path":[..],"why"}],"detections":[{"path":[..],"sha256","signature"}],
 * "members":{..} or null: the listing of a folder}, then an object record a line. Answers, with the job's tag (0: it could not
 * begin), PB_MSG_RESULT or PB_MSG_ERROR, then PB_MSG_DONE. Nothing of a product is there for the next one: neither what a check
 * kept, nor which checks were left out. Returns 0 when the keeper has no more for it, or 1. */
int pb_reducer_main(void *state, const pb_role_args *args);

#endif
