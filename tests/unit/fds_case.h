/* How many descriptors has a process open? Include after cmocka.h. */
#ifndef PROBITY_TESTS_FDS_CASE_H
#define PROBITY_TESTS_FDS_CASE_H

#include <dirent.h>
#include <stdio.h>
#include <sys/types.h>

static inline size_t fds_of(pid_t pid)
{
	char path[40];
	size_t n = 0;
	snprintf(path, sizeof path, "/proc/%ld/fd", (long)pid);
	DIR *d = opendir(path);
	assert_non_null(d);
	for (const struct dirent *e; (e = readdir(d));)
		n += e->d_name[0] != '.';
	closedir(d);
	return n;
}

#endif
