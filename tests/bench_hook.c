/* What the hook costs a scan, callback by callback. With -DLIBRARY a libclamav that does nothing but show objects of
 * 1 KB to the callback that was set, and take the time; else its host, which prints median and 99th percentile in
 * nanoseconds, and how many objects there were. Between two objects it works for a while, as a scanner does. */
#include <clamav.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { OBJECTS = 500, SCANS = 40, OBJECT = 1 << 10, WORK_NS = 20000 };

extern uint64_t bench_spent[SCANS * OBJECTS];
extern size_t bench_taken;

#ifdef LIBRARY
struct cl_engine {
	clcb_file_inspection inspect;
};

__attribute__((visibility("default"))) uint64_t bench_spent[SCANS * OBJECTS];
__attribute__((visibility("default"))) size_t bench_taken;

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

struct cl_engine *cl_engine_new(void)
{
	return calloc(1, sizeof(struct cl_engine));
}

cl_error_t cl_engine_compile(struct cl_engine *engine)
{
	(void)engine;
	return CL_SUCCESS;
}

cl_error_t cl_engine_set_num(struct cl_engine *engine, enum cl_engine_field field, long long value)
{
	(void)engine, (void)field, (void)value;
	return CL_SUCCESS;
}

long long cl_engine_get_num(const struct cl_engine *engine, enum cl_engine_field field, int *err)
{
	(void)engine, (void)field;
	*err = CL_SUCCESS;
	return 0;
}

void cl_engine_set_clcb_file_inspection(struct cl_engine *engine, clcb_file_inspection callback)
{
	engine->inspect = callback;
}

void cl_engine_set_clcb_meta(struct cl_engine *engine, clcb_meta callback)
{
	(void)engine, (void)callback;
}

void cl_engine_set_clcb_virus_found(struct cl_engine *engine, clcb_virus_found callback)
{
	(void)engine, (void)callback;
}

cl_error_t cl_engine_free(struct cl_engine *engine)
{
	free(engine);
	return CL_SUCCESS;
}

const char *cl_retver(void)
{
	return CLAMAV_VERSION;
}

/* The first object makes it a product, an archive; the others are its members. */
cl_error_t cl_scanmap_callback(cl_fmap_t *map, const char *filename, const char **virname, unsigned long *scanned,
                               const struct cl_engine *engine, struct cl_scan_options *options, void *context)
{
	static const char zip[] = "PK\3\4 not much of an archive, but it begins like one";
	const char *ancestors[1] = {"CL_TYPE_ZIP"};
	char object[OBJECT], name[32];

	(void)map, (void)virname, (void)scanned, (void)options;
	if (engine->inspect == NULL)
		return CL_ENULLARG;
	engine->inspect(-1, "CL_TYPE_ZIP", ancestors, 0, filename, sizeof zip, zip, 0, 0, context);
	for (int i = 0; i < OBJECTS; i++) {
		(void)snprintf(name, sizeof name, "member-%05zu.txt", bench_taken);
		memset(object, 'a' + i % 26, sizeof object);
		memcpy(object, name, strlen(name)); /* none like the other */
		for (uint64_t end = now_ns() + WORK_NS; now_ns() < end;)
			;
		uint64_t start = now_ns();
		engine->inspect(-1, "CL_TYPE_TEXT_ASCII", ancestors, sizeof zip, name, sizeof object, object, 1, 0, context);
		bench_spent[bench_taken++] = now_ns() - start;
	}
	return CL_CLEAN;
}
#else
static int by_value(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static cl_error_t nothing(int fd, const char *type, const char **ancestors, size_t parent_size, const char *name,
                          size_t size, const char *buffer, uint32_t level, uint32_t attributes, void *context)
{
	(void)fd, (void)type, (void)ancestors, (void)parent_size, (void)name, (void)size, (void)buffer, (void)level;
	(void)attributes, (void)context;
	return CL_CLEAN;
}

int main(void)
{
	struct cl_engine *engine = cl_engine_new();
	const struct timespec rest = {0, 100000000};
	const char *found = NULL;

	if (engine == NULL)
		return 1;
	cl_engine_set_clcb_file_inspection(engine, nothing);
	if (cl_engine_compile(engine) != CL_SUCCESS)
		return 1;
	for (int i = 0; i < SCANS; i++) {
		if (cl_scanmap_callback(NULL, "bench.zip", &found, NULL, engine, NULL, NULL) != CL_CLEAN)
			return 1;
		nanosleep(&rest, NULL); /* what was handed over is worked on */
	}
	cl_engine_free(engine);
	qsort(bench_spent, bench_taken, sizeof *bench_spent, by_value);
	printf("%" PRIu64 " %" PRIu64 " %zu\n", bench_spent[bench_taken / 2], bench_spent[bench_taken - 1 - bench_taken / 100],
	       bench_taken);
	return 0;
}
#endif
