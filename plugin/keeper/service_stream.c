/* The threads of hosts: each has a ring and a tracker that reads it. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/text.h"
#include "keeper/service_parts.h"

enum { MAX_STREAMS = 4096 };

static void hang_up(pb_service *s, pb_stream *t)
{
	if (t->socket < 0)
		return;
	pb_loop_remove(s->loop, t->socket);
	close(t->socket);
	t->socket = -1;
}

/* A line in the log, and one in the store's. */
static void say(pb_service *s, const pb_stream *t, uint64_t scans, const char *why)
{
	char line[300];
	snprintf(line, sizeof line, "%llu %s of %s (process %ld) %s not assessed: %s", (unsigned long long)scans, scans == 1 ? "scan" : "scans",
	         t->host, (long)t->pid, scans == 1 ? "was" : "were", why);
	pb_service_log(s, LOG_ERR, "%s", line);
	if (s->o.store)
		pb_store_event(s->o.store, s->o.now(), line, NULL);
}

/* Scans of it that are still under way. */
static uint64_t open_scans(const pb_service *s, const pb_stream *t)
{
	uint64_t n = 0;
	for (const pb_case *c = s->cases; c; c = c->next) {
		const pb_case *o = s->cases;
		while (o != c && (o->stream != c->stream || o->scan != c->scan))
			o = o->next;
		n += o == c && c->stream == t->id;
	}
	return n;
}

/* What its host told of the beginning of, and nobody ever will hear the end of. */
static void count_left(pb_service *s, const pb_stream *t)
{
	uint64_t scans = *pb_ring_word(t->ring, PB_WORD_SCANS), heard = *pb_ring_word(t->ring, PB_WORD_SETTLED) + open_scans(s, t);
	*pb_ring_word(t->ring, PB_WORD_COUNTED) = scans + 1;
	if (!s->o.groups && heard < scans && scans <= UINT32_MAX)
		say(s, t, scans - heard, "whoever followed it has ended");
}

void pb_stream_settled(pb_service *s, uint32_t stream)
{
	for (const pb_stream *t = s->streams; t; t = t->next)
		if (t->id == stream)
			*pb_ring_word(t->ring, PB_WORD_SETTLED) += 1;
}

void pb_stream_close(pb_service *s, pb_stream *t)
{
	count_left(s, t);
	for (pb_stream **at = &s->streams; *at; at = &(*at)->next)
		if (*at == t) {
			*at = t->next;
			break;
		}
	hang_up(s, t);
	pb_ring_free(t->ring);
	free(t);
}

static int on_stream_end(void *user, int fd, uint32_t events)
{
	pb_stream *t = user;
	(void)fd;
	(void)events;
	hang_up(t->of->service, t);
	return 0;
}

pb_stream *pb_stream_find(pb_service *s, const pb_generation *g, size_t lane, uint32_t id)
{
	pb_stream *t = s->streams;
	while (t && (t->id != id || t->of != g || t->lane != lane))
		t = t->next;
	return t;
}

void pb_stream_engine(pb_service *s, const pb_stream *t, uint32_t engine)
{
	pb_engine_seen *seen = &s->engine[0];
	if (engine == 0 || !s->o.engine_replaced)
		return;
	for (size_t i = 0; i < ENGINES && seen->pid != t->pid; i++)
		if (s->engine[i].pid == t->pid || s->engine[i].last < seen->last)
			seen = &s->engine[i];
	if (seen->pid == t->pid && engine > seen->number)
		s->o.engine_replaced(s->o.user, t->host);
	if (seen->pid != t->pid || engine > seen->number)
		*seen = (pb_engine_seen){.pid = t->pid, .number = engine};
	seen->last = ++s->engine_clock;
}

