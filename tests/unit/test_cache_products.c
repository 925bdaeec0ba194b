/* The cache of product results: apart from that of objects, in one file, and never at its cost. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <time.h>

#include <cmocka.h>

#include "cache_case.h"

/* Two key spaces in one file. */
static void products_apart(void **state)
{
	(void)state;
	pb_buf out = {0};
	pb_cache *c = open_cache("r", 0);
	put(c, 1, "an object");
	assert_false(pb_cache_has(c, PB_CACHE_PRODUCTS, key_of(1)));
	assert_int_equal(pb_cache_get(c, PB_CACHE_PRODUCTS, key_of(1), &out, NULL), 0);
	assert_int_equal(pb_cache_put(c, PB_CACHE_PRODUCTS, key_of(1), "a product", 9, NULL), 0);
	assert_int_equal(pb_cache_put(c, PB_CACHE_PRODUCTS, key_of(2), "another", 7, NULL), 0);
	for (int written = 0; written < 2; written++) {
		assert_true(pb_cache_has(c, PB_CACHE_PRODUCTS, key_of(1)));
		assert_int_equal(pb_cache_get(c, PB_CACHE_PRODUCTS, key_of(1), &out, NULL), 1);
		assert_true(out.size == 9 && memcmp(out.data, "a product", 9) == 0);
		assert_true(has(c, 1, "an object"));
		assert_true(pb_cache_has(c, PB_CACHE_OBJECTS, key_of(1)));
		assert_false(has(c, 2, ""));
		assert_false(pb_cache_has(c, PB_CACHE_OBJECTS, key_of(2)));
		assert_int_equal(keys(c), 1);
		assert_int_equal(pb_cache_flush(c, NULL), 0);
	}
	pb_cache_close(c);
	c = open_cache("other rules", 0);
	assert_false(pb_cache_has(c, PB_CACHE_PRODUCTS, key_of(1)));
	pb_cache_close(c);
	case_tamper(file, "UPDATE result SET text = CAST('a lie' AS BLOB)");
	c = open_cache("r", 0);
	assert_true(pb_cache_has(c, PB_CACHE_PRODUCTS, key_of(1))); /* it seems */
	assert_int_equal(pb_cache_get(c, PB_CACHE_PRODUCTS, key_of(1), &out, NULL), 0);
	assert_false(pb_cache_has(c, PB_CACHE_PRODUCTS, key_of(1)));
	assert_false(has(c, 1, ""));
	pb_cache_close(c);
	pb_buf_free(&out);
}

/* Day by day there are new ones of the same products: they make room for each other, and never is an object lost for them. */
static void products_make_room(void **state)
{
	(void)state;
	char *text = malloc(20001);
	struct stat st;
	assert_non_null(text);
	memset(text, 't', 20000);
	text[20000] = '\0';
	pb_cache *c = open_cache("old rules", 2000000);
	for (unsigned n = 0; n < 20; n++)
		assert_int_equal(pb_cache_put(c, PB_CACHE_PRODUCTS, key_of(n), text, 20000, NULL), 0);
	pb_cache_close(c);
	nanosleep(&(struct timespec){0, 5000000}, NULL);
	c = open_cache("r", 2000000);
	for (unsigned n = 0; n < 30; n++)
		put(c, n, text);
	for (unsigned n = 0; n < 300; n++) {
		assert_int_equal(pb_cache_put(c, PB_CACHE_PRODUCTS, key_of(n), text, 20000, NULL), 0);
		if (n % 10 == 9)
			assert_int_equal(pb_cache_flush(c, NULL), 0);
	}
	assert_int_equal(keys(c), 30);
	for (unsigned n = 0; n < 30; n++)
		assert_true(has(c, n, text));
	for (unsigned n = 290; n < 300; n++)
		assert_true(pb_cache_has(c, PB_CACHE_PRODUCTS, key_of(n)));
	assert_false(pb_cache_has(c, PB_CACHE_PRODUCTS, key_of(0)));
	pb_cache_close(c);
	assert_int_equal(stat(file, &st), 0);
	assert_in_range(st.st_size, 1000000, 2400000);
	assert_int_equal(case_number(file, "SELECT count(*) FROM entry JOIN rules ON rules.id = entry.rules WHERE rules.digest LIKE '%old rules'"), 0);
	assert_int_equal(case_number(file, "SELECT count(*) FROM result WHERE id NOT IN (SELECT id FROM entry)"), 0);
	/* Where objects alone are too many, no product stays, and all objects do. */
	case_remove(file);
	c = open_cache("r", 2000000);
	for (unsigned n = 0; n < 130; n++) {
		put(c, n, text);
		assert_int_equal(pb_cache_put(c, PB_CACHE_PRODUCTS, key_of(n), text, 20000, NULL), 0);
	}
	assert_int_equal(pb_cache_flush(c, NULL), 0);
	assert_int_equal(keys(c), 130);
	for (unsigned n = 0; n < 130; n++)
		assert_false(pb_cache_has(c, PB_CACHE_PRODUCTS, key_of(n)));
	pb_cache_close(c);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(products_apart, fresh),
	    cmocka_unit_test_setup(products_make_room, fresh),
	};
	return cmocka_run_group_tests(tests, scratch_begin, scratch_end);
}
