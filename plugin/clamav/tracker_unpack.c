#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "clamav/record_out.h"
#include "clamav/tracker_scan.h"

/* A memfd with these bytes; -1. */
static int memfd_of(pb_bytes bytes)
{
	int fd = memfd_create("probity-container", MFD_CLOEXEC);
	size_t at = 0;
	ssize_t n = 0;

	while (fd >= 0 && at < bytes.size) {
		n = write(fd, bytes.data + at, bytes.size - at);
		if (n <= 0 && errno != EINTR)
			break;
		at += n > 0 ? (size_t)n : 0;
	}
	if (fd >= 0 && at < bytes.size) {
		(void)close(fd);
		return -1;
	}
	return fd;
}

/* One packet with one descriptor. */
static bool send_packet(int control, const char *text, size_t n, int descriptor)
{
	union {
		char room[CMSG_SPACE(sizeof(int))];
		struct cmsghdr align;
	} ancillary = {.room = {0}};
	struct iovec part = {(char *)(uintptr_t)text, n};
	struct msghdr m = {
	    .msg_iov = &part, .msg_iovlen = 1, .msg_control = ancillary.room, .msg_controllen = sizeof ancillary.room};
	struct cmsghdr *c = CMSG_FIRSTHDR(&m);
	struct pollfd writable = {.fd = control, .events = POLLOUT};
	ssize_t sent;

	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(c), &descriptor, sizeof descriptor);
	for (;;) {
		sent = sendmsg(control, &m, MSG_NOSIGNAL);
		if (sent >= 0 || (errno != EINTR && errno != EAGAIN))
			return sent == (ssize_t)n;
		if (errno == EAGAIN)
			(void)poll(&writable, 1, -1);
	}
}

void pb_product_unpack(pb_tracker *t, pb_product *p, const pb_object *o, const json_t *path)
{
	json_t *request = NULL;
	char *text = NULL;
	int fd = -1;

	if (o->path->n - p->strip >= pb_budget_default.depth) {
		pb_product_limit(t, p, o->path, "nested deeper than the depth budget");
		return;
	}
	if (p->unpacks >= PB_TRACKED_UNPACKS || o->bytes.size > PB_TRACKED_UNPACK_BYTES - p->unpack_bytes) {
		pb_product_limit(t, p, o->path,
		                 "not opened: the product's budget for containers that ClamAV does not open is spent");
		return;
	}
	request =
	    json_pack("{s:{s:I,s:O,s:s}}", "unpack", "tag", (json_int_t)p->tag, "path", path, "kind", o->kind->name);
	text = request != NULL ? pb_json_canonical(request) : NULL;
	fd = text != NULL ? memfd_of(o->bytes) : -1;
	if (fd >= 0 && send_packet(t->control, text, strlen(text), fd)) {
		p->unpacks++;
		p->unpack_bytes += o->bytes.size;
	} else {
		pb_product_limit(t, p, o->path,
		                 text == NULL || fd < 0 ? "not opened: " PB_WHY_MEMORY
		                                        : "not opened: the keeper did not take it");
	}
	if (fd >= 0)
		(void)close(fd);
	free(text);
	json_decref(request);
}
