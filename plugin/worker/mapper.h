/* The role "worker": takes objects from one lane, maps them inside of the box, sends what came of them to the keeper. */
#ifndef PROBITY_WORKER_MAPPER_H
#define PROBITY_WORKER_MAPPER_H

#include "wire/role.h"

/* state: const pb_rules *. args: fd[0] stream socket to the keeper, fd[1] the lane's memfd, fd[2] the known table's or -1;
 * {"scratch":n: fd[n] (2 or 3) is a file for what is too large for memory, and the same for each worker of the lane, "memory":bytes, "pattern_seconds":n (60), "trace":["id"] or true (worker/trace.h: each record that was mapped carries "trace"), "excuse":{"number":N, "skip":"why"} or {"number":N, "checks":{"id":"why"}},
 * "aside":{"id":"why"}, "asides":{"TAG":{"id":"why"}}}. An excuse is about the one entry that killed the worker before: not mapped (a limit), or without these
 * checks (unknown, with why), or
 * {"number":N, "sent":true}: its message arrived, it is only done. aside: these checks are not run at all (unknown, with why);
 * asides: instead of aside, on what has that tag.
 *
 * Every entry of the lane becomes exactly one message, in order: a note itself; an object its record (with its result, where
 * neither this assessment nor the known table has it), or a limit that says why not. The entry is done only after its message
 * is written: a worker that is killed in between (where = PB_AT_SENDING) delivers it twice.
 *
 * Returns 0: the lane is closed and empty, or the keeper is gone; 1: it could not begin (an error message with tag 0 says why);
 * 2: the front lies about its lane: nobody will get past that entry (likewise). */
int pb_mapper_main(void *state, const pb_role_args *args);

#endif
