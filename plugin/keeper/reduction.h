/* A reduce under way: one product with a boxed process, that is replaced where a check ends it. */
#ifndef PROBITY_KEEPER_REDUCTION_H
#define PROBITY_KEEPER_REDUCTION_H

#include "keeper/reducers.h"

typedef struct pb_reduction pb_reduction;

typedef struct pb_reduction_options {
	pb_reducers *reducers;  /* borrowed */
	unsigned seconds;       /* of one try, running or asleep; what it waits for a processor comes on top (pace.h) */
	unsigned check_seconds; /* ... and of one check in it; 0: no limit of its own */
	const char *only;       /* the check that the product result is about; NULL: all. Borrowed until it is done */
	bool *excused;          /* becomes true where a check was left out that had ended a reducer; NULL: nobody asks */
	/* Called once, from the loop or the tick: the product result (borrowed), or NULL and why. The reduction is freed afterwards. */
	void (*done)(void *user, json_t *result, const pb_error *why);
	void *user;
} pb_reduction_options;

/* input: the memfd of pb_gather_input; taken over. */
int pb_reduction_start(const pb_reduction_options *options, int input, pb_reduction **out, pb_error *err);
void pb_reduction_tick(pb_reduction *r); /* its deadline, to be looked after every 100 ms or so */
void pb_reduction_drop(pb_reduction *r); /* gives it up without calling done; NULL is fine */

#endif
