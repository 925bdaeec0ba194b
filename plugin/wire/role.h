/* What a forked process is started with: descriptors and a text. Roles are handed to the keeper's templates by whoever links them
 * (cli/), so that the keeper includes neither Lua nor ClamAV. */
#ifndef PROBITY_WIRE_ROLE_H
#define PROBITY_WIRE_ROLE_H

#include <sys/types.h>

#include "base/error.h"
#include "base/json.h"

enum { PB_ROLE_FDS = 4 };

typedef struct pb_role_args {
	int fd[PB_ROLE_FDS]; /* owned by the role; -1 where there is none */
	json_t *args;        /* borrowed; NULL: none */
	const json_t *about; /* what the template said of itself when it was ready; borrowed */
} pb_role_args;

/* Runs in a process of its own, forked from the template whose open() gave `state`. The return value is the exit status. */
typedef struct pb_role {
	const char *name; /* in messages: "worker", "reader", "reducer", "tracker" */
	int (*run)(void *state, const pb_role_args *args);
} pb_role;

/* What is opened once and inherited by all roles of a template (copy on write). Runs in the template's process. */
typedef struct pb_template_spec {
	const char *name; /* "rules", "clamav" */
	/* about: a new JSON object that the keeper gets ({"rules_digest":...}). Returns 0 or a code with err. */
	int (*open)(void *user, void **state, json_t **about, pb_error *err);
	void *user;
	const pb_role *roles;
	size_t n_roles;
	/* Runs in the template's process when one that it had forked has ended, before the keeper hears of it: what that left behind is
	 * cleared away. NULL: nothing is left. */
	void (*buried)(void *state, pid_t pid);
	/* How far its roles stand back where processors are busy: 0 (not at all) to 19, as nice(1) has it. Never less than the keeper itself. */
	int nice;
	const char *prompt; /* the one role that does not stand back: a host waits for it. NULL: none */
} pb_template_spec;

#endif
