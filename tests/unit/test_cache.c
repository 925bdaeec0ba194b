/* The cache of object results: what is put is got, whatever the file goes through; what is wrong is absent. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>

#include <cmocka.h>

#include "prng.h"
#include "store/pending.h"
#include "cache_case.h"

static void put_and_get(void **state)
{
	(void)state;
	struct stat st;
	pb_cache *c = open_cache("rules-a", 1 << 20);
	assert_int_equal(stat(file, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_false(has(c, 1, ""));
	put(c, 1, "{\"one\":1}");
	put(c, 2, "");
	assert_true(has(c, 1, "{\"one\":1}")); /* not written yet */
	put(c, 1, "another");
	assert_true(has(c, 1, "{\"one\":1}"));
	assert_int_equal(keys(c), 2);
	assert_int_equal(pb_cache_flush(c, NULL), 0);
	assert_true(has(c, 1, "{\"one\":1}"));
	assert_true(has(c, 2, ""));
	put(c, 1, "another");
	put(c, 3, "three");
	assert_int_equal(keys(c), 3);
	pb_cache_close(c); /* writes */
	c = open_cache("rules-b", 1 << 20);
	assert_int_equal(keys(c), 0);
	assert_false(has(c, 1, ""));
	put(c, 1, "by other rules");
	pb_cache_close(c);
	c = open_cache("rules-a", 1 << 20);
	assert_int_equal(keys(c), 3);
	assert_true(has(c, 1, "{\"one\":1}"));
	assert_true(has(c, 3, "three"));
	pb_cache_close(c);
	assert_int_equal(case_number(file, "SELECT count(*) FROM result"), 4);
	assert_int_equal(case_number(file, "SELECT count(*) FROM entry"), 4);
}

static void batches(void **state)
{
	(void)state;
	pb_cache *c = open_cache("r", 0);
	size_t n = 3 << 20;
	char *big = malloc(n);
	assert_non_null(big);
	memset(big, 'b', n);
	assert_int_equal(pb_cache_put(c, PB_CACHE_OBJECTS, key_of(1), big, n, NULL), 0);
	assert_int_equal(pb_cache_put(c, PB_CACHE_OBJECTS, key_of(2), big, n, NULL), 0);
	assert_int_equal(case_number(file, "SELECT count(*) FROM entry"), 0);
	assert_int_equal(pb_cache_put(c, PB_CACHE_OBJECTS, key_of(3), big, n, NULL), 0); /* more than 8 MiB */
	assert_int_equal(case_number(file, "SELECT count(*) FROM entry"), 3);
	put(c, 4, "x");
	assert_int_equal(case_number(file, "SELECT count(*) FROM entry"), 3);
	nanosleep(&(struct timespec){1, 50000000}, NULL);
	put(c, 5, "x"); /* more than a second */
	assert_int_equal(case_number(file, "SELECT count(*) FROM entry"), 5);
	pb_cache_close(c);
	free(big);
}

static void large(void **state)
{
	(void)state;
	size_t n = 40 << 20;
	char *text = malloc(n);
	pb_buf out = {0};
	assert_non_null(text);
	for (size_t i = 0; i < n; i++)
		text[i] = (char)('a' + i % 23);
	pb_cache *c = open_cache("r", (int64_t)1 << 30);
	assert_int_equal(pb_cache_put(c, PB_CACHE_OBJECTS, key_of(1), text, n, NULL), 0);
	pb_cache_close(c);
	c = open_cache("r", (int64_t)1 << 30);
	assert_int_equal(pb_cache_get(c, PB_CACHE_OBJECTS, key_of(1), &out, NULL), 1);
	assert_int_equal(out.size, n);
	assert_memory_equal(out.data, text, n);
	pb_buf_free(&out);
	out.max = 1000; /* the caller's bound */
	assert_true(pb_cache_get(c, PB_CACHE_OBJECTS, key_of(1), &out, NULL) < 0);
	pb_buf_free(&out);
	pb_cache_close(c);
	free(text);
}

