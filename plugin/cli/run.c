/* probity run: one command with the hook loaded, and a keeper of its own. */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/date.h"
#include "base/fs.h"
#include "base/log.h"
#include "base/text.h"
#include "cli/admin.h"
#include "cli/assess.h"
#include "cli/cli.h"
#include "cli/deliver.h"
#include "cli/serve.h"
#include "object/walk.h"

enum { MAX_FILES = 2000000, OPT_ALERT = 256, OPT_GROUP, OPT_AS_OF };

typedef struct run {
	const char *policy, *format, *output, *group, *alert;
	int64_t as_of;
	bool verbose, quiet;
	pb_serving serving;
	pb_config config;
	json_t *groups, *listings;
	pb_buf out;      /* reports, one a line: written at the end */
	int failed;
} run;

static const char help_text[] =
	"Usage: probity run [OPTIONS] [--] COMMAND [ARGUMENT]...\n"
	"Runs a ClamAV host, such as clamscan, with Probity loaded, and assesses what it scans.\n"
	"Its output and its exit status stay its own; scores follow on standard error.\n\n"
	"      --group WHAT        what one product is: path (default): each file or folder named on\n"
	"                          the command line; file: each file scanned; run: all together\n"
	"      --alert WHAT        raise Probity.Reject.TrustNN for products of decision reject, or\n"
	"                          of conditional as well (with --group file)\n"
	"  -p, --policy NAME|FILE  government, business (default), consumer, or an INI file\n"
	"  -f, --format FORMAT     text (default) or json: one canonical report a line\n"
	"  -o, --output FILE       write the reports to FILE instead of standard error\n"
	"      --as-of DATE        the day to judge by, YYYY-MM-DD (default: today, UTC)\n"
	"  -v, --verbose           every finding, every check, the arithmetic\n"
	"  -q, --quiet             no notes\n"
	"  -h, --help              this text\n\n"
	"Exit status: that of the command; 2 where it could not be started (128 + N: ended by signal N).\n";

static const struct option long_options[] = {
	{"group", required_argument, NULL, OPT_GROUP}, {"alert", required_argument, NULL, OPT_ALERT}, {"policy", required_argument, NULL, 'p'},
	{"format", required_argument, NULL, 'f'},      {"output", required_argument, NULL, 'o'},      {"as-of", required_argument, NULL, OPT_AS_OF},
	{"verbose", no_argument, NULL, 'v'},           {"quiet", no_argument, NULL, 'q'},             {"help", no_argument, NULL, 'h'},
	{NULL, 0, NULL, 0}};

static bool one_of(const char *word, const char *const *words)
{
	while (*words && strcmp(*words, word) != 0)
		words++;
	return *words != NULL;
}

static int read_options(run *r, int argc, char **argv)
{
	static const char *const formats[] = {"text", "json", NULL}, *const groups[] = {"file", "path", "run", NULL},
	                         *const alerts[] = {"reject", "conditional", NULL};
	int c;
	opterr = 0;
	optind = 1;
	while ((c = getopt_long(argc, argv, "+:p:f:o:vqh", long_options, NULL)) != -1) {
		switch (c) {
		case OPT_GROUP:
			if (!one_of(optarg, groups))
				return pb_usage_error("run", "--group \"%s\"; there are file, path and run", optarg);
			r->group = optarg;
			break;
		case OPT_ALERT:
			if (!one_of(optarg, alerts))
				return pb_usage_error("run", "--alert \"%s\"; there are reject and conditional", optarg);
			r->alert = optarg;
			break;
		case 'p':
			r->policy = optarg;
			break;
		case 'f':
			if (!one_of(optarg, formats))
				return pb_usage_error("run", "no format \"%s\"; there are text and json", optarg);
			r->format = optarg;
			break;
		case 'o':
			r->output = optarg;
			break;
		case OPT_AS_OF:
			if (!pb_date_parse(optarg, &r->as_of))
				return pb_usage_error("run", "--as-of \"%s\": not a date like 2026-11-21", optarg);
			break;
		case 'v':
			r->verbose = true;
			break;
		case 'q':
			r->quiet = true;
			break;
		case 'h':
			fputs(help_text, stdout);
			return 0;
		case ':':
			return pb_usage_error("run", "%s needs a value", argv[optind - 1]);
		default:
			return pb_usage_error("run", "no option \"%s\"", argv[optind - 1]);
		}
	}
	if (optind == argc)
		return pb_usage_error("run", "no command named");
	/* One product of many scans has its score when the command has ended: too late to raise anything. */
	if (r->alert && !r->group)
		r->group = "file";
	if (r->alert && strcmp(r->group, "file") != 0)
		return pb_usage_error("run", "--alert works with --group file only");
	if (!r->group)
		r->group = "path";
	return -1;
}

static int64_t now(void)
{
	return (int64_t)time(NULL);
}

