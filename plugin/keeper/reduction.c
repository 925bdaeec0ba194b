#include "keeper/reduction.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "wire/lane.h"
#include "wire/message.h"

enum { TRIES = 8, WHERE_BYTES = 4096, TURN_MS = 1000 };

struct pb_reduction {
	pb_reduction_options o;
	int input, where_fd, socket;
	const _Atomic uint32_t *where; /* shared with the reducer */
	uint32_t process;
	int64_t due;
	uint32_t at;            /* where it was when it was looked at last */
	int64_t since, ticked;  /* ... since when; when that was */
	unsigned tries, overran; /* overran: the seconds that it had; 0: it did not */
	bool nonsense, spared;   /* spared: it was tried again without blame */
	json_t *aside, *result;
	pb_buf in;
	size_t taken;
	char why[800];
};

void pb_reduction_drop(pb_reduction *r)
{
	if (!r)
		return;
	if (r->process)
		pb_template_forget(r->o.workers, r->process);
	if (r->socket >= 0) {
		pb_loop_remove(r->o.loop, r->socket);
		close(r->socket);
	}
	if (r->where)
		munmap((void *)r->where, WHERE_BYTES);
	if (r->where_fd >= 0)
		close(r->where_fd);
	if (r->input >= 0)
		close(r->input);
	json_decref(r->aside);
	json_decref(r->result);
	pb_buf_free(&r->in);
	free(r);
}

static void finish(pb_reduction *r, const char *why)
{
	pb_error err = {0};
	json_t *result = why ? NULL : json_incref(r->result);
	pb_reduction_options o = r->o;
	if (why)
		pb_fail(&err, PB_EINTERNAL, "cannot be reduced: %s", why);
	pb_reduction_drop(r);
	o.done(o.user, result, result ? NULL : &err);
	json_decref(result);
}

static int take(pb_reduction *r)
{
	pb_message type;
	pb_bytes payload;
	uint32_t tag;
	pb_error err = {0};
	int rc;
	while ((rc = pb_wire_take(&r->in, &r->taken, &type, &tag, &payload)) == 1) {
		if (type == PB_MSG_RESULT) {
			json_decref(r->result);
			r->result = pb_json_parse(payload, PB_WIRE_MAX, "the product result", &err);
			if (!r->result)
				snprintf(r->why, sizeof r->why, "%s", err.text);
		} else if (type == PB_MSG_ERROR) {
			snprintf(r->why, sizeof r->why, "%.*s", (int)(payload.size < 500 ? payload.size : 500), (const char *)payload.data);
		}
	}
	return rc;
}

static void close_socket(pb_reduction *r)
{
	if (r->socket >= 0) {
		pb_loop_remove(r->o.loop, r->socket);
		close(r->socket);
	}
	r->socket = -1;
}

/* 1: something came; 0: nothing now, or its end. Nonsense: what becomes of it is decided when it is dead. */
static int hear(pb_reduction *r)
{
	uint8_t chunk[262144];
	ssize_t n;
	do
		n = recv(r->socket, chunk, sizeof chunk, MSG_DONTWAIT);
	while (n < 0 && errno == EINTR);
	if (n < 0 && errno == EAGAIN)
		return 0;
	if (n > 0 && pb_buf_add(&r->in, chunk, (size_t)n) == 0 && take(r) >= 0)
		return 1;
	r->nonsense |= n > 0;
	close_socket(r);
	if (r->process)
		pb_template_kill(r->o.workers, r->process);
	return 0;
}

static int on_heard(void *user, int fd, uint32_t events)
{
	(void)fd;
	(void)events;
	hear(user);
	return 0;
}

static int start(pb_reduction *r, pb_error *err);

static const char *check_at(const pb_reduction *r)
{
	uint32_t where = atomic_load(r->where);
	const json_t *ids = json_object_get(pb_template_about(r->o.workers), "ids");
	return where >= PB_AT_CHECK ? json_string_value(json_array_get(ids, where - PB_AT_CHECK)) : NULL;
}

static void words_of_end(const pb_reduction *r, int status, char *out, size_t size)
{
	char words[100];
	pb_status_words(status, words, sizeof words);
	if (r->overran)
		snprintf(out, size, "took longer than %u s", r->overran);
	else if (r->nonsense)
		snprintf(out, size, "its reducer sent nonsense");
	else
		snprintf(out, size, "reducer died: %s", words);
}

