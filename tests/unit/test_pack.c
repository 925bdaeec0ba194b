/* Packs of rules, below what tests/cli/pack.sh shows of the program: each mistake has its words, and no list or archive is read past its end. */
#include "checks/pack.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/scratch.h"
#include "worker/unpacker.h"

#define HEAD "[pack]\nname = a\nversion = 1\nauthor = b\nlicence = c\n"

static pb_bytes bytes_of(const char *s)
{
	return (pb_bytes){(const uint8_t *)s, strlen(s)};
}

static void versions(void **state)
{
	static const struct {
		const char *a, *b;
		int order;
	} rows[] = {{"1", "1.0.0.0", 0}, {"1.10", "1.9", 1}, {"0.9", "1", -1}, {"1.2.3.4", "1.2.3.5", -1}, {"01", "1", 0}, {"999999", "1", 1}};
	static const char *const bad[] = {"", ".", "1.", ".1", "1..2", "1.2.3.4.5", "1a", "v1", "-1", "1000000", " 1", "1 ", "1.2-rc1"};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		assert_true(pb_pack_version_ok(rows[i].a) && pb_pack_version_ok(rows[i].b));
		assert_int_equal(pb_pack_version_order(rows[i].a, rows[i].b), rows[i].order);
		assert_int_equal(pb_pack_version_order(rows[i].b, rows[i].a), -rows[i].order);
	}
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		if (pb_pack_version_ok(bad[i]))
			fail_msg("\"%s\" was taken for a version", bad[i]);
}

static void paths(void **state)
{
	static const char *const good[] = {"a", "a/b", "a b", "integrity/x.samples/ä.txt", "a..b", "a."};
	static const char *const bad[] = {"", "/", "/a", "a/", "a//b", ".", "..", "../a", "a/..", "a/../b", "./a", "a/./b", ".git", "a/.git",
	                                  "a\\b", "a\nb", "a\x7f", "\x1b[2J", "\xff", "1/2/3/4/5/6/7/8/9/10/11/12/13"};
	char longest[PB_PACK_PATH + 1];

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof *good; i++)
		if (!pb_pack_path_ok(good[i]))
			fail_msg("%s was refused", good[i]);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		if (pb_pack_path_ok(bad[i]))
			fail_msg("\"%s\" was taken for a path", bad[i]);
	memset(longest, 'a', sizeof longest);
	longest[PB_PACK_PATH] = '\0';
	assert_false(pb_pack_path_ok(longest));
	longest[PB_PACK_PATH - 1] = '\0';
	assert_true(pb_pack_path_ok(longest));
}

static void says_what_it_is(void **state)
{
	pb_pack_ini ini;
	pb_error err = {0};
	int line;

	(void)state;
	assert_int_equal(pb_pack_ini_parse(bytes_of(HEAD "license = d\n"), &ini, &line, &err), PB_EINPUT); /* the same by another spelling */
	assert_int_equal(line, 6);
	assert_int_equal(pb_pack_ini_parse(bytes_of(HEAD "requires = probity >= 0.1, b>=2 , c\n"), &ini, &line, &err), PB_OK);
	assert_int_equal(ini.n_needs, 3);
	assert_string_equal(ini.needs[0].name, "probity");
	assert_string_equal(ini.needs[0].least, "0.1");
	assert_string_equal(ini.needs[1].name, "b");
	assert_string_equal(ini.needs[1].least, "2");
	assert_string_equal(ini.needs[2].name, "c");
	assert_string_equal(ini.needs[2].least, "0");
}

static void mistakes(void **state)
{
	static const struct {
		const char *text;
		int line;
		const char *words;
	} rows[] = {
	    {"", 0, "name, version, author and licence have to be there"},
	    {"name = a\n", 1, "everything belongs into the section [pack]"},
	    {"[pack]\nname = A\n", 2, "name: \"A\": a pack's name"},
	    {"[pack]\nname = probity\n", 2, "name: \"probity\": a pack's name"},
	    {"[pack]\nname = ..\n", 2, "name: \"..\": a pack's name"},
	    {"[pack]\nname = a/b\n", 2, "name: \"a/b\": a pack's name"},
	    {"[pack]\nname = -a\n", 2, "name: \"-a\": a pack's name"},
	    {"[pack]\nname = a123456789a123456789a123456789a123456789a1234567\n", 2, "name: longer than 47 bytes"},
	    {"[pack]\nversion = one\n", 2, "version: \"one\": it is numbers"},
	    {"[pack]\nname = a\nname = b\n", 3, "\"name\" stands there twice"},
	    {"[pack]\nautor = b\n", 2, "unknown key \"autor\", did you mean \"author\"?"},
	    {HEAD "requires = b == 1\n", 6, "requires: \"b == 1\" is not"},
	    {HEAD "requires = b >= 1 x\n", 6, "requires: \"b >= 1 x\" is not"},
	    {HEAD "requires = b x\n", 6, "requires: \"b x\" is not"},
	    {HEAD "requires = b >= x\n", 6, "requires: \"b >= x\" is not"},
	    {HEAD "requires = ,\n", 6, "requires: \"\" is not"},
	    {HEAD "requires = a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a\n", 6, "requires: more than 16 others"},
	};
	pb_pack_ini ini;

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		pb_error err = {0};
		int line = -1;

		assert_int_equal(pb_pack_ini_parse(bytes_of(rows[i].text), &ini, &line, &err), PB_EINPUT);
		if (line != rows[i].line || strncmp(err.text, rows[i].words, strlen(rows[i].words)) != 0)
			fail_msg("row %zu: line %d: %s", i, line, err.text);
	}
}

