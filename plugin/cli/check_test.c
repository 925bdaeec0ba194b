#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fs.h"
#include "base/log.h"
#include "checks/samples.h"
#include "cli/check.h"
#include "cli/cli.h"

static const char help_text[] =
	"Usage: probity check test [--samples DIR] [--rules DIR]... [CHECK...]\n\n"
	"Runs the samples of all checks, or of those named: each hit must be found, each\n"
	"clean one not; TAP lines, then \"N passed, N failed\".\n\n"
	"      --rules DIR    also the checks and YARA files in DIR\n"
	"      --samples DIR  where the samples are (default: tests/samples beside scripts/)\n"
	"  -h, --help         this text\n\n"
	"Exit status: 0 done, 1 a sample failed, 2 error.\n";

enum { OPT_RULES = 256, OPT_SAMPLES };
static const struct option long_options[] = {{"rules", required_argument, NULL, OPT_RULES},
                                             {"samples", required_argument, NULL, OPT_SAMPLES},
                                             {"help", no_argument, NULL, 'h'},
                                             {NULL, 0, NULL, 0}};

static int assess_sample(void *user, const char *path, json_t **product_result, pb_error *err)
{
	return pb_assess(user, path, product_result, err);
}

static int test(pb_assessor *a, const json_t *checks, const char *samples, char **names, size_t n_names)
{
	char *data = pb_fs_data_dir(), *fallback = data ? pb_fs_join(data, "tests/samples") : NULL;
	pb_error err = {0};
	pb_samples_options options = {.dir = samples ? samples : fallback, .names = (const char *const *)names,
	                              .n_names = n_names, .assess = assess_sample, .user = a};
	size_t failed = 0;
	int rc = fallback && checks ? pb_samples_run(checks, &options, &failed, &err) : pb_fail(&err, PB_ENOMEM, "out of memory");
	free(data);
	free(fallback);
	if (rc) {
		pb_complain("%s", err.text);
		return PB_EXIT_ERROR;
	}
	return failed ? 1 : 0;
}

int pb_check_test(int argc, char **argv)
{
	pb_check_rules rules = {.n = 0};
	const char *samples = NULL;
	pb_assessor a;
	json_t *catalogue;
	int c;
	opterr = 0;
	optind = 1;
	while ((c = getopt_long(argc, argv, ":h", long_options, NULL)) != -1) {
		switch (c) {
		case OPT_RULES:
			if (pb_check_add_rules(&rules, "test", optarg))
				return PB_EXIT_ERROR;
			break;
		case OPT_SAMPLES:
			samples = optarg;
			break;
		case 'h':
			fputs(help_text, stdout);
			return 0;
		default:
			return pb_check_bad_option("test", c, argv);
		}
	}
	int rc = pb_check_open((pb_assessor_options){.extra_dirs = rules.dir, .n_extra = rules.n}, &a, &catalogue);
	if (rc == 0)
		rc = test(&a, json_object_get(catalogue, "checks"), samples, argv + optind, (size_t)(argc - optind));
	json_decref(catalogue);
	pb_assessor_close(&a);
	return rc;
}
