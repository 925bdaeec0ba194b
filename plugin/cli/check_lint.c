#include <ctype.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/fs.h"
#include "base/log.h"
#include "checks/samples.h"
#include "cli/check.h"
#include "cli/cli.h"
#include "cli/lines.h"

static const char help_text[] =
	"Usage: probity check lint [-f text|json] [--fix [-y]] [PATH...]\n\n"
	"What is wrong with checks, where, and how to mend it: FILE:LINE: what; why; the\n"
	"nearest right spelling. Tells all mistakes that keep a check from loading, what loads\n"
	"and is still not good, and where a function fails on the check's samples. PATH is a check's file or a folder of them; without\n"
	"one, the checks that come with Probity. luacheck knows the rest of Lua: `probity\n"
	"check types --luacheckrc` writes its settings.\n\n"
	"  -f, --format FORMAT  text (default) or json: one object a line\n"
	"      --fix            mend the spelling of what has one near neighbour; shows the\n"
	"                       changes and asks\n"
	"  -y, --yes            with --fix: does not ask\n"
	"  -h, --help           this text\n\n"
	"Exit status: 0 nothing to say, 1 something was found, 2 error.\n";

enum { OPT_FIX = 256 };
static const struct option long_options[] = {{"format", required_argument, NULL, 'f'},
                                             {"fix", no_argument, NULL, OPT_FIX},
                                             {"yes", no_argument, NULL, 'y'},
                                             {"help", no_argument, NULL, 'h'},
                                             {NULL, 0, NULL, 0}};

typedef struct linting {
	bool json, fix, yes;
	const char *dirs[PB_CHECK_PATHS], *files[PB_CHECK_PATHS];
	size_t n_dirs, n_files;
	pb_remark *remarks;
	size_t n;
} linting;

/* "FILE:LINE: what"; a file's name may hold colons. */
static int add(linting *l, const char *message, bool error)
{
	pb_remark *more = realloc(l->remarks, (l->n + 1) * sizeof *more);
	const char *p = message, *end;
	if (!more)
		return -1;
	l->remarks = more;
	more += l->n;
	*more = (pb_remark){.line = 1, .error = error};
	for (; (p = strchr(p, ':')) != NULL; p++) {
		end = p + 1 + strspn(p + 1, "0123456789");
		if (end > p + 1 && end[0] == ':' && end[1] == ' ')
			break;
	}
	more->file = p ? strndup(message, (size_t)(p - message)) : strdup("");
	more->what = strdup(p ? end + 2 : message);
	if (p)
		more->line = strtol(p + 1, NULL, 10);
	if (!more->file || !more->what) {
		free(more->file);
		free(more->what);
		return -1;
	}
	l->n++;
	return 0;
}

static int add_all(linting *l, const json_t *messages, bool error)
{
	const json_t *message;
	size_t i;
	json_array_foreach(messages, i, message) if (add(l, json_string_value(message), error)) return -1;
	return 0;
}

static int compare(const void *a, const void *b)
{
	const pb_remark *x = a, *y = b;
	int order = strcmp(x->file, y->file);
	order = order ? order : (x->line > y->line) - (x->line < y->line);
	return order ? order : strcmp(x->what, y->what);
}

static int print(const linting *l)
{
	for (size_t i = 0; i < l->n; i++) {
		const pb_remark *r = &l->remarks[i];
		if (!l->json) {
			if (*r->file)
				printf("%s:%ld: %s\n", r->file, r->line, r->what);
			else
				puts(r->what);
			continue;
		}
		if (pb_print_json(json_pack("{s:s,s:I,s:s,s:b}", "file", r->file, "line", (json_int_t)r->line, "what", r->what, "error", r->error)))
			return PB_EXIT_ERROR;
	}
	return fflush(stdout) ? PB_EXIT_ERROR : 0;
}

static int conclude(linting *l)
{
	size_t left = 0;
	if (l->n > 0)
		qsort(l->remarks, l->n, sizeof *l->remarks, compare);
	int rc = print(l);
	if (!rc && l->fix)
		rc = pb_check_mend(l->remarks, l->n, l->yes);
	for (size_t i = 0; i < l->n; i++)
		left += !l->remarks[i].mended;
	return rc ? rc : left > 0;
}

typedef struct running {
	linting *l;
	pb_assessor *a;
	bool no_memory;
} running;

static int assess_sample(void *user, const char *id, const char *path, json_t **product_result, pb_error *err)
{
	return pb_assess_sample(((running *)user)->a, id, path, product_result, err);
}

