/* probityd: the keeper as a service. */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/log.h"
#include "base/version.h"
#include "cli/anchor.h"
#include "cli/assess.h"
#include "cli/serve.h"
#include "cli/systemd.h"
#include "wire/event.h"

static volatile sig_atomic_t ended, reload;

enum { RETAIN_EVERY = 3600, BUSY_MS = 250, HOST_RELOAD_EVERY = 10 /* seconds */, MOST_LINES = 1000000 };

typedef struct daemon_options {
	const char *config, *socket;
	bool foreground, check;
} daemon_options;

typedef struct daemon_state {
	pb_serving serving;
	pb_config configs[2], *config; /* the one in force */
	pb_store *store;
	pb_anchor anchor;
	bool foreground, host_reloaded;
	int64_t reloaded_at;
} daemon_state;

static const char help_text[] =
	"Usage: probityd [OPTIONS]\n"
	"Takes scans in from ClamAV hosts that have probity.so loaded, assesses each product,\n"
	"and keeps the reports. Usually started by systemd (probityd.socket).\n\n"
	"  -c, --config FILE   configuration (default: " PB_CONFIG_DEFAULT ")\n"
	"  -s, --socket PATH   listen there (default: systemd's socket, else " PB_SOCKET_DEFAULT ")\n"
	"  -f, --foreground    log to standard error instead of syslog\n"
	"  -t, --test          read configuration, rules and policy, say what is wrong, and end\n"
	"  -h, --help          this text\n"
	"  -V, --version       the version\n\n"
	"Signals: HUP reloads rules, policy and configuration; TERM and INT end it.\n"
	"Exit status: 0 ended as told, 1 the configuration or rules are wrong, 2 it could not go on.\n";

static const struct option long_options[] = {{"config", required_argument, NULL, 'c'}, {"socket", required_argument, NULL, 's'},
                                             {"foreground", no_argument, NULL, 'f'},   {"test", no_argument, NULL, 't'},
                                             {"help", no_argument, NULL, 'h'},         {"version", no_argument, NULL, 'V'},
                                             {NULL, 0, NULL, 0}};

static void on_signal(int sig)
{
	if (sig == SIGHUP)
		reload = 1;
	else
		ended = 1;
}

static void watch_signals(void)
{
	struct sigaction a = {.sa_handler = on_signal};
	sigemptyset(&a.sa_mask);
	sigaction(SIGINT, &a, NULL);
	sigaction(SIGTERM, &a, NULL);
	sigaction(SIGHUP, &a, NULL);
	signal(SIGPIPE, SIG_IGN);
}

static int64_t now(void)
{
	return (int64_t)time(NULL);
}

static void on_log(void *user, int level, const char *line)
{
	const daemon_state *d = user;
	if (d->foreground)
		fprintf(stderr, "<%d>probityd: %s\n", level, line); /* the number: how journald tells levels apart */
	else
		syslog(level, "%s", line);
}

static int specs(void *user, const pb_config *config, pb_template_spec *rules, pb_template_spec *clamav, pb_error *err)
{
	return pb_serving_specs(&((daemon_state *)user)->serving, config, rules, clamav, err);
}

static int listener(const daemon_options *o, pb_error *err)
{
	int fd = o->socket ? -1 : pb_systemd_listener();
	/* 0666: who may do what is decided by SO_PEERCRED and [access]. */
	return fd >= 0 ? fd : pb_listen(o->socket ? o->socket : PB_SOCKET_DEFAULT, 0666, err);
}

/* The end of the store's log goes to the journal, too. */
static void anchor(daemon_state *d, bool anyway)
{
	char line[PB_ANCHOR_TEXT];
	pb_anchored what = pb_anchor_look(&d->anchor, d->store, now(), anyway, line);
	if (what != PB_ANCHOR_NOT_NOW)
		on_log(d, what == PB_ANCHOR_NOTE ? LOG_NOTICE : LOG_ALERT, line);
	if (what == PB_ANCHOR_BROKEN) {
		pb_store_event(d->store, now(), line, NULL);
		anchor(d, true);
	}
}

