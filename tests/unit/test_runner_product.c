/* Product checks: what is evidence, and when they run. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "check_case.h"
#include "checks/runner.h"

#define DIGEST "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static json_t *records_of_two(void)
{
	return json_pack("[{s:[s,s],s:s,s:i,s:s,s:s,s:s,s:b,s:{s:{s:[s,s],s:{s:s}},s:[],s:{}}},{s:[s,s],s:s,s:i,s:s,s:s,s:s,s:"
	                 "b,s:{s:{s:[s]},s:[],s:{}}}]",
	                 "path", "p.deb", "control", "sha256", DIGEST, "size", 100, "kind", "text", "class", "text",
	                 "name_class", "control", "container", 0, "result", "facts", "tags", "any", "deb", "deb", "package",
	                 "hello", "findings", "unknown", "path", "p.deb", "usr/bin/x", "sha256", DIGEST, "size", 5, "kind",
	                 "elf", "class", "binary", "name_class", "", "container", 0, "result", "facts", "tags", "any",
	                 "findings", "unknown");
}

static json_t *run_product(const char *body, json_t *records)
{
	json_t *out = json_pack("{s:[],s:{}}", "findings", "unknown"),
	       *product = json_pack("{s:s,s:s}", "name", "hello", "version", "1");
	json_t *packages = json_array();
	pb_product_view view = {.records = records, .packages = packages, .product = product, .as_of = 20000};
	pb_error err = {0};
	char text[3000];
	check_case c;
	pb_catalogue_options options;
	pb_catalogue *catalogue;

	(void)snprintf(text, sizeof text,
	               "local saved return { %s %s applies = { 'deb' }, product = function(product, found) %s end }",
	               CASE_HEADER, CASE_FINDINGS, body);
	case_open(&c);
	options = case_options(&c);
	case_text(&c, "scripts/integrity/x.lua", text);
	if (pb_catalogue_open(&options, &catalogue, &err) != PB_OK || pb_runner_product(catalogue, &view, NULL, out, &err) != PB_OK)
		fail_msg("%s", err.text);
	pb_catalogue_close(catalogue);
	case_close(&c);
	json_decref(product);
	json_decref(packages);
	return out;
}

static void a_product_check_names_its_evidence(void **state)
{
	static const char *const cases[][2] = {
	    {"for o in product:objects{ tag = 'deb' } do found.key{ key = 'k', object = o, at = 90, length = 10, 'x' } end",
	     ""},
	    {"found.key{ key = 'k', 'x' }", "object is missing"},
	    {"found.key{ key = 'k', object = {}, 'x' }", "object must be an object of the product, is a table"},
	    {"found.key{ key = 'k', object = product, 'x' }", "object must be an object of the product"},
	    {"local o = product:object{ 'p.deb', 'usr/bin/x' } found.key{ key = 'k', object = o, at = 4, length = 2, 'x' }",
	     "do not lie inside of the object's 5 bytes"},
	    {"saved = product", "limit state"},
	    {"saved = product:objects()", "limit state"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		json_t *records = records_of_two(), *out = run_product(cases[i][0], records);
		const char *why = pb_json_str(json_object_get(out, "unknown"), "integrity.x", "");

		if (strstr(why, cases[i][1]) == NULL || (cases[i][1][0] == '\0') != (why[0] == '\0'))
			fail_msg("%s\n  gave: %s\n  want: %s", cases[i][0], why, cases[i][1]);
		if (i == 0) {
			const json_t *f = json_array_get(json_object_get(out, "findings"), 0);

			assert_int_equal(json_array_size(json_object_get(out, "findings")), 1);
			assert_int_equal(pb_json_int(f, "record", -1), 0);
			assert_int_equal(pb_json_int(f, "at", -1), 90);
			assert_string_equal(pb_json_str(f, "excerpt", "?"), "");
		}
		json_decref(records);
		json_decref(out);
	}
}

static void a_product_without_what_a_check_is_about_is_none_of_its_business(void **state)
{
	json_t *records = records_of_two(), *out;

	(void)state;
	json_array_remove(records, 0);
	out = run_product("error('it ran')", records);
	assert_int_equal(json_object_size(json_object_get(out, "unknown")), 0);
	json_decref(records);
	json_decref(out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_product_check_names_its_evidence),
	    cmocka_unit_test(a_product_without_what_a_check_is_about_is_none_of_its_business),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
