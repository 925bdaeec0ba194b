#include "cli/diff.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/date.h"
#include "base/fs.h"
#include "base/log.h"
#include "base/text.h"
#include "cli/assess.h"
#include "cli/cli.h"
#include "cli/format_options.h"
#include "cli/renderer.h"
#include "cli/rule_options.h"
#include "cli/stored.h"
#include "keeper/judge.h"

enum { TIMEOUT_MS = 60000, REPORT_MOST = 256 << 20 };

typedef struct diff {
	const char *policy_name, *database;
	pb_rule_options rules;
	pb_stored_place place;
	int64_t as_of;
	pb_format_options format;
	pb_renderer *renderer; /* NULL: the format is text or json, written here */
	pb_policy policy;
	pb_assessor assessor;
	bool opened;
} diff;

static const char help_text[] =
    "Usage: probity diff [OPTIONS] OLD NEW\n"
    "What a new version brings and takes away: hosts, capabilities, scripts, makers, files with\n"
    "rights, dependencies, what cannot be looked into, findings; and what that does to Trust.\n"
    "OLD and NEW are products, reports (`probity scan -f json`), or numbers of `probity list`.\n"
    "A NEW that is a product is also held against OLD by checks: V-16.\n\n"
    "  -f, --format FORMAT     text (default), json or html\n"
    "  -p, --policy NAME|FILE  as of `probity scan`, for products (default: business)\n"
    "      --as-of DATE        the day to judge products by, YYYY-MM-DD (default: today, UTC)\n"
    "      --database DIR      ClamAV's database (default: /var/lib/clamav)\n" PB_RULE_HELP PB_FORMAT_HELP
    "      --store FILE        numbers are of this store, not the keeper's\n"
    "      --socket PATH       ask the keeper there\n"
    "  -h, --help              this text\n\n"
    "Exit status: 0 Trust did not fall, 1 it fell, 2 error.\n";

enum { OPT_AS_OF = 256, OPT_DATABASE };
static const struct option long_options[] = {{"format", required_argument, NULL, 'f'},
                                             {"policy", required_argument, NULL, 'p'},
                                             {"as-of", required_argument, NULL, OPT_AS_OF},
                                             {"database", required_argument, NULL, OPT_DATABASE},
                                             PB_STORED_LONG_OPTIONS,
                                             PB_RULE_LONG_OPTIONS, PB_FORMAT_LONG_OPTIONS,
                                             {"help", no_argument, NULL, 'h'},
                                             {NULL, 0, NULL, 0}};

/* -1: go on; otherwise the exit status. */
static int read_options(diff *d, int argc, char **argv)
{
	int c;
	opterr = 0;
	optind = 1;
	while ((c = getopt_long(argc, argv, ":f:p:h", long_options, NULL)) != -1) {
		switch (c) {
		case 'f':
			d->format.format = optarg;
			break;
		case PB_FORMAT_OPTIONS:
			if (pb_format_option(&d->format, "diff", c, optarg))
				return PB_EXIT_ERROR;
			break;
		case 'p':
			d->policy_name = optarg;
			break;
		case OPT_AS_OF:
			if (!pb_date_parse(optarg, &d->as_of))
				return pb_usage_error("diff", "--as-of \"%s\": not a date like 2026-11-21", optarg);
			break;
		case OPT_DATABASE:
			d->database = optarg;
			break;
		case PB_STORED_OPTIONS:
			if (pb_stored_option(&d->place, "diff", c, optarg))
				return PB_EXIT_ERROR;
			break;
		case PB_OPT_RULES:
		case PB_OPT_PACK:
		case PB_OPT_UNSIGNED:
			if (pb_rule_option(&d->rules, "diff", c, optarg))
				return PB_EXIT_ERROR;
			break;
		case 'h':
			fputs(help_text, stdout);
			return 0;
		case ':':
			return pb_usage_error("diff", "%s needs a value", argv[optind - 1]);
		default:
			return pb_usage_error("diff", "no option \"%s\"", argv[optind - 1]);
		}
	}
	if (optind + 2 != argc)
		return pb_usage_error("diff", "name two: the old version, then the new one");
	return -1;
}

/* The file's report, where it is one: 1; 0: it is something else; a code with err. */
static int read_report(const char *path, json_t **out, pb_error *err)
{
	struct stat st;
	char first = 0;
	int fd = stat(path, &st) == 0 && S_ISREG(st.st_mode) ? open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)
	                                                     : -1,
	    rc = 0;
	pb_buf text = {.max = REPORT_MOST};

	if (fd < 0)
		return 0;
	if (read(fd, &first, 1) == 1 && first == '{' && st.st_size <= REPORT_MOST) {
		rc = pb_fs_read(path, REPORT_MOST, &text, err);
		*out = rc ? NULL : pb_json_parse((pb_bytes){text.data, text.size}, REPORT_MOST, path, NULL);
		if (strcmp(pb_json_str(*out, "schema", ""), "probity-report/1") != 0) {
			json_decref(*out);
			*out = NULL;
		}
	}
	close(fd);
	pb_buf_free(&text);
	return rc ? rc : *out != NULL;
}

/* The row, then the report. */
static int take(void *user, const json_t *row)
{
	json_t **report = user;

	if (strcmp(pb_json_str(row, "schema", ""), "probity-report/1") == 0 && !*report)
		*report = json_incref((json_t *)(uintptr_t)row);
	return 0;
}

