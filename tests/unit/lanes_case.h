/* Lanes with a front and a worker that do as they are told: real processes, real lanes. A job is a list of entries; each says what the worker
 * does when it comes to it. Include after cmocka.h. */
#ifndef PROBITY_TESTS_LANES_CASE_H
#define PROBITY_TESTS_LANES_CASE_H

#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fds_case.h"
#include "keeper/lanes.h"
#include "wire/lane.h"
#include "wire/ring_shared.h"

/* What outlives the processes. */
typedef struct lanes_shared {
	_Atomic int once;      /* what does something only the first time has done it */
	_Atomic int stillborn; /* workers end as soon as they are started */
	_Atomic int started;   /* workers */
} lanes_shared;
static lanes_shared *shared;

static inline void for_ever(void)
{
	for (;;)
		pause();
}

static inline bool begins(const char *text, const char *with)
{
	return strncmp(text, with, strlen(with)) == 0;
}

static inline bool first_time(void)
{
	return atomic_fetch_add(&shared->once, 1) == 0;
}

typedef struct fake {
	pb_lane *lane;
	int fd;
	const pb_lane_entry *e;
	const json_t *excuse; /* of this entry */
	const json_t *args;
} fake;

static inline void say(const fake *f, const char *text)
{
	pb_lane_at(f->lane, PB_AT_SENDING);
	if (pb_wire_send(f->fd, f->e->type, f->e->tag, text, strlen(text)))
		_exit(0);
}

/* "check0 crash": check 0 is at work, unless it is excused. true: it was not. */
static inline bool check_runs(const fake *f, const char *text)
{
	char id[4] = {text[5], '\0'}, tag[16], words[400];
	snprintf(tag, sizeof tag, "%u", (unsigned)f->e->tag);
	const json_t *own = json_object_get(json_object_get(f->args, "asides"), tag);
	const char *why = pb_json_str(own ? own : json_object_get(f->args, "aside"), id, NULL);
	why = pb_json_str(json_object_get(f->excuse, "checks"), id, why);
	if (!why) {
		pb_lane_at(f->lane, PB_AT_CHECK + (uint32_t)(text[5] - '0'));
		return true;
	}
	snprintf(words, sizeof words, "check %s: %.300s", id, why);
	say(f, words);
	return false;
}

static inline void do_it(const fake *f, const char *text)
{
	static const uint8_t half[] = {100, 0, 0, 0, 'L', 1, 0, 0, 0, 'x'};
	const char *what = text;
	if (begins(text, "check")) {
		if (!check_runs(f, text))
			return;
		what = text + 7;
	}
	if (begins(what, "crash")) {
		if (what == text)
			pb_lane_at(f->lane, PB_AT_FACTS);
		abort();
	} else if (begins(what, "hang")) {
		if (what == text)
			pb_lane_at(f->lane, PB_AT_PATTERNS);
		for_ever();
	} else if (begins(what, "kill once")) {
		if (first_time())
			raise(SIGKILL);
		say(f, text);
	} else if (begins(what, "kill")) {
		raise(SIGKILL);
	} else if (begins(what, "half")) {
		pb_lane_at(f->lane, PB_AT_SENDING);
		if (write(f->fd, half, sizeof half) > 0)
			for_ever();
	} else if (begins(what, "nonsense")) {
		if (write(f->fd, "\xff\xff\xff\xff????????", 12) > 0)
			for_ever();
	} else if (begins(what, "flood")) {
		for (;;)
			say(f, text);
	} else if (begins(what, "slow")) { /* bytes come all the time, for longer than an object may take */
		uint8_t head[9] = {30, 0, 0, 0, 'L', (uint8_t)f->e->tag, 0, 0, 0};
		pb_lane_at(f->lane, PB_AT_SENDING);
		if (write(f->fd, head, 9) != 9)
			_exit(0);
		for (int i = 0; i < 30; i++) {
			usleep(80000);
			if (write(f->fd, "x", 1) != 1)
				_exit(0);
		}
	} else if (begins(what, "late")) { /* said, and not marked as done */
		say(f, text);
		abort();
	} else if (begins(what, "mute")) {
		pb_lane_done(f->lane);
		for_ever();
	} else if (begins(what, "quit")) {
		_exit(7);
	} else if (begins(what, "close")) {
		close(f->fd);
		for_ever();
	} else {
		say(f, text);
	}
}

