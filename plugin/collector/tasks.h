/* What the collector process does, one file each. Private to collector/. */
#ifndef PROBITY_COLLECTOR_TASKS_H
#define PROBITY_COLLECTOR_TASKS_H

#include "collector/fetch.h"
#include "collector/job.h"

/* A source's file, read before the box closes. */
typedef struct pb_script {
	char *name;
	pb_buf text;
} pb_script;

typedef struct pb_task {
	const json_t *job, *settings;
	pb_fetcher *fetcher;
	const pb_bindings *bindings;
	pb_script *scripts;
	size_t n_scripts;
	json_t *answer; /* filled */
} pb_task;

int pb_task_collect(pb_task *t, pb_error *err);
int pb_task_list(pb_task *t, pb_error *err);
int pb_task_download(pb_task *t, pb_error *err);
int pb_task_push(pb_task *t, pb_error *err);

#endif