static int ask(diff *d, const char *given, int64_t id, json_t **out, pb_error *err)
{
	json_t *request = json_pack("{s:s,s:I}", "do", "show", "id", (json_int_t)id);
	int rc = request ? pb_stored_place_ask(&d->place, request, take, out, err) : PB_ENOMEM;

	json_decref(request);
	return !rc && !*out ? pb_fail(err, PB_EINPUT, "assessment %s has no report", given) : rc;
}

static int assess(diff *d, const char *path, json_t *previous, json_t **out, pb_error *err)
{
	pb_assessor_options options = {.database = d->database, .as_of = d->as_of, .interrupted = &pb_interrupted};
	json_t *document = NULL, *regions = NULL;
	pb_judgement judgement = {0};
	int rc = pb_policy_regions(&d->policy, &regions);

	pb_rule_options_into(&d->rules, &options);
	if (!rc && !d->opened)
		rc = pb_assessor_open(&options, &d->assessor, err);
	d->opened |= !rc;
	d->assessor.previous = previous;
	d->assessor.regions = regions;
	rc = rc ? rc : pb_assess(&d->assessor, path, &document, err);
	if (!rc) {
		const pb_assessor *a = &d->assessor;
		const json_t *about = pb_template_about(a->keeper.rules);
		pb_judge by = {.policy = &d->policy,
		               .as_of = d->as_of,
		               .clamav = a->clamav,
		               .yara = a->yara,
		               .lua = a->lua,
		               .rules_digest = a->rules_digest,
		               .database = a->database,
		               .box = json_object_get(about, "box"),
		               .rule_sets = json_object_get(about, "rule_sets"),
		               .packs = json_object_get(about, "packs")};
		rc = pb_judge_product(&by, document, &judgement, err);
		*out = judgement.report;
	}
	json_decref(regions);
	d->assessor.regions = NULL;
	json_decref(document);
	return rc;
}

static int load(diff *d, const char *given, json_t *previous, json_t **out, pb_error *err)
{
	int64_t id;
	int rc = read_report(given, out, err);

	if (rc)
		return rc > 0 ? 0 : rc;
	if (access(given, F_OK) != 0 && pb_text_int(given, 1, INT64_MAX, &id))
		return ask(d, given, id, out, err);
	return assess(d, given, previous, out, err);
}

static int render(const diff *d, const char *text, pb_buf *out, pb_error *err)
{
	pb_bytes document = {(const uint8_t *)text, strlen(text)};
	json_t *settings = pb_format_settings(&d->format, false);
	pb_render_job job = {.folder = "diff", .name = d->format.format, .options = settings, .documents = &document, .n_documents = 1};
	int rc = settings ? pb_render(d->renderer, &job, out, err) : PB_ENOMEM;

	json_decref(settings);
	return rc;
}

static int print(const diff *d, const json_t *result, pb_error *err)
{
	pb_buf out = {0};
	bool text = strcmp(d->format.format, "text") == 0;
	char *line = text ? NULL : pb_json_canonical(result);
	int rc = text ? pb_diff_text(result, &out) : !line ? PB_ENOMEM : d->renderer ? render(d, line, &out, err) : pb_buf_printf(&out, "%s\n", line);

	if (!rc && (fwrite(out.data, 1, out.size, stdout) != out.size || fflush(stdout)))
		rc = pb_fail(err, PB_EIO, "standard output cannot be written");
	free(line);
	pb_buf_free(&out);
	return rc;
}

/* Before anything is assessed: a format that there is not is told at once. */
static int open_format(diff *d, pb_error *err)
{
	if (strcmp(d->format.format, "text") == 0 || strcmp(d->format.format, "json") == 0)
		return 0;
	int rc = pb_renderer_open(d->format.templates, &d->renderer, err);

	return rc ? rc : pb_renderer_knows(d->renderer, "diff", d->format.format, err);
}

int pb_cli_diff(int argc, char **argv)
{
	diff d = {.policy_name = "business", .format = {.format = "text"}, .as_of = pb_date_today(), .place = {.timeout_ms = TIMEOUT_MS}};
	pb_error err = {0};
	json_t *before = NULL, *after = NULL, *result = NULL;
	int rc = read_options(&d, argc, argv), status = PB_EXIT_ERROR;
	char *data;

	if (rc >= 0)
		return rc;
	pb_watch_signals();
	data = pb_fs_data_dir();
	rc = data ? pb_policy_load(d.policy_name, data, &d.policy, &err) : PB_ENOMEM;
	free(data);
	rc = rc ? rc : open_format(&d, &err);
	rc = rc ? rc : load(&d, argv[optind], NULL, &before, &err);
	rc = rc ? rc : load(&d, argv[optind + 1], json_object_get(before, "inventory"), &after, &err);
	if (!rc)
		rc = (result = pb_diff_of(before, after)) ? print(&d, result, &err) : PB_ENOMEM;
	if (!rc)
		status = json_is_true(json_object_get(result, "trust_fell")) ? 1 : 0;
	else if (!pb_interrupted)
		pb_complain("%s", err.code ? err.text : "out of memory");
	if (d.opened)
		pb_assessor_close(&d.assessor);
	json_decref(before);
	json_decref(after);
	json_decref(result);
	pb_renderer_close(d.renderer);
	pb_stored_place_free(&d.place);
	return status;
}
