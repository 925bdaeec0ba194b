/* `probity collect`: what is publicly said of a product, fetched now, so that it can be scored later without a network. */
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/date.h"
#include "base/fs.h"
#include "base/log.h"
#include "base/text.h"
#include "cli/assess.h"
#include "cli/cli.h"
#include "cli/network.h"
#include "collector/coordinates.h"
#include "collector/settings.h"
#include "collector/start.h"

enum { SOURCES_MOST = 64, SETS_MOST = 32, REPORT_MOST = 64 << 20 };

typedef struct collect {
	const char *product, *output, *config, *database, *sources[SOURCES_MOST], *sets[SETS_MOST];
	size_t n_sources, n_sets;
	bool dry, allow_private, json, list, quiet;
} collect;

static const char help_text[] =
	"Usage: probity collect --for PRODUCT|REPORT.json -o DIR [OPTIONS]\n"
	"Fetches what is publicly said of a product into the dossier DIR. A later `probity scan\n"
	"--evidence DIR` needs no network. Only what [collector] in probity.conf allows is asked; by\n"
	"default that is nothing. Hosts that are found in a product are never asked: only what its\n"
	"package metadata declares, and only hosts in the allow-list.\n\n"
	"      --for PRODUCT|FILE  a product, or a report of it in JSON\n"
	"  -o, --output DIR        the dossier: files as they came, and collected.json\n"
	"      --source NAME       only this source; may be repeated (default: `sources` in probity.conf)\n"
	"      --set KEY=VALUE     what metadata does not declare: name, version, kind, sha256, purl,\n"
	"                          homepage, domain, repository, revision\n"
	"      --dry-run           print each request that would be made first, make none\n"
	"      --allow-private     ask private and loopback addresses too\n"
	"      --config FILE       in place of /etc/probity/probity.conf\n"
	"      --database DIR      ClamAV's database, for the scan of a PRODUCT\n"
	"      --list              the sources that there are\n"
	"  -f, --format FORMAT     text (default) or json\n"
	"  -q, --quiet             no notes\n"
	"  -h, --help              this text\n\n"
	"Exit status: 0 done, 3 something could not be had (it is named), 2 error.\n";

enum { OPT_FOR = 256, OPT_SOURCE, OPT_SET, OPT_DRY, OPT_PRIVATE, OPT_CONFIG, OPT_DATABASE, OPT_LIST };

static const struct option long_options[] = {
	{"for", required_argument, NULL, OPT_FOR},       {"output", required_argument, NULL, 'o'},     {"source", required_argument, NULL, OPT_SOURCE},
	{"set", required_argument, NULL, OPT_SET},       {"dry-run", no_argument, NULL, OPT_DRY},      {"allow-private", no_argument, NULL, OPT_PRIVATE},
	{"config", required_argument, NULL, OPT_CONFIG}, {"database", required_argument, NULL, OPT_DATABASE}, {"list", no_argument, NULL, OPT_LIST},
	{"format", required_argument, NULL, 'f'},        {"quiet", no_argument, NULL, 'q'},            {"help", no_argument, NULL, 'h'},
	{NULL, 0, NULL, 0}};

