/* The reader's half: asks a keeper and takes its answer apart. */
#include "keeper/query.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "wire/event.h"

enum { TRY_AGAIN_MS = 20, SPARE_DESCRIPTORS = 8 };

static int64_t now_ms(void)
{
	struct timespec t = {0};
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int nobody(const char *path, const char *why, pb_error *err)
{
	return pb_fail(
	    err, PB_EIO,
	    "no keeper answers at %s: %s; start it (systemctl start probityd.socket) or name a store with --store",
	    path, why);
}

/* A connected socket that never blocks, or a code. A keeper whose queue is full is asked again until the deadline. */
static int reach(const char *path, int64_t deadline, pb_error *err)
{
	struct sockaddr_un to = {.sun_family = AF_UNIX};
	size_t n = strlen(path);
	if (n == 0 || n >= sizeof to.sun_path)
		return pb_fail(err, PB_EINPUT, "%s: a socket's name has 1 to %zu bytes", path, sizeof to.sun_path - 1);
	memcpy(to.sun_path, path, n);
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return pb_fail(err, PB_EIO, "socket: %s", strerror(errno));
	while (connect(fd, (const struct sockaddr *)&to, sizeof to)) {
		bool again = errno == EAGAIN || errno == EINTR;
		const char *why = again ? "too many ask at once" : strerror(errno);
		if (!again || now_ms() >= deadline) {
			close(fd);
			return nobody(path, why, err);
		}
		(void)poll(NULL, 0, TRY_AGAIN_MS);
	}
	return fd;
}

static int wait_for(int fd, short what, int64_t deadline)
{
	for (;;) {
		struct pollfd p = {.fd = fd, .events = what};
		int64_t left = deadline - now_ms();
		int n = poll(&p, 1, left < 0 ? 0 : (int)left);
		if (n > 0)
			return 0;
		if (n == 0 || errno != EINTR)
			return -1;
	}
}

static int send_request(int fd, const char *path, const char *text, int64_t deadline, pb_error *err)
{
	uint32_t type = PB_STREAM_QUERY;
	struct iovec parts[] = {{&type, sizeof type}, {(void *)(uintptr_t)text, strlen(text)}};
	struct msghdr m = {.msg_iov = parts, .msg_iovlen = 2};
	if (parts[1].iov_len > PB_QUERY_MAX - sizeof type)
		return pb_fail(err, PB_EINPUT, "a question of %zu bytes is too long", parts[1].iov_len);
	while (sendmsg(fd, &m, MSG_NOSIGNAL) < 0) {
		if (errno == EINTR)
			continue;
		if (errno != EAGAIN || wait_for(fd, POLLOUT, deadline))
			return nobody(path, errno == EAGAIN ? "it does not take the question" : strerror(errno), err);
	}
	return 0;
}

/* Every descriptor of the message; the first of them is the answer, others do not belong there and are closed. */
static int descriptor_of(struct msghdr *m)
{
	int first = -1, fd;
	for (struct cmsghdr *c = CMSG_FIRSTHDR(m); c; c = CMSG_NXTHDR(m, c)) {
		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
			continue;
		for (size_t at = 0; at + sizeof fd <= c->cmsg_len - CMSG_LEN(0); at += sizeof fd) {
			memcpy(&fd, CMSG_DATA(c) + at, sizeof fd);
			if (first < 0)
				first = fd;
			else
				close(fd);
		}
	}
	return first;
}

static int receive(int fd, const char *path, int64_t deadline, int *answer, pb_error *err)
{
	union {
		struct cmsghdr align;
		char space[CMSG_SPACE(SPARE_DESCRIPTORS * sizeof(int))];
	} control;
	uint32_t type = 0;
	struct iovec part = {&type, sizeof type};
	struct msghdr m = {
	    .msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
	ssize_t n;
	do {
		if (wait_for(fd, POLLIN, deadline))
			return nobody(path, "it does not answer in time", err);
		n = recvmsg(fd, &m, MSG_CMSG_CLOEXEC);
	} while (n < 0 && (errno == EINTR || errno == EAGAIN));
	if (n < 0 && errno != ECONNRESET)
		return nobody(path, strerror(errno), err);
	if (n <= 0)
		return nobody(path,
		              "it closed the connection without an answer (see [access] in probity.conf, and its log)",
		              err);
	*answer = descriptor_of(&m);
	if (n != sizeof type || type != PB_STREAM_ANSWER || *answer < 0 || (m.msg_flags & (MSG_TRUNC | MSG_CTRUNC)))
		return pb_fail(err, PB_ECORRUPT, "%s: the answer is not one of a keeper", path);
	return 0;
}

static int one_line(const char *line, size_t n, int (*each)(void *user, const json_t *line), void *user, pb_error *err)
{
	json_t *j = pb_json_parse((pb_bytes){(const uint8_t *)line, n}, PB_QUERY_LINE, "the keeper's answer", err);
	const char *error = pb_json_str(j, "error", NULL);
	int rc;
	if (!j)
		return err && err->code ? err->code : PB_ECORRUPT;
	if (!json_is_object(j))
		rc = pb_fail(err, PB_ECORRUPT, "the keeper's answer: a line that is no object");
	else if (error)
		rc = pb_fail(err, PB_EINPUT, "%s", error);
	else
		rc = each(user, j);
	json_decref(j);
	return rc;
}

int pb_query_lines(const void *text, size_t n, int (*each)(void *user, const json_t *line), void *user, pb_error *err)
{
	const char *at = text, *end = n ? at + n : at;
	int rc = 0;
	while (at < end && !rc) {
		const char *stop = memchr(at, '\n', (size_t)(end - at));
		if (!stop)
			return pb_fail(err, PB_ECORRUPT, "the keeper's answer was cut short");
		rc = one_line(at, (size_t)(stop - at), each, user, err);
		at = stop + 1;
	}
	return rc;
}

/* Sealed: it can neither change nor shrink while it is mapped and read, and it is memory, which answers at once. */
static int read_answer(int fd, const char *path, int (*each)(void *user, const json_t *line), void *user, pb_error *err)
{
	const int needed = F_SEAL_SHRINK | F_SEAL_WRITE;
	int seals = fcntl(fd, F_GET_SEALS);
	struct stat st;
	if (seals < 0 || (seals & needed) != needed || fstat(fd, &st) || st.st_size < 0 || st.st_size > PB_QUERY_ANSWER)
		return pb_fail(err, PB_ECORRUPT, "%s: the answer is not one of a keeper", path);
	if (st.st_size == 0)
		return 0;
	void *text = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (text == MAP_FAILED)
		return pb_fail(err, PB_ENOMEM, "%s: no memory for an answer of %lld bytes", path,
		               (long long)st.st_size);
	int rc = pb_query_lines(text, (size_t)st.st_size, each, user, err);
	munmap(text, (size_t)st.st_size);
	return rc;
}

int pb_query_ask(const char *path, const json_t *request, int timeout_ms, int (*each)(void *user, const json_t *line),
                 void *user, pb_error *err)
{
	pb_error own = {0};
	int64_t deadline = now_ms() + timeout_ms;
	int answer = -1, fd = -1;
	const char *set = getenv("PROBITY_SOCKET");
	char *text = pb_json_canonical(request);
	if (!err)
		err = &own;
	if (!path)
		path = set && *set ? set : PB_SOCKET_DEFAULT;
	if (!text)
		return pb_fail(err, PB_ENOMEM, "out of memory");
	fd = reach(path, deadline, err);
	int rc = fd < 0 ? fd : send_request(fd, path, text, deadline, err);
	rc = rc ? rc : receive(fd, path, deadline, &answer, err);
	rc = rc ? rc : read_answer(answer, path, each, user, err);
	if (answer >= 0)
		close(answer);
	if (fd >= 0)
		close(fd);
	free(text);
	return rc;
}
