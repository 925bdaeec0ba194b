/* `probity repl`: a prompt on a product. This process has the terminal; Lua and the product's bytes are in a boxed one. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/date.h"
#include "base/fs.h"
#include "base/log.h"
#include "base/text.h"
#include "cli/cli.h"
#include "cli/repl_line.h"
#include "cli/repl_session.h"
#include "cli/rule_options.h"

static const char help_text[] =
	"Usage: probity repl [--rules DIR]... PRODUCT\n\n"
	"A prompt on a product, with the words that checks have and a few more: objects,\n"
	"object(3), facts, found, yara [[...]], check \"ID\", run(), help(). An expression prints\n"
	"its value. Tab completes; the history is in ~/.local/state/probity/repl_history. Ctrl-C\n"
	"interrupts what runs, Ctrl-D ends. Where standard input is no terminal, lines are read\n"
	"from it, without a prompt.\n\n"
	"      --database DIR      ClamAV's database (default: ClamAV's own)\n"
	PB_RULE_HELP
	"  -h, --help              this text\n\n"
	"Exit status: 0, or 2 for an error; from a pipe also 1, where a line failed.\n";

enum { OPT_DATABASE = 256, TEXT_MAX = 512 << 10 };
static const struct option long_options[] = {
	PB_RULE_LONG_OPTIONS, {"database", required_argument, NULL, OPT_DATABASE}, {"help", no_argument, NULL, 'h'}, {NULL, 0, NULL, 0}};

typedef struct repl {
	pb_session *session;
	bool terminal;
	pb_buf text;  /* the lines of a statement so far */
	bool failed;
} repl;

/* A folder for what one wants to find again: $XDG_STATE_HOME/probity or ~/.local/state/probity. Fresh; NULL: none. */
static char *history_file(void)
{
	const char *xdg = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
	char *state = xdg && *xdg == '/' ? strdup(xdg) : NULL;
	if (!state && home && *home == '/') {
		char *local = pb_fs_join(home, ".local");
		if (local)
			mkdir(local, 0700);
		state = local ? pb_fs_join(local, "state") : NULL;
		free(local);
	}
	char *dir = state ? pb_fs_join(state, "probity") : NULL, *file = NULL;
	if (dir) {
		mkdir(state, 0700);
		if (mkdir(dir, 0700) == 0 || errno == EEXIST)
			file = pb_fs_join(dir, "repl_history");
	}
	free(state);
	free(dir);
	return file;
}

static json_t *complete(void *user, const char *line)
{
	repl *r = user;
	pb_error err = {0};
	json_t *answer = pb_session_ask(r->session, "complete", line, &err), *words = json_incref(json_object_get(answer, "words"));
	json_decref(answer);
	return words;
}

/* The next line, yours; NULL at the end, or where a signal came. */
static char *next_line(const repl *r)
{
	char *line = NULL;
	size_t room = 0;
	if (r->terminal)
		return pb_line_read(r->text.size ? "      .. " : "probity> ");
	ssize_t n = getline(&line, &room, stdin);
	if (n < 0) {
		free(line);
		return NULL;
	}
	if (n > 0 && line[n - 1] == '\n')
		line[n - 1] = '\0';
	return line;
}

static bool is_blank(const char *s)
{
	return s[strspn(s, " \t\r")] == '\0';
}

/* The process that has the product's bytes is not to be trusted with the terminal. */
static void print(const char *out)
{
	for (size_t n; *out; out += n + (out[n] == '\n')) {
		n = strcspn(out, "\n");
		char *line = strndup(out, n), *safe = line ? pb_text_safe(line, 0) : NULL;
		puts(safe ? safe : "?");
		free(line);
		free(safe);
	}
}