static int specs(void *user, const pb_config *config, pb_template_spec *rules, pb_template_spec *clamav, pb_error *err)
{
	return pb_serving_specs(&((run *)user)->serving, config, rules, clamav, err);
}

static void on_log(void *user, int level, const char *line)
{
	(void)user;
	if (level <= 3 /* LOG_ERR */)
		pb_warn("%s", line);
}

static void on_assessed(void *user, const pb_assessed *what)
{
	run *r = user;
	int rc;
	if (!what->report) {
		pb_warn("%s: not assessed: %s", what->as->path, what->as->reason);
		return;
	}
	rc = pb_buf_puts(&r->out, what->as->report);
	rc = rc ? rc : pb_buf_puts(&r->out, "\n");
	r->failed = r->failed ? r->failed : rc;
}

static void on_walk_limit(void *user, const pb_path *path, const char *why)
{
	(void)user;
	pb_warn("%s: %s", path->part[path->n - 1], why);
}

/* One thing named on the command line: a product. */
static int add_prefix(run *r, const char *argument, const char *real, bool folder)
{
	const char *slash = strrchr(real, '/');
	char *path = pb_text_display((const uint8_t *)real, strlen(real), 0);
	char *name = pb_text_display((const uint8_t *)(slash[1] ? slash + 1 : slash), strlen(slash[1] ? slash + 1 : slash), 255);
	pb_walk walk = {0};
	pb_error err = {0};
	json_t *listing = json_null();
	int rc = path && name ? 0 : PB_ENOMEM;
	if (!rc && folder) {
		if (pb_walk_folder(argument, MAX_FILES, on_walk_limit, r, &walk, &err))
			pb_warn("%s: not listed: %s", argument, err.text);
		else
			listing = json_incref(walk.members);
		pb_walk_free(&walk);
	}
	if (!rc && (json_array_append_new(json_object_get(r->groups, "prefixes"),
	                                  json_pack("{s:s,s:s,s:b}", "path", path, "name", name, "folder", folder)) ||
	            json_array_append(r->listings, listing)))
		rc = PB_ENOMEM;
	json_decref(listing);
	free(path);
	free(name);
	return rc;
}

static int find_products(run *r, char **arguments)
{
	char real[PATH_MAX];
	struct stat st;
	int rc = 0;
	r->groups = json_pack("{s:s,s:[]}", "group", r->group, "prefixes");
	r->listings = json_array();
	if (!r->groups || !r->listings)
		return PB_ENOMEM;
	for (; *arguments && !rc && strcmp(r->group, "file") != 0; arguments++)
		if (**arguments != '-' && realpath(*arguments, real) && stat(real, &st) == 0 && (S_ISDIR(st.st_mode) || S_ISREG(st.st_mode)))
			rc = add_prefix(r, *arguments, real, S_ISDIR(st.st_mode));
	return rc;
}

/* What the command inherits is what we did: nohup's ignored SIGHUP stays ignored. */
static const int handled[] = {SIGINT, SIGTERM, SIGHUP, SIGPIPE};
static struct sigaction inherited[sizeof handled / sizeof *handled];

static void keep_signals(void)
{
	for (size_t i = 0; i < sizeof handled / sizeof *handled; i++)
		sigaction(handled[i], NULL, &inherited[i]);
}

/* Becomes the command. Says on told, which is closed with success, why it did not. */
static void become(char **command, const char *preload, const char *socket, int told)
{
	for (size_t i = 0; i < sizeof handled / sizeof *handled; i++)
		sigaction(handled[i], &inherited[i], NULL);
	setenv("LD_PRELOAD", preload, 1);
	setenv("PROBITY_SOCKET", socket, 1);
	execvp(*command, command);
	int why = errno;
	ssize_t n = write(told, &why, sizeof why);
	_exit(n < 0 ? errno : PB_EXIT_ERROR); /* nobody reads this status */
}

