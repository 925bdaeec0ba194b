#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/date.h"
#include "base/fs.h"
#include "base/log.h"
#include "base/text.h"
#include "cli/assess.h"
#include "cli/cli.h"
#include "cli/deliver.h"
#include "cli/fail_on.h"
#include "cli/network.h"
#include "cli/rule_options.h"
#include "keeper/judge.h"


typedef struct scan {
	const char *policy_name, *database;
	pb_delivery to;
	pb_rule_options rules;
	size_t jobs;
	unsigned object_seconds;
	int64_t as_of;
	const char *sha256, *config; /* of a product by its URL */
	bool quiet, without_cache;
	pb_dossier_options evidence;
	pb_dossier *dossier; /* NULL: nothing was handed in */
	pb_fail_on gate;
	bool gate_fails;
	bool told; /* that there is no official database */
	pb_policy policy;
	json_t *regions; /* of the policy; NULL: none */
} scan;

static const char help_text[] =
	"Usage: probity scan [OPTIONS] PRODUCT...\n"
	"Assesses each PRODUCT (a package, archive, installer, binary or folder; or one https URL with\n"
	"--sha256, which probity-collect downloads as probity.conf allows).\n\n"
	"  -p, --policy NAME|FILE  government, business (default), consumer, or an INI file\n"
	"  -f, --format FORMAT     text (default), json: one canonical report a line, or another (below)\n"
	"  -o, --output FILE|DIR/  write the reports to FILE, all or none; or each to a file in DIR\n"
	"      --as-of DATE        the day to judge by, YYYY-MM-DD (default: today, UTC)\n"
	"      --database DIR      ClamAV's database (default: /var/lib/clamav)\n"
	"      --evidence PATH     documents about the product (SBOM, provenance, audit, ...): a folder,\n"
	"                          one document, or an archive of them; may be given several times\n"
	"      --trust DIR         trust roots that signatures count by (default: those of probity trust)\n"
	"      --waivers FILE      waivers that an assessor signed\n"
	PB_RULE_HELP
	"  -j, --jobs N            reader processes, 1 to 64 (default: one a processor, at most 8)\n"
	"      --object-seconds N  most wall time for one object, 1 to 3600 (default: 60); what takes\n"
	"                          longer is unknown, by name\n"
	"      --sha256 HEX        what a PRODUCT that is a URL must have; --config FILE: in place of\n"
	"                          /etc/probity/probity.conf\n"
	"      --no-cache          assess anew what is known from before (the same file, on the same day,\n"
	"                          with the same rules and database), and keep nothing\n"
	PB_FAIL_ON_HELP
	PB_FORMAT_HELP
	"  -v, --verbose           every finding, every check, the arithmetic\n"
	"  -q, --quiet             no progress line, no notes\n"
	"  -h, --help              this text\n\n"
	"Exit status: 0 accept, 1 reject, 2 error, 3 conditional, 4 not rated; with several\n"
	"products the worst, an error before all else. With --fail-on or --baseline: 1 where one\n"
	"product does not pass, else 0; 2 error.\n";

enum { OPT_AS_OF = 256, OPT_DATABASE, OPT_OBJECT_SECONDS, OPT_NO_CACHE, OPT_EVIDENCE, OPT_TRUST, OPT_WAIVERS, OPT_SHA256, OPT_CONFIG };

