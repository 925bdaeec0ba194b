#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "cli/doctor.h"

enum { SECONDS = 60 /* a clamd that is loading its database answers late */ };

static int dial(const char *path, pb_error *err)
{
	struct sockaddr_un a = {.sun_family = AF_UNIX};
	struct timeval patience = {.tv_sec = SECONDS};
	int fd;

	if (strlen(path) >= sizeof a.sun_path)
		return pb_fail(err, PB_EINPUT, "%s: too long for a socket's name", path);
	(void)snprintf(a.sun_path, sizeof a.sun_path, "%s", path);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return pb_fail(err, PB_EIO, "socket: %s", strerror(errno));
	(void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
	(void)setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
	if (connect(fd, (struct sockaddr *)&a, sizeof a) != 0) {
		(void)pb_fail(err, PB_EIO, "%s: %s", path, strerror(errno));
		(void)close(fd);
		return PB_EIO;
	}
	return fd;
}

static int give(int fd, const void *data, size_t n, pb_error *err)
{
	const char *at = data;

	while (n > 0) {
		ssize_t sent = send(fd, at, n, MSG_NOSIGNAL);

		if (sent < 0 && errno == EINTR)
			continue;
		if (sent <= 0)
			return pb_fail(err, PB_EIO, "clamd takes no more: %s", strerror(errno));
		at += sent;
		n -= (size_t)sent;
	}
	return PB_OK;
}

/* An answer ends with a NUL, as the command did. */
static int take(int fd, char *answer, size_t n, pb_error *err)
{
	size_t used = 0;

	while (used < n - 1 && (used == 0 || answer[used - 1] != '\0')) {
		ssize_t got = recv(fd, answer + used, n - 1 - used, 0);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return pb_fail(err, PB_EIO, "clamd does not answer: %s",
			               errno == EAGAIN ? "it took longer than 60 s" : strerror(errno));
		if (got == 0)
			break;
		used += (size_t)got;
	}
	answer[used] = '\0';
	return used > 0 ? PB_OK : pb_fail(err, PB_EIO, "clamd ended the connection without an answer");
}

int pb_clamd_ask(const char *socket, const char *command, char *answer, size_t n, pid_t *pid, pb_error *err)
{
	struct ucred peer;
	socklen_t size = sizeof peer;
	char line[32];
	int length = snprintf(line, sizeof line, "z%s", command), fd = dial(socket, err), rc;

	if (fd < 0)
		return fd;
	*pid = getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 && peer.pid != 1 ? peer.pid : 0;
	rc = give(fd, line, (size_t)length + 1, err);
	if (rc == PB_OK)
		rc = take(fd, answer, n, err);
	(void)close(fd);
	return rc;
}

int pb_clamd_scan(const char *socket, pb_bytes bytes, char *answer, size_t n, pb_error *err)
{
	static const char command[] = "zINSTREAM";
	uint32_t size = htonl((uint32_t)bytes.size), end = 0;
	int fd = dial(socket, err), rc;

	if (fd < 0)
		return fd;
	rc = give(fd, command, sizeof command, err);
	if (rc == PB_OK)
		rc = give(fd, &size, sizeof size, err);
	if (rc == PB_OK)
		rc = give(fd, bytes.data, bytes.size, err);
	if (rc == PB_OK)
		rc = give(fd, &end, sizeof end, err);
	if (rc == PB_OK)
		rc = take(fd, answer, n, err);
	(void)close(fd);
	return rc;
}