static inline int fake_worker(void *state, const pb_role_args *a)
{
	static char text[PB_LANE_TEXT + 1];
	fake f = {.fd = a->fd[0], .args = a->args, .lane = pb_lane_open(a->fd[1], false, NULL)};
	(void)state;
	atomic_fetch_add(&shared->started, 1);
	if (atomic_load(&shared->stillborn)) {
		pb_wire_send(f.fd, PB_MSG_ERROR, 0, "no memory at all", 16);
		return 1;
	}
	for (;;) {
		pb_lane_entry e;
		struct pollfd p = {.fd = f.fd};
		int rc = pb_lane_take(f.lane, &e, 100);
		if (rc == 0 && poll(&p, 1, 0) <= 0)
			continue;
		if (rc <= 0)
			return rc == PB_ECORRUPT ? 2 : 0;
		const json_t *excuse = json_object_get(a->args, "excuse");
		f.e = &e;
		f.excuse = pb_json_int(excuse, "number", 0) == (int64_t)e.number ? excuse : NULL;
		memcpy(text, e.text.data, e.text.size);
		text[e.text.size] = '\0';
		if (pb_json_str(f.excuse, "skip", NULL))
			say(&f, pb_json_str(f.excuse, "skip", ""));
		else if (!json_is_true(json_object_get(f.excuse, "sent")))
			do_it(&f, text);
		pb_lane_done(f.lane);
	}
}

/* Puts an end to the lane's order: the worker finds a place that does not exist. */
static inline void break_lane(int memfd)
{
	pb_ring_head *h = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, memfd, 0);
	if (h != MAP_FAILED)
		atomic_store(&h->written, 1234567890123u);
}

static inline void put_entry(pb_lane *l, uint32_t tag, const char *text, const int fd[2])
{
	if (begins(text, "front crash"))
		abort();
	if (begins(text, "front hang"))
		for_ever();
	if (begins(text, "front lie")) {
		break_lane(fd[1]);
		for_ever();
	}
	if (begins(text, "front wait"))
		usleep(300000);
	else
		pb_lane_note(l, tag, PB_MSG_LIMIT, text, strlen(text));
}

static inline int fake_reader(void *state, const pb_role_args *a)
{
	pb_lane *l = pb_lane_open(a->fd[1], true, NULL);
	pb_buf in = {0};
	pb_message type;
	uint32_t tag;
	int fd;
	(void)state;
	while (pb_wire_receive(a->fd[0], &type, &tag, &in, &fd) == 1) {
		json_t *job = pb_json_parse((pb_bytes){in.data, in.size}, 1 << 20, "a job", NULL), *e;
		size_t i;
		json_array_foreach(json_object_get(job, "entries"), i, e)
			put_entry(l, tag, json_string_value(e), a->fd);
		pb_lane_note(l, tag, PB_MSG_DONE, "{}", 2);
		json_decref(job);
	}
	return 0;
}

/* Streams that a tracker cannot bear. */
enum { DEADLY_STREAM = 3, STOPPING_STREAM = 50, WORKING_STREAM, LYING_STREAM };

static inline void bear(pb_lane *l, const pb_role_args *a, uint32_t stream)
{
	switch (stream) {
	case DEADLY_STREAM:
		_exit(5);
	case STOPPING_STREAM:
		raise(SIGSTOP);
		break;
	case WORKING_STREAM: /* silent for long, and then long without a sign of life: its worker has something to do all the time */
		for (int i = 0; i < 4; i++)
			pb_lane_note(l, stream, PB_MSG_LIMIT, "hang", 4);
		usleep(3800000);
		break;
	case LYING_STREAM:
		break_lane(a->fd[1]);
		for_ever();
	}
}

