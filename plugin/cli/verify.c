#include "cli/verify.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/fs.h"
#include "base/log.h"
#include "cli/cli.h"

enum { HOLDS = 0, BROKEN = 1, REPORTS_MOST = 1 << 30 };

static const char help_text[] =
    "Usage: probity verify [OPTIONS] REPORT [PRODUCT]\n"
    "       probity verify [OPTIONS] --product PRODUCT REPORT...\n"
    "Does what a report says hold? Each number is made again from the report alone. With the\n"
    "product, it is assessed once more by the same means, and every finding's evidence (path,\n"
    "sha256, offset, excerpt) and all else that the report says is held against that. What\n"
    "differs is named. REPORT: of `probity scan -f json`, one report a line, or a signed one\n"
    "(`probity sign`): its signature is verified as well.\n\n"
    "      --product PRODUCT   the file or folder that was assessed\n"
    "      --name NAME         it had this name when it was assessed\n"
    "  -p, --policy NAME|FILE  the policy, where the report's is no installed one\n"
    "      --database DIR      ClamAV's database (default: /var/lib/clamav)\n" PB_RULE_HELP
    "      --evidence PATH     what was handed in beside the product; may be repeated\n"
    "      --waivers FILE      likewise\n"
    "      --trust DIR         trust roots, instead of the usual folders (`probity trust`)\n"
    "      --as-of DATE        the day on which keys must count (default: today, UTC)\n"
    "  -f, --format FORMAT     text (default) or json: one object for each report\n"
    "  -h, --help              this text\n\n"
    "Exit status: 0 all holds, 1 something does not, 2 error.\n";

enum { OPT_PRODUCT = 256, OPT_NAME, OPT_DATABASE, OPT_TRUST, OPT_EVIDENCE, OPT_WAIVERS, OPT_AS_OF };
static const struct option long_options[] = {{"product", required_argument, NULL, OPT_PRODUCT},
                                             {"name", required_argument, NULL, OPT_NAME},
                                             {"policy", required_argument, NULL, 'p'},
                                             {"database", required_argument, NULL, OPT_DATABASE},
                                             {"trust", required_argument, NULL, OPT_TRUST},
                                             {"evidence", required_argument, NULL, OPT_EVIDENCE},
                                             {"waivers", required_argument, NULL, OPT_WAIVERS},
                                             {"as-of", required_argument, NULL, OPT_AS_OF},
                                             {"format", required_argument, NULL, 'f'},
                                             PB_RULE_LONG_OPTIONS,
                                             {"help", no_argument, NULL, 'h'},
                                             {NULL, 0, NULL, 0}};

static int take_path(pb_dossier_options *o, int option, const char *path)
{
	return option == OPT_EVIDENCE  ? pb_dossier_option(&o->evidence, &o->n_evidence, path)
	       : option == OPT_WAIVERS ? pb_dossier_option(&o->waivers, &o->n_waivers, path)
	                               : pb_dossier_option(&o->trust, &o->n_trust, path);
}

/* -1: go on; otherwise the exit status. */
static int read_options(pb_verifying *v, int argc, char **argv)
{
	int c;
	opterr = 0;
	optind = 1;
	while ((c = getopt_long(argc, argv, ":p:f:h", long_options, NULL)) != -1) {
		switch (c) {
		case 'f':
			v->json = strcmp(optarg, "json") == 0;
			if (!v->json && strcmp(optarg, "text") != 0)
				return pb_usage_error("verify", "no format \"%s\"; there are text and json", optarg);
			break;
		case 'p':
			v->policy_name = optarg;
			break;
		case OPT_PRODUCT:
			v->product = optarg;
			break;
		case OPT_NAME:
			v->called = optarg;
			break;
		case OPT_EVIDENCE:
		case OPT_WAIVERS:
		case OPT_TRUST:
			if (take_path(&v->handed_in, c, optarg))
				return PB_EXIT_ERROR;
			break;
		case OPT_AS_OF:
			if (!pb_date_parse(optarg, &v->today))
				return pb_usage_error("verify", "--as-of \"%s\": not a date like 2026-11-21", optarg);
			break;
		case OPT_DATABASE:
			v->database = optarg;
			break;
		case PB_OPT_RULES:
		case PB_OPT_PACK:
		case PB_OPT_UNSIGNED:
			if (pb_rule_option(&v->rules, "verify", c, optarg))
				return PB_EXIT_ERROR;
			break;
		case 'h':
			fputs(help_text, stdout);
			return 0;
		case ':':
			return pb_usage_error("verify", "%s needs a value", argv[optind - 1]);
		default:
			return pb_usage_error("verify", "no option \"%s\"", argv[optind - 1]);
		}
	}
	if (optind == argc)
		return pb_usage_error("verify", "no report named");
	if (!v->product && argc - optind > 2)
		return pb_usage_error("verify", "several reports: name the product with --product");
	return -1;
}

