/* `probity push`: finished reports to who gathers them. First into the outbox, then out; what did not arrive stays there. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fs.h"
#include "base/log.h"
#include "base/text.h"
#include "cli/cli.h"
#include "cli/network.h"
#include "collector/outbox.h"
#include "collector/settings.h"
#include "collector/start.h"

enum { TOKEN_MOST = 2000 };

typedef struct push {
	const char *to, *format, *index, *config;
	bool retry, list, json, quiet;
	json_t *settings, *names; /* names: array of items */
	char *outbox;
} push;

static const char help_text[] =
	"Usage: probity push REPORT... [--to URL] [OPTIONS]\n"
	"       probity push --retry | --list\n"
	"Sends finished reports (files with one JSON report a line, - for standard input) to a webhook\n"
	"or to the _bulk endpoint of OpenSearch or Elasticsearch. Each report is written to the outbox\n"
	"first, and removed when it arrived; its identifier is its digest, so that sending twice is safe.\n"
	"Off until probity.conf says [collector] enabled = yes and names the place in [push] url.\n\n"
	"      --to URL         another place; its host must be in [collector push] hosts\n"
	"      --format FORMAT  webhook (default) or bulk\n"
	"      --index NAME     of the _bulk endpoint (default: probity)\n"
	"      --retry          send what is in the outbox\n"
	"      --list           name what is in the outbox\n"
	"      --config FILE    in place of /etc/probity/probity.conf\n"
	"  -f FORMAT            what is printed: text (default) or json\n"
	"  -q, --quiet          no notes\n"
	"  -h, --help           this text\n\n"
	"Exit status: 0 all arrived, 3 something stays in the outbox (it is named), 2 error.\n";

enum { OPT_TO = 256, OPT_FORMAT, OPT_INDEX, OPT_RETRY, OPT_LIST, OPT_CONFIG };

static const struct option long_options[] = {
	{"to", required_argument, NULL, OPT_TO},     {"format", required_argument, NULL, OPT_FORMAT}, {"index", required_argument, NULL, OPT_INDEX},
	{"retry", no_argument, NULL, OPT_RETRY},     {"list", no_argument, NULL, OPT_LIST},           {"config", required_argument, NULL, OPT_CONFIG},
	{"quiet", no_argument, NULL, 'q'},           {"help", no_argument, NULL, 'h'},                {NULL, 0, NULL, 0}};

static int read_options(push *o, int argc, char **argv)
{
	int c;

	opterr = 0;
	optind = 1;
	while ((c = getopt_long(argc, argv, ":f:qh", long_options, NULL)) != -1) {
		switch (c) {
		case OPT_TO:
			o->to = optarg;
			break;
		case OPT_FORMAT:
			if (strcmp(optarg, "webhook") != 0 && strcmp(optarg, "bulk") != 0)
				return pb_usage_error("push", "no format \"%s\"; there are webhook and bulk", optarg);
			o->format = optarg;
			break;
		case OPT_INDEX:
			if (!*optarg || strspn(optarg, "abcdefghijklmnopqrstuvwxyz0123456789-_.") != strlen(optarg))
				return pb_usage_error("push", "--index \"%s\": small letters, digits, - _ and . only", optarg);
			o->index = optarg;
			break;
		case OPT_RETRY:
			o->retry = true;
			break;
		case OPT_LIST:
			o->list = true;
			break;
		case OPT_CONFIG:
			o->config = optarg;
			break;
		case 'f':
			if (strcmp(optarg, "text") != 0 && strcmp(optarg, "json") != 0)
				return pb_usage_error("push", "no format \"%s\"; there are text and json", optarg);
			o->json = strcmp(optarg, "json") == 0;
			break;
		case 'q':
			o->quiet = true;
			break;
		case 'h':
			fputs(help_text, stdout);
			return 0;
		case ':':
			return pb_usage_error("push", "%s needs a value", argv[optind - 1]);
		default:
			return pb_usage_error("push", "no option \"%s\"", argv[optind - 1]);
		}
	}
	if ((optind < argc) + o->retry + o->list != 1)
		return pb_usage_error("push", "name reports, or --retry, or --list");
	return -1;
}

/* One report a line. */
static int put_file(push *o, const char *file, pb_error *err)
{
	const char *to = o->to ? o->to : pb_json_str(json_object_get(o->settings, "push"), "url", "");
	pb_buf text = {0};
	int rc = pb_fs_read(strcmp(file, "-") == 0 ? "/dev/stdin" : file, PB_OUTBOX_MOST, &text, err);

	for (size_t at = 0; !rc && at < text.size;) {
		const uint8_t *end = memchr(text.data + at, '\n', text.size - at);
		size_t n = end ? (size_t)(end - text.data) - at : text.size - at;
		char *name = NULL;
		json_t *report;

		if (n > 0) {
			report = pb_json_parse((pb_bytes){text.data + at, n}, PB_OUTBOX_MOST, file, err);
			if (!report || strcmp(pb_json_str(report, "schema", ""), "probity-report/1") != 0)
				rc = pb_fail(err, PB_EINPUT, "%s: not a report in JSON, one a line (probity scan -f json)", file);
			rc = rc ? rc : pb_outbox_put(o->outbox, report, to, o->format, o->index, &name, err);
			if (!rc)
				json_array_append_new(o->names, json_string(name));
			json_decref(report);
			free(name);
		}
		at += n + 1;
	}
	pb_buf_free(&text);
	return rc;
}