/* "1 of 1 not examined: script error: FILE:LINE: what" or "limit instructions". Each mistake once, on whichever sample. */
static void on_broken(void *user, const json_t *check, const char *sample, const char *why)
{
	running *r = user;
	const char *error = strstr(why, "script error: "), *limit = strstr(why, "limit ");
	char message[1200];
	if (error)
		snprintf(message, sizeof message, "%s", error + 14);
	else
		snprintf(message, sizeof message, "%s:1: ran into the limit \"%s\"; `probity check test` says what it is about",
		         pb_json_str(check, "file", ""), limit ? limit + 6 : why);
	(void)sample;
	if (add(r->l, message, false))
		r->no_memory = true;
	for (size_t i = 0; i + 1 < r->l->n; i++) {
		pb_remark *last = &r->l->remarks[r->l->n - 1], *one = &r->l->remarks[i];
		if (last->line != one->line || strcmp(last->file, one->file) != 0 || strcmp(last->what, one->what) != 0)
			continue;
		free(last->file);
		free(last->what);
		r->l->n--;
		return;
	}
}

/* What no text shows, a run does: the samples of what loads. */
static int run_samples(linting *l, pb_assessor *a, const json_t *checks)
{
	running r = {l, a, false};
	pb_samples_options options = {.dir = "", .foreign = true, .assess = assess_sample, .broke = on_broken, .user = &r};
	pb_samples_count count;
	pb_error err = {0};
	int rc = pb_samples_run(checks, &options, &count, &err);
	if (!rc && r.no_memory)
		rc = pb_fail(&err, PB_ENOMEM, "out of memory");
	if (rc && !pb_interrupted)
		pb_complain("%s", err.text);
	return rc ? PB_EXIT_ERROR : 0;
}

static int lint(linting *l)
{
	pb_assessor a;
	json_t *catalogue = NULL;
	pb_assessor_options options = {.extra_dirs = l->dirs, .n_extra = l->n_dirs, .files = l->files, .n_files = l->n_files,
	                               .without_own = true, .lint = true, .silent = true};
	int rc = pb_check_open(options, &a, &catalogue);
	if (!rc) {
		const json_t *about = pb_template_about(a.keeper.rules);
		if (add_all(l, json_object_get(about, "refused"), true) || add_all(l, json_object_get(about, "noticed"), false)) {
			pb_complain("out of memory");
			rc = PB_EXIT_ERROR;
		}
	}
	rc = rc ? rc : run_samples(l, &a, json_object_get(catalogue, "checks"));
	json_decref(catalogue);
	pb_assessor_close(&a);
	return rc ? rc : conclude(l);
}

static int add_path(linting *l, const char *path)
{
	struct stat st;
	if (l->n_dirs + l->n_files == PB_CHECK_PATHS)
		return pb_usage_error("check lint", "more than %d files and folders", PB_CHECK_PATHS);
	if (stat(path, &st) < 0) {
		char *near = pb_check_near_file("", path);
		int rc = pb_usage_error("check lint", "%s: there is no such file or folder%s%s%s", path, near ? "; did you mean " : "",
		                        near ? near : "", near ? "?" : "");
		free(near);
		return rc;
	}
	if (S_ISDIR(st.st_mode))
		l->dirs[l->n_dirs++] = path;
	else
		l->files[l->n_files++] = path;
	return 0;
}

static int read_options(linting *l, int argc, char **argv)
{
	int c;
	opterr = 0;
	optind = 1;
	while ((c = getopt_long(argc, argv, ":f:yh", long_options, NULL)) != -1) {
		switch (c) {
		case 'f':
			l->json = strcmp(optarg, "json") == 0;
			if (!l->json && strcmp(optarg, "text") != 0)
				return pb_usage_error("check lint", "no format \"%s\"; there are text and json", optarg);
			break;
		case OPT_FIX:
			l->fix = true;
			break;
		case 'y':
			l->yes = true;
			break;
		case 'h':
			fputs(help_text, stdout);
			return 0;
		default:
			return pb_check_bad_option("lint", c, argv);
		}
	}
	if (l->yes && !l->fix)
		return pb_usage_error("check lint", "--yes goes with --fix");
	if (l->json && l->fix)
		return pb_usage_error("check lint", "--fix shows its changes as text: leave --format json out");
	for (int i = optind; i < argc; i++)
		if (add_path(l, argv[i]))
			return PB_EXIT_ERROR;
	return -1;
}

int pb_check_lint(int argc, char **argv)
{
	linting l = {.n = 0};
	char *data = NULL, *scripts = NULL;
	int rc = read_options(&l, argc, argv);
	if (rc >= 0)
		return rc;
	if (l.n_dirs + l.n_files == 0) {
		data = pb_fs_data_dir();
		scripts = data ? pb_fs_join(data, "scripts") : NULL;
		l.dirs[l.n_dirs++] = scripts;
	}
	rc = l.dirs[0] || l.n_files ? lint(&l) : PB_EXIT_ERROR;
	for (size_t i = 0; i < l.n; i++) {
		free(l.remarks[i].file);
		free(l.remarks[i].what);
	}
	free(l.remarks);
	free(scripts);
	free(data);
	return rc;
}
