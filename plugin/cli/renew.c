/* `probity renew`: which assessments are to be made again, and when. */
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/log.h"
#include "base/text.h"
#include "cli/cli.h"
#include "cli/stored.h"

enum { TIMEOUT_MS = 60000, WITHIN = 30, DUE = 1 };

static const char help_text[] =
    "Usage: probity renew [OPTIONS]\n"
    "What falls due: products whose last assessment is so old, or will be, that its confidence\n"
    "falls below what its policy asks for. Sorted by day.\n\n"
    "      --within DAYS    due in at most so many days (default: 30)\n"
    "      --as-of DATE     counted from this day, YYYY-MM-DD (default: today, UTC)\n"
    "  -f, --format FORMAT  text (default) or json: one object a line\n"
    "      --store FILE     read this store instead of asking the keeper\n"
    "      --socket PATH    ask the keeper there\n"
    "  -h, --help           this text\n\n"
    "Exit status: 0 nothing is due, 1 something is, 2 error.\n";

typedef struct renew {
	bool json;
	int64_t within, as_of;
	pb_stored_place place;
	json_t *last; /* of each product's digest the newest row */
	json_t *due;
	json_t *row;  /* the one whose report is asked for */
} renew;

enum { OPT_WITHIN = 256, OPT_AS_OF };
static const struct option long_options[] = {{"within", required_argument, NULL, OPT_WITHIN}, {"as-of", required_argument, NULL, OPT_AS_OF},
                                             {"format", required_argument, NULL, 'f'},        PB_STORED_LONG_OPTIONS,
                                             {"help", no_argument, NULL, 'h'},
                                             {NULL, 0, NULL, 0}};

/* -1: go on; otherwise the exit status. */
static int read_options(renew *r, int argc, char **argv)
{
	int c;
	opterr = 0;
	optind = 1;
	while ((c = getopt_long(argc, argv, ":f:h", long_options, NULL)) != -1) {
		switch (c) {
		case 'f':
			r->json = strcmp(optarg, "json") == 0;
			if (!r->json && strcmp(optarg, "text") != 0)
				return pb_usage_error("renew", "no format \"%s\"; there are text and json", optarg);
			break;
		case OPT_WITHIN:
			if (!pb_text_int(optarg, 0, 36500, &r->within))
				return pb_usage_error("renew", "--within \"%s\": not a number of days from 0 to 36500", optarg);
			break;
		case OPT_AS_OF:
			if (!pb_date_parse(optarg, &r->as_of))
				return pb_usage_error("renew", "--as-of \"%s\": not a date like 2026-11-21", optarg);
			break;
		case PB_STORED_OPTIONS:
			if (pb_stored_option(&r->place, "renew", c, optarg))
				return PB_EXIT_ERROR;
			break;
		case 'h':
			fputs(help_text, stdout);
			return 0;
		case ':':
			return pb_usage_error("renew", "%s needs a value", argv[optind - 1]);
		default:
			return pb_usage_error("renew", "no option \"%s\"", argv[optind - 1]);
		}
	}
	return optind == argc ? -1 : pb_usage_error("renew", "no argument is taken: \"%s\"", argv[optind]);
}

/* Newest first: who is there already was assessed again. */
static int take_row(void *user, const json_t *row)
{
	renew *r = user;
	const char *sha256 = pb_json_str(row, "sha256", "");
	if (pb_interrupted)
		return PB_EIO;
	if (!*sha256 || json_object_get(r->last, sha256))
		return 0;
	return json_object_set(r->last, sha256, (json_t *)(uintptr_t)row) ? PB_ENOMEM : 0;
}

/* The row once more, then its report. */
static int take_report(void *user, const json_t *line)
{
	renew *r = user;
	const char *until = pb_json_str(json_object_get(line, "score"), "valid_until", "");
	int64_t day;
	if (strcmp(pb_json_str(line, "schema", ""), "probity-report/1") != 0 || !pb_date_parse(until, &day) || day - r->as_of > r->within)
		return 0;
	json_t *one = json_pack("{s:I,s:s,s:s,s:s,s:s,s:s,s:I}", "id", (json_int_t)pb_json_int(r->row, "id", 0), "valid_until", until, "name",
	                        pb_json_str(json_object_get(line, "product"), "name", ""), "version", pb_json_str(json_object_get(line, "product"), "version", ""),
	                        "sha256", pb_json_str(json_object_get(line, "product"), "sha256", ""), "policy",
	                        pb_json_str(json_object_get(json_object_get(line, "assessment"), "policy"), "name", ""), "days", (json_int_t)(day - r->as_of));
	return json_array_append_new(r->due, one) ? PB_ENOMEM : 0;
}