/* A list that differs from the files names the first difference, whatever it holds. */
static void differences(void **state)
{
	static const char zeros[] = "0000000000000000000000000000000000000000000000000000000000000000";
	pb_pack_file file[2] = {{.path = (char *)(uintptr_t)"b", .size = 1}, {.path = (char *)(uintptr_t)"d", .size = 2}};
	pb_pack_files files = {file, 2, 3};
	char text[1024];
	pb_error err;
	const struct {
		const char *list, *words;
	} rows[] = {
	    {"@ 1 b\n@ 2 d\n", NULL},
	    {"@ 1 b\n", "d is not in pack.sum"},
	    {"", "b is not in pack.sum"},
	    {"@ 2 d\n", "b is not in pack.sum"},
	    {"@ 1 a\n@ 1 b\n@ 2 d\n", "a is in pack.sum and not there"},
	    {"@ 1 b\n@ 1 c\n@ 2 d\n", "c is in pack.sum and not there"},
	    {"@ 1 b\n@ 2 d\n@ 3 e\n", "e is in pack.sum and not there"},
	    {"@ 1 b\n@ 3 d\n", "d was changed"},
	    {"@ 01 b\n@ 2 d\n", "b was changed"},
	    {"@  1 b\n@ 2 d\n", "1 b is in pack.sum and not there"},
	    {"1@ 1 b\n@ 2 d\n", "b was changed"},
	    {"@ 1 bb\n@ 2 d\n", "b is not in pack.sum"},
	    {"@ 1 b\n@ 2 d", "pack.sum has a line that is none"},
	    {"@ 1 b\n\n@ 2 d\n", "pack.sum has a line that is none"},
	    {"@ 1 b\r\n@ 2 d\n", "b is not in pack.sum"},
	    {"@ 2 d\n@ 1 b\n", "b is not in pack.sum"},
	    {"@ 1 b\n@ 1 b\n@ 2 d\n", "b is in pack.sum and not there"},
	};

	(void)state;
	memcpy(file[0].sha256, zeros, 65);
	memcpy(file[1].sha256, zeros, 65);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		size_t n = 0;

		for (const char *p = rows[i].list; *p != '\0'; p++)
			n += (size_t)snprintf(text + n, sizeof text - n, *p == '@' ? "%s" : "%.1s", *p == '@' ? zeros : p);
		err = (pb_error){0};
		assert_int_equal(pb_pack_files_match(&files, (pb_bytes){(const uint8_t *)text, n}, &err), rows[i].words != NULL ? PB_EINPUT : PB_OK);
		if (strcmp(err.text, rows[i].words != NULL ? rows[i].words : "") != 0)
			fail_msg("row %zu: %s", i, err.text);
	}
	/* A NUL in a path: what stands behind it is no part of a name. */
	memcpy(text, "x 1 b\0c\n", 8);
	assert_int_equal(pb_pack_files_match(&files, (pb_bytes){(const uint8_t *)text, 8}, &err), PB_EINPUT);
}

static int count(void *user, const char *path, pb_bytes content, pb_error *err)
{
	(void)content;
	(void)err;
	if (!pb_pack_path_ok(path))
		fail_msg("%s came out of an archive", path);
	++*(int *)user;
	return PB_OK;
}

static int stop(void *user, const char *path, pb_bytes content, pb_error *err)
{
	(void)user;
	(void)content;
	return pb_fail(err, PB_EIO, "enough of %s", path);
}

/* Cut anywhere, an archive is an error, and never half of a pack. */
static void archives(void **state)
{
	pb_bytes whole;
	pb_error err = {0};
	int files = 0;

	(void)state;
	assert_int_equal(scratch_sh("mkdir -p p/.git p/integrity && echo x >p/pack.ini && echo y >p/integrity/a.lua && echo z >p/.git/config && "
	                            "tar -czf p.tar.gz p"),
	                 0);
	whole = scratch_load("p.tar.gz");
	assert_int_equal(pb_unpack_pack(whole, count, &files, &err), PB_OK);
	assert_int_equal(files, 2); /* what is hidden is no part */
	assert_int_equal(pb_unpack_pack(whole, stop, NULL, &err), PB_EIO);
	for (size_t n = 0; n + 8 < whole.size; n++) { /* the last 8 bytes are the digest and the size, which libarchive does not look at */
		uint8_t *cut = malloc(n > 0 ? n : 1);

		assert_non_null(cut);
		memcpy(cut, whole.data, n);
		err = (pb_error){0};
		if (pb_unpack_pack((pb_bytes){cut, n}, count, &files, &err) == PB_OK && n + 64 < whole.size)
			fail_msg("cut at %zu of %zu, and nobody saw it", n, whole.size);
		free(cut);
	}
	scratch_free(whole);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(versions), cmocka_unit_test(paths),       cmocka_unit_test(says_what_it_is),
	                                   cmocka_unit_test(mistakes), cmocka_unit_test(differences), cmocka_unit_test(archives)};
	return cmocka_run_group_tests(tests, scratch_begin, scratch_end);
}
