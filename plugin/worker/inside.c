#include "worker/inside.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { FILES = 64 };
#define MEMORY (INT64_C(2) << 30)

static void close_range_of(unsigned from, unsigned to)
{
	if (from > to || syscall(SYS_close_range, from, to, 0) == 0)
		return;
	/* Before Linux 5.9. */
	long most = sysconf(_SC_OPEN_MAX);
	for (unsigned fd = from; fd <= to && (most < 0 || fd < (unsigned)most) && fd < 1u << 20; fd++)
		close((int)fd);
}

static int compare_ints(const void *a, const void *b)
{
	return (*(const int *)a > *(const int *)b) - (*(const int *)a < *(const int *)b);
}

static void close_others(const int *keep, size_t n)
{
	int sorted[PB_ROLE_FDS];
	unsigned from = 3;
	if (n > PB_ROLE_FDS)
		n = PB_ROLE_FDS;
	memcpy(sorted, keep, n * sizeof *keep);
	qsort(sorted, n, sizeof *sorted, compare_ints);
	for (size_t i = 0; i < n; i++) {
		if (sorted[i] < 3)
			continue;
		if ((unsigned)sorted[i] > from)
			close_range_of(from, (unsigned)sorted[i] - 1);
		from = (unsigned)sorted[i] + 1;
	}
	close_range_of(from, ~0u);
}

/* The standard output of `probity scan` is the report: nothing in a box may write there. */
static int silence(pb_error *err)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC), rc = null < 0 ? -1 : 0;
	for (int fd = 0; fd < (PB_BOX_SANITIZED ? 2 : 3) && rc >= 0; fd++)
		rc = dup2(null, fd);
	if (rc < 0)
		pb_fail(err, PB_EIO, "/dev/null: %s", strerror(errno));
	if (null > 2)
		close(null);
	return rc < 0 ? PB_EIO : 0;
}

const json_t *pb_inside_object(const pb_role_args *args, const char *key)
{
	const json_t *o = json_object_get(args->args, key);
	return json_is_object(o) ? o : NULL;
}

int pb_inside(const pb_role_args *args, const int *keep, size_t n, uint64_t file, pb_error *err)
{
	int64_t memory = pb_json_int(args->args, "memory", MEMORY);
	pb_box_limits limits = {.memory = memory > 0 ? (uint64_t)memory : 0, .files = FILES, .cpu_seconds = PB_INSIDE_CPU_SECONDS, .file = file};
	int rc = silence(err);
	if (rc)
		return rc;
	close_others(keep, n);
	return pb_box_shut(&limits, err);
}
