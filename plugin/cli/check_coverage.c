/* The rows of rulesets/catalogue.ini against the checks that there are. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fs.h"
#include "base/ini.h"
#include "base/log.h"
#include "cli/check.h"
#include "cli/cli.h"
#include "cli/lines.h"

static const char help_text[] =
	"Usage: probity check coverage [-f text|markdown|json] [--rules DIR]...\n\n"
	"Each row of the catalogue, the checks that serve it, their samples (hit and clean), what\n"
	"share of planted findings they found, and in how many clean products they alarmed; both\n"
	"from `measured` in the check's header, \"-\" where nothing was measured.\n\n"
	"  -f, --format FORMAT     text (default), markdown, or json: one object a row\n"
	PB_RULE_HELP
	"  -h, --help              this text\n\n"
	"Exit status: 0 every row of the pillars integrity and data-care has a check, 1 one has\n"
	"none, 2 error.\n";

static const struct option long_options[] = {{"format", required_argument, NULL, 'f'},
                                             PB_RULE_LONG_OPTIONS,
                                             {"help", no_argument, NULL, 'h'},
                                             {NULL, 0, NULL, 0}};

typedef enum format { TEXT, MARKDOWN, JSON } format;

typedef struct coverage {
	format format;
	const json_t *checks;
	size_t rows, covered, missing; /* missing: rows of integrity and data-care without a check */
	int rc;
} coverage;

/* "93 % of 20, 1 of 210" */
static void measured_words(const json_t *m, char *out, size_t room)
{
	if (!json_is_object(m))
		(void)snprintf(out, room, "-");
	else
		(void)snprintf(out, room, "%d.%d %% of %d; %d of %d", (int)(pb_json_int(m, "recall", 0) / 10), (int)(pb_json_int(m, "recall", 0) % 10),
		               (int)pb_json_int(m, "planted", 0), (int)pb_json_int(m, "alarms", 0), (int)pb_json_int(m, "clean", 0));
}

static void print_check(const coverage *c, const char *row, const char *title, const json_t *check)
{
	const json_t *samples = json_object_get(check, "samples");
	size_t hit = json_array_size(json_object_get(samples, "hit")), clean = json_array_size(json_object_get(samples, "clean"));
	char measured[100], counts[40] = "-";
	measured_words(json_object_get(check, "measured"), measured, sizeof measured);
	if (check)
		(void)snprintf(counts, sizeof counts, "%zu + %zu", hit, clean);
	const char *id = check ? pb_json_str(check, "id", "") : "-";
	if (c->format == MARKDOWN)
		printf("| %s | %s | %s%s%s | %s | %s |\n", row, title, check ? "`" : "", id, check ? "`" : "", counts, measured);
	else
		printf("%-5s %-40s %-8s %-30s %s\n", row, id, counts, measured, title);
}

static int row(void *user, const char *section, const char *key, const char *value, int line, pb_error *err)
{
	coverage *c = user;
	const json_t *check;
	json_t *ids = json_array();
	size_t i, n = 0;
	(void)line;
	json_array_foreach(c->checks, i, check) {
		if (strcmp(pb_json_str(check, "catalogue", ""), key) != 0)
			continue;
		if (c->format != JSON)
			print_check(c, n ? "" : key, n ? "" : value, check);
		json_array_append_new(ids, json_pack("{s:s,s:O,s:i,s:i}", "id", pb_json_str(check, "id", ""), "measured",
		                                     json_object_get(check, "measured"), "hit",
		                                     (int)json_array_size(json_object_get(json_object_get(check, "samples"), "hit")), "clean",
		                                     (int)json_array_size(json_object_get(json_object_get(check, "samples"), "clean"))));
		n++;
	}
	if (!n && c->format != JSON)
		print_check(c, key, value, NULL);
	if (c->format == JSON)
		c->rc = pb_print_json(json_pack("{s:s,s:s,s:s,s:O}", "row", key, "pillar", section, "title", value, "checks", ids));
	json_decref(ids);
	c->rows++;
	c->covered += n > 0;
	c->missing += n == 0 && (strcmp(section, "integrity") == 0 || strcmp(section, "data-care") == 0);
	return c->rc ? pb_fail(err, PB_EIO, "cannot write") : 0;
}

static int print(coverage *c)
{
	pb_error err = {0};
	char *data = pb_fs_data_dir(), *file = data ? pb_fs_join(data, "rulesets/catalogue.ini") : NULL;
	if (c->format == MARKDOWN)
		puts("| row | what it asks | check | samples: hit + clean | measured: planted findings found; clean products with an alarm |\n"
		     "|---|---|---|---|---|");
	int rc = file ? pb_ini_read(file, row, c, &err) : pb_fail(&err, PB_ENOMEM, "out of memory");
	free(data);
	free(file);
	if (rc) {
		pb_complain("%s", err.text);
		return PB_EXIT_ERROR;
	}
	if (c->format == TEXT)
		printf("%zu of %zu rows have a check\n", c->covered, c->rows);
	return c->missing ? 1 : 0;
}

static int format_of(const char *name)
{
	static const char *const names[] = {[TEXT] = "text", [MARKDOWN] = "markdown", [JSON] = "json"};
	for (int i = 0; i < (int)(sizeof names / sizeof *names); i++)
		if (strcmp(name, names[i]) == 0)
			return i;
	return -1;
}

int pb_check_coverage(int argc, char **argv)
{
	pb_rule_options rules = {0};
	coverage all = {.format = TEXT};
	pb_assessor a;
	json_t *catalogue;
	int c, wanted;
	opterr = 0;
	optind = 1;
	while ((c = getopt_long(argc, argv, ":f:h", long_options, NULL)) != -1) {
		switch (c) {
		case 'f':
			wanted = format_of(optarg);
			if (wanted < 0)
				return pb_usage_error("check coverage", "no format \"%s\"; there are text, markdown and json", optarg);
			all.format = (enum format)wanted;
			break;
		case 'h':
			fputs(help_text, stdout);
			return 0;
		default:
			if (pb_check_option(&rules, "coverage", c, argv))
				return PB_EXIT_ERROR;
		}
	}
	if (optind < argc)
		return pb_usage_error("check coverage", "\"%s\": it looks at all checks, and takes options only", argv[optind]);
	pb_assessor_options options = {.without_engine = true};
	pb_rule_options_into(&rules, &options);
	int rc = pb_check_open(options, &a, &catalogue);
	all.checks = json_object_get(catalogue, "checks");
	rc = rc ? rc : print(&all);
	json_decref(catalogue);
	pb_assessor_close(&a);
	return fflush(stdout) ? PB_EXIT_ERROR : rc;
}
