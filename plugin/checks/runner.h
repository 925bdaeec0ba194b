/* Runs checks over one object (map) or over one product (reduce) and turns what they raise into results. */
#ifndef PROBITY_CHECKS_RUNNER_H
#define PROBITY_CHECKS_RUNNER_H

#include "checks/catalogue.h"
#include "findings/record.h"

/* Does the check look at objects with these tags at all? Decided here, in C, never by a script. tags: facts.tags. */
bool pb_check_applies(const pb_check *check, const json_t *tags);

/* What one call of one check's function took, beside what it may take. Borrowed, for the time of the callback. */
typedef struct pb_spent {
	size_t check;                          /* index among pb_catalogue_checks */
	const char *id;
	bool product;                          /* its function product, not object */
	uint64_t instructions, max_instructions; /* counted by the thousand; work in C included */
	uint64_t steps, max_steps;             /* of pattern matching */
	size_t memory, max_memory;             /* bytes of the whole Lua state, at most during the call */
	size_t findings, max_findings;
	uint64_t nanoseconds;                  /* wall time: for people only, it differs from run to run */
	const char *why;                       /* "limit NAME", "script error: ..."; NULL: it came through */
} pb_spent;

/* For whoever watches: where a run is, and what it leaves out. NULL instead of it: nothing of the kind. */
typedef struct pb_run_how {
	void (*at)(void *user, uint32_t where); /* called before each step; NULL: nobody watches */
	void *user;
	void (*spent)(void *user, const pb_spent *spent); /* called after each call of a function; NULL: nobody asks */
	uint32_t product;      /* which product it is for: folders of YARA rules have a time budget for each */
	const json_t *excused; /* {check id: why}: not run; unknown with why on all that they apply to. NULL: none */
	const char *only;      /* reduce: the product result is about this check alone. Objects are mapped by all: it may read what others found. NULL: all */
} pb_run_how;
enum { PB_RUN_PATTERNS = 1, PB_RUN_FACTS = 2, PB_RUN_CHECK = 16 /* + index among pb_catalogue_checks */ };

/* The version of Lua, "5.4.4". */
const char *pb_runner_version(void);

/* Map: every check with an object function whose `applies` fits and, where it has `looks`, one of whose rules matched. scan->why set:
 * checks with `looks` are unknown. A script that fails or runs out of budget is unknown with the limit's name, never a pass.
 * first_source: index of the catalogue's first source among the pattern sources of scan. Adds to result (findings/record.h). */
int pb_runner_object(pb_catalogue *c, const pb_object *object, json_t *facts, const pb_scan *scan, uint32_t first_source,
                     const pb_run_how *how, json_t *result, pb_error *err);

/* Map: one folder of YARA rules (pb_catalogue_folder), after all checks have had their say. micros: the time that it has; 0: none is left
 * of the product's. *spent: how much it took. What it could not look for to the end is unknown. */
int pb_runner_rules(const pb_catalogue *c, size_t folder, pb_rule_scanner *scanner, uint64_t micros, const pb_object *object,
                    const json_t *facts, const pb_run_how *how, json_t *result, uint64_t *spent, pb_error *err);

/* Between two products: what they leave in Lua's memory is cleared away, so that the next one finds the room that it would find in a process
 * of its own. (Nothing that a check could read stays in any case: lock.c.) */
void pb_runner_settle(pb_catalogue *c);

/* Reduce: every check with a product function. Appends to out {"findings":[{...as in an object result, "record": index}],
 * "unknown":{check:reason}}. */
int pb_runner_product(pb_catalogue *c, const pb_product_view *view, const pb_run_how *how, json_t *out, pb_error *err);

#endif
