#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/log.h"
#include "base/text.h"
#include "cli/cli.h"
#include "cli/log.h"
#include "cli/stored.h"

enum { TIMEOUT_MS = 60000, VERIFY_TIMEOUT_MS = 3600 * 1000, EXIT_BROKEN = 1 };

static const char help_text[] =
    "Usage: probity log verify [--head DIGEST | --checkpoint FILE] [--store FILE | --socket PATH]\n"
    "       probity log checkpoint --key KEYFILE [-o FILE] [--store FILE | --socket PATH]\n"
    "       probity log show [-f text|json] [-n N] [--store FILE | --socket PATH]\n\n"
    "verify  checks every line of the log, the chain of their digests, and that what\n"
    "        is kept of each assessment is what its line says; prints how many lines\n"
    "        hold and the digest of the last one\n"
    "checkpoint  verifies it, and signs how many lines it has and the digest of the last one:\n"
    "        for who keeps it elsewhere, the log can be held against it later\n"
    "show    the lines, newest first; with -f json as they are\n\n"
    "  -f, --format FORMAT  text (default) or json\n"
    "  -n, --number N       at most N lines\n"
    "      --head DIGEST    a digest noted before (probityd notes them in the journal): the log\n"
    "                       must still have a line with it, else its end was cut off\n"
    "      --checkpoint FILE  a checkpoint made before: the log must still have its lines; it counts\n"
    "                       where a trust root with the role assessor has signed it\n"
    "      --trust DIR      trust roots, instead of the usual folders\n"
    "      --key KEYFILE    the secret key, of `probity pack key new` or minisign\n"
    "  -o, --output FILE    the checkpoint goes there instead of to standard output\n"
    "      --as-of DATE     the day of checkpoint, or on which keys must count (default: today, UTC)\n"
    "      --store FILE     read this store instead of asking the keeper\n"
    "      --socket PATH    ask the keeper there\n"
    "  -h, --help           this text\n\n"
    "Exit status: 0 it holds, 1 it does not, 2 error.\n";

typedef struct log_options {
	bool json;
	int64_t number;
	const char *head; /* NULL: none to compare with */
	const char *checkpoint, *key, *output;
	pb_dossier_options trust; /* its --trust alone */
	int64_t as_of;
	pb_checkpoint held; /* --checkpoint's, or the one to be made */
	char root[PB_ROOT_NAME];
	pb_stored_place place;
	int status;
} log_options;

typedef enum verb { SHOW, VERIFY, CHECKPOINT, VERBS } verb;
static const char *const verbs[VERBS] = {"show", "verify", "checkpoint"};

enum { OPT_HEAD = 256, OPT_CHECKPOINT, OPT_TRUST, OPT_KEY, OPT_AS_OF };
static const struct option long_options[] = {{"format", required_argument, NULL, 'f'},
                                             {"number", required_argument, NULL, 'n'},
                                             PB_STORED_LONG_OPTIONS,
                                             {"head", required_argument, NULL, OPT_HEAD},
                                             {"checkpoint", required_argument, NULL, OPT_CHECKPOINT},
                                             {"trust", required_argument, NULL, OPT_TRUST},
                                             {"key", required_argument, NULL, OPT_KEY},
                                             {"as-of", required_argument, NULL, OPT_AS_OF},
                                             {"output", required_argument, NULL, 'o'},
                                             {"help", no_argument, NULL, 'h'},
                                             {NULL, 0, NULL, 0}};

