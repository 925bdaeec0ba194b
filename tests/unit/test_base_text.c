/* plugin/base: text from outside, made safe, compared, matched. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"

static void display_is(const char *in, size_t n, size_t max, const char *want)
{
	char *got = pb_text_display(in, n, max);

	assert_non_null(got);
	assert_string_equal(got, want);
	assert_true(pb_text_utf8(got, strlen(got)));
	free(got);
}

static void text_display(void **state)
{
	(void)state;
	display_is("", 0, 0, "");
	display_is("caf\xc3\xa9 \xe6\x97\xa5 \xf0\x9f\x90\x9f", 14, 0, "caf\xc3\xa9 \xe6\x97\xa5 \xf0\x9f\x90\x9f");
	display_is("a\nb\t\x1b[31m\x7f", 10, 0, "a\\x0ab\\x09\\x1b[31m\\x7f");
	display_is("a\0b", 3, 0, "a\\x00b");
	display_is("C:\\x0a", 6, 0, "C:\\x5cx0a");                      /* not to be taken for an escape */
	display_is("x\xe2\x80\xaegpj.exe", 11, 0, "x\\u{202e}gpj.exe"); /* right-to-left override */
	display_is("\xe2\x81\xa6\xe2\x80\x8b\xef\xbb\xbf\xc2\x9b", 11, 0, "\\u{2066}\\u{200b}\\u{feff}\\u{009b}");
	display_is("\xe2\x80\xa8\xf3\xa0\x81\x81", 7, 0, "\\u{2028}\\u{e0041}");
	/* overlong, a surrogate, cut short, beyond Unicode */
	display_is("\xff\xc0\xaf\xed\xa0\x80\xc3", 7, 0, "\\xff\\xc0\\xaf\\xed\\xa0\\x80\\xc3");
	display_is("\xf4\x90\x80\x80\xe2\x82", 6, 0, "\\xf4\\x90\\x80\\x80\\xe2\\x82");
}

static void text_display_cut(void **state)
{
	(void)state;
	display_is("abcdef", 6, 6, "abcdef");
	display_is("abcdefg", 7, 6, "abc\xe2\x80\xa6");
	display_is("ab\xe6\x97\xa5\xe6\x97\xa5", 8, 7, "ab\xe2\x80\xa6"); /* a character is never split */
	display_is("a\n\n\n", 4, 8, "a\\x0a\xe2\x80\xa6");                /* nor is an escape */
	display_is("abcdef", 6, 2, "");
}

static void text_display_is_injective(void **state)
{
	static const char *const alike[] = {"\n",        "\\x0a",        "\\\\x0a", "\\n", "\xe2\x80\xae",
	                                    "\\u{202e}", "\xe2\x80\xa6", "\xe2",    "\\",  "\\x5c"};

	(void)state;
	for (size_t i = 0; i < sizeof alike / sizeof alike[0]; i++)
		for (size_t j = 0; j < i; j++) {
			char *a = pb_text_display(alike[i], strlen(alike[i]), 0);
			char *b = pb_text_display(alike[j], strlen(alike[j]), 0);

			assert_string_not_equal(a, b);
			free(a);
			free(b);
		}
}

static void text_safe_twice_is_once(void **state)
{
	char *once = pb_text_safe("a\\b\x1b\xe2\x80\xae\xff", 0), *twice = pb_text_safe(once, 0);
	char *lines = pb_text_display_lines("a\n\tb\r\\", 6, 0);

	(void)state;
	assert_string_equal(once, "a\\b\\x1b\\u{202e}\\xff");
	assert_string_equal(once, twice);
	assert_string_equal(lines, "a\n\tb\\x0d\\x5c");
	free(once);
	free(twice);
	free(lines);
}

static void errors_are_safe(void **state)
{
	pb_error err = {0};
	char longest[3000];

	(void)state;
	assert_int_equal(pb_fail(&err, PB_EIO, "%s: %s", "evil\x1b]0;\n\xff%s", "gone"), PB_EIO);
	assert_int_equal(err.code, PB_EIO);
	assert_string_equal(err.text, "evil\\x1b]0;\\x0a\\xff%s: gone");
	memset(longest, '\n', sizeof longest - 1);
	longest[sizeof longest - 1] = '\0';
	(void)pb_fail(&err, PB_EINPUT, "%s", longest);
	assert_true(strlen(err.text) < sizeof err.text && strlen(err.text) > sizeof err.text - 8);
	assert_string_equal(err.text + strlen(err.text) - 3, "\xe2\x80\xa6");
	assert_int_equal(pb_fail(NULL, PB_EINPUT, "nobody listens"), PB_EINPUT);
}

