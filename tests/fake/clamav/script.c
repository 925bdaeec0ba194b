/* The fake's scan: the script in the scanned file, line by line. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>

#include "fake.h"

static unsigned long digest(const unsigned char *p, size_t n)
{
	unsigned long h = 14695981039346656037u;

	while (n-- > 0)
		h = (h ^ *p++) * 1099511628211u;
	return h;
}

/* 0: the host wants it left closed. */
static int inspect(fake_scan *s, uint32_t level, const char *name, const void *bytes, size_t size, int fd)
{
	struct cl_scan_layer *l = &s->layer[level];
	int wanted = 1;

	*l = (struct cl_scan_layer){level > 0 ? &s->layer[level - 1] : NULL, {name, bytes, size, fd}, level};
	errno = 77; /* callbacks leave it as it is */
	if (s->engine->pre_hash != NULL) {
		(void)s->engine->pre_hash(l, s->context);
	}
	if (s->engine->inspect != NULL) {
		const char *ancestors[FAKE_LEVELS];
		for (uint32_t i = 0; i < level; i++)
			ancestors[i] = s->layer[i].map.name;
		wanted = s->engine->inspect(fd, level == 0 ? "CL_TYPE_ZIP" : "CL_TYPE_BINARY_DATA", ancestors,
		                            level > 0 ? s->layer[level - 1].map.size : 0, name, size, bytes, level, 0,
		                            s->context) == CL_CLEAN;
	}
	if (errno != 77)
		printf("a callback changed errno\n");
	return wanted;
}

/* What was just inspected is not in the cache. */
static void open_layer(fake_scan *s, uint32_t level)
{
	errno = 77;
	if (s->engine->set.pre_scan != NULL)
		(void)s->engine->set.pre_scan(s->fd, level == 0 ? "CL_TYPE_ZIP" : "CL_TYPE_BINARY_DATA", s->context);
	if (s->engine->scan_pre_scan != NULL)
		(void)s->engine->scan_pre_scan(&s->layer[level], s->context);
	if (errno != 77)
		printf("a callback changed errno\n");
}

static void member(fake_scan *s, uint32_t level, const char *name, size_t size, int known)
{
	char *bytes;

	if (s->shut != 0 && level > s->shut)
		return;
	bytes = malloc(size + 1);
	s->shut = known && !s->engine->set.uncached ? level : 0;
	for (size_t i = 0; bytes != NULL && i < size; i++)
		bytes[i] = (char)('x' + i % 3);
	if (!inspect(s, level, strcmp(name, "-") != 0 ? name : NULL, bytes, size, -1))
		s->shut = level;
	else if (s->shut == 0)
		open_layer(s, level);
	free(bytes);
}

static void found(fake_scan *s, const char *name)
{
	static char kept[16][128];
	static int n;
	char *to = kept[n++ % 16];

	(void)snprintf(to, sizeof kept[0], "%s", name);
	s->found = 1;
	s->signature = to;
	if (s->engine->set.found != NULL)
		s->engine->set.found(s->fd, to, s->context);
}

/* false: the scan is over. */
static int follow(fake_scan *s, const char *line, cl_error_t *rc)
{
	char name[128] = "";
	unsigned a = 0, b = 0;

	if (sscanf(line, "object %u %127s %u", &a, name, &b) == 3 && a < FAKE_LEVELS) {
		member(s, a, name, b, 0);
	} else if (sscanf(line, "known %u %127s %u", &a, name, &b) == 3 && a > 0 && a < FAKE_LEVELS) {
		member(s, a, name, b, 1);
	} else if (sscanf(line, "many %u %u", &a, &b) == 2) {
		char *bytes = calloc(1, b + 1u);
		for (unsigned i = 0; bytes != NULL && i < a; i++) {
			(void)inspect(s, 1, "member", bytes, b, -1);
			open_layer(s, 1);
		}
		free(bytes);
	} else if (sscanf(line, "meta %127s %u %u", name, &a, &b) == 3) {
		errno = 77;
		if (s->engine->set.meta != NULL)
			(void)s->engine->set.meta("CL_TYPE_ZIP", a / 2, name, a, (int)b, 1, s->context);
		if (errno != 77)
			printf("a callback changed errno\n");
	} else if (sscanf(line, "found %127s", name) == 1) {
		found(s, name);
		return s->all_matches;
	} else if (sscanf(line, "sleep %u", &a) == 1) {
		struct timespec t = {a / 1000, (long)(a % 1000) * 1000000};
		nanosleep(&t, NULL);
	} else if (sscanf(line, "result %u", &a) == 1) {
		*rc = (cl_error_t)a;
		return 0;
	}
	return 1;
}

static int is_cached(const struct cl_engine *e, unsigned long key)
{
	for (unsigned i = 0; i < e->cached && i < FAKE_CACHE && !e->set.uncached; i++)
		if (e->cache[i] == key)
			return 1;
	return 0;
}

cl_error_t fake_run(fake_scan *s, const char *name, const void *bytes, size_t size)
{
	const char *base = name != NULL && strrchr(name, '/') != NULL ? strrchr(name, '/') + 1 : name;
	unsigned long key = digest(bytes, size);
	cl_error_t rc = CL_CLEAN;
	char *script, *rest, *line;

	if (!s->engine->compiled)
		return CL_EARG;
	if (s->engine->set.pre_cache != NULL)
		(void)s->engine->set.pre_cache(s->fd, "CL_TYPE_ZIP", s->context);
	(void)inspect(s, 0, base, bytes, size, s->fd);
	if (is_cached(s->engine, key))
		return CL_CLEAN;
	open_layer(s, 0);
	script = strndup(bytes, size < 4096 ? size : 4096);
	if (script == NULL)
		return CL_EMEM;
	line = strtok_r(script, "\n", &rest);
	if (line != NULL && strcmp(line, "FAKE") == 0)
		while ((line = strtok_r(NULL, "\n", &rest)) != NULL && follow(s, line, &rc))
			;
	free(script);
	if (rc != CL_CLEAN)
		return rc;
	if (s->found)
		return CL_VIRUS;
	s->engine->cache[s->engine->cached++ % FAKE_CACHE] = key;
	return CL_CLEAN;
}

cl_error_t fake_run_fd(fake_scan *s, const char *name)
{
	struct stat st;
	cl_error_t rc;
	void *map;

	if (fstat(s->fd, &st) != 0)
		return CL_ESTAT;
	if (st.st_size <= 5)
		return CL_CLEAN; /* no callback at all */
	map = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, s->fd, 0);
	if (map == MAP_FAILED)
		return CL_EMAP;
	rc = fake_run(s, name, map, (size_t)st.st_size);
	munmap(map, (size_t)st.st_size);
	return rc;
}
