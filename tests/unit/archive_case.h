/* A folder "d" with a bit of everything and its tar, and listings of archives. Include after cmocka.h. */
#ifndef PROBITY_TESTS_ARCHIVE_CASE_H
#define PROBITY_TESTS_ARCHIVE_CASE_H

#include "base/error.h"
#include "object/archive.h"
#include "tests/unit/scratch.h"

static inline int archive_case_begin(void **state)
{
	if (scratch_begin(state) != 0)
		return -1;
	return scratch_sh("mkdir -p d/sub; printf 'hello, this is text\\n' >d/a.txt; printf 'abc' >d/tiny; : >d/empty\n"
	                  "ln -s ../../../etc/passwd d/out; ln -s a.txt d/in; ln -s /etc/passwd d/abs; chmod 4755 d/a.txt\n"
	                  "printf 'inner file, longer\\n' >d/sub/b.txt; tar --sort=name -cf d.tar d");
}

static inline json_t *list(const char *file, const char *name_class, const char *kind, size_t max)
{
	pb_bytes b = scratch_load(file);
	pb_error err = {0};
	json_t *fact;

	assert_string_equal(pb_kind_of(b, name_class)->name, kind);
	fact = pb_archive_list(b, pb_kind_named(kind), max, &err);
	scratch_free(b);
	return fact;
}

static inline const json_t *entry(const json_t *fact, const char *path)
{
	const json_t *e;
	size_t i;

	json_array_foreach (json_object_get(fact, "entries"), i, e)
		if (strcmp(pb_json_str(e, "path", ""), path) == 0)
			return e;
	fail_msg("no entry %s", path);
	return NULL;
}

static inline bool flag(const json_t *fact, const char *path, const char *key)
{
	return json_is_true(json_object_get(entry(fact, path), key));
}

#endif
