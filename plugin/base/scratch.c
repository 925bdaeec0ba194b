#include "base/scratch.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* Where the file system has no files without a name: one whose name goes at once. */
static int named(const char *folder)
{
	char *path = NULL;
	int fd;

	if (asprintf(&path, "%s/scratch.XXXXXX", folder) < 0) {
		errno = ENOMEM;
		return -1;
	}
	fd = mkostemp(path, O_CLOEXEC);
	if (fd >= 0)
		(void)unlink(path);
	free(path);
	return fd;
}

int pb_scratch_file(const char *folder)
{
	int fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

	return fd >= 0 ? fd : named(folder);
}

bool pb_scratch_write(int fd, uint64_t at, pb_bytes bytes)
{
	size_t done = 0;

	if (at > INT64_MAX - bytes.size) {
		errno = EFBIG;
		return false;
	}
	while (done < bytes.size) {
		ssize_t n = pwrite(fd, bytes.data + done, bytes.size - done, (off_t)(at + done));

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		done += (size_t)n;
	}
	return true;
}

const uint8_t *pb_scratch_map(int fd, size_t size)
{
	struct stat st;
	void *map;

	if (fstat(fd, &st) != 0 || st.st_size < 0 || (uint64_t)st.st_size < size)
		return NULL; /* what lies behind the end of a file is a signal, no byte */
	map = mmap(NULL, size, PROT_READ, MAP_SHARED, fd, 0);
	return map != MAP_FAILED ? map : NULL;
}

void pb_scratch_unmap(const uint8_t *map, size_t size)
{
	if (map != NULL)
		(void)munmap((void *)(uintptr_t)map, size);
}
