/* The report on a terminal fits its width, whatever a product is called, and nothing in it can move the cursor. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/width.h"
#include "text_case.h"

static const char evil[] = "\x1b[2J\x1b]0;owned\x07 \xe2\x80\xae"
                           "exe.gnp\r\n\xe7\x95\x8c\xe7\x95\x8c\xe7\x95\x8c Trust 100\xc2\x9b"
                           "31m";

static json_t *hostile_report(void)
{
	json_t *d = case_document(), *product = json_object_get(d, "product"), *r, *bad;
	char *path = malloc(20001), *word = malloc(5001);

	assert_true(path != NULL && word != NULL);
	for (size_t i = 0; i < 10000; i++)
		memcpy(path + 2 * i, "\xc3\xa9", 3);
	memset(word, 'w', 5000);
	word[5000] = '\0';
	(void)json_object_set_new(product, "name", json_string(evil));
	(void)json_object_set_new(product, "version", json_string(word));
	case_add_finding(d, case_finding("integrity.key", "key", evil, 900, "high", evil, word), case_place(evil, path),
	                 case_place(path, evil));
	case_add_finding(d, case_finding("integrity.key", "other", word, 500, "high", word, path),
	                 case_place(word, evil), NULL);
	case_add(d, "limits", json_pack("{s[s] ss}", "path", path, "why", word));
	case_add(d, "limits", json_pack("{s[] ss}", "path", "why", evil));
	case_add(d, "checks", case_check("integrity.x", "I-99", evil, "x", "low", "exact", "unknown", 0, word));
	case_add(d, "checks", case_check("integrity.y", "I-98", word, "x", "low", "exact", "unknown", 0, evil));
	/* A report from a file need not have come from the builder: put the raw text back. */
	r = report_of(d);
	bad = json_array_get(json_object_get(r, "findings"), 0);
	(void)json_object_set_new(bad, "says", json_string(evil));
	(void)json_object_set_new(bad, "remediation", json_string(evil));
	(void)json_object_set_new(bad, "waived", json_string(evil));
	set(r, "product", "kind", json_string(evil));
	set(r, "assessment", "as_of", json_string(evil));
	set(r, "assessment", "command", json_string(word));
	free(path);
	free(word);
	return r;
}

/* Columns as a terminal counts them, for the few scripts that these tests use. */
static int columns(const char *line, size_t n)
{
	int width = 0;

	for (size_t i = 0; i < n; i++) {
		uint8_t c = (uint8_t)line[i];

		width += (c & 0xc0) != 0x80 ? (c == 0xe7 ? 2 : 1) : 0; /* 0xe7: the CJK of evil */
	}
	return width;
}

static void fits_every_width(void **state)
{
	json_t *reports[] = {report_of(case_document()), hostile_report()};

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		for (int width = 60; width <= 200; width += width < 90 ? 1 : 23) {
			char *t = render(reports[i / 2], width, false, i % 2 == 1);

			for (const char *line = t; *line != '\0';) {
				size_t n = strcspn(line, "\n");

				if (columns(line, n) > width)
					fail_msg("%d columns, not %d: %.*s", columns(line, n), width, (int)n, line);
				line += n + (line[n] == '\n');
			}
			assert_true(pb_text_utf8(t, strlen(t)));
			free(t);
		}
	}
	json_decref(reports[0]);
	json_decref(reports[1]);
}

static void strip_colors(char *t, bool *clean)
{
	char *to = t;
	bool open = false;

	*clean = true;
	while (*t != '\0') {
		size_t digits = t[0] == '\033' && t[1] == '[' ? strspn(t + 2, "0123456789;") : 0;

		if (t[0] == '\n' && open)
			*clean = false; /* a colour that goes on into the next line */
		if (digits > 0 && t[2 + digits] == 'm') {
			open = strncmp(t, "\033[0m", 4) != 0;
			t += digits + 3;
			continue;
		}
		*to++ = *t++;
	}
	*to = '\0';
}

