#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/fs.h"
#include "base/log.h"
#include "checks/samples.h"
#include "cli/check.h"
#include "cli/cli.h"

static const char help_text[] =
	"Usage: probity check test [--samples DIR] [--rules DIR]... [-w] [PATH|CHECK...]\n\n"
	"Runs the samples of checks: each hit must be found, each clean one not. TAP lines,\n"
	"then \"N passed, N failed\". PATH is a check's file or a folder of them; only those\n"
	"are loaded and run. CHECK is the id of a check that comes with Probity, or the name\n"
	"of a pillar. Without either, all checks of Probity.\n\n"
	"  -w, --watch             again at each change of a file, until Ctrl-C; prints what fails\n"
	"                          and one line a run\n"
	PB_RULE_HELP
	"      --samples DIR       where the samples of Probity's own checks are (default:\n"
	"                          tests/samples beside scripts/); those of x.lua are in x.samples/\n"
	"  -h, --help              this text\n\n"
	"Exit status: 0 all passed, 1 a sample failed or a check did not load, 2 error.\n";

enum { OPT_SAMPLES = 256 };
static const struct option long_options[] = {PB_RULE_LONG_OPTIONS,
                                             {"samples", required_argument, NULL, OPT_SAMPLES},
                                             {"watch", no_argument, NULL, 'w'},
                                             {"help", no_argument, NULL, 'h'},
                                             {NULL, 0, NULL, 0}};

typedef struct testing {
	pb_rule_options rules;
	const char *samples; /* --samples */
	pb_check_paths paths;
	bool watch;
	double seconds;      /* of the last run */
	pb_samples_count count;
} testing;

static int assess_sample(void *user, const char *id, const char *path, json_t **product_result, pb_error *err)
{
	return pb_assess_sample(user, id, path, product_result, err);
}

/* A check that does not load fails, as a sample does. */
static void tell_refused(const json_t *refused)
{
	const json_t *message;
	size_t i;
	json_array_foreach(refused, i, message) {
		printf("not ok %zu - %s\n", i + 1, json_string_value(message));
	}
	fflush(stdout); /* what assesses may fork */
}

static int test(testing *t, pb_assessor *a, const json_t *catalogue)
{
	const json_t *checks = json_object_get(catalogue, "checks"), *refused = json_object_get(catalogue, "refused");
	char *data = pb_fs_data_dir(), *fallback = data ? pb_fs_join(data, "tests/samples") : NULL;
	pb_error err = {0};
	pb_samples_options options = {.dir = t->samples ? t->samples : fallback, .names = (const char *const *)t->paths.names,
	                              .n_names = t->paths.n_names, .foreign = pb_check_foreign(&t->paths),
	                              .assess = assess_sample, .user = a, .brief = t->watch,
	                              .refused = json_array_size(refused)};
	pb_samples_count count = {0};
	tell_refused(refused);
	int rc = fallback ? pb_samples_run(checks, &options, &count, &err) : pb_fail(&err, PB_ENOMEM, "out of memory");
	if (!rc && !count.checks && !json_array_size(refused))
		rc = pb_fail(&err, PB_EINPUT, "no check there: a check is a file of Lua; `probity check new` writes one");
	t->count.checks += count.checks;
	t->count.samples += count.samples;
	t->count.failed += count.failed;
	free(data);
	free(fallback);
	if (rc)
		pb_complain("%s", err.text);
	return rc ? PB_EXIT_ERROR : t->count.failed ? 1 : 0;
}

static int run(testing *t)
{
	pb_assessor a;
	json_t *catalogue;
	struct timespec from, to;
	pb_assessor_options options = {.silent = true};
	const char *dirs[PB_CHECK_FOLDERS];
	pb_check_rules_of(&t->paths, &t->rules, dirs, &options);
	memset(&t->count, 0, sizeof t->count);
	clock_gettime(CLOCK_MONOTONIC, &from);
	int rc = pb_check_open(options, &a, &catalogue);
	if (!rc)
		rc = test(t, &a, catalogue);
	json_decref(catalogue);
	pb_assessor_close(&a);
	clock_gettime(CLOCK_MONOTONIC, &to);
	t->seconds = (double)(to.tv_sec - from.tv_sec) + (double)(to.tv_nsec - from.tv_nsec) / 1e9;
	return rc;
}

static int run_again(void *user)
{
	testing *t = user;
	int rc = run(t);
	if (rc != PB_EXIT_ERROR && !pb_interrupted)
		printf("%zu check%s, %zu samples: %s (%.2f s)\n", t->count.checks, t->count.checks == 1 ? "" : "s", t->count.samples,
		       t->count.failed ? "FAILED" : "passed", t->seconds);
	fflush(stdout);
	return rc;
}

static int watch(testing *t)
{
	char *data = pb_fs_data_dir();
	int rc = data ? pb_check_watch(&t->paths, &t->rules, data, run_again, t) : PB_EXIT_ERROR;
	free(data);
	return rc;
}

int pb_check_test(int argc, char **argv)
{
	testing t = {.samples = NULL};
	int c;
	opterr = 0;
	optind = 1;
	while ((c = getopt_long(argc, argv, ":wh", long_options, NULL)) != -1) {
		switch (c) {
		case OPT_SAMPLES:
			t.samples = optarg;
			break;
		case 'w':
			t.watch = true;
			break;
		case 'h':
			fputs(help_text, stdout);
			return 0;
		default:
			if (pb_check_option(&t.rules, "test", c, argv))
				return PB_EXIT_ERROR;
		}
	}
	int rc = pb_check_paths_of(&t.paths, "test", argv + optind, (size_t)(argc - optind));
	rc = rc ? rc : t.watch ? watch(&t) : run(&t);
	pb_check_paths_free(&t.paths);
	return rc;
}