static int put_waiting(push *o, pb_error *err)
{
	char **names;
	size_t n;
	int rc = pb_outbox_names(o->outbox, &names, &n, err);

	for (size_t i = 0; !rc && i < n; i++)
		json_array_append_new(o->names, json_string(names[i]));
	if (!rc)
		pb_fs_names_free(names, n);
	return rc;
}

/* The first line of the token's file: it goes to the process that sends and nowhere else. */
static int read_token(const push *o, json_t *job, pb_error *err)
{
	const char *file = pb_json_str(json_object_get(o->settings, "push"), "token_file", "");
	pb_buf text = {0};
	int rc = *file ? pb_fs_read(file, TOKEN_MOST, &text, err) : 0;
	size_t n = text.data ? strcspn((const char *)text.data, "\r\n") : 0;

	if (!rc && json_object_set_new(job, "token", json_stringn(text.data ? (const char *)text.data : "", n)))
		rc = pb_fail(err, PB_EINPUT, "%s: not a text", file);
	if (text.data)
		explicit_bzero(text.data, text.size);
	pb_buf_free(&text);
	return rc;
}

static int send_all(push *o, json_t **answer, pb_error *err)
{
	json_t *job = pb_network_job("push", json_incref(o->settings));
	int rc = job && !json_object_set_new(job, "outbox", json_string(o->outbox)) && !json_object_set(job, "items", o->names)
	             ? 0
	             : pb_fail(err, PB_ENOMEM, "out of memory");

	rc = rc ? rc : read_token(o, job, err);
	rc = rc ? rc : pb_collector_start(job, &pb_interrupted, answer, err);
	json_decref(job);
	return rc;
}

static void print(const push *o, const json_t *answer)
{
	const json_t *row;
	char *text;
	size_t i;

	if (o->json) {
		text = pb_json_canonical(o->list ? o->names : answer);
		puts(text ? text : "");
		free(text);
		return;
	}
	json_array_foreach (o->list ? o->names : json_object_get(answer, "sent"), i, row)
		printf("%-8s %s\n", o->list ? "waits" : "sent", json_string_value(row));
	json_array_foreach (json_object_get(answer, "failed"), i, row)
		printf("%-8s %s: %s\n", "waits", pb_json_str(row, "name", ""), pb_json_str(row, "why", ""));
}

int pb_cli_push(int argc, char **argv)
{
	push o = {0};
	json_t *answer = NULL;
	pb_error err = {0};
	int rc = read_options(&o, argc, argv), status = PB_EXIT_ACCEPT;

	if (rc >= 0)
		return rc;
	pb_log_quiet(o.quiet);
	pb_watch_signals();
	o.names = json_array();
	rc = o.list ? pb_collector_settings(o.config, &o.settings, &err) : pb_network_settings(o.config, &o.settings, &err);
	const json_t *own = json_object_get(o.settings, "push");
	if (!rc && !o.list && !*pb_json_str(own, "url", ""))
		rc = pb_fail(&err, PB_EINPUT, "nothing is sent until %s names the place: [push] url = https://...", pb_json_str(o.settings, "file", ""));
	if (!rc) {
		o.format = o.format ? o.format : pb_json_str(own, "format", "webhook");
		o.index = o.index ? o.index : pb_json_str(own, "index", "probity");
		rc = pb_network_folder(own, "outbox", "outbox", &o.outbox, &err);
	}
	for (int i = optind; i < argc && !rc; i++)
		rc = put_file(&o, argv[i], &err);
	if (!rc && (o.retry || o.list))
		rc = put_waiting(&o, &err);
	if (!rc && !o.list)
		rc = send_all(&o, &answer, &err);
	if (!rc)
		print(&o, answer);
	if (!rc && json_array_size(json_object_get(answer, "failed")))
		status = PB_EXIT_CONDITIONAL;
	if (!rc && (fflush(stdout) || ferror(stdout)))
		rc = pb_fail(&err, PB_EIO, "standard output cannot be written");
	if (rc)
		pb_complain("%s", err.code ? err.text : "out of memory");
	json_decref(answer);
	json_decref(o.settings);
	json_decref(o.names);
	free(o.outbox);
	return rc ? PB_EXIT_ERROR : status;
}
