/* `probity site`: a store as a folder of pages for any web server. Nothing of ours listens. */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/date.h"
#include "base/fs.h"
#include "base/hash.h"
#include "base/log.h"
#include "base/text.h"
#include "base/version.h"
#include "cli/cli.h"
#include "cli/format_options.h"
#include "cli/site.h"
#include "keeper/config.h"
#include "store/store.h"

enum { BUSY_MS = 60000, SCRIPT_MOST = 16 << 20 };

static const char help_text[] =
    "Usage: probity site [OPTIONS] OUT\n"
    "Writes what was assessed as a static site, for any web server: an overview with search, what\n"
    "falls due, each product with its trend, each assessment, comparisons; JSON beside each page.\n"
    "Run again it writes what changed and removes what went. It touches no file of others.\n\n"
    "      --store FILE     the store (default: that of probity.conf)\n"
    "      --as-of DATE     the day to count from what falls due, YYYY-MM-DD (default: today, UTC)\n"
    "      --lang LANG      language of the pages' own words: en (default) or fr\n"
    "      --all-pages      the whole page of every assessment; by default only of each product's newest,\n"
    "                       short ones (decision, reasons, conditions, findings) of those before it\n"
    "      --templates DIR  formats there come before Probity's own of the same name\n"
    "  -j, --jobs N         processes that render (default: one for each processor)\n"
    "  -q, --quiet          no notes, no progress\n"
    "  -h, --help           this text\n\n"
    "Exit status: 0 written, 2 error: what was there before is still a whole site.\n";

enum { OPT_STORE = 256, OPT_AS_OF, OPT_ALL_PAGES };
static const struct option long_options[] = {{"store", required_argument, NULL, OPT_STORE},     {"as-of", required_argument, NULL, OPT_AS_OF},
                                             {"lang", required_argument, NULL, PB_OPT_LANG},    {"templates", required_argument, NULL, PB_OPT_TEMPLATES},
                                             {"jobs", required_argument, NULL, 'j'},            {"quiet", no_argument, NULL, 'q'},
                                             {"all-pages", no_argument, NULL, OPT_ALL_PAGES},
                                             {"help", no_argument, NULL, 'h'},                  {NULL, 0, NULL, 0}};

/* -1: go on; otherwise the exit status. */
static int read_options(pb_site *s, int argc, char **argv)
{
	pb_format_options format = {0};
	int64_t jobs;
	int c;
	opterr = 0;
	optind = 1;
	while ((c = getopt_long(argc, argv, ":j:qh", long_options, NULL)) != -1) {
		switch (c) {
		case OPT_STORE:
			s->store = optarg;
			break;
		case OPT_AS_OF:
			if (!pb_date_parse(optarg, &s->as_of))
				return pb_usage_error("site", "--as-of \"%s\": not a date like 2026-11-21", optarg);
			break;
		case OPT_ALL_PAGES:
			s->all_pages = true;
			break;
		case PB_OPT_LANG:
		case PB_OPT_TEMPLATES:
			if (pb_format_option(&format, "site", c, optarg))
				return PB_EXIT_ERROR;
			break;
		case 'j':
			if (!pb_text_int(optarg, 1, PB_SITE_JOBS, &jobs))
				return pb_usage_error("site", "--jobs \"%s\": not a number from 1 to %d", optarg, PB_SITE_JOBS);
			s->jobs = (int)jobs;
			break;
		case 'q':
			s->progress = false;
			pb_log_quiet(1);
			break;
		case 'h':
			fputs(help_text, stdout);
			return 0;
		case ':':
			return pb_usage_error("site", "%s needs a value", argv[optind - 1]);
		default:
			return pb_usage_error("site", "no option \"%s\"", argv[optind - 1]);
		}
	}
	s->lang = format.lang ? format.lang : "en";
	s->templates = format.templates;
	if (optind + 1 != argc)
		return pb_usage_error("site", "name one folder to write to");
	s->dir = argv[optind];
	return -1;
}

static int add_row(void *user, const pb_stored *a)
{
	json_t *rows = user, *row = pb_stored_json(a);

	return json_array_append_new(rows, row) ? PB_ENOMEM : 0;
}

/* Closed again before processes are forked: a handle of SQLite belongs to one. */
static int read_rows(const pb_site *s, json_t *rows, pb_error *err)
{
	pb_store_query q = {.any_uid = true};
	pb_store *store = NULL;
	int rc = pb_store_open(s->store, true, BUSY_MS, &store, err);

	rc = rc ? rc : pb_store_list(store, &q, add_row, rows, err);
	pb_store_close(store);
	return rc;
}

/* Of each product that which was assessed last has its whole page, all before it a short one. As site_pages.c tells products apart. */
static void mark_short(json_t *rows)
{
	json_t *seen = json_object(), *row;
	char product[65];
	size_t i;

	json_array_foreach (rows, i, row) { /* the newest first */
		const char *name = pb_json_str(row, "name", "");
		bool known;

		if (!pb_site_product(name, pb_json_str(row, "kind", ""), pb_json_str(row, "path", ""), product))
			break;
		known = json_object_get(seen, product) != NULL;
		if (known)
			json_object_set_new(row, "short", json_true());
		else if (strcmp(pb_json_str(row, "decision", ""), "NOT ASSESSED") != 0)
			json_object_set_new(seen, product, json_true());
	}
	json_decref(seen);
}

