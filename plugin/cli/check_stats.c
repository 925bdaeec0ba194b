/* What became of the checks in what was assessed: from the reports that a keeper's store holds, with the questions that list
 * and show ask, so that who may read what stays decided in one place (keeper/query.h). */
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/date.h"
#include "base/log.h"
#include "base/text.h"
#include "cli/check.h"
#include "cli/cli.h"
#include "cli/progress.h"
#include "cli/stats.h"
#include "cli/stored.h"

/* ROWS: assessments that are passed over for each product that counts, so that a store of one product ten million times ends,
 * too. */
enum { TIMEOUT_MS = 60000, DAY = 86400, NUMBER = 5000, NUMBER_MAX = 1000000, ROWS = 50, ENOUGH = 1 };

static const char help_text[] =
    "Usage: probity check stats [--since DATE] [-n N] [-f text|json]\n\n"
    "What became of the checks in what probityd assessed: for how many products a check\n"
    "was there, in how many it fired, for how many it could not look and why, how many of its\n"
    "findings were waived, when it fired last; and those that never fired. A product counts\n"
    "once, by its newest report.\n\n"
    "  -f, --format FORMAT  text (default), those that fire most often first; or json: one line\n"
    "      --since DATE     only what was assessed from this day on, YYYY-MM-DD, UTC\n"
    "  -n, --number N       at most N products, the newest (default 5000)\n"
    "      --store FILE     read this store instead of asking the keeper\n"
    "      --socket PATH    ask the keeper there\n"
    "  -h, --help           this text\n\n"
    "What checks cost is in no report: `probity check bench` measures it. Exit status: 0, or 2 for\n"
    "an error.\n";

enum { OPT_SINCE = 256 };
static const struct option long_options[] = {{"format", required_argument, NULL, 'f'},
                                             {"since", required_argument, NULL, OPT_SINCE},
                                             {"number", required_argument, NULL, 'n'},
                                             PB_STORED_LONG_OPTIONS,
                                             {"help", no_argument, NULL, 'h'},
                                             {NULL, 0, NULL, 0}};

typedef struct chosen {
	int64_t id, time;
} chosen;

typedef struct counting {
	bool json, more; /* more: older products were left out */
	int64_t since, number;
	pb_stored_place place;
	json_t *seen; /* {"sha256": true} */
	chosen *all;
	size_t n, cap;
	int64_t rows, without; /* assessments looked at; of those, without a report */
	json_t *report;        /* of the assessment that is asked for just now */
	bool row;              /* its first line has come */
	int64_t from, to;      /* seconds: the oldest and newest report that counts */
	int64_t products;
	pb_stats *stats;
} counting;

static int read_options(counting *o, int argc, char **argv)
{
	int64_t day;
	int c;
	opterr = 0;
	optind = 1;
	while ((c = getopt_long(argc, argv, ":f:n:h", long_options, NULL)) != -1) {
		switch (c) {
		case 'f':
			o->json = strcmp(optarg, "json") == 0;
			if (!o->json && strcmp(optarg, "text") != 0)
				return pb_usage_error("check stats", "no format \"%s\"; there are text and json", optarg);
			break;
		case OPT_SINCE:
			if (!pb_date_parse(optarg, &day))
				return pb_usage_error("check stats", "--since \"%s\": not a date like 2026-11-21", optarg);
			o->since = day * DAY;
			break;
		case 'n':
			if (!pb_text_int(optarg, 1, NUMBER_MAX, &o->number))
				return pb_usage_error("check stats", "--number \"%s\": not a number from 1 to %d", optarg,
				                      NUMBER_MAX);
			break;
		case PB_STORED_OPTIONS:
			if (pb_stored_option(&o->place, "check stats", c, optarg))
				return PB_EXIT_ERROR;
			break;
		case 'h':
			fputs(help_text, stdout);
			return 0;
		default:
			return pb_check_bad_option("stats", c, argv);
		}
	}
	if (optind < argc)
		return pb_usage_error("check stats", "\"%s\": it tells of all checks, and takes options only", argv[optind]);
	return -1;
}

/* The first, so newest, assessment of each product that has a report. */
static int choose(void *user, const json_t *line)
{
	counting *o = user;
	const char *sha256 = pb_json_str(line, "sha256", "");
	int64_t id = pb_json_int(line, "id", 0);
	char unnamed[32];
	if (pb_interrupted)
		return PB_EIO;
	o->more = (int64_t)o->n == o->number || o->rows / ROWS >= o->number;
	if (o->more)
		return ENOUGH;
	o->rows++;
	if (strcmp(pb_json_str(line, "decision", ""), "NOT ASSESSED") == 0) {
		o->without++;
		return 0;
	}
	snprintf(unnamed, sizeof unnamed, "#%" PRId64, id);
	sha256 = *sha256 ? sha256 : unnamed;
	if (json_object_get(o->seen, sha256))
		return 0;
	if (o->n == o->cap) {
		size_t cap = o->cap ? 2 * o->cap : 256;
		chosen *all = realloc(o->all, cap * sizeof *all);
		if (!all)
			return PB_ENOMEM;
		o->all = all;
		o->cap = cap;
	}
	o->all[o->n++] = (chosen){id, pb_json_int(line, "time", 0)};
	return json_object_set_new(o->seen, sha256, json_true()) ? PB_ENOMEM : 0;
}

