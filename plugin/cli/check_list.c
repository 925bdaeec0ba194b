#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/check.h"
#include "cli/cli.h"
#include "cli/lines.h"

static const char help_text[] =
	"Usage: probity check list [-f text|json] [--rules DIR]...\n"
	"       probity check list --claims|--maps|--tags [-f text|json]\n\n"
	"The checks: id, catalogue row, pillar, claim, severity, title; then the packs that take part.\n"
	"Or the words that a check's header may use.\n\n"
	"      --claims            for `claim`: what several checks speak of together, with its pillar\n"
	"      --maps              for `maps`: the requirements that a check may serve\n"
	"      --tags              for `applies`: kinds, classes and tags of objects\n"
	"  -f, --format FORMAT     text (default) or json: one object a line\n"
	PB_RULE_HELP
	"  -h, --help              this text\n";

enum { OPT_WORDS = 256 }; /* and on, a kind each */
static const struct option long_options[] = {{"claims", no_argument, NULL, OPT_WORDS + PB_WORDS_CLAIMS},
                                             {"maps", no_argument, NULL, OPT_WORDS + PB_WORDS_MAPS},
                                             {"tags", no_argument, NULL, OPT_WORDS + PB_WORDS_TAGS},
                                             {"format", required_argument, NULL, 'f'},
                                             PB_RULE_LONG_OPTIONS,
                                             {"help", no_argument, NULL, 'h'},
                                             {NULL, 0, NULL, 0}};

static int print_json(const json_t *check)
{
	static const char *const keys[] = {"id", "catalogue", "pillar", "claim", "severity", "reliability", "title", "online", "measured"};
	json_t *row = json_object();
	for (size_t k = 0; k < sizeof keys / sizeof *keys; k++)
		json_object_set(row, keys[k], json_object_get(check, keys[k]));
	return pb_print_json(row);
}

/* Whose rules these are, behind the checks; with -f json an object {"pack":...} a line. */
static int print_pack(json_t *pack, bool json)
{
	const char *why = pb_json_str(pack, "why", "");
	if (json)
		return pb_print_json(json_pack("{s:O}", "pack", pack));
	printf("pack %s %s, key %s, pack.sum %s%s%s%s\n", pb_json_str(pack, "name", ""), pb_json_str(pack, "version", ""),
	       pb_json_str(pack, "key", ""), pb_json_str(pack, "sha256", ""),
	       json_is_true(json_object_get(pack, "left_out")) ? ", left out" : "", *why ? ": " : "", why);
	return 0;
}

static const char columns[] = "%-36s %-5s %-12s %-20s %-8s %s\n";

static int print(const json_t *check, bool json)
{
	if (json)
		return print_json(check);
	printf(columns, pb_json_str(check, "id", ""), pb_json_str(check, "catalogue", ""),
	       pb_json_str(check, "pillar", ""), pb_json_str(check, "claim", ""), pb_json_str(check, "severity", ""),
	       pb_json_str(check, "title", ""));
	return 0;
}

int pb_check_list(int argc, char **argv)
{
	pb_rule_options rules = {0};
	pb_assessor a;
	json_t *catalogue, *check, *pack;
	bool json = false;
	size_t i;
	int c, rc = 0, words = -1;
	opterr = 0;
	optind = 1;
	while ((c = getopt_long(argc, argv, ":f:h", long_options, NULL)) != -1) {
		switch (c) {
		case 'f':
			json = strcmp(optarg, "json") == 0;
			if (!json && strcmp(optarg, "text") != 0)
				return pb_usage_error("check list", "no format \"%s\"; there are text and json", optarg);
			break;
		case OPT_WORDS + PB_WORDS_CLAIMS:
		case OPT_WORDS + PB_WORDS_MAPS:
		case OPT_WORDS + PB_WORDS_TAGS:
			if (words >= 0 && words != c - OPT_WORDS)
				return pb_usage_error("check list", "one of --claims, --maps and --tags");
			words = c - OPT_WORDS;
			break;
		case 'h':
			fputs(help_text, stdout);
			return 0;
		default:
			if (pb_check_option(&rules, "list", c, argv))
				return PB_EXIT_ERROR;
		}
	}
	if (optind < argc)
		return pb_usage_error("check list", "\"%s\": it lists all checks, and takes options only", argv[optind]);
	if (words >= 0)
		return pb_check_words((pb_check_word_kind)words, json);
	pb_assessor_options options = {.without_engine = true};
	pb_rule_options_into(&rules, &options);
	rc = pb_check_open(options, &a, &catalogue);
	if (rc == 0 && !json && isatty(STDOUT_FILENO)) /* piped, each line is a check */
		printf(columns, "ID", "ROW", "PILLAR", "CLAIM", "SEVERITY", "TITLE");
	if (rc == 0)
		json_array_foreach(json_object_get(catalogue, "checks"), i, check)
			rc = rc ? rc : print(check, json);
	if (rc == 0)
		json_array_foreach(json_object_get(pb_template_about(a.keeper.rules), "packs"), i, pack)
			rc = rc ? rc : print_pack(pack, json);
	json_decref(catalogue);
	pb_assessor_close(&a);
	return fflush(stdout) ? PB_EXIT_ERROR : rc;
}
