/* One check on one product, step by step: what its roles tell beside the records (worker/trace.h), put together. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/date.h"
#include "base/fs.h"
#include "base/log.h"
#include "base/text.h"
#include "cli/check.h"
#include "cli/cli.h"
#include "cli/explain.h"
#include "cli/lines.h"
#include "keeper/judge.h"

static const char help_text[] =
	"Usage: probity check explain [-v] [-f text|json] [--rules DIR]... CHECK PRODUCT\n\n"
	"Every step of one check on one product: which objects it was asked about, which of its\n"
	"strings hit where, whether its function ran and what it raised, what that took of its\n"
	"budgets, and what became of it in the score. CHECK is an id, or a check's file.\n\n"
	"  -v, --verbose           every object; otherwise those on which something happened\n"
	"  -f, --format FORMAT     text (default) or json: one line, every object\n"
	"  -p, --policy NAME       of the score: government, business (default), consumer, or a file\n"
	"      --as-of DATE        the day for which the product is judged (default: today)\n"
	"      --database DIR      ClamAV's database (default: ClamAV's own)\n"
	PB_RULE_HELP
	"  -h, --help              this text\n\n"
	"Times differ from run to run, everything else does not. Exit status: 0, or 2 for an error.\n";

enum { OPT_AS_OF = 256, OPT_DATABASE };
static const struct option long_options[] = {{"format", required_argument, NULL, 'f'},
                                             {"policy", required_argument, NULL, 'p'},
                                             {"as-of", required_argument, NULL, OPT_AS_OF},
                                             {"database", required_argument, NULL, OPT_DATABASE},
                                             PB_RULE_LONG_OPTIONS,
                                             {"verbose", no_argument, NULL, 'v'},
                                             {"help", no_argument, NULL, 'h'},
                                             {NULL, 0, NULL, 0}};

typedef struct explaining {
	pb_rule_options rules;
	const char *policy_name, *database, *product;
	const char *word, *check; /* as the command line names it; its id */
	bool json, verbose, alone; /* alone: its file is loaded by itself */
	int64_t as_of;
	pb_policy policy;
	json_t *trace;   /* ["check.id"] */
	json_t *records; /* as they came */
} explaining;

static int read_options(explaining *e, int argc, char **argv)
{
	int c;
	opterr = 0;
	optind = 1;
	while ((c = getopt_long(argc, argv, ":f:p:vh", long_options, NULL)) != -1) {
		switch (c) {
		case 'f':
			e->json = strcmp(optarg, "json") == 0;
			if (!e->json && strcmp(optarg, "text") != 0)
				return pb_usage_error("check explain", "no format \"%s\"; there are text and json", optarg);
			break;
		case 'p':
			e->policy_name = optarg;
			break;
		case OPT_AS_OF:
			if (!pb_date_parse(optarg, &e->as_of))
				return pb_usage_error("check explain", "--as-of \"%s\": not a date like 2026-11-21", optarg);
			break;
		case OPT_DATABASE:
			e->database = optarg;
			break;
		case 'v':
			e->verbose = true;
			break;
		case 'h':
			fputs(help_text, stdout);
			return 0;
		default:
			if (pb_check_option(&e->rules, "explain", c, argv))
				return PB_EXIT_ERROR;
		}
	}
	if (optind + 2 != argc)
		return pb_usage_error("check explain", "name one check and one product");
	e->word = argv[optind];
	e->product = argv[optind + 1];
	return -1;
}

static int on_record(void *user, const json_t *record)
{
	explaining *e = user;
	return json_array_append_new(e->records, pb_explain_step(record, e->check)) ? PB_ENOMEM : 0;
}

/* Is it the check's own file? Another way to name it. */
static bool is_file_of(const char *word, const json_t *check)
{
	char *a = realpath(word, NULL), *b = realpath(pb_json_str(check, "file", ""), NULL);
	bool same = a && b && strcmp(a, b) == 0;
	free(a);
	free(b);
	return same;
}

/* The check that is meant, borrowed from the catalogue; NULL: it is not there. */
static const json_t *find_check(const explaining *e, const json_t *catalogue)
{
	const json_t *check;
	size_t i;
	json_array_foreach(json_object_get(catalogue, "checks"), i, check)
		if (strcmp(pb_json_str(check, "id", ""), e->word) == 0 || is_file_of(e->word, check))
			return check;
	return NULL;
}