/* Rules come to a machine as signatures do, so the host's reload is ours. */
static void on_engine_replaced(void *user, const char *host)
{
	daemon_state *d = user;
	char line[120];
	snprintf(line, sizeof line, "%.40s has reloaded its databases: so are the rules", host);
	on_log(d, LOG_INFO, line);
	d->host_reloaded = true;
}

/* Hosts cannot keep us busy with it. While one is under way, any number of further ones are one afterwards. */
static bool reload_is_due(daemon_state *d, const pb_service *s)
{
	bool due = !pb_service_reloading(s) && (reload || (d->host_reloaded && now() - d->reloaded_at >= HOST_RELOAD_EVERY));
	if (due) {
		reload = 0;
		d->host_reloaded = false;
		d->reloaded_at = now();
	}
	return due;
}

/* The store stays open as it is: what was under way belongs there. */
static void keep_store(daemon_state *d, pb_config *fresh)
{
	char *old = strdup(d->config->store);
	if (!old || strcmp(old, fresh->store) == 0) {
		free(old);
		return;
	}
	on_log(d, LOG_WARNING, "[store] store has changed: that takes a restart");
	free(fresh->store);
	fresh->store = old;
}

/* Of the two configurations one is in force; the other is read into, and swapped for it once its rules are open. */
static void on_reloaded(void *user, const pb_config *config, const pb_error *why)
{
	daemon_state *d = user;
	pb_config *other = d->config == d->configs ? d->configs + 1 : d->configs;
	if (config == other) { /* not so where somebody asked for the rules alone */
		pb_config_free(why ? other : d->config);
		d->config = why ? d->config : other;
	}
	if (!why)
		anchor(d, true);
	pb_systemd_notify("READY=1");
}

static void begin_reload(daemon_state *d, pb_service *s, const daemon_options *o)
{
	pb_config *fresh = d->config == d->configs ? d->configs + 1 : d->configs;
	pb_error err = {0};
	pb_systemd_notify("RELOADING=1");
	if (pb_config_load(o->config, fresh, &err)) {
		char line[900];
		snprintf(line, sizeof line, "configuration was not reloaded, the old one stays: %s", err.text);
		on_log(d, LOG_ERR, line);
		pb_systemd_notify("READY=1");
		return;
	}
	keep_store(d, fresh);
	if (pb_service_reload(s, fresh, &err))
		on_reloaded(d, fresh, &err);
}

static void retain(daemon_state *d)
{
	pb_error err = {0};
	int64_t removed = 0;
	char line[900];
	if (!d->store)
		return;
	if (pb_store_retain(d->store, now(), d->config->keep_days, d->config->store_bytes, &removed, &err))
		snprintf(line, sizeof line, "old assessments could not be removed: %s", err.text);
	else if (removed)
		snprintf(line, sizeof line, "removed %lld assessments by age or size", (long long)removed);
	else
		return;
	on_log(d, err.code ? LOG_WARNING : LOG_INFO, line);
}

/* Each thread of each host takes a descriptor. */
static void want_descriptors(void)
{
	struct rlimit r;
	if (getrlimit(RLIMIT_NOFILE, &r) == 0) {
		r.rlim_cur = r.rlim_max;
		(void)setrlimit(RLIMIT_NOFILE, &r);
	}
}

/* The newest line of the log that says how a keeper began or ended. */
static int find_end(void *user, const char *line, const char *digest)
{
	bool *killed = user;
	json_t *j = pb_json_parse((pb_bytes){(const uint8_t *)line, strlen(line)}, 1 << 20, "a line of the log", NULL);
	const char *what = pb_json_str(j, "what", "");
	bool found = strcmp(what, "started") == 0 || strcmp(what, "ended") == 0;
	(void)digest;
	*killed = strcmp(what, "started") == 0;
	json_decref(j);
	return found;
}

/* One that was killed could not say what it was at: its successor says that much. */
static void tell_start(daemon_state *d)
{
	static const char words[] = "the keeper before was ended without notice: what it had begun on and said nothing of is not assessed";
	char line[200];
	bool killed = false;
	if (d->store && pb_store_log(d->store, 0, MOST_LINES, find_end, &killed, NULL) >= 0 && killed) {
		on_log(d, LOG_ERR, words);
		pb_store_event(d->store, now(), words, NULL);
	}
	snprintf(line, sizeof line, "probityd %s is ready", PB_VERSION);
	on_log(d, LOG_NOTICE, line);
	if (d->store)
		pb_store_event(d->store, now(), "started", NULL);
	anchor(d, true);
}