void pb_stream_verdict_to(pb_service *s, uint32_t stream, uint32_t scan, const char *alert)
{
	pb_stream_verdict v = {.type = PB_STREAM_VERDICT, .scan = scan, .alert = alert != NULL};
	if (alert)
		snprintf(v.name, sizeof v.name, "%s", alert);
	for (pb_stream *t = s->streams; t; t = t->next)
		if (t->id == stream && t->socket >= 0 && send(t->socket, &v, sizeof v, MSG_DONTWAIT | MSG_NOSIGNAL) < 0)
			return; /* where it does not listen it does not wait */
}

static size_t lane_with_fewest(const pb_service *s, size_t lanes)
{
	size_t best = 0, least = SIZE_MAX;
	for (size_t i = 0; i < lanes; i++) {
		size_t n = 0;
		for (const pb_stream *t = s->streams; t; t = t->next)
			n += t->of == s->now && t->lane == i && t->socket >= 0;
		if (n < least) {
			least = n;
			best = i;
		}
	}
	return best;
}

static int send_with_fd(int socket, const void *packet, size_t n, int fd)
{
	char control[CMSG_SPACE(sizeof fd)] = {0};
	struct iovec part = {(void *)packet, n};
	struct msghdr m = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
	struct cmsghdr *c = CMSG_FIRSTHDR(&m);
	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof fd);
	memcpy(CMSG_DATA(c), &fd, sizeof fd);
	return sendmsg(socket, &m, MSG_DONTWAIT | MSG_NOSIGNAL) < 0 ? PB_EIO : 0;
}

static void copy_text(char *out, size_t size, const char *raw, size_t n)
{
	char *shown = pb_text_display((const uint8_t *)raw, strnlen(raw, n), 0);
	snprintf(out, size, "%s", shown ? shown : "");
	free(shown);
}

/* A hook says hello: it gets a ring, and its socket goes to a tracker. */
int pb_stream_add(pb_service *s, int socket, const struct ucred *who, const pb_stream_hello *hello)
{
	size_t n = 0;
	for (const pb_stream *t = s->streams; t; t = t->next)
		n++;
	if (hello->magic != PB_EVENT_MAGIC || n >= MAX_STREAMS)
		return PB_ECORRUPT;
	pb_stream *t = calloc(1, sizeof *t);
	int ring = t ? pb_ring_create("probity-stream", PB_EVENT_RING, 0) : -1;
	if (ring >= 0)
		t->ring = pb_ring_open(ring, false);
	if (!t || ring < 0 || !t->ring) {
		if (ring >= 0)
			close(ring);
		free(t);
		return PB_ENOMEM;
	}
	t->id = ++s->last_stream;
	t->of = s->now;
	t->lane = lane_with_fewest(s, s->now->trackers ? pb_lanes_size(s->now->trackers) : 1);
	t->socket = socket;
	t->uid = who->uid;
	t->pid = who->pid;
	copy_text(t->host, sizeof t->host, hello->host, sizeof hello->host);
	copy_text(t->clamav, sizeof t->clamav, hello->clamav, sizeof hello->clamav);
	pb_stream_welcome w = {.type = PB_STREAM_WELCOME, .magic = PB_EVENT_MAGIC, .room_us = s->o.config->room_us, .replay = s->o.config->keep_cache,
	                       .wait_ms = s->o.config->alert == PB_ALERT_NEVER ? 0 : s->o.config->deadline_ms};
	int rc = pb_lanes_stream(s->now->trackers, t->lane, t->id, ring, socket, &s->err);
	if (rc)
		pb_service_log(s, LOG_ERR, "%s", s->err.text);
	s->err.code = 0;
	rc = rc ? rc : send_with_fd(socket, &w, sizeof w, ring);
	rc = rc ? rc : pb_loop_add_end(s->loop, socket, on_stream_end, t);
	close(ring);
	if (rc) {
		pb_ring_free(t->ring);
		free(t);
		return rc;
	}
	t->next = s->streams;
	s->streams = t;
	if (hello->missed && !s->o.private_use)
		say(s, t, hello->missed, "no keeper listened, or it was killed");
	return 0;
}
