/* The collector process from its first to its last step. What it is told comes from its own parent; it is held against its form all the same. */
#include "collector/job.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fs.h"
#include "box/box.h"
#include "collector/settings.h"
#include "collector/tasks.h"

enum { SCRIPT_MOST = 1 << 20, CPU_SECONDS = 600, FILES = 256 };
#define MEMORY (UINT64_C(1) << 30)

/* What names, services and certificates are looked up in. Nothing of a user is among it. */
static const char *const readable[] = {"/etc/resolv.conf", "/etc/hosts", "/etc/host.conf", "/etc/nsswitch.conf", "/etc/gai.conf", "/etc/services",
                                       "/etc/protocols", "/etc/ssl", "/etc/ca-certificates", "/usr/share/ca-certificates",
                                       "/usr/local/share/ca-certificates", "/usr/lib/ssl", "/run/systemd/resolve", "/run/resolvconf",
                                       "/dev/urandom", "/usr/share/publicsuffix", NULL};

static const struct {
	const char *name, *folder; /* the member of the job that names where it may write; NULL: nowhere */
	int (*run)(pb_task *t, pb_error *err);
	bool scripts;
} tasks[] = {
    {"collect", "output", pb_task_collect, true},
    {"list", NULL, pb_task_list, true},
    {"download", "folder", pb_task_download, false},
    {"push", "outbox", pb_task_push, false},
};

static int read_all(int fd, size_t most, pb_buf *out, pb_error *err)
{
	char piece[65536];
	ssize_t n;

	out->max = most;
	while ((n = read(fd, piece, sizeof piece)) > 0)
		if (pb_buf_add(out, piece, (size_t)n))
			return pb_fail(err, PB_ELIMIT, "the job is larger than %zu bytes", most);
	return n < 0 ? pb_fail(err, PB_EIO, "the job cannot be read") : PB_OK;
}

static int read_scripts(pb_task *t, const char *data_dir, pb_error *err)
{
	char *dir = pb_fs_join(data_dir, "scripts/collectors"), **names = NULL;
	size_t n = 0;
	int rc = dir ? pb_fs_names(dir, ".lua", &names, &n, err) : pb_fail(err, PB_ENOMEM, "out of memory");

	t->scripts = rc ? NULL : calloc(n + 1, sizeof *t->scripts);
	for (size_t i = 0; t->scripts && i < n && !rc; i++) {
		char *file = pb_fs_join(dir, names[i]);
		pb_script *s = &t->scripts[t->n_scripts];

		if (strchr(names[i], '/')) {
			free(file);
			continue;
		}
		s->name = strndup(names[i], strlen(names[i]) - 4);
		rc = file && s->name ? pb_fs_read(file, SCRIPT_MOST, &s->text, err) : pb_fail(err, PB_ENOMEM, "out of memory");
		t->n_scripts++;
		free(file);
	}
	pb_fs_names_free(names, n);
	free(dir);
	return rc;
}

static int shut(const json_t *job, const char *folder, pb_error *err)
{
	const char *cache = pb_json_str(job, "cache", "");
	const char *also[] = {*cache ? cache : NULL, NULL};
	bool dry = json_is_true(json_object_get(job, "dry_run"));
	pb_box_limits limits = {.memory = MEMORY, .file = PB_COLLECT_ANSWER_MOST, .cpu_seconds = CPU_SECONDS, .files = FILES, .network = true, .readable = readable,
	                        .also = dry ? NULL : also};

	limits.folder = dry ? NULL : folder;
	return pb_box_shut(&limits, err);
}

static int run_job(pb_task *t, const char *data_dir, pb_error *err)
{
	const char *name = pb_json_str(t->job, "task", "");
	size_t i = 0, n = sizeof tasks / sizeof *tasks;
	int rc = PB_OK;

	while (i < n && strcmp(tasks[i].name, name) != 0)
		i++;
	t->settings = json_object_get(t->job, "settings");
	if (strcmp(pb_json_str(t->job, "schema", ""), PB_COLLECT_JOB) != 0 || i == n || !pb_collector_settings_hold(t->settings))
		return pb_fail(err, PB_EINPUT, "this is no job of `probity collect` (it starts this program)");
	const char *folder = tasks[i].folder ? pb_json_str(t->job, tasks[i].folder, NULL) : NULL;
	if (tasks[i].folder && !folder)
		return pb_fail(err, PB_EINPUT, "a job without a folder");
	if (tasks[i].scripts)
		rc = read_scripts(t, data_dir, err);
	rc = rc ? rc : pb_fetcher_open(t->settings, &t->fetcher, err);
	rc = rc ? rc : shut(t->job, folder, err);
	return rc ? rc : tasks[i].run(t, err);
}

static bool say(const json_t *answer)
{
	char *text = pb_json_canonical(answer);
	bool said = text && puts(text) >= 0 && fflush(stdout) == 0;

	free(text);
	return said;
}

int pb_collector_main(const char *data_dir, const pb_bindings *bindings)
{
	pb_task t = {.bindings = bindings, .answer = json_pack("{s:s}", "schema", PB_COLLECT_ANSWER)};
	pb_error err = {0};
	pb_buf text = {0};
	json_t *job = NULL;
	bool said;
	int rc;

	(void)prctl(PR_SET_DUMPABLE, 0); /* it may hold a token */
	(void)umask(022);
	rc = t.answer ? read_all(STDIN_FILENO, PB_COLLECT_JOB_MOST, &text, &err) : pb_fail(&err, PB_ENOMEM, "out of memory");
	if (!rc) {
		t.job = job = pb_json_parse((pb_bytes){text.data, text.size}, PB_COLLECT_JOB_MOST, "the job", &err);
		rc = job ? run_job(&t, data_dir, &err) : err.code;
	}
	json_object_set_new(t.answer, "error", json_string(rc ? *err.text ? err.text : "out of memory" : ""));
	said = say(t.answer);
	pb_fetcher_close(t.fetcher);
	for (size_t i = 0; i < t.n_scripts; i++) {
		free(t.scripts[i].name);
		pb_buf_free(&t.scripts[i].text);
	}
	free(t.scripts);
	pb_buf_free(&text);
	json_decref(t.answer);
	json_decref(job);
	return said && !rc ? 0 : 2;
}
