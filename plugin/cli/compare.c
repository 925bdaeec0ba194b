#include "cli/compare.h"

#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fs.h"
#include "base/log.h"
#include "base/text.h"
#include "cli/cli.h"
#include "cli/format_options.h"
#include "cli/named.h"
#include "cli/renderer.h"

enum { TIMEOUT_MS = 60000, UNFAIR = 1 };

static const char help_text[] =
    "Usage: probity compare [OPTIONS] A B [C...]\n"
    "Products side by side: numbers, pillars, claims, practices of data care, checks, what they\n"
    "hold. Each of A, B, C is a report (`probity scan -f json`, also signed), a folder of reports,\n"
    "or a number of `probity list`.\n"
    "Fair where all were judged by the same rules and the same policy; else it is refused.\n\n"
    "  -f, --format FORMAT  text (default), html, csv or json\n"
    "      --force          compare also what is not fair; every format says so\n"
    "  -v, --verbose        also what does not differ\n"
    "  -o, --output FILE    write there instead of to standard output\n" PB_FORMAT_HELP
    "      --store FILE     numbers are of this store, not the keeper's\n"
    "      --socket PATH    ask the keeper there\n"
    "  -h, --help           this text\n\n"
    "Exit status: 0 compared, 1 refused: it would not be fair, 2 error.\n";

typedef struct comparison {
	pb_format_options format;
	pb_stored_place place;
	const char *output;
	bool force;
} comparison;

enum { OPT_FORCE = 256 };
static const struct option long_options[] = {{"format", required_argument, NULL, 'f'},      {"force", no_argument, NULL, OPT_FORCE},
                                             {"verbose", no_argument, NULL, 'v'},           {"output", required_argument, NULL, 'o'},
                                             PB_STORED_LONG_OPTIONS, {"help", no_argument, NULL, 'h'},              PB_FORMAT_LONG_OPTIONS,
                                             {NULL, 0, NULL, 0}};

/* -1: go on; otherwise the exit status. */
static int read_options(comparison *o, int argc, char **argv)
{
	int c;
	opterr = 0;
	optind = 1;
	while ((c = getopt_long(argc, argv, ":f:vo:h", long_options, NULL)) != -1) {
		switch (c) {
		case 'f':
			o->format.format = optarg;
			break;
		case OPT_FORCE:
			o->force = true;
			break;
		case 'v':
			o->format.verbose = true;
			break;
		case 'o':
			o->output = optarg;
			break;
		case PB_STORED_OPTIONS:
			if (pb_stored_option(&o->place, "compare", c, optarg))
				return PB_EXIT_ERROR;
			break;
		case PB_FORMAT_OPTIONS:
			if (pb_format_option(&o->format, "compare", c, optarg))
				return PB_EXIT_ERROR;
			break;
		case 'h':
			fputs(help_text, stdout);
			return 0;
		case ':':
			return pb_usage_error("compare", "%s needs a value", argv[optind - 1]);
		default:
			return pb_usage_error("compare", "no option \"%s\"", argv[optind - 1]);
		}
	}
	if (optind == argc)
		return pb_usage_error("compare", "name what to compare: reports, folders of them, or numbers of `probity list`");
	return -1;
}

/* One sentence for each reason, with who has which. */
static int refuse(const json_t *why, const json_t *named, pb_error *err)
{
	pb_buf text = {0};
	const json_t *reason, *value;
	size_t i, k;
	int rc = 0;

	json_array_foreach (why, i, reason) {
		bool rules = strcmp(pb_json_str(reason, "what", ""), "rules") == 0;

		rc = rc ? rc : pb_buf_printf(&text, "%s%s", i ? "; " : "", rules ? "the rules differ:" : "the policies differ:");
		json_array_foreach (json_object_get(reason, "values"), k, value) {
			const char *digest = json_string_value(value);
			rc = rc ? rc
			        : pb_buf_printf(&text, "%s %s has %.12s", k ? "," : "", pb_json_str(json_array_get(named, k), "from", ""), digest && *digest ? digest : "none");
		}
	}
	if (!rc)
		rc = pb_fail(err, PB_EINPUT, "not comparable: %s; assess them anew with one Probity and one policy, or use --force", (const char *)text.data);
	pb_buf_free(&text);
	return rc;
}