static const struct option long_options[] = {
	{"policy", required_argument, NULL, 'p'},  {"format", required_argument, NULL, 'f'},
	{"output", required_argument, NULL, 'o'},  {"as-of", required_argument, NULL, OPT_AS_OF},
	{"database", required_argument, NULL, OPT_DATABASE}, PB_RULE_LONG_OPTIONS,
	{"object-seconds", required_argument, NULL, OPT_OBJECT_SECONDS}, {"no-cache", no_argument, NULL, OPT_NO_CACHE},
	{"sha256", required_argument, NULL, OPT_SHA256}, {"config", required_argument, NULL, OPT_CONFIG},
	{"evidence", required_argument, NULL, OPT_EVIDENCE}, {"trust", required_argument, NULL, OPT_TRUST},
	{"waivers", required_argument, NULL, OPT_WAIVERS}, PB_FAIL_ON_LONG_OPTIONS,
	{"jobs", required_argument, NULL, 'j'},    {"verbose", no_argument, NULL, 'v'},
	{"quiet", no_argument, NULL, 'q'},         {"help", no_argument, NULL, 'h'}, PB_FORMAT_LONG_OPTIONS,
	{NULL, 0, NULL, 0}};

static int add_evidence(pb_dossier_options *o, int option, const char *path)
{
	if (option == OPT_EVIDENCE)
		return pb_dossier_option(&o->evidence, &o->n_evidence, path);
	if (option == OPT_WAIVERS)
		return pb_dossier_option(&o->waivers, &o->n_waivers, path);
	return pb_dossier_option(&o->trust, &o->n_trust, path);
}

/* -1: go on; otherwise the exit status. */
static int read_options(scan *s, int argc, char **argv)
{
	int64_t n;
	int c;
	opterr = 0;
	optind = 1;
	while ((c = getopt_long(argc, argv, ":p:f:o:j:vqh", long_options, NULL)) != -1) {
		switch (c) {
		case 'p':
			s->policy_name = optarg;
			break;
		case 'f':
			s->to.how.format = optarg;
			break;
		case 'o':
			s->to.output = optarg;
			break;
		case PB_FORMAT_OPTIONS:
			if (pb_format_option(&s->to.how, "scan", c, optarg))
				return PB_EXIT_ERROR;
			break;
		case OPT_AS_OF:
			if (!pb_date_parse(optarg, &s->as_of))
				return pb_usage_error("scan", "--as-of \"%s\": not a date like 2026-11-21", optarg);
			break;
		case OPT_DATABASE:
			s->database = optarg;
			break;
		case PB_OPT_RULES:
		case PB_OPT_PACK:
		case PB_OPT_UNSIGNED:
			if (pb_rule_option(&s->rules, "scan", c, optarg))
				return PB_EXIT_ERROR;
			break;
		case 'j':
			if (!pb_text_int(optarg, 1, 64, &n))
				return pb_usage_error("scan", "--jobs \"%s\": not a number from 1 to 64", optarg);
			s->jobs = (size_t)n;
			break;
		case OPT_OBJECT_SECONDS:
			if (!pb_text_int(optarg, 1, 3600, &n))
				return pb_usage_error("scan", "--object-seconds \"%s\": not a number from 1 to 3600", optarg);
			s->object_seconds = (unsigned)n;
			break;
		case OPT_SHA256:
			if (strlen(optarg) != 64 || strspn(optarg, "0123456789abcdefABCDEF") != 64)
				return pb_usage_error("scan", "--sha256 \"%s\": not 64 hexadecimal digits", optarg);
			s->sha256 = optarg;
			break;
		case OPT_CONFIG:
			s->config = optarg;
			break;
		case OPT_EVIDENCE:
		case OPT_TRUST:
		case OPT_WAIVERS:
			if (add_evidence(&s->evidence, c, optarg))
				return pb_usage_error("scan", "out of memory");
			break;
		case PB_OPT_FAIL_ON:
		case PB_OPT_BASELINE:
			if (pb_fail_on_option(&s->gate, "scan", c, optarg))
				return PB_EXIT_ERROR;
			break;
		case OPT_NO_CACHE:
			s->without_cache = true;
			break;
		case 'v':
			s->to.how.verbose = true;
			break;
		case 'q':
			s->quiet = true;
			break;
		case 'h':
			fputs(help_text, stdout);
			pb_delivery_help();
			return 0;
		case ':':
			return pb_usage_error("scan", "%s needs a value", argv[optind - 1]);
		default:
			return pb_usage_error("scan", "no option \"%s\"", argv[optind - 1]);
		}
	}
	if (optind == argc)
		return pb_usage_error("scan", "no product named");
	for (int i = optind; i < argc; i++)
		if (pb_network_is_url(argv[i]) && (!s->sha256 || optind + 1 != argc))
			return pb_usage_error("scan", s->sha256 ? "a URL goes alone: --sha256 is about one product" : "%s: a URL needs --sha256", argv[i]);
	if (s->sha256 && !pb_network_is_url(argv[optind]))
		return pb_usage_error("scan", "--sha256 is about a product by its URL");
	return -1;
}

