#include "cli/renderer.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/text.h"
#include "bindings/bindings.h"
#include "cli/cli.h"
#include "keeper/config.h"
#include "keeper/template.h"
#include "wire/message.h"
#include "worker/formats.h"
#include "worker/render.h"

enum { STEP_MS = 50, PATIENCE_S = 600, GRACE_MS = 3000 };

struct pb_renderer {
	pb_template *template;
	const json_t *formats; /* the template's */
	bool died;
	int status;
};

/* ---- the template ---- */

/* Of probity.conf, where it names a folder. NULL: none. */
static char *configured(void)
{
	pb_config config;
	char *dir = NULL;
	if (pb_config_load(NULL, &config, NULL))
		return NULL;
	if (config.templates && *config.templates)
		dir = strdup(config.templates);
	pb_config_free(&config);
	return dir;
}

int pb_renderer_open(const char *templates, pb_renderer **out, pb_error *err)
{
	pb_renderer *r = calloc(1, sizeof *r);
	char *data = pb_fs_data_dir(), *own = data ? pb_fs_join(data, "scripts/reports") : NULL, *extra = templates ? strdup(templates) : configured();
	pb_formats_options o = {.own = own, .extra = extra, .bindings = &pb_bindings_formats};
	pb_template_spec spec = {.name = "formats", .open = pb_formats_template_open, .user = &o, .roles = pb_formats_roles, .n_roles = PB_FORMATS_ROLES};
	int rc = r && own && (extra || !templates) ? pb_template_start(&spec, &r->template, err) : pb_fail(err, PB_ENOMEM, "out of memory");
	if (!rc)
		rc = pb_template_ready(r->template, err);
	if (!rc)
		r->formats = json_object_get(pb_template_about(r->template), "formats");
	if (rc)
		pb_renderer_close(r);
	else
		*out = r;
	free(data);
	free(own);
	free(extra);
	return rc;
}

void pb_renderer_close(pb_renderer *r)
{
	if (!r)
		return;
	pb_template_stop(r->template);
	free(r);
}

char *pb_renderer_names(const pb_renderer *r, const char *folder)
{
	pb_buf out = {0};
	const json_t *row;
	size_t i, n = 0, at = 0;
	int rc = pb_buf_puts(&out, "");
	for (int pass = 0; pass < 2; pass++)
		json_array_foreach(r->formats, i, row) {
			if (strcmp(pb_json_str(row, "folder", ""), folder) != 0)
				continue;
			if (pass == 0)
				n++;
			else if (!rc) {
				rc = pb_buf_printf(&out, "%s%s", at == 0 ? "" : at + 1 == n ? " and " : ", ", pb_json_str(row, "name", ""));
				at++;
			}
		}
	if (!rc)
		return (char *)out.data;
	pb_buf_free(&out);
	return NULL;
}

int pb_renderer_knows(const pb_renderer *r, const char *folder, const char *name, pb_error *err)
{
	const json_t *row;
	size_t i;
	json_array_foreach(r->formats, i, row) {
		if (strcmp(pb_json_str(row, "folder", ""), folder) == 0 && strcmp(pb_json_str(row, "name", ""), name) == 0)
			return 0;
	}
	char *names = pb_renderer_names(r, folder);
	pb_fail(err, PB_EINPUT, "no format \"%s\"; there are %s", name, names ? names : "others");
	free(names);
	return PB_EINPUT;
}

/* ---- what is asked ---- */

static int write_all(int fd, const void *bytes, size_t n)
{
	for (const char *p = bytes; n > 0;) {
		ssize_t w = write(fd, p, n);
		if (w < 0 && errno == EINTR)
			continue;
		if (w <= 0)
			return PB_EIO;
		p += w;
		n -= (size_t)w;
	}
	return 0;
}

/* The role's input: sealed; or -1. */
static int input_of(const json_t *head, const pb_render_job *jobs, size_t n, pb_error *err)
{
	char *text = head ? json_dumps(head, JSON_COMPACT) : NULL;
	int fd = text ? memfd_create("probity-render", MFD_CLOEXEC | MFD_ALLOW_SEALING) : -1;
	int rc = fd < 0 ? PB_EIO : write_all(fd, text, strlen(text));
	rc = rc ? rc : write_all(fd, "\n", 1);
	for (size_t i = 0; i < n && !rc; i++)
		for (size_t k = 0; k < jobs[i].n_documents && !rc; k++)
			rc = write_all(fd, jobs[i].documents[k].data, jobs[i].documents[k].size);
	free(text);
	if (!rc && fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW) == 0)
		return fd;
	pb_fail(err, PB_EIO, "no room for what is to be rendered: %s", strerror(errno));
	if (fd >= 0)
		close(fd);
	return -1;
}

