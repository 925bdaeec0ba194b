/* plugin/object: chains, names of members, targets of links, name classes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "object/kind.h"
#include "object/path.h"

static void chain(void **state)
{
	pb_path p = {0}, copy;
	json_t *json;
	char *text;

	(void)state;
	assert_int_equal(pb_path_push(&p, "outer.deb"), PB_OK);
	assert_int_equal(pb_path_push(&p, "data.tar.xz"), PB_OK);
	assert_int_equal(pb_path_push(&p, "usr/bin/x"), PB_OK);
	assert_int_equal(pb_path_copy(&p, &copy), PB_OK);
	pb_path_pop(&p);
	assert_int_equal(pb_path_push(&p, "data.tar"), PB_OK);
	text = pb_path_join(&p, " > ");
	assert_string_equal(text, "outer.deb > data.tar.xz > data.tar");
	free(text);
	json = pb_path_json(&copy);
	text = json_dumps(json, JSON_COMPACT);
	assert_string_equal(text, "[\"outer.deb\",\"data.tar.xz\",\"usr/bin/x\"]");
	free(text);
	json_decref(json);
	pb_path_free(&p);
	pb_path_free(&copy);
	assert_int_equal(p.n, 0);
	pb_path_pop(&p);
	assert_int_equal(p.n, 0);
	text = pb_path_join(&p, "/");
	assert_string_equal(text, "");
	free(text);
}

static void chain_bounds(void **state)
{
	pb_path p = {0};
	char *large = malloc(3 * PB_PATH_PART);
	json_t *valid;

	(void)state;
	for (int i = 0; i < PB_PATH_DEPTH; i++)
		assert_int_equal(pb_path_push(&p, "x"), PB_OK);
	assert_int_equal(pb_path_push(&p, "one more"), PB_ELIMIT);
	assert_int_equal(p.n, PB_PATH_DEPTH);
	pb_path_free(&p);
	for (int i = 0; i < 3 * PB_PATH_PART - 1; i += 2)
		memcpy(large + i, "\xc3\xbc", 2); /* u with dots: never to be cut in two */
	large[3 * PB_PATH_PART - 1] = '\0';
	assert_int_equal(pb_path_push(&p, large), PB_OK);
	assert_true(strlen(p.part[0]) <= PB_PATH_PART);
	valid = json_string(p.part[0]); /* NULL for what is no UTF-8 */
	assert_non_null(valid);
	json_decref(valid);
	pb_path_free(&p);
	free(large);
}

