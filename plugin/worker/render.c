#include "worker/render.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#include "wire/message.h"
#include "worker/inside.h"

enum { HEAD_MAX = 64 << 20, SECONDS = 30 /* of processor time, for one text */ };
#define OUTPUT_MOST ((uint64_t)8 << 30) /* of all texts of one process */

static _Atomic uint32_t ticks, stop;

/* A second of processor time has gone by. */
static void on_tick(int sig)
{
	(void)sig;
	if (atomic_fetch_add(&ticks, 1) + 1 >= SECONDS)
		atomic_store(&stop, 1);
}

/* Before the box is shut: what it counts by is set once, and goes on. */
static int start_clock(pb_error *err)
{
	struct sigaction a = {.sa_handler = on_tick, .sa_flags = SA_RESTART};
	struct itimerval every = {{1, 0}, {1, 0}};
	sigemptyset(&a.sa_mask);
	if (sigaction(SIGVTALRM, &a, NULL) != 0 || setitimer(ITIMER_VIRTUAL, &every, NULL) != 0)
		return pb_fail(err, PB_EIO, "no timer: %s", strerror(errno));
	return 0;
}

typedef struct rendering {
	pb_format_box *box;
	pb_bytes input;
	size_t at;   /* where the next document begins */
	int output;
	uint64_t written;
} rendering;

/* What others could still change or cut short is not used where it lies. */
static int map_input(int fd, pb_bytes *out, pb_error *err)
{
	const int wanted = F_SEAL_WRITE | F_SEAL_SHRINK;
	struct stat st;
	if (fstat(fd, &st) != 0 || st.st_size <= 0 || (uint64_t)st.st_size > PB_RENDER_INPUT || (fcntl(fd, F_GET_SEALS) & wanted) != wanted)
		return pb_fail(err, PB_ECORRUPT, "its input is empty, not sealed, or larger than 4 GiB");
	void *p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (p == MAP_FAILED)
		return pb_fail(err, PB_ENOMEM, "no memory for its input: %s", strerror(errno));
	*out = (pb_bytes){p, (size_t)st.st_size};
	return 0;
}

static int write_text(void *user, const void *bytes, size_t n)
{
	rendering *r = user;
	const uint8_t *p = bytes;
	if (n > OUTPUT_MOST - r->written)
		return PB_ELIMIT;
	while (n > 0) {
		ssize_t w = pwrite(r->output, p, n, (off_t)r->written);
		if (w < 0 && errno == EINTR)
			continue;
		if (w <= 0)
			return PB_EIO;
		r->written += (uint64_t)w;
		p += w;
		n -= (size_t)w;
	}
	return 0;
}

/* The next documents of the input. NULL: the sizes are no sizes, or there is no memory. */
static pb_bytes *take_documents(rendering *r, const json_t *sizes)
{
	size_t n = json_array_size(sizes), i;
	pb_bytes *out = calloc(n + 1, sizeof *out);
	const json_t *size;
	json_array_foreach(sizes, i, size) {
		json_int_t bytes = json_integer_value(size);
		if (!out || bytes < 0 || (uint64_t)bytes > r->input.size - r->at) {
			free(out);
			return NULL;
		}
		out[i] = pb_slice(r->input, r->at, (size_t)bytes);
		r->at += (size_t)bytes;
	}
	return out;
}

static json_t *render_one(rendering *r, const json_t *row)
{
	pb_error err = {0};
	json_t *about = NULL;
	uint64_t before = r->written;
	pb_bytes *documents = take_documents(r, json_object_get(row, "sizes"));
	pb_format_job job = {.folder = pb_json_str(row, "folder", ""),
	                     .name = pb_json_str(row, "name", ""),
	                     .options = json_object_get(row, "options"),
	                     .documents = documents,
	                     .n_documents = json_array_size(json_object_get(row, "sizes")),
	                     .frame = json_object_get(row, "frame"),
	                     .as = pb_json_str(row, "as", "documents"),
	                     .write = write_text,
	                     .user = r};
	atomic_store(&ticks, 0);
	atomic_store(&stop, 0);
	int rc = documents ? pb_format_run(r->box, &job, &about, &err) : pb_fail(&err, PB_ECORRUPT, "its input is shorter than its first line says");
	free(documents);
	if (rc) {
		r->written = before;
		return json_pack("{s:s}", "error", err.text);
	}
	json_object_set_new(about, "size", json_integer((json_int_t)(r->written - before)));
	return about;
}

static json_t *each(rendering *r, const json_t *rows, bool about)
{
	json_t *out = json_array();
	const json_t *row;
	size_t i;
	json_array_foreach(rows, i, row) {
		json_t *done = about ? pb_format_about(r->box, pb_json_str(row, "folder", ""), pb_json_str(row, "name", "")) : render_one(r, row);
		if (!out || json_array_append_new(out, done)) {
			json_decref(out);
			return NULL;
		}
	}
	return json_pack("{s:o}", about ? "about" : "jobs", out);
}

static json_t *render_all(const pb_render_state *s, rendering *r, pb_error *err)
{
	const uint8_t *end = memchr(r->input.data, '\n', r->input.size);
	pb_format_limits limits = pb_format_defaults;
	json_t *out = NULL;
	if (!end) {
		pb_fail(err, PB_ECORRUPT, "its input has no first line");
		return NULL;
	}
	r->at = (size_t)(end - r->input.data) + 1;
	json_t *head = pb_json_parse(pb_slice(r->input, 0, r->at - 1), HEAD_MAX, "its input", err);
	const json_t *jobs = json_object_get(head, "jobs"), *about = json_object_get(head, "about");
	limits.stop = &stop;
	limits.output = (size_t)pb_json_int(head, "output", (int64_t)limits.output);
	const int64_t fewer = pb_json_int(head, "instructions", 0);
	if (fewer > 0 && (uint64_t)fewer < limits.instructions)
		limits.instructions = (uint64_t)fewer;
	if (head && json_array_size(jobs) <= PB_RENDER_JOBS && pb_format_open(s->formats, s->bindings, &limits, &r->box, err) == 0)
		out = each(r, about ? about : jobs, about != NULL);
	json_decref(head);
	return out; /* the box stays open: with the process, which ends now, all of it goes at once */
}

int pb_render_main(void *state, const pb_role_args *args)
{
	rendering r = {.output = args->fd[2]};
	pb_error err = {0};
	json_t *all = NULL;
	int held[] = {args->fd[0], args->fd[2]};
	int rc = map_input(args->fd[1], &r.input, &err);
	rc = rc ? rc : start_clock(&err);
	/* Mapped before: what is mapped does not count as memory of what reads it. */
	rc = rc ? rc : pb_inside(args, held, 2, OUTPUT_MOST, &err);
	if (!rc)
		all = render_all(state, &r, &err);
	char *text = all ? json_dumps(all, JSON_COMPACT) : NULL;
	const char *words = err.code ? err.text : "out of memory";
	if (text && strlen(text) <= PB_WIRE_MAX)
		rc = pb_wire_send(args->fd[0], PB_MSG_RESULT, 0, text, strlen(text));
	else
		rc = pb_wire_send(args->fd[0], PB_MSG_ERROR, 0, words, strlen(words));
	free(text);
	json_decref(all);
	return rc ? 1 : 0;
}
