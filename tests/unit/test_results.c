/* Product results that are known: found again under exactly what they depend on, and nothing that is not one is ever taken for one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/hash.h"
#include "keeper/results.h"
#include "store_case.h"

static char *file;

static int fresh(void **state)
{
	(void)state;
	file = scratch_path("objects.db");
	case_remove(file);
	return 0;
}

static pb_results *open_results(const char *rules)
{
	pb_results *r;
	pb_error err = {0};
	assert_int_equal(pb_results_open(file, rules, 0, &r, &err), 0);
	return r;
}

static json_t *parse(const char *text)
{
	json_t *j = json_loads(text, JSON_DECODE_ANY, NULL);
	if (!j)
		fail_msg("%s", text);
	return j;
}

/* With as many bytes in it as that. */
static json_t *document_of(size_t bytes)
{
	char *filling = malloc(bytes + 1);
	assert_non_null(filling);
	memset(filling, 'x', bytes);
	filling[bytes] = '\0';
	json_t *d = json_pack("{s:{s:s,s:s,s:s,s:s,s:i,s:i,s:i},s:[],s:[],s:[],s:[{s:s}],s:{}}", "product", "name", "p", "version", "1", "kind", "deb",
	                      "sha256", "", "size", 1, "objects", 1, "bytes", 1, "checks", "findings", "limits", "packages", "name", filling, "principles");
	assert_non_null(d);
	free(filling);
	return d;
}

static void put(pb_results *r, const char *of, json_t *document, const char *database)
{
	json_t *key = parse(of), *db = parse(database);
	pb_results_put_product(r, key, document, db);
	json_decref(key);
	json_decref(db);
}

static bool gives(pb_results *r, const char *of, const json_t *document, const char *database)
{
	json_t *key = parse(of), *db = parse(database), *got = NULL, *with = NULL;
	int rc = pb_results_get_product(r, key, &got, &with);
	assert_int_equal(rc, got != NULL);
	if (rc) {
		assert_true(json_equal(got, document));
		assert_true(json_equal(with, db));
	}
	json_decref(key);
	json_decref(db);
	json_decref(got);
	json_decref(with);
	return rc == 1;
}

static bool knows(pb_results *r, const char *of)
{
	json_t *key = parse(of);
	bool is = pb_results_knows(r, key);
	json_decref(key);
	return is;
}

static void found_under_what_it_is_of(void **state)
{
	static const char of[] = "{\"name\":\"a.deb\",\"as_of\":5}", db[] = "{\"official\":true,\"version\":\"27800\"}";
	static const char *const others[] = {"{\"name\":\"a.deb\",\"as_of\":6}", "{\"name\":\"b.deb\",\"as_of\":5}", "{\"name\":\"a.deb\"}",
	                                     "{\"name\":\"a.deb\",\"as_of\":\"5\"}", "{\"name\":\"a.deb\",\"as_of\":5,\"more\":null}", "{}", "[]", "null"};
	json_t *document = document_of(100);
	(void)state;
	pb_results *r = open_results("rules");
	assert_false(knows(r, of));
	assert_false(gives(r, of, document, db));
	put(r, of, document, db);
	for (int again = 0; again < 2; again++) { /* written or not, in this run and the next */
		assert_true(knows(r, of));
		assert_true(gives(r, of, document, db));
		assert_true(gives(r, "{\"as_of\":5,\"name\":\"a.deb\"}", document, db)); /* the same value */
		for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
			assert_false(knows(r, others[i]));
			assert_false(gives(r, others[i], document, db));
		}
		pb_results_close(r);
		r = open_results("rules");
	}
	pb_results_close(r);
	r = open_results("other rules");
	assert_false(knows(r, of));
	assert_false(gives(r, of, document, db));
	pb_results_close(r);
	json_decref(document);
}

/* Whoever could write the file is the keeper's own user; still, what does not read as a product result is made anew. */
static void what_is_none_is_not_taken(void **state)
{
	static const char of[] = "{\"name\":\"a.deb\"}", db[] = "{}";
	static const char *const wrong[] = {"not JSON", "{}", "null", "[1]", "{\"key\":{\"of\":{\"name\":\"a.deb\"}},\"document\":{},\"database\":{}}"};
	json_t *good = document_of(10), *bad = parse("{\"product\":{},\"checks\":[{\"id\":5}],\"findings\":[]}");
	char sql[600], hex[65];
	(void)state;
	pb_results *r = open_results("rules");
	put(r, of, bad, db);
	assert_true(knows(r, of));
	assert_false(gives(r, of, bad, db));
	pb_results_close(r);
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) { /* with a digest that is right */
		case_remove(file);
		r = open_results("rules");
		put(r, of, good, db);
		pb_results_close(r);
		assert_true(pb_sha256_of((pb_bytes){(const uint8_t *)wrong[i], strlen(wrong[i])}, hex));
		snprintf(sql, sizeof sql, "UPDATE result SET text = CAST('%s' AS BLOB); UPDATE entry SET digest = x'%s'", wrong[i], hex);
		case_tamper(file, sql);
		r = open_results("rules");
		assert_false(gives(r, of, good, db));
		pb_results_close(r);
	}
	/* The key of one, the content of another: a key is only part of a digest. */
	case_remove(file);
	r = open_results("rules");
	put(r, "{\"name\":\"other\"}", good, db);
	put(r, of, good, db);
	pb_results_close(r);
	case_tamper(file, "UPDATE entry SET id = (SELECT min(id) FROM result), digest = (SELECT e.digest FROM entry e ORDER BY e.id LIMIT 1)");
	r = open_results("rules");
	assert_int_equal(gives(r, of, good, db) + gives(r, "{\"name\":\"other\"}", good, db), 1);
	pb_results_close(r);
	json_decref(good);
	json_decref(bad);
}

static void of_all_sizes(void **state)
{
	static const char of[] = "{\"name\":\"large\"}", db[] = "{}";
	static const struct {
		size_t bytes;
		bool kept;
	} sizes[] = {{0, true}, {1 << 20, true}, {(4 << 20) - 2000, true}, {4 << 20, false}, {40 << 20, false}};
	(void)state;
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		json_t *document = document_of(sizes[i].bytes);
		case_remove(file);
		pb_results *r = open_results("rules");
		put(r, of, document, db);
		pb_results_flush(r);
		assert_int_equal(gives(r, of, document, db), sizes[i].kept);
		assert_int_equal(knows(r, of), sizes[i].kept);
		pb_results_close(r);
		json_decref(document);
	}
}

static void without_a_cache(void **state)
{
	static const char of[] = "{\"name\":\"a.deb\"}", db[] = "{}";
	json_t *document = document_of(10);
	pb_results *r;
	pb_error err = {0};
	(void)state;
	assert_int_equal(pb_results_open(NULL, "rules", 0, &r, &err), 0);
	put(r, of, document, db);
	assert_false(knows(r, of));
	assert_false(gives(r, of, document, db));
	pb_results_flush(r);
	pb_results_close(r);
	json_decref(document);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(found_under_what_it_is_of, fresh),
		cmocka_unit_test_setup(what_is_none_is_not_taken, fresh),
		cmocka_unit_test_setup(of_all_sizes, fresh),
		cmocka_unit_test_setup(without_a_cache, fresh),
	};
	return cmocka_run_group_tests(tests, scratch_begin, scratch_end);
}
