#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "clamav/record_out.h"
#include "clamav/tracker_scan.h"

enum { PACKET = 65000 }; /* bytes that the keeper takes at once */

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

/* {"unpack":{"tag","path","kind"}}, of what is hidden {..,"hidden":true,"sha256","size","inside"?,"payload"?}, as text; NULL: memory ran out. */
static char *request_of(const pb_product *p, const pb_container *what)
{
	const struct {
		const char *key;
		bool is;
	} flags[] = {{"hidden", what->hidden}, {"inside", what->inside}, {"payload", what->payload}};
	json_t *job = json_pack("{s:I,s:o,s:s}", "tag", (json_int_t)p->tag, "path", pb_product_shown(p, what->path), "kind",
	                        what->kind != NULL ? what->kind : "");
	json_t *request;
	char *text = NULL;

	for (size_t i = 0; job != NULL && i < sizeof flags / sizeof flags[0]; i++)
		if (flags[i].is && json_object_set_new(job, flags[i].key, json_true()) != 0) {
			json_decref(job);
			job = NULL;
		}
	if (job != NULL && what->hidden &&
	    (json_object_set_new(job, "sha256", json_string(what->sha256)) != 0 ||
	     json_object_set_new(job, "size", json_integer((json_int_t)what->size)) != 0)) {
		json_decref(job);
		job = NULL;
	}
	request = job != NULL ? json_pack("{s:o}", "unpack", job) : NULL;
	if (request != NULL)
		text = pb_json_canonical(request);
	json_decref(request);
	return text;
}

static bool is_spent(const pb_product *p, const pb_container *what)
{
	return p->unpacks >= PB_TRACKED_UNPACKS ||
	       (what->bytes != NULL && what->size > PB_TRACKED_UNPACK_BYTES - p->unpack_bytes);
}

void pb_product_unpack(pb_tracker *t, pb_product *p, const pb_container *what)
{
	const char *failed = NULL;
	char *text = NULL;
	int own = -1, fd = -1;

	if (what->path->n - p->strip >= pb_budget_default.depth)
		failed = "nested deeper than the depth budget";
	else if (is_spent(p, what) && what->hidden)
		failed = "not opened: ClamAV knew it, and the product's budget for opening such objects again is spent";
	else if (is_spent(p, what))
		failed = "not opened: the product's budget for containers that ClamAV does not open is spent";
	else if ((text = request_of(p, what)) == NULL)
		failed = "not opened: " PB_WHY_MEMORY;
	else if (strlen(text) > PACKET)
		failed = "not opened: its path is too long";
	if (failed == NULL) {
		if (what->bytes != NULL)
			own = memfd_of((pb_bytes){what->bytes, (size_t)what->size});
		fd = what->bytes != NULL ? own : what->fd;
		if (fd < 0)
			failed = "not opened: " PB_WHY_MEMORY;
		else if (!send_packet(t->control, text, strlen(text), fd))
			failed = "not opened: the keeper did not take it";
	}
	if (failed != NULL) {
		pb_product_limit(t, p, what->path, failed);
	} else {
		p->unpacks++;
		p->unpack_bytes += what->bytes != NULL ? what->size : 0;
	}
	if (own >= 0)
		(void)close(own);
	free(text);
}