static int read_options(collect *o, int argc, char **argv)
{
	int c;

	opterr = 0;
	optind = 1;
	while ((c = getopt_long(argc, argv, ":o:f:qh", long_options, NULL)) != -1) {
		switch (c) {
		case OPT_FOR:
			o->product = optarg;
			break;
		case 'o':
			o->output = optarg;
			break;
		case OPT_SOURCE:
			if (o->n_sources == SOURCES_MOST)
				return pb_usage_error("collect", "more than %d sources", SOURCES_MOST);
			o->sources[o->n_sources++] = optarg;
			break;
		case OPT_SET:
			if (o->n_sets == SETS_MOST || !strchr(optarg, '='))
				return pb_usage_error("collect", "--set \"%s\": not KEY=VALUE", optarg);
			o->sets[o->n_sets++] = optarg;
			break;
		case OPT_DRY:
			o->dry = true;
			break;
		case OPT_PRIVATE:
			o->allow_private = true;
			break;
		case OPT_CONFIG:
			o->config = optarg;
			break;
		case OPT_DATABASE:
			o->database = optarg;
			break;
		case OPT_LIST:
			o->list = true;
			break;
		case 'f':
			if (strcmp(optarg, "text") != 0 && strcmp(optarg, "json") != 0)
				return pb_usage_error("collect", "no format \"%s\"; there are text and json", optarg);
			o->json = strcmp(optarg, "json") == 0;
			break;
		case 'q':
			o->quiet = true;
			break;
		case 'h':
			fputs(help_text, stdout);
			return 0;
		case ':':
			return pb_usage_error("collect", "%s needs a value", argv[optind - 1]);
		default:
			return pb_usage_error("collect", "no option \"%s\"", argv[optind - 1]);
		}
	}
	if (optind < argc)
		return pb_usage_error("collect", "\"%s\": a product is named by --for", argv[optind]);
	if (!o->list && !o->product)
		return pb_usage_error("collect", "--for is missing: a product, or a report of it");
	if (!o->list && !o->dry && !o->output)
		return pb_usage_error("collect", "-o is missing: the folder to fill");
	return -1;
}

/* A report of ours is a file with its schema's name; everything else is a product. NULL: it is none. */
static json_t *report_at(const char *path)
{
	static const char mark[] = "\"schema\":\"probity-report/1\"";
	pb_buf text = {0};
	json_t *report = NULL;
	size_t n = strlen(path);

	if (n < 5 || strcmp(path + n - 5, ".json") != 0 || pb_fs_read(path, REPORT_MOST, &text, NULL))
		return NULL;
	if (memmem(text.data, text.size, mark, sizeof mark - 1)) {
		while (text.size > 0 && text.data[text.size - 1] == '\n')
			text.size--;
		report = pb_json_parse((pb_bytes){text.data, text.size}, REPORT_MOST, path, NULL);
	}
	pb_buf_free(&text);
	return report;
}

/* The processes that look at the product have no network, and end before the one that has begins. */
static int scan(const collect *o, json_t **result, pb_error *err)
{
	pb_assessor assessor;
	pb_assessor_options options = {.database = o->database, .as_of = pb_date_today(), .interrupted = &pb_interrupted};
	int rc = pb_assessor_open(&options, &assessor, err);

	if (rc)
		return rc;
	rc = pb_assess(&assessor, o->product, result, err);
	pb_assessor_close(&assessor);
	return rc;
}

static int coordinates_of(const collect *o, json_t **out, pb_error *err)
{
	json_t *result = o->product ? report_at(o->product) : NULL;
	int rc = result ? 0 : scan(o, &result, err);

	*out = rc ? NULL : pb_coordinates_of(result);
	json_decref(result);
	if (!rc && !*out)
		rc = pb_fail(err, PB_ENOMEM, "out of memory");
	for (size_t i = 0; i < o->n_sets && !rc; i++) {
		char *key = strdup(o->sets[i]), *is = key ? strchr(key, '=') : NULL;

		if (is)
			*is = '\0';
		if (!is || pb_coordinates_set(*out, key, is + 1))
			rc = pb_fail(err, PB_EINPUT, "--set \"%s\": no such coordinate, or too long a value (`probity collect --help`)", o->sets[i]);
		free(key);
	}
	return rc;
}

static int prepare(collect *o, json_t **job, pb_error *err)
{
	json_t *settings = NULL, *product = NULL, *sources = NULL;
	char *cache = NULL, *output = NULL;
	int rc = pb_network_settings(o->config, &settings, err);

	if (rc)
		return rc;
	if (o->allow_private)
		json_object_set_new(settings, "allow_private", json_true());
	sources = o->n_sources ? json_array() : json_copy(json_object_get(settings, "sources"));
	for (size_t i = 0; i < o->n_sources; i++)
		json_array_append_new(sources, json_string(o->sources[i]));
	if (json_array_size(sources) == 0)
		rc = pb_fail(err, PB_EINPUT, "no source is named: --source NAME, or sources = ... in probity.conf (`probity collect --list` names them)");
	rc = rc ? rc : coordinates_of(o, &product, err);
	if (!rc && !o->dry && o->output) {
		rc = pb_network_folder(settings, "cache", "collector", &cache, err);
		if (!rc && mkdir(o->output, 0755) != 0 && errno != EEXIST)
			rc = pb_fail(err, PB_EIO, "%s: %s", o->output, strerror(errno));
		if (!rc && !(output = realpath(o->output, NULL)))
			rc = pb_fail(err, PB_EIO, "%s: %s", o->output, strerror(errno));
	}
	*job = rc ? NULL : pb_network_job("collect", json_incref(settings));
	if (!rc && (!*job || json_object_set(*job, "product", product) || json_object_set(*job, "sources", sources) ||
	            json_object_set_new(*job, "output", json_string(output ? output : "")) ||
	            json_object_set_new(*job, "cache", json_string(cache ? cache : "")) || json_object_set_new(*job, "dry_run", json_boolean(o->dry))))
		rc = pb_fail(err, PB_ENOMEM, "out of memory");
	json_decref(settings);
	json_decref(sources);
	json_decref(product);
	free(cache);
	free(output);
	return rc;
}

