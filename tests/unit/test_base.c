/* plugin/base: buffers, files of our own, JSON, INI, dates, digests. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/date.h"
#include "base/error.h"
#include "base/fs.h"
#include "base/hash.h"
#include "base/ini.h"
#include "base/json.h"

static char folder[] = "/tmp/probity-base-XXXXXX";

static void buffers(void **state)
{
	pb_buf b = {.max = 10};

	(void)state;
	assert_int_equal(pb_buf_printf(&b, "%d-%s", 12, "abc"), PB_OK);
	assert_int_equal(pb_buf_add(&b, "12345", 5), PB_ELIMIT);
	assert_int_equal(b.size, 6);
	assert_string_equal((char *)b.data, "12-abc");
	assert_int_equal(pb_buf_add(&b, NULL, 0), PB_OK);
	assert_int_equal(pb_buf_add(&b, "x", SIZE_MAX - 2), PB_ENOMEM);
	assert_int_equal(pb_buf_puts(&b, "1234"), PB_OK);
	pb_buf_free(&b);
	assert_int_equal(b.max, 10);
	assert_null(b.data);
}

static void slices(void **state)
{
	pb_bytes b = {(const uint8_t *)"abcdef", 6};

	(void)state;
	assert_int_equal(pb_slice(b, 4, 10).size, 2);
	assert_int_equal(pb_slice(b, 6, 1).size, 0);
	assert_int_equal(pb_slice(b, SIZE_MAX, SIZE_MAX).size, 0);
	assert_int_equal(pb_slice(b, 1, SIZE_MAX).size, 5);
}

static void hashes(void **state)
{
	pb_bytes abc = {(const uint8_t *)"abc", 3}, none = {NULL, 0};
	char hex[PB_HEX_MAX];
	pb_sha256 *h = pb_sha256_new();

	(void)state;
	assert_true(pb_hash_hex("md5", abc, hex));
	assert_string_equal(hex, "900150983cd24fb0d6963f7d28e17f72");
	assert_true(pb_hash_hex("sha1", abc, hex));
	assert_string_equal(hex, "a9993e364706816aba3e25717850c26c9cd0d89d");
	assert_true(pb_hash_hex("sha256", none, hex));
	assert_string_equal(hex, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	assert_true(pb_hash_hex("sha512", abc, hex));
	assert_int_equal(strlen(hex), 128);
	assert_false(pb_hash_hex("crc32", abc, hex));
	assert_string_equal(hex, "");
	pb_sha256_add(h, "a", 1);
	pb_sha256_add(h, NULL, 0);
	pb_sha256_add(h, "bc", 2);
	pb_sha256_hex(h, hex);
	assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	pb_sha256_drop(pb_sha256_new());
	pb_sha256_drop(NULL);
}

static json_t *parse(const char *text, pb_error *err)
{
	return pb_json_parse((pb_bytes){(const uint8_t *)text, strlen(text)}, 4096, "x.json", err);
}

static void json_round_trip(void **state)
{
	json_t *v = parse("{\"b\":[1, 2,{\"z\":null,\"a\":\"\xc3\xa9\"}],\n\"a\":-9007199254740993}", NULL);
	char *text = pb_json_canonical(v);

	(void)state;
	assert_string_equal(text, "{\"a\":-9007199254740993,\"b\":[1,2,{\"a\":\"\xc3\xa9\",\"z\":null}]}");
	assert_int_equal(pb_json_int(v, "a", 0), -9007199254740993);
	assert_int_equal(pb_json_int(v, "b", 5), 5);
	assert_string_equal(pb_json_str(v, "a", "other"), "other");
	assert_int_equal(json_array_size(pb_json_array_at(v, "b")), 3);
	assert_true(json_is_object(pb_json_object_at(v, "new")) && json_is_object(json_object_get(v, "new")));
	free(text);
	json_decref(v);
	v = pb_json_display("a\n\xff", 3, 0);
	assert_string_equal(json_string_value(v), "a\\x0a\\xff");
	json_decref(v);
}

static void json_refuses(void **state)
{
	static const char *const wrong[] = {"",
	                                    "{",
	                                    "{\"a\":1,\"a\":2}",
	                                    "[1,]",
	                                    "\"\xff\"",
	                                    "\"\\u0000\"",
	                                    "[1] x",
	                                    "99999999999999999999",
	                                    "\"\\ud800\"",
	                                    "nul",
	                                    "{\"a\":NaN}"};
	pb_error err;
	char deep[4000];

	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
		err = (pb_error){0};
		if (parse(wrong[i], &err) != NULL)
			fail_msg("should be refused: %s", wrong[i]);
		assert_int_equal(err.code, PB_ECORRUPT);
		assert_non_null(strstr(err.text, "x.json:"));
	}
	memset(deep, '[', sizeof deep - 1);
	deep[sizeof deep - 1] = '\0';
	assert_null(parse(deep, &err));
	assert_null(pb_json_parse((pb_bytes){(const uint8_t *)"[1,2]", 5}, 4, "x.json", &err));
	assert_int_equal(err.code, PB_ELIMIT);
}

static char *in_folder(const char *name)
{
	return pb_fs_join(folder, name);
}

/* Name for files whose content a case gives. */
static char *with_content(const char *name, const void *bytes, size_t n)
{
	char *file = in_folder(name);
	pb_error err = {0};

	if (pb_fs_write(file, bytes, n, &err) != PB_OK)
		fail_msg("%s", err.text);
	return file;
}

