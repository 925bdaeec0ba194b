#include "keeper/lanes.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "keeper/lane_slot.h"

static bool tracks(const pb_lanes *l)
{
	return strcmp(l->o.front, "tracker") == 0;
}

static void close_control(pb_slot *s)
{
	if (s->control < 0)
		return;
	pb_loop_remove(s->all->o.loop, s->control);
	close(s->control);
	s->control = -1;
}

/* A tracker speaks in packets, at times with a descriptor; a reader only through its lane. */
static int on_control(void *user, int fd, uint32_t events)
{
	pb_slot *s = user;
	uint8_t packet[65536];
	char control[CMSG_SPACE(4 * sizeof(int))];
	struct iovec part = {packet, sizeof packet};
	struct msghdr m = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
	int got = -1;
	(void)events;
	ssize_t n = recvmsg(fd, &m, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return 0;
	if (n <= 0) {
		close_control(s);
		return 0;
	}
	for (struct cmsghdr *c = CMSG_FIRSTHDR(&m); c; c = CMSG_NXTHDR(&m, c))
		for (size_t at = 0; c->cmsg_type == SCM_RIGHTS && at + sizeof(int) <= c->cmsg_len - CMSG_LEN(0); at += sizeof(int)) {
			int one;
			memcpy(&one, CMSG_DATA(c) + at, sizeof one);
			if (got < 0)
				got = one;
			else
				close(one);
		}
	if (!s->all->o.packet) {
		if (got >= 0)
			close(got);
		return 0;
	}
	return s->all->o.packet(s->all->o.user, s->index, (pb_bytes){packet, (size_t)n}, got);
}

static void on_front_died(void *user, uint32_t process, int status)
{
	pb_slot *s = user;
	char words[100];
	if (s->front != process)
		return; /* one that was replaced already */
	s->front = 0;
	close_control(s);
	pb_status_words(status, words, sizeof words);
	if (s->front_overran)
		snprintf(s->front_why, sizeof s->front_why, "took longer than %u s", s->all->o.job_seconds);
	else
		snprintf(s->front_why, sizeof s->front_why, "%s died: %s", s->all->o.front, words);
	s->front_dead = true;
}

static int start_front(pb_slot *s, pb_error *err)
{
	pb_lanes *l = s->all;
	int pair[2];
	if (socketpair(AF_UNIX, (tracks(l) ? SOCK_SEQPACKET : SOCK_STREAM) | SOCK_CLOEXEC, 0, pair) < 0)
		return pb_fail(err, PB_EIO, "socketpair: %s", strerror(errno));
	int fds[2] = {pair[1], s->memory};
	int rc = pb_template_spawn(l->o.fronts, l->o.front, fds, 2, l->args, on_front_died, s, &s->front, err);
	close(pair[1]);
	if (!rc)
		rc = pb_loop_add(l->o.loop, pair[0], on_control, s);
	if (rc) {
		close(pair[0]);
		s->front = 0;
		return rc;
	}
	s->control = pair[0];
	s->front_overran = false;
	return 0;
}

static int open_slot(pb_lanes *l, size_t i, pb_error *err)
{
	pb_slot *s = &l->slot[i];
	s->all = l;
	s->index = i;
	s->socket = s->control = -1;
	s->memory = pb_lane_create();
	s->excused = json_object();
	if (s->memory < 0 || !s->excused)
		return pb_fail(err, PB_EIO, "no memory for a lane: %s", strerror(errno));
	s->watch = pb_lane_open(s->memory, false, err);
	return s->watch ? 0 : err->code;
}

int pb_lanes_new(const pb_lanes_options *o, pb_lanes **out, pb_error *err)
{
	pb_lanes *l = calloc(1, sizeof *l);
	int rc = l ? 0 : PB_ENOMEM;
	if (!rc) {
		l->o = *o;
		l->args = o->front_args ? json_deep_copy(o->front_args) : NULL;
		l->aside = json_object();
		l->killers = json_object();
		l->slot = calloc(o->n, sizeof *l->slot);
		rc = l->aside && l->killers && l->slot ? 0 : PB_ENOMEM;
	}
	if (rc) {
		pb_fail(err, rc, "out of memory");
		pb_lanes_free(l);
		return rc;
	}
	for (; l->n < o->n && !rc; l->n++)
		rc = open_slot(l, l->n, err);
	if (rc) {
		pb_lanes_free(l);
		return err && err->code ? rc : pb_fail(err, rc, "cannot watch lanes");
	}
	*out = l;
	return 0;
}

void pb_lanes_free(pb_lanes *l)
{
	if (!l)
		return;
	for (size_t i = 0; i < l->n; i++) {
		pb_slot *s = &l->slot[i];
		if (s->front)
			pb_template_forget(l->o.fronts, s->front);
		if (s->worker)
			pb_template_forget(l->o.workers, s->worker);
		close_control(s);
		if (s->socket >= 0) {
			pb_loop_remove(l->o.loop, s->socket);
			close(s->socket);
		}
		pb_lane_free(s->watch);
		if (s->memory >= 0)
			close(s->memory);
		json_decref(s->excused);
		pb_buf_free(&s->in);
	}
	json_decref(l->args);
	json_decref(l->aside);
	json_decref(l->killers);
	free(l->slot);
	free(l);
}

size_t pb_lanes_idle(const pb_lanes *l)
{
	for (size_t i = 0; i < l->n; i++)
		if (!l->slot[i].busy && !l->slot[i].front_dead)
			return i;
	return SIZE_MAX;
}

static int ready(pb_slot *s, pb_error *err)
{
	int rc = s->worker ? 0 : pb_slot_start_worker(s, NULL);
	if (rc) {
		if (err)
			*err = s->all->err;
		return rc;
	}
	return s->front ? 0 : start_front(s, err);
}

int pb_lanes_job(pb_lanes *l, size_t lane, uint32_t tag, const json_t *job, int descriptor, pb_error *err)
{
	pb_slot *s = &l->slot[lane];
	char *text = json_dumps(job, JSON_COMPACT);
	int rc = text ? 0 : pb_fail(err, PB_ENOMEM, "out of memory");
	for (int attempt = 0; attempt < 3 && !rc; attempt++) {
		rc = ready(s, err);
		if (rc || pb_wire_send_fd(s->control, PB_MSG_JOB, tag, text, strlen(text), descriptor) == 0)
			break;
		/* It died between two jobs: a fresh one gets this one. */
		pb_template_forget(l->o.fronts, s->front);
		close_control(s);
		s->front = 0;
		if (attempt == 2)
			rc = pb_fail(err, PB_EIO, "%s processes end as soon as they are started", l->o.front);
	}
	free(text);
	if (!rc) {
		s->busy = true;
		s->tag = tag;
		s->due = l->o.job_seconds ? pb_now_ms() + (int64_t)l->o.job_seconds * 1000 : INT64_MAX;
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

/* The front has ended and what it left on the lane has been worked on: what it was at is lost, the rest of the run is not. */
static int settle(pb_slot *s)
{
	bool was = s->busy;
	s->front_dead = false;
	s->busy = false;
	if (!was && !tracks(s->all))
		return 0;
	return s->all->o.front_lost ? s->all->o.front_lost(s->all->o.user, s->index, s->tag, s->front_why) : 0;
}

int pb_lanes_tick(pb_lanes *l, bool *busy)
{
	int64_t now = pb_now_ms();
	int rc = 0;
	*busy = false;
	for (size_t i = 0; i < l->n && !rc; i++) {
		pb_slot *s = &l->slot[i];
		rc = pb_slot_watch(s, now);
		if (!rc && s->busy && s->front && !s->front_overran && now > s->due) {
			s->front_overran = true;
			pb_template_kill(l->o.fronts, s->front);
		}
		if (!rc && s->front_dead && pb_slot_drained(s))
			rc = settle(s);
		*busy |= s->busy || s->front_dead || (s->worker && !pb_slot_drained(s));
	}
	return rc ? rc : l->err.code;
}

void pb_lanes_fresh(pb_lanes *l)
{
	json_object_clear(l->aside);
	json_object_clear(l->killers);
}

size_t pb_lanes_deaths(const pb_lanes *l)
{
	return l->deaths;
}

const pb_error *pb_lanes_error(const pb_lanes *l)
{
	return &l->err;
}

size_t pb_lanes_size(const pb_lanes *l)
{
	return l->n;
}
