/* --fail-on, --baseline: may what was assessed go on, in continuous integration? */
#ifndef PROBITY_CLI_FAIL_ON_H
#define PROBITY_CLI_FAIL_ON_H

#include <stdbool.h>

#include "base/error.h"
#include "base/json.h"

enum { PB_OPT_FAIL_ON = 800, PB_OPT_BASELINE }; /* above the options of commands */

#define PB_FAIL_ON_LONG_OPTIONS                                                                                        \
	{"fail-on", required_argument, NULL, PB_OPT_FAIL_ON},                                                          \
	{                                                                                                              \
		"baseline", required_argument, NULL, PB_OPT_BASELINE                                                   \
	}
#define PB_FAIL_ON_HELP                                                                                                \
	"      --fail-on WORD      for pipelines: end with 1 where the decision is reject (reject), or not rated\n"    \
	"                          either (not-rated), or anything but accept (conditional); else with 0\n"            \
	"      --baseline REPORT   an earlier report: what it has (findings by check and key, missing evidence)\n"     \
	"                          does not count for --fail-on (default then: reject)\n"

typedef struct pb_fail_on {
	const char *word;     /* of --fail-on; NULL: not given */
	const char *baseline; /* its file; NULL: none */
	json_t *known;        /* its reports, an array */
} pb_fail_on;

/* One of those options. 0, or PB_EXIT_ERROR after it told what is wrong. */
int pb_fail_on_option(pb_fail_on *g, const char *command, int option, const char *value);
/* Was one of them given? Then the exit status is the gate's. */
bool pb_fail_on_closed(const pb_fail_on *g);
/* Reads the baseline: canonical reports, one a line. 0, or a code with err, which names the file. */
int pb_fail_on_open(pb_fail_on *g, pb_error *err);
void pb_fail_on_free(pb_fail_on *g);

/* *fails: may it not go on? What fails it is told on standard error in one line, whatever is quiet, and new findings
 * one by one; a note where it passes. 0, or a code with err. */
int pb_fail_on_judge(const pb_fail_on *g, const json_t *report, bool *fails, pb_error *err);

#endif
