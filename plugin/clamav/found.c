#include "clamav/found.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"

enum { MOST = 4096 };

const char *pb_found_limit(const char *signature)
{
	static const char prefix[] = "Heuristics.Limits.Exceeded";
	static const struct {
		const char *name, *words;
	} limits[] = {
		{".MaxFileSize", "larger than ClamAV's bound for one file"},
		{".MaxScanSize", "more content than ClamAV's bound for one file"},
		{".MaxFiles", "more members than ClamAV's bound"},
		{".MaxRecursion", "nested deeper than ClamAV's bound"},
		{".MaxScanTime", "ClamAV's time for it ran out"},
	};

	if (strncmp(signature, prefix, sizeof prefix - 1) != 0)
		return NULL;
	for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++)
		if (strcmp(signature + sizeof prefix - 1, limits[i].name) == 0)
			return limits[i].words;
	return "a bound of ClamAV struck";
}

static bool same_path(const pb_path *a, const pb_path *b)
{
	bool same = a->n == b->n;

	for (size_t i = 0; same && i < a->n; i++)
		same = strcmp(a->part[i], b->part[i]) == 0;
	return same;
}

/* A signature that matches at many places of one object comes many times in a row: look from the end. */
static bool known(const pb_found *f, const pb_path *path, const char *signature)
{
	for (size_t i = f->n; i > 0; i--)
		if (strcmp(f->at[i - 1].signature, signature) == 0 && same_path(&f->at[i - 1].path, path))
			return true;
	return false;
}

static bool reserve(pb_found *f)
{
	size_t cap = f->cap > 0 ? f->cap * 2 : 8;
	pb_detection *grown;

	if (f->n < f->cap)
		return true;
	grown = reallocarray(f->at, cap, sizeof *grown);
	if (grown == NULL)
		return false;
	f->at = grown;
	f->cap = cap;
	return true;
}

const char *pb_found_add(pb_found *f, const pb_path *path, const char *sha256, const char *signature)
{
	pb_detection d = {.signature = NULL};

	if (known(f, path, signature))
		return NULL;
	if (f->n >= MOST) {
		bool first = !f->full;

		f->full = true;
		return first ? "more detections than are kept" : NULL;
	}
	d.signature = strdup(signature);
	if (d.signature == NULL || !reserve(f) || pb_path_copy(path, &d.path) != PB_OK) {
		free(d.signature);
		return PB_WHY_MEMORY;
	}
	(void)snprintf(d.sha256, sizeof d.sha256, "%s", sha256);
	f->at[f->n++] = d;
	return NULL;
}

void pb_found_free(pb_found *f)
{
	for (size_t i = 0; i < f->n; i++) {
		pb_path_free(&f->at[i].path);
		free(f->at[i].signature);
	}
	free(f->at);
	*f = (pb_found){0};
}
