/* A lane's front: a reader, that is given jobs, or a tracker, that is given streams. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "keeper/lane_slot.h"

enum { FIRST_TAG = 1000 /* of products that are one scan (clamav/tracker.h) */, TAGS = 1 << 20, LIVES = 4000 };

static bool tracks(const pb_lanes *l)
{
	return strcmp(l->o.front, "tracker") == 0;
}

void pb_slot_close_control(pb_slot *s)
{
	if (s->control < 0)
		return;
	pb_loop_remove(s->all->o.loop, s->control);
	close(s->control);
	s->control = -1;
}

/* The first descriptor that came along; others are closed. */
static int take_descriptor(struct msghdr *m)
{
	int kept = -1, one;
	for (struct cmsghdr *c = CMSG_FIRSTHDR(m); c; c = CMSG_NXTHDR(m, c))
		for (size_t at = 0; c->cmsg_type == SCM_RIGHTS && at + sizeof one <= c->cmsg_len - CMSG_LEN(0); at += sizeof one) {
			memcpy(&one, CMSG_DATA(c) + at, sizeof one);
			if (kept < 0)
				kept = one;
			else
				close(one);
		}
	return kept;
}

/* One packet: a tracker speaks in those, at times with a descriptor; a reader has nothing to say here. 1: there was one; 0: none now; a
 * callback's code. */
