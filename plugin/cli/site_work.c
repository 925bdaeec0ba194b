/* The processes that render a site. Each has a renderer and a handle of the store of its own, and its share of the work, one piece behind the other; what it found out
 * goes back as JSON lines in memory that it shares with the process that started it. */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/log.h"
#include "cli/cli.h"
#include "cli/compare.h"
#include "cli/diff.h"
#include "cli/progress.h"
#include "cli/renderer.h"
#include "cli/site.h"
#include "store/store.h"

enum { BUSY_MS = 60000, BATCH = 128, BATCH_BYTES = 32 << 20, LINE_MOST = 16 << 20 };

/* One page that waits to be rendered. */
typedef struct waiting {
	char path[80]; /* of the page */
	char digest[65];
	const char *folder, *format;
	json_t *options;
	char *text;    /* the document, owned */
	json_t *facts; /* of an assessment: told when its page is there; NULL: of another page */
	json_int_t number; /* of an assessment */
	bool alone, shortened;
} waiting;

typedef struct worker {
	pb_site *site;
	pb_renderer *renderer;
	pb_store *store;
	FILE *said;
	waiting queue[BATCH];
	size_t n, bytes;
	json_t *last;    /* the report that was compared last: most often it is compared with the next one, too */
	int64_t last_id;
	uint64_t *done; /* shared with the others */
} worker;

static int say(worker *w, json_t *line)
{
	char *text = line ? pb_json_canonical(line) : NULL;
	int rc = text && fprintf(w->said, "%s\n", text) > 0 ? 0 : PB_EIO;

	json_decref(line);
	free(text);
	return rc;
}

static int tell_file(worker *w, const char *path, const char *digest)
{
	return say(w, json_pack("{s:s,s:s}", "file", path, "digest", digest));
}

/* "a/1.html" to "a/1.json". */
static void beside(const char *path, char out[96])
{
	size_t n = strlen(path);

	snprintf(out, 96, "%.*s.json", (int)(n > 5 ? n - 5 : 0), path);
}

static int put_page(worker *w, waiting *p, const pb_rendered *r, pb_error *err)
{
	char json[96];
	int rc;

	if (r->why.code && !p->facts)
		return pb_fail(err, r->why.code, "%s: %s", p->path, r->why.text);
	if (r->why.code) { /* one report that cannot be shown does not keep the others */
		json_object_set_new(p->facts, "why", json_string(r->why.text));
		json_object_set_new(p->facts, "page", json_false());
		return say(w, json_incref(p->facts));
	}
	beside(p->path, json);
	rc = p->alone ? 0 : pb_site_put(w->site, json, p->text, strlen(p->text), err);
	rc = rc ? rc : pb_site_put(w->site, p->path, r->text.data, r->text.size, err);
	if (!rc && !p->alone)
		rc = tell_file(w, json, p->digest);
	rc = rc ? rc : tell_file(w, p->path, p->digest);
	return rc || !p->facts ? rc : say(w, json_incref(p->facts));
}

static int flush(worker *w, pb_error *err)
{
	pb_render_job jobs[BATCH];
	pb_bytes texts[BATCH];
	pb_rendering out = {0};
	int rc = 0;

	for (size_t i = 0; i < w->n; i++) {
		texts[i] = (pb_bytes){(const uint8_t *)w->queue[i].text, strlen(w->queue[i].text)};
		jobs[i] = (pb_render_job){.folder = w->queue[i].folder, .name = w->queue[i].format, .options = w->queue[i].options, .documents = &texts[i], .n_documents = 1};
	}
	if (w->n)
		rc = pb_render_all(w->renderer, jobs, w->n, &out, err);
	for (size_t i = 0; i < w->n; i++) {
		rc = rc ? rc : put_page(w, &w->queue[i], &out.of[i], err);
		json_decref(w->queue[i].options);
		json_decref(w->queue[i].facts);
		free(w->queue[i].text);
	}
	__atomic_fetch_add(w->done, w->n, __ATOMIC_RELAXED);
	w->n = w->bytes = 0;
	pb_rendering_free(&out);
	return rc;
}

static int enqueue(worker *w, waiting p, const char *up, pb_error *err)
{
	p.options = json_pack("{s:s,s:s,s:b,s:b,s:i}", "lang", w->site->lang, "site", up, "color", 0, "verbose", 0, "width", 80);
	if (p.shortened)
		json_object_set_new(p.options, "short", json_integer(p.number));
	if (!p.text || !p.options) {
		free(p.text);
		json_decref(p.facts);
		json_decref(p.options);
		return pb_fail(err, PB_ENOMEM, "out of memory");
	}
	w->bytes += strlen(p.text);
	w->queue[w->n++] = p;
	return w->n == BATCH || w->bytes > BATCH_BYTES ? flush(w, err) : 0;
}