static int serve(daemon_state *d, const daemon_options *o, pb_error *err)
{
	pb_service *s = NULL;
	pb_service_options options = {.config = d->config, .specs = specs, .scratch = d->serving.temp, .data_dir = d->serving.data, .listener = -1, .now = now, .as_of = -1,
	                              .user = d, .log = on_log, .reloaded = on_reloaded,
	                              .engine_replaced = on_engine_replaced};
	int64_t retained = 0, anchored = 0;
	if (!o->check && *d->config->store) {
		int rc = pb_store_open(d->config->store, false, BUSY_MS, &d->store, err);
		if (rc)
			return rc;
		options.store = d->store;
	}
	options.listener = o->check ? socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0) : listener(o, err);
	if (options.listener < 0)
		return err->code ? err->code : pb_fail(err, PB_EIO, "no descriptor: %s", strerror(errno));
	int rc = pb_service_new(&options, &s, err);
	if (!rc && !o->check) {
		tell_start(d);
		pb_systemd_notify("READY=1");
	}
	while (!rc && !ended && !o->check) {
		rc = pb_service_turn(s, err);
		if (reload_is_due(d, s))
			begin_reload(d, s, o);
		if (now() - retained >= RETAIN_EVERY) {
			retained = now();
			retain(d);
		}
		if (now() != anchored) {
			anchored = now();
			anchor(d, false);
		}
	}
	pb_systemd_notify("STOPPING=1");
	if (s && !o->check)
		pb_service_abandon(s, rc ? err->text : "probityd was ended before it was assessed");
	if (!rc && !o->check && d->store)
		pb_store_event(d->store, now(), "ended", NULL);
	if (!o->check)
		anchor(d, true);
	pb_service_free(s);
	return rc;
}

static int read_options(daemon_options *o, int argc, char **argv)
{
	int c;
	while ((c = getopt_long(argc, argv, "c:s:fthV", long_options, NULL)) != -1) {
		switch (c) {
		case 'c':
			o->config = optarg;
			break;
		case 's':
			o->socket = optarg;
			break;
		case 'f':
			o->foreground = true;
			break;
		case 't':
			o->check = o->foreground = true;
			break;
		case 'h':
			fputs(help_text, stdout);
			return 0;
		case 'V':
			printf("probityd %s\n", PB_VERSION);
			return 0;
		default:
			fputs("Try `probityd --help`.\n", stderr);
			return 1;
		}
	}
	if (optind == argc)
		return -1;
	fprintf(stderr, "probityd: takes no arguments; try `probityd --help`\n");
	return 1;
}

int main(int argc, char **argv)
{
	static daemon_state d;
	daemon_options o = {0};
	pb_error err = {0};
	int rc = read_options(&o, argc, argv);
	if (rc >= 0)
		return rc;
	d.foreground = o.foreground;
	d.config = d.configs;
	openlog("probityd", LOG_PID, LOG_DAEMON);
	watch_signals();
	want_descriptors();
	rc = pb_config_load(o.config, d.config, &err);
	if (rc) {
		on_log(&d, LOG_ERR, err.text);
		if (!o.foreground)
			pb_complain("%s", err.text);
		return 1;
	}
	rc = pb_serving_open(&d.serving, &err);
	d.serving.system_only = true;
	d.serving.patterns = *d.config->cache ? pb_fs_parent(d.config->cache) : NULL;
	if (!rc)
		rc = serve(&d, &o, &err);
	pb_serving_close(&d.serving);
	pb_store_close(d.store);
	pb_config_free(&d.configs[0]);
	pb_config_free(&d.configs[1]);
	if (rc) {
		on_log(&d, LOG_ERR, err.text);
		if (!o.foreground)
			pb_complain("%s", err.text);
	} else if (o.check) {
		puts("configuration, rules and policy are well");
	}
	return rc ? rc == PB_EINPUT ? 1 : 2 : 0;
}
