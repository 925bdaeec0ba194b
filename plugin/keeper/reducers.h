/* Reducers: boxed processes that go from product to product. Starting one costs more than most products do. */
#ifndef PROBITY_KEEPER_REDUCERS_H
#define PROBITY_KEEPER_REDUCERS_H

#include "keeper/template.h"

typedef struct pb_reducers pb_reducers;
typedef struct pb_reducer pb_reducer;

/* loop and workers (which has the role "reducer") are borrowed; memory: of a reducer, bytes. */
int pb_reducers_new(pb_loop *loop, pb_template *workers, uint64_t memory, pb_reducers **out, pb_error *err);
/* For those that are started from now on (worker/trace.h); borrowed until the end; NULL: none. */
void pb_reducers_trace(pb_reducers *all, const json_t *trace);
/* Ends all of them. What is still at work is dropped by its owner before. NULL is fine. */
void pb_reducers_free(pb_reducers *all);
const pb_template *pb_reducers_template(const pb_reducers *all);
pb_loop *pb_reducers_loop(const pb_reducers *all);

/* Who is told of one that is at work. Both may drop it, or give it back. */
typedef struct pb_reducer_owner {
	void (*heard)(void *user);            /* there is something to read, or its end */
	void (*died)(void *user, int status); /* as waitpid has it; what it said before may still be read */
	void *user;
} pb_reducer_owner;

/* Gives this product to a reducer that is free, or to a fresh one. input: the memfd of pb_gather_input, borrowed; aside: {check: why}, borrowed; only: the check
 * that the product result is about (checks/runner.h), NULL: all.
 * Its answers carry pb_reducer_tag. */
int pb_reducer_take(pb_reducers *all, int input, const json_t *aside, const char *only, const pb_reducer_owner *owner, pb_reducer **out, pb_error *err);
/* Its answer was whole: it is free for the next product, or ended where it has served its time. light: this one cost it little. */
void pb_reducer_give_back(pb_reducer *r, bool light);
void pb_reducer_drop(pb_reducer *r); /* ends it; NULL is fine */
void pb_reducer_kill(pb_reducer *r); /* its death is told */

int pb_reducer_socket(const pb_reducer *r);
uint32_t pb_reducer_tag(const pb_reducer *r);
uint32_t pb_reducer_where(const pb_reducer *r); /* where it says that it is: PB_AT_CHECK + index, 0 */
int pb_reducer_proc(const pb_reducer *r);       /* as pb_template_proc */

#endif