/* The least lately used goes first, and only while opening. */
static void eviction(void **state)
{
	(void)state;
	char *text = malloc(20001);
	assert_non_null(text);
	memset(text, 't', 20000);
	text[20000] = '\0';
	pb_cache *c = open_cache("old rules", 0);
	for (unsigned n = 0; n < 100; n++)
		put(c, n, text);
	pb_cache_close(c);
	nanosleep(&(struct timespec){0, 5000000}, NULL);
	c = open_cache("r", 0);
	for (unsigned n = 0; n < 200; n++)
		put(c, n, text);
	assert_int_equal(keys(c), 200);
	pb_cache_close(c);
	nanosleep(&(struct timespec){0, 5000000}, NULL);
	c = open_cache("r", 0);
	for (unsigned n = 0; n < 20; n++) /* used again: the youngest now */
		assert_true(has(c, n, text));
	pb_cache_close(c);
	c = open_cache("r", 2000000); /* of 6 MB */
	struct stat st;
	assert_int_equal(stat(file, &st), 0);
	assert_in_range(st.st_size, 400000, 2000000);
	int left = keys(c);
	assert_in_range(left, 20, 99);
	for (unsigned n = 0; n < 20; n++)
		assert_true(has(c, n, text));
	for (unsigned n = 1000; n < 1200; n++)
		put(c, n, text);
	assert_int_equal(pb_cache_flush(c, NULL), 0);
	assert_int_equal(keys(c), left + 200);
	pb_cache_close(c);
	assert_int_equal(
	    case_number(file,
	                "SELECT count(*) FROM entry WHERE rules = (SELECT id FROM rules WHERE digest = 'old rules')"),
	    0);
	assert_int_equal(case_number(file, "SELECT count(*) FROM result WHERE id NOT IN (SELECT id FROM entry)"), 0);
	free(text);
}

static void wrong_content_is_absent(void **state)
{
	(void)state;
	static const char *const wrong[] = {"UPDATE result SET text = CAST('{\"lie\":1}' AS BLOB)",
	                                    "UPDATE entry SET digest = zeroblob(32)", "UPDATE entry SET digest = x'00'",
	                                    "DELETE FROM result"};
	for (size_t i = 0; i < 4; i++) {
		case_remove(file);
		pb_cache *c = open_cache("r", 0);
		put(c, 1, "{\"truth\":1}");
		pb_cache_close(c);
		case_tamper(file, wrong[i]);
		c = open_cache("r", 0);
		assert_false(has(c, 1, ""));
		if (i < 3)
			assert_int_equal(keys(c), 0); /* removed */
		pb_cache_close(c);
	}
}

static void broken_is_begun_anew(void **state)
{
	(void)state;
	struct stat st;
	char garbage[5000], broken[600];
	snprintf(broken, sizeof broken, "%s.broken", file);
	memset(garbage, 'g', sizeof garbage);
	scratch_save("c.db", garbage, sizeof garbage);
	file = scratch_path("c.db");
	pb_cache *c = open_cache("r", 0);
	put(c, 1, "one");
	pb_cache_close(c);
	assert_int_equal(stat(broken, &st), 0);
	assert_int_equal(st.st_size, sizeof garbage);
	c = open_cache("r", 0);
	assert_true(has(c, 1, "one"));
	pb_cache_close(c);
	case_tamper(file, "PRAGMA user_version=77"); /* of another version: thrown away */
	c = open_cache("r", 0);
	assert_false(has(c, 1, ""));
	put(c, 1, "one");
	pb_cache_close(c);
	case_tamper(file, "DROP TABLE entry");
	c = open_cache("r", 0);
	assert_false(has(c, 1, ""));
	pb_cache_close(c);
	case_remove(file);
	case_tamper(file, "CREATE TABLE mine(x)"); /* not ours: left alone */
	pb_error err = {0};
	assert_int_equal(pb_cache_open(file, "r", 0, &c, &err), PB_EINPUT);
	assert_null(c);
	assert_int_equal(case_number(file, "SELECT count(*) FROM mine"), 0);
	assert_int_not_equal(stat(broken, &st), 0);
	assert_int_equal(pb_cache_open(scratch_path("no/such/c.db"), "r", 0, &c, &err), PB_EIO);
}

/* Every page in turn is garbage: never a wrong result, never an error that stops. */
static void damaged_while_in_use(void **state)
{
	(void)state;
	pb_cache *c = open_cache("r", 0);
	char text[2000];
	memset(text, 'q', sizeof text);
	text[sizeof text - 1] = '\0';
	for (unsigned n = 0; n < 60; n++)
		put(c, n, text);
	pb_cache_close(c);
	pb_buf b = case_bytes(file);
	int absent = 0;
	for (size_t page = 1; page < b.size / 4096; page++) {
		uint8_t *copy = malloc(b.size);
		assert_non_null(copy);
		memcpy(copy, b.data, b.size);
		memset(copy + page * 4096, 0xa5, 4096);
		case_remove(file);
		scratch_save("c.db", copy, b.size);
		file = scratch_path("c.db");
		free(copy);
		c = open_cache("r", 0);
		for (unsigned n = 0; n < 60; n++)
			absent += !has(c, n, text);
		for (unsigned n = 0; n < 90; n++)
			put(c, n, text);
		(void)pb_cache_flush(c, NULL);
		for (unsigned n = 60; n < 90; n++)
			assert_true(has(c, n, text));
		pb_cache_close(c);
	}
	assert_true(absent > 0);
	pb_buf_free(&b);
}

