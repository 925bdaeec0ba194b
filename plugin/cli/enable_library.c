#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/admin.h"

#ifndef PROBITY_LIBDIR
#define PROBITY_LIBDIR "/usr/local/lib/probity"
#endif

static const char name[] = "probity.so";

/* FOLDER/PLACE/probity.so without links, where it is. */
static char *there(const char *folder, const char *place)
{
	char file[PATH_MAX];
	int n = snprintf(file, sizeof file, "%s/%s/%s", folder, place, name);

	return n > 0 && (size_t)n < sizeof file ? realpath(file, NULL) : NULL;
}

/* PREFIX/lib/probity, or PREFIX/lib/TRIPLET/probity as Debian has it. */
static char *below_prefix(const char *prefix)
{
	char lib[PATH_MAX], place[300], *found = there(prefix, "lib/probity");
	struct dirent *e;
	DIR *d;
	int n;

	if (found != NULL)
		return found;
	n = snprintf(lib, sizeof lib, "%s/lib", prefix);
	d = n > 0 && (size_t)n < sizeof lib ? opendir(lib) : NULL;
	while (d != NULL && found == NULL && (e = readdir(d)) != NULL)
		if (strstr(e->d_name, "-linux-") != NULL) {
			(void)snprintf(place, sizeof place, "%s/probity", e->d_name);
			found = there(lib, place);
		}
	if (d != NULL)
		(void)closedir(d);
	return found;
}

/* Cuts the last element off. */
static bool up(char *path)
{
	char *slash = strrchr(path, '/');

	if (slash != NULL)
		*slash = '\0';
	return slash != NULL;
}

char *pb_hook_library(void)
{
	char exe[PATH_MAX], *found = NULL;
	ssize_t n = readlink("/proc/self/exe", exe, sizeof exe - 1);

	if (n > 0 && (size_t)n < sizeof exe - 1) {
		exe[n] = '\0';
		if (up(exe))
			found = there(exe, ".");
		if (found == NULL && up(exe))
			found = below_prefix(exe);
	}
	return found != NULL ? found : there(PROBITY_LIBDIR, ".");
}
