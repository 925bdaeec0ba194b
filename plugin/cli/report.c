/* `probity report`: a report that is there already, in another format. */
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/log.h"
#include "base/text.h"
#include "cli/cli.h"
#include "cli/fail_on.h"
#include "cli/format_options.h"
#include "cli/lines.h"
#include "cli/renderer.h"
#include "cli/reports.h"

enum { TIMEOUT_MS = 60000, NAME_COLUMNS = 14 };

static const char help_text[] =
    "Usage: probity report [OPTIONS] FILE|NUMBER\n"
    "       probity report --list\n"
    "A report in another format. FILE is a report as `probity scan -f json` writes it (also several,\n"
    "one a line; also signed; - for standard input), NUMBER one of `probity list`.\n\n"
    "  -f, --format FORMAT     text (default), json, or another of --list\n"
    "  -o, --output FILE       write it to FILE\n"
    "      --number N          of several reports in FILE the Nth (default: 1)\n"
    "  -l, --list              the formats that there are; -f json: for programs\n"
    PB_FORMAT_HELP
    PB_FAIL_ON_HELP
    "      --store FILE        for NUMBER: read this store instead of asking the keeper\n"
    "      --socket PATH       ask the keeper there\n"
    "  -v, --verbose           every finding, every check, the arithmetic (where the format has less)\n"
    "  -h, --help              this text\n\n"
    "A signature is not looked at: `probity verify` does.\n"
    "Exit status: 0 written, 2 error; then nothing is written. With --fail-on or --baseline: 1 written,\n"
    "and the report does not pass.\n";

typedef struct report_options {
	pb_format_options how;
	const char *output;
	bool list;
	int64_t number; /* 0: not said */
	pb_stored_place place;
	pb_fail_on gate;
} report_options;

enum { OPT_NUMBER = 256 };
static const struct option long_options[] = {{"format", required_argument, NULL, 'f'},
                                             {"output", required_argument, NULL, 'o'},
                                             {"number", required_argument, NULL, OPT_NUMBER},
                                             {"list", no_argument, NULL, 'l'},
                                             PB_STORED_LONG_OPTIONS,
                                             {"verbose", no_argument, NULL, 'v'},
                                             {"help", no_argument, NULL, 'h'},
                                             PB_FORMAT_LONG_OPTIONS,
                                             PB_FAIL_ON_LONG_OPTIONS,
                                             {NULL, 0, NULL, 0}};

/* -1: go on; otherwise the exit status. */
static int read_options(report_options *o, int argc, char **argv)
{
	int c;
	opterr = 0;
	optind = 1;
	while ((c = getopt_long(argc, argv, ":f:o:lvh", long_options, NULL)) != -1) {
		switch (c) {
		case 'f':
			o->how.format = optarg;
			break;
		case 'o':
			o->output = optarg;
			break;
		case OPT_NUMBER:
			if (!pb_text_int(optarg, 1, INT64_MAX, &o->number))
				return pb_usage_error("report", "--number \"%s\": not a number from 1 on", optarg);
			break;
		case 'l':
			o->list = true;
			break;
		case PB_STORED_OPTIONS:
			if (pb_stored_option(&o->place, "report", c, optarg))
				return PB_EXIT_ERROR;
			break;
		case 'v':
			o->how.verbose = true;
			break;
		case PB_OPT_FAIL_ON:
		case PB_OPT_BASELINE:
			if (pb_fail_on_option(&o->gate, "report", c, optarg))
				return PB_EXIT_ERROR;
			break;
		case PB_FORMAT_OPTIONS:
			if (pb_format_option(&o->how, "report", c, optarg))
				return PB_EXIT_ERROR;
			break;
		case 'h':
			fputs(help_text, stdout);
			return 0;
		case ':':
			return pb_usage_error("report", "%s needs a value", argv[optind - 1]);
		default:
			return pb_usage_error("report", "no option \"%s\"", argv[optind - 1]);
		}
	}
	if (o->list ? optind != argc : optind + 1 != argc)
		return pb_usage_error("report", o->list ? "--list goes without a report" : "name one report: its file, or its number in `probity list`");
	return -1;
}