/* ---- reports ---- */

static int take_text(void *user, const pb_stored *a)
{
	char **text = user;

	*text = a->report ? strdup(a->report) : NULL;
	return a->report && !*text ? PB_ENOMEM : 0;
}

static int report_of(worker *w, int64_t id, char **text, pb_error *err)
{
	int rc = pb_store_get(w->store, id, take_text, text, err);

	return rc < 0 ? rc : 0; /* none: it went meanwhile */
}

/* "NOT RATED", as the store has it, is "not-rated" in reports and in words. */
static json_t *decision_of(const json_t *row)
{
	char out[16];

	snprintf(out, sizeof out, "%s", pb_json_str(row, "decision", ""));
	for (char *p = out; *p; p++)
		*p = *p == ' ' ? '-' : (char)tolower((unsigned char)*p);
	return json_string(out);
}

/* What pages say of it beside its own. Texts come from a row and a report that may have been written by anybody: the formats make them inert. */
static json_t *facts_of(const json_t *row, const json_t *report, const char *key)
{
	static const char *const keys[] = {"id",     "time",         "name",         "version", "kind", "sha256", "decision", "trust_tenths", "floor_tenths", "confidence_permille",
	                                   "policy", "rules_digest", "reason",       "path"};
	const json_t *how = json_object_get(report, "assessment");
	json_t *out = json_object();

	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		if (json_object_get(row, keys[i]))
			json_object_set(out, keys[i], json_object_get(row, keys[i]));
	json_object_set_new(out, "decision", decision_of(row));
	json_object_set_new(out, "key", json_string(key));
	json_object_set_new(out, "page", json_boolean(report != NULL));
	if (report) {
		json_object_set_new(out, "as_of", json_string(pb_json_str(how, "as_of", "")));
		json_object_set_new(out, "rules_digest", json_string(pb_json_str(how, "rules_digest", "")));
		json_object_set_new(out, "policy_digest", json_string(pb_json_str(json_object_get(how, "policy"), "digest", "")));
		json_object_set_new(out, "valid_until", json_string(pb_json_str(json_object_get(report, "score"), "valid_until", "")));
	}
	return out;
}

static bool digest_of(const char *maker, const json_t *row, const char *report, char out[65])
{
	char *text = pb_json_canonical(row);
	pb_sha256 *h = text ? pb_sha256_new() : NULL;

	if (h) {
		pb_sha256_add(h, maker, strlen(maker));
		pb_sha256_add(h, text, strlen(text) + 1);
		if (report)
			pb_sha256_add(h, report, strlen(report));
		pb_sha256_hex(h, out);
	}
	free(text);
	return h != NULL;
}

/* As at the last run: nothing is parsed, nothing written. */
static bool unchanged(worker *w, const char *number, const char *page, const char *json, const char *key, int *rc)
{
	json_t *before = json_object_get(json_object_get(w->site->old, "rows"), number);

	if (strcmp(pb_json_str(before, "key", ""), key) != 0)
		return false;
	if (json_is_true(json_object_get(before, "page"))) {
		if (!pb_site_current(w->site, page, key) || !pb_site_current(w->site, json, key))
			return false;
		*rc = tell_file(w, page, key);
		*rc = *rc ? *rc : tell_file(w, json, key);
	}
	*rc = *rc ? *rc : say(w, json_incref(before));
	return true;
}

static int do_report(worker *w, const json_t *row, pb_error *err)
{
	char key[65], number[24], page[80], json[96], *text = NULL;
	int64_t id = pb_json_int(row, "id", 0);
	json_t *report = NULL;
	int rc = report_of(w, id, &text, err);

	snprintf(number, sizeof number, "%" PRId64, id);
	snprintf(page, sizeof page, "a/%" PRId64 ".html", id);
	beside(page, json);
	if (!rc && !digest_of(w->site->maker, row, text, key))
		rc = pb_fail(err, PB_ENOMEM, "out of memory");
	if (rc || unchanged(w, number, page, json, key, &rc)) {
		__atomic_fetch_add(w->done, 1, __ATOMIC_RELAXED);
		free(text);
		return rc;
	}
	report = text ? pb_json_parse((pb_bytes){(const uint8_t *)text, strlen(text)}, LINE_MOST * 16, "a report", NULL) : NULL;
	json_t *facts = facts_of(row, report, key);
	json_decref(report);
	if (!report) {
		__atomic_fetch_add(w->done, 1, __ATOMIC_RELAXED);
		free(text);
		return say(w, facts);
	}
	waiting p = {.folder = "", .format = "html", .text = text, .facts = facts, .number = id, .shortened = json_is_true(json_object_get(row, "short"))};
	snprintf(p.path, sizeof p.path, "%s", page);
	snprintf(p.digest, sizeof p.digest, "%s", key);
	return enqueue(w, p, "../", err);
}

