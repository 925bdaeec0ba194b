/* Where bytes lie, over records written by hand, hostile ones among them: each byte in one row, whatever the records say. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "prng.h"
#include "worker/composition.h"

/* One object at p > TEXT, '>' between elements. */
static void add(json_t *records, const char *place, const char *kind, int64_t size, int number)
{
	char text[20000], sha[65];
	json_t *path = json_pack("[s]", "p");

	assert_true(strlen(place) < sizeof text);
	strcpy(text, place);
	for (char *rest = text, *one; *text && (one = strsep(&rest, ">")) != NULL;)
		json_array_append_new(path, json_string(one));
	snprintf(sha, sizeof sha, "%064x", (unsigned)number);
	json_array_append_new(records, json_pack("{s:o,s:s,s:I,s:s,s:s,s:s,s:b,s:{s:{s:[s,s]},s:[],s:{}}}", "path", path, "sha256", sha, "size",
	                                         (json_int_t)size, "kind", kind, "class", strcmp(kind, "tar") == 0 ? "archive" : "text", "name_class",
	                                         "", "container", strcmp(kind, "tar") == 0, "result", "facts", "tags", "any", kind, "findings",
	                                         "unknown"));
}

/* The composition of these records; it holds to what its header says. */
static json_t *compose(json_t *records)
{
	json_t *none = json_array(), *out, *rows, *row;
	pb_lists *lists = NULL;
	pb_join j;
	pb_error err = {0};
	int64_t all = 0, sum = 0, objects = 0;
	bool many = false;
	size_t i;

	assert_int_equal(pb_lists_open(".", &lists, &err), 0);
	assert_int_equal(pb_join_make(lists, records, none, &j, &err), 0);
	out = pb_composition_of(&j);
	assert_non_null(out);
	for (i = 0; i < j.n; i++)
		all += pb_composition_counts(&j.rows[i], all);
	rows = json_object_get(out, "rows");
	assert_true(json_array_size(rows) <= PB_COMPOSITION_ROWS);
	json_array_foreach (rows, i, row) {
		const json_t *before = i > 0 ? json_array_get(rows, i - 1) : NULL;

		assert_true(pb_json_int(row, "bytes", 0) > 0 && pb_json_int(row, "objects", 0) > 0);
		assert_true(pb_json_int(row, "bytes", 0) <= INT64_MAX - sum);
		sum += pb_json_int(row, "bytes", 0);
		objects += pb_json_int(row, "objects", 0);
		many |= pb_json_int(row, "objects", 0) > 1;
		if (before) {
			int order = pb_path_order(json_object_get(before, "path"), json_object_get(row, "path"));
			assert_true(order < 0 || (order == 0 && strcmp(pb_json_str(before, "kind", ""), pb_json_str(row, "kind", "")) < 0));
		}
	}
	assert_true(sum == all);
	assert_true(objects <= (int64_t)j.n);
	assert_int_equal(json_is_true(json_object_get(out, "cut")), many);
	pb_join_free(&j);
	pb_lists_close(lists);
	json_decref(none);
	json_decref(records);
	return out;
}

/* "p > a/b: 12 text x1" of row i */
static void is(const json_t *composition, size_t i, const char *wanted)
{
	const json_t *row = json_array_get(json_object_get(composition, "rows"), i);
	char *path = pb_json_joined(json_object_get(row, "path"), " > "), text[400];

	snprintf(text, sizeof text, "%s: %lld %s x%lld", path ? path : "?", (long long)pb_json_int(row, "bytes", 0), pb_json_str(row, "kind", ""),
	         (long long)pb_json_int(row, "objects", 0));
	assert_string_equal(text, wanted);
	free(path);
}

static size_t rows_of(const json_t *composition)
{
	return json_array_size(json_object_get(composition, "rows"));
}

static void a_small_product_has_a_row_for_each_object(void **state)
{
	(void)state;
	json_t *r = json_array(), *c;
	add(r, "", "tar", 5000, 1); /* opened: its members account for it */
	add(r, "usr/bin/x", "elf", 900, 2);
	add(r, "usr/share/doc/x/readme", "text", 100, 3);
	add(r, "usr/share/doc/x/readme", "text", 50, 4); /* another at the same place */
	add(r, "usr/share/empty", "text", 0, 5);
	add(r, "inner.tar", "tar", 700, 6);
	add(r, "inner.tar>a", "text", 40, 7);
	c = compose(r);
	assert_int_equal(rows_of(c), 3);
	is(c, 0, "p > inner.tar > a: 40 text x1");
	is(c, 1, "p > usr/bin/x: 900 elf x1");
	is(c, 2, "p > usr/share/doc/x/readme: 150 text x2");
	json_decref(c);

	c = compose(json_array());
	assert_int_equal(rows_of(c), 0);
	json_decref(c);
}

static void what_lies_in_a_program_counts_beside_it(void **state)
{
	(void)state;
	json_t *r = json_array(), *c;
	add(r, "bin/x", "elf", 300, 1);
	add(r, "bin/x>a/b", "text", 20, 2);
	add(r, "bin/x!", "text", 7, 3); /* between "bin/x" and "bin/x/..." in the order of bytes */
	add(r, "bin/x/y", "text", 9, 4);
	c = compose(r);
	assert_int_equal(rows_of(c), 4);
	is(c, 0, "p > bin/x: 300 elf x1");
	is(c, 1, "p > bin/x > a/b: 20 text x1");
	is(c, 2, "p > bin/x!: 7 text x1");
	is(c, 3, "p > bin/x/y: 9 text x1");
	json_decref(c);
}

