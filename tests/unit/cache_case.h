/* What the tests of the cache share: a file of its own for each test, keys by number, objects put and looked for. Include after cmocka.h. */
#ifndef PROBITY_TESTS_CACHE_CASE_H
#define PROBITY_TESTS_CACHE_CASE_H

#include "base/hash.h"
#include "store/cache.h"
#include "store_case.h"

static char *file;

static inline int fresh(void **state)
{
	(void)state;
	file = scratch_path("c.db");
	case_remove(file);
	return 0;
}

static inline const uint8_t *key_of(unsigned n)
{
	static uint8_t raw[64];
	assert_int_equal(pb_hash_raw("sha256", (pb_bytes){(const uint8_t *)&n, sizeof n}, raw), 32);
	return raw;
}

static inline pb_cache *open_cache(const char *rules, int64_t max)
{
	pb_cache *c;
	pb_error err = {0};
	int rc = pb_cache_open(file, rules, max, &c, &err);
	if (rc)
		print_error("%s\n", err.text);
	assert_int_equal(rc, 0);
	return c;
}

static inline void put(pb_cache *c, unsigned n, const char *text)
{
	assert_int_equal(pb_cache_put(c, PB_CACHE_OBJECTS, key_of(n), text, strlen(text), NULL), 0);
}

static inline bool has(pb_cache *c, unsigned n, const char *text)
{
	pb_buf out = {0};
	assert_int_equal(pb_buf_puts(&out, "what was there before"), 0);
	int rc = pb_cache_get(c, PB_CACHE_OBJECTS, key_of(n), &out, NULL);
	assert_true(rc == 0 || rc == 1);
	if (rc)
		assert_true(out.size == strlen(text) && memcmp(out.data, text, out.size) == 0);
	else
		assert_int_equal(out.size, 0);
	pb_buf_free(&out);
	return rc == 1;
}

static inline void count_key(void *user, const uint8_t key[16])
{
	(void)key;
	++*(int *)user;
}

static inline int keys(pb_cache *c)
{
	int n = 0;
	assert_int_equal(pb_cache_keys(c, count_key, &n, NULL), 0);
	return n;
}

#endif