static void colors_only_where_asked_for(void **state)
{
	json_t *reports[] = {report_of(case_document()), hostile_report()};

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		char *plain = render(reports[i / 2], 80, false, i % 2 == 1),
		     *colored = render(reports[i / 2], 80, true, i % 2 == 1);
		bool clean;

		for (const char *p = plain; *p != '\0'; p++)
			assert_true((uint8_t)*p >= 0x20 || *p == '\n');
		expect_not(plain, "\xe2\x80\xae");
		expect_not(plain, "\xc2\x9b");
		assert_string_not_equal(plain, colored);
		strip_colors(colored, &clean);
		assert_true(clean);
		assert_string_equal(plain, colored);
		free(plain);
		free(colored);
	}
	json_decref(reports[0]);
	json_decref(reports[1]);
}

static void shortens_between_characters(void **state)
{
	const char *texts[] = {"",
	                       "abc",
	                       "usr/share/doc/agent/examples/test.key",
	                       "\\x1b[31m\\u{202e}gnp.exe\\x0a",
	                       "\xc3\xa9\xe7\x95\x8c\\x07\xe7\x95\x8c\xc3\xa9\xc3\xa9\xe7\x95\x8c",
	                       "\\",
	                       "\\x",
	                       "\\u{",
	                       "\\u{12345678}\\u{}"};

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		for (int width = 0; width < 45; width++) {
			char *s = pb_width_shorten(texts[i], width);
			const char *gap;

			assert_non_null(s);
			assert_true(pb_width(s) <= width);
			assert_true(pb_text_utf8(s, strlen(s)));
			gap = strstr(s, "...");
			if (gap == NULL)
				assert_int_equal(strncmp(s, texts[i], strlen(s)), 0);
			else if (i == 3) /* what stands left and right of the gap is whole escapes */
				assert_true(strcspn(gap + 3, "\\") == strlen(gap + 3) ||
				            strstr(texts[3], gap + 3) != NULL);
			if (pb_width(texts[i]) <= width)
				assert_string_equal(s, texts[i]);
			free(s);
		}
	}
	assert_int_equal(pb_width("\\u{202e}"), 8);
	assert_int_equal(pb_width("\xe7\x95\x8c"), 2);
}

static void set_numbers(json_t *value, json_int_t number)
{
	const char *key;
	json_t *item;
	size_t i;

	if (json_is_integer(value))
		(void)json_integer_set(value, number);
	json_array_foreach(value, i, item) {
		set_numbers(item, number);
	}
	json_object_foreach(value, key, item) {
		set_numbers(item, number);
	}
}

/* A report from a file may hold any number; the sanitizers look on. */
static void survives_absurd_numbers(void **state)
{
	static const json_int_t numbers[] = {INT64_MAX, INT64_MIN, -1, 0, INT64_MAX / 10 + 1};
	json_t *r = report_of(case_document());

	(void)state;
	for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
		char *t;

		set_numbers(r, numbers[i]);
		t = render(r, 80, true, i % 2 == 0);
		free(t);
	}
	json_decref(r);
}

static void refuses_what_is_no_report(void **state)
{
	static const char other[] = "{\"schema\":\"probity-report/2\"}", bare[] = "{\"schema\":\"probity-report/1\"}";
	json_t *odd = json_pack("{ss s[] si s{s[i]} s[i] s[i] s[n] sn}", "schema", "probity-report/1", "product",
	                        "score", 5, "policy", "required", 1, "findings", 1, "checks", 7, "limits", "pillars");
	pb_format_limits little = pb_format_defaults;
	json_t *empty = json_pack("{ss}", "schema", "probity-report/1");
	pb_buf out = {0};
	pb_error err = {0};
	char *t;

	(void)state;
	assert_int_equal(text_render(other, &pb_format_defaults, 80, false, false, &out, &err), PB_EINPUT);
	assert_int_equal(text_render("null", &pb_format_defaults, 80, false, false, &out, &err), PB_EINPUT);
	assert_int_equal(out.size, 0);
	t = render(empty, 80, true, true);
	expect(t, "UNDECIDED");
	free(t);
	t = render(odd, 80, true, true);
	free(t);
	little.output = 100;
	assert_int_equal(text_render(bare, &little, 80, false, false, &out, &err), PB_ELIMIT);
	expect(err.text, "limit output");
	pb_buf_free(&out);
	json_decref(empty);
	json_decref(odd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fits_every_width),
		cmocka_unit_test(colors_only_where_asked_for),
		cmocka_unit_test(shortens_between_characters),
		cmocka_unit_test(survives_absurd_numbers),
		cmocka_unit_test(refuses_what_is_no_report),
	};

	return cmocka_run_group_tests_name("text on a terminal", tests, NULL, NULL);
}
