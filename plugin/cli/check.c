#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/log.h"
#include "checks/samples.h"
#include "cli/assess.h"
#include "cli/cli.h"

enum { MAX_RULES = 64, SAMPLES_DAY = 20454 /* 2026-01-01: samples are judged as of one day, so that they do not age */ };

static const char help_text[] =
	"Usage: probity check list [-f text|json] [--rules DIR]...\n"
	"       probity check test [--samples DIR] [--rules DIR]... [CHECK...]\n"
	"       probity check patterns DIR\n\n"
	"list      the checks: id, catalogue row, pillar, claim, severity; with -f json one\n"
	"          object a line\n"
	"test      run the samples of all checks, or of those named: each hit must be found,\n"
	"          each clean one not; TAP lines, then \"N passed, N failed\"\n"
	"patterns  write the YARA sources of the checks into DIR, one file a source\n\n"
	"  -f, --format FORMAT  text (default) or json\n"
	"      --rules DIR      also the checks and YARA files in DIR\n"
	"      --samples DIR    where the samples are (default: tests/samples beside scripts/)\n"
	"  -h, --help           this text\n\n"
	"Exit status: 0 done, 1 a sample failed, 2 error.\n";

typedef struct check_options {
	const char *format, *samples;
	const char *rules[MAX_RULES];
	size_t n_rules;
} check_options;

enum { OPT_RULES = 256, OPT_SAMPLES };
static const struct option long_options[] = {{"format", required_argument, NULL, 'f'},
                                             {"rules", required_argument, NULL, OPT_RULES},
                                             {"samples", required_argument, NULL, OPT_SAMPLES},
                                             {"help", no_argument, NULL, 'h'},
                                             {NULL, 0, NULL, 0}};

static int read_options(check_options *o, int argc, char **argv)
{
	int c;
	opterr = 0;
	optind = 1;
	while ((c = getopt_long(argc, argv, ":f:h", long_options, NULL)) != -1) {
		switch (c) {
		case 'f':
			if (strcmp(optarg, "text") != 0 && strcmp(optarg, "json") != 0)
				return pb_usage_error("check", "no format \"%s\"; there are text and json", optarg);
			o->format = optarg;
			break;
		case OPT_RULES:
			if (o->n_rules == MAX_RULES)
				return pb_usage_error("check", "--rules: more than %d folders", MAX_RULES);
			o->rules[o->n_rules++] = optarg;
			break;
		case OPT_SAMPLES:
			o->samples = optarg;
			break;
		case 'h':
			fputs(help_text, stdout);
			return 0;
		case ':':
			return pb_usage_error("check", "%s needs a value", argv[optind - 1]);
		default:
			return pb_usage_error("check", "no option \"%s\"", argv[optind - 1]);
		}
	}
	if (optind == argc)
		return pb_usage_error("check", "list, test or patterns?");
	return -1;
}

static int list(const json_t *checks, const check_options *o)
{
	size_t i;
	json_t *c;
	json_array_foreach(checks, i, c) {
		const char *const keys[] = {"id", "catalogue", "pillar", "claim", "severity", "reliability", "title"};
		if (strcmp(o->format, "json") == 0) {
			json_t *j = json_object();
			for (size_t k = 0; k < sizeof keys / sizeof *keys; k++)
				json_object_set(j, keys[k], json_object_get(c, keys[k]));
			json_object_set(j, "online", json_object_get(c, "online"));
			char *line = pb_json_canonical(j);
			json_decref(j);
			if (!line)
				return PB_EXIT_ERROR;
			puts(line);
			free(line);
		} else {
			printf("%-36s %-5s %-12s %-20s %-8s %s\n", pb_json_str(c, "id", ""), pb_json_str(c, "catalogue", ""),
			       pb_json_str(c, "pillar", ""), pb_json_str(c, "claim", ""), pb_json_str(c, "severity", ""), pb_json_str(c, "title", ""));
		}
	}
	return fflush(stdout) ? PB_EXIT_ERROR : 0;
}

/* For those who want to run the same patterns with yara itself; a space may hold '/', a file name may not. */
static int write_patterns(const json_t *patterns, const char *dir)
{
	pb_error err = {0};
	size_t i;
	json_t *p;
	if (mkdir(dir, 0777) < 0 && errno != EEXIST) {
		pb_complain("%s: %s", dir, strerror(errno));
		return PB_EXIT_ERROR;
	}
	json_array_foreach(patterns, i, p) {
		const char *space = pb_json_str(p, "space", ""), *text = pb_json_str(p, "text", NULL);
		char name[300];
		if (!text) {
			pb_warn("%s: not written: it is no UTF-8", space);
			continue;
		}
		snprintf(name, sizeof name, "%.280s.yar", space);
		for (char *at = name; *at; at++)
			if (*at == '/')
				*at = '_';
		char *file = pb_fs_join(dir, name);
		int rc = file ? pb_fs_write(file, text, strlen(text), &err) : pb_fail(&err, PB_ENOMEM, "out of memory");
		free(file);
		if (rc) {
			pb_complain("%s", err.text);
			return PB_EXIT_ERROR;
		}
	}
	return 0;
}

static int assess_sample(void *user, const char *path, json_t **product_result, pb_error *err)
{
	return pb_assess(user, path, product_result, err);
}

static int test(pb_assessor *a, const json_t *checks, const check_options *o, char **names, size_t n_names)
{
	char *data = pb_fs_data_dir(), *fallback = data ? pb_fs_join(data, "tests/samples") : NULL;
	pb_error err = {0};
	pb_samples_options options = {.dir = o->samples ? o->samples : fallback, .names = (const char *const *)names,
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

int pb_cli_check(int argc, char **argv)
{
	check_options o = {.format = "text"};
	pb_error err = {0};
	pb_assessor a;
	int rc = read_options(&o, argc, argv);
	if (rc >= 0)
		return rc;
	const char *verb = argv[optind];
	bool tests = strcmp(verb, "test") == 0, patterns = strcmp(verb, "patterns") == 0;
	if (!tests && !patterns && strcmp(verb, "list") != 0)
		return pb_usage_error("check", "no \"check %s\"; there are list, test and patterns", verb);
	if (patterns && optind + 2 != argc)
		return pb_usage_error("check", "patterns: name one folder to write to");
	pb_watch_signals();
	/* Samples are judged with the small database that comes with them, which loads at once. */
	char *data = pb_fs_data_dir(), *database = data ? pb_fs_join(data, "rulesets/clamav") : NULL;
	free(data);
	pb_assessor_options options = {.database = database, .extra_dirs = o.rules, .n_extra = o.n_rules, .as_of = SAMPLES_DAY, .jobs = 1,
	                               .without_engine = !tests, .without_cache = true, .interrupted = &pb_interrupted};
	rc = pb_assessor_open(&options, &a, &err);
	free(database);
	if (rc) {
		pb_complain("%s", err.text);
		return PB_EXIT_ERROR;
	}
	json_t *catalogue;
	if (pb_keeper_ask(&a.keeper, "catalogue", &catalogue, &err)) {
		pb_complain("%s", err.text);
		rc = PB_EXIT_ERROR;
	} else if (tests) {
		rc = test(&a, json_object_get(catalogue, "checks"), &o, argv + optind + 1, (size_t)(argc - optind - 1));
	} else if (patterns) {
		rc = write_patterns(json_object_get(catalogue, "patterns"), argv[optind + 1]);
	} else {
		rc = list(json_object_get(catalogue, "checks"), &o);
	}
	json_decref(catalogue);
	pb_assessor_close(&a);
	return rc;
}