static void on_died(void *user, uint32_t process, int status)
{
	pb_renderer *r = user;
	(void)process;
	r->died = true;
	r->status = status;
}

static int64_t now_ms(void)
{
	struct timespec t = {0};
	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Why it ended, once the template has told. */
static int ended(pb_renderer *r, pb_error *err)
{
	char words[100];
	for (int64_t until = now_ms() + GRACE_MS; !r->died && now_ms() < until;) {
		struct pollfd p = {.fd = pb_template_fd(r->template), .events = POLLIN};
		if (poll(&p, 1, STEP_MS) > 0 && pb_template_hear(r->template))
			break;
	}
	if (!r->died)
		return pb_fail(err, PB_EINTERNAL, "the process that renders gave no answer");
	pb_status_words(r->status, words, sizeof words);
	return pb_fail(err, PB_EINTERNAL, "the process that renders died: %s", words);
}

static int hear(pb_renderer *r, int fd, json_t **out, pb_error *err)
{
	int64_t until = now_ms() + (int64_t)PATIENCE_S * 1000;
	pb_buf in = {.max = PB_WIRE_MAX};
	pb_message type = PB_MSG_ERROR;
	uint32_t tag = 0;
	int rc = 0, got = 0;
	while (!rc && !got) {
		struct pollfd p = {.fd = fd, .events = POLLIN};
		if (pb_interrupted)
			rc = pb_fail(err, PB_EIO, "interrupted");
		else if (now_ms() > until)
			rc = pb_fail(err, PB_EINTERNAL, "rendering took longer than %d s", PATIENCE_S);
		else if (poll(&p, 1, STEP_MS) > 0 && (got = pb_wire_receive(fd, &type, &tag, &in, NULL)) != 1)
			rc = ended(r, err);
	}
	if (!rc && type == PB_MSG_ERROR)
		rc = pb_fail(err, PB_EINTERNAL, "rendering failed: %.*s", (int)(in.size < 500 ? in.size : 500), in.data ? (const char *)in.data : "");
	if (!rc && !(*out = pb_json_parse((pb_bytes){in.data, in.size}, PB_WIRE_MAX, "the answer of the process that renders", err)))
		rc = err->code;
	pb_buf_free(&in);
	return rc;
}

/* input is closed here. */
static int ask(pb_renderer *r, int input, int output, json_t **answer, pb_error *err)
{
	int pair[2], rc;
	uint32_t process = 0;
	if (input < 0)
		return PB_EIO;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0) {
		close(input);
		return pb_fail(err, PB_EIO, "socketpair: %s", strerror(errno));
	}
	/* What it told of those before is read now: unheard it would pile up until the template waits for us, and we for it. */
	(void)pb_template_hear(r->template);
	r->died = false;
	rc = pb_template_spawn(r->template, "render", (int[]){pair[1], input, output}, 3, NULL, on_died, r, &process, err);
	close(pair[1]);
	close(input);
	if (!rc) {
		rc = hear(r, pair[0], answer, err);
		if (!r->died)
			pb_template_forget(r->template, process);
	}
	close(pair[0]);
	return rc;
}

int pb_renderer_about(pb_renderer *r, const char *folder, json_t **out, pb_error *err)
{
	json_t *rows = json_array(), *row, *answer = NULL;
	size_t i;
	int output = memfd_create("probity-rendered", MFD_CLOEXEC), rc;
	json_array_foreach((json_t *)r->formats, i, row) {
		if (!folder || strcmp(pb_json_str(row, "folder", ""), folder) == 0)
			json_array_append(rows, row);
	}
	json_t *head = json_pack("{s:o}", "about", rows);
	rc = output < 0 ? pb_fail(err, PB_EIO, "no room for texts: %s", strerror(errno)) : ask(r, input_of(head, NULL, 0, err), output, &answer, err);
	*out = rc ? NULL : json_incref(json_object_get(answer, "about"));
	if (!rc && !json_is_array(*out))
		rc = pb_fail(err, PB_EINTERNAL, "the process that renders speaks nonsense");
	if (output >= 0)
		close(output);
	json_decref(answer);
	json_decref(head);
	return rc;
}

