#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/text.h"
#include "cli/cli.h"
#include "cli/deliver.h"
#include "cli/stored.h"

enum { TIMEOUT_MS = 60000 };

static const char help_text[] =
    "Usage: probity show [OPTIONS] NUMBER\n"
    "One assessment of `probity list`, with its report.\n\n"
    "  -f, --format FORMAT     text (default), json: the canonical report, or another (below)\n"
    PB_FORMAT_HELP
    "  -v, --verbose           every finding, every check, the arithmetic\n"
    "      --store FILE        read this store instead of asking the keeper\n"
    "      --socket PATH       ask the keeper there\n"
    "  -h, --help              this text\n\n"
    "Exit status: 0 shown, 2 error (also where there is none; no report: only text says why).\n";

typedef struct show_options {
	pb_delivery to;
	int64_t id;
	pb_stored_place place;
	json_t *row, *report;
} show_options;

static const struct option long_options[] = {{"format", required_argument, NULL, 'f'},
                                             {"verbose", no_argument, NULL, 'v'},
                                             PB_STORED_LONG_OPTIONS,
                                             {"help", no_argument, NULL, 'h'},
                                             PB_FORMAT_LONG_OPTIONS,
                                             {NULL, 0, NULL, 0}};

/* -1: go on; otherwise the exit status. */
static int read_options(show_options *o, int argc, char **argv)
{
	int c;
	opterr = 0;
	optind = 1;
	while ((c = getopt_long(argc, argv, ":f:vh", long_options, NULL)) != -1) {
		switch (c) {
		case 'f':
			o->to.how.format = optarg;
			break;
		case PB_FORMAT_OPTIONS:
			if (pb_format_option(&o->to.how, "show", c, optarg))
				return PB_EXIT_ERROR;
			break;
		case 'v':
			o->to.how.verbose = true;
			break;
		case PB_STORED_OPTIONS:
			if (pb_stored_option(&o->place, "show", c, optarg))
				return PB_EXIT_ERROR;
			break;
		case 'h':
			fputs(help_text, stdout);
			pb_delivery_help();
			return 0;
		case ':':
			return pb_usage_error("show", "%s needs a value", argv[optind - 1]);
		default:
			return pb_usage_error("show", "no option \"%s\"", argv[optind - 1]);
		}
	}
	if (optind + 1 != argc)
		return pb_usage_error("show", "name one assessment by its number in `probity list`");
	if (!pb_text_int(argv[optind], 1, INT64_MAX, &o->id))
		return pb_usage_error("show", "\"%s\": not a number of `probity list`", argv[optind]);
	return -1;
}

/* The row, then the report. */
static int take(void *user, const json_t *line)
{
	show_options *o = user;
	json_t **where = o->row ? &o->report : &o->row;
	if (o->report)
		return PB_ECORRUPT;
	*where = json_incref((json_t *)(uintptr_t)line);
	return 0;
}

/* One line: label, what the row says, end; nothing where it says nothing. Inert whatever it holds. */
static int say(pb_buf *out, const char *label, const json_t *row, const char *key, const char *end)
{
	const char *value = pb_json_str(row, key, "");
	char *safe;
	if (!*value)
		return 0;
	safe = pb_text_safe(value, 0);
	int rc = safe ? pb_buf_printf(out, "%s%s%s\n", label, safe, end) : PB_ENOMEM;
	free(safe);
	return rc;
}

static int head(const json_t *row, pb_buf *out)
{
	char when[PB_TIME_TEXT];
	pb_time_text(pb_json_int(row, "time", 0), when);
	int rc = pb_buf_printf(out, "Assessment %" PRId64 ", %s UTC", pb_json_int(row, "id", 0), when);
	if (!rc && json_is_integer(json_object_get(row, "uid")))
		rc = pb_buf_printf(out, ", for user %" PRId64, pb_json_int(row, "uid", -1));
	rc = rc ? rc : pb_buf_puts(out, "\n");
	rc = rc ? rc : say(out, "Host:     ", row, "host", "");
	rc = rc ? rc : say(out, "File:     ", row, "path", "");
	rc = rc ? rc : say(out, "ClamAV:   ", row, "clamav", " FOUND");
	rc = rc ? rc : say(out, "Raised:   ", row, "alert", " FOUND");
	rc = rc ? rc : say(out, "Decision: ", row, "decision", "");
	return rc ? rc : say(out, "Reason:   ", row, "reason", "");
}

/* What the text has beside the report: when it was assessed, for whom, what became of it. */
static int print_head(const show_options *o, pb_error *err)
{
	pb_buf out = {0};
	int rc = head(o->row, &out);
	if (!rc && o->report)
		rc = pb_buf_puts(&out, "\n");
	if (!rc && (fwrite(out.data, 1, out.size, stdout) != out.size || fflush(stdout)))
		rc = pb_fail(err, PB_EIO, "standard output cannot be written");
	pb_buf_free(&out);
	return rc;
}

static int print(show_options *o, pb_error *err)
{
	const char *reason = pb_json_str(o->row, "reason", "");
	bool text = !o->to.how.format || strcmp(o->to.how.format, "text") == 0;
	int rc = 0;
	if (!o->row)
		return pb_fail(err, PB_ECORRUPT, "the answer is empty");
	if (!text && !o->report)
		return pb_fail(err, PB_EINPUT, "assessment %" PRId64 " has no report: %s", o->id, *reason ? reason : "no reason is kept");
	if (text)
		rc = print_head(o, err);
	return !rc && o->report ? pb_deliver(&o->to, o->report, "", err) : rc;
}

int pb_cli_show(int argc, char **argv)
{
	show_options o = {.place = {.timeout_ms = TIMEOUT_MS}};
	pb_error err = {0};
	int rc = read_options(&o, argc, argv);
	if (rc >= 0)
		return rc;
	pb_watch_signals();
	json_t *request = json_pack("{s:s,s:I}", "do", "show", "id", (json_int_t)o.id);
	rc = request ? pb_delivery_open(&o.to, 1, &err) : PB_ENOMEM;
	rc = rc ? rc : pb_stored_place_ask(&o.place, request, take, &o, &err);
	rc = rc ? rc : print(&o, &err);
	json_decref(request);
	json_decref(o.row);
	json_decref(o.report);
	pb_stored_place_free(&o.place);
	pb_delivery_close(&o.to);
	if (rc && !pb_interrupted)
		pb_complain("%s", err.code            ? err.text
		                  : rc == PB_ECORRUPT ? "the answer has too many lines"
		                                      : "out of memory");
	return rc ? PB_EXIT_ERROR : 0;
}
