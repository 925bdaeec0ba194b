/* A pool of worker processes: who works, on what, for how long. A worker that dies or overruns costs its item, nothing else. */
#ifndef PROBITY_KEEPER_POOL_H
#define PROBITY_KEEPER_POOL_H

#include <signal.h>

#include "base/error.h"
#include "keeper/wire.h"

/* Runs in a forked process: receives PB_MSG_JOB on fd, answers with messages and PB_MSG_DONE, until fd closes. Its return value is
 * the exit status. */
typedef int (*pb_worker_fn)(int fd, void *user);

typedef struct pb_pool {
	pb_worker_fn worker;
	size_t processes;  /* 1.. */
	unsigned seconds;  /* wall time of one item; then the worker is killed */
	const size_t *order; /* which item is handed out first, second, ...; NULL: 0, 1, ... */
	void *worker_user; /* handed to worker */
	void *user;        /* handed to message and lost */
	/* A message about an item, in the order in which its worker sent them (items run side by side). payload is borrowed. A negative
	 * return value ends the run with that code. */
	int (*message)(void *user, size_t item, pb_message type, pb_bytes payload);
	/* The item's worker ended early. why: "reader died: signal 11 (Segmentation fault)", "reader took longer than 600 s". */
	int (*lost)(void *user, size_t item, const char *why);
	const char *name;  /* of such a process in messages: "reader" */
	const volatile sig_atomic_t *interrupted; /* set by a signal handler: the run ends with PB_EIO; NULL: never */
} pb_pool;

/* Does items 0..n-1. 0, or the first negative code (fork failed, a callback's). All processes are gone
 * when it returns. */
int pb_pool_run(const pb_pool *pool, size_t n, pb_error *err);

#endif