/* Says on its socket what stream it got, and hands back one of its descriptors. */
static inline int fake_tracker(void *state, const pb_role_args *a)
{
	pb_lane *l = pb_lane_open(a->fd[1], true, NULL);
	(void)state;
	for (;;) {
		uint32_t packet[2];
		char control[CMSG_SPACE(2 * sizeof(int))], text[60];
		struct iovec part = {packet, sizeof packet};
		struct msghdr m = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
		struct pollfd p = {.fd = a->fd[0], .events = POLLIN};
		pb_lane_beat(l);
		if (poll(&p, 1, 100) == 0)
			continue;
		if (recvmsg(a->fd[0], &m, 0) != sizeof packet)
			return 0;
		int n = snprintf(text, sizeof text, "stream %u", (unsigned)packet[1]);
		part = (struct iovec){text, (size_t)n};
		m.msg_controllen = CMSG_SPACE(sizeof(int)); /* the first of the two goes back */
		CMSG_FIRSTHDR(&m)->cmsg_len = CMSG_LEN(sizeof(int));
		pb_lane_note(l, packet[1], PB_MSG_LIMIT, text, (size_t)n);
		if (sendmsg(a->fd[0], &m, 0) != n)
			_exit(6);
		bear(l, a, packet[1]);
	}
}

typedef struct lanes_case {
	pb_loop *loop;
	pb_template *workers, *fronts;
	pb_lanes *lanes;
	pb_buf log;      /* a line each: "LANE TAG WHAT" */
	int code;        /* what the next message gives, once */
	int broken;
} lanes_case;

static inline int lc_message(void *user, size_t lane, uint32_t tag, pb_message type, pb_bytes payload)
{
	lanes_case *c = user;
	int code = c->code;
	if (type == PB_MSG_DONE)
		pb_buf_printf(&c->log, "%zu %u end\n", lane, (unsigned)tag);
	else
		pb_buf_printf(&c->log, "%zu %u %.*s\n", lane, (unsigned)tag, payload.size < 200 ? (int)payload.size : 200, (const char *)payload.data);
	c->code = 0;
	return code;
}

static inline int lc_lost(void *user, size_t lane, uint32_t tag, const char *why)
{
	pb_buf_printf(&((lanes_case *)user)->log, "%zu %u lost: %s\n", lane, (unsigned)tag, why);
	return 0;
}

static inline int lc_packet(void *user, size_t lane, pb_bytes packet, int descriptor)
{
	pb_buf_printf(&((lanes_case *)user)->log, "%zu packet %.*s%s\n", lane, (int)packet.size, (const char *)packet.data,
	              descriptor >= 0 ? " with a descriptor" : "");
	if (descriptor >= 0)
		close(descriptor);
	return 0;
}

static inline int lc_heard(void *user, int fd, uint32_t events)
{
	lanes_case *c = user;
	(void)events;
	if (pb_template_hear(fd == pb_template_fd(c->workers) ? c->workers : c->fronts)) {
		pb_loop_remove(c->loop, fd);
		c->broken++;
	}
	return 0;
}

static inline int lc_open(void *user, void **state, json_t **about, pb_error *err)
{
	(void)user;
	(void)state;
	(void)err;
	*about = json_pack("{s:[ssss]}", "ids", "0", "1", "2", "3");
	return 0;
}

static const pb_role lc_workers[] = {{"worker", fake_worker}}, lc_fronts[] = {{"reader", fake_reader}, {"tracker", fake_tracker}};

