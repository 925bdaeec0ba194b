/* What the collector process is told, and what it says. Both are one line of JSON: it is a program of its own (probity-collect), started anew for each
 * job, so that it never holds a byte of a product.
 *
 * Job: {"schema":"probity-collect-job/1","task":"collect","settings":{},"product":{coordinates},"sources":[...],"output":DIR,"cache":DIR|"","dry_run":b}
 *      {... "task":"download","settings":{},"url":URL,"folder":DIR,"file":NAME}
 *      {... "task":"push","settings":{},"outbox":DIR,"items":[NAME...],"token":TEXT|""}
 *      {... "task":"list"}: the sources that there are
 * Answer: {"schema":"probity-collect-answer/1","error":"", ...}
 *      collect: "requests":[...],"problems":[...],"follows":[...],"files":N
 *      download: "sha256","size","url"
 *      push: "sent":[NAME...],"failed":[{"name","why"}]
 *      list: "sources":[{"name","title","hosts","needs"}] */
#ifndef PROBITY_COLLECTOR_JOB_H
#define PROBITY_COLLECTOR_JOB_H

#include "base/error.h"
#include "base/json.h"
#include "checks/sandbox.h"

#define PB_COLLECT_JOB    "probity-collect-job/1"
#define PB_COLLECT_ANSWER "probity-collect-answer/1"

enum { PB_COLLECT_JOB_MOST = 4 << 20, PB_COLLECT_ANSWER_MOST = 16 << 20 };

/* The collector process: reads a job from descriptor 0, closes its box, does it, writes the answer to descriptor 1. Returns the exit status: 0 it was
 * done (what failed is in the answer), 2 it could not begin. data_dir holds scripts/collectors/. */
int pb_collector_main(const char *data_dir, const pb_bindings *bindings);

#endif