static void members(void **state)
{
	static const struct {
		const char *raw, *name;
		bool absolute, traversal;
	} cases[] = {
	    {"usr/bin/x", "usr/bin/x", false, false},
	    {"./usr//bin/./x", "usr/bin/x", false, false},
	    {"dir/", "dir", false, false},
	    {"./", ".", false, false},
	    {"", ".", false, false},
	    {"/etc/passwd", "etc/passwd", true, false},
	    {"//server/share", "server/share", true, false},
	    {"\\\\server\\share\\x", "\\x5c\\x5cserver\\x5cshare\\x5cx", true, false},
	    {"C:\\windows\\x", "C:\\x5cwindows\\x5cx", true, false},
	    {"c:/windows", "c:/windows", true, false},
	    {"B::Deparse.3pm", "B::Deparse.3pm", false, false},
	    {"C:", "C:", false, false},
	    {"../x", "../x", false, true},
	    {"..", "..", false, true},
	    {"a/../b", "a/../b", false, false},
	    {"a/../../b", "a/../../b", false, true},
	    {"a/b/../../../c", "a/b/../../../c", false, true},
	    {"/../x", "../x", true, true},
	    {"..\\..\\x", "..\\x5c..\\x5cx", false, true},
	    {"a\\b/../../x", "a\\x5cb/../../x", false, true}, /* where the backslash is a letter, it climbs */
	    {"...", "...", false, false},
	    {"..x/y", "..x/y", false, false},
	    {"a/..x", "a/..x", false, false},
	    {"new\nline\033[31m", "new\\x0aline\\x1b[31m", false, false},
	    {"\xff\xfe", "\\xff\\xfe", false, false},
	    {"\xe2\x80\xae"
	     "gpj.exe",
	     "\\u{202e}gpj.exe", false, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		pb_member_name got;

		assert_int_equal(pb_member_name_read(cases[i].raw, strlen(cases[i].raw), &got), PB_OK);
		assert_string_equal(got.name, cases[i].name);
		if (got.absolute != cases[i].absolute || got.traversal != cases[i].traversal)
			fail_msg("%s: absolute %d, traversal %d", cases[i].name, got.absolute, got.traversal);
		free(got.name);
	}
}

static void member_bounds(void **state)
{
	size_t n = 1 << 20;
	char *raw = malloc(n);
	pb_member_name got;

	(void)state;
	for (size_t i = 0; i < n; i++)
		raw[i] = "a/"[i % 2];
	assert_int_equal(pb_member_name_read(raw, n, &got), PB_OK);
	assert_true(strlen(got.name) <= PB_PATH_PART);
	free(got.name);
	memset(raw, 0, n);
	assert_int_equal(pb_member_name_read(raw, 3, &got), PB_OK);
	assert_string_equal(got.name, "\\x00\\x00\\x00");
	free(got.name);
	free(raw);
	assert_int_equal(pb_member_name_read("", 0, &got), PB_OK);
	free(got.name);
}

static void links(void **state)
{
	static const struct {
		const char *at, *target;
		bool hard, leaves;
	} cases[] = {
	    {"usr/bin/x", "../lib/y", false, false},
	    {"usr/bin/x", "../../y", false, false},
	    {"usr/bin/x", "../../../y", false, true},
	    {"x", "y", false, false},
	    {"x", "..", false, true},
	    {"x", "/etc/passwd", false, true},
	    {"x", "C:\\x", false, true},
	    {"usr/bin/x", "a/b/../../../../../y", false, true},
	    {"usr/bin/x", "a/b/../../../../y", false, false},
	    {"a/../b/x", "../y", false, false},
	    {"a/../b/x", "../../y", false, true},
	    {"../x", "y", false, true},
	    {"a\\b/x", "../../y", false, true},
	    {"a/x", "b\\c/../../../y", false, true},
	    {"usr/bin/x", "usr/lib/y", true, false},
	    {"usr/bin/x", "../y", true, true},
	    {"usr/bin/x", "/y", true, true},
	    {"x", "", false, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		if (pb_link_leaves(cases[i].at, cases[i].target, cases[i].hard) != cases[i].leaves)
			fail_msg("%s -> %s", cases[i].at, cases[i].target);
	assert_true(pb_link_absolute("/x"));
	assert_false(pb_link_absolute("x/"));
	assert_false(pb_link_absolute(""));
}

static void name_classes(void **state)
{
	static const struct {
		const char *name, *parent, *class;
	} cases[] = {
	    {"package.json", NULL, "package.json"},
	    {"Package.JSON", NULL, "package.json"},
	    {"control", NULL, "control"},
	    {"postinst", NULL, "postinst"},
	    {"METADATA", "demo-1.0.dist-info", "metadata"},
	    {"METADATA", "docs", ""},
	    {"METADATA", ".dist-info", ""},
	    {"RECORD", NULL, ""},
	    {"RECORD", "demo-1.0.dist-info", "record"},
	    {"PKG-INFO", "demo", "pkg-info"},
	    {"MANIFEST.MF", "META-INF", "manifest.mf"},
	    {"README.md", NULL, "readme"},
	    {"README", NULL, "readme"},
	    {"readme.js", NULL, ".js"},
	    {"LICENCE-MIT", NULL, "license"},
	    {"LICENSE.txt", NULL, "license"},
	    {"licensed.py", NULL, ".py"},
	    {"license.exe", NULL, ".exe"},
	    {"COPYING.LESSER", NULL, "copying"},
	    {"changelog.Debian", NULL, "changelog"},
	    {"changelog.gz", NULL, ".gz"},
	    {"copyright", "hello", "copyright"},
	    {"x.PY", NULL, ".py"},
	    {"archive.tar.gz", NULL, ".gz"},
	    {".npmrc", NULL, ".npmrc"},
	    {"noextension", NULL, ""},
	    {"dot.", NULL, ""},
	    {"x.ABCDEFGHIJKLMNOP", NULL, ".abcdefghijklmnop"},
	    {"x.ABCDEFGHIJKLMNOPQ", NULL, ""},
	    {"x.p\\x0ay", NULL, ""},
	    {"x.\xc3\xbc", NULL, ""},
	    {"", NULL, ""},
	    {"a very long name, longer than any name that the tables of special names know of, of a script.sh", NULL, ".sh"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		char class[PB_NAME_CLASS];

		memset(class, 'x', sizeof class);
		pb_name_class(cases[i].name, cases[i].parent, class);
		assert_string_equal(class, cases[i].class);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(chain),         cmocka_unit_test(chain_bounds), cmocka_unit_test(members),
	    cmocka_unit_test(member_bounds), cmocka_unit_test(links),        cmocka_unit_test(name_classes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
