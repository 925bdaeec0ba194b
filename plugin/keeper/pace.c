#include "keeper/pace.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { FIRST_LOOK_MS = 500 };

/* One small file of /proc. "": it cannot be read. */
static void read_file(int folder, const char *name, char *out, size_t size)
{
	int fd = openat(folder, name, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, out, size - 1);
	out[n > 0 ? n : 0] = '\0';
	if (fd >= 0)
		close(fd);
}

/* What the kernel keeps account of: nanoseconds run, and waited with work to do. */
static bool look(int folder, uint64_t *ran, uint64_t *waited)
{
	char text[100];
	if (folder < 0)
		return false;
	read_file(folder, "schedstat", text, sizeof text);
	return sscanf(text, "%" SCNu64 " %" SCNu64, ran, waited) == 2;
}

/* Has it work to do? Its name, in parentheses, may hold anything. */
static bool is_runnable(int folder)
{
	char text[512];
	read_file(folder, "stat", text, sizeof text);
	const char *end = strrchr(text, ')');
	return end && strncmp(end, ") R", 3) == 0;
}

void pb_pace_begin(pb_pace *p, int64_t now)
{
	*p = (pb_pace){.since = now};
}

bool pb_pace_over(pb_pace *p, int folder, unsigned seconds, int64_t now)
{
	int64_t limit = (int64_t)seconds * 1000, passed = now - p->since;
	uint64_t ran, waited;
	if (!p->since || (passed <= limit && (p->looked || passed < FIRST_LOOK_MS)))
		return false;
	if (!look(folder, &ran, &waited))
		return passed > limit;
	if (!p->looked) {
		p->looked = true;
		p->waited = waited;
		p->ran = ran;
		return false;
	}
	/* A wait that is not over yet is not in the account. */
	bool stands = ran == p->ran && is_runnable(folder);
	int64_t lost = (int64_t)((waited - p->waited) / 1000000);
	p->ran = ran;
	return passed > limit * PB_PACE_MOST || (passed - lost > limit && !stands);
}
