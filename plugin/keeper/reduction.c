#include "keeper/reduction.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "keeper/pace.h"
#include "wire/lane.h"
#include "wire/message.h"

/* LIGHT_MS: a product that took longer leaves its reducer to nobody. */
enum { TRIES = 8, TURN_MS = 1000, LIGHT_MS = 1000 };

struct pb_reduction {
	pb_reduction_options o;
	int input;
	pb_reducer *by;         /* NULL: it is dead */
	int64_t begun, ticked;  /* this try; when it was looked at last */
	pb_pace whole, check;   /* ... as a whole, and at one place */
	uint32_t at;            /* where it was when it was looked at last */
	unsigned tries, overran; /* overran: the seconds that it had; 0: it did not */
	bool nonsense, spared;   /* spared: it was tried again without blame */
	bool done, silent;       /* done: its answer is whole; silent: nothing more comes */
	json_t *aside, *result;
	pb_buf in;
	size_t taken;
	char why[800];
};

void pb_reduction_drop(pb_reduction *r)
{
	if (!r)
		return;
	pb_reducer_drop(r->by);
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

/* Tag 0: it could not begin, and says why. */
static int take_one(pb_reduction *r, pb_message type, uint32_t tag, pb_bytes payload)
{
	pb_error err = {0};
	if (r->done || (tag != pb_reducer_tag(r->by) && (tag != 0 || type == PB_MSG_RESULT)))
		return PB_ECORRUPT;
	if (type == PB_MSG_RESULT) {
		json_decref(r->result);
		r->result = pb_json_parse(payload, PB_WIRE_MAX, "the product result", &err);
		if (!r->result)
			snprintf(r->why, sizeof r->why, "%s", err.text);
	} else if (type == PB_MSG_ERROR) {
		snprintf(r->why, sizeof r->why, "%.*s", (int)(payload.size < 500 ? payload.size : 500), (const char *)payload.data);
	} else if (type == PB_MSG_DONE && (r->result || *r->why)) {
		r->done = true;
	} else {
		return PB_ECORRUPT;
	}
	return 0;
}

static int take(pb_reduction *r)
{
	pb_message type;
	pb_bytes payload;
	uint32_t tag;
	int rc;
	while ((rc = pb_wire_take(&r->in, &r->taken, &type, &tag, &payload)) == 1 && (rc = take_one(r, type, tag, payload)) == 0)
		;
	return rc < 0 || (r->done && r->taken != r->in.size) ? PB_ECORRUPT : 0;
}

/* 1: something came; 0: nothing now, or its end. Nonsense: what becomes of it is decided when it is dead. */
static int hear(pb_reduction *r)
{
	uint8_t chunk[262144];
	ssize_t n;
	do
		n = recv(pb_reducer_socket(r->by), chunk, sizeof chunk, MSG_DONTWAIT);
	while (n < 0 && errno == EINTR);
	if (n < 0 && errno == EAGAIN)
		return 0;
	if (n > 0 && pb_buf_add(&r->in, chunk, (size_t)n) == 0 && take(r) == 0)
		return 1;
	r->nonsense |= n > 0;
	r->silent = true;
	r->done = false;
	pb_loop_remove(pb_reducers_loop(r->o.reducers), pb_reducer_socket(r->by));
	pb_reducer_kill(r->by);
	return 0;
}

static void complete(pb_reduction *r)
{
	if (!*r->why) {
		pb_reducer_give_back(r->by, pb_now_ms() - r->begun < LIGHT_MS);
		r->by = NULL;
	}
	finish(r, *r->why ? r->why : NULL);
}

static void on_heard(void *user)
{
	pb_reduction *r = user;
	if (!r->silent)
		hear(r);
	if (r->done)
		complete(r);
}

static int start(pb_reduction *r, pb_error *err);

static const char *check_named(const pb_reduction *r, uint32_t where)
{
	const json_t *ids = json_object_get(pb_template_about(pb_reducers_template(r->o.reducers)), "ids");
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

static int leave_out(pb_reduction *r, const char *check, const char *why)
{
	if (r->o.excused)
		*r->o.excused = true;
	return json_object_set_new(r->aside, check, json_string(why));
}

static void on_died(void *user, int status)
{
	pb_reduction *r = user;
	char why[200];
	pb_error err = {0};
	while (!r->silent && !r->done && hear(r))
		;
	if (r->done) {
		complete(r);
		return;
	}
	if (*r->why) {
		finish(r, r->why);
		return;
	}
	words_of_end(r, status, why, sizeof why);
	/* A check that ends the reducer is left out, by name, for this product; anything else cannot be left out. */
	const char *check = check_named(r, pb_reducer_where(r->by));
	pb_reducer_drop(r->by);
	r->by = NULL;
	if (is_spared(r, status)) {
		if (start(r, &err))
			finish(r, err.text);
	} else if (!check || ++r->tries >= TRIES || leave_out(r, check, why) || start(r, &err)) {
		finish(r, err.code ? err.text : why);
	}
}

static int start(pb_reduction *r, pb_error *err)
{
	const pb_reducer_owner owner = {on_heard, on_died, r};
	int rc = pb_reducer_take(r->o.reducers, r->input, r->aside, r->o.only, &owner, &r->by, err);
	if (rc)
		return rc;
	json_decref(r->result);
	r->result = NULL;
	r->in.size = r->taken = 0;
	r->begun = r->ticked = pb_now_ms();
	pb_pace_begin(&r->whole, r->begun);
	pb_pace_begin(&r->check, r->begun);
	r->at = 0;
	r->overran = 0;
	r->nonsense = r->silent = r->done = false;
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
	r->aside = json_object();
	int rc = r->aside ? start(r, err) : pb_fail(err, PB_ENOMEM, "out of memory");
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
	uint32_t at = pb_reducer_where(r->by);
	int proc = pb_reducer_proc(r->by);
	r->ticked = now;
	if (missed > 0) { /* nobody looked (we were stopped): nobody's time ran */
		r->whole.since += missed;
		r->check.since += missed;
	}
	if (at != r->at) {
		r->at = at;
		pb_pace_begin(&r->check, now);
	}
	if (r->overran)
		return;
	if (pb_pace_over(&r->whole, proc, r->o.seconds, now))
		r->overran = r->o.seconds;
	else if (r->o.check_seconds && check_named(r, at) && pb_pace_over(&r->check, proc, r->o.check_seconds, now))
		r->overran = r->o.check_seconds;
	if (r->overran)
		pb_reducer_kill(r->by);
}