static void no_room(void *user)
{
	pb_cache *c;
	struct rlimit r;
	char *text = malloc(100000);
	pb_error err = {0};
	(void)user;
	signal(SIGXFSZ, SIG_IGN);
	CHILD_CHECK(text && getrlimit(RLIMIT_FSIZE, &r) == 0);
	memset(text, 't', 100000);
	CHILD_CHECK(pb_cache_open(file, "r", 0, &c, &err) == 0);
	r.rlim_cur = 600000;
	CHILD_CHECK(setrlimit(RLIMIT_FSIZE, &r) == 0);
	for (unsigned n = 0; n < 20; n++)
		CHILD_CHECK(pb_cache_put(c, PB_CACHE_OBJECTS, key_of(n), text, 100000, &err) == 0);
	CHILD_CHECK(pb_cache_flush(c, &err) == PB_EIO && err.text[0]);
	pb_buf out = {0};
	for (unsigned n = 0; n < 20; n++)
		CHILD_CHECK(pb_cache_get(c, PB_CACHE_OBJECTS, key_of(n), &out, &err) == 1 && out.size == 100000);
	int rc = 0;
	unsigned n = 20;
	for (; n < 4000 && rc == 0; n++) /* kept in memory up to a bound, then said */
		rc = pb_cache_put(c, PB_CACHE_OBJECTS, key_of(n), text, 100000, &err);
	CHILD_CHECK(rc == PB_EIO && n > 2000 && n < 3000);
	CHILD_CHECK(pb_cache_get(c, PB_CACHE_OBJECTS, key_of(n - 1), &out, &err) == 0);
	r.rlim_cur = r.rlim_max;
	CHILD_CHECK(setrlimit(RLIMIT_FSIZE, &r) == 0);
	CHILD_CHECK(pb_cache_flush(c, &err) == 0);
	pb_cache_close(c);
	CHILD_CHECK(pb_cache_open(file, "r", 0, &c, &err) == 0);
	CHILD_CHECK(pb_cache_get(c, PB_CACHE_OBJECTS, key_of(0), &out, &err) == 1 && out.size == 100000);
	CHILD_CHECK(pb_cache_get(c, PB_CACHE_OBJECTS, key_of(n - 2), &out, &err) == 1);
	pb_cache_close(c);
	pb_buf_free(&out);
	free(text);
}

static void full_disk(void **state)
{
	(void)state;
	assert_int_equal(case_in_child(no_room, NULL), 0);
}

static void locked(void **state)
{
	(void)state;
	const pb_sql_mode mode = {.busy_ms = 100};
	pb_error err = {0};
	pb_sql *other;
	pb_cache *c = open_cache("r", 0);
	put(c, 1, "one");
	assert_int_equal(pb_cache_flush(c, NULL), 0);
	assert_int_equal(pb_sql_open(file, &mode, &other, NULL), 0);
	assert_int_equal(pb_sql_begin(other, NULL), 0);
	put(c, 2, "two");
	assert_int_equal(pb_cache_flush(c, &err), PB_EIO);
	assert_non_null(strstr(err.text, "locked"));
	assert_true(has(c, 1, "one") && has(c, 2, "two"));
	pb_sql_close(other);
	assert_int_equal(pb_cache_flush(c, &err), 0);
	pb_cache_close(c);
	c = open_cache("r", 0);
	assert_true(has(c, 2, "two"));
	pb_cache_close(c);
}

static void many_at_once(void *user)
{
	pb_cache *c;
	int who = (int)(intptr_t)user, rc = PB_EIO;
	pb_error err = {0};
	for (int i = 0; i < 100 && rc == PB_EIO; i++) /* others, who make it, may hold it for longer than opening waits */
		rc = pb_cache_open(file, "r", 0, &c, &err);
	if (rc != 0)
		fprintf(stderr, "%s\n", err.text);
	CHILD_CHECK(rc == 0);
	for (unsigned n = 0; n < 300; n++) {
		CHILD_CHECK(pb_cache_put(c, PB_CACHE_OBJECTS, key_of(n), "same", 4, NULL) == 0);
		if (n % 7 == (unsigned)who)
			(void)pb_cache_flush(c, NULL);
	}
	rc = 1;
	for (int i = 0; i < 100 && rc; i++) /* what waits stays: others may hold the file for longer than a flush waits */
		rc = pb_cache_flush(c, NULL);
	CHILD_CHECK(rc == 0);
	pb_cache_close(c);
}