static inline void lc_start(lanes_case *c, const char *front, size_t n, bool each_tag)
{
	pb_template_spec workers = {.name = "rules", .open = lc_open, .roles = lc_workers, .n_roles = 1};
	pb_template_spec fronts = {.name = "clamav", .open = lc_open, .roles = lc_fronts, .n_roles = 2};
	pb_error err = {0};
	memset(c, 0, sizeof *c);
	memset(shared, 0, sizeof *shared);
	assert_int_equal(pb_template_start(&workers, &c->workers, &err), 0);
	assert_int_equal(pb_template_start(&fronts, &c->fronts, &err), 0);
	assert_int_equal(pb_template_ready(c->workers, &err), 0);
	assert_int_equal(pb_template_ready(c->fronts, &err), 0);
	assert_int_equal(pb_loop_new(&c->loop, &err), 0);
	assert_int_equal(pb_loop_add(c->loop, pb_template_fd(c->workers), lc_heard, c), 0);
	assert_int_equal(pb_loop_add(c->loop, pb_template_fd(c->fronts), lc_heard, c), 0);
	pb_lanes_options o = {.loop = c->loop, .workers = c->workers, .fronts = c->fronts, .front = front, .n = n, .object_seconds = 1,
	                      .job_seconds = begins(front, "reader") ? 3 : 0, .front_seconds = begins(front, "tracker"), .known = -1, .each_tag = each_tag,
	                      .user = c, .message = lc_message, .front_lost = lc_lost, .packet = lc_packet};
	assert_int_equal(pb_lanes_new(&o, &c->lanes, &err), 0);
	pb_buf_puts(&c->log, "");
}

static inline void lc_end(lanes_case *c)
{
	pb_lanes_free(c->lanes);
	pb_template_stop(c->fronts);
	pb_template_stop(c->workers);
	pb_loop_free(c->loop);
	pb_buf_free(&c->log);
}

static inline void lc_job(lanes_case *c, size_t lane, uint32_t tag, const char *entries)
{
	json_t *list = json_array();
	char *copy = strdup(entries), *rest = copy, *e;
	pb_error err = {0};
	while ((e = strsep(&rest, ";")))
		json_array_append_new(list, json_string(e));
	bool busy;
	for (int i = 0; i < 400 && pb_lanes_idle(c->lanes) == SIZE_MAX; i++) { /* as who gives jobs does: a worker may be being replaced */
		(void)pb_loop_turn(c->loop, 10, NULL);
		(void)pb_lanes_tick(c->lanes, &busy);
	}
	json_t *job = json_pack("{s:o}", "entries", list);
	if (pb_lanes_job(c->lanes, lane, tag, job, -1, &err))
		fail_msg("%s", err.text);
	json_decref(job);
	free(copy);
}

/* Turns until nothing is under way. A tick's code, or 0. */
static inline int lc_run(lanes_case *c)
{
	int64_t end = pb_now_ms() + 60000;
	bool busy = true;
	int rc = 0;
	while (busy && !rc && !c->broken) {
		if (pb_now_ms() > end)
			fail_msg("it does not come to an end: %s", (const char *)c->log.data);
		(void)pb_loop_turn(c->loop, 20, NULL);
		rc = pb_lanes_tick(c->lanes, &busy);
	}
	return rc;
}

static inline void lc_expect(lanes_case *c, const char *want)
{
	pb_buf_add(&c->log, "", 1);
	if (strcmp((const char *)c->log.data, want) != 0)
		fail_msg("got:\n%swanted:\n%s", (const char *)c->log.data, want);
	c->log.size = 0;
}

/* One job on lane 0. */
static inline void lc_gives(lanes_case *c, uint32_t tag, const char *entries, const char *want)
{
	lc_job(c, 0, tag, entries);
	assert_int_equal(lc_run(c), 0);
	lc_expect(c, want);
}

/* Deaths are told a moment after they happened. */
static inline void lc_turn(lanes_case *c, int ms)
{
	bool busy;
	for (int64_t end = pb_now_ms() + ms; pb_now_ms() < end;) {
		(void)pb_loop_turn(c->loop, 10, NULL);
		(void)pb_lanes_tick(c->lanes, &busy);
	}
}

/* A template closes what it handed on a moment after its child has begun; ours are closed in turns of the loop. */
static inline void lc_has_fds(lanes_case *c, pid_t pid, size_t n)
{
	for (int i = 0; i < 100 && fds_of(pid) != n; i++)
		lc_turn(c, 20);
	assert_int_equal(fds_of(pid), n);
}

#endif