/* ---- other pages ---- */

/* New reference; NULL with err: it is not there, or cannot be read. */
static json_t *parsed(worker *w, int64_t id, pb_error *err)
{
	char *text = NULL;

	if (w->last && w->last_id == id)
		return json_incref(w->last);
	if (report_of(w, id, &text, err))
		return NULL;
	json_decref(w->last);
	w->last_id = id;
	w->last = text ? pb_json_parse((pb_bytes){(const uint8_t *)text, strlen(text)}, LINE_MOST * 16, "a report", NULL) : NULL;
	free(text);
	if (!w->last)
		pb_fail(err, PB_EIO, "assessment %" PRId64 " is not in the store any more: run it again", id);
	return json_incref(w->last);
}

/* Of reports: how the second differs from the first, or all side by side. NULL: one of them is not there, or memory ran out. */
static char *made_of(worker *w, const pb_site_job *j, pb_error *err)
{
	const json_t *of[PB_SITE_COMPARED] = {0};
	json_t *result = NULL;
	char *out = NULL;
	bool all = true;

	for (int i = 0; i < j->n_ids && all; i++)
		all = (of[i] = parsed(w, j->ids[i], err)) != NULL;
	if (all)
		result = strcmp(j->folder, "diff") == 0 ? pb_diff_of(of[0], of[1]) : pb_compare_of(of, (size_t)j->n_ids, false);
	if (result)
		out = pb_json_canonical(result);
	if (!out && all)
		pb_fail(err, PB_ENOMEM, "out of memory");
	json_decref(result);
	for (int i = 0; i < j->n_ids; i++)
		json_decref((json_t *)(uintptr_t)of[i]);
	return out;
}

static int do_page(worker *w, const pb_site_job *j, pb_error *err)
{
	char json[96];
	waiting p = {.folder = j->folder, .format = j->format, .alone = j->alone};
	int rc;

	snprintf(p.path, sizeof p.path, "%s%s", j->path, j->alone ? "" : ".html");
	beside(p.path, json);
	if (pb_site_current(w->site, p.path, j->digest) && (j->alone || pb_site_current(w->site, json, j->digest))) {
		__atomic_fetch_add(w->done, 1, __ATOMIC_RELAXED);
		rc = tell_file(w, p.path, j->digest);
		return rc || j->alone ? rc : tell_file(w, json, j->digest);
	}
	snprintf(p.digest, sizeof p.digest, "%s", j->digest);
	p.text = j->doc ? pb_json_canonical(j->doc) : made_of(w, j, err);
	return p.text ? enqueue(w, p, j->up, err) : err->code ? err->code : PB_ENOMEM;
}

/* ---- processes ---- */

typedef struct task {
	const json_t *rows;       /* phase 1, or */
	const pb_site_job *jobs; /* phase 2 */
	size_t n;
	const char *what;
} task;

static int work(worker *w, const task *t, pb_error *err)
{
	size_t jobs = (size_t)w->site->jobs, number = (size_t)w->site->worker;
	size_t from = t->n / jobs * number + (number < t->n % jobs ? number : t->n % jobs), to = from + t->n / jobs + (number < t->n % jobs);
	int rc = pb_renderer_open(w->site->templates, &w->renderer, err);

	rc = rc ? rc : pb_store_open(w->site->store, true, BUSY_MS, &w->store, err);
	for (size_t i = from; i < to && !rc && !pb_interrupted; i++)
		rc = t->rows ? do_report(w, json_array_get(t->rows, i), err) : do_page(w, &t->jobs[i], err);
	rc = rc ? rc : flush(w, err);
	if (!rc && pb_interrupted)
		rc = pb_fail(err, PB_EIO, "interrupted");
	json_decref(w->last);
	pb_store_close(w->store);
	pb_renderer_close(w->renderer);
	return rc;
}

static void child(pb_site *site, const task *t, int number, int fd, uint64_t *done)
{
	worker w = {.site = site, .done = done, .said = fdopen(fd, "w")};
	pb_error err = {0};

	prctl(PR_SET_PDEATHSIG, SIGKILL); /* whoever started it is killed: nobody would hear it */
	site->worker = number;
	site->written = 0;
	int rc = w.said ? work(&w, t, &err) : PB_EIO;
	if (w.said && rc)
		say(&w, json_pack("{s:s}", "error", err.code ? err.text : "out of memory"));
	if (w.said)
		say(&w, json_pack("{s:I}", "written", (json_int_t)site->written));
	rc = !w.said || fclose(w.said) || rc;
	_exit(rc ? 1 : 0);
}

