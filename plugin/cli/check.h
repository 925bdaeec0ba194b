/* `probity check VERB`: one file a verb, one row in the table of check.c. */
#ifndef PROBITY_CLI_CHECK_H
#define PROBITY_CLI_CHECK_H

#include "cli/assess.h"

/* The verbs. argv[0] is the verb; each knows --help. */
int pb_check_list(int argc, char **argv);
int pb_check_patterns(int argc, char **argv);
int pb_check_test(int argc, char **argv);

/* What getopt_long refused: told by name; returns PB_EXIT_ERROR. */
int pb_check_bad_option(const char *verb, int c, char **argv);

/* --rules, which may stand there several times. */
enum { PB_CHECK_RULES = 64 };
typedef struct pb_check_rules {
	const char *dir[PB_CHECK_RULES];
	size_t n;
} pb_check_rules;
int pb_check_add_rules(pb_check_rules *r, const char *verb, const char *dir); /* 0, or told and PB_EXIT_ERROR */

/* Opens what the options name, told apart from a scan: the small database of our own samples, one job, nothing cached, judged as of
 * one day, so that samples do not age. Then asks the boxed role "catalogue" (worker/roles.h). 0, or told and PB_EXIT_ERROR; close a in
 * any case. options: extra_dirs, n_extra, without_engine and the like; the rest is filled in. */
int pb_check_open(pb_assessor_options options, pb_assessor *a, json_t **catalogue);

#endif