static int read_control(pb_slot *s)
{
	uint8_t packet[65536];
	char control[CMSG_SPACE(4 * sizeof(int))];
	struct iovec part = {packet, sizeof packet};
	struct msghdr m = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
	ssize_t n;
	do
		n = recvmsg(s->control, &m, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
	while (n < 0 && errno == EINTR);
	if (n < 0 && errno == EAGAIN)
		return 0;
	if (n <= 0) {
		pb_slot_close_control(s);
		return 0;
	}
	int descriptor = take_descriptor(&m);
	if (!s->all->o.packet) {
		if (descriptor >= 0)
			close(descriptor);
		return 1;
	}
	int rc = s->all->o.packet(s->all->o.user, s->index, (pb_bytes){packet, (size_t)n}, descriptor);
	return rc ? rc : 1;
}

static int on_control(void *user, int fd, uint32_t events)
{
	(void)fd;
	(void)events;
	int rc = read_control(user);
	return rc < 0 ? rc : 0;
}

/* What it said before is heard before its end is. */
static void on_front_died(void *user, uint32_t process, int status)
{
	pb_slot *s = user;
	char words[100];
	int rc = 1;
	if (s->front != process)
		return; /* one that was replaced already */
	while (s->control >= 0 && tracks(s->all) && (rc = read_control(s)) != 0)
		if (rc < 0 && !s->all->err.code)
			pb_fail(&s->all->err, rc, "out of memory");
	s->front = 0;
	pb_slot_close_control(s);
	pb_status_words(status, words, sizeof words);
	if (s->front_overran && s->busy)
		snprintf(s->front_why, sizeof s->front_why, "took longer than %u s", s->all->o.job_seconds);
	else if (s->front_overran)
		snprintf(s->front_why, sizeof s->front_why, "%s hung: no sign of life for %u s", s->all->o.front, s->all->o.front_seconds);
	else
		snprintf(s->front_why, sizeof s->front_why, "%s died: %s", s->all->o.front, words);
	s->front_dead = true;
}

/* What a tracker tells has numbers that it chooses. Those of one that died may still be in use, so the next one begins further on. */
static json_t *args_of(pb_slot *s)
{
	json_t *args = s->all->args ? json_copy(s->all->args) : json_object();
	if (args && tracks(s->all))
		json_object_set_new(args, "first_tag", json_integer(FIRST_TAG + (json_int_t)(s->lives++ % LIVES) * TAGS));
	return args;
}

int pb_slot_start_front(pb_slot *s, pb_error *err)
{
	pb_lanes *l = s->all;
	int pair[2];
	if (socketpair(AF_UNIX, (tracks(l) ? SOCK_SEQPACKET : SOCK_STREAM) | SOCK_CLOEXEC, 0, pair) < 0)
		return pb_fail(err, PB_EIO, "socketpair: %s", strerror(errno));
	int fds[2] = {pair[1], s->memory};
	json_t *args = args_of(s);
	int rc = args ? pb_template_spawn(l->o.fronts, l->o.front, fds, 2, args, on_front_died, s, &s->front, err)
	              : pb_fail(err, PB_ENOMEM, "out of memory");
	json_decref(args);
	close(pair[1]);
	if (!rc && pb_loop_add(l->o.loop, pair[0], on_control, s)) {
		pb_template_forget(l->o.fronts, s->front);
		rc = pb_fail(err, PB_ENOMEM, "cannot watch a %s", l->o.front);
	}
	if (rc) {
		close(pair[0]);
		s->front = 0;
		return rc;
	}
	s->control = pair[0];
	s->front_overran = false;
	pb_pace_begin(&s->front_pace, 0);
	return 0;
}

/* Alive is who beats or puts something on the lane. While the worker has not done all that is there, the front may be waiting for room. What
 * hosts can write (how far a ring was read) says nothing of it. */
static bool hangs(pb_slot *s, int64_t now)
{
	uint64_t number, beats;
	uint32_t where;
	bool idle;
	if (!s->all->o.front_seconds || s->broken)
		return false;
	pb_lane_watch(s->watch, &number, &where, &idle);
	beats = pb_lane_beats(s->watch) + pb_lane_last(s->watch);
	if (idle && beats == s->beats && s->front_pace.since)
		return pb_pace_over(&s->front_pace, pb_template_proc(s->all->o.fronts, s->front), s->all->o.front_seconds, now);
	s->beats = beats;
	pb_pace_begin(&s->front_pace, now);
	return false;
}

static bool overruns(pb_slot *s, int64_t now)
{
	return s->busy && s->all->o.job_seconds &&
	       pb_pace_over(&s->job_pace, pb_template_proc(s->all->o.fronts, s->front), s->all->o.job_seconds, now);
}

void pb_slot_watch_front(pb_slot *s, int64_t now)
{
	if (!s->front || s->front_overran || (!overruns(s, now) && !hangs(s, now)))
		return;
	s->front_overran = true;
	pb_template_kill(s->all->o.fronts, s->front);
}

void pb_slot_break(pb_slot *s, const char *why)
{
	s->broken = true;
	pb_slot_drop_worker(s);
	if (s->front)
		pb_template_forget(s->all->o.fronts, s->front);
	s->front = 0;
	pb_slot_close_control(s);
	if (!s->front_dead)
		snprintf(s->front_why, sizeof s->front_why, "%s", why);
	s->front_dead = true;
}

static int ready(pb_slot *s, pb_error *err)
{
	/* What the one before left on the lane comes first. */
	if (s->front_dead)
		return pb_fail(err, PB_EIO, "the %s before has just ended: %s", s->all->o.front, s->front_why);
	if (!s->worker && pb_slot_start_worker(s, NULL)) {
		if (err)
			*err = s->all->err;
		return s->all->err.code;
	}
	return s->front ? 0 : pb_slot_start_front(s, err);
}

int pb_lanes_job(pb_lanes *l, size_t lane, uint32_t tag, const json_t *job, int descriptor, pb_error *err)
{
	pb_slot *s = &l->slot[lane];
	char *text = json_dumps(job, JSON_COMPACT);
	int rc = text ? 0 : pb_fail(err, PB_ENOMEM, "out of memory");
	for (int attempt = 0; attempt < 3 && !rc && text; attempt++) {
		rc = ready(s, err);
		if (rc || pb_wire_send_fd(s->control, PB_MSG_JOB, tag, text, strlen(text), descriptor) == 0 || pb_template_gone(l->o.fronts))
			break;
		/* It died between two jobs: a fresh one gets this one. */
		pb_template_forget(l->o.fronts, s->front);
		pb_slot_close_control(s);
		s->front = 0;
		if (attempt == 2)
			rc = pb_fail(err, PB_EIO, "%s processes end as soon as they are started", l->o.front);
	}
	free(text);
	if (!rc) {
		s->busy = true;
		s->tag = tag;
		pb_pace_begin(&s->job_pace, pb_now_ms());
	}
	return rc;
}

int pb_lanes_stream(pb_lanes *l, size_t lane, uint32_t stream, int ring, int socket, pb_error *err)
{
	pb_slot *s = &l->slot[lane];
	struct { uint32_t type, stream; } packet = {1, stream};
	int fds[2] = {ring, socket};
	char control[CMSG_SPACE(sizeof fds)] = {0};
	struct iovec part = {&packet, sizeof packet};
	struct msghdr m = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
	struct cmsghdr *c = CMSG_FIRSTHDR(&m);
	int rc = ready(s, err);
	if (rc)
		return rc;
	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof fds);
	memcpy(CMSG_DATA(c), fds, sizeof fds);
	if (sendmsg(s->control, &m, MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
		return pb_fail(err, PB_EIO, "the tracker does not take a stream: %s", strerror(errno));
	return 0;
}
