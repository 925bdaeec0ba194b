/* How a thread finds the keeper. Nothing here takes longer than PB_CONNECT_MS; where it fails, nobody tries for
 * PB_RETRY_MS. */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "clamav/hook.h"

static struct sockaddr_un address = {.sun_family = AF_UNIX};
static pthread_once_t once = PTHREAD_ONCE_INIT;
static atomic_llong quiet_until; /* monotonic; of the process `failed_in` */
static atomic_int failed_in, complained_in;

/* The environment is looked at once: other threads of the host may change it. */
static void find_address(void)
{
	const char *name = secure_getenv("PROBITY_SOCKET");

	if (name == NULL || name[0] == '\0')
		name = PB_SOCKET_DEFAULT;
	if (strlen(name) < sizeof address.sun_path) /* else it stays empty, and connecting fails */
		memcpy(address.sun_path, name, strlen(name) + 1);
}

/* To the system's log, by hand: syslog(3) would print on the host's stderr if it was opened so, takes a lock, and may
 * wait. */
static void complain(const char *what, int error)
{
	const struct sockaddr_un log = {.sun_family = AF_UNIX, .sun_path = "/dev/log"};
	char line[512];
	int fd, n;

	if (atomic_exchange(&complained_in, (int)getpid()) == (int)getpid())
		return;
	n = snprintf(line, sizeof line, "<28>probity[%d]: %.100s: %.120s%s%.80s: scans of %.60s are not assessed",
	             (int)getpid(), address.sun_path, what, error != 0 ? ": " : "",
	             error != 0 ? strerrordesc_np(error) : "", program_invocation_short_name);
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return;
	(void)sendto(fd, line, n > 0 ? strnlen(line, sizeof line) : 0, MSG_DONTWAIT | MSG_NOSIGNAL,
	             (const struct sockaddr *)&log, sizeof log);
	(void)close(fd);
}

static int left_ms(int64_t end)
{
	int64_t left = (end - pb_now_ns()) / 1000000;

	return left > 0 ? (int)left : 0;
}

/* A socket whose queue is full says EAGAIN, and gives no way of waiting for it. */
static int dial(int64_t end)
{
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0)
		return -1;
	while (connect(fd, (const struct sockaddr *)&address, sizeof address) != 0) {
		if ((errno != EAGAIN && errno != EINTR) || left_ms(end) == 0) {
			int saved = errno;
			(void)close(fd);
			errno = saved;
			return -1;
		}
		(void)poll(NULL, 0, 5);
	}
	return fd;
}

static bool greet(int fd, uint32_t missed)
{
	pb_stream_hello hello = {.type = PB_STREAM_HELLO, .magic = PB_EVENT_MAGIC, .missed = missed};
	const char *version = PB_REAL(cl_retver) != NULL ? PB_REAL(cl_retver)() : "";

	(void)snprintf(hello.host, sizeof hello.host, "%s", program_invocation_short_name);
	(void)snprintf(hello.clamav, sizeof hello.clamav, "%s", version != NULL ? version : "");
	return send(fd, &hello, sizeof hello, MSG_DONTWAIT | MSG_NOSIGNAL) == (ssize_t)sizeof hello;
}

/* Descriptors that came along; only the first is kept, and only when it is the only one. */
static int take_descriptor(struct msghdr *m)
{
	int kept = -1, fd, count = 0;

	for (struct cmsghdr *c = CMSG_FIRSTHDR(m); c != NULL; c = CMSG_NXTHDR(m, c)) {
		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
			continue;
		for (size_t at = 0; at + sizeof fd <= c->cmsg_len - CMSG_LEN(0); at += sizeof fd) {
			memcpy(&fd, CMSG_DATA(c) + at, sizeof fd);
			if (count++ == 0)
				kept = fd;
			else
				(void)close(fd);
		}
	}
	if (kept >= 0 && (count != 1 || (m->msg_flags & (MSG_CTRUNC | MSG_TRUNC)) != 0)) {
		(void)close(kept);
		kept = -1;
	}
	return kept;
}

