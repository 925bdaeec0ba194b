#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "cli/cli.h"
#include "cli/enable_plan.h"

enum { OPT_ALERT = 256, OPT_LIBRARY, OPT_ROOT };
static const struct option long_options[] = {{"alert", required_argument, NULL, OPT_ALERT},
                                             {"library", required_argument, NULL, OPT_LIBRARY},
                                             {"root", required_argument, NULL, OPT_ROOT},
                                             {"yes", no_argument, NULL, 'y'},
                                             {"dry-run", no_argument, NULL, 'n'},
                                             {"help", no_argument, NULL, 'h'},
                                             {NULL, 0, NULL, 0}};

static int read_option(pb_admin_options *o, int c, const char *name, const char *word)
{
	switch (c) {
	case OPT_ALERT:
		if (strcmp(optarg, "observe") != 0 && strcmp(optarg, "reject") != 0 && strcmp(optarg, "conditional") != 0)
			return pb_usage_error(name, "--alert \"%s\": there are observe, reject and conditional", optarg);
		o->alert = optarg;
		return -1;
	case OPT_LIBRARY:
		o->library = optarg;
		return -1;
	case OPT_ROOT:
		o->root = optarg;
		return -1;
	case 'y':
		o->yes = true;
		return -1;
	case 'n':
		o->dry = true;
		return -1;
	case ':':
		return pb_usage_error(name, "%s needs a value", word);
	default:
		return pb_usage_error(name, "no option \"%s\"", word);
	}
}

int pb_admin_read(pb_admin_options *o, int argc, char **argv, const char *help)
{
	const char *name = argv[0];
	int c, status;

	opterr = 0;
	optind = 1;
	while ((c = getopt_long(argc, argv, ":ynh", long_options, NULL)) != -1) {
		if (c == 'h') {
			fputs(help, stdout);
			return 0;
		}
		status = read_option(o, c, name, argv[optind - 1]);
		if (status >= 0)
			return status;
	}
	if (optind + 1 != argc || strcmp(argv[optind], "clamd") != 0)
		return pb_usage_error(name, optind == argc ? "name the host: clamd" : "only \"clamd\" can be named");
	if (*o->root == '\0' && geteuid() != 0 && !o->dry) {
		pb_complain("%s: needs root: sudo probity %s clamd", name, name);
		return PB_EXIT_ERROR;
	}
	return -1;
}

int pb_admin_failed(const char *command, const pb_error *err)
{
	(void)fflush(stdout);
	pb_complain("%s: %s", command, err->text);
	return PB_EXIT_ERROR;
}
