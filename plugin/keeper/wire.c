#include "keeper/wire.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { HEADER = 5 };

static int write_all(int fd, const uint8_t *p, size_t n)
{
	while (n > 0) {
		/* MSG_NOSIGNAL: a dead peer is an error here, not a SIGPIPE that ends the process. */
		ssize_t w = send(fd, p, n, MSG_NOSIGNAL);
		if (w < 0) {
			if (errno == EINTR)
				continue;
			return PB_EIO;
		}
		p += w;
		n -= (size_t)w;
	}
	return 0;
}

static int read_all(int fd, uint8_t *p, size_t n)
{
	size_t got = 0;
	while (got < n) {
		ssize_t r = read(fd, p + got, n - got);
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

static uint32_t header_length(const uint8_t h[HEADER])
{
	return (uint32_t)h[0] | (uint32_t)h[1] << 8 | (uint32_t)h[2] << 16 | (uint32_t)h[3] << 24;
}

static bool known(uint8_t type)
{
	return type != 0 && strchr("JRLDIOXE", type) != NULL;
}

int pb_wire_send(int fd, pb_message type, const void *payload, size_t n)
{
	if (n > PB_WIRE_MAX)
		return PB_ELIMIT;
	uint8_t h[HEADER] = {(uint8_t)n, (uint8_t)(n >> 8), (uint8_t)(n >> 16), (uint8_t)(n >> 24), (uint8_t)type};
	int rc = write_all(fd, h, sizeof h);
	return rc ? rc : write_all(fd, payload, n);
}

int pb_wire_receive(int fd, pb_message *type, pb_buf *payload)
{
	uint8_t h[HEADER], chunk[65536];
	payload->size = 0;
	int rc = read_all(fd, h, sizeof h);
	if (rc <= 0)
		return rc;
	size_t left = header_length(h);
	if (left > PB_WIRE_MAX || !known(h[4]))
		return PB_ECORRUPT;
	*type = (pb_message)h[4];
	while (left > 0) {
		size_t n = left < sizeof chunk ? left : sizeof chunk;
		rc = read_all(fd, chunk, n);
		if (rc <= 0)
			return PB_EIO;
		rc = pb_buf_add(payload, chunk, n);
		if (rc)
			return rc;
		left -= n;
	}
	return 1;
}

int pb_wire_take(const pb_buf *in, size_t *at, pb_message *type, pb_bytes *payload)
{
	if (in->size - *at < HEADER)
		return 0;
	const uint8_t *h = in->data + *at;
	size_t n = header_length(h);
	if (n > PB_WIRE_MAX || !known(h[4]))
		return PB_ECORRUPT;
	if (in->size - *at - HEADER < n)
		return 0;
	*type = (pb_message)h[4];
	*payload = (pb_bytes){h + HEADER, n};
	*at += HEADER + n;
	return 1;
}