static int add_scripts(pb_sha256 *h, const char *dir, pb_error *err)
{
	char **names = NULL;
	size_t n = 0;
	int rc = pb_fs_names(dir, NULL, &names, &n, err);

	for (size_t i = 0; i < n && !rc; i++) {
		pb_buf text = {0};
		char *path = pb_fs_join(dir, names[i]);

		rc = path ? pb_fs_read(path, SCRIPT_MOST, &text, err) : PB_ENOMEM;
		pb_sha256_add(h, names[i], strlen(names[i]) + 1);
		if (text.size)
			pb_sha256_add(h, text.data, text.size);
		free(path);
		pb_buf_free(&text);
	}
	pb_fs_names_free(names, n);
	return rc;
}

/* Another version, other formats, another language: every page is written anew. */
static int maker_of(pb_site *s, const char *templates, pb_error *err)
{
	char *data = pb_fs_data_dir(), *own = data ? pb_fs_join(data, "scripts/reports") : NULL;
	pb_sha256 *h = own ? pb_sha256_new() : NULL;
	int rc = h ? 0 : pb_fail(err, PB_ENOMEM, "out of memory");

	if (h) {
		pb_sha256_add(h, PB_VERSION, sizeof PB_VERSION);
		pb_sha256_add(h, s->lang, strlen(s->lang) + 1);
		rc = add_scripts(h, own, err);
		rc = rc || !templates || !*templates ? rc : add_scripts(h, templates, err);
		pb_sha256_hex(h, s->maker);
	}
	free(own);
	free(data);
	return rc;
}

static void plan(json_t *paths, const char *path, const char *ending)
{
	char *whole = NULL;

	if (asprintf(&whole, "%s%s", path, ending) >= 0)
		json_array_append_new(paths, json_string(whole));
	free(whole);
}

static int plan_reports(pb_site *s, const json_t *rows, pb_error *err)
{
	json_t *paths = json_array(), *row;
	char path[40];
	size_t i;

	json_array_foreach (rows, i, row) {
		snprintf(path, sizeof path, "a/%" PRId64, pb_json_int(row, "id", 0));
		plan(paths, path, ".html");
		plan(paths, path, ".json");
	}
	int rc = pb_site_plan(s, paths, err);
	json_decref(paths);
	return rc;
}

static int plan_pages(pb_site *s, const pb_site_jobs *jobs, pb_error *err)
{
	json_t *paths = json_array();

	for (size_t i = 0; i < jobs->n; i++) {
		plan(paths, jobs->of[i].path, jobs->of[i].alone ? "" : ".html");
		if (!jobs->of[i].alone)
			plan(paths, jobs->of[i].path, ".json");
	}
	int rc = pb_site_plan(s, paths, err);
	json_decref(paths);
	return rc;
}

/* New assessments first, then what links to them, then what nothing links to any more goes. */
static int write_site(pb_site *s, pb_error *err)
{
	json_t *rows = json_array(), *facts = NULL;
	pb_site_jobs jobs = {0};
	size_t inner = 0; /* pages in folders come first, those that lead to them last */
	int rc = rows ? read_rows(s, rows, err) : PB_ENOMEM;

	if (!s->all_pages)
		mark_short(rows);
	rc = rc ? rc : pb_site_open(s, err);
	rc = rc ? rc : plan_reports(s, rows, err);
	rc = rc ? rc : pb_site_reports(s, rows, &facts, err);
	rc = rc ? rc : pb_site_pages(s, facts, &jobs, err);
	rc = rc ? rc : plan_pages(s, &jobs, err);
	for (; inner < jobs.n && *jobs.of[inner].up; inner++)
		;
	rc = rc ? rc : pb_site_write(s, jobs.of, inner, err);
	rc = rc ? rc : pb_site_write(s, jobs.of + inner, jobs.n - inner, err);
	rc = rc ? rc : pb_site_finish(s, facts, err);
	if (!rc)
		pb_note("%s: %zu assessments, %zu files; %" PRId64 " written, %" PRId64 " removed", s->dir, json_object_size(facts), json_object_size(s->files), s->written, s->removed);
	pb_site_jobs_free(&jobs);
	json_decref(rows);
	json_decref(facts);
	return rc;
}

int pb_cli_site(int argc, char **argv)
{
	long processors = sysconf(_SC_NPROCESSORS_ONLN);
	pb_site s = {.fd = -1, .as_of = pb_date_today(), .progress = isatty(STDERR_FILENO)};
	pb_config config;
	pb_error err = {0};
	int rc;

	s.jobs = processors < 1 ? 1 : processors > PB_SITE_JOBS ? PB_SITE_JOBS : (int)processors;
	rc = read_options(&s, argc, argv);
	if (rc >= 0)
		return rc;
	pb_watch_signals();
	rc = pb_config_load(NULL, &config, &err);
	if (rc) {
		pb_complain("%s", err.text);
		return PB_EXIT_ERROR;
	}
	s.store = s.store ? s.store : config.store;
	if (!s.store || !*s.store)
		rc = pb_fail(&err, PB_EINPUT, "no store: name one with --store, or [store] file in probity.conf");
	rc = rc ? rc : maker_of(&s, s.templates ? s.templates : config.templates, &err);
	rc = rc ? rc : write_site(&s, &err);
	if (rc && !pb_interrupted)
		pb_complain("%s", err.code ? err.text : "out of memory");
	pb_site_close(&s);
	pb_config_free(&config);
	return rc ? PB_EXIT_ERROR : 0;
}
