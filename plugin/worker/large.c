#include "worker/large.h"

#include <sys/mman.h>
#include <sys/stat.h>

#include "base/scratch.h"
#include "object/limits.h"
#include "wire/lane.h"

bool pb_large_open(pb_large *l, int fd)
{
	void *map;

	*l = (pb_large){.fd = fd};
	if (fd < 0)
		return true;
	map = mmap(NULL, PB_LANE_AREA, PROT_READ, MAP_SHARED, fd, 0);
	l->map = map != MAP_FAILED ? map : NULL;
	return l->map != NULL;
}

void pb_large_put(pb_large *l, uint64_t at, pb_bytes piece)
{
	if (at == 0)
		l->failed = false;
	if (l->fd >= 0 && !l->failed)
		l->failed = !pb_scratch_write(l->fd, at, piece);
}

const char *pb_large_bytes(const pb_large *l, uint64_t size, pb_bytes *out)
{
	struct stat st;

	if (l->fd < 0)
		return "not examined: too large for memory, and there is no temporary folder";
	if (l->failed)
		return PB_WHY_DISK;
	if (size > PB_LANE_AREA || fstat(l->fd, &st) != 0 || st.st_size < 0 || (uint64_t)st.st_size < size)
		return "not examined: pieces of it are missing";
	*out = (pb_bytes){l->map, (size_t)size};
	return NULL;
}

/* MADV_REMOVE asks for a mapping that could be written to. */
void pb_large_drop(pb_large *l, uint64_t size)
{
	void *at = (void *)(uintptr_t)l->map;

	if (l->map == NULL || size > PB_LANE_AREA || mprotect(at, PB_LANE_AREA, PROT_READ | PROT_WRITE) != 0)
		return;
	(void)madvise(at, (size_t)size, MADV_REMOVE);
	(void)mprotect(at, PB_LANE_AREA, PROT_READ);
}