static int print(const pb_verifying *v, const json_t *result, pb_error *err)
{
	pb_buf out = {0};
	char *line = v->json ? pb_json_canonical(result) : NULL;
	int rc = !v->json ? pb_verify_text(result, &out) : line ? pb_buf_printf(&out, "%s\n", line) : PB_ENOMEM;

	if (!rc && (fwrite(out.data, 1, out.size, stdout) != out.size || fflush(stdout)))
		rc = pb_fail(err, PB_EIO, "standard output cannot be written");
	free(line);
	pb_buf_free(&out);
	return rc;
}

/* 0 it holds, 1 it does not, or a code with err. */
static int verify_one(pb_verifying *v, const char *file, int line, pb_bytes text, pb_error *err)
{
	json_t *report = NULL;
	json_t *out = json_pack("{s:s,s:s,s:i,s:[],s:[s,s]}", "schema", "probity-verify/1", "file", file, "line", line, "problems", "checked", "form", "score");
	char *inside = NULL;
	int rc = out ? pb_verify_signed(v, text, out, &inside, err) : PB_ENOMEM;
	bool holds;

	if (rc == 1)
		text = (pb_bytes){(const uint8_t *)inside, inside ? strlen(inside) : 0};
	if (rc >= 0 && (rc == 0 || inside))
		rc = pb_verify_alone(text, out, &report);
	else if (rc == 1)
		rc = 0; /* told: there is no report in it */

	if (!rc && report && v->product) {
		rc = pb_verify_product(v, report, out, err);
		json_array_append_new(json_object_get(out, "checked"), json_string("product"));
	}
	holds = json_array_size(json_object_get(out, "problems")) == 0;
	if (!rc)
		rc = json_object_set_new(out, "holds", json_boolean(holds)) ? PB_ENOMEM : print(v, out, err);
	free(inside);
	json_decref(report);
	json_decref(out);
	return rc ? rc : holds ? HOLDS : BROKEN;
}

/* One report a line. */
static int verify_file(pb_verifying *v, const char *file, pb_error *err)
{
	pb_buf text = {.max = REPORTS_MOST};
	int rc = pb_fs_read(file, REPORTS_MOST, &text, err), number = 0, worst = HOLDS;

	if (!rc && text.size == 0)
		rc = pb_fail(err, PB_EINPUT, "%s: it is empty", file);
	for (size_t at = 0; rc >= 0 && at < text.size && !pb_interrupted; number++) {
		const uint8_t *end = memchr(text.data + at, '\n', text.size - at);
		size_t n = end ? (size_t)(end - text.data) - at + 1 : text.size - at;

		rc = verify_one(v, file, number + 1, (pb_bytes){text.data + at, n}, err);
		worst = rc > worst ? rc : worst;
		at += n;
	}
	pb_buf_free(&text);
	return rc < 0 ? rc : worst;
}

int pb_cli_verify(int argc, char **argv)
{
	pb_verifying *v = calloc(1, sizeof *v);
	pb_error err = {0};
	if (v)
		v->today = pb_date_today();
	int rc = v ? read_options(v, argc, argv) : PB_EXIT_ERROR, worst = HOLDS, last = argc;

	if (rc >= 0) {
		if (v)
			pb_dossier_options_free(&v->handed_in);
		free(v);
		return rc;
	}
	pb_watch_signals();
	if (!v->product && argc - optind == 2)
		v->product = argv[last = argc - 1];
	for (int i = optind; i < last && rc != PB_EXIT_ERROR && !pb_interrupted; i++) {
		err = (pb_error){0};
		rc = verify_file(v, argv[i], &err);
		if (rc < 0) {
			pb_complain("%s", err.code ? err.text : "out of memory");
			rc = PB_EXIT_ERROR;
		}
		worst = rc > worst ? rc : worst;
	}
	if (v->opened)
		pb_assessor_close(&v->assessor);
	pb_dossier_close(v->dossier);
	pb_dossier_options_free(&v->handed_in);
	json_decref(v->document);
	json_decref(v->regions);
	json_decref(v->objects);
	free(v);
	return pb_interrupted ? PB_EXIT_ERROR : worst;
}
