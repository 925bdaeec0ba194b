#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "box/parts.h"

uint64_t pb_mapped(void)
{
	unsigned long long pages = 0;
	FILE *f = fopen("/proc/self/statm", "re");
	if (!f)
		return 0;
	if (fscanf(f, "%llu", &pages) != 1)
		pages = 0;
	fclose(f);
	return pages * (uint64_t)sysconf(_SC_PAGESIZE);
}

static uint64_t cpu_spent(void)
{
	struct rusage u;
	if (getrusage(RUSAGE_SELF, &u) != 0)
		return 0;
	return (uint64_t)u.ru_utime.tv_sec + (uint64_t)u.ru_stime.tv_sec + 1;
}

/* Never above what holds already: raising needs a privilege, and a box is not there to give. */
static int lower(int which, const char *name, uint64_t most, pb_error *err)
{
	struct rlimit l;
	if (getrlimit((__rlimit_resource_t)which, &l) != 0)
		return pb_fail(err, PB_EIO, "box: %s: %s", name, strerror(errno));
	if (l.rlim_max > most)
		l.rlim_max = most;
	if (l.rlim_cur > l.rlim_max)
		l.rlim_cur = l.rlim_max;
	if (setrlimit((__rlimit_resource_t)which, &l) != 0)
		return pb_fail(err, PB_EIO, "box: %s: %s", name, strerror(errno));
	return 0;
}

int pb_wall_limits(const pb_box_limits *limits, uint64_t now, pb_error *err)
{
	uint64_t most;
	int rc = 0;
	if (limits->memory && !PB_BOX_SANITIZED) {
		if (now == 0)
			return pb_fail(err, PB_EIO, "box: cannot read /proc/self/statm: the memory limit needs it");
		if (__builtin_add_overflow(now, limits->memory, &most))
			most = RLIM_INFINITY;
		rc = lower(RLIMIT_AS, "memory limit", most, err);
	}
	if (!rc && limits->cpu_seconds)
		rc = lower(RLIMIT_CPU, "processor limit", cpu_spent() + limits->cpu_seconds, err);
	if (!rc && limits->files)
		rc = lower(RLIMIT_NOFILE, "descriptor limit", limits->files, err);
	if (!rc)
		rc = lower(RLIMIT_CORE, "core limit", 0, err); /* a core would hold the product's bytes */
	if (!rc)
		rc = lower(RLIMIT_NPROC, "process limit", 0, err);
	/* Words on a standard error that is a file fail (or what is too long for a temporary one), instead of ending the process. */
	signal(SIGXFSZ, SIG_IGN);
	if (!rc && !limits->folder && !limits->memfd && !PB_BOX_SANITIZED)
		rc = lower(RLIMIT_FSIZE, "file limit", limits->file, err);
	return rc;
}

uint32_t pb_box_spent(void)
{
	uint64_t spent = cpu_spent();
	return spent > UINT32_MAX ? UINT32_MAX : (uint32_t)spent;
}