/* The row, then the report. */
static int take(void *user, const json_t *line)
{
	counting *o = user;
	if (o->row && !o->report)
		o->report = json_incref((json_t *)(uintptr_t)line);
	o->row = true;
	return pb_interrupted ? PB_EIO : 0;
}

static int add(counting *o, const chosen *one, pb_error *err)
{
	json_t *request = json_pack("{s:s,s:I}", "do", "show", "id", (json_int_t)one->id);
	pb_error gone = {0};
	o->row = false;
	int rc = request ? pb_stored_place_ask(&o->place, request, take, o, &gone) : PB_ENOMEM;
	if (rc == PB_EINPUT) /* removed by retention since it was listed */
		rc = 0;
	else if (rc)
		rc = pb_fail(err, rc, "%s", gone.code ? gone.text : "out of memory");
	else if (o->report) {
		rc = pb_stats_add(o->stats, one->time, o->report, err);
		o->products++;
		o->to = one->time > o->to ? one->time : o->to;
		o->from = o->products == 1 || one->time < o->from ? one->time : o->from;
	}
	json_decref(o->report);
	o->report = NULL;
	json_decref(request);
	return rc;
}

static int count(counting *o, pb_error *err)
{
	pb_progress progress;
	json_t *request = json_pack("{s:s}", "do", "list");
	int rc = !request || (o->since && json_object_set_new(request, "since", json_integer(o->since)))
	             ? pb_fail(err, PB_ENOMEM, "out of memory")
	             : pb_stored_place_pages(&o->place, request, "id", 0, choose, o, err);
	json_decref(request);
	rc = rc == ENOUGH ? 0 : rc;
	pb_progress_begin(&progress, isatty(STDERR_FILENO));
	for (size_t i = 0; i < o->n && !rc; i++) {
		pb_progress_count(&progress, "reports", i, o->n);
		rc = add(o, &o->all[i], err);
	}
	pb_progress_end(&progress);
	return rc;
}

static void head(const counting *o)
{
	char from[11], to[11];
	pb_date_format(o->from / DAY, from);
	pb_date_format(o->to / DAY, to);
	printf("%" PRId64 " product%s assessed from %s to %s, each by its newest report%s\n", o->products,
	       o->products == 1 ? "" : "s", from, to, o->more ? "; older ones were left out (-n)" : "");
	if (o->without)
		printf("%" PRId64 " assessment%s without a report\n", o->without, o->without == 1 ? "" : "s");
	putchar('\n');
}

static int print(const counting *o, pb_error *err)
{
	json_t *told = pb_stats_told(o->stats), *out = NULL;
	char *line = NULL;
	if (told && o->json) {
		out = json_pack("{s:I,s:I,s:b,s:O}", "products", (json_int_t)o->products, "without_report",
		                (json_int_t)o->without, "more", (int)o->more, "checks", told);
		if (out && o->products)
			json_object_update_new(out,
			                       json_pack("{s:I,s:I}", "from", (json_int_t)o->from, "to", (json_int_t)o->to));
		line = out ? pb_json_canonical(out) : NULL;
	}
	int rc = told && (line || !o->json) ? 0 : pb_fail(err, PB_ENOMEM, "out of memory");
	if (line) {
		puts(line);
	} else if (!rc && o->products) {
		head(o);
		pb_stats_text(told);
		puts("\nCost: not measured, no report holds times; `probity check bench` measures it");
	}
	if (!rc && !o->products)
		pb_note("nothing with a report was assessed");
	if (!rc && (fflush(stdout) || ferror(stdout)))
		rc = pb_fail(err, PB_EIO, "standard output cannot be written");
	free(line);
	json_decref(out);
	json_decref(told);
	return rc;
}

int pb_check_stats(int argc, char **argv)
{
	counting o = {.number = NUMBER, .place = {.timeout_ms = TIMEOUT_MS}};
	pb_error err = {0};
	int rc = read_options(&o, argc, argv);
	if (rc >= 0)
		return rc;
	pb_watch_signals();
	o.seen = json_object();
	o.stats = pb_stats_new();
	rc = o.seen && o.stats ? count(&o, &err) : pb_fail(&err, PB_ENOMEM, "out of memory");
	rc = rc ? rc : print(&o, &err);
	if (rc && !pb_interrupted)
		pb_complain("%s", err.code ? err.text : "out of memory");
	pb_stats_free(o.stats);
	json_decref(o.seen);
	free(o.all);
	pb_stored_place_free(&o.place);
	return rc ? PB_EXIT_ERROR : 0;
}
