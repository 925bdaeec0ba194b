/* A folder of its own for each test program, commands run in it, and whole files. Include after cmocka.h. */
#ifndef PROBITY_TESTS_SCRATCH_H
#define PROBITY_TESTS_SCRATCH_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/bytes.h"

static char scratch_dir[64];

static inline int scratch_begin(void **state)
{
	(void)state;
	(void)snprintf(scratch_dir, sizeof scratch_dir, "/tmp/probity-scratch-XXXXXX");
	return mkdtemp(scratch_dir) != NULL ? 0 : -1;
}

static inline int scratch_sh(const char *command)
{
	char *line = NULL;
	int status = -1;

	if (asprintf(&line, "cd '%s' && { %s\n} >command.log 2>&1 </dev/null", scratch_dir, command) >= 0)
		status = system(line);
	free(line);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static inline int scratch_end(void **state)
{
	char line[256];

	(void)state;
	(void)snprintf(line, sizeof line, "chmod -R u+rwx '%s' 2>/dev/null; rm -rf '%s'", scratch_dir, scratch_dir);
	return system(line);
}

static inline int scratch_has(const char *tool)
{
	char line[128];

	(void)snprintf(line, sizeof line, "command -v %s >/dev/null 2>&1", tool);
	return system(line) == 0;
}

/* Skips the test where its tool is missing. */
static inline void scratch_need(const char *tool)
{
	if (scratch_has(tool))
		return;
	print_message("no %s here\n", tool);
	skip();
}

static inline char *scratch_path(const char *name)
{
	static char path[512];

	(void)snprintf(path, sizeof path, "%s/%s", scratch_dir, name);
	return path;
}

/* The whole file, malloc'd to the byte so that a read past the end is seen. */
static inline pb_bytes scratch_load(const char *name)
{
	FILE *f = fopen(scratch_path(name), "rb");
	uint8_t *data = NULL;
	long n = -1;

	assert_non_null(f);
	if (fseek(f, 0, SEEK_END) == 0)
		n = ftell(f);
	assert_true(n >= 0);
	rewind(f);
	data = malloc((size_t)n > 0 ? (size_t)n : 1);
	assert_non_null(data);
	assert_int_equal(fread(data, 1, (size_t)n, f), (size_t)n);
	(void)fclose(f);
	return (pb_bytes){data, (size_t)n};
}

static inline void scratch_save(const char *name, const void *data, size_t n)
{
	FILE *f = fopen(scratch_path(name), "wb");

	assert_non_null(f);
	assert_int_equal(fwrite(data, 1, n, f), n);
	assert_int_equal(fclose(f), 0);
}

static inline void scratch_free(pb_bytes b)
{
	free((void *)(uintptr_t)b.data);
}

#endif
