/* The table of what `probity check` can do, and what its verbs share. */
#include "cli/check.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fs.h"
#include "base/log.h"
#include "base/text.h"
#include "cli/cli.h"

enum { SAMPLES_DAY = 20454 /* 2026-01-01 */ };

static const struct verb {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *about;
} verbs[] = {
	{"new", pb_check_new, "write a working check with its samples, from a template"},
	{"test", pb_check_test, "run the samples of checks, each hit and each clean one"},
	{"lint", pb_check_lint, "what is wrong with a check, where, and how to mend it"},
	{"explain", pb_check_explain, "every step of one check on one product: why it fired, or not"},
	{"bench", pb_check_bench, "what checks cost on a corpus: each function, each pattern"},
	{"stats", pb_check_stats, "what became of them in what was assessed: who fires, who cannot look"},
	{"list", pb_check_list, "the checks: id, catalogue row, pillar, claim, severity"},
	{"coverage", pb_check_coverage, "the rows of the catalogue against the checks, and how well they do"},
	{"patterns", pb_check_patterns, "write the YARA sources that a scan compiles into a folder"},
	{"types", pb_check_types, "the types of all that a check may touch, for editors"},
};
enum { VERBS = sizeof verbs / sizeof *verbs };

static void help(FILE *out)
{
	fputs("Usage: probity check VERB [OPTIONS] ...\n\nThe checks themselves:\n", out);
	for (int i = 0; i < VERBS; i++)
		fprintf(out, "  %-9s %s\n", verbs[i].name, verbs[i].about);
	fputs("\n`probity check VERB --help` for one of them.\n", out);
}

int pb_cli_check(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : "", *names[VERBS];
	if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0) {
		help(stdout);
		return 0;
	}
	for (int i = 0; i < VERBS; i++) {
		names[i] = verbs[i].name;
		if (strcmp(name, names[i]) == 0)
			return verbs[i].run(argc - 1, argv + 1);
	}
	if (!*name) {
		help(stderr);
		return PB_EXIT_ERROR;
	}
	const char *near = pb_text_nearest(name, names, VERBS);
	return pb_usage_error("check", near ? "no \"check %s\"; did you mean %s?" : "no \"check %s\"", name, near);
}

int pb_check_bad_option(const char *verb, int c, char **argv)
{
	char command[40];
	snprintf(command, sizeof command, "check %s", verb);
	return pb_usage_error(command, c == ':' ? "%s needs a value" : "no option \"%s\"", argv[optind - 1]);
}

int pb_check_option(pb_rule_options *r, const char *verb, int c, char **argv)
{
	char command[40];
	snprintf(command, sizeof command, "check %s", verb);
	int rc = pb_rule_option(r, command, c, optarg);
	return rc < 0 ? pb_check_bad_option(verb, c, argv) : rc;
}

int pb_check_open(pb_assessor_options options, pb_assessor *a, json_t **catalogue)
{
	pb_error err = {0};
	char *data = pb_fs_data_dir(), *database = data ? pb_fs_join(data, "rulesets/clamav") : NULL;
	free(data);
	pb_watch_signals();
	options.database = database;
	options.as_of = SAMPLES_DAY;
	options.jobs = 1;
	options.without_cache = true;
	options.interrupted = &pb_interrupted;
	*catalogue = NULL;
	memset(a, 0, sizeof *a);
	int rc = database ? pb_assessor_open(&options, a, &err) : pb_fail(&err, PB_ENOMEM, "out of memory");
	free(database);
	rc = rc ? rc : pb_keeper_ask(&a->keeper, "catalogue", catalogue, &err);
	if (rc && !pb_interrupted)
		pb_complain("%s", err.text);
	return rc ? PB_EXIT_ERROR : 0;
}
