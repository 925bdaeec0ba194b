/* `probity explain`: what moved a report's numbers, and what would. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fs.h"
#include "base/log.h"
#include "base/text.h"
#include "cli/cli.h"
#include "cli/format_options.h"
#include "cli/renderer.h"
#include "cli/reports.h"
#include "evidence/forms.h"
#include "report/explain.h"

enum { TIMEOUT_MS = 60000, SUPPOSED_MOST = 64, NAMES_MOST = 64, REPORT_MAX = 256 << 20 };

static const char help_text[] =
    "Usage: probity explain [OPTIONS] FILE|NUMBER\n"
    "What moved the numbers of a report, why it was decided so and not otherwise, and what would\n"
    "change it. FILE is a report as `probity scan -f json` writes it (- for standard input),\n"
    "NUMBER one of `probity list`. All of it follows from the report alone: no product is looked at.\n\n"
    "      --what-if WHAT      suppose it, and show the numbers before and after; may be repeated:\n"
    "          policy=NAME|FILE     the same facts under another policy\n"
    "          fix=CHECK[/KEY]      what a check found, or the one finding, is mended\n"
    "          waive=CHECK[/KEY]    it is borne: a signed waiver (`probity waive`)\n"
    "          evidence=NAME        it is handed in and agrees: required evidence, a kind of document\n"
    "                               (sbom, provenance, audit, ...) or a row (V-02); at best\n"
    "          as-of=DATE           read on a later day: confidence ages, waivers expire\n"
    "  -f, --format FORMAT     text (default) or json\n"
    "  -o, --output FILE       write it to FILE\n"
    "      --number N          of several reports in FILE the Nth (default: 1)\n" PB_FORMAT_HELP
    "      --store FILE        for NUMBER: read this store instead of asking the keeper\n"
    "      --socket PATH       ask the keeper there\n"
    "  -v, --verbose           every claim, every check that did not see all\n"
    "  -h, --help              this text\n\n"
    "Exit status: 0 told, 2 error (also where the report does not answer what is supposed).\n";

typedef struct explain {
	pb_format_options how;
	const char *output;
	int64_t number;
	pb_stored_place place;
	pb_supposed supposed[SUPPOSED_MOST];
	size_t n;
	pb_policy *policy; /* NULL: none is supposed */
	bool has_day;
} explain;

enum { OPT_NUMBER = 256, OPT_WHAT_IF };
static const struct option long_options[] = {{"what-if", required_argument, NULL, OPT_WHAT_IF},
                                             {"format", required_argument, NULL, 'f'},
                                             {"output", required_argument, NULL, 'o'},
                                             {"number", required_argument, NULL, OPT_NUMBER},
                                             PB_STORED_LONG_OPTIONS,
                                             {"verbose", no_argument, NULL, 'v'},
                                             {"help", no_argument, NULL, 'h'},
                                             PB_FORMAT_LONG_OPTIONS,
                                             {NULL, 0, NULL, 0}};

static int wrong_kind(const char *word)
{
	const char *names[PB_SUPPOSE_KINDS], *near;

	for (int k = 0; k < PB_SUPPOSE_KINDS; k++)
		names[k] = pb_suppose_word((pb_suppose_kind)k);
	near = pb_text_nearest(word, names, PB_SUPPOSE_KINDS);
	return near ? pb_usage_error("explain", "--what-if %s: did you mean %s=...?", word, near)
	            : pb_usage_error("explain",
	                             "--what-if %s: there are policy=, fix=, waive=, evidence= and as-of=", word);
}

static int take_policy(explain *e, const char *name)
{
	pb_error err = {0};
	char *data = pb_fs_data_dir();
	int rc = data ? 0 : pb_fail(&err, PB_ENOMEM, "out of memory");

	if (e->policy)
		rc = pb_fail(&err, PB_EINPUT, "explain: --what-if policy: one policy at a time");
	else if (!rc && !(e->policy = calloc(1, sizeof *e->policy)))
		rc = pb_fail(&err, PB_ENOMEM, "out of memory");
	rc = rc ? rc : pb_policy_load(name, data, e->policy, &err);
	free(data);
	if (rc)
		pb_complain("%s", err.text);
	return rc ? PB_EXIT_ERROR : 0;
}

static int take_what_if(explain *e, const char *text)
{
	char word[16];
	size_t n = strcspn(text, "=");
	int kind;

	snprintf(word, sizeof word, "%.*s", (int)(n < sizeof word ? n : sizeof word - 1), text);
	kind = pb_suppose_kind_of(word);
	if (kind < 0)
		return wrong_kind(word);
	if (text[n] != '=' || !text[n + 1])
		return pb_usage_error("explain", "--what-if %s: say what: %s=...", word, word);
	if (e->n == SUPPOSED_MOST)
		return pb_usage_error("explain", "--what-if: at most %d", SUPPOSED_MOST);
	if (kind == PB_SUPPOSE_AS_OF && e->has_day)
		return pb_usage_error("explain", "--what-if as-of: one day at a time");
	e->has_day |= kind == PB_SUPPOSE_AS_OF;
	if (kind == PB_SUPPOSE_POLICY && take_policy(e, text + n + 1))
		return PB_EXIT_ERROR;
	e->supposed[e->n++] = (pb_supposed){.kind = (pb_suppose_kind)kind, .value = text + n + 1, .policy = e->policy};
	return 0;
}

