/* The other side of job.h: who starts the collector process, from programs that have no network. */
#ifndef PROBITY_COLLECTOR_START_H
#define PROBITY_COLLECTOR_START_H

#include <signal.h>

#include "base/error.h"
#include "base/json.h"

/* Starts probity-collect (beside this program, or in lib/probity of where it was installed), hands the job over, waits for the answer. The process gets
 * the job and nothing else: no descriptor, no environment. The answer's "error" becomes err. *interrupted, where it becomes not 0, ends it. */
int pb_collector_start(const json_t *job, const volatile sig_atomic_t *interrupted, json_t **answer, pb_error *err);

#endif