static void a_large_folder_is_told_by_its_largest(void **state)
{
	(void)state;
	json_t *r = json_array(), *c;
	char place[60];
	int64_t rest = 0;
	for (int i = 0; i < 5000; i++) {
		snprintf(place, sizeof place, "lib/node_modules/m%04d/index.js", i);
		add(r, place, "javascript", 1000 + i, i);
		rest += i < 5000 - (PB_COMPOSITION_SPREAD - 1) ? 1000 + i : 0;
	}
	add(r, "big", "elf", 1 << 30, 6000);
	c = compose(r);
	assert_int_equal(rows_of(c), PB_COMPOSITION_SPREAD + 1);
	is(c, 0, "p > big: 1073741824 elf x1");
	snprintf(place, sizeof place, "p > lib/node_modules/: %lld rest x4937", (long long)rest);
	is(c, 1, place);
	is(c, 2, "p > lib/node_modules/m4937/index.js: 5937 javascript x1");
	json_decref(c);
}

static void there_are_never_more_rows_than_may_be(void **state)
{
	(void)state;
	json_t *r = json_array(), *c;
	char place[60];
	for (int a = 0; a < 30; a++)
		for (int b = 0; b < 30; b++)
			for (int i = 0; i < 3; i++) {
				snprintf(place, sizeof place, "d%02d/e%02d/f%d", a, b, i);
				add(r, place, "text", 1 + a * 100 + b + i, i);
			}
	c = compose(r);
	assert_true(rows_of(c) > 150);
	assert_true(json_is_true(json_object_get(c, "cut")));
	is(c, 0, "p > d00/: 1485 folder x90"); /* the smallest stays whole */
	json_decref(c);
}

/* Sizes that no sum holds: what is told is the product's own bound, and no sum passes it. */
static void sizes_beyond_all_bounds(void **state)
{
	(void)state;
	json_t *r = json_array(), *c;
	add(r, "a", "text", INT64_MAX - 10, 1);
	add(r, "b", "text", INT64_MAX, 2);
	add(r, "c/d", "text", INT64_MAX, 3);
	c = compose(r);
	assert_int_equal(rows_of(c), 2);
	is(c, 0, "p > a: 9223372036854775797 text x1");
	is(c, 1, "p > b: 10 text x1");
	json_decref(c);
}

/* Paths as deep as records may have, with as many slashes as an element holds, empty names among them. */
static void deep_paths(void **state)
{
	(void)state;
	json_t *r = json_array(), *c;
	char comb[8400] = "", *end = comb;
	for (int i = 0; i < 1000; i++) { /* a file of its own on each step down */
		snprintf(end, 20, "f");
		add(r, comb, "text", 1 + i % 7, i);
		end = stpcpy(end, i % 3 ? "d/" : "//");
	}
	char chain[1000] = "x";
	for (int i = 0; i < 60; i++)
		strcat(chain, ">y/z");
	add(r, chain, "text", 100000, 2000);
	add(r, "/", "text", 3, 2001);
	add(r, "/lead", "text", 3, 2002);
	add(r, "trail/", "text", 3, 2003);
	c = compose(r);
	assert_true(rows_of(c) > 20);
	json_decref(c);
}

/* Any order of the same records gives the same bytes. */
static void order_changes_nothing(void **state)
{
	(void)state;
	for (uint64_t number = 0; number < 40; number++) {
		prng r = prng_of_case(7007, number);
		json_t *records = json_array(), *shuffled = json_array();
		char place[100], *one, *other;
		for (int i = 0; i < 400; i++) {
			snprintf(place, sizeof place, "%c/%c/%s%c%s", (char)('a' + prng_in(&r, 0, 4 - 1)), (char)('a' + prng_in(&r, 0, 9 - 1)),
			         prng_in(&r, 0, 5 - 1) ? "" : "in.tar>", (char)('a' + prng_in(&r, 0, 26 - 1)), prng_in(&r, 0, 3 - 1) ? "" : "/x");
			add(records, place, "text", (int64_t)prng_in(&r, 0, 3000 - 1), i);
		}
		json_t *copy = json_deep_copy(records);
		while (json_array_size(copy) > 0) {
			size_t at = (size_t)prng_in(&r, 0, (int)json_array_size(copy) - 1);
			json_array_append(shuffled, json_array_get(copy, at));
			json_array_remove(copy, at);
		}
		json_decref(copy);
		json_t *a = compose(records), *b = compose(shuffled);
		one = pb_json_canonical(a);
		other = pb_json_canonical(b);
		assert_string_equal(one, other);
		free(one);
		free(other);
		json_decref(a);
		json_decref(b);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_small_product_has_a_row_for_each_object), cmocka_unit_test(what_lies_in_a_program_counts_beside_it),
	    cmocka_unit_test(a_large_folder_is_told_by_its_largest),     cmocka_unit_test(there_are_never_more_rows_than_may_be),
	    cmocka_unit_test(sizes_beyond_all_bounds),                   cmocka_unit_test(deep_paths),
	    cmocka_unit_test(order_changes_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
