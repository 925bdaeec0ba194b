#include "keeper/priority.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

bool pb_priority_session(int nice)
{
	char text[8];
	int n = snprintf(text, sizeof text, "%d", nice);
	if (setsid() < 0 && getsid(0) != getpid())
		return true;
	int fd = open("/proc/self/autogroup", O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return true;
	bool busy = write(fd, text, (size_t)n) < 0 && errno == EAGAIN;
	close(fd);
	return !busy;
}

void pb_priority_lower(int nice)
{
	const struct sched_param none = {0};
	if (nice <= 0)
		return;
	/* Where any of it is refused we are as we were: it costs others time, and no result. */
	(void)sched_setscheduler(0, SCHED_BATCH, &none);
	errno = 0;
	int now = getpriority(PRIO_PROCESS, 0);
	if (errno == 0 && now < nice)
		(void)setpriority(PRIO_PROCESS, 0, nice);
}

void pb_priority_apart(void)
{
	(void)setsid();
}