static int render(const comparison *o, pb_renderer *renderer, const json_t *result, pb_buf *out, pb_error *err)
{
	char *text = pb_json_canonical(result);
	pb_bytes document = {(const uint8_t *)text, text ? strlen(text) : 0};
	json_t *settings = pb_format_settings(&o->format, o->output != NULL);
	pb_render_job job = {.folder = "compare", .name = o->format.format, .options = settings, .documents = &document, .n_documents = 1};
	int rc = !text || !settings ? PB_ENOMEM : renderer ? pb_render(renderer, &job, out, err) : pb_buf_printf(out, "%s\n", text);

	json_decref(settings);
	free(text);
	return rc;
}

static int put(const char *file, const pb_buf *text, pb_error *err)
{
	if (file)
		return pb_fs_write(file, text->data, text->size, err);
	return fwrite(text->data, 1, text->size, stdout) != text->size || fflush(stdout) ? pb_fail(err, PB_EIO, "standard output cannot be written") : 0;
}

static int compare(const comparison *o, pb_renderer *renderer, const json_t *named, pb_error *err, bool *unfair)
{
	size_t n = json_array_size(named);
	const json_t **of = calloc(n + 1, sizeof *of);
	json_t *why, *result = NULL;
	pb_buf text = {0};
	int rc = 0;

	if (!of)
		return pb_fail(err, PB_ENOMEM, "out of memory");
	for (size_t i = 0; i < n; i++)
		of[i] = json_object_get(json_array_get(named, i), "report");
	why = pb_compare_why(of, n);
	*unfair = json_array_size(why) > 0 && !o->force;
	rc = !why ? PB_ENOMEM : *unfair ? refuse(why, named, err) : 0;
	if (!rc)
		rc = (result = pb_compare_of(of, n, o->force)) ? render(o, renderer, result, &text, err) : PB_ENOMEM;
	rc = rc ? rc : put(o->output, &text, err);
	json_decref(why);
	json_decref(result);
	pb_buf_free(&text);
	free(of);
	return rc;
}

static int load(comparison *o, int n, char **given, json_t *named, pb_error *err)
{
	int rc = 0;

	for (int i = 0; i < n && !rc; i++)
		rc = pb_named_load(&o->place, given[i], named, err);
	if (!rc && json_array_size(named) < 2)
		rc = pb_fail(err, PB_EINPUT, "one report alone cannot be compared: name at least two");
	if (!rc && json_array_size(named) > PB_COMPARE_MOST)
		rc = pb_fail(err, PB_ELIMIT, "%zu reports: at most %d are compared at a time", json_array_size(named), PB_COMPARE_MOST);
	return rc;
}

int pb_cli_compare(int argc, char **argv)
{
	comparison o = {.format = {.format = "text"}, .place = {.timeout_ms = TIMEOUT_MS}};
	pb_error err = {0};
	pb_renderer *renderer = NULL;
	json_t *named = json_array();
	bool unfair = false;
	int rc = read_options(&o, argc, argv);

	if (rc >= 0) {
		json_decref(named);
		return rc;
	}
	pb_watch_signals();
	rc = named ? 0 : PB_ENOMEM;
	if (!rc && strcmp(o.format.format, "json") != 0) {
		rc = pb_renderer_open(o.format.templates, &renderer, &err);
		rc = rc ? rc : pb_renderer_knows(renderer, "compare", o.format.format, &err);
	}
	rc = rc ? rc : load(&o, argc - optind, argv + optind, named, &err);
	rc = rc ? rc : compare(&o, renderer, named, &err, &unfair);
	if (rc && !pb_interrupted)
		pb_complain("%s", err.code ? err.text : "out of memory");
	pb_renderer_close(renderer);
	pb_stored_place_free(&o.place);
	json_decref(named);
	return unfair ? UNFAIR : rc ? PB_EXIT_ERROR : 0;
}