static json_t *row_of(const pb_render_job *j)
{
	json_t *sizes = json_array();
	for (size_t i = 0; i < j->n_documents; i++)
		json_array_append_new(sizes, json_integer((json_int_t)j->documents[i].size));
	return json_pack("{s:s,s:s,s:O*,s:o,s:O*,s:s*}", "folder", j->folder, "name", j->name, "options", j->options, "sizes", sizes, "frame", j->frame, "as",
	                 j->as);
}

/* Nothing of the answer is taken on trust: sizes have to be those of what is there. */
static int take(const json_t *rows, pb_rendering *out, pb_error *err)
{
	size_t at = 0, i;
	json_t *row;
	if (json_array_size(rows) != out->n)
		return pb_fail(err, PB_EINTERNAL, "the process that renders speaks nonsense");
	json_array_foreach(rows, i, row) {
		pb_rendered *t = &out->of[i];
		json_int_t size = pb_json_int(row, "size", -1);
		if (size < 0) {
			pb_fail(&t->why, PB_EINPUT, "%s", pb_json_str(row, "error", "it came to nothing"));
			continue;
		}
		if ((uint64_t)size > out->size - at)
			return pb_fail(err, PB_EINTERNAL, "the process that renders speaks nonsense");
		t->text = pb_slice((pb_bytes){out->map, out->size}, at, (size_t)size);
		t->extension = (char *)(uintptr_t)pb_json_str(row, "extension", "txt");
		at += (size_t)size;
	}
	return 0;
}

static int map_output(int fd, pb_rendering *out, pb_error *err)
{
	struct stat st;
	/* Its process has ended, or is about to be: what it could still cut short is held fast first. */
	if (fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK) != 0 || fstat(fd, &st) != 0)
		return pb_fail(err, PB_EIO, "the text that was rendered: %s", strerror(errno));
	out->size = (size_t)st.st_size;
	out->map = out->size ? mmap(NULL, out->size, PROT_READ, MAP_PRIVATE, fd, 0) : NULL;
	if (out->map != MAP_FAILED)
		return 0;
	out->map = NULL;
	return pb_fail(err, PB_EIO, "the text that was rendered: %s", strerror(errno));
}

/* Whoever starts us may lower what a format may do (its role lets nothing raise it). 0: not said. */
static json_int_t fewer_instructions(void)
{
	const char *set = getenv("PROBITY_FORMAT_INSTRUCTIONS");
	char *end = NULL;
	long long n = set && *set ? strtoll(set, &end, 10) : 0;
	return end && *end == '\0' && n > 0 ? (json_int_t)n : 0;
}

int pb_render_all(pb_renderer *r, const pb_render_job *jobs, size_t n, pb_rendering *out, pb_error *err)
{
	json_t *rows = json_array();
	int output = memfd_create("probity-rendered", MFD_CLOEXEC | MFD_ALLOW_SEALING), rc;
	*out = (pb_rendering){.n = n, .of = calloc(n + 1, sizeof *out->of)};
	for (size_t i = 0; i < n; i++)
		json_array_append_new(rows, row_of(&jobs[i]));
	json_t *head = json_pack("{s:o,s:I}", "jobs", rows, "instructions", fewer_instructions());
	if (output < 0 || !head || !out->of || n > PB_RENDER_JOBS)
		rc = pb_fail(err, PB_EIO, "no room for texts: %s", strerror(errno));
	else
		rc = ask(r, input_of(head, jobs, n, err), output, &out->answer, err);
	rc = rc ? rc : map_output(output, out, err);
	rc = rc ? rc : take(json_object_get(out->answer, "jobs"), out, err);
	if (output >= 0)
		close(output);
	json_decref(head);
	if (rc)
		pb_rendering_free(out);
	return rc;
}

void pb_rendering_free(pb_rendering *r)
{
	if (r->map)
		munmap(r->map, r->size);
	json_decref(r->answer);
	free(r->of);
	*r = (pb_rendering){0};
}

int pb_render(pb_renderer *r, const pb_render_job *job, pb_buf *out, pb_error *err)
{
	pb_rendering all;
	int rc = pb_render_all(r, job, 1, &all, err);
	if (rc)
		return rc;
	rc = all.of->why.code ? pb_fail(err, all.of->why.code, "%s", all.of->why.text) : pb_buf_add(out, all.of->text.data, all.of->text.size);
	if (rc && !err->code)
		pb_fail(err, rc, "out of memory");
	pb_rendering_free(&all);
	return rc;
}
