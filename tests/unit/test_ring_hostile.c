/* The ring when the other side dies at any moment, and when it writes lies into the shared memory. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/unit/prng.h"
#include "wire/ring.h"
#include "wire/ring_shared.h"

enum { RING = 64 << 10, HEAD = PB_RING_HEAD, AREA = 4096, KILLS = 200, CORRUPTIONS = 10000 };
enum { WORD_SENT = 0, WORD_STOP = 1 };

/* What the readers saw, outside the ring; lives longer than they do. */
typedef struct ledger {
	_Atomic uint64_t last, gaps, again, wrong, entries;
} ledger;

static size_t size_of(uint64_t number)
{
	prng r = prng_of_case(5, number);
	return 8 + (size_t)prng_in(&r, 0, prng_chance(&r, 5) ? RING / 4 - 8 : 500);
}

static int writer(int fd)
{
	pb_ring *out = pb_ring_open(fd, true);
	_Atomic uint64_t *sent = pb_ring_word(out, WORD_SENT);
	do { /* at least one: what the writer before lost cannot be the last */
		uint64_t number = atomic_load(sent) + 1;
		size_t n = size_of(number);
		uint8_t *p = pb_ring_reserve(out, n, UINT32_MAX);
		if (p == NULL)
			return 1;
		memcpy(p, &number, 8);
		memset(p + 8, (int)number, n - 8);
		atomic_store(sent, number); /* killed after this: the number is lost, never given twice */
		pb_ring_commit(out, n, number % 50 == 0);
	} while (atomic_load(pb_ring_word(out, WORD_STOP)) == 0);
	pb_ring_close(out);
	return 0;
}

static bool is_whole(const uint8_t *p, size_t n, uint64_t *number)
{
	if (n < 8)
		return false;
	memcpy(number, p, 8);
	for (size_t i = 8; i < n; i++) {
		if (p[i] != (uint8_t)*number)
			return false;
	}
	return n == size_of(*number);
}

static int reader(int fd, ledger *l)
{
	pb_ring *in = pb_ring_open(fd, false);
	const void *entry;
	size_t n;
	uint64_t number;
	for (bool first = true; pb_ring_take(in, &entry, &n, UINT32_MAX) == 1; first = false) {
		uint64_t last = atomic_load(&l->last);
		if (!is_whole(entry, n, &number) || number < last || (number == last && !first))
			atomic_fetch_add(&l->wrong, 1);
		else if (number == last)
			atomic_fetch_add(&l->again, 1);
		else
			atomic_fetch_add(&l->gaps, number - last - 1);
		atomic_store(&l->last, number);
		atomic_fetch_add(&l->entries, 1);
		pb_ring_done(in);
	}
	return pb_ring_lied(in) ? 1 : 0;
}

static pid_t start(bool writes, int fd, ledger *l)
{
	pid_t child = fork();
	if (child == 0)
		_exit(writes ? writer(fd) : reader(fd, l));
	assert_true(child > 0);
	return child;
}

static void test_killed_at_any_moment(void **state)
{
	(void)state;
	prng r = {42};
	unsigned lost = 0, restarted = 0;
	int fd = pb_ring_create("test", RING, AREA), status;
	pb_ring *watch = pb_ring_open(fd, false);
	ledger *l = mmap(NULL, sizeof *l, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_true(l != MAP_FAILED);
	pid_t child[2] = {start(false, fd, l), start(true, fd, l)};
	for (int i = 0; i < KILLS; i++) {
		int side = prng_in(&r, 0, 1);
		usleep((unsigned)prng_in(&r, 0, 4000));
		kill(child[side], SIGKILL);
		assert_int_equal(waitpid(child[side], &status, 0), child[side]);
		assert_true(WIFSIGNALED(status)); /* it did not give up by itself */
		child[side] = start(side == 1, fd, l);
		*(side == 1 ? &lost : &restarted) += 1;
	}
	atomic_store(pb_ring_word(watch, WORD_STOP), 1);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(waitpid(child[i], &status, 0), child[i]);
		assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	}
	assert_true(atomic_load(&l->wrong) == 0);
	assert_true(atomic_load(&l->gaps) <= lost);
	assert_true(atomic_load(&l->again) <= restarted);
	assert_true(atomic_load(&l->entries) > KILLS);
	assert_true(atomic_load(&l->last) == atomic_load(pb_ring_word(watch, WORD_SENT)));
	munmap(l, sizeof *l);
	pb_ring_free(watch);
	close(fd);
}

