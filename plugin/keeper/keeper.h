/* The keeper: who works, on what, for how long, and what is known already. It parses no product byte and runs no Lua: its templates and
 * their processes do. Used by the command line (privately) and by probityd. */
#ifndef PROBITY_KEEPER_KEEPER_H
#define PROBITY_KEEPER_KEEPER_H

#include <signal.h>

#include "keeper/gather.h"
#include "keeper/lanes.h"
#include "keeper/reduction.h"

enum { PB_OBJECT_SECONDS = 60, PB_REDUCE_SECONDS = 600, PB_GRACE_SECONDS = 30 };
#define PB_WORKER_MEMORY ((uint64_t)2 << 30)
#define PB_READER_MEMORY ((uint64_t)12 << 30) /* it unpacks members of up to 1 GiB, several at once where they nest */

typedef struct pb_keeper_options {
	pb_loop *loop;                  /* shared with others; NULL: one of its own */
	const pb_template_spec *rules;  /* has the roles "worker", "reducer" and more */
	const pb_template_spec *clamav; /* has the role "reader"; NULL: no readers */
	size_t jobs;                    /* reader lanes */
	unsigned object_seconds, job_seconds, reduce_seconds; /* 0: the defaults above, no limit for jobs */
	uint64_t memory;                /* of a worker; 0: PB_WORKER_MEMORY */
	const char *scratch;            /* as pb_lanes_options has it */
	bool each_tag;                  /* as pb_lanes_options has it */
	const json_t *trace;            /* for workers and reducers (worker/trace.h); borrowed until the end; NULL: none */
	const char *cache;              /* file of object results; NULL: none */
	int64_t cache_bytes;
	bool readers_later;             /* pb_keeper_open does not wait for the engine: pb_keeper_readers does, where it is needed at all */
	const volatile sig_atomic_t *interrupted; /* set by a signal handler; NULL: never */
} pb_keeper_options;

/* Who is told what comes from the reader lanes; changes from product to product. */
typedef struct pb_keeper_handler {
	void *user;
	int (*message)(void *user, size_t lane, uint32_t tag, pb_message type, pb_bytes payload);
	int (*front_lost)(void *user, size_t lane, uint32_t tag, const char *why);
} pb_keeper_handler;

typedef struct pb_keeper {
	pb_keeper_options o;
	pb_loop *loop;
	pb_template *rules, *clamav;
	pb_results *results;
	pb_lanes *readers;
	pb_reducers *reducers;
	pb_keeper_handler handler;
	uint32_t last_tag;
	bool excused;       /* the last reduction left a check out that had ended a reducer */
	bool broken;        /* a template has ended, and everything that it had started: open anew */
	pb_error err; /* of callbacks in the loop */
} pb_keeper;

/* Starts the templates side by side and waits until both are open (readers_later: until the rules are). out is where the keeper lives: it must
 * not move. */
int pb_keeper_open(const pb_keeper_options *options, pb_keeper *out, pb_error *err);
/* The same in steps that do not wait: begin, is_open until it gives 1 (0: not yet), finish. cache has to live until then. Where is_open gives
 * a code, pb_keeper_close; where the others do, that is done. */
int pb_keeper_begin(const pb_keeper_options *options, pb_keeper *out, pb_error *err);
int pb_keeper_is_open(pb_keeper *k, pb_error *err);
int pb_keeper_finish(pb_keeper *k, pb_error *err);
/* Closes, and waits for the templates' end. */
void pb_keeper_close(pb_keeper *k);
/* The same without waiting: dismiss, after which nothing works by it any more, then ended until it gives true, then close. */
void pb_keeper_dismiss(pb_keeper *k);
bool pb_keeper_ended(pb_keeper *k);
/* Waits for the engine, where readers_later put that off, and starts the reader lanes; does nothing where they are there. */
int pb_keeper_readers(pb_keeper *k, pb_error *err);

/* One turn: hears what came (at most 50 ms), looks after deadlines. *busy as pb_lanes_tick. 0; PB_EIO "interrupted"; a callback's code. */
int pb_keeper_turn(pb_keeper *k, bool *busy, pb_error *err);

/* Reduces and waits for it. input: taken over; only: the check that it is about (checks/runner.h), NULL: all. The product result as a new reference. */
int pb_keeper_reduce(pb_keeper *k, int input, const char *only, json_t **result, pb_error *err);

/* Runs a role of the rules template that only answers (PB_MSG_RESULT or PB_MSG_ERROR on its descriptor 0) and waits for it. */
int pb_keeper_ask(pb_keeper *k, const char *role, json_t **answer, pb_error *err);

#endif
