#include <ctype.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/log.h"
#include "base/text.h"
#include "base/width.h"
#include "cli/cli.h"
#include "cli/list_sort.h"
#include "cli/stored.h"

enum { TIMEOUT_MS = 60000, DAY = 86400, LEAST_PRODUCT = 10, DECISION_COLUMNS = 12, HOST_COLUMNS = 8 };

static const char help_text[] = "Usage: probity list [OPTIONS]\n"
                                "What was assessed, newest first: number, time (UTC), decision, trust [floor..],\n"
                                "confidence, host program, product.\n\n"
                                "  -f, --format FORMAT  text (default) or json: one object a line\n"
                                "      --decision D     only accept, conditional, reject, not-rated or not-assessed\n"
                                "      --name TEXT      only where the product's name or path holds TEXT\n"
                                "      --policy NAME    only judged by this policy\n"
                                "      --below N        only where trust is below N, 0 to 100\n"
                                "      --due DATE       only what is valid until before this day\n"
                                "      --since DATE     only from this day on, YYYY-MM-DD, UTC\n"
                                "      --until DATE     only up to and with this day\n"
                                "      --sort KEY       time (newest first, default), name (A first), trust or confidence\n"
                                "                       (lowest first), valid-until (soonest first); equal ones by\n"
                                "                       number, newest first; what has no such value comes last\n"
                                "  -n, --number N       at most N, the first in that order\n"
                                "      --store FILE     read this store instead of asking the keeper\n"
                                "      --socket PATH    ask the keeper there\n"
                                "  -h, --help           this text\n\n"
                                "Exit status: 0 done, 2 error.\n";

typedef struct list_options {
	bool json, any;
	int width; /* of the terminal, 0: none */
	char decision[16];
	const char *name, *policy, *due; /* due: YYYY-MM-DD, as valid_until is written */
	pb_list_key sort;
	int64_t since, until, below, number;
	pb_stored_place place;
} list_options;

enum { OPT_DECISION = 256, OPT_NAME, OPT_POLICY, OPT_BELOW, OPT_DUE, OPT_SORT, OPT_SINCE, OPT_UNTIL };
static const struct option long_options[] = {{"format", required_argument, NULL, 'f'},
                                             {"decision", required_argument, NULL, OPT_DECISION},
                                             {"name", required_argument, NULL, OPT_NAME},
                                             {"policy", required_argument, NULL, OPT_POLICY},
                                             {"below", required_argument, NULL, OPT_BELOW},
                                             {"due", required_argument, NULL, OPT_DUE},
                                             {"sort", required_argument, NULL, OPT_SORT},
                                             {"since", required_argument, NULL, OPT_SINCE},
                                             {"until", required_argument, NULL, OPT_UNTIL},
                                             {"number", required_argument, NULL, 'n'},
                                             PB_STORED_LONG_OPTIONS,
                                             {"help", no_argument, NULL, 'h'},
                                             {NULL, 0, NULL, 0}};

/* "not-rated" is what reports say, "NOT RATED" what the store keeps; both are understood. */
static bool read_decision(const char *text, char out[16])
{
	static const char *const known[] = {"ACCEPT", "CONDITIONAL", "REJECT", "NOT RATED", "NOT ASSESSED"};
	size_t n = strlen(text);
	if (n >= 16)
		return false;
	for (size_t i = 0; i <= n; i++)
		out[i] = (char)(text[i] == '-' || text[i] == '_' ? ' ' : toupper((unsigned char)text[i]));
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (strcmp(out, known[i]) == 0)
			return true;
	return false;
}

static int bad_date(const char *option, const char *text)
{
	return pb_usage_error("list", "%s \"%s\": not a date like 2026-11-21", option, text);
}

/* What is chosen by, beside time and name, and the order. -1: go on; otherwise the exit status. */
static int read_choice(list_options *o, int c)
{
	int64_t day;
	switch (c) {
	case OPT_POLICY:
		o->policy = optarg;
		return -1;
	case OPT_BELOW:
		if (!pb_text_int(optarg, 1, 100, &o->below))
			return pb_usage_error("list", "--below \"%s\": not a whole number from 1 to 100", optarg);
		o->below *= 10;
		return -1;
	case OPT_DUE:
		if (!pb_date_parse(optarg, &day))
			return bad_date("--due", optarg);
		o->due = optarg;
		return -1;
	default:
		return pb_list_key_of(optarg, &o->sort)
		           ? -1
		           : pb_usage_error("list", "cannot sort by \"%s\"; there are time, name, trust, confidence and "
		                                     "valid-until", optarg);
	}
}

