#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "cli/admin.h"

/* A small file of /proc, at most n - 1 bytes, without the end of its line. */
static bool proc_line(pid_t pid, const char *what, char *out, size_t n)
{
	char file[64];
	ssize_t got;
	int fd;

	(void)snprintf(file, sizeof file, "/proc/%ld/%s", (long)pid, what);
	fd = open(file, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	got = read(fd, out, n - 1);
	(void)close(fd);
	if (got < 0)
		return false;
	out[got] = '\0';
	out[strcspn(out, "\n")] = '\0';
	return true;
}

static bool is_clamd(pid_t pid)
{
	char name[32];

	return pid > 0 && proc_line(pid, "comm", name, sizeof name) && strcmp(name, "clamd") == 0;
}

static pid_t first_clamd(void)
{
	DIR *d = opendir("/proc");
	struct dirent *e;
	pid_t found = 0;

	while (d != NULL && (e = readdir(d)) != NULL) {
		pid_t pid = isdigit((unsigned char)e->d_name[0]) ? (pid_t)strtol(e->d_name, NULL, 10) : 0;

		if (is_clamd(pid) && (found == 0 || pid < found))
			found = pid;
	}
	if (d != NULL)
		(void)closedir(d);
	return found;
}

/* Lines of /proc/PID/maps end in the file's path (and " (deleted)" where an upgrade has replaced it). */
static bool maps_library(FILE *maps)
{
	char line[8192];
	bool found = false;

	while (!found && fgets(line, sizeof line, maps) != NULL) {
		const char *at = strstr(line, "/probity.so");

		found = at != NULL && strchr("\n ", at[strlen("/probity.so")]) != NULL;
	}
	return found;
}

pb_clamd pb_clamd_find(pid_t prefer)
{
	pb_clamd c = {.pid = is_clamd(prefer) ? prefer : first_clamd()};
	char file[64];
	FILE *maps;

	if (c.pid == 0)
		return c;
	if (!proc_line(c.pid, "attr/apparmor/current", c.confined, sizeof c.confined) &&
	    !proc_line(c.pid, "attr/current", c.confined, sizeof c.confined))
		c.confined[0] = '\0';
	(void)snprintf(file, sizeof file, "/proc/%ld/maps", (long)c.pid);
	maps = fopen(file, "re");
	if (maps == NULL)
		return c;
	c.visible = true;
	c.loaded = maps_library(maps);
	(void)fclose(maps);
	return c;
}