static void text_nearest(void **state)
{
	static const char *const words[] = {"severity", "reliability", "claim", "looks"};
	char longest[600];

	(void)state;
	memset(longest, 'a', sizeof longest - 1);
	longest[sizeof longest - 1] = '\0';
	assert_string_equal(pb_text_nearest("severty", words, 4), "severity");
	assert_string_equal(pb_text_nearest("look", words, 4), "looks");
	assert_null(pb_text_nearest("elephant", words, 4));
	assert_null(pb_text_nearest(longest, words, 4));
	assert_null(pb_text_nearest("claim", words, 0));
}

static void text_glob(void **state)
{
	static const struct {
		const char *pattern, *path;
		bool hit;
	} cases[] = {
	    {"*.js", "a.js", true},
	    {"*.js", "x/a.js", false},
	    {"**/*.js", "x/y/a.js", true},
	    {"**/*.js", "a.js", true},
	    {"a/**/b", "a/b", true},
	    {"a/**/b", "a/x/y/b", true},
	    {"a/**/b", "ab", false},
	    {"a/**", "a/x/y", true},
	    {"?", "\xc3\xa9", true},
	    {"?", "/", false},
	    {"[a-c]x", "bx", true},
	    {"[!a-c]x", "bx", false},
	    {"[!a-c]x", "\xffx", true},
	    {"[a", "[a", true},
	    {"[]]", "]", true},
	    {"[!/]", "/", false},
	    {"[a-]", "-", true},
	    {"", "", true},
	    {"", "a", false},
	    {"*", "", true},
	    {"**", "a/b/c", true},
	    {"usr/*/bin/*", "usr/l/bin/x", true},
	    {"*a*b*c", "xxaxxbxxc", true},
	    {"*a*b*c", "xxaxxcxxb", false},
	    {"***", "a/b", true},
	    {"a**b", "a/x/b", true},
	    {"\\x0a", "\\x0a", true},
	};
	char deep[1200], path[4001];

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		if (pb_text_glob(cases[i].pattern, cases[i].path) != cases[i].hit)
			fail_msg("glob %s on %s should be %d", cases[i].pattern, cases[i].path, cases[i].hit);
	for (size_t i = 0; i < 900; i += 2)
		memcpy(deep + i, "*a", 2);
	memcpy(deep + 900, "b", 2);
	memset(path, 'a', 4000);
	path[4000] = '\0';
	assert_false(pb_text_glob(deep, path)); /* exponential for a backtracking matcher */
	memset(deep, '*', sizeof deep - 1);
	deep[sizeof deep - 1] = '\0';
	assert_false(pb_text_glob(deep, path)); /* too long a pattern */
	deep[1000] = '\0';
	assert_true(pb_text_glob(deep, path)); /* the longest */
}

static void text_int(void **state)
{
	static const char *const wrong[] = {"", "-", "+1", " 1", "1 ", "0x1", "1e3", "9223372036854775808", "101", "-1"};
	int64_t v = 7;

	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
		assert_false(pb_text_int(wrong[i], 0, 100, &v));
	assert_int_equal(v, 7);
	assert_true(pb_text_int("100", 0, 100, &v) && v == 100);
	assert_true(pb_text_int("-9223372036854775808", INT64_MIN, 0, &v) && v == INT64_MIN);
	assert_true(pb_text_int("9223372036854775807", 0, INT64_MAX, &v) && v == INT64_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(text_display),
	    cmocka_unit_test(text_display_cut),
	    cmocka_unit_test(text_display_is_injective),
	    cmocka_unit_test(text_safe_twice_is_once),
	    cmocka_unit_test(errors_are_safe),
	    cmocka_unit_test(text_nearest),
	    cmocka_unit_test(text_glob),
	    cmocka_unit_test(text_int),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
