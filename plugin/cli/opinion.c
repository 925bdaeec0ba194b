/* `probity opinion`: what assessors say of a product without its bytes ever leaving a machine. One row a verb. */
#include "cli/opinion.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/date.h"
#include "base/fs.h"
#include "base/log.h"
#include "base/text.h"
#include "cli/cli.h"

static const char help_text[] =
    "Usage: probity opinion export REPORT --key KEYFILE [-o FILE]\n"
    "       probity opinion import FILE [--trust DIR] [--weight B,D,U,A]\n"
    "       probity opinion show DIGEST|REPORT [SIGNED-REPORT...] [--trust DIR] [-f text|json]\n\n"
    "export  what REPORT says as an opinion (belief, disbelief, uncertainty) on each claim,\n"
    "        signed: the product's SHA-256, the day, the rules' digest, nothing of the product\n"
    "import  keep the opinion of somebody whom a trust root names an assessor; refused are\n"
    "        replays, what has expired, your own\n"
    "show    what all that are kept say together, with REPORT's own: those who looked by the\n"
    "        same rules are averaged, different ones cumulated. With reports on the same product\n"
    "        that assessors signed (`probity sign`): the findings of all, each once, and the\n"
    "        score that follows\n\n"
    "      --key KEYFILE      the secret key, of `probity pack key new` or minisign\n"
    "  -o, --output FILE      default: standard output\n"
    "      --trust DIR        trust roots, instead of the usual folders\n"
    "      --weight B,D,U,A   your trust in the assessor, in percent; default: 100,0,0,50\n"
    "      --folder DIR       where opinions are kept (default: ~/.local/share/probity/opinions)\n"
    "      --as-of DATE       the day of judging, YYYY-MM-DD (default: today, UTC)\n"
    "  -f, --format FORMAT    text (default) or json\n"
    "  -h, --help             this text\n\n"
    "Exit status: 0 done, 2 error, or refused.\n";

static const struct {
	const char *name;
	int (*run)(const pb_opinion_options *o, pb_error *err);
} verbs[] = {{"export", pb_opinion_export}, {"import", pb_opinion_import}, {"show", pb_opinion_show}};
enum { VERBS = sizeof verbs / sizeof *verbs };

enum { OPT_KEY = 256, OPT_TRUST, OPT_WEIGHT, OPT_FOLDER, OPT_AS_OF };
static const struct option long_options[] = {{"key", required_argument, NULL, OPT_KEY},       {"output", required_argument, NULL, 'o'},
                                             {"trust", required_argument, NULL, OPT_TRUST},   {"weight", required_argument, NULL, OPT_WEIGHT},
                                             {"folder", required_argument, NULL, OPT_FOLDER}, {"as-of", required_argument, NULL, OPT_AS_OF},
                                             {"format", required_argument, NULL, 'f'},        {"help", no_argument, NULL, 'h'},
                                             {NULL, 0, NULL, 0}};

/* "100,0,0,50" */
static bool read_weight(const char *text, pb_opinion *out)
{
	int b, d, u, a, end = 0;

	if (sscanf(text, "%3d,%3d,%3d,%3d%n", &b, &d, &u, &a, &end) != 4 || text[end] != '\0')
		return false;
	*out = (pb_opinion){b * (PB_OPINION_ONE / 100), d * (PB_OPINION_ONE / 100), u * (PB_OPINION_ONE / 100), a * (PB_OPINION_ONE / 100)};
	return pb_opinion_valid(out);
}

/* -1: go on; otherwise the exit status. */
static int read_options(pb_opinion_options *o, int argc, char **argv)
{
	int c;
	opterr = 0;
	optind = 1;
	while ((c = getopt_long(argc, argv, ":f:o:h", long_options, NULL)) != -1) {
		switch (c) {
		case OPT_KEY:
			o->key = optarg;
			break;
		case 'o':
			o->output = optarg;
			break;
		case OPT_FOLDER:
			o->folder = optarg;
			break;
		case OPT_TRUST:
			if (pb_dossier_option(&o->trust.trust, &o->trust.n_trust, optarg))
				return PB_EXIT_ERROR;
			break;
		case OPT_WEIGHT:
			if (!read_weight(optarg, &o->weight))
				return pb_usage_error("opinion", "--weight \"%s\": four percentages, the first three together 100", optarg);
			break;
		case OPT_AS_OF:
			if (!pb_date_parse(optarg, &o->as_of))
				return pb_usage_error("opinion", "--as-of \"%s\": not a date like 2026-11-21", optarg);
			break;
		case 'f':
			o->json = strcmp(optarg, "json") == 0;
			if (!o->json && strcmp(optarg, "text") != 0)
				return pb_usage_error("opinion", "no format \"%s\"; there are text and json", optarg);
			break;
		case 'h':
			fputs(help_text, stdout);
			return 0;
		case ':':
			return pb_usage_error("opinion", "%s needs a value", argv[optind - 1]);
		default:
			return pb_usage_error("opinion", "no option \"%s\"", argv[optind - 1]);
		}
	}
	return -1;
}

/* ~/.local/share/probity/opinions, its folders made. NULL: there is no home. */
static char *usual_folder(void)
{
	static const char *const parts[] = {".local", "share", "probity", "opinions"};
	const char *home = getenv("HOME");
	char *dir = home && *home == '/' ? strdup(home) : NULL;

	for (size_t i = 0; i < 4 && dir; i++) {
		char *next = pb_fs_join(dir, parts[i]);
		free(dir);
		dir = next;
		if (dir)
			mkdir(dir, 0700);
	}
	return dir;
}

int pb_cli_opinion(int argc, char **argv)
{
	pb_opinion_options o = {.weight = {PB_OPINION_ONE, 0, 0, PB_OPINION_ONE / 2}, .as_of = pb_date_today()};
	pb_error err = {0};
	int rc = read_options(&o, argc, argv), verb = 0;
	char *folder = NULL;

	if (rc < 0 && optind == argc)
		rc = pb_usage_error("opinion", "export, import or show?");
	while (rc < 0 && verb < VERBS && strcmp(argv[optind], verbs[verb].name) != 0)
		verb++;
	if (rc < 0 && verb == VERBS)
		rc = pb_usage_error("opinion", "no \"opinion %s\"; there are export, import and show", argv[optind]);
	if (rc < 0 && optind + 2 != argc && (verb != 2 || optind + 2 > argc))
		rc = pb_usage_error("opinion", "name one %s", verb == 1 ? "file" : "report");
	if (rc < 0 && verb == 0 && !o.key)
		rc = pb_usage_error("opinion", "--key names the file of the secret key");
	if (rc < 0) {
		o.words = argv + optind + 1;
		o.n = (size_t)(argc - optind - 1);
		if (!o.folder)
			o.folder = folder = usual_folder();
		rc = o.folder ? verbs[verb].run(&o, &err) : pb_fail(&err, PB_EINPUT, "HOME names no folder: --folder does");
		if (rc)
			pb_complain("%s", err.code ? err.text : "out of memory");
		rc = rc ? PB_EXIT_ERROR : 0;
	}
	pb_dossier_options_free(&o.trust);
	free(folder);
	return rc;
}
