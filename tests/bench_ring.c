/* What handing an entry over costs the writer (reserve, copy, commit), with a reader in another process that reads every byte.
 * One line for each size: bytes, median and 99th percentile in nanoseconds. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "wire/ring.h"

enum { TIMES = 40000, HOOK = 512 << 10, LANE = 64 << 20 };

static const struct {
	size_t entry, ring;
	int times;
} cases[] = {
	{1 << 10, HOOK, TIMES}, /* a ring as the hook has it */
	{16 << 10, HOOK, TIMES},
	{256 << 10, LANE, TIMES / 10}, /* as a lane has it */
};

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static int by_value(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static int read_all(int fd)
{
	pb_ring *r = pb_ring_open(fd, false);
	const void *entry;
	uint64_t sum = 0;
	size_t n;

	while (r != NULL && pb_ring_take(r, &entry, &n, UINT32_MAX) == 1) {
		const uint64_t *word = entry;
		for (size_t i = 0; i < n / sizeof *word; i++)
			sum += word[i];
		pb_ring_done(r);
	}
	pb_ring_free(r);
	return sum != 0 ? 0 : 1;
}

/* Does not time the waiting for a reader that is slower than this loop: a scanner does other work between two entries. */
static bool write_all(pb_ring *r, size_t entry, int times, uint64_t *spent)
{
	uint8_t *bytes = malloc(entry);
	uint64_t written, read;

	if (bytes == NULL)
		return false;
	memset(bytes, 7, entry);
	for (int i = 0; i < times; i++) {
		pb_ring_progress(r, &written, &read);
		if (written - read > pb_ring_most(r))
			(void)pb_ring_read_past(r, written, UINT32_MAX);
		uint64_t start = now_ns();
		void *room = pb_ring_reserve(r, entry, UINT32_MAX);
		if (room == NULL)
			break;
		memcpy(room, bytes, entry);
		pb_ring_commit(r, entry, false);
		spent[i] = now_ns() - start;
	}
	free(bytes);
	return !pb_ring_gone(r);
}

static bool measure(size_t entry, size_t ring, int times, uint64_t *spent)
{
	int fd = pb_ring_create("bench", ring, 0), status = -1;
	pb_ring *r = fd < 0 ? NULL : pb_ring_open(fd, true);

	if (r == NULL)
		return false;
	pid_t child = fork();
	if (child == 0)
		_exit(read_all(fd));
	bool ok = child > 0 && write_all(r, entry, times, spent);
	pb_ring_close(r);
	ok = child > 0 && waitpid(child, &status, 0) == child && status == 0 && ok;
	pb_ring_free(r);
	close(fd);
	return ok;
}

int main(void)
{
	static uint64_t spent[TIMES];

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		int times = cases[i].times;
		if (!measure(cases[i].entry, cases[i].ring, times, spent)) {
			(void)fprintf(stderr, "bench_ring: entries of %zu bytes could not be handed over\n", cases[i].entry);
			return 1;
		}
		qsort(spent, (size_t)times, sizeof *spent, by_value);
		printf("%zu %" PRIu64 " %" PRIu64 "\n", cases[i].entry, spent[times / 2], spent[times - 1 - times / 100]);
	}
	return 0;
}
