/* Files of the tree, and the types for editors as `check types` prints them. Include after cmocka.h. */
#ifndef PROBITY_TESTS_TYPES_CASE_H
#define PROBITY_TESTS_TYPES_CASE_H

#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/fs.h"

static inline void read_file(const char *name, pb_buf *out)
{
	const char *folder = getenv("PROBITY_DATA");
	char path[500];
	pb_error err = {0};

	(void)snprintf(path, sizeof path, "%s/%s", folder != NULL ? folder : ".", name);
	if (pb_fs_read(path, 1 << 20, out, &err) != PB_OK)
		fail_msg("%s", err.text);
}

static inline void read_types(pb_buf *out)
{
	static const char *const names[] = {"certificates", "checks", "facts", "formats", "modules", "versions", "yara"};

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		pb_buf one = {0};
		char name[60];

		(void)snprintf(name, sizeof name, "bindings/types/%s.lua", names[i]);
		read_file(name, &one);
		assert_int_equal(pb_buf_add(out, one.data, one.size), PB_OK);
		pb_buf_free(&one);
	}
}

#endif
