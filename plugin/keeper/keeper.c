#include "keeper/keeper.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { TURN_MS = 50 };

static int on_template(void *user, int fd, uint32_t events)
{
	pb_keeper *k = user;
	pb_template *t = fd == pb_template_fd(k->rules) ? k->rules : k->clamav;
	(void)events;
	if (pb_template_hear(t)) {
		pb_loop_remove(k->loop, fd);
		k->broken = true;
	}
	return 0;
}

static int on_message(void *user, size_t lane, uint32_t tag, pb_message type, pb_bytes payload)
{
	pb_keeper *k = user;
	return k->handler.message ? k->handler.message(k->handler.user, lane, tag, type, payload) : 0;
}

static int on_front_lost(void *user, size_t lane, uint32_t tag, const char *why)
{
	pb_keeper *k = user;
	return k->handler.front_lost ? k->handler.front_lost(k->handler.user, lane, tag, why) : 0;
}

/* An engine with all its signatures takes a while to open: whoever is waiting may lose patience. */
static int wait_for(const pb_keeper *k, pb_template *t, pb_error *err)
{
	struct pollfd p = {.fd = pb_template_fd(t), .events = POLLIN};
	if (pb_template_about(t))
		return 0;
	while (!(k->o.interrupted && *k->o.interrupted) && poll(&p, 1, 2 * TURN_MS) <= 0)
		;
	return k->o.interrupted && *k->o.interrupted ? pb_fail(err, PB_EIO, "interrupted") : pb_template_ready(t, err);
}

static int open_readers(pb_keeper *k, pb_error *err)
{
	pb_lanes_options lanes = {.loop = k->loop, .workers = k->rules, .fronts = k->clamav, .front = "reader", .n = k->o.jobs,
	                          .object_seconds = k->o.object_seconds, .job_seconds = k->o.job_seconds, .memory = k->o.memory, .scratch = k->o.scratch,
	                          .each_tag = k->o.each_tag,
	                          .trace = k->o.trace, .known = pb_results_table(k->results), .user = k, .message = on_message, .front_lost = on_front_lost};
	json_t *args = json_pack("{s:I}", "memory", (json_int_t)PB_READER_MEMORY);
	lanes.front_args = args;
	int rc = args ? pb_loop_add(k->loop, pb_template_fd(k->clamav), on_template, k) : PB_ENOMEM;
	rc = rc ? pb_fail(err, rc, "cannot watch the clamav process") : pb_lanes_new(&lanes, &k->readers, err);
	json_decref(args);
	return rc;
}

int pb_keeper_begin(const pb_keeper_options *o, pb_keeper *k, pb_error *err)
{
	memset(k, 0, sizeof *k);
	k->o = *o;
	k->o.object_seconds = o->object_seconds ? o->object_seconds : PB_OBJECT_SECONDS;
	k->o.reduce_seconds = o->reduce_seconds ? o->reduce_seconds : PB_REDUCE_SECONDS;
	k->o.memory = o->memory ? o->memory : PB_WORKER_MEMORY;
	k->o.rules = k->o.clamav = NULL;
	k->loop = o->loop;
	/* The templates first, so that they inherit nothing; both open at the same time. */
	int rc = pb_template_start(o->rules, &k->rules, err);
	if (!rc && o->clamav)
		rc = pb_template_start(o->clamav, &k->clamav, err);
	if (rc)
		pb_keeper_close(k);
	return rc;
}

/* 1: it is open, or there is none; 0: not yet; its code. */
static int is_open(pb_template *t, pb_error *err)
{
	struct pollfd p = {.fd = t ? pb_template_fd(t) : -1, .events = POLLIN};
	if (!t || pb_template_about(t))
		return 1;
	if (poll(&p, 1, 0) <= 0)
		return 0;
	int rc = pb_template_ready(t, err);
	return rc ? rc : 1;
}

int pb_keeper_is_open(pb_keeper *k, pb_error *err)
{
	int rules = is_open(k->rules, err), clamav = rules < 0 ? 0 : is_open(k->clamav, err);
	return rules < 0 ? rules : clamav < 0 ? clamav : rules && clamav;
}

int pb_keeper_finish(pb_keeper *k, pb_error *err)
{
	const pb_keeper_options *o = &k->o;
	int rc = wait_for(k, k->rules, err);
	if (!rc && !k->loop)
		rc = pb_loop_new(&k->loop, err);
	if (!rc)
		rc = pb_results_open(o->cache, pb_json_str(pb_template_about(k->rules), "map_digest", ""), o->cache_bytes, &k->results, err);
	if (!rc && pb_loop_add(k->loop, pb_template_fd(k->rules), on_template, k))
		rc = pb_fail(err, PB_EIO, "cannot watch the rules process");
	if (!rc)
		rc = pb_reducers_new(k->loop, k->rules, k->o.memory, &k->reducers, err);
	if (!rc)
		pb_reducers_trace(k->reducers, k->o.trace);
	if (!rc && !o->readers_later)
		rc = pb_keeper_readers(k, err);
	if (rc)
		pb_keeper_close(k);
	return rc;
}