/* "html           HTML page: ...", "compare/html   ..."; a broken one with what is wrong. */
static int print_list(const report_options *o, pb_renderer *r, pb_error *err)
{
	json_t *rows = NULL, *row;
	size_t i;
	int rc = pb_renderer_about(r, NULL, &rows, err);
	bool json = o->how.format && strcmp(o->how.format, "json") == 0;
	json_array_foreach(rows, i, row) {
		const char *folder = pb_json_str(row, "folder", ""), *error = pb_json_str(row, "error", "");
		char name[200];
		snprintf(name, sizeof name, "%s%s%s", folder, *folder ? "/" : "", pb_json_str(row, "name", ""));
		if (json)
			pb_print_json(json_incref(row));
		else
			pb_line(0, "%-*s %s%s", NAME_COLUMNS, name, *error ? "broken: " : "", *error ? error : pb_json_str(row, "title", ""));
	}
	json_decref(rows);
	return rc;
}

static int render(const report_options *o, pb_renderer *r, const pb_buf *report, pb_error *err)
{
	pb_bytes document = {report->data, report->size};
	json_t *settings = pb_format_settings(&o->how, o->output != NULL);
	pb_render_job job = {.folder = "", .name = o->how.format, .options = settings, .documents = &document, .n_documents = 1};
	pb_rendering all = {0};
	int rc = settings ? pb_render_all(r, &job, 1, &all, err) : pb_fail(err, PB_ENOMEM, "out of memory");
	json_decref(settings);
	if (rc)
		return rc;
	const pb_rendered *t = all.of;
	if (t->why.code)
		rc = pb_fail(err, t->why.code, "%s", t->why.text);
	else if (o->output)
		rc = pb_fs_write(o->output, t->text.data, t->text.size, err);
	else if (fwrite(t->text.data, 1, t->text.size, stdout) != t->text.size || fflush(stdout))
		rc = pb_fail(err, PB_EIO, "standard output cannot be written");
	pb_rendering_free(&all);
	return rc;
}

static int judge(const report_options *o, const char *name, const pb_buf *text, bool *fails, pb_error *err)
{
	json_t *report = pb_report_of((pb_bytes){text->data, text->size}, PB_REPORT_MOST, name, NULL, err);
	int rc = report ? pb_fail_on_judge(&o->gate, report, fails, err) : PB_EINPUT;
	json_decref(report);
	return rc;
}

int pb_cli_report(int argc, char **argv)
{
	report_options o = {.place = {.timeout_ms = TIMEOUT_MS}};
	pb_error err = {0};
	pb_renderer *r = NULL;
	pb_buf report = {0};
	bool fails = false;
	int rc = read_options(&o, argc, argv);
	if (rc >= 0)
		return rc;
	pb_watch_signals();
	rc = pb_renderer_open(o.how.templates, &r, &err);
	if (!rc && o.list) {
		rc = print_list(&o, r, &err);
	} else if (!rc) {
		o.how.format = o.how.format ? o.how.format : "text";
		rc = pb_renderer_knows(r, "", o.how.format, &err);
		rc = rc ? rc : pb_report_take(argv[optind], o.number, &o.place, &report, &err);
		rc = rc ? rc : pb_fail_on_open(&o.gate, &err);
		if (!rc && pb_fail_on_closed(&o.gate))
			rc = judge(&o, argv[optind], &report, &fails, &err);
		rc = rc ? rc : render(&o, r, &report, &err);
		if (rc && err.code)
			err.code = rc;
	}
	if (rc)
		pb_complain("%s", err.code ? err.text : "out of memory");
	pb_renderer_close(r);
	pb_stored_place_free(&o.place);
	pb_buf_free(&report);
	pb_fail_on_free(&o.gate);
	return rc ? PB_EXIT_ERROR : fails ? PB_EXIT_REJECT : 0;
}