/* -1: go on; otherwise the exit status. */
static int read_option(list_options *o, int c, char **argv)
{
	int64_t day;
	switch (c) {
	case 'f':
		o->json = strcmp(optarg, "json") == 0;
		return o->json || strcmp(optarg, "text") == 0
		           ? -1
		           : pb_usage_error("list", "no format \"%s\"; there are text and json", optarg);
	case OPT_DECISION:
		if (!read_decision(optarg, o->decision))
			return pb_usage_error(
			    "list",
			    "no decision \"%s\"; there are accept, conditional, reject, not-rated, not-assessed",
			    optarg);
		return -1;
	case OPT_NAME:
		o->name = optarg;
		return -1;
	case OPT_POLICY:
	case OPT_BELOW:
	case OPT_DUE:
	case OPT_SORT:
		return read_choice(o, c);
	case OPT_SINCE:
		if (!pb_date_parse(optarg, &day))
			return bad_date("--since", optarg);
		o->since = day * DAY;
		return -1;
	case OPT_UNTIL:
		if (!pb_date_parse(optarg, &day))
			return bad_date("--until", optarg);
		o->until = day * DAY + DAY - 1;
		return -1;
	case 'n':
		if (!pb_text_int(optarg, 1, INT32_MAX, &o->number))
			return pb_usage_error("list", "--number \"%s\": not a number from 1 on", optarg);
		return -1;
	case PB_STORED_OPTIONS:
		return pb_stored_option(&o->place, "list", c, optarg) ? PB_EXIT_ERROR : -1;
	case 'h':
		fputs(help_text, stdout);
		return 0;
	case ':':
		return pb_usage_error("list", "%s needs a value", argv[optind - 1]);
	default:
		return pb_usage_error("list", "no option \"%s\"", argv[optind - 1]);
	}
}

static int read_options(list_options *o, int argc, char **argv)
{
	int c, rc = -1;
	opterr = 0;
	optind = 1;
	while (rc < 0 && (c = getopt_long(argc, argv, ":f:n:h", long_options, NULL)) != -1)
		rc = read_option(o, c, argv);
	if (rc < 0 && optind < argc)
		return pb_usage_error("list", "\"%s\" is no option; to choose products: --name", argv[optind]);
	return rc;
}

static json_t *request_of(const list_options *o)
{
	json_t *r = json_pack("{s:s}", "do", "list");
	int rc = !r;
	if (*o->decision)
		rc = rc || json_object_set_new(r, "decision", json_string(o->decision));
	if (o->name) /* the store keeps display forms */
		rc = rc || json_object_set_new(r, "name", pb_json_display(o->name, strlen(o->name), 0));
	if (o->policy)
		rc = rc || json_object_set_new(r, "policy", pb_json_display(o->policy, strlen(o->policy), 0));
	if (o->below)
		rc = rc || json_object_set_new(r, "below", json_integer(o->below));
	if (o->due || o->sort == PB_LIST_VALID_UNTIL)
		rc = rc || json_object_set_new(r, "valid", json_integer(1));
	if (o->since)
		rc = rc || json_object_set_new(r, "since", json_integer(o->since));
	if (o->until)
		rc = rc || json_object_set_new(r, "until", json_integer(o->until));
	if (rc) {
		json_decref(r);
		return NULL;
	}
	return r;
}

/* " 96 [5..]    57%"; what there is none of is a dash. */
static void numbers(const json_t *line, char out[32])
{
	int64_t trust = pb_json_int(line, "trust_tenths", -1), floor = pb_json_int(line, "floor_tenths", -1);
	int64_t confidence = pb_json_int(line, "confidence_permille", -1);
	char range[16] = "", percent[8] = "-";
	bool rated = trust >= 0 && trust <= 1000 && floor >= 0 && floor <= 1000;
	if (rated)
		snprintf(range, sizeof range, "[%d..]", (int)(floor / 10));
	if (confidence >= 0 && confidence <= 1000)
		snprintf(percent, sizeof percent, "%d%%", (int)(confidence / 10));
	if (rated)
		snprintf(out, 32, "%3d %-7s %4s", (int)(trust / 10), range, percent);
	else
		snprintf(out, 32, "%3s %-7s %4s", "-", "", percent);
}

/* Its name and version; without a name the last element of its path. Inert. */
static char *product_of(const json_t *line)
{
	const char *name = pb_json_str(line, "name", ""), *version = pb_json_str(line, "version", "");
	const char *path = pb_json_str(line, "path", ""), *slash = strrchr(path, '/');
	char *text = NULL, *safe;
	if (!*name)
		name = slash && slash[1] ? slash + 1 : path;
	if (asprintf(&text, "%s%s%s", name, *version ? " " : "", version) < 0)
		return NULL;
	safe = pb_text_safe(text, 0);
	free(text);
	return safe;
}