/* -1: go on; otherwise the exit status. */
static int read_options(explain *e, int argc, char **argv)
{
	int c;
	opterr = 0;
	optind = 1;
	while ((c = getopt_long(argc, argv, ":f:o:vh", long_options, NULL)) != -1) {
		switch (c) {
		case OPT_WHAT_IF:
			if (take_what_if(e, optarg))
				return PB_EXIT_ERROR;
			break;
		case 'f':
			e->how.format = optarg;
			break;
		case 'o':
			e->output = optarg;
			break;
		case OPT_NUMBER:
			if (!pb_text_int(optarg, 1, INT64_MAX, &e->number))
				return pb_usage_error("explain", "--number \"%s\": not a number from 1 on", optarg);
			break;
		case PB_STORED_OPTIONS:
			if (pb_stored_option(&e->place, "explain", c, optarg))
				return PB_EXIT_ERROR;
			break;
		case 'v':
			e->how.verbose = true;
			break;
		case PB_FORMAT_OPTIONS:
			if (pb_format_option(&e->how, "explain", c, optarg))
				return PB_EXIT_ERROR;
			break;
		case 'h':
			fputs(help_text, stdout);
			return 0;
		case ':':
			return pb_usage_error("explain", "%s needs a value", argv[optind - 1]);
		default:
			return pb_usage_error("explain", "no option \"%s\"", argv[optind - 1]);
		}
	}
	if (optind + 1 != argc)
		return pb_usage_error("explain", "name one report: its file, or its number in `probity list`");
	return -1;
}

/* Kinds of documents, by what they serve. */
static void evidence_names(pb_evidence_name out[NAMES_MOST + 1])
{
	size_t n = 0;

	for (size_t i = 0; i < pb_forms_count && n < NAMES_MOST; i++)
		if (*pb_forms[i].rows)
			out[n++] = (pb_evidence_name){pb_forms[i].kind, pb_forms[i].rows};
	out[n] = (pb_evidence_name){NULL, NULL};
}

static json_t *tell(const explain *e, const char *name, const pb_buf *text, pb_error *err)
{
	pb_evidence_name names[NAMES_MOST + 1];
	json_t *report = pb_report_of((pb_bytes){text->data, text->size}, REPORT_MAX, name, NULL, err), *out = NULL;
	pb_error inner = {0};

	evidence_names(names);
	if (report && !(out = pb_report_explain(report, e->supposed, e->n, names, &inner)))
		pb_fail(err, inner.code,
		        inner.code == PB_ECORRUPT ? "%s: it is no report that can be read: %s" : "%s: %s", name,
		        inner.text);
	json_decref(report);
	return out;
}

static int words(const explain *e, pb_renderer *r, const json_t *told, pb_buf *out, pb_error *err)
{
	char *line = pb_json_canonical(told);
	pb_bytes document = {(const uint8_t *)line, line ? strlen(line) : 0};
	json_t *settings = pb_format_settings(&e->how, e->output != NULL);
	pb_render_job job = {
	    .folder = "explain", .name = e->how.format, .options = settings, .documents = &document, .n_documents = 1};
	int rc = line && settings ? pb_render(r, &job, out, err) : pb_fail(err, PB_ENOMEM, "out of memory");

	free(line);
	json_decref(settings);
	return rc;
}

static int deliver(const explain *e, const pb_buf *out, pb_error *err)
{
	if (e->output)
		return pb_fs_write(e->output, out->data, out->size, err);
	return fwrite(out->data, 1, out->size, stdout) != out->size || fflush(stdout)
	           ? pb_fail(err, PB_EIO, "standard output cannot be written")
	           : 0;
}

int pb_cli_explain(int argc, char **argv)
{
	explain *e = calloc(1, sizeof *e);
	pb_error err = {0};
	pb_renderer *r = NULL;
	pb_buf text = {0}, out = {0};
	json_t *told = NULL;
	int rc;

	if (!e)
		return PB_EXIT_ERROR;
	e->place.timeout_ms = TIMEOUT_MS;
	rc = read_options(e, argc, argv);
	if (rc >= 0)
		goto out;
	e->how.format = e->how.format ? e->how.format : "text";
	pb_watch_signals();
	rc = pb_renderer_open(e->how.templates, &r, &err);
	rc = rc ? rc : pb_renderer_knows(r, "explain", e->how.format, &err);
	rc = rc ? rc : pb_report_take(argv[optind], e->number, &e->place, &text, &err);
	if (!rc)
		rc = (told = tell(e, argv[optind], &text, &err)) ? 0 : PB_EINPUT;
	rc = rc ? rc : words(e, r, told, &out, &err);
	rc = rc ? rc : deliver(e, &out, &err);
	if (rc)
		pb_complain("%s", err.code ? err.text : "out of memory");
	rc = rc ? PB_EXIT_ERROR : 0;
out:
	pb_renderer_close(r);
	pb_stored_place_free(&e->place);
	pb_buf_free(&text);
	pb_buf_free(&out);
	json_decref(told);
	free(e->policy);
	free(e);
	return rc;
}