/* An entry taken and not done by a process that is gone comes again, and nothing after it is touched. */
static void test_delivered_again(void **state)
{
	(void)state;
	int fd = pb_ring_create("test", RING, AREA);
	pb_ring *out = pb_ring_open(fd, true), *in = pb_ring_open(fd, false);
	const void *entry;
	size_t n;
	for (int i = 1; i <= 3; i++) {
		memset(pb_ring_reserve(out, 10, 0), i, 10);
		pb_ring_commit(out, 10, false);
	}
	memset(pb_ring_reserve(out, 10, 0), 9, 10); /* lost with its writer */
	pb_ring_free(out);
	assert_int_equal(pb_ring_take(in, &entry, &n, 0), 1);
	pb_ring_done(in);
	assert_int_equal(pb_ring_take(in, &entry, &n, 0), 1);
	pb_ring_free(in);

	out = pb_ring_open(fd, true);
	in = pb_ring_open(fd, false);
	memset(pb_ring_reserve(out, 10, 0), 4, 10);
	pb_ring_commit(out, 10, false);
	for (int i = 2; i <= 4; i++) {
		assert_int_equal(pb_ring_take(in, &entry, &n, 0), 1);
		assert_true(n == 10 && *(const uint8_t *)entry == i);
		pb_ring_done(in);
	}
	assert_int_equal(pb_ring_take(in, &entry, &n, 0), 0);
	pb_ring_free(in);
	pb_ring_free(out);
	close(fd);
}

static bool within(const pb_ring *r, const void *p, size_t n)
{
	size_t size;
	const uint8_t *end = pb_ring_extra(r, &size), *at = p;
	return at >= end - RING && at <= end && n <= (size_t)(end - at) && n <= RING / 4;
}

static void scribble(uint8_t *map, prng *r)
{
	static const uint64_t near_zero[] = {0, 8, 16, RING / 4 + 8, RING, RING - 8, UINT32_MAX};
	/* Mostly where the positions are (pairs of cache lines at the start), or where the first entries are. */
	size_t at = (size_t)prng_in(r, 0, (HEAD + RING) / 8 - 1) * 8;
	if (prng_chance(r, 50))
		at = (size_t)(prng_in(r, 0, 6) * 128 + prng_in(r, 0, 1) * 8);
	else if (prng_chance(r, 70))
		at = HEAD + (size_t)prng_in(r, 0, 600) * 8;
	uint64_t old, header = PB_RING_ENTRY;
	memcpy(&old, map + at, 8);
	switch (prng_in(r, 0, 5)) {
	case 0:
		old ^= (uint64_t)1 << prng_in(r, 0, 63);
		break;
	case 1:
		old += near_zero[prng_in(r, 0, 6)];
		break;
	case 2:
		old = header << 32 | near_zero[prng_in(r, 0, 6)];
		break;
	case 3:
		old = UINT64_MAX;
		break;
	case 4:
		old = near_zero[prng_in(r, 0, 6)];
		break;
	default:
		old = prng_next(r);
		break;
	}
	memcpy(map + at, &old, 8);
}

static volatile uint64_t sink; /* what was read has to be read */