/* Takes inert text; at most so many columns of it on a terminal, all of it elsewhere. */
static char *fitted(const list_options *o, char *text, int columns)
{
	char *short_one;
	if (!text || !o->width)
		return text;
	short_one = pb_width_shorten(text, columns);
	free(text);
	return short_one;
}

static int print_text(list_options *o, const json_t *line)
{
	char when[PB_TIME_TEXT], three[32];
	char *decision = fitted(o, pb_text_safe(pb_json_str(line, "decision", ""), 0), DECISION_COLUMNS);
	char *host = fitted(o, pb_text_safe(pb_json_str(line, "host", ""), 0), HOST_COLUMNS);
	char *before = NULL, *product = NULL;
	pb_time_text(pb_json_int(line, "time", 0), when);
	numbers(line, three);
	if (decision && host &&
	    asprintf(&before, "%5" PRId64 " %s %-*s %s  %-*s ", pb_json_int(line, "id", 0), when, DECISION_COLUMNS,
	             decision, three, HOST_COLUMNS, host) < 0)
		before = NULL;
	int room = before ? o->width - pb_width(before) : 0;
	if (before)
		product = fitted(o, product_of(line), room < LEAST_PRODUCT ? LEAST_PRODUCT : room);
	if (product && !o->any)
		puts("   ID TIME (UTC)       DECISION       T [L..]     C  HOST     PRODUCT");
	if (product)
		printf("%s%s\n", before, product);
	free(decision);
	free(host);
	free(before);
	int rc = product ? 0 : PB_ENOMEM;
	free(product);
	return rc;
}

static int print_one(void *user, const json_t *line)
{
	list_options *o = user;
	char *text;
	int rc = 0;
	if (o->json) {
		text = pb_json_canonical(line);
		if (!text)
			return PB_ENOMEM;
		puts(text);
		free(text);
	} else {
		rc = print_text(o, line);
	}
	o->any = true;
	return rc ? rc : pb_interrupted ? PB_EIO : 0;
}

typedef struct chosen {
	list_options *options;
	pb_list_sort *sort; /* NULL: as it comes */
	int64_t n;
} chosen;

enum { ENOUGH = 1 };

static int choose(void *user, const json_t *line)
{
	chosen *c = user;
	const char *until = pb_json_str(line, "valid_until", "");
	if (c->options->due && (!*until || strcmp(until, c->options->due) >= 0))
		return pb_interrupted ? PB_EIO : 0;
	if (c->sort)
		return pb_list_sort_add(c->sort, line);
	int rc = print_one(c->options, line);
	c->n++;
	return rc ? rc : c->options->number && c->n >= c->options->number ? ENOUGH : 0;
}

static int list_all(list_options *o, json_t *request, pb_error *err)
{
	chosen c = {.options = o};
	if (o->sort != PB_LIST_TIME && !(c.sort = pb_list_sort_new(o->sort)))
		return pb_fail(err, PB_ENOMEM, "out of memory");
	int rc = pb_stored_place_pages(&o->place, request, "id", c.sort || o->due ? 0 : o->number, choose, &c, err);
	if (rc == ENOUGH)
		rc = 0;
	if (!rc && c.sort)
		rc = pb_list_sort_each(c.sort, o->number, print_one, o);
	if (rc == PB_ELIMIT && !err->code)
		pb_fail(err, rc, "more than %d assessments to sort: choose fewer", PB_LIST_SORTED);
	pb_list_sort_free(c.sort);
	return rc;
}

int pb_cli_list(int argc, char **argv)
{
	list_options o = {.place = {.timeout_ms = TIMEOUT_MS}, .width = pb_output_width()};
	pb_error err = {0};
	int rc = read_options(&o, argc, argv);
	if (rc >= 0)
		return rc;
	pb_watch_signals();
	json_t *request = request_of(&o);
	rc = request ? list_all(&o, request, &err)
	             : pb_fail(&err, PB_ENOMEM, "out of memory");
	if (!rc && (fflush(stdout) || ferror(stdout)))
		rc = pb_fail(&err, PB_EIO, "standard output cannot be written");
	json_decref(request);
	pb_stored_place_free(&o.place);
	if (rc) {
		if (!pb_interrupted)
			pb_complain("%s", err.code ? err.text : "out of memory");
		return PB_EXIT_ERROR;
	}
	if (!o.any)
		pb_note("nothing like that was assessed");
	return 0;
}
