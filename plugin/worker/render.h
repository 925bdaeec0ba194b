/* The role "render": runs formats over reports, in a box. */
#ifndef PROBITY_WORKER_RENDER_H
#define PROBITY_WORKER_RENDER_H

#include "checks/format.h"
#include "wire/role.h"

typedef struct pb_render_state {
	pb_formats *formats;
	const pb_bindings *bindings;
} pb_render_state;

enum { PB_RENDER_JOBS = 4096 };
#define PB_RENDER_INPUT ((uint64_t)4 << 30) /* bytes of what comes in at a time */

/* state: pb_render_state. args: fd[0] socket; fd[1] a sealed file in memory: a line of JSON, then documents one behind the other; fd[2] a file in
 * memory for the texts. The line: {"about":[{"folder","name"}]}, or {"jobs":[{"folder","name","options":{},"sizes":[bytes of each
 * document],"frame":{}?,"as":""?}],"output":bytes?,"instructions":where fewer than usual?}: as pb_format_job has them. Answers
 * PB_MSG_RESULT: {"about":[...]}, or {"jobs":[{"size":bytes of its text,...as pb_format_about}|{"error":"..."}]}, their texts standing one behind the
 * other in fd[2]; or PB_MSG_ERROR. */
int pb_render_main(void *state, const pb_role_args *args);

#endif