static int collect(void *user, const char *section, const char *key, const char *value, int line, pb_error *err)
{
	if (strcmp(key, "refuse") == 0)
		return pb_fail(err, PB_EINPUT, "key \"%s\" is not known", key);
	return pb_buf_printf(user, "%d[%s]%s=%s;", line, section, key, value);
}

static void ini_reads(void **state)
{
	static const char text[] =
	    "\xef\xbb\xbf; top\n[one]\na = b c ; note\n\n  indented = 1\r\n[two] # x\nk: v;w\nempty =\nlast=1";
	char *file = with_content("good.ini", text, sizeof text - 1);
	pb_buf got = {0};
	pb_error err = {0};

	(void)state;
	if (pb_ini_read(file, collect, &got, &err) != PB_OK)
		fail_msg("%s", err.text);
	assert_string_equal((char *)got.data, "3[one]a=b c;5[one]indented=1;7[two]k=v;w;8[two]empty=;9[two]last=1;");
	pb_buf_free(&got);
	free(file);
}

static void ini_refuses(void **state)
{
	static const struct {
		const char *text;
		size_t n;
		const char *says;
	} wrong[] = {
	    {"a=1\nnonsense\n", 13, "wrong.ini:2: neither"},
	    {"a=1\n[open\n", 10, "wrong.ini:2: a section without"},
	    {"[a]b\nc=1\n", 9, "wrong.ini:1: text after"},
	    {"a=1\nb=\xff\n", 8, "wrong.ini:2: not valid UTF-8"},
	    {"a=1\nb=\0\n", 8, "wrong.ini:2: NUL byte"},
	    {"a=1\n\n = 2\n", 10, "wrong.ini:3: a value without a key"},
	    {"[s]\na=1\nrefuse=\x1b[1m\n", 19, "wrong.ini:3: key \"refuse\" is not known"},
	    {"[ssssssssssssssssssssssssssssssssssssssssssssssssssssssss]\n", 59, "wrong.ini:1: section name too long"},
	};
	pb_error err;
	pb_buf got = {0};
	char longest[5000];
	char *file = NULL;

	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
		free(file);
		file = with_content("wrong.ini", wrong[i].text, wrong[i].n);
		err = (pb_error){0};
		assert_int_equal(pb_ini_read(file, collect, &got, &err), PB_EINPUT);
		if (strstr(err.text, wrong[i].says) == NULL)
			fail_msg("case %zu: %s", i, err.text);
		pb_buf_free(&got);
	}
	memset(longest, 'x', sizeof longest);
	free(file);
	file = with_content("wrong.ini", longest, sizeof longest);
	assert_int_equal(pb_ini_read(file, collect, &got, &err), PB_EINPUT);
	assert_non_null(strstr(err.text, ":1: line too long"));
	free(file);
	assert_int_equal(pb_ini_read("/nowhere/at.ini", collect, &got, &err), PB_EIO);
	pb_buf_free(&got);
}

static void files(void **state)
{
	char *file = with_content("a", "hello", 5), *link = in_folder("link"), *fifo = in_folder("fifo");
	pb_buf b = {0};
	pb_error err = {0};
	struct stat st;

	(void)state;
	assert_int_equal(pb_fs_read(file, 5, &b, &err), PB_OK);
	assert_string_equal((char *)b.data, "hello");
	assert_int_equal(pb_fs_read(file, 4, &b, &err), PB_ELIMIT);
	assert_null(b.data);
	assert_int_equal(mkfifo(fifo, 0600), 0);
	assert_int_equal(pb_fs_read(fifo, 10, &b, &err), PB_EINPUT); /* and does not wait for a writer */
	assert_int_equal(pb_fs_read(folder, 10, &b, &err), PB_EINPUT);
	assert_int_equal(pb_fs_read("/nowhere", 10, &b, &err), PB_EIO);
	assert_int_equal(symlink("a", link), 0);
	assert_int_equal(pb_fs_write(link, "new", 3, &err), PB_OK); /* the link stays, its target changes */
	assert_true(lstat(link, &st) == 0 && S_ISLNK(st.st_mode));
	assert_int_equal(pb_fs_read(file, 10, &b, &err), PB_OK);
	assert_string_equal((char *)b.data, "new");
	assert_int_equal(pb_fs_write("/dev/null", "x", 1, &err), PB_OK);
	assert_true(stat("/dev/null", &st) == 0 && S_ISCHR(st.st_mode));
	assert_int_equal(pb_fs_write("/nowhere/file", "x", 1, &err), PB_EIO);
	pb_buf_free(&b);
	free(file);
	free(link);
	free(fifo);
}