static bool step(pb_ring *in, pb_ring *out, prng *r, unsigned *moved)
{
	const void *entry;
	uint64_t sum = 0;
	size_t n = (size_t)prng_in(r, 0, prng_chance(r, 10) ? RING / 3 : 700);
	uint32_t wait = prng_chance(r, 2) ? 200 : 0;
	if (prng_chance(r, 50)) {
		uint8_t *p = pb_ring_reserve(out, n, wait);
		if (p == NULL)
			return true;
		if (!within(out, p, n))
			return false;
		memset(p, (int)n, n);
		pb_ring_commit(out, n, prng_chance(r, 20));
	} else if (prng_chance(r, 5)) {
		(void)pb_ring_sleep(in);
	} else if (pb_ring_take(in, &entry, &n, wait) == 1) {
		if (!within(in, entry, n))
			return false;
		for (size_t i = 0; i < n; i++)
			sum += ((const uint8_t *)entry)[i];
		sink = sum;
		*moved += 1;
		if (prng_chance(r, 90))
			pb_ring_done(in);
	}
	return true;
}

static void test_corrupted(void **state)
{
	(void)state;
	unsigned moved = 0, lies = 0;
	for (uint64_t number = 0; number < CORRUPTIONS; number++) {
		prng r = prng_of_case(77, number);
		int fd = pb_ring_create("test", RING, AREA);
		uint8_t *map = mmap(NULL, HEAD + RING, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
		assert_true(map != MAP_FAILED);
		pb_ring *in = pb_ring_open(fd, false), *out = pb_ring_open(fd, true);
		for (int i = prng_in(&r, 0, 60); i > 0; i--)
			assert_true(step(in, out, &r, &moved));
		for (int i = prng_in(&r, 1, 5); i > 0; i--)
			scribble(map, &r);
		for (int i = 0; i < 40; i++) {
			if (!step(in, out, &r, &moved))
				fail_msg("corruption %d led out of the ring", (int)number);
		}
		lies += pb_ring_lied(in) || pb_ring_lied(out);
		pb_ring_free(in);
		/* Who opens it afterwards trusts it no more than that. */
		in = pb_ring_open(fd, false);
		for (int i = 0; in != NULL && i < 5; i++)
			assert_true(step(in, out, &r, &moved));
		pb_ring_free(in);
		pb_ring_free(out);
		munmap(map, HEAD + RING);
		close(fd);
	}
	assert_true(moved > CORRUPTIONS);
	assert_true(lies > CORRUPTIONS / 50);
}

/* Lies while the ring is in use: a third process writes into it all the time. */
static void test_corrupted_meanwhile(void **state)
{
	(void)state;
	unsigned moved = 0;
	for (uint64_t number = 0; number < 40; number++) {
		prng r = prng_of_case(78, number);
		int fd = pb_ring_create("test", RING, AREA);
		uint8_t *map = mmap(NULL, HEAD + RING, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
		assert_true(map != MAP_FAILED);
		pb_ring *in = pb_ring_open(fd, false), *out = pb_ring_open(fd, true);
		pid_t child = fork();
		if (child == 0) {
			for (;;)
				scribble(map, &r);
		}
		for (int i = 0; i < 20000 && !(pb_ring_lied(in) && pb_ring_lied(out)); i++)
			assert_true(step(in, out, &r, &moved));
		kill(child, SIGKILL);
		waitpid(child, NULL, 0);
		pb_ring_free(in);
		pb_ring_free(out);
		munmap(map, HEAD + RING);
		close(fd);
	}
}

/* The positions themselves, one lie each. */
static void test_lying_positions(void **state)
{
	(void)state;
	static const uint64_t lies[] = {1, 4, RING + 8, 0 - (uint64_t)RING, (uint64_t)1 << 63, 3 * RING};
	const void *entry;
	size_t n;
	for (size_t i = 0; i < sizeof lies / sizeof *lies * 2; i++) {
		int fd = pb_ring_create("test", RING, AREA);
		pb_ring_head *map = mmap(NULL, HEAD, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
		assert_true(map != MAP_FAILED);
		pb_ring *in = pb_ring_open(fd, false), *out = pb_ring_open(fd, true);
		for (int k = 0; k < 3; k++) {
			assert_non_null(pb_ring_reserve(out, 992, 0));
			pb_ring_commit(out, 992, false);
		}
		assert_int_equal(pb_ring_take(in, &entry, &n, 0), 1);
		pb_ring_done(in);
		bool of_writer = i % 2 == 0;
		assert_true(atomic_load(&map->written) == 3000 && atomic_load(&map->read) == 1000);
		atomic_fetch_add(of_writer ? &map->written : &map->read, lies[i / 2]);
		if (of_writer)
			assert_int_equal(pb_ring_take(in, &entry, &n, UINT32_MAX), PB_RING_CLOSED);
		else
			assert_false(pb_ring_read_past(out, 3000, UINT32_MAX));
		assert_true(pb_ring_lied(of_writer ? in : out));
		assert_true(pb_ring_gone(of_writer ? in : out));
		assert_null(pb_ring_reserve(of_writer ? in : out, 8, UINT32_MAX));
		pb_ring_free(in);
		pb_ring_free(out);
		munmap(map, HEAD);
		close(fd);
	}
}

static void test_not_a_ring(void **state)
{
	(void)state;
	static const size_t wrong[] = {0, 1, 4096, RING - 1, RING + 8, 3 * RING, (size_t)2 << 30};
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		assert_int_equal(pb_ring_create("test", wrong[i], 0), -1);
	assert_int_equal(pb_ring_create("test", RING, SIZE_MAX), -1);

	int ends[2], good = pb_ring_create("test", RING, 0);
	uint64_t head[3];
	assert_int_equal(fcntl(good, F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
	assert_int_not_equal(ftruncate(good, 0), 0);
	assert_int_not_equal(ftruncate(good, 1 << 20), 0);
	assert_int_equal(pread(good, head, sizeof head, 0), sizeof head);
	assert_int_equal(pipe(ends), 0);
	assert_null(pb_ring_open(-1, true));
	assert_null(pb_ring_open(ends[0], true));
	assert_int_equal(errno, EPROTO);

	static const struct {
		off_t size;
		int seals, word;
		uint64_t value;
	} cases[] = {
		{4096 + RING, F_SEAL_SHRINK | F_SEAL_GROW, 0, 0},                /* seals can be added */
		{4096 + RING, F_SEAL_GROW | F_SEAL_SEAL, 0, 0},                  /* can shrink */
		{4096 + RING - 1, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL, 0, 0},
		{10, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL, 0, 0},
		{4096 + RING, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL, 0, 1},  /* magic */
		{4096 + RING, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL, 1, 2 * RING},
		{4096 + RING, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL, 1, 0},
		{4096 + RING, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL, 2, UINT64_MAX},
		{4096 + RING, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL, 2, (uint64_t)0 - RING - 4096},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		uint64_t start[3] = {head[0], head[1], head[2]};
		int fd = memfd_create("test", MFD_ALLOW_SEALING | MFD_CLOEXEC);
		if (cases[i].word > 0 || cases[i].value > 0)
			start[cases[i].word] = cases[i].value;
		assert_true(pwrite(fd, start, sizeof start, 0) > 0);
		assert_int_equal(ftruncate(fd, cases[i].size), 0);
		assert_int_equal(fcntl(fd, F_ADD_SEALS, cases[i].seals), 0);
		assert_null(pb_ring_open(fd, i % 2 == 0));
		assert_int_equal(errno, EPROTO);
		close(fd);
	}
	close(good);
	close(ends[0]);
	close(ends[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_killed_at_any_moment),
		cmocka_unit_test(test_delivered_again),
		cmocka_unit_test(test_corrupted),
		cmocka_unit_test(test_corrupted_meanwhile),
		cmocka_unit_test(test_lying_positions),
		cmocka_unit_test(test_not_a_ring),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