/* Runs what is there so far. 0; a code with err where nothing can be run any more. */
static int evaluate(repl *r, bool last, pb_error *err)
{
	json_t *answer = pb_session_ask(r->session, "line", (const char *)r->text.data, err);
	const char *end = pb_json_str(answer, "end", "");
	if (!answer && err->code != PB_EINPUT)
		return err->code;
	if (!answer) {
		printf("error: %s\n", err->text);
		*err = (pb_error){0};
		end = "failed";
	}
	print(pb_json_str(answer, "out", ""));
	bool more = strcmp(end, "more") == 0;
	if (more && (last || r->text.size > TEXT_MAX)) {
		puts("error: input: the statement has no end");
		more = false;
		r->failed = true;
	}
	if (!more) {
		if (r->terminal)
			pb_line_keep((const char *)r->text.data);
		r->text.size = 0;
	}
	r->failed |= strcmp(end, "failed") == 0;
	json_decref(answer);
	fflush(stdout);
	return 0;
}

static int add_line(repl *r, const char *line)
{
	int rc = r->text.size ? pb_buf_puts(&r->text, "\n") : 0;
	return rc ? rc : pb_buf_puts(&r->text, line);
}

static int converse(repl *r, pb_error *err)
{
	int rc = 0;
	while (!rc) {
		char *line = next_line(r);
		if (!line && pb_interrupted == SIGINT && r->terminal) { /* what was typed is given up */
			pb_interrupted = 0;
			r->text.size = 0;
			putchar('\n');
			continue;
		}
		if (!line)
			break;
		if (r->text.size || !is_blank(line)) {
			rc = add_line(r, line);
			rc = rc ? pb_fail(err, rc, "out of memory") : evaluate(r, false, err);
		}
		free(line);
	}
	if (!rc && r->text.size)
		rc = evaluate(r, true, err);
	return rc;
}

static void greet(const json_t *about)
{
	printf("%d objects%s. help() tells what there is, Ctrl-D ends.\n", (int)pb_json_int(about, "objects", 0),
	       pb_json_int(about, "limits", 0) ? "; what could not be examined is left out" : "");
	if (pb_json_int(about, "left_out", 0))
		pb_warn("%d objects are not, or not wholly kept: together they are too large", (int)pb_json_int(about, "left_out", 0));
}

static int run(pb_assessor *a, const char *product, pb_error *err)
{
	repl r = {.terminal = isatty(STDIN_FILENO) && isatty(STDOUT_FILENO)};
	json_t *about = NULL;
	char *history = r.terminal ? history_file() : NULL;
	int rc = pb_session_open(a, product, &r.session, &about, err);
	if (!rc) {
		if (r.terminal) {
			pb_line_open(history, complete, &r);
			greet(about);
		}
		rc = converse(&r, err);
		if (r.terminal) {
			putchar('\n');
			pb_line_close();
		}
	}
	pb_session_close(r.session);
	pb_buf_free(&r.text);
	json_decref(about);
	free(history);
	if (rc)
		pb_complain("%s", err->text);
	return rc ? PB_EXIT_ERROR : r.failed && !r.terminal ? 1 : 0;
}

int pb_cli_repl(int argc, char **argv)
{
	pb_rule_options rules = {0};
	const char *database = NULL;
	pb_error err = {0};
	pb_assessor a;
	int c;
	opterr = 0;
	optind = 1;
	while ((c = getopt_long(argc, argv, ":h", long_options, NULL)) != -1) {
		switch (c) {
		case PB_OPT_RULES:
		case PB_OPT_PACK:
		case PB_OPT_UNSIGNED:
			if (pb_rule_option(&rules, "repl", c, optarg))
				return PB_EXIT_ERROR;
			break;
		case OPT_DATABASE:
			database = optarg;
			break;
		case 'h':
			fputs(help_text, stdout);
			return 0;
		default:
			return pb_usage_error("repl", c == ':' ? "%s needs a value" : "no option \"%s\"", argv[optind - 1]);
		}
	}
	if (optind + 1 != argc)
		return pb_usage_error("repl", "name one product");
	pb_watch_signals();
	pb_assessor_options options = {.database = database, .as_of = pb_date_today(), .jobs = 1,
	                               .without_cache = true, .interrupted = &pb_interrupted};
	pb_rule_options_into(&rules, &options);
	int rc = pb_assessor_open(&options, &a, &err);
	if (rc)
		pb_complain("%s", err.text);
	rc = rc ? PB_EXIT_ERROR : run(&a, argv[optind], &err);
	pb_assessor_close(&a);
	return rc;
}
