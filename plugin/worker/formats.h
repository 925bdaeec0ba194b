/* The template of formats: it reads their files, and forks processes that hold them. It opens no rules. */
#ifndef PROBITY_WORKER_FORMATS_H
#define PROBITY_WORKER_FORMATS_H

#include "checks/format.h"
#include "wire/role.h"

typedef struct pb_formats_options {
	const char *own, *extra; /* as pb_formats_read has them */
	const pb_bindings *bindings;
} pb_formats_options;

/* For pb_template_spec: user: pb_formats_options. about: {"formats":[{"folder","name"}]}. */
int pb_formats_template_open(void *user, void **state, json_t **about, pb_error *err);

enum { PB_FORMATS_ROLES = 1 };
extern const pb_role pb_formats_roles[PB_FORMATS_ROLES]; /* "render" */

#endif
