#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/text.h"
#include "cli/cli.h"
#include "cli/stored.h"

enum { TIMEOUT_MS = 60000, VERIFY_TIMEOUT_MS = 3600 * 1000, EXIT_BROKEN = 1 };

static const char help_text[] =
    "Usage: probity log verify [--head DIGEST] [--store FILE | --socket PATH]\n"
    "       probity log show [-f text|json] [-n N] [--store FILE | --socket PATH]\n\n"
    "verify  checks every line of the log, the chain of their digests, and that what\n"
    "        is kept of each assessment is what its line says; prints how many lines\n"
    "        hold and the digest of the last one\n"
    "show    the lines, newest first; with -f json as they are\n\n"
    "  -f, --format FORMAT  text (default) or json\n"
    "  -n, --number N       at most N lines\n"
    "      --head DIGEST    a digest noted before (probityd notes them in the journal): the log\n"
    "                       must still have a line with it, else its end was cut off\n"
    "      --store FILE     read this store instead of asking the keeper\n"
    "      --socket PATH    ask the keeper there\n"
    "  -h, --help           this text\n\n"
    "Exit status: 0 it holds, 1 it does not, 2 error.\n";

typedef struct log_options {
	bool json;
	int64_t number;
	const char *head; /* NULL: none to compare with */
	pb_stored_place place;
	int status;
} log_options;

enum { OPT_STORE = 256, OPT_SOCKET, OPT_HEAD };
static const struct option long_options[] = {{"format", required_argument, NULL, 'f'},
                                             {"number", required_argument, NULL, 'n'},
                                             {"store", required_argument, NULL, OPT_STORE},
                                             {"socket", required_argument, NULL, OPT_SOCKET},
                                             {"head", required_argument, NULL, OPT_HEAD},
                                             {"help", no_argument, NULL, 'h'},
                                             {NULL, 0, NULL, 0}};

/* -1: go on; otherwise the exit status. */
static int read_options(log_options *o, int argc, char **argv)
{
	int c;
	opterr = 0;
	optind = 1;
	while ((c = getopt_long(argc, argv, ":f:n:h", long_options, NULL)) != -1) {
		switch (c) {
		case 'f':
			o->json = strcmp(optarg, "json") == 0;
			if (!o->json && strcmp(optarg, "text") != 0)
				return pb_usage_error("log", "no format \"%s\"; there are text and json", optarg);
			break;
		case 'n':
			if (!pb_text_int(optarg, 1, INT32_MAX, &o->number))
				return pb_usage_error("log", "--number \"%s\": not a number from 1 on", optarg);
			break;
		case OPT_HEAD:
			o->head = optarg;
			if (strlen(optarg) != 64 || strspn(optarg, "0123456789abcdef") != 64)
				return pb_usage_error("log", "--head \"%s\": not a digest, 64 of 0-9 and a-f", optarg);
			break;
		case OPT_STORE:
			o->place.store = optarg;
			break;
		case OPT_SOCKET:
			o->place.socket = optarg;
			break;
		case 'h':
			fputs(help_text, stdout);
			return 0;
		case ':':
			return pb_usage_error("log", "%s needs a value", argv[optind - 1]);
		default:
			return pb_usage_error("log", "no option \"%s\"", argv[optind - 1]);
		}
	}
	if (o->place.store && o->place.socket)
		return pb_usage_error("log", "--store or --socket, not both");
	return optind + 1 == argc ? -1 : pb_usage_error("log", "verify or show?");
}

static int verified(void *user, const json_t *line)
{
	log_options *o = user;
	int64_t lines = pb_json_int(line, "lines", 0);
	char *head = pb_text_safe(pb_json_str(line, "head", ""), 0);
	bool holds = json_is_true(json_object_get(line, "holds"));
	if (!head)
		return PB_ENOMEM;
	o->status = holds ? 0 : EXIT_BROKEN;
	if (holds)
		printf("%" PRId64 " line%s hold%s, the last one has digest %s\n", lines, lines == 1 ? "" : "s",
		       lines == 1 ? "s" : "", head);
	if (holds && o->head)
		printf("line %" PRId64 " has the digest that was noted\n", pb_json_int(line, "noted", 0));
	if (!holds)
		pb_complain("%s", pb_json_str(line, "why", "the log does not hold"));
	free(head);
	return 0;
}

/* What a line says, in words. */
static char *words_of(const json_t *line)
{
	char *text = NULL, *safe;
	const char *what = pb_json_str(line, "what", NULL), *name = pb_json_str(line, "name", "");
	int rc;
	if (what)
		rc = asprintf(&text, "%s", what);
	else
		rc = asprintf(&text, "assessment %" PRId64 ": %s, %s, sha256 %s", pb_json_int(line, "id", 0),
		              pb_json_str(line, "decision", "?"), *name ? name : pb_json_str(line, "path", "?"),
		              pb_json_str(line, "sha256", "?"));
	if (rc < 0)
		return NULL;
	safe = pb_text_safe(text, 0);
	free(text);
	return safe;
}

static int show_one(void *user, const json_t *line)
{
	log_options *o = user;
	char when[PB_TIME_TEXT];
	char *text = o->json ? pb_json_canonical(line) : words_of(line);
	if (!text)
		return PB_ENOMEM;
	pb_time_text(pb_json_int(line, "time", 0), when);
	if (o->json)
		puts(text);
	else
		printf("%6" PRId64 "  %s  %s\n", pb_json_int(line, "n", 0), when, text);
	free(text);
	return pb_interrupted ? PB_EIO : 0;
}

static int run(log_options *o, bool verify, pb_error *err)
{
	json_t *request = json_pack("{s:s,s:s*}", "do", verify ? "verify" : "log", "head", o->head);
	int rc = PB_ENOMEM;
	o->place.timeout_ms = verify ? VERIFY_TIMEOUT_MS : TIMEOUT_MS;
	o->status = verify ? PB_EXIT_ERROR : 0; /* until it is answered */
	if (request && verify)
		rc = pb_stored_place_ask(&o->place, request, verified, o, err);
	else if (request)
		rc = pb_stored_place_pages(&o->place, request, "n", o->number, show_one, o, err);
	json_decref(request);
	if (!rc && (fflush(stdout) || ferror(stdout)))
		rc = pb_fail(err, PB_EIO, "standard output cannot be written");
	return rc;
}

int pb_cli_log(int argc, char **argv)
{
	log_options o = {0};
	pb_error err = {0};
	int rc = read_options(&o, argc, argv);
	if (rc >= 0)
		return rc;
	const char *verb = argv[optind];
	bool verify = strcmp(verb, "verify") == 0;
	if (!verify && strcmp(verb, "show") != 0)
		return pb_usage_error("log", "no \"log %s\"; there are verify and show", verb);
	if (o.head && !verify)
		return pb_usage_error("log", "--head is for verify");
	pb_watch_signals();
	rc = run(&o, verify, &err);
	pb_stored_place_free(&o.place);
	if (rc && !pb_interrupted)
		pb_complain("%s", err.code ? err.text : "out of memory");
	return rc ? PB_EXIT_ERROR : o.status;
}