static int hear_line(pb_site *s, json_t *line, json_t *facts, pb_error *err)
{
	char number[24];
	const char *path = pb_json_str(line, "file", NULL), *error = pb_json_str(line, "error", NULL);

	if (error)
		return pb_fail(err, PB_EIO, "%s", error);
	s->written += pb_json_int(line, "written", 0);
	if (path)
		return json_object_set(s->files, path, json_object_get(line, "digest")) ? PB_ENOMEM : 0;
	if (!json_object_get(line, "id"))
		return 0;
	if (pb_json_str(line, "why", NULL))
		pb_note("assessment %lld has no page: %s", (long long)pb_json_int(line, "id", 0), pb_json_str(line, "why", ""));
	snprintf(number, sizeof number, "%" PRId64, pb_json_int(line, "id", 0));
	return facts && json_object_set(facts, number, line) ? PB_ENOMEM : 0;
}

static int hear(pb_site *s, int fd, json_t *facts, pb_error *err)
{
	off_t size = lseek(fd, 0, SEEK_END);
	const char *text = size > 0 ? mmap(NULL, (size_t)size, PROT_READ, MAP_PRIVATE, fd, 0) : MAP_FAILED, *at = text;
	int rc = 0;

	if (text == MAP_FAILED)
		return pb_fail(err, PB_EIO, "a process that renders told nothing");
	while (!rc && at < text + size) {
		const char *end = memchr(at, '\n', (size_t)(text + size - at));
		json_t *line = end ? pb_json_parse((pb_bytes){(const uint8_t *)at, (size_t)(end - at)}, LINE_MOST, "what a process that renders told", err) : NULL;

		rc = line ? hear_line(s, line, facts, err) : pb_fail(err, PB_EINTERNAL, "what a process that renders told is broken");
		json_decref(line);
		at = end + 1;
	}
	munmap((void *)(uintptr_t)text, (size_t)size);
	return rc;
}

static void wait_all(const pid_t *pids, int n, const task *t, bool progress, const uint64_t *done, bool *died)
{
	pb_progress line;
	bool sent = false;

	pb_progress_begin(&line, progress);
	for (int left = n; left > 0;) {
		int status;
		pid_t pid = waitpid(-1, &status, WNOHANG);

		if (pb_interrupted && !sent)
			for (int i = 0; i < n; i++)
				kill(pids[i], SIGTERM);
		sent = pb_interrupted != 0;
		for (int i = 0; i < n && pid > 0; i++)
			if (pids[i] == pid) {
				left--;
				*died |= !WIFEXITED(status);
			}
		pb_progress_count(&line, t->what, __atomic_load_n(done, __ATOMIC_RELAXED), t->n);
		if (pid == 0)
			nanosleep(&(struct timespec){.tv_nsec = 20000000}, NULL);
		else if (pid < 0 && errno != EINTR)
			break;
	}
	pb_progress_end(&line);
}

static int run(pb_site *s, const task *t, json_t *facts, pb_error *err)
{
	pid_t pids[PB_SITE_JOBS];
	int fds[PB_SITE_JOBS], n = 0, rc = 0;
	bool died = false;
	uint64_t *done = mmap(NULL, sizeof *done, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (done == MAP_FAILED)
		return pb_fail(err, PB_ENOMEM, "out of memory");
	fflush(NULL);
	for (; n < s->jobs && !rc; n++) {
		fds[n] = memfd_create("probity-site", MFD_CLOEXEC);
		pids[n] = fds[n] < 0 ? -1 : fork();
		if (pids[n] == 0)
			child(s, t, n, fds[n], done);
		if (pids[n] < 0) {
			if (fds[n] >= 0)
				close(fds[n]);
			rc = pb_fail(err, PB_EIO, "no process that renders: %s", strerror(errno));
			break;
		}
	}
	wait_all(pids, n, t, s->progress, done, &died);
	for (int i = 0; i < n; i++) {
		rc = rc ? rc : hear(s, fds[i], facts, err);
		close(fds[i]);
	}
	munmap(done, sizeof *done);
	if (!rc && died)
		rc = pb_fail(err, PB_EINTERNAL, "a process that renders was killed");
	return rc;
}

int pb_site_reports(pb_site *s, json_t *rows, json_t **facts, pb_error *err)
{
	task t = {.rows = rows, .n = json_array_size(rows), .what = "assessments"};

	*facts = json_object();
	return *facts ? run(s, &t, *facts, err) : pb_fail(err, PB_ENOMEM, "out of memory");
}

int pb_site_write(pb_site *s, const pb_site_job *jobs, size_t n, pb_error *err)
{
	task t = {.jobs = jobs, .n = n, .what = "pages"};

	return n == 0 ? 0 : run(s, &t, NULL, err);
}
