#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/fs.h"
#include "base/log.h"
#include "cli/check.h"
#include "cli/cli.h"

static const char help_text[] =
	"Usage: probity check patterns [--rules DIR]... FOLDER\n\n"
	"Writes the YARA sources that a scan compiles into FOLDER, one file a source.\n\n"
	PB_RULE_HELP
	"  -h, --help              this text\n";

static const struct option long_options[] = {
	PB_RULE_LONG_OPTIONS, {"help", no_argument, NULL, 'h'}, {NULL, 0, NULL, 0}};

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
		const char *space = pb_json_str(p, "space", ""), *text = pb_json_str(p, "text", "");
		char name[300];
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

int pb_check_patterns(int argc, char **argv)
{
	pb_rule_options rules = {0};
	pb_assessor a;
	json_t *catalogue;
	int c;
	opterr = 0;
	optind = 1;
	while ((c = getopt_long(argc, argv, ":h", long_options, NULL)) != -1) {
		switch (c) {
		case 'h':
			fputs(help_text, stdout);
			return 0;
		default:
			if (pb_check_option(&rules, "patterns", c, argv))
				return PB_EXIT_ERROR;
		}
	}
	if (optind + 1 != argc)
		return pb_usage_error("check patterns", "name one folder to write to");
	pb_assessor_options options = {.without_engine = true};
	pb_rule_options_into(&rules, &options);
	int rc = pb_check_open(options, &a, &catalogue);
	if (rc == 0)
		rc = write_patterns(json_object_get(catalogue, "patterns"), argv[optind]);
	json_decref(catalogue);
	pb_assessor_close(&a);
	return rc;
}