/* -1: go on; otherwise the exit status. */
static int read_options(log_options *o, int argc, char **argv)
{
	int c;
	opterr = 0;
	optind = 1;
	while ((c = getopt_long(argc, argv, ":f:n:o:h", long_options, NULL)) != -1) {
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
		case OPT_CHECKPOINT:
			o->checkpoint = optarg;
			break;
		case OPT_TRUST:
			if (pb_dossier_option(&o->trust.trust, &o->trust.n_trust, optarg))
				return PB_EXIT_ERROR;
			break;
		case OPT_KEY:
			o->key = optarg;
			break;
		case 'o':
			o->output = optarg;
			break;
		case OPT_AS_OF:
			if (!pb_date_parse(optarg, &o->as_of))
				return pb_usage_error("log", "--as-of \"%s\": not a date like 2026-11-21", optarg);
			break;
		case PB_STORED_OPTIONS:
			if (pb_stored_option(&o->place, "log", c, optarg))
				return PB_EXIT_ERROR;
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
	return optind + 1 == argc ? -1 : pb_usage_error("log", "verify, checkpoint or show?");
}

/* The log as it is holds; does it still hold the checkpoint's lines? The answer says at which line its digest stands. */
static void against_checkpoint(log_options *o, int64_t lines, int64_t noted, bool holds)
{
	const pb_checkpoint *c = &o->held;

	if (!holds && lines < c->lines)
		pb_complain("%s: the log had %" PRId64 " lines on %s; now %" PRId64 " hold", o->checkpoint, c->lines, c->as_of, lines);
	if (holds && noted != c->lines)
		pb_complain("%s: the digest that line %" PRId64 " had on %s is now that of line %" PRId64, o->checkpoint, c->lines, c->as_of, noted);
	if (!holds || noted != c->lines)
		o->status = EXIT_BROKEN;
	else
		printf("%" PRId64 " line%s hold%s as on %s, signed by %s\n", c->lines, c->lines == 1 ? "" : "s", c->lines == 1 ? "s" : "", c->as_of, o->root);
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
	if (holds && o->key && strlen(head) == 64 && strspn(head, "0123456789abcdef") == 64) {
		o->held.lines = lines;
		memcpy(o->held.digest, head, sizeof o->held.digest);
	} else if (holds)
		printf("%" PRId64 " line%s hold%s, the last one has digest %s\n", lines, lines == 1 ? "" : "s",
		       lines == 1 ? "s" : "", head);
	if (holds && o->head && !o->checkpoint)
		printf("line %" PRId64 " has the digest that was noted\n", pb_json_int(line, "noted", 0));
	if (!holds)
		pb_complain("%s", pb_json_str(line, "why", "the log does not hold"));
	if (o->checkpoint)
		against_checkpoint(o, lines, pb_json_int(line, "noted", 0), holds);
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

static int ask(log_options *o, bool verify, pb_error *err)
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

static int run(log_options *o, verb what, pb_error *err)
{
	int rc = 0;
	if (o->checkpoint) {
		rc = pb_checkpoint_read(o->checkpoint, &o->trust, o->as_of, &o->held, o->root, err);
		o->head = o->held.digest;
		if (rc == PB_ECORRUPT) {
			pb_complain("%s", err->text);
			o->status = EXIT_BROKEN;
			return 0;
		}
	}
	rc = rc ? rc : ask(o, what != SHOW, err);
	if (rc || what != CHECKPOINT || o->status)
		return rc;
	if (o->held.lines < 1)
		return pb_fail(err, PB_EINPUT, "the log has no line yet: there is nothing to sign");
	pb_date_format(o->as_of, o->held.as_of);
	return pb_checkpoint_write(&o->held, o->key, o->output, err);
}

/* Do the options fit the verb? -1: yes; otherwise the exit status. */
static int look_at(const log_options *o, verb what)
{
	if (what != VERIFY && (o->head || o->checkpoint))
		return pb_usage_error("log", "--head and --checkpoint are for verify");
	if (o->head && o->checkpoint)
		return pb_usage_error("log", "--head or --checkpoint, not both");
	if (what == CHECKPOINT && !o->key)
		return pb_usage_error("log", "--key names the file of the secret key");
	if (what != CHECKPOINT && (o->key || o->output))
		return pb_usage_error("log", "--key and --output are for checkpoint");
	return -1;
}

int pb_cli_log(int argc, char **argv)
{
	log_options o = {.as_of = pb_date_today()};
	pb_error err = {0};
	int rc = read_options(&o, argc, argv);
	verb what = SHOW;
	if (rc < 0) {
		while (what < VERBS && strcmp(argv[optind], verbs[what]) != 0)
			what++;
		rc = what < VERBS ? look_at(&o, what) : pb_usage_error("log", "no \"log %s\"; there are verify, checkpoint and show", argv[optind]);
	}
	if (rc < 0) {
		pb_watch_signals();
		rc = run(&o, what, &err);
		pb_stored_place_free(&o.place);
		if (rc && !pb_interrupted)
			pb_complain("%s", err.code ? err.text : "out of memory");
		rc = rc ? PB_EXIT_ERROR : o.status;
	}
	pb_dossier_options_free(&o.trust);
	return rc;
}