/* The command, with the library in front of whatever it preloads already. */
static pid_t start(char **command, const char *library, const char *socket, pb_error *err)
{
	const char *before = getenv("LD_PRELOAD");
	char *preload = NULL;
	int told[2], why = 0;
	if (asprintf(&preload, "%s%s%s", library, before && *before ? ":" : "", before ? before : "") < 0)
		return pb_fail(err, PB_ENOMEM, "out of memory"), -1;
	if (pipe2(told, O_CLOEXEC) < 0) {
		free(preload);
		return pb_fail(err, PB_EIO, "no pipe: %s", strerror(errno)), -1;
	}
	fflush(NULL);
	pid_t pid = fork();
	if (pid == 0)
		become(command, preload, socket, told[1]);
	if (pid < 0)
		why = errno;
	close(told[1]);
	while (pid > 0 && read(told[0], &why, sizeof why) < 0 && errno == EINTR)
		;
	close(told[0]);
	free(preload);
	if (why == 0)
		return pid;
	pb_fail(err, PB_EINPUT, "%s: %s", *command, strerror(why));
	while (pid > 0 && waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
	return -1;
}

/* Serves until the command has ended and everything that it scanned is assessed. */
static int serve(run *r, pb_service *s, pid_t pid, int *status, pb_error *err)
{
	bool running = true;
	int rc = 0;
	while (!rc && (running || !pb_service_idle(s))) {
		rc = pb_service_turn(s, err);
		if (running && waitpid(pid, status, WNOHANG) == pid) {
			running = false;
			rc = rc ? rc : pb_service_finish(s, err);
		}
		if (pb_interrupted && !running)
			rc = pb_fail(err, PB_EIO, "interrupted: what was not assessed yet is left out");
	}
	/* Whatever becomes of us, the command is not ours to end. */
	while (running && waitpid(pid, status, 0) < 0 && errno == EINTR)
		;
	(void)r;
	return rc;
}

static void tell(const run *r, const pb_service *s)
{
	pb_service_counts n;
	pb_service_count(s, &n);
	if (n.scans == 0)
		pb_warn("no scan was seen: the command is no ClamAV host that a library can be loaded into");
	else if (n.skipped)
		pb_note("%llu of %llu scans were of no product (texts, pictures, ...)", (unsigned long long)n.skipped, (unsigned long long)n.scans);
	(void)r;
}

static int write_out(run *r, pb_error *err)
{
	pb_delivery to = {.how = {.format = r->format, .verbose = r->verbose, .to_stderr = true}, .output = r->output};
	pb_buf text = {0};
	int rc = r->out.size ? pb_deliver_lines(&to, (pb_bytes){r->out.data, r->out.size}, &text, err) : 0;
	if (!rc && r->output)
		rc = pb_fs_write(r->output, text.data, text.size, err);
	else if (!rc && text.size && fwrite(text.data, 1, text.size, stderr) != text.size)
		rc = PB_EIO;
	pb_buf_free(&text);
	return rc;
}

static int run_command(run *r, char **command, pb_error *err)
{
	pb_service *s = NULL;
	char *library = pb_hook_library(), *socket = NULL;
	int status = PB_EXIT_ERROR << 8, listener = -1, rc = 0;
	if (!library)
		rc = pb_fail(err, PB_EIO, "probity.so was not found beside this program");
	rc = rc ? rc : pb_serving_open(&r->serving, err);
	r->serving.patterns = pb_cache_dir();
	socket = rc ? NULL : pb_fs_join(r->serving.temp, "socket");
	if (!rc && (!socket || find_products(r, command + 1)))
		rc = pb_fail(err, PB_ENOMEM, "out of memory");
	if (!rc && (listener = pb_listen(socket, 0600, err)) < 0)
		rc = err->code;
	pb_service_options options = {.config = &r->config, .specs = specs, .scratch = r->serving.temp, .data_dir = r->serving.data, .policy = r->policy, .listener = listener,
	                              .groups = r->groups, .listings = r->listings, .private_use = true, .now = now, .as_of = r->as_of, .user = r,
	                              .assessed = on_assessed, .log = on_log};
	rc = rc ? rc : pb_service_new(&options, &s, err);
	if (!rc) {
		pid_t pid = start(command, library, socket, err);
		rc = pid < 0 ? err->code : serve(r, s, pid, &status, err);
		if (!rc)
			tell(r, s);
	}
	pb_service_free(s);
	if (listener >= 0)
		close(listener);
	pb_serving_close(&r->serving);
	free(library);
	free(socket);
	if (rc || write_out(r, err))
		pb_complain("%s", err->code ? err->text : "standard error cannot be written");
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

int pb_cli_run(int argc, char **argv)
{
	run r = {.format = "text", .as_of = -1};
	pb_error err = {0};
	int rc = read_options(&r, argc, argv);
	if (rc >= 0)
		return rc;
	pb_log_quiet(r.quiet);
	keep_signals();
	pb_watch_signals();
	/* The machine's configuration says what a product is and what it may cost; the store is the service's. */
	rc = pb_config_load(NULL, &r.config, &err);
	if (rc) {
		pb_complain("%s", err.text);
		return PB_EXIT_ERROR;
	}
	r.config.alert = !r.alert ? PB_ALERT_NEVER : strcmp(r.alert, "reject") == 0 ? PB_ALERT_REJECT : PB_ALERT_CONDITIONAL;
	char *cache = pb_cache_dir(), *file = cache ? pb_fs_join(cache, "objects.db") : strdup("");
	free(cache);
	free(r.config.cache);
	r.config.cache = file;
	rc = file ? run_command(&r, argv + optind, &err) : PB_EXIT_ERROR;
	pb_buf_free(&r.out);
	json_decref(r.groups);
	json_decref(r.listings);
	pb_config_free(&r.config);
	return rc;
}