/* Slow rules from elsewhere are named; never in the report, which two machines must write alike. */
static void tell_spent(const pb_assessor *a)
{
	const char *check;
	json_t *ms;
	json_object_foreach((json_t *)pb_lanes_spent(a->keeper.readers), check, ms) {
		pb_note("%s took %.1f s", check, (double)json_integer_value(ms) / 1000);
	}
}

static void tell_database(scan *s, const pb_assessor *a)
{
	if (!s->told && !json_is_true(json_object_get(a->database, "official")))
		pb_note("%s holds no official ClamAV database: known malware is \"unknown\", not \"pass\"", pb_json_str(a->database, "dir", ""));
	s->told = true;
}

static int scan_one(scan *s, pb_assessor *a, const char *path, pb_decision *decision, pb_error *err)
{
	json_t *document = NULL;
	pb_judgement judgement = {0};
	bool fails = false;
	int rc = pb_assess(a, path, &document, err);
	pb_judge by = {.policy = &s->policy, .as_of = s->as_of, .clamav = a->clamav, .yara = a->yara, .lua = a->lua,
	               .rules_digest = a->rules_digest, .database = a->database, .trust_digest = s->dossier ? s->dossier->trust : NULL,
	               .box = json_object_get(pb_template_about(a->keeper.rules), "box"),
	               .rule_sets = json_object_get(pb_template_about(a->keeper.rules), "rule_sets"),
	               .packs = json_object_get(pb_template_about(a->keeper.rules), "packs")};
	if (!rc && s->to.how.verbose)
		tell_spent(a);
	if (!rc)
		tell_database(s, a);
	if (!rc)
		rc = pb_judge_product(&by, document, &judgement, err);
	if (!rc)
		rc = pb_deliver(&s->to, judgement.report, path, err);
	if (!rc && pb_fail_on_closed(&s->gate))
		rc = pb_fail_on_judge(&s->gate, judgement.report, &fails, err);
	s->gate_fails |= fails;
	*decision = judgement.decision;
	json_decref(judgement.report);
	json_decref(document);
	return rc;
}

static int worse(int a, int b)
{
	static const int rank[] = {[PB_EXIT_ACCEPT] = 0, [PB_EXIT_CONDITIONAL] = 1, [PB_EXIT_NOT_RATED] = 2, [PB_EXIT_REJECT] = 3,
	                           [PB_EXIT_ERROR] = 4};
	return rank[a] > rank[b] ? a : b;
}

/* Its processes may be ended from outside (a kernel short of memory does): once more, then. */
static int scan_again(scan *s, const pb_assessor_options *options, pb_assessor *a, const char *path, pb_decision *decision,
                      pb_error *err)
{
	int rc = scan_one(s, a, path, decision, err);
	if (!rc || !a->keeper.broken || pb_interrupted)
		return rc;
	pb_warn("%s: %s; trying once more", path, err->text);
	*err = (pb_error){0};
	pb_assessor_close(a);
	rc = pb_assessor_open(options, a, err);
	a->dossier = s->dossier;
	a->regions = s->regions;
	return rc ? rc : scan_one(s, a, path, decision, err);
}

