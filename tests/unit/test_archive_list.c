/* plugin/object: containers listed. Archives are made by the system's own tools. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/unit/archive_case.h"

static void list_of_tar(void **state)
{
	json_t *fact = list("d.tar", "", "tar", 100), *again;

	(void)state;
	assert_true(json_is_true(json_object_get(fact, "complete")));
	assert_string_equal(pb_json_str(fact, "format", ""), "tar");
	assert_string_equal(pb_json_str(entry(fact, "d"), "type", ""), "dir");
	assert_string_equal(pb_json_str(entry(fact, "d/a.txt"), "type", ""), "file");
	assert_int_equal(pb_json_int(entry(fact, "d/a.txt"), "mode", 0), 04755);
	assert_int_equal(pb_json_int(entry(fact, "d/a.txt"), "size", 0), 20);
	assert_int_equal(pb_json_int(entry(fact, "d/a.txt"), "uid", -1), getuid());
	assert_null(json_object_get(entry(fact, "d/a.txt"), "sha256"));
	assert_string_equal(pb_json_str(entry(fact, "d/tiny"), "md5", ""), "900150983cd24fb0d6963f7d28e17f72");
	assert_string_equal(pb_json_str(entry(fact, "d/empty"), "md5", ""), "d41d8cd98f00b204e9800998ecf8427e");
	assert_string_equal(pb_json_str(entry(fact, "d/out"), "link", ""), "../../../etc/passwd");
	assert_true(flag(fact, "d/out", "leaves"));
	assert_false(flag(fact, "d/in", "leaves"));
	assert_true(flag(fact, "d/abs", "absolute_link"));
	assert_false(flag(fact, "d/abs", "leaves"));
	json_decref(fact);
	fact = list("d.tar", "", "tar", 3);
	assert_int_equal(json_array_size(json_object_get(fact, "entries")), 3);
	assert_false(json_is_true(json_object_get(fact, "complete")));
	assert_string_equal(pb_json_str(fact, "why", ""), "more than 3 members");
	again = list("d.tar", "", "tar", 3);
	assert_true(json_equal(fact, again));
	json_decref(fact);
	json_decref(again);
}

static json_t *times_of(const char *arguments, const char *kind)
{
	char line[600];

	snprintf(line, sizeof line, "python3 - <<'END'\nimport tarfile,io\nt=tarfile.open('t.tar','w')\n"
	         "for n,m in enumerate([%s]):\n  i=tarfile.TarInfo('f%%d' %% n);i.size=9;i.mtime=m;t.addfile(i,io.BytesIO(b'q'*9))\nt.close()\nEND",
	         arguments);
	assert_int_equal(scratch_sh(line), 0);
	return list("t.tar", "", kind, 100);
}

static void times(void **state)
{
	static const struct { const char *at; int first, last, late; } cases[] = {
		{"1700000000", 1700000000, 1700000000, 1},
		{"1700000000,1700000000,1700000000", 1700000000, 1700000000, 1},
		{"1700000009,1700000000,1700000009,1699996409,1699996408", 1699996408, 1700000009, 3},
		{"5,0,0,2147483647", 5, 2147483647, 1},
	};

	(void)state;
	scratch_need("python3");
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		json_t *fact = times_of(cases[i].at, "tar"), *told = json_object_get(fact, "times");

		assert_int_equal(pb_json_int(told, "first", -1), cases[i].first);
		assert_int_equal(pb_json_int(told, "last", -1), cases[i].last);
		assert_int_equal(pb_json_int(told, "late", -1), cases[i].late);
		json_decref(fact);
	}
	json_t *none = times_of("0,0", "tar");
	assert_null(json_object_get(none, "times"));
	json_decref(none);
}

static void names(void **state)
{
	static const char *const files[] = {"odd.tar", "odd.zip"};

	(void)state;
	scratch_need("python3");
	assert_int_equal(
	    scratch_sh(
	        "python3 - <<'END'\nimport tarfile,io,zipfile\n"
	        "names=['../../up.txt','/abs.txt','./a/.//b.txt','new\\nline\\x1b[31m.txt','\\u00fcml.txt','x'*300]\n"
	        "t=tarfile.open('odd.tar','w',format=tarfile.GNU_FORMAT)\nz=zipfile.ZipFile('odd.zip','w')\n"
	        "for n in names:\n  i=tarfile.TarInfo(n);i.size=20;t.addfile(i,io.BytesIO(b'q'*20));z.writestr(n,'q'*20)\n"
	        "t.close();z.close()\nEND"),
	    0);
	for (size_t i = 0; i < 2; i++) {
		json_t *fact = list(files[i], ".zip", i == 0 ? "tar" : "zip", 100);
		char longest[301];

		memset(longest, 'x', 300);
		longest[300] = '\0';
		assert_true(flag(fact, "../../up.txt", "traversal"));
		assert_true(flag(fact, "abs.txt", "absolute"));
		assert_false(flag(fact, "a/b.txt", "traversal"));
		(void)entry(fact, "new\\x0aline\\x1b[31m.txt");
		(void)entry(fact, "\xc3\xbcml.txt");
		(void)entry(fact, longest);
		assert_true((json_object_get(entry(fact, "abs.txt"), "uid") != NULL) == (i == 0)); /* a zip has no owners */
		json_decref(fact);
	}
	/* bytes that are no UTF-8 */
	assert_int_equal(scratch_sh("mkdir -p raw; : >raw/$(printf 'b\\377d'); tar -cf raw.tar raw"), 0);
	{
		json_t *fact = list("raw.tar", "", "tar", 100);

		(void)entry(fact, "raw/b\\xffd");
		json_decref(fact);
	}
}

static void ciphers(void **state)
{
	json_t *fact;

	(void)state;
	scratch_need("zip");
	assert_int_equal(scratch_sh("zip -q -r -P secret enc.zip d/a.txt d/tiny d/sub"), 0);
	fact = list("enc.zip", "", "zip", 100);
	assert_true(flag(fact, "d/a.txt", "encrypted"));
	assert_true(flag(fact, "d/tiny", "encrypted"));
	assert_null(json_object_get(entry(fact, "d/tiny"), "md5"));
	assert_false(flag(fact, "d/sub", "encrypted"));
	json_decref(fact);
	if (!scratch_has("7z"))
		return;
	assert_int_equal(scratch_sh("7z a -bd -psecret -mhe=on hidden.7z d && 7z a -bd -psecret open.7z d"), 0);
	fact = list("hidden.7z", "", "7z", 100);
	assert_false(json_is_true(json_object_get(fact, "complete")));
	assert_string_equal(pb_json_str(fact, "why", ""), "encrypted");
	json_decref(fact);
	fact = list("open.7z", "", "7z", 100);
	assert_string_equal(pb_json_str(fact, "why", ""), "encrypted");
	json_decref(fact);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(list_of_tar),
	    cmocka_unit_test(times),
	    cmocka_unit_test(names),
	    cmocka_unit_test(ciphers),
	};

	return cmocka_run_group_tests(tests, archive_case_begin, scratch_end);
}
