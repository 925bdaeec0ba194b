/* The role "repl": keeps the objects of one product in memory, and runs lines of Lua on them (checks/repl.h), inside of the box. */
#ifndef PROBITY_WORKER_PROMPT_H
#define PROBITY_WORKER_PROMPT_H

#include "wire/role.h"

enum { PB_PROMPT_OBJECTS = 200000, PB_PROMPT_STOP = 8 /* bytes of fd[2], of which the first four are used */ };
#define PB_PROMPT_BYTES ((size_t)1 << 30) /* of all objects together; what is beyond is listed, without its bytes */

/* state: const pb_rules *. args: fd[0] stream socket to who asks, fd[1] a lane, fd[2] memory of at least PB_PROMPT_STOP bytes: while its first
 * uint32_t is not 0, what runs is interrupted. {"memory":bytes}.
 *
 * First it takes what comes by the lane. For each PB_MSG_DONE there it sends PB_MSG_DONE {"objects":n}, with its tag. Each PB_MSG_JOB from the
 * socket is answered by one PB_MSG_RESULT:
 *   {"do":"lost"}           a front has died: what it had put on the lane is taken. {}
 *   {"do":"begin"}          nothing more comes by the lane. {"objects":n,"limits":n,"left_out":n}; PB_MSG_ERROR where it cannot begin
 *   {"do":"line","text":t}  {"end":"done" | "more" | "failed","out":text}
 *   {"do":"complete","text":t}  {"words":[...]}
 * Returns 0 when the socket is closed, or 1. */
int pb_prompt_main(void *state, const pb_role_args *args);

#endif