static int no_check(const explaining *e, const json_t *catalogue)
{
	const json_t *checks = json_object_get(catalogue, "checks"), *check;
	size_t n = json_array_size(checks), i;
	const char **ids = calloc(n + 1, sizeof *ids);
	json_array_foreach(checks, i, check)
		if (ids)
			ids[i] = pb_json_str(check, "id", "");
	char *file = pb_check_near_file("", e->word);
	const char *near = file ? file : ids ? pb_text_nearest(e->word, ids, n) : NULL;
	if (e->alone)
		pb_complain("%s does not load: `probity check lint` says why", e->word);
	else if (near)
		pb_complain("there is no check \"%s\"; did you mean %s?", e->word, near);
	else
		pb_complain("there is no check \"%s\"; `probity check list` names those of Probity, --rules DIR adds others", e->word);
	free(file);
	free(ids);
	return PB_EXIT_ERROR;
}

static void rules_of(const explaining *e, pb_assessor_options *options)
{
	pb_rule_options_into(&e->rules, options);
	options->files = &e->word;
	options->n_files = e->alone ? 1 : 0;
}

/* The catalogue with the check in it. A file that neither we nor --rules have is loaded by itself: only then, as each check can be
 * there once. */
static int look_up(explaining *e, json_t **catalogue, const json_t **check)
{
	struct stat st;
	for (;;) {
		pb_assessor_options options = {0};
		pb_assessor a;
		rules_of(e, &options);
		options.without_engine = true;
		int rc = pb_check_open(options, &a, catalogue);
		*check = rc == 0 ? find_check(e, *catalogue) : NULL;
		pb_assessor_close(&a);
		if (rc || *check)
			return rc;
		if (e->alone || stat(e->word, &st) || !S_ISREG(st.st_mode))
			return no_check(e, *catalogue);
		e->alone = true;
		json_decref(*catalogue);
		*catalogue = NULL;
	}
}

static int assess(explaining *e, pb_assessor *a, const json_t *check, json_t **told, pb_error *err)
{
	json_t *document = NULL, *trace;
	pb_judgement judgement = {0};
	pb_judge by = {.policy = &e->policy, .as_of = e->as_of, .clamav = a->clamav, .yara = a->yara, .lua = a->lua,
	               .rules_digest = a->rules_digest, .database = a->database};
	int rc = pb_assess(a, e->product, &document, err);
	if (rc)
		return rc;
	trace = json_incref(json_object_get(document, "trace"));
	json_object_del(document, "trace");
	rc = pb_judge_product(&by, document, &judgement, err);
	if (!rc)
		*told = pb_explain(check, e->records, trace, document, judgement.report);
	if (!rc && !*told)
		rc = pb_fail(err, PB_ENOMEM, "out of memory");
	json_decref(trace);
	json_decref(document);
	json_decref(judgement.report);
	return rc;
}

static int print(const explaining *e, json_t *told)
{
	if (!e->json) {
		pb_explain_text(told, e->verbose);
		return 0;
	}
	return pb_print_json(json_incref(told));
}

/* Twice the catalogue: once to know what is meant, once with workers that trace it. */
static int explain(explaining *e)
{
	pb_error err = {0};
	pb_assessor a;
	json_t *catalogue = NULL, *told = NULL;
	const json_t *check = NULL;
	int rc = look_up(e, &catalogue, &check);
	if (rc) {
		json_decref(catalogue);
		return rc;
	}
	e->check = pb_json_str(check, "id", "");
	e->trace = json_pack("[s]", e->check);
	e->records = json_array();
	pb_assessor_options options = {.database = e->database, .as_of = e->as_of, .silent = true, .without_cache = true, .trace = e->trace, .traced = on_record, .user = e,
	                               .interrupted = &pb_interrupted};
	rules_of(e, &options);
	rc = e->trace && e->records ? pb_assessor_open(&options, &a, &err) : pb_fail(&err, PB_ENOMEM, "out of memory");
	rc = rc ? rc : assess(e, &a, check, &told, &err);
	if (rc)
		pb_complain("%s", err.text);
	else
		rc = print(e, told);
	pb_assessor_close(&a);
	json_decref(catalogue);
	json_decref(e->trace);
	json_decref(e->records);
	json_decref(told);
	return rc ? PB_EXIT_ERROR : fflush(stdout) ? PB_EXIT_ERROR : 0;
}

int pb_check_explain(int argc, char **argv)
{
	explaining e = {.policy_name = "business"};
	pb_error err = {0};
	e.as_of = pb_date_today();
	int rc = read_options(&e, argc, argv);
	if (rc >= 0)
		return rc;
	char *data = pb_fs_data_dir();
	rc = data ? pb_policy_load(e.policy_name, data, &e.policy, &err) : pb_fail(&err, PB_ENOMEM, "out of memory");
	free(data);
	if (rc) {
		pb_complain("%s", err.text);
		return PB_EXIT_ERROR;
	}
	return explain(&e);
}
