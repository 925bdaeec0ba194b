/* The ring: order, room, waiting, sleeping, closing. Real forks; what is sent is checked byte by byte. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/unit/prng.h"
#include "wire/ring.h"

enum { SMALL = 64 << 10, ENTRIES = 300000, AREA = 8192 };

typedef struct pair {
	int fd;
	pb_ring *in, *out;
} pair;

static pair pair_of(size_t bytes)
{
	pair p = {pb_ring_create("test", bytes, AREA), NULL, NULL};
	assert_true(p.fd >= 0);
	p.in = pb_ring_open(p.fd, false);
	p.out = pb_ring_open(p.fd, true);
	assert_non_null(p.in);
	assert_non_null(p.out);
	return p;
}

static void pair_end(pair *p)
{
	pb_ring_free(p->in);
	pb_ring_free(p->out);
	close(p->fd);
}

static double seconds(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Entry `number` of a stream: its number, then bytes that follow from it. */
static size_t size_of(uint64_t number, size_t most)
{
	prng r = prng_of_case(11, number);
	int kind = prng_in(&r, 0, 99);
	size_t small = (size_t)prng_in(&r, 0, 600);
	return 8 + (kind < 1 ? most - 8 - small : kind < 5 ? small * 20 % (most - 8) : small);
}

static void fill(uint8_t *p, uint64_t number, size_t n)
{
	memcpy(p, &number, 8);
	for (size_t i = 8; i < n; i++)
		p[i] = (uint8_t)(number * 31 + i * 7);
}

static bool is_filled(const uint8_t *p, uint64_t number, size_t n)
{
	if (n < 8 || memcmp(p, &number, 8) != 0)
		return false;
	for (size_t i = 8; i < n; i++) {
		if (p[i] != (uint8_t)(number * 31 + i * 7))
			return false;
	}
	return true;
}

static bool send_entry(pb_ring *out, uint64_t number, size_t n, bool urgent, uint32_t wait_us)
{
	uint8_t *p = pb_ring_reserve(out, n, wait_us);
	if (p == NULL)
		return false;
	fill(p, number, n);
	pb_ring_commit(out, n, urgent);
	return true;
}

static bool expect_entry(pb_ring *in, uint64_t number, size_t n)
{
	const void *entry = NULL;
	size_t size = 0;
	bool ok = pb_ring_take(in, &entry, &size, 0) == 1 && size == n && is_filled(entry, number, n);
	pb_ring_done(in);
	return ok;
}

