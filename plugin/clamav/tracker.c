#include "clamav/tracker.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/log.h"
#include "box/box.h"
#include "clamav/tracker_stream.h"

enum { STREAMS = 4096, CONTROL_STREAM = 1, DESCRIPTORS = 8, BEAT_MS = 1000 };

typedef struct watch {
	pb_tracker tracker;
	pb_trail **stream;
	struct pollfd *poll; /* the control socket, then a socket for each stream */
	size_t n;
	bool over; /* the keeper hung up */
} watch;

static void add_stream(watch *w, uint32_t number, int ring, int socket)
{
	pb_trail *s;

	if (w->n == STREAMS) {
		pb_warn("tracker: more than %d streams: a host's thread is not followed", STREAMS);
		(void)close(ring);
		(void)close(socket);
		pb_trail_gone(&w->tracker, number);
		return;
	}
	s = pb_trail_new(&w->tracker, number, ring, socket);
	if (s != NULL) {
		w->stream[w->n++] = s;
		return;
	}
	pb_warn("tracker: stream %lu cannot be followed: no ring, or memory ran out", (unsigned long)number);
	pb_trail_gone(&w->tracker, number);
}

/* A packet of the keeper's with its descriptors; what is not a new stream is passed over. */
static void on_packet(watch *w, struct msghdr *m, const void *bytes, size_t n)
{
	struct {
		uint32_t type, stream;
	} packet = {0, 0};
	int fd[DESCRIPTORS];
	size_t got = 0;

	for (struct cmsghdr *c = CMSG_FIRSTHDR(m); c != NULL; c = CMSG_NXTHDR(m, c)) {
		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
			continue;
		for (size_t at = 0; at + sizeof(int) <= c->cmsg_len - CMSG_LEN(0) && got < DESCRIPTORS;
		     at += sizeof(int))
			memcpy(&fd[got++], CMSG_DATA(c) + at, sizeof(int));
	}
	if (n == sizeof packet)
		memcpy(&packet, bytes, sizeof packet);
	if (packet.type == CONTROL_STREAM && got == 2) {
		add_stream(w, packet.stream, fd[0], fd[1]);
		return;
	}
	while (got > 0)
		(void)close(fd[--got]);
}

static void read_control(watch *w)
{
	for (;;) {
		union {
			char room[CMSG_SPACE(DESCRIPTORS * sizeof(int))];
			struct cmsghdr align;
		} ancillary;
		char bytes[64];
		struct iovec part = {bytes, sizeof bytes};
		struct msghdr m = {.msg_iov = &part,
		                   .msg_iovlen = 1,
		                   .msg_control = ancillary.room,
		                   .msg_controllen = sizeof ancillary.room};
		ssize_t n = recvmsg(w->tracker.control, &m, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			return;
		if (n <= 0) {
			w->over = true;
			return;
		}
		on_packet(w, &m, bytes, (size_t)n);
	}
}

/* One round over all streams; those that are over go. True: something was done. */
static bool turn_all(watch *w)
{
	bool busy = false;
	size_t left = 0;

	for (size_t i = 0; i < w->n; i++) {
		if (pb_trail_turn(w->stream[i], &busy))
			w->stream[left++] = w->stream[i];
		else
			pb_trail_free(w->stream[i]);
	}
	w->n = left;
	return busy;
}

/* How long nothing can happen that poll would not tell, in milliseconds; never longer than the keeper may wait for a sign of life. */
static int nap(watch *w)
{
	int least = BEAT_MS;

	for (size_t i = 0; i < w->n && least != 0; i++) {
		int ms = pb_trail_nap(w->stream[i]);

		least = ms < least ? ms : least;
	}
	return least;
}

static int wait_for(watch *w, bool busy)
{
	w->poll[0] = (struct pollfd){.fd = w->tracker.control, .events = POLLIN};
	for (size_t i = 0; i < w->n; i++)
		w->poll[1 + i] = pb_trail_poll(w->stream[i]);
	if (poll(w->poll, 1 + w->n, busy ? 0 : nap(w)) < 0)
		return errno == EINTR ? PB_OK : PB_EIO;
	for (size_t i = 0; i < w->n; i++)
		if (w->poll[1 + i].revents != 0)
			pb_trail_readable(w->stream[i], w->poll[1 + i].revents);
	if (w->poll[0].revents != 0)
		read_control(w); /* last: it makes new streams, which were not polled */
	return PB_OK;
}

static int run(watch *w)
{
	int rc = PB_OK;

	while (rc == PB_OK && !w->over && w->tracker.failed == PB_OK) {
		bool busy;

		pb_lane_beat(w->tracker.lane);
		busy = turn_all(w);

		if (w->tracker.failed == PB_OK)
			rc = wait_for(w, busy);
	}
	return rc != PB_OK ? rc : w->tracker.failed;
}

static int open_all(watch *w, const pb_role_args *args, pb_error *err)
{
	const pb_box_limits limits = {.memory = (uint64_t)pb_json_int(args->args, "memory", 0), .memfd = true};
	int rc = pb_wants_read(args->args, &w->tracker.wants, err);

	if (rc != PB_OK)
		return rc;
	w->tracker.control = args->fd[0];
	/* Each tracker of a lane has numbers of its own: products of the one before may still be under way. */
	int64_t first = pb_json_int(args->args, "first_tag", PB_TRACKED_FIRST_TAG);
	w->tracker.next_tag = first >= PB_TRACKED_FIRST_TAG && first <= UINT32_MAX ? (uint32_t)first : PB_TRACKED_FIRST_TAG;
	w->tracker.event = malloc(PB_TRAIL_EVENT);
	w->stream = calloc(STREAMS, sizeof(pb_trail *));
	w->poll = calloc(STREAMS + 1, sizeof *w->poll);
	if (w->tracker.event == NULL || w->stream == NULL || w->poll == NULL)
		return pb_fail(err, PB_ENOMEM, "memory ran out");
	w->tracker.lane = pb_lane_open(args->fd[1], true, err);
	if (w->tracker.lane == NULL)
		return err->code != PB_OK ? err->code : PB_EIO;
	return pb_box_shut(&limits, err);
}

int pb_tracker_main(void *state, const pb_role_args *args)
{
	watch w = {.n = 0};
	pb_error err = {0};
	int rc = open_all(&w, args, &err);

	(void)state;
	if (rc == PB_OK)
		rc = run(&w);
	else
		pb_complain("tracker: %s", err.text);
	/* The keeper is gone, or the lane: nobody waits for what is still open. */
	w.tracker.failed = PB_EIO;
	for (size_t i = 0; i < w.n; i++)
		pb_trail_free(w.stream[i]);
	if (w.tracker.lane != NULL)
		pb_lane_close(w.tracker.lane);
	pb_lane_free(w.tracker.lane);
	pb_wants_free(&w.tracker.wants);
	free(w.tracker.event);
	free(w.stream);
	free(w.poll);
	for (int i = 0; i < PB_ROLE_FDS; i++)
		if (args->fd[i] >= 0)
			(void)close(args->fd[i]);
	return rc == PB_OK ? 0 : 1;
}
