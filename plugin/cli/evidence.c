#include "cli/evidence.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/fs.h"
#include "base/log.h"
#include "cli/cli.h"
#include "cli/lines.h"

static const char help_text[] =
    "Usage: probity evidence lint DOSSIER... [OPTIONS]\n"
    "       probity evidence template [OPTIONS] [-o DIR]\n"
    "For suppliers, before a dossier is handed in.\n\n"
    "lint      what of a dossier (a folder, one document, an archive) is missing, stale, unsigned,\n"
    "          contradicted, of another product, or cannot be read, and what to do about it\n"
    "template  what a policy asks for as files to fill in, with a README.txt that says who signs\n"
    "          which; what is there already is left as it is\n\n"
    "      --product FILE     the product: it is assessed, with the dossier\n"
    "      --for REPORT.json  the product that this report is of: name, version and digest\n"
    "  -p, --policy NAME|FILE what must be there; template without it: forms of all kinds\n"
    "      --all              template: also what the policy does not ask for\n"
    "  -o, --output DIR       template: write the files there (default: list them)\n"
    "      --trust DIR        trust roots that signatures count by (default: those of probity trust)\n"
    "      --as-of DATE       the day to judge by, YYYY-MM-DD (default: today, UTC)\n"
    "      --database DIR     ClamAV's database, for --product (default: /var/lib/clamav)\n"
    "  -f, --format FORMAT    text (default) or json\n"
    "  -h, --help             this text\n\n"
    "Exit status: 0 nothing is wrong, 1 something is, 2 error.\n";

enum { OPT_PRODUCT = 256, OPT_FOR, OPT_ALL, OPT_TRUST, OPT_AS_OF, OPT_DATABASE };
static const struct option long_options[] = {{"product", required_argument, NULL, OPT_PRODUCT}, {"for", required_argument, NULL, OPT_FOR},
                                             {"policy", required_argument, NULL, 'p'},          {"all", no_argument, NULL, OPT_ALL},
                                             {"output", required_argument, NULL, 'o'},          {"trust", required_argument, NULL, OPT_TRUST},
                                             {"as-of", required_argument, NULL, OPT_AS_OF},     {"database", required_argument, NULL, OPT_DATABASE},
                                             {"format", required_argument, NULL, 'f'},          {"help", no_argument, NULL, 'h'},
                                             {NULL, 0, NULL, 0}};

static const char **text_of(pb_evidence_options *o, int c)
{
	switch (c) {
	case OPT_PRODUCT:
		return &o->product;
	case OPT_FOR:
		return &o->report;
	case OPT_DATABASE:
		return &o->database;
	case 'o':
		return &o->output;
	case 'p':
		return &o->policy_name;
	default:
		return NULL;
	}
}

/* -1: go on; otherwise the exit status. */
static int read_options(pb_evidence_options *o, int argc, char **argv)
{
	int c;

	opterr = 0;
	optind = 1;
	while ((c = getopt_long(argc, argv, ":p:o:f:h", long_options, NULL)) != -1) {
		const char **slot = text_of(o, c);

		if (slot)
			*slot = optarg;
		else if (c == OPT_ALL)
			o->all = true;
		else if (c == OPT_TRUST) {
			if (pb_dossier_option(&o->handed_in.trust, &o->handed_in.n_trust, optarg))
				return pb_usage_error("evidence", "out of memory");
		} else if (c == OPT_AS_OF) {
			if (!pb_date_parse(optarg, &o->as_of))
				return pb_usage_error("evidence", "--as-of \"%s\": not a date like 2026-11-21", optarg);
		} else if (c == 'f') {
			o->json = strcmp(optarg, "json") == 0;
			if (!o->json && strcmp(optarg, "text") != 0)
				return pb_usage_error("evidence", "no format \"%s\"; there are text and json", optarg);
		} else if (c == 'h') {
			fputs(help_text, stdout);
			return 0;
		} else
			return pb_usage_error("evidence", c == ':' ? "%s needs a value" : "no option \"%s\"", argv[optind - 1]);
	}
	if (o->product && o->report)
		return pb_usage_error("evidence", "--product and --for name the same: give one");
	return -1;
}

static int lint(pb_evidence_options *o, pb_evidence_asked *a)
{
	json_t *out = pb_evidence_lint(o, a);
	int status = json_is_true(json_object_get(out, "fine")) ? 0 : 1;

	if (!out) {
		pb_complain("out of memory");
		return PB_EXIT_ERROR;
	}
	if (o->json)
		return pb_print_json(out) ? PB_EXIT_ERROR : status;
	pb_evidence_lint_text(out);
	json_decref(out);
	return status;
}

static int load_policy(pb_evidence_options *o, pb_error *err)
{
	char *data = pb_fs_data_dir();
	int rc;

	o->policy = data ? calloc(1, sizeof *o->policy) : NULL;
	rc = o->policy ? pb_policy_load(o->policy_name, data, o->policy, err) : pb_fail(err, PB_ENOMEM, "out of memory");
	free(data);
	return rc;
}

/* argv[optind] is the verb. */
static int verb(pb_evidence_options *o, int argc, char **argv)
{
	bool linting = strcmp(argv[optind], "lint") == 0;

	if (!linting && strcmp(argv[optind], "template") != 0)
		return pb_usage_error("evidence", "no \"evidence %s\"; there are lint and template", argv[optind]);
	if (linting && optind + 1 == argc)
		return pb_usage_error("evidence", "name the dossier: a folder, a document, or an archive of them");
	if (!linting && optind + 1 != argc)
		return pb_usage_error("evidence", "template takes no names; -o names the folder");
	if (linting && (o->output || o->all))
		return pb_usage_error("evidence", "%s is for template", o->all ? "--all" : "--output");
	for (int i = optind + 1; i < argc; i++)
		if (pb_dossier_option(&o->handed_in.evidence, &o->handed_in.n_evidence, argv[i]))
			return pb_usage_error("evidence", "out of memory");

	pb_evidence_asked asked = {0};
	pb_error err = {0};
	int rc = o->policy_name ? load_policy(o, &err) : 0, status = PB_EXIT_ERROR;

	pb_watch_signals();
	rc = rc ? rc : pb_evidence_ask(o, &asked, &err);
	if (rc)
		pb_complain("%s", err.code ? err.text : "out of memory");
	else
		status = linting ? lint(o, &asked) : pb_evidence_template(o, &asked);
	pb_evidence_asked_free(&asked);
	return status;
}

int pb_cli_evidence(int argc, char **argv)
{
	pb_evidence_options o = {.as_of = pb_date_today()};
	int rc = read_options(&o, argc, argv);

	if (rc < 0)
		rc = optind == argc ? pb_usage_error("evidence", "lint or template?") : verb(&o, argc, argv);
	pb_dossier_options_free(&o.handed_in);
	free(o.policy);
	return rc;
}
