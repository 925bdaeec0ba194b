#include "cli/systemd.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { FIRST_DESCRIPTOR = 3 };

int pb_systemd_listener(void)
{
	const char *pid = getenv("LISTEN_PID"), *fds = getenv("LISTEN_FDS");
	struct stat st;
	if (!pid || !fds || atol(pid) != (long)getpid() || atol(fds) < 1 || fstat(FIRST_DESCRIPTOR, &st) != 0 || !S_ISSOCK(st.st_mode))
		return -1;
	return FIRST_DESCRIPTOR;
}

void pb_systemd_notify(const char *what)
{
	const char *path = getenv("NOTIFY_SOCKET");
	struct sockaddr_un at = {.sun_family = AF_UNIX};
	if (!path || strlen(path) >= sizeof at.sun_path || (*path != '/' && *path != '@'))
		return;
	memcpy(at.sun_path, path, strlen(path));
	socklen_t n = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(path));
	if (*path == '@')
		at.sun_path[0] = '\0';
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd >= 0) {
		if (sendto(fd, what, strlen(what), MSG_NOSIGNAL, (struct sockaddr *)&at, n) < 0)
			errno = 0; /* systemd will find out */
		close(fd);
	}
}