static void file_names(void **state)
{
	char *sub = in_folder("rules"), *deep = in_folder("rules/b"), *loop = in_folder("rules/loop"),
	     *gone = in_folder("rules/x.lua");
	char **names = NULL;
	size_t n = 0;
	pb_error err = {0};

	(void)state;
	assert_int_equal(mkdir(sub, 0700) | mkdir(deep, 0700) | symlink("..", loop) | symlink("nothing", gone), 0);
	free(with_content("rules/z.lua", "", 0));
	free(with_content("rules/b/a.lua", "", 0));
	free(with_content("rules/b.lua", "", 0));
	free(with_content("rules/b/a.txt", "", 0));
	assert_int_equal(pb_fs_names(sub, ".lua", &names, &n, &err), PB_OK);
	assert_int_equal(n, 3);
	assert_string_equal(names[0], "b.lua");
	assert_string_equal(names[1], "b/a.lua");
	assert_string_equal(names[2], "z.lua");
	pb_fs_names_free(names, n);
	assert_int_equal(pb_fs_names("/nowhere", NULL, &names, &n, &err), PB_EIO);
	assert_null(names);
	free(sub);
	free(deep);
	free(loop);
	free(gone);
}

static void data_dir(void **state)
{
	char *dir;

	(void)state;
	assert_int_equal(setenv("PROBITY_DATA", "/some/where", 1), 0);
	dir = pb_fs_data_dir();
	assert_string_equal(dir, "/some/where");
	free(dir);
	assert_int_equal(unsetenv("PROBITY_DATA"), 0);
	dir = pb_fs_data_dir();
	assert_true(dir != NULL && dir[0] == '/');
	free(dir);
}

static void dates(void **state)
{
	static const char *const wrong[] = {"2026-02-29",  "2025-13-01", "2025-00-10", "2025-01-00", "1969-12-31", "2025-1-01",
	                                    "2025-01-01 ", "25-01-01",   "2025/01/01", "",           "1900-02-29"};
	int64_t d;
	char text[11];

	(void)state;
	assert_true(pb_date_parse("1970-01-01", &d) && d == 0);
	assert_true(pb_date_parse("2000-02-29", &d) && d == 11016);
	assert_true(pb_date_parse("2026-11-21", &d) && d == 20778);
	assert_true(pb_date_parse("9999-12-31", &d) && d == 2932896);
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
		assert_false(pb_date_parse(wrong[i], &d));
	for (int64_t day = 0; day <= 2932896; day++) {
		pb_date_format(day, text);
		if (!pb_date_parse(text, &d) || d != day)
			fail_msg("day %lld is %s", (long long)day, text);
	}
	pb_date_format(INT64_MAX, text);
	assert_string_equal(text, "9999-12-31");
	pb_date_format(INT64_MIN, text);
	assert_string_equal(text, "1970-01-01");
	assert_true(pb_date_today() > 19000);
}

static int make_folder(void **state)
{
	(void)state;
	return mkdtemp(folder) == NULL;
}

static int drop_folder(void **state)
{
	static const char *const left[] = {"good.ini",    "wrong.ini",     "a",           "link",          "fifo",
	                                   "rules/z.lua", "rules/b/a.lua", "rules/b.lua", "rules/b/a.txt", "rules/loop",
	                                   "rules/x.lua", "rules/b",       "rules"};

	(void)state;
	for (size_t i = 0; i < sizeof left / sizeof left[0]; i++) {
		char *file = in_folder(left[i]);

		(void)remove(file);
		free(file);
	}
	return rmdir(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(buffers),         cmocka_unit_test(slices),       cmocka_unit_test(hashes),
	    cmocka_unit_test(json_round_trip), cmocka_unit_test(json_refuses), cmocka_unit_test(ini_reads),
	    cmocka_unit_test(ini_refuses),     cmocka_unit_test(files),        cmocka_unit_test(file_names),
	    cmocka_unit_test(data_dir),        cmocka_unit_test(dates),
	};

	return cmocka_run_group_tests(tests, make_folder, drop_folder);
}
