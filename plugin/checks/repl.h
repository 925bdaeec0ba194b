/* A line of Lua at a time, on one object at a time: for `probity repl`. The same sandbox, words and budgets as a check has, and a few more
 * words to look around with. Lua values stay inside; what comes out is text. */
#ifndef PROBITY_CHECKS_REPL_H
#define PROBITY_CHECKS_REPL_H

#include <stdatomic.h>

#include "base/buf.h"
#include "checks/catalogue.h"
#include "checks/sandbox.h"

typedef struct pb_repl pb_repl;

/* Who has the objects. */
typedef struct pb_repl_host {
	void *user;
	size_t n; /* objects */
	/* Their rows: {"path":"a > b","kind","size"}; borrowed. i: 0 to n-1. */
	const json_t *(*row)(void *user, size_t i);
	/* Makes it the object that is looked at: *view is good until the next one is. 0 or a code with err. */
	int (*choose)(void *user, size_t i, pb_object_view *view, pb_error *err);
	uint32_t first_source; /* of the catalogue among the pattern sources of views */
	/* YARA rules on the object that is looked at: pb_alone_run's (facts/patterns_alone.h), a new reference. NULL with err. */
	json_t *(*yara)(void *user, const pb_object *object, const char *text, pb_error *err);
} pb_repl_host;

/* Lines may require what checks may; where files cannot be opened any more, what pb_catalogue_shelve has read.
 * stop: when it is not 0, what runs is interrupted ("limit interrupt"); NULL: nothing ever does. Everything borrowed until pb_repl_close.
 * Looks at the first object where there is one. */
int pb_repl_open(pb_catalogue *c, const pb_repl_host *host, const _Atomic uint32_t *stop, pb_repl **out, pb_error *err);
void pb_repl_close(pb_repl *r);

typedef enum pb_repl_end {
	PB_REPL_DONE,
	PB_REPL_MORE,  /* what is there so far is no whole statement: more lines are needed */
	PB_REPL_FAILED /* out ends with what was wrong */
} pb_repl_end;

/* Runs text: an expression (with or without "=" before it), whose values are printed, or statements. Adds to out, at most 1 MiB a line. Values are
 * in display form; who has a terminal makes the rest safe for it. */
pb_repl_end pb_repl_eval(pb_repl *r, const char *text, size_t n, pb_buf *out);

/* What the last word of line may become, whole words: ["object.kind",...], sorted. New reference; NULL: no memory. */
json_t *pb_repl_complete(pb_repl *r, const char *line);

#endif
