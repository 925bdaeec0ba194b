/* What checks cost on a corpus: each function, and each check's patterns by themselves. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/text.h"
#include "cli/bench.h"
#include "cli/check.h"
#include "cli/cli.h"

static const char help_text[] =
	"Usage: probity check bench [-n N] [-f text|json] [--rules DIR]... CHECKS CORPUS\n\n"
	"Runs the checks in CHECKS (a folder, or one check's file) over everything in CORPUS (a\n"
	"product, or a folder of them) and tells what each costs: calls of its functions, their\n"
	"instructions, time and memory; its patterns by themselves, for each megabyte;\n"
	"rules that matched, findings; checks that nothing called up; the slowest objects.\n\n"
	"  -n, --number N          so many of the slowest objects (default 10)\n"
	"  -f, --format FORMAT     text (default), the most expensive check first; or json: one line\n"
	PB_RULE_HELP
	"  -h, --help              this text\n\n"
	"Times are measurements, and differ from run to run. Exit status: 0, or 2 for an error.\n";

enum { NUMBER = 10, NUMBER_MAX = 1000 };
static const struct option long_options[] = {{"number", required_argument, NULL, 'n'},
                                             {"format", required_argument, NULL, 'f'},
                                             PB_RULE_LONG_OPTIONS,
                                             {"help", no_argument, NULL, 'h'},
                                             {NULL, 0, NULL, 0}};

typedef struct benching {
	pb_rule_options rules;
	pb_check_paths paths;
	int64_t number;
	bool json;
} benching;

static int print(const benching *b, const pb_bench *bench)
{
	json_t *told = pb_bench_told(bench, (size_t)b->number);
	char *line = told && b->json ? pb_json_canonical(told) : NULL;
	int rc = told && (line || !b->json) ? 0 : PB_EXIT_ERROR;
	if (line)
		puts(line);
	else if (!rc)
		pb_bench_text(told);
	free(line);
	json_decref(told);
	return rc || fflush(stdout) ? PB_EXIT_ERROR : 0;
}

static int run(benching *b, const char *corpus)
{
	const char *dirs[PB_CHECK_FOLDERS];
	json_t *all = json_true(), *catalogue = NULL, *document = NULL;
	pb_bench *bench = pb_bench_new();
	pb_assessor a;
	pb_assessor_options options = {.trace = all, .traced = pb_bench_record, .user = bench, .progress = isatty(STDERR_FILENO)};
	pb_error err = {0};
	pb_check_rules_of(&b->paths, &b->rules, dirs, &options);
	if (!bench)
		return PB_EXIT_ERROR;
	int rc = pb_check_open(options, &a, &catalogue);
	if (rc == 0) {
		if (json_array_size(json_object_get(catalogue, "checks")) == 0)
			rc = pb_fail(&err, PB_EINPUT, "no check there that loads: `probity check lint` says why");
		rc = rc ? rc : pb_bench_checks(bench, json_object_get(catalogue, "checks"));
		rc = rc ? rc : pb_assess(&a, corpus, &document, &err);
		rc = rc ? rc : pb_bench_product(bench, json_object_get(document, "trace"));
		if (rc)
			pb_complain("%s", err.code ? err.text : "out of memory");
		rc = rc ? PB_EXIT_ERROR : print(b, bench);
	}
	json_decref(document);
	json_decref(catalogue);
	pb_assessor_close(&a);
	pb_bench_free(bench);
	return rc;
}

int pb_check_bench(int argc, char **argv)
{
	benching b = {.number = NUMBER};
	int c;
	opterr = 0;
	optind = 1;
	while ((c = getopt_long(argc, argv, ":n:f:h", long_options, NULL)) != -1) {
		switch (c) {
		case 'n':
			if (!pb_text_int(optarg, 0, NUMBER_MAX, &b.number))
				return pb_usage_error("check bench", "--number \"%s\": not a number from 0 to %d", optarg, NUMBER_MAX);
			break;
		case 'f':
			b.json = strcmp(optarg, "json") == 0;
			if (!b.json && strcmp(optarg, "text") != 0)
				return pb_usage_error("check bench", "no format \"%s\"; there are text and json", optarg);
			break;
		case 'h':
			fputs(help_text, stdout);
			return 0;
		default:
			if (pb_check_option(&b.rules, "bench", c, argv))
				return PB_EXIT_ERROR;
		}
	}
	if (optind + 2 != argc)
		return pb_usage_error("check bench", "name the checks (a folder, or a file) and the corpus");
	int rc = pb_check_paths_of(&b.paths, "bench", argv + optind, 1);
	if (!rc && b.paths.n_names)
		rc = pb_usage_error("check bench", "%s: checks are named by their folder or file here", argv[optind]);
	rc = rc ? rc : run(&b, argv[optind + 1]);
	pb_check_paths_free(&b.paths);
	return rc;
}