/* Killed by somebody else (a kernel short of memory, an administrator): tried once more before a check is blamed. */
static bool is_spared(pb_reduction *r, int status)
{
	bool outside = !r->overran && !r->nonsense && WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
	bool spared = outside && !r->spared;
	r->spared |= outside;
	return spared;
}

static void on_died(void *user, uint32_t process, int status)
{
	pb_reduction *r = user;
	char why[200];
	pb_error err = {0};
	(void)process;
	r->process = 0;
	while (r->socket >= 0 && hear(r))
		;
	close_socket(r);
	if (status == 0 && r->result) {
		finish(r, NULL);
		return;
	}
	if (*r->why) {
		finish(r, r->why);
		return;
	}
	words_of_end(r, status, why, sizeof why);
	/* A check that ends the reducer is left out, by name; anything else cannot be left out. */
	const char *check = check_at(r);
	if (is_spared(r, status)) {
		if (start(r, &err))
			finish(r, err.text);
	} else if (!check || ++r->tries >= TRIES || json_object_set_new(r->aside, check, json_string(why)) || start(r, &err)) {
		finish(r, err.code ? err.text : why);
	}
}

static int start(pb_reduction *r, pb_error *err)
{
	int pair[2];
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
		return pb_fail(err, PB_EIO, "socketpair: %s", strerror(errno));
	json_t *args = json_pack("{s:I,s:O}", "memory", (json_int_t)r->o.memory, "aside", r->aside);
	if (args && r->o.trace)
		json_object_set(args, "trace", (json_t *)r->o.trace);
	int fds[3] = {pair[1], r->input, r->where_fd};
	atomic_store((_Atomic uint32_t *)r->where, 0);
	r->in.size = r->taken = 0;
	int rc = args ? pb_template_spawn(r->o.workers, "reducer", fds, 3, args, on_died, r, &r->process, err)
	              : pb_fail(err, PB_ENOMEM, "out of memory");
	json_decref(args);
	close(pair[1]);
	if (!rc && pb_loop_add(r->o.loop, pair[0], on_heard, r))
		rc = pb_fail(err, PB_ENOMEM, "cannot watch the reducer");
	if (rc) {
		close(pair[0]);
		return rc;
	}
	r->socket = pair[0];
	json_decref(r->result);
	r->result = NULL;
	r->ticked = r->since = pb_now_ms();
	r->due = r->ticked + (int64_t)r->o.seconds * 1000;
	r->at = 0;
	r->overran = 0;
	r->nonsense = false;
	return 0;
}

int pb_reduction_start(const pb_reduction_options *o, int input, pb_reduction **out, pb_error *err)
{
	pb_reduction *r = calloc(1, sizeof *r);
	if (!r) {
		close(input);
		return pb_fail(err, PB_ENOMEM, "out of memory");
	}
	r->o = *o;
	r->input = input;
	r->socket = -1;
	r->where_fd = memfd_create("probity-where", MFD_CLOEXEC);
	r->aside = json_object();
	void *where = MAP_FAILED;
	if (r->where_fd >= 0 && ftruncate(r->where_fd, WHERE_BYTES) == 0)
		where = mmap(NULL, WHERE_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, r->where_fd, 0);
	if (where != MAP_FAILED)
		r->where = where;
	int rc = r->where && r->aside ? start(r, err) : pb_fail(err, PB_EIO, "no shared memory: %s", strerror(errno));
	if (rc) {
		pb_reduction_drop(r);
		return rc;
	}
	*out = r;
	return 0;
}

void pb_reduction_tick(pb_reduction *r)
{
	int64_t now = pb_now_ms(), missed = now - r->ticked - TURN_MS;
	uint32_t at = atomic_load(r->where);
	r->ticked = now;
	if (missed > 0) { /* nobody looked (we were stopped): nobody's time ran */
		r->due += missed;
		r->since += missed;
	}
	if (at != r->at) {
		r->at = at;
		r->since = now;
	}
	if (!r->process || r->overran)
		return;
	if (now > r->due)
		r->overran = r->o.seconds;
	else if (r->o.check_seconds && check_at(r) && now - r->since > (int64_t)r->o.check_seconds * 1000)
		r->overran = r->o.check_seconds;
	if (r->overran)
		pb_template_kill(r->o.workers, r->process);
}
