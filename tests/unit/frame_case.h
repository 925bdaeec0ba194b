/* What the tests of frames share: playing callbacks, and a log of what the frame said. Include after cmocka.h. */
#ifndef PROBITY_TESTS_FRAME_CASE_H
#define PROBITY_TESTS_FRAME_CASE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "clamav/frame.h"

/* What a frame said: "path|kind|name class" a line for objects, "! path: why" for limits. */
typedef struct log {
	char text[65536];
	size_t n;
} log_t;

static inline void add(log_t *l, const char *line)
{
	l->n += (size_t)snprintf(l->text + l->n, sizeof l->text - l->n, "%s", line);
	assert_true(l->n < sizeof l->text);
}

static inline void on_object(void *user, const pb_object *o)
{
	char *path = pb_path_join(o->path, " > ");

	assert_int_equal(strlen(o->sha256), 64);
	add(user, path);
	add(user, "|");
	add(user, o->kind->name);
	add(user, "|");
	add(user, o->name_class);
	add(user, "\n");
	free(path);
}

static inline void on_limit(void *user, const pb_path *path, const char *why)
{
	char *shown = pb_path_join(path, " > ");

	add(user, "! ");
	add(user, shown);
	add(user, ": ");
	add(user, why);
	add(user, "\n");
	free(shown);
}

static log_t out;

static inline pb_frame *begin(const char *name, pb_list_fn list)
{
	pb_sink sink = {on_object, on_limit, &out, list};
	pb_path base = {0};
	pb_frame *f;

	out = (log_t){.n = 0};
	assert_int_equal(pb_path_push(&base, name), PB_OK);
	f = pb_frame_begin(&base, &sink);
	assert_non_null(f);
	pb_path_free(&base);
	return f;
}

static inline void inspect_fd(int fd, uint32_t level, const char *type, const char *name, const char *bytes, size_t n)
{
	const pb_inspected seen = {.fd = fd, .type = type, .name = name, .buffer = bytes, .size = n, .level = level};

	pb_frame_inspect(&seen);
}

static inline void inspect(uint32_t level, const char *type, const char *name, const char *text)
{
	inspect_fd(-1, level, type, name, text, strlen(text));
}

/* As ClamAV does it with the members of a zip. */
static inline void announce_twice(const char *name, unsigned long size, int encrypted)
{
	pb_frame_meta("CL_TYPE_ZIP", name, size, encrypted);
	pb_frame_meta("CL_TYPE_ZIP", name, size, encrypted);
}

static inline void expect(pb_frame *f, const char *want)
{
	if (f != NULL)
		pb_frame_end(f);
	assert_string_equal(out.text, want);
}

#endif
