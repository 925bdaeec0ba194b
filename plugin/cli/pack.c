/* `probity pack`: packs of rules. One row a verb. */
#include "cli/pack.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "base/text.h"
#include "cli/cli.h"

static const char help_text[] =
	"Usage: probity pack key new -s KEYFILE [-p FILE] [-W]\n"
	"       probity pack key show [FILE]\n"
	"       probity pack sign DIR [-s KEYFILE]\n"
	"       probity pack verify DIR|FILE.tar.gz [-p KEYFILE | -P KEY]\n"
	"       probity pack install DIR|FILE.tar.gz [--user|--system] [--replace]\n"
	"       probity pack list [-f text|json]\n"
	"       probity pack remove NAME [--user|--system]\n\n"
	"key new   a key to sign with; its files are minisign's\n"
	"key show  the keys that are trusted (*.pub in ~/.config/probity/keys and\n"
	"          /etc/probity/keys), or the one in FILE\n"
	"sign      list the files of the pack in DIR (pack.sum) and sign the list\n"
	"          (pack.sum.minisig); without -s only list them, for minisign to sign\n"
	"verify    are these the files that a trusted key, or this one, has signed?\n"
	"install   check it and put it where `probity scan --pack NAME` finds it\n"
	"list      what is installed, and whether it is still what was signed\n"
	"remove    take it away\n\n"
	"  -s KEYFILE             the secret key; its password is asked for\n"
	"  -p KEYFILE             the public key\n"
	"  -P KEY                 the public key itself, in base64\n"
	"  -W                     the new key has no password\n"
	"      --user             in ~/.local/share/probity/packs (default but for root)\n"
	"      --system           in /var/lib/probity/packs (root's default)\n"
	"      --replace          in place of another version\n"
	"  -f, --format FORMAT    text (default) or json\n"
	"  -h, --help             this text\n\n"
	"Exit status: 0 done, or verified; 1 not verified; 2 error.\n";

static const struct {
	const char *name;
	int (*run)(pb_pack_options *o);
} verbs[] = {
	{"key", pb_pack_key},         {"sign", pb_pack_sign}, {"verify", pb_pack_verify},
	{"install", pb_pack_install}, {"list", pb_pack_list}, {"remove", pb_pack_remove},
};
enum { VERBS = sizeof verbs / sizeof *verbs };

enum { OPT_USER = 256, OPT_SYSTEM, OPT_REPLACE };
static const struct option long_options[] = {{"format", required_argument, NULL, 'f'}, {"user", no_argument, NULL, OPT_USER},
                                             {"system", no_argument, NULL, OPT_SYSTEM}, {"replace", no_argument, NULL, OPT_REPLACE},
                                             {"help", no_argument, NULL, 'h'},          {NULL, 0, NULL, 0}};

void pb_pack_told(void *user, const char *message)
{
	(void)user;
	pb_warn("%s", message);
}

/* -1: go on; otherwise the exit status. */
static int read_options(pb_pack_options *o, int argc, char **argv)
{
	int c;

	opterr = 0;
	optind = 1;
	while ((c = getopt_long(argc, argv, ":s:p:P:Wf:h", long_options, NULL)) != -1) {
		switch (c) {
		case 's':
			o->secret = optarg;
			break;
		case 'p':
			o->public_file = optarg;
			break;
		case 'P':
			o->public_text = optarg;
			break;
		case 'W':
			o->open_key = true;
			break;
		case 'f':
			o->json = strcmp(optarg, "json") == 0;
			if (!o->json && strcmp(optarg, "text") != 0)
				return pb_usage_error("pack", "no format \"%s\"; there are text and json", optarg);
			break;
		case OPT_USER:
			o->user = true;
			break;
		case OPT_SYSTEM:
			o->system = true;
			break;
		case OPT_REPLACE:
			o->replace = true;
			break;
		case 'h':
			fputs(help_text, stdout);
			return 0;
		case ':':
			return pb_usage_error("pack", "%s needs a value", argv[optind - 1]);
		default:
			return pb_usage_error("pack", "no option \"%s\"", argv[optind - 1]);
		}
	}
	if (o->user && o->system)
		return pb_usage_error("pack", "--user or --system, not both");
	if (optind == argc)
		return pb_usage_error("pack", "key, sign, verify, install, list or remove?");
	o->words = argv + optind + 1;
	o->n = (size_t)(argc - optind - 1);
	return -1;
}

int pb_cli_pack(int argc, char **argv)
{
	pb_pack_options o = {0};
	const char *names[VERBS], *near;
	pb_error err = {0};
	int rc = read_options(&o, argc, argv);

	if (rc >= 0)
		return rc;
	for (size_t i = 0; i < VERBS; i++) {
		names[i] = verbs[i].name;
		if (strcmp(argv[optind], verbs[i].name) != 0)
			continue;
		if (pb_places_open(false, &o.places, &err) != PB_OK) {
			pb_complain("%s", err.text);
			return PB_EXIT_ERROR;
		}
		rc = verbs[i].run(&o);
		pb_places_close(&o.places);
		return rc;
	}
	near = pb_text_nearest(argv[optind], names, VERBS);
	return pb_usage_error("pack", near ? "no \"pack %s\"; did you mean %s?" : "no \"pack %s\"", argv[optind], near);
}
