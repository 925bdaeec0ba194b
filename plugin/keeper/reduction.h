/* A reduce under way: one boxed process, replaced where a check ends it. */
#ifndef PROBITY_KEEPER_REDUCTION_H
#define PROBITY_KEEPER_REDUCTION_H

#include "keeper/template.h"

typedef struct pb_reduction pb_reduction;

typedef struct pb_reduction_options {
	pb_loop *loop;
	pb_template *workers; /* has the role "reducer" */
	unsigned seconds;     /* wall time of one try */
	unsigned check_seconds; /* ... and of one check in it; 0: no limit of its own */
	uint64_t memory;
	const json_t *trace; /* for the reducer; borrowed until the end; NULL: none */
	/* Called once, from the loop or the tick: the product result (borrowed), or NULL and why. The reduction is freed afterwards. */
	void (*done)(void *user, json_t *result, const pb_error *why);
	void *user;
} pb_reduction_options;

/* input: the memfd of pb_gather_input; taken over. */
int pb_reduction_start(const pb_reduction_options *options, int input, pb_reduction **out, pb_error *err);
void pb_reduction_tick(pb_reduction *r); /* its deadline; may call done */
void pb_reduction_drop(pb_reduction *r); /* gives it up without calling done; NULL is fine */

#endif