static void print_text(const collect *o, const json_t *answer)
{
	const json_t *row;
	size_t i;

	json_array_foreach (json_object_get(answer, "requests"), i, row) {
		int64_t status = pb_json_int(row, "status", 0);
		const char *why = pb_json_str(row, "why", "");
		char said[32] = "would ask";

		if (status)
			(void)snprintf(said, sizeof said, "%lld%s", (long long)status, json_is_true(json_object_get(row, "cached")) ? " (known)" : "");
		printf("%-19s %-10s %-4s %s\n", pb_json_str(row, "source", ""), *why ? "refused" : said, pb_json_str(row, "method", ""),
		       pb_json_str(row, "url", ""));
		if (*why)
			printf("%-19s            %s\n", "", why);
	}
	json_array_foreach (json_object_get(answer, "follows"), i, row)
		printf("%-19s then       %s\n", pb_json_str(row, "source", ""), pb_json_str(row, "what", ""));
	json_array_foreach (json_object_get(answer, "problems"), i, row)
		printf("%-19s problem    %s\n", pb_json_str(row, "source", ""), pb_json_str(row, "why", ""));
	json_array_foreach (json_object_get(answer, "sources"), i, row) {
		char *hosts = pb_json_joined(json_object_get(row, "hosts"), ", "), *needs = pb_json_joined(json_object_get(row, "needs"), ", ");

		printf("%-19s %s\n%-19s needs %s; hosts: %s\n", pb_json_str(row, "name", ""), pb_json_str(row, "title", ""), "",
		       needs && *needs ? needs : "nothing", hosts && *hosts ? hosts : "those of probity.conf");
		free(hosts);
		free(needs);
	}
	if (!o->dry && !o->list)
		printf("%lld files in %s\n", (long long)pb_json_int(answer, "files", 0), o->output);
}

int pb_cli_collect(int argc, char **argv)
{
	collect o = {0};
	json_t *job = NULL, *answer = NULL, *settings = NULL;
	pb_error err = {0};
	int rc = read_options(&o, argc, argv), status;

	if (rc >= 0)
		return rc;
	pb_log_quiet(o.quiet);
	pb_watch_signals();
	if (o.list) { /* asks nobody, so that it needs no leave */
		rc = pb_collector_settings(o.config, &settings, &err);
		job = rc ? NULL : pb_network_job("list", settings);
	} else {
		rc = prepare(&o, &job, &err);
	}
	rc = rc ? rc : pb_collector_start(job, &pb_interrupted, &answer, &err);
	status = rc ? PB_EXIT_ERROR : json_array_size(json_object_get(answer, "problems")) ? PB_EXIT_CONDITIONAL : PB_EXIT_ACCEPT;
	if (!rc && o.json) {
		char *text = pb_json_canonical(answer);
		puts(text ? text : "");
		free(text);
	} else if (!rc) {
		print_text(&o, answer);
	}
	if (!rc && (fflush(stdout) || ferror(stdout)))
		rc = pb_fail(&err, PB_EIO, "standard output cannot be written");
	if (rc)
		pb_complain("%s", err.code ? err.text : "out of memory");
	json_decref(job);
	json_decref(answer);
	return rc ? PB_EXIT_ERROR : status;
}
