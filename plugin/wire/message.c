#include "wire/message.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

enum { HEADER = 9 }; /* length, type, tag */

static void put32(uint8_t *p, uint32_t v)
{
	for (int i = 0; i < 4; i++)
		p[i] = (uint8_t)(v >> 8 * i);
}

static uint32_t get32(const uint8_t *p)
{
	return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static bool known(uint8_t type)
{
	return type != 0 && strchr("JBPRLDIKGOXE", type) != NULL;
}

/* The descriptor rides on the first bytes; the rest follows without it. */
static int write_all(int fd, struct iovec *part, int parts, int descriptor)
{
	char control[CMSG_SPACE(sizeof(int))] = {0};
	struct msghdr m = {.msg_iov = part, .msg_iovlen = (size_t)parts};
	if (descriptor >= 0) {
		m.msg_control = control;
		m.msg_controllen = sizeof control;
		struct cmsghdr *c = CMSG_FIRSTHDR(&m);
		c->cmsg_level = SOL_SOCKET;
		c->cmsg_type = SCM_RIGHTS;
		c->cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(c), &descriptor, sizeof descriptor);
	}
	while (m.msg_iovlen > 0) {
		/* MSG_NOSIGNAL: a dead peer is an error here, not a SIGPIPE that ends the process. */
		ssize_t w = sendmsg(fd, &m, MSG_NOSIGNAL);
		if (w < 0) {
			if (errno == EINTR)
				continue;
			return PB_EIO;
		}
		m.msg_control = NULL;
		m.msg_controllen = 0;
		while (m.msg_iovlen > 0 && (size_t)w >= m.msg_iov->iov_len) {
			w -= (ssize_t)m.msg_iov->iov_len;
			m.msg_iov++;
			m.msg_iovlen--;
		}
		if (m.msg_iovlen > 0) {
			m.msg_iov->iov_base = (char *)m.msg_iov->iov_base + w;
			m.msg_iov->iov_len -= (size_t)w;
		}
	}
	return 0;
}

int pb_wire_send_fd(int fd, pb_message type, uint32_t tag, const void *payload, size_t n, int descriptor)
{
	if (n > PB_WIRE_MAX)
		return PB_ELIMIT;
	uint8_t h[HEADER];
	put32(h, (uint32_t)n);
	h[4] = (uint8_t)type;
	put32(h + 5, tag);
	struct iovec part[2] = {{h, sizeof h}, {(void *)payload, n}};
	return write_all(fd, part, n ? 2 : 1, descriptor);
}

int pb_wire_send(int fd, pb_message type, uint32_t tag, const void *payload, size_t n)
{
	return pb_wire_send_fd(fd, type, tag, payload, n, -1);
}

/* One read that also takes descriptors in; of several, the first counts. */
static ssize_t receive_some(int fd, uint8_t *p, size_t n, int *descriptor)
{
	char control[CMSG_SPACE(8 * sizeof(int))];
	struct iovec part = {p, n};
	struct msghdr m = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
	ssize_t r = recvmsg(fd, &m, MSG_CMSG_CLOEXEC);
	for (struct cmsghdr *c = r >= 0 ? CMSG_FIRSTHDR(&m) : NULL; c; c = CMSG_NXTHDR(&m, c)) {
		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
			continue;
		for (size_t at = 0; at + sizeof(int) <= c->cmsg_len - CMSG_LEN(0); at += sizeof(int)) {
			int got;
			memcpy(&got, CMSG_DATA(c) + at, sizeof got);
			if (descriptor && *descriptor < 0)
				*descriptor = got;
			else
				close(got);
		}
	}
	return r;
}

static int read_all(int fd, uint8_t *p, size_t n, int *descriptor)
{
	size_t got = 0;
	while (got < n) {
		ssize_t r = receive_some(fd, p + got, n - got, descriptor);
		if (r < 0 && errno == EINTR)
			continue;
		if (r < 0)
			return PB_EIO;
		if (r == 0)
			return got == 0 ? 0 : PB_EIO;
		got += (size_t)r;
	}
	return 1;
}

int pb_wire_receive(int fd, pb_message *type, uint32_t *tag, pb_buf *payload, int *descriptor)
{
	uint8_t h[HEADER], chunk[65536];
	payload->size = 0;
	if (descriptor)
		*descriptor = -1;
	int rc = read_all(fd, h, sizeof h, descriptor);
	if (rc <= 0)
		return rc;
	size_t left = get32(h);
	if (left > PB_WIRE_MAX || !known(h[4]))
		return PB_ECORRUPT;
	*type = (pb_message)h[4];
	*tag = get32(h + 5);
	while (left > 0) {
		size_t n = left < sizeof chunk ? left : sizeof chunk;
		rc = read_all(fd, chunk, n, NULL);
		if (rc <= 0)
			return PB_EIO;
		rc = pb_buf_add(payload, chunk, n);
		if (rc)
			return rc;
		left -= n;
	}
	return 1;
}

int pb_wire_take(const pb_buf *in, size_t *at, pb_message *type, uint32_t *tag, pb_bytes *payload)
{
	if (in->size - *at < HEADER)
		return 0;
	const uint8_t *h = in->data + *at;
	size_t n = get32(h);
	if (n > PB_WIRE_MAX || !known(h[4]))
		return PB_ECORRUPT;
	if (in->size - *at - HEADER < n)
		return 0;
	*type = (pb_message)h[4];
	*tag = get32(h + 5);
	*payload = (pb_bytes){h + HEADER, n};
	*at += HEADER + n;
	return 1;
}