/* The ring's descriptor, or -1. */
static int receive_welcome(int fd, pb_stream_welcome *welcome, int64_t end)
{
	union {
		struct cmsghdr align;
		char space[CMSG_SPACE(4 * sizeof(int))];
	} control;
	struct iovec part = {.iov_base = welcome, .iov_len = sizeof *welcome};
	struct msghdr m = {
	    .msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
	struct pollfd p = {.fd = fd, .events = POLLIN};
	ssize_t n = -1;
	int memfd;

	while (n < 0) {
		if (poll(&p, 1, left_ms(end)) == 0) {
			errno = ETIMEDOUT;
			return -1;
		}
		n = recvmsg(fd, &m, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
		if (n < 0 && errno != EAGAIN && errno != EINTR)
			return -1;
	}
	memfd = take_descriptor(&m);
	if (n == (ssize_t)sizeof *welcome && welcome->type == PB_STREAM_WELCOME && welcome->magic == PB_EVENT_MAGIC)
		return memfd;
	if (memfd >= 0)
		(void)close(memfd);
	errno = n == 0 ? ECONNREFUSED : EPROTO;
	return -1;
}

static void wake(void *user)
{
	pb_stream *st = user;
	const uint32_t message = PB_STREAM_WAKE;
	int saved = errno;

	if (pb_stream_same(st))
		(void)send(st->socket, &message, sizeof message, MSG_DONTWAIT | MSG_NOSIGNAL);
	errno = saved;
}

static bool open_ring(pb_stream *st, int fd, int memfd, const pb_stream_welcome *welcome)
{
	pb_ring *ring = pb_ring_open(memfd, true);
	struct stat now;

	if (ring != NULL && (pb_ring_most(ring) < PB_EVENT_RING / 4 || fstat(fd, &now) != 0)) {
		pb_ring_free(ring);
		ring = NULL;
		errno = EPROTO;
	}
	if (ring == NULL)
		return false;
	*st = (pb_stream){.pid = getpid(),
	                  .socket = fd,
	                  .device = now.st_dev,
	                  .inode = now.st_ino,
	                  .ring = ring,
	                  .replay = welcome->replay,
	                  .opened_ns = pb_now_ns()};
	st->wait_ms = welcome->wait_ms < PB_WAIT_MS_MOST ? welcome->wait_ms : PB_WAIT_MS_MOST;
	st->room_us = welcome->room_us < PB_ROOM_US_MOST ? welcome->room_us : PB_ROOM_US_MOST;
	pb_ring_on_wake(ring, wake, st);
	return true;
}

static const char *attempt(pb_stream *st)
{
	int64_t end = pb_now_ns() + (int64_t)PB_CONNECT_MS * 1000000;
	pb_stream_welcome welcome = {0};
	int fd = dial(end), memfd = -1;
	const char *failed = NULL;
	uint32_t missed;

	if (fd < 0)
		return "no connection to the keeper";
	missed = pb_missed_take();
	if (!greet(fd, missed))
		failed = "the keeper does not listen";
	else if ((memfd = receive_welcome(fd, &welcome, end)) < 0)
		failed = "no welcome by the keeper";
	else if (!open_ring(st, fd, memfd, &welcome))
		failed = "the keeper's ring";
	if (memfd >= 0)
		(void)close(memfd);
	if (failed != NULL) {
		int saved = errno;
		pb_missed_add(missed);
		(void)close(fd);
		errno = saved;
	}
	return failed;
}

bool pb_stream_connect(pb_stream *st)
{
	const int64_t retry = (int64_t)PB_RETRY_MS * 1000000, now = pb_now_ns();
	const char *failed;

	(void)pthread_once(&once, find_address);
	if (atomic_load(&failed_in) == (int)getpid() && now < atomic_load(&quiet_until))
		return false;
	if (st->opened_ns != 0 && now - st->opened_ns < retry)
		return false; /* it welcomed this thread a moment ago and went away */
	failed = attempt(st);
	if (failed == NULL)
		return true;
	complain(failed, errno);
	atomic_store(&quiet_until, pb_now_ns() + retry);
	atomic_store(&failed_in, (int)getpid());
	return false;
}