static int scan_all(scan *s, int argc, char **argv)
{
	static const int exits[] = {[PB_ACCEPT] = PB_EXIT_ACCEPT, [PB_REJECT] = PB_EXIT_REJECT, [PB_CONDITIONAL] = PB_EXIT_CONDITIONAL,
	                            [PB_NOT_RATED] = PB_EXIT_NOT_RATED};
	pb_error err = {0};
	pb_assessor assessor;
	pb_assessor_options options = {.database = s->database, .jobs = s->jobs, .object_seconds = s->object_seconds,
	                               .without_cache = s->without_cache, .as_of = s->as_of, .progress = !s->quiet && isatty(STDERR_FILENO),
	                               .interrupted = &pb_interrupted};
	pb_rule_options_into(&s->rules, &options);
	int status = PB_EXIT_ACCEPT;
	pb_watch_signals();
	if (pb_assessor_open(&options, &assessor, &err)) {
		pb_complain("%s", err.text);
		return PB_EXIT_ERROR;
	}
	assessor.dossier = s->dossier;
	assessor.regions = s->regions;
	for (int i = optind; i < argc && !pb_interrupted && !assessor.unusable; i++) {
		pb_decision decision = PB_NOT_RATED;
		err = (pb_error){0};
		if (scan_again(s, &options, &assessor, argv[i], &decision, &err)) {
			pb_complain("%s", err.text);
			status = PB_EXIT_ERROR;
		} else {
			status = worse(status, exits[decision]);
		}
	}
	if (pb_interrupted) {
		if (status != PB_EXIT_ERROR)
			pb_complain("interrupted");
		status = PB_EXIT_ERROR;
	} else if (pb_delivery_end(&s->to, &err)) {
		pb_complain("%s", err.text);
		status = PB_EXIT_ERROR;
	}
	pb_assessor_close(&assessor);
	if (pb_fail_on_closed(&s->gate) && status != PB_EXIT_ERROR)
		return s->gate_fails ? PB_EXIT_REJECT : PB_EXIT_ACCEPT;
	return status;
}

int pb_cli_scan(int argc, char **argv)
{
	scan s = {.policy_name = "business"};
	pb_error err = {0};
	s.as_of = pb_date_today();
	int rc = read_options(&s, argc, argv);
	if (rc >= 0)
		return rc;
	pb_log_quiet(s.quiet);
	char *data = pb_fs_data_dir();
	rc = data ? pb_policy_load(s.policy_name, data, &s.policy, &err) : pb_fail(&err, PB_ENOMEM, "out of memory");
	if (!rc && pb_policy_regions(&s.policy, &s.regions))
		rc = pb_fail(&err, PB_ENOMEM, "out of memory");
	free(data);
	pb_watch_signals();
	rc = rc ? rc : pb_delivery_open(&s.to, (size_t)(argc - optind), &err);
	if (rc) {
		pb_complain("%s", err.text);
		pb_delivery_close(&s.to);
		json_decref(s.regions);
		pb_dossier_options_free(&s.evidence);
		return PB_EXIT_ERROR;
	}
	bool url = pb_network_is_url(argv[optind]);
	char *folder = NULL, *file = NULL;
	rc = pb_fail_on_open(&s.gate, &err);
	rc = rc ? rc : pb_dossier_open(&s.evidence, &s.dossier, &err);
	if (!rc && url && !(rc = pb_network_product(argv[optind], s.sha256, s.config, &folder, &file, &err)))
		argv[optind] = file;
	if (rc)
		pb_complain("%s", err.text);
	int status = rc ? PB_EXIT_ERROR : scan_all(&s, argc, argv);
	if (folder)
		pb_remove_folder(folder);
	free(folder);
	free(file);
	pb_fail_on_free(&s.gate);
	pb_delivery_close(&s.to);
	pb_dossier_close(s.dossier);
	json_decref(s.regions);
	pb_dossier_options_free(&s.evidence);
	return status;
}