static int ask(renew *r, pb_error *err)
{
	json_t *request = json_pack("{s:s}", "do", "list");
	int rc = request ? pb_stored_place_pages(&r->place, request, "id", 0, take_row, r, err) : PB_ENOMEM;
	const char *sha256;
	json_t *row;
	json_decref(request);
	json_object_foreach (r->last, sha256, row) {
		if (rc || strcmp(pb_json_str(row, "decision", ""), "NOT ASSESSED") == 0)
			continue;
		request = json_pack("{s:s,s:I}", "do", "show", "id", (json_int_t)pb_json_int(row, "id", 0));
		r->row = row;
		rc = request ? pb_stored_place_ask(&r->place, request, take_report, r, err) : PB_ENOMEM;
		json_decref(request);
	}
	return rc;
}

static int sooner(const void *a, const void *b)
{
	const json_t *x = *(json_t *const *)a, *y = *(json_t *const *)b;
	int order = strcmp(pb_json_str(x, "valid_until", ""), pb_json_str(y, "valid_until", ""));
	order = order ? order : strcmp(pb_json_str(x, "name", ""), pb_json_str(y, "name", ""));
	return order ? order : strcmp(pb_json_str(x, "sha256", ""), pb_json_str(y, "sha256", ""));
}

static int print_one(const renew *r, const json_t *one)
{
	int64_t days = pb_json_int(one, "days", 0);
	char *line = r->json ? pb_json_canonical(one) : NULL, *name = pb_text_safe(pb_json_str(one, "name", ""), 100);
	char *version = pb_text_safe(pb_json_str(one, "version", ""), 60), *policy = pb_text_safe(pb_json_str(one, "policy", ""), 60);
	int rc = name && version && policy && (line || !r->json) ? 0 : PB_ENOMEM;
	if (!rc && r->json)
		puts(line);
	else if (!rc)
		printf("%s  %5" PRId64 " day%s %-7s  %6" PRId64 "  %s%s%s (%s)\n", pb_json_str(one, "valid_until", ""), days < 0 ? -days : days,
		       days == 1 || days == -1 ? " " : "s", days < 0 ? "overdue" : "left", pb_json_int(one, "id", 0), name, *version ? " " : "", version, policy);
	free(line);
	free(name);
	free(version);
	free(policy);
	return rc;
}

static int print(const renew *r, pb_error *err)
{
	size_t n = json_array_size(r->due);
	json_t **all = calloc(n + 1, sizeof(json_t *));
	int rc = all ? 0 : PB_ENOMEM;
	for (size_t i = 0; i < n && all; i++)
		all[i] = json_array_get(r->due, i);
	if (all)
		qsort(all, n, sizeof(json_t *), sooner);
	for (size_t i = 0; i < n && !rc; i++)
		rc = print_one(r, all[i]);
	if (!rc && (fflush(stdout) || ferror(stdout)))
		rc = pb_fail(err, PB_EIO, "standard output cannot be written");
	free(all);
	return rc;
}

int pb_cli_renew(int argc, char **argv)
{
	renew r = {.within = WITHIN, .as_of = pb_date_today(), .place = {.timeout_ms = TIMEOUT_MS}};
	pb_error err = {0};
	int rc = read_options(&r, argc, argv), status;
	if (rc >= 0)
		return rc;
	pb_watch_signals();
	r.last = json_object();
	r.due = json_array();
	rc = r.last && r.due ? ask(&r, &err) : PB_ENOMEM;
	rc = rc ? rc : print(&r, &err);
	status = rc ? PB_EXIT_ERROR : json_array_size(r.due) ? DUE : 0;
	if (rc && !pb_interrupted)
		pb_complain("%s", err.code ? err.text : "out of memory");
	pb_stored_place_free(&r.place);
	json_decref(r.last);
	json_decref(r.due);
	return status;
}