int pb_keeper_open(const pb_keeper_options *o, pb_keeper *k, pb_error *err)
{
	int rc = pb_keeper_begin(o, k, err);
	return rc ? rc : pb_keeper_finish(k, err);
}

int pb_keeper_readers(pb_keeper *k, pb_error *err)
{
	int rc = k->readers || !k->clamav ? 0 : wait_for(k, k->clamav, err);
	return rc || k->readers || !k->clamav ? rc : open_readers(k, err);
}

void pb_keeper_dismiss(pb_keeper *k)
{
	pb_lanes_free(k->readers);
	pb_reducers_free(k->reducers);
	k->readers = NULL;
	k->reducers = NULL;
	if (k->loop && k->clamav)
		pb_loop_remove(k->loop, pb_template_fd(k->clamav));
	if (k->loop && k->rules)
		pb_loop_remove(k->loop, pb_template_fd(k->rules));
	pb_template_dismiss(k->clamav);
	pb_template_dismiss(k->rules);
	pb_results_close(k->results);
	k->results = NULL;
}

bool pb_keeper_ended(pb_keeper *k)
{
	bool clamav = pb_template_ended(k->clamav);
	return pb_template_ended(k->rules) && clamav;
}

void pb_keeper_close(pb_keeper *k)
{
	pb_keeper_dismiss(k);
	pb_template_stop(k->clamav);
	pb_template_stop(k->rules);
	if (!k->o.loop)
		pb_loop_free(k->loop);
	memset(k, 0, sizeof *k);
}

int pb_keeper_turn(pb_keeper *k, bool *busy, pb_error *err)
{
	if (k->o.interrupted && *k->o.interrupted)
		return pb_fail(err, PB_EIO, "interrupted");
	int rc = pb_loop_turn(k->loop, TURN_MS, err);
	*busy = false;
	if (!rc && k->broken)
		rc = pb_fail(err, PB_EIO, "a process that starts others was ended from outside");
	if (!rc && k->readers)
		rc = pb_lanes_tick(k->readers, busy);
	if (rc && k->err.code && err)
		*err = k->err;
	if (rc && k->readers && err && !err->code && pb_lanes_error(k->readers)->code)
		*err = *pb_lanes_error(k->readers);
	return rc && err && !err->code ? pb_fail(err, rc, "out of memory") : rc;
}

typedef struct awaited {
	bool done;
	json_t *result;
	pb_error err;
} awaited;

static void on_reduced(void *user, json_t *result, const pb_error *why)
{
	awaited *a = user;
	a->done = true;
	a->result = json_incref(result);
	if (why)
		a->err = *why;
}

int pb_keeper_reduce(pb_keeper *k, int input, const char *only, json_t **result, pb_error *err)
{
	awaited a = {0};
	pb_reduction *r;
	bool busy;
	pb_reduction_options o = {.reducers = k->reducers, .seconds = k->o.reduce_seconds, .check_seconds = k->o.object_seconds,
	                          .only = only, .excused = &k->excused, .done = on_reduced, .user = &a};
	k->excused = false;
	int rc = pb_reduction_start(&o, input, &r, err);
	while (!rc && !a.done) {
		rc = pb_keeper_turn(k, &busy, err);
		if (!a.done && !rc)
			pb_reduction_tick(r);
	}
	if (!a.done && rc)
		pb_reduction_drop(r);
	if (!rc && !a.result) {
		if (err)
			*err = a.err;
		rc = a.err.code;
	}
	*result = a.result;
	return rc;
}

static void on_answered(void *user, uint32_t process, int status)
{
	(void)user;
	(void)process;
	(void)status;
}

int pb_keeper_ask(pb_keeper *k, const char *role, json_t **answer, pb_error *err)
{
	int pair[2], rc;
	uint32_t process, tag;
	pb_message type;
	pb_buf in = {0};
	*answer = NULL;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
		return pb_fail(err, PB_EIO, "socketpair: %s", strerror(errno));
	rc = pb_template_spawn(k->rules, role, &pair[1], 1, NULL, on_answered, NULL, &process, err);
	close(pair[1]);
	if (!rc) {
		if (pb_wire_receive(pair[0], &type, &tag, &in, NULL) != 1)
			rc = pb_fail(err, PB_EINTERNAL, "the %s process gave no answer", role);
		else if (type == PB_MSG_ERROR)
			rc = pb_fail(err, PB_EINTERNAL, "%.*s", (int)(in.size < 500 ? in.size : 500), (const char *)in.data);
		else
			*answer = pb_json_parse((pb_bytes){in.data, in.size}, PB_WIRE_MAX, "an answer", err);
		if (!rc && !*answer)
			rc = err && err->code ? err->code : PB_EINTERNAL;
	}
	close(pair[0]);
	pb_buf_free(&in);
	return rc;
}