static void several_processes(void **state)
{
	(void)state;
	pid_t pids[4];
	int status;
	for (int i = 0; i < 4; i++) {
		pids[i] = fork();
		if (pids[i] == 0) {
			many_at_once((void *)(intptr_t)i);
			_exit(0);
		}
	}
	for (int i = 0; i < 4; i++) {
		assert_int_equal(waitpid(pids[i], &status, 0), pids[i]);
		assert_int_equal(status, 0);
	}
	assert_int_equal(case_number(file, "SELECT count(*) FROM entry"), 300);
	assert_int_equal(case_number(file, "SELECT count(*) FROM result"), 300);
}

static void killed_at_any_moment(void **state)
{
	(void)state;
	prng r = prng_of_case(20261121, 8);
	char broken[600];
	struct stat st;
	snprintf(broken, sizeof broken, "%s.broken", file);
	for (int round = 0; round < 15; round++) {
		int status;
		pid_t pid = fork();
		if (pid == 0) {
			pb_cache *c;
			CHILD_CHECK(pb_cache_open(file, "r", 3000000, &c, NULL) == 0);
			for (unsigned n = 0;; n++) {
				CHILD_CHECK(pb_cache_put(c, PB_CACHE_OBJECTS, key_of(n), "some text", 9, NULL) == 0);
				if (n % 50 == 0)
					CHILD_CHECK(pb_cache_flush(c, NULL) == 0);
			}
		}
		nanosleep(&(struct timespec){0, prng_in(&r, 0, 60000000)}, NULL);
		assert_int_equal(kill(pid, SIGKILL), 0);
		assert_int_equal(waitpid(pid, &status, 0), pid);
	}
	pb_cache *c = open_cache("r", 0);
	assert_true(has(c, 0, "some text"));
	pb_cache_close(c);
	assert_int_not_equal(stat(broken, &st), 0);
}

static double seconds(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void quick(void **state)
{
	(void)state;
	enum { MANY = 25000 };
	char text[4000];
	pb_buf out = {0};
	memset(text, 's', sizeof text);
	pb_cache *c = open_cache("r", 0);
	double began = seconds();
	for (unsigned n = 0; n < MANY; n++)
		assert_int_equal(pb_cache_put(c, PB_CACHE_OBJECTS, key_of(n), text, 500 + n % 3500, NULL), 0);
	pb_cache_close(c);
	double put_time = seconds() - began;
	nanosleep(&(struct timespec){0, 5000000}, NULL);
	began = seconds();
	c = open_cache("r", (int64_t)1 << 30);
	for (unsigned n = 0; n < MANY; n++)
		assert_int_equal(pb_cache_get(c, PB_CACHE_OBJECTS, key_of(n), &out, NULL), 1);
	double get_time = seconds() - began;
	pb_cache_close(c);
	double all_time = seconds() - began;
	print_message("%d puts %.3f s; opened and %d gets %.3f s, closed (uses written) %.3f s\n", MANY, put_time, MANY,
	              get_time, all_time);
	assert_true(get_time < 5.0); /* ten times of what is aimed at: busy machines and sanitizers */
	pb_buf_free(&out);
}

static void pending_table(void **state)
{
	(void)state;
	pb_pending p = {0};
	uint8_t key[PB_KEY] = {0};
	assert_null(pb_pending_find(&p, key));
	for (unsigned n = 0; n < 5000; n++) { /* all in one slot: still right */
		memcpy(key + 8, &n, sizeof n);
		assert_null(pb_pending_find(&p, key));
		assert_int_equal(pb_pending_add(&p, key, &n, sizeof n), 0);
	}
	for (unsigned n = 0; n < 5000; n++) {
		memcpy(key + 8, &n, sizeof n);
		const pb_pending_one *one = pb_pending_find(&p, key);
		assert_true(one && one->size == sizeof n && memcmp(one->text, &n, sizeof n) == 0);
	}
	pb_pending_clear(&p);
	assert_null(pb_pending_find(&p, key));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(pending_table),
	    cmocka_unit_test_setup(put_and_get, fresh),
	    cmocka_unit_test_setup(batches, fresh),
	    cmocka_unit_test_setup(large, fresh),
	    cmocka_unit_test_setup(eviction, fresh),
	    cmocka_unit_test_setup(wrong_content_is_absent, fresh),
	    cmocka_unit_test_setup(broken_is_begun_anew, fresh),
	    cmocka_unit_test_setup(damaged_while_in_use, fresh),
	    cmocka_unit_test_setup(full_disk, fresh),
	    cmocka_unit_test_setup(locked, fresh),
	    cmocka_unit_test_setup(several_processes, fresh),
	    cmocka_unit_test_setup(killed_at_any_moment, fresh),
	    cmocka_unit_test_setup(quick, fresh),
	};
	return cmocka_run_group_tests(tests, scratch_begin, scratch_end);
}
