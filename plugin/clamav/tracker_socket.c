#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "clamav/tracker_stream.h"

enum { MESSAGES = 256, DESCRIPTORS = 8 }; /* of one turn; of one message */

/* The descriptors of a message. The first is returned (-1: none), others are closed: nobody sends more than one. */
static int first_descriptor(struct msghdr *m)
{
	int first = -1;

	for (struct cmsghdr *c = CMSG_FIRSTHDR(m); c != NULL; c = CMSG_NXTHDR(m, c)) {
		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
			continue;
		for (size_t at = 0; at + sizeof(int) <= c->cmsg_len - CMSG_LEN(0); at += sizeof(int)) {
			int fd;

			memcpy(&fd, CMSG_DATA(c) + at, sizeof fd);
			if (first < 0)
				first = fd;
			else
				(void)close(fd);
		}
	}
	return first;
}

static void on_message(pb_trail_socket *s, const void *bytes, size_t n, int fd)
{
	pb_stream_descriptor d;

	if (n == sizeof d && fd >= 0) {
		memcpy(&d, bytes, sizeof d);
		if (d.type == PB_STREAM_DESCRIPTOR) {
			s->waiting[s->n++] = (pb_received){d.scan, d.serial, fd};
			return;
		}
	}
	if (fd >= 0)
		(void)close(fd);
}

void pb_socket_drain(pb_trail_socket *s)
{
	for (unsigned i = 0; i < MESSAGES && !s->hung && s->n < PB_TRAIL_WAITING; i++) {
		union {
			char room[CMSG_SPACE(DESCRIPTORS * sizeof(int))];
			struct cmsghdr align;
		} ancillary;
		char bytes[256];
		struct iovec part = {bytes, sizeof bytes};
		struct msghdr m = {.msg_iov = &part,
		                   .msg_iovlen = 1,
		                   .msg_control = ancillary.room,
		                   .msg_controllen = sizeof ancillary.room};
		ssize_t n = recvmsg(s->fd, &m, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			return;
		if (n <= 0) { /* nobody sends empty messages */
			s->hung = true;
			return;
		}
		on_message(s, bytes, (size_t)n, first_descriptor(&m));
	}
}

/* Gives up the n oldest. */
static void forget(pb_trail_socket *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (s->waiting[i].fd >= 0)
			(void)close(s->waiting[i].fd);
	memmove(s->waiting, s->waiting + n, (s->n - n) * sizeof s->waiting[0]);
	s->n -= n;
}

static int take(pb_trail_socket *s, uint32_t scan, uint32_t serial)
{
	for (size_t i = 0; i < s->n; i++) {
		int fd = s->waiting[i].fd;

		if (s->waiting[i].scan != scan || s->waiting[i].serial != serial)
			continue;
		s->waiting[i].fd = -1;
		forget(s, i + 1); /* they come in the order of the events: what is older is wanted by nobody */
		return fd;
	}
	return -1;
}

int pb_socket_take(pb_trail_socket *s, uint32_t scan, uint32_t serial)
{
	int fd = take(s, scan, serial);

	if (fd >= 0 || s->hung)
		return fd;
	if (s->n == PB_TRAIL_WAITING)
		forget(s, s->n);
	pb_socket_drain(s);
	return take(s, scan, serial);
}

void pb_socket_close(pb_trail_socket *s)
{
	forget(s, s->n);
	if (s->fd >= 0) {
		(void)shutdown(s->fd, SHUT_RDWR); /* the keeper holds it as well */
		(void)close(s->fd);
	}
	s->fd = -1;
	s->hung = true;
}
