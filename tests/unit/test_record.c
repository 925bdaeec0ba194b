/* Object records come from another process: every field is hostile. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "findings/record.h"

static json_t *parse(const char *text)
{
	json_t *v = json_loads(text, 0, NULL);

	if (v == NULL)
		fail_msg("the test's own JSON: %s", text);
	return v;
}

#define DIGEST "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static json_t *good_record(void)
{
	json_t *facts = json_pack("{s:[s,s]}", "tags", "any", "elf"), *result = pb_result_new(facts), *record;
	pb_raised r = {"integrity.private-key", "key", "abc", 900, PB_HIGH, "a key", 10, 20, "-----"};

	json_decref(facts);
	assert_int_equal(pb_result_add(result, &r), PB_OK);
	assert_int_equal(pb_result_unknown(result, "data-care.x", "limit memory"), PB_OK);
	assert_int_equal(pb_result_unknown(result, "data-care.x", "later"), PB_OK);
	record = json_pack("{s:[s,s],s:s,s:i,s:s,s:s,s:s,s:b,s:o}", "path", "a.deb", "usr/bin/x", "sha256", DIGEST, "size", 30,
	                   "kind", "elf", "class", "binary", "name_class", ".so", "container", 0, "result", result);
	assert_non_null(record);
	return record;
}

static void a_result_survives_its_serial_form(void **state)
{
	json_t *record = good_record(), *again;
	char *text = pb_json_canonical(record), *twice;
	pb_error err = {0};

	(void)state;
	again = pb_json_parse((pb_bytes){(const uint8_t *)text, strlen(text)}, 1 << 20, "record", &err);
	assert_int_equal(pb_record_valid(again, &err), PB_OK);
	assert_true(json_equal(record, again));
	twice = pb_json_canonical(again);
	assert_string_equal(text, twice);
	assert_string_equal(pb_json_str(json_object_get(json_object_get(record, "result"), "unknown"), "data-care.x", ""),
	                    "limit memory");
	free(text);
	free(twice);
	json_decref(record);
	json_decref(again);
}

static json_t *at_path(json_t *record, const char *path, char last[32])
{
	json_t *v = record;
	char copy[100], *part, *next;

	(void)strcpy(copy, path);
	for (part = copy; (next = strchr(part, '/')) != NULL; part = next + 1) {
		*next = '\0';
		v = json_is_array(v) ? json_array_get(v, (size_t)atoi(part)) : json_object_get(v, part);
	}
	(void)strcpy(last, part);
	return v;
}

/* Each row: the field at path gets the value; "" removes it. All must be refused. */
static void every_field_is_checked(void **state)
{
	static const struct {
		const char *path, *value;
	} cases[] = {
	    {"path", ""},
	    {"path", "[]"},
	    {"path", "\"x\""},
	    {"path", "[1]"},
	    {"path", "[\"\"]"},
	    {"path", "[\"a\\nb\"]"},
	    {"path", "[\"\\u001b[31m\"]"},
	    {"sha256", ""},
	    {"sha256", "\"abc\""},
	    {"sha256", "1"},
	    {"sha256", "\"" DIGEST "0\""},
	    {"sha256", "\"ABCDEF6789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\""},
	    {"size", "-1"},
	    {"size", "1.5"},
	    {"size", "\"1\""},
	    {"size", ""},
	    {"kind", "\"\""},
	    {"kind", "\"a b\""},
	    {"kind", "7"},
	    {"class", "\"\""},
	    {"class", "null"},
	    {"name_class", "\"a name class that is too long\""},
	    {"container", "0"},
	    {"container", ""},
	    {"result", "[]"},
	    {"result", "null"},
	    {"extra", "1"},
	    {"md5", "\"\""},
	    {"md5", "\"0123456789abcdef0123456789abcde\""},
	    {"md5", "\"0123456789abcdef0123456789abcdeF\""},
	    {"md5", "1"},
    {"clam_type", "\"\""},
    {"clam_type", "\"CL TYPE\""},
    {"clam_type", "1"},
	    {"result/facts", ""},
	    {"result/facts", "[]"},
	    {"result/facts", "{}"},
	    {"result/facts", "{\"tags\":[1]}"},
	    {"result/facts", "{\"tags\":[\"a b\"]}"},
	    {"result/findings", "{}"},
	    {"result/findings", ""},
	    {"result/findings", "[1]"},
	    {"result/findings", "[{}]"},
	    {"result/unknown", "[]"},
	    {"result/unknown", "{\"a b\":\"x\"}"},
	    {"result/unknown", "{\"a\":1}"},
	    {"result/unknown", "{\"a\":\"\\n\"}"},
	    {"result/extra", "1"},
	    {"result/findings/0/check", "\"\""},
	    {"result/findings/0/check", "\"../x\""},
	    {"result/findings/0/finding", "\"a b\""},
	    {"result/findings/0/key", "\"\""},
	    {"result/findings/0/key", "\"a\\u0007\""},
	    {"result/findings/0/key", "1"},
	    {"result/findings/0/kappa", "1001"},
	    {"result/findings/0/kappa", "-1"},
	    {"result/findings/0/kappa", "0.5"},
	    {"result/findings/0/severity", "\"worst\""},
	    {"result/findings/0/severity", "4"},
	    {"result/findings/0/says", "\"\""},
	    {"result/findings/0/says", ""},
	    {"result/findings/0/at", "-2"},
	    {"result/findings/0/at", "31"},
	    {"result/findings/0/at", "9223372036854775807"},
	    {"result/findings/0/at", "-1"},
	    {"result/findings/0/length", "21"},
	    {"result/findings/0/length", "-1"},
	    {"result/findings/0/length", "9223372036854775807"},
	    {"result/findings/0/excerpt", "null"},
	    {"result/findings/0/excerpt", "\"\\u009b\\u0001\""},
	    {"result/findings/0/record", "0"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		json_t *record = good_record(), *parent, *value;
		char last[32], wrapped[200];
		pb_error err = {0};

		parent = at_path(record, cases[i].path, last);
		if (cases[i].value[0] == '\0') {
			assert_int_equal(json_object_del(parent, last), 0);
		} else {
			(void)strcat(strcat(strcpy(wrapped, "["), cases[i].value), "]");
			value = parse(wrapped);
			json_object_set(parent, last, json_array_get(value, 0));
			json_decref(value);
		}
		if (pb_record_valid(record, &err) != PB_ECORRUPT)
			fail_msg("accepted: %s = %s", cases[i].path, cases[i].value);
		assert_true(err.text[0] != '\0');
		json_decref(record);
	}
}

static void lengths_are_bounded(void **state)
{
	static const struct {
		const char *path;
		size_t most;
	} cases[] = {
	    {"result/findings/0/key", PB_KEY_MAX},
	    {"result/findings/0/says", PB_SAYS_MAX},
	    {"result/findings/0/excerpt", PB_EXCERPT_MAX},
	    {"result/unknown/a", 600},
	    {"kind", 95},
	    {"name_class", 23},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		for (int over = 0; over < 2; over++) {
			json_t *record = good_record();
			char last[32], *text = malloc(cases[i].most + 2);

			memset(text, 'x', cases[i].most + 1);
			text[cases[i].most + (size_t)over] = '\0';
			json_object_set_new(at_path(record, cases[i].path, last), last, json_string(text));
			assert_int_equal(pb_record_valid(record, NULL), over ? PB_ECORRUPT : PB_OK);
			free(text);
			json_decref(record);
		}
	}
}

static void long_paths_are_refused(void **state)
{
	json_t *record = good_record(), *path = json_array();

	(void)state;
	for (int i = 0; i < 65; i++)
		json_array_append_new(path, json_string("x"));
	json_object_set_new(record, "path", path);
	assert_int_equal(pb_record_valid(record, NULL), PB_ECORRUPT);
	json_array_remove(path, 0);
	assert_int_equal(pb_record_valid(record, NULL), PB_OK);
	json_decref(record);
}

static void other_values_are_refused(void **state)
{
	static const char *const cases[] = {"[1]", "[\"x\"]", "[[]]", "[null]", "[{}]", "[true]"};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		json_t *v = parse(cases[i]);

		assert_int_equal(pb_record_valid(json_array_get(v, 0), NULL), PB_ECORRUPT);
		json_decref(v);
	}
	assert_int_equal(pb_record_valid(NULL, NULL), PB_ECORRUPT);
}

static void a_record_without_a_result_is_fine(void **state)
{
	json_t *record = good_record();

	(void)state;
	json_object_del(record, "result");
	assert_int_equal(pb_record_valid(record, NULL), PB_OK);
	json_decref(record);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_result_survives_its_serial_form),
	    cmocka_unit_test(every_field_is_checked),
	    cmocka_unit_test(lengths_are_bounded),
	    cmocka_unit_test(long_paths_are_refused),
	    cmocka_unit_test(other_values_are_refused),
	    cmocka_unit_test(a_record_without_a_result_is_fine),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
