/* `probity trust`: whose signatures count, and for what. One row a verb. */
#include "cli/trust.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/text.h"
#include "cli/cli.h"

static const char help_text[] =
	"Usage: probity trust add FILE --role ROLE [--scope GLOBS] [--from DAY]\n"
	"                         [--until DAY] [--name NAME]\n"
	"       probity trust list [-f text|json]\n"
	"       probity trust show NAME [--pem] [-f text|json]\n"
	"       probity trust remove NAME\n\n"
	"add     trust the public key in FILE (minisign, OpenPGP, PEM or a certificate)\n"
	"list    whom is trusted\n"
	"show    one of them; --pem: its key as PEM, for openssl and others\n"
	"remove  trust it no longer\n\n"
	"      --role ROLE        vendor       answers for what its own documents claim\n"
	"                         distributor  for packages that it hands on\n"
	"                         builder      for where and of what something was built\n"
	"                         auditor      for audits\n"
	"                         assessor     for waivers and opinions\n"
	"      --scope GLOBS      of which products (builder: builder ids); default: all.\n"
	"                         A CA's: identity:GLOB, subject:GLOB, issuer:GLOB, timestamp; a log's: rekor\n"
	"      --from DAY, --until DAY   signatures count from, until this day of judging\n"
	"      --name NAME        default: of FILE\n"
	"      --user             in ~/.config/probity/trust (default but for root)\n"
	"      --system           in /etc/probity/trust (root's default)\n"
	"      --trust DIR        in DIR, and nowhere else\n"
	"  -f, --format FORMAT    text (default) or json\n"
	"  -h, --help             this text\n\n"
	"One key has one role: none answers for himself.\n"
	"Exit status: 0 done; 2 error.\n";

static const struct {
	const char *name;
	int (*run)(pb_trust_options *o);
} verbs[] = {{"add", pb_trust_add}, {"list", pb_trust_show_all}, {"show", pb_trust_show}, {"remove", pb_trust_remove}};
enum { VERBS = sizeof verbs / sizeof *verbs };

enum { OPT_ROLE = 256, OPT_SCOPE, OPT_FROM, OPT_UNTIL, OPT_NAME, OPT_USER, OPT_SYSTEM, OPT_TRUST, OPT_PEM };
static const struct option long_options[] = {{"role", required_argument, NULL, OPT_ROLE},   {"scope", required_argument, NULL, OPT_SCOPE},
                                             {"from", required_argument, NULL, OPT_FROM},   {"until", required_argument, NULL, OPT_UNTIL},
                                             {"name", required_argument, NULL, OPT_NAME},   {"user", no_argument, NULL, OPT_USER},
                                             {"system", no_argument, NULL, OPT_SYSTEM},     {"trust", required_argument, NULL, OPT_TRUST},
                                             {"pem", no_argument, NULL, OPT_PEM},           {"format", required_argument, NULL, 'f'},
                                             {"help", no_argument, NULL, 'h'},              {NULL, 0, NULL, 0}};

/* Where an option's word goes; NULL: it is none of these. */
static const char **slot(pb_trust_options *o, int c)
{
	switch (c) {
	case OPT_ROLE:
		return &o->role;
	case OPT_SCOPE:
		return &o->scope;
	case OPT_FROM:
		return &o->from;
	case OPT_UNTIL:
		return &o->until;
	case OPT_NAME:
		return &o->name;
	case OPT_TRUST:
		return &o->folder;
	default:
		return NULL;
	}
}

/* -1: go on; otherwise the exit status. */
static int read_options(pb_trust_options *o, int argc, char **argv)
{
	int c;

	opterr = 0;
	optind = 1;
	while ((c = getopt_long(argc, argv, ":f:h", long_options, NULL)) != -1) {
		const char **to = slot(o, c);

		if (to != NULL)
			*to = optarg;
		else if (c == OPT_USER)
			o->user = true;
		else if (c == OPT_SYSTEM)
			o->system = true;
		else if (c == OPT_PEM)
			o->pem = true;
		else if (c == 'f') {
			o->json = strcmp(optarg, "json") == 0;
			if (!o->json && strcmp(optarg, "text") != 0)
				return pb_usage_error("trust", "no format \"%s\"; there are text and json", optarg);
		} else if (c == 'h') {
			fputs(help_text, stdout);
			return 0;
		} else
			return pb_usage_error("trust", c == ':' ? "%s needs a value" : "no option \"%s\"", argv[optind - 1]);
	}
	if (o->user + o->system + (o->folder != NULL) > 1)
		return pb_usage_error("trust", "one of --user, --system and --trust");
	if (optind == argc)
		return pb_usage_error("trust", "add, list, show or remove?");
	o->words = argv + optind + 1;
	o->n = (size_t)(argc - optind - 1);
	return -1;
}

static int run(pb_trust_options *o, int (*verb)(pb_trust_options *o))
{
	const char *only[2] = {NULL, NULL};
	pb_error err = {0};
	int status;

	if (pb_trust_places_open(&o->places, &err) != PB_OK) {
		pb_complain("%s", err.text);
		return PB_EXIT_ERROR;
	}
	o->to = o->folder != NULL                            ? o->folder :
	        o->system || (geteuid() == 0 && !o->user) || o->places.user == NULL ? o->places.system :
	                                                                              o->places.user;
	only[0] = o->folder != NULL || o->user || o->system ? o->to : NULL;
	o->dirs = only[0] != NULL ? only : o->places.dirs;
	status = verb(o);
	pb_trust_places_close(&o->places);
	return status;
}

int pb_cli_trust(int argc, char **argv)
{
	pb_trust_options o = {0};
	const char *names[VERBS], *near;
	int rc = read_options(&o, argc, argv);

	if (rc >= 0)
		return rc;
	for (size_t i = 0; i < VERBS; i++) {
		names[i] = verbs[i].name;
		if (strcmp(argv[optind], verbs[i].name) == 0)
			return run(&o, verbs[i].run);
	}
	near = pb_text_nearest(argv[optind], names, VERBS);
	return pb_usage_error("trust", near ? "no \"trust %s\"; did you mean %s?" : "no \"trust %s\"", argv[optind], near);
}