static int status_of(pid_t child)
{
	int status = 0;
	assert_int_equal(waitpid(child, &status, 0), child);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

static void test_basics(void **state)
{
	(void)state;
	pair p = pair_of(SMALL);
	const void *entry, *again;
	size_t n, size;
	assert_int_equal(pb_ring_most(p.in), SMALL / 4);
	assert_non_null(pb_ring_extra(p.in, &size));
	assert_int_equal(size, AREA);
	for (unsigned i = 0; i < 64; i++)
		assert_true(atomic_load(pb_ring_word(p.in, i)) == 0);
	assert_null(pb_ring_word(p.in, 64));
	atomic_store(pb_ring_word(p.in, 63), 5);
	assert_true(atomic_load(pb_ring_word(p.out, 63)) == 5);
	memset(pb_ring_extra(p.out, &size), 7, size);

	assert_int_equal(pb_ring_take(p.in, &entry, &n, 0), 0);
	pb_ring_done(p.in); /* nothing was taken: nothing happens */
	pb_ring_commit(p.out, 0, false);
	assert_int_equal(pb_ring_take(p.in, &entry, &n, 0), 0);

	uint8_t *room = pb_ring_reserve(p.out, 100, 0);
	fill(room, 1, 100);
	pb_ring_commit(p.out, 101, false); /* more than reserved: refused */
	assert_int_equal(pb_ring_take(p.in, &entry, &n, 0), 0);
	assert_ptr_equal(pb_ring_reserve(p.out, 100, 0), room);
	assert_ptr_equal(pb_ring_reserve(p.out, SMALL / 4, 0), room);
	fill(room, 2, 50);
	assert_int_equal(pb_ring_take(p.in, &entry, &n, 0), 0);
	pb_ring_commit(p.out, 50, false);
	assert_true(send_entry(p.out, 3, 8, false, 0));
	assert_int_equal(pb_ring_take(p.in, &entry, &n, 0), 1);
	assert_int_equal((uintptr_t)entry % 8, 0);
	assert_int_equal(pb_ring_take(p.in, &again, &size, 0), 1); /* no peek ahead */
	assert_ptr_equal(entry, again);
	assert_true(expect_entry(p.in, 2, 50));
	assert_true(expect_entry(p.in, 3, 8));

	assert_non_null(pb_ring_reserve(p.out, 0, 0));
	pb_ring_commit(p.out, 0, true);
	assert_int_equal(pb_ring_take(p.in, &entry, &n, 0), 1);
	assert_int_equal(n, 0);
	pb_ring_done(p.in);
	assert_null(pb_ring_reserve(p.out, SMALL / 4 + 1, 0));
	assert_null(pb_ring_reserve(p.out, SIZE_MAX, UINT32_MAX));
	assert_null(pb_ring_reserve(p.in, 8, 0)); /* the wrong side */
	assert_int_equal(pb_ring_take(p.out, &entry, &n, 0), PB_RING_CLOSED);
	assert_false(pb_ring_gone(p.in));
	pair_end(&p);
	pb_ring_free(NULL);
}

static int read_stream(int fd, size_t most)
{
	pb_ring *in = pb_ring_open(fd, false);
	const void *entry;
	size_t n;
	uint64_t number = 0;
	while (in != NULL && pb_ring_take(in, &entry, &n, UINT32_MAX) == 1) {
		if (n != size_of(number, most) || !is_filled(entry, number, n))
			return 1;
		number++;
		pb_ring_done(in);
	}
	pb_ring_free(in);
	return number == ENTRIES ? 0 : 2;
}

static void exchange(size_t bytes, size_t most)
{
	pair p = pair_of(bytes);
	pid_t child = fork();
	if (child == 0)
		_exit(read_stream(p.fd, most));
	for (uint64_t i = 0; i < ENTRIES; i++) {
		if (!send_entry(p.out, i, size_of(i, most), i % 97 == 0, UINT32_MAX))
			fail_msg("entry %d found no room", (int)i);
	}
	pb_ring_close(p.out);
	assert_int_equal(status_of(child), 0);
	uint64_t written, read;
	pb_ring_progress(p.in, &written, &read);
	assert_true(written == read && written > 20 * bytes);
	pair_end(&p);
}

static void test_exchange_small_ring(void **state)
{
	(void)state;
	exchange(SMALL, SMALL / 4);
}

/* Long enough a ring that it goes back to its start early when it is empty. */
static void test_exchange_large_ring(void **state)
{
	(void)state;
	exchange(4 << 20, 256 << 10);
}

static void test_full_and_wrapped(void **state)
{
	(void)state;
	for (size_t n = 8; n <= SMALL / 4; n = n * 3 / 2 + 1) {
		pair p = pair_of(SMALL);
		uint64_t sent = 0, taken = 0;
		for (int round = 0; round < 20; round++) {
			while (send_entry(p.out, sent, n, false, 0))
				sent++;
			assert_true(sent > taken && (sent - taken) * (n + 16) > SMALL / 2);
			for (int i = 0; i < 1 + round % 5 && taken < sent; i++)
				assert_true(expect_entry(p.in, taken++, n));
		}
		while (taken < sent)
			assert_true(expect_entry(p.in, taken++, n));
		const void *entry;
		size_t size;
		assert_int_equal(pb_ring_take(p.in, &entry, &size, 0), 0);
		pair_end(&p);
	}
}

static void test_waiting(void **state)
{
	(void)state;
	pair p = pair_of(SMALL);
	const void *entry;
	size_t n;
	double start = seconds();
	assert_int_equal(pb_ring_take(p.in, &entry, &n, 150000), 0);
	assert_true(seconds() - start >= 0.149 && seconds() - start < 2);
	while (send_entry(p.out, 1, 1000, false, 0))
		;
	start = seconds();
	errno = 77;
	assert_null(pb_ring_reserve(p.out, 1000, 150000));
	assert_int_equal(errno, 77);
	assert_true(seconds() - start >= 0.149 && seconds() - start < 2);
	uint64_t written, read;
	pb_ring_progress(p.out, &written, &read);
	assert_false(pb_ring_read_past(p.out, written, 1000));
	assert_true(pb_ring_read_past(p.out, read, 0));

	pid_t child = fork(); /* it reads everything, late; the waiting writer goes on before it looks by itself */
	if (child == 0) {
		usleep(30000);
		while (pb_ring_take(p.in, &entry, &n, 50000) == 1)
			pb_ring_done(p.in);
		_exit(0);
	}
	start = seconds();
	assert_true(pb_ring_read_past(p.out, written, UINT32_MAX));
	assert_non_null(pb_ring_reserve(p.out, 1000, UINT32_MAX));
	assert_true(seconds() - start < 2);
	assert_int_equal(status_of(child), 0);
	pair_end(&p);
}

/* An idle reader is woken by anything; one that was busy a moment ago by urgent entries and by many bytes, and looks by itself soon. */
static void wake(void *user)
{
	++*(int *)user;
}

static void test_lazy_wake_up(void **state)
{
	(void)state;
	pair p = pair_of(SMALL);
	int woken = 0;
	uint64_t number = 0, taken = 0;
	pb_ring_on_wake(p.out, wake, &woken);
	assert_true(send_entry(p.out, number++, 8, true, 0));
	assert_int_equal(woken, 0); /* nobody sleeps */
	assert_false(pb_ring_sleep(p.in));
	assert_true(expect_entry(p.in, taken++, 8));

	assert_true(pb_ring_sleep(p.in));
	assert_int_equal(pb_ring_nap_ms(p.in), 2);
	while ((number - taken) * 1008 < SMALL / 4 - 1008) {
		assert_true(send_entry(p.out, number++, 1000, false, 0));
		assert_int_equal(woken, 0);
	}
	assert_true(send_entry(p.out, number++, 1000, false, 0));
	assert_true(send_entry(p.out, number++, 1000, false, 0));
	assert_int_equal(woken, 1); /* once, not for each */
	while (taken < number)
		assert_true(expect_entry(p.in, taken++, 1000));

	assert_true(pb_ring_sleep(p.in));
	assert_true(send_entry(p.out, number++, 8, true, 0));
	assert_int_equal(woken, 2);
	assert_true(expect_entry(p.in, taken++, 8));
	assert_true(pb_ring_sleep(p.in));
	usleep(50000);
	assert_true(pb_ring_sleep(p.in));
	assert_int_equal(pb_ring_nap_ms(p.in), 100);
	assert_true(send_entry(p.out, number++, 8, false, 0));
	assert_int_equal(woken, 3);
	assert_true(expect_entry(p.in, taken++, 8));
	assert_true(pb_ring_sleep(p.in));
	pb_ring_close(p.out);
	assert_int_equal(woken, 4);
	assert_false(pb_ring_sleep(p.in)); /* closed: do not sleep */
	pair_end(&p);
}

static void test_closing(void **state)
{
	(void)state;
	const void *entry;
	size_t n;
	pair p = pair_of(SMALL);
	assert_true(send_entry(p.out, 1, 100, false, 0));
	pb_ring_close(p.out);
	assert_true(pb_ring_gone(p.in));
	assert_true(expect_entry(p.in, 1, 100)); /* what was written before is read */
	assert_int_equal(pb_ring_take(p.in, &entry, &n, UINT32_MAX), PB_RING_CLOSED);
	assert_false(pb_ring_lied(p.in));
	pair_end(&p);

	p = pair_of(SMALL);
	while (send_entry(p.out, 1, 5000, false, 0))
		;
	pid_t child = fork(); /* a third process may say that the reader is gone */
	if (child == 0) {
		usleep(30000);
		pb_ring_close(pb_ring_open(p.fd, false));
		_exit(0);
	}
	assert_null(pb_ring_reserve(p.out, 5000, UINT32_MAX));
	assert_true(pb_ring_gone(p.out));
	assert_null(pb_ring_reserve(p.out, 8, 0));
	assert_int_equal(pb_ring_take(p.in, &entry, &n, UINT32_MAX), PB_RING_CLOSED);
	assert_int_equal(status_of(child), 0);
	pair_end(&p);

	p = pair_of(SMALL);
	child = fork();
	if (child == 0) {
		usleep(30000);
		pb_ring_close(p.out);
		_exit(0);
	}
	double start = seconds();
	assert_int_equal(pb_ring_take(p.in, &entry, &n, UINT32_MAX), PB_RING_CLOSED);
	assert_true(seconds() - start < 2);
	assert_int_equal(status_of(child), 0);
	pair_end(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_basics),
		cmocka_unit_test(test_exchange_small_ring),
		cmocka_unit_test(test_exchange_large_ring),
		cmocka_unit_test(test_full_and_wrapped),
		cmocka_unit_test(test_waiting),
		cmocka_unit_test(test_lazy_wake_up),
		cmocka_unit_test(test_closing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
