/* The keeper's end of a thread: is it there, is it still ours? */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "clamav/hook.h"

int64_t pb_now_ns(void)
{
	struct timespec t = {0};

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

bool pb_stream_mine(const pb_stream *st)
{
	return st->pid != 0 && st->pid == getpid();
}

/* Hosts that become daemons close whatever descriptors there are, and then the number is somebody else's: nothing is
 * sent to it then. */
bool pb_stream_same(const pb_stream *st)
{
	struct stat now;

	return st->socket >= 0 && fstat(st->socket, &now) == 0 && S_ISSOCK(now.st_mode) && now.st_dev == st->device &&
	       now.st_ino == st->inode;
}

static atomic_uint missed;
static atomic_int missed_in; /* the process that counted: a forked child has missed nothing yet */

void pb_missed_add(uint32_t n)
{
	int me = (int)getpid();

	if (atomic_exchange(&missed_in, me) != me)
		atomic_store(&missed, 0);
	atomic_fetch_add(&missed, n);
}

uint32_t pb_missed_take(void)
{
	return atomic_load(&missed_in) == (int)getpid() ? atomic_exchange(&missed, 0) : 0;
}

/* Where the other side has hung up: without a word it was killed, and what it was still at went with it. */
static void count_missed(const pb_stream *st)
{
	uint64_t scans = atomic_load(pb_ring_word(st->ring, PB_WORD_SCANS));
	uint64_t counted = atomic_load(pb_ring_word(st->ring, PB_WORD_COUNTED));
	uint64_t settled = counted > 0 ? counted - 1 : atomic_load(pb_ring_word(st->ring, PB_WORD_SETTLED));
	char byte;

	if (settled < scans && scans <= st->scans && pb_stream_same(st) &&
	    recv(st->socket, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0)
		pb_missed_add((uint32_t)(scans - settled));
}

void pb_stream_drop(pb_stream *st)
{
	int64_t opened = pb_stream_mine(st) ? st->opened_ns : 0;
	int saved = errno;

	if (st->ring != NULL) {
		if (pb_stream_mine(st)) {
			count_missed(st);
			pb_ring_close(st->ring); /* the parent of a forked child goes on using it */
		}
		pb_ring_free(st->ring);
	}
	if (st->pid != 0 && pb_stream_same(st))
		(void)close(st->socket);
	*st = (pb_stream){.socket = -1, .opened_ns = opened};
	errno = saved;
}

/* Takes what came too late for the scan that it was for. false: the other side hung up. */
static bool drain(const pb_stream *st)
{
	char late[256];
	ssize_t n = 1;

	for (int i = 0; i < 64 && n > 0; i++) {
		n = recv(st->socket, late, sizeof late, MSG_DONTWAIT);
		if (n < 0 && errno == EINTR)
			n = 1;
	}
	return n > 0 || (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK));
}

bool pb_stream_open(pb_stream *st)
{
	bool there, retired;

	if (st->pid == 0)
		return false;
	there = pb_stream_mine(st) && !pb_ring_gone(st->ring) && pb_stream_same(st) && drain(st);
	retired = pb_stream_mine(st) &&
	          atomic_load(pb_ring_word(st->ring, there ? PB_WORD_RETIRE : PB_WORD_COUNTED)) != 0;
	if (there && !retired)
		return true;
	pb_stream_drop(st);
	if (retired)
		st->opened_ns = 0; /* we are asked to come again: at once */
	return false;
}

bool pb_stream_send_fd(pb_stream *st, const pb_stream_descriptor *message, int fd)
{
	union {
		struct cmsghdr align;
		char space[CMSG_SPACE(sizeof fd)];
	} control;
	struct iovec part = {.iov_base = (void *)message, .iov_len = sizeof *message};
	struct msghdr m = {
	    .msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
	struct cmsghdr *c;

	if (!pb_stream_same(st))
		return false;
	memset(&control, 0, sizeof control);
	c = CMSG_FIRSTHDR(&m);
	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof fd);
	memcpy(CMSG_DATA(c), &fd, sizeof fd);
	return sendmsg(st->socket, &m, MSG_DONTWAIT | MSG_NOSIGNAL) == (ssize_t)sizeof *message;
}
