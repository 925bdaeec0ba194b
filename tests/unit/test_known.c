/* The table of digests that are known already: the keeper adds, workers look up. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/unit/prng.h"
#include "wire/known.h"

enum { HEAD = 4096, MANY = 100000 };

static void key_of(uint64_t number, uint8_t key[16])
{
	prng r = prng_of_case(9, number);
	uint64_t words[2] = {prng_next(&r) | 1, prng_next(&r)};
	memcpy(key, words, 16);
}

static void test_keys(void **state)
{
	(void)state;
#define ONE "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define TWO "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdee"
	static const char *const parts[][3] = {
		{ONE, "elf", "code"}, {ONE, "elf", "cod"}, {ONE, "el", "fcode"}, {TWO, "elf", "code"},
		{ONE, "elfcode", ""}, {"", "", ""}, {ONE, "", "elfcode"}, {"", "elf", "code"},
	};
	static const char *const wrong[][3] = {
		{"ab", "elf", "code"}, {ONE "0", "elf", "code"}, {"A" TWO, "elf", "code"}, {"g123", "elf", "code"},
		{"0123456789ABCDEF0123456789abcdef0123456789abcdef0123456789abcdef", "elf", "code"},
	};
	enum { N = sizeof parts / sizeof *parts };
	static const uint8_t none[16];
	uint8_t keys[N][16], again[16];
	char *text = malloc(5000);
	for (size_t i = 0; i < N; i++) {
		pb_known_key(parts[i][0], parts[i][1], parts[i][2], keys[i]);
		assert_memory_not_equal(keys[i], none, 16);
		for (size_t k = 0; k < i; k++)
			assert_memory_not_equal(keys[i], keys[k], 16);
	}
	pb_known_key(ONE, "elf", "code", again);
	assert_memory_equal(again, keys[0], 16);
	memset(text, 'a', 4999);
	text[4999] = 0;
	for (int i = 0; i < 3; i++) { /* far too long: no key, never known */
		pb_known_key(i == 0 ? text : ONE, i == 1 ? text : "elf", i == 2 ? text : "code", again);
		assert_memory_equal(again, none, 16);
	}
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		pb_known_key(wrong[i][0], wrong[i][1], wrong[i][2], again);
		assert_memory_equal(again, none, 16);
	}
	free(text);
}

static void test_add_and_look_up(void **state)
{
	(void)state;
	int fd = -1;
	uint8_t key[16];
	pb_known *keeper = pb_known_create(MANY, &fd), *worker = pb_known_open(fd);
	assert_non_null(keeper);
	assert_non_null(worker);
	assert_int_equal(fcntl(fd, F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
	for (uint64_t i = 0; i < MANY; i++) {
		key_of(i, key);
		assert_false(pb_known_has(worker, key));
		pb_known_add(keeper, key);
		pb_known_add(keeper, key); /* twice: takes no second place */
		assert_true(pb_known_has(worker, key));
	}
	for (uint64_t i = 0; i < 2 * MANY; i++) {
		key_of(i, key);
		assert_true(pb_known_has(worker, key) == (i < MANY));
		key[15] ^= 1; /* the same first half */
		assert_false(pb_known_has(keeper, key));
	}
	memset(key, 0, sizeof key);
	pb_known_add(keeper, key);
	assert_false(pb_known_has(keeper, key));
	key_of(MANY + 1, key);
	pb_known_add(worker, key); /* workers add nothing */
	assert_false(pb_known_has(keeper, key));
	pb_known_free(worker);
	pb_known_free(keeper);
	pb_known_free(NULL);
	close(fd);
}

static void test_full(void **state)
{
	(void)state;
	int fd = -1;
	uint8_t key[16];
	size_t there = 0;
	errno = 0;
	assert_null(pb_known_create(SIZE_MAX, &fd));
	assert_int_equal(errno, EINVAL);
	pb_known *k = pb_known_create(0, &fd);
	assert_non_null(k);
	for (uint64_t i = 0; i < 1000; i++) {
		key_of(i, key);
		/* All in one place: whoever chooses objects by their digests makes this slow, not wrong. */
		memset(key, 7, 8);
		pb_known_add(k, key);
	}
	for (uint64_t i = 0; i < 1000; i++) {
		key_of(i, key);
		memset(key, 7, 8);
		bool has = pb_known_has(k, key);
		assert_true(i == 0 || has <= (there == i)); /* the first ones, without a hole */
		there += has;
	}
	assert_true(there > 100 && there < 256);
	pb_known_free(k);
	close(fd);
}

static void test_sealed(void **state)
{
	(void)state;
	int fd = -1;
	pb_known *k = pb_known_create(10, &fd);
	assert_int_not_equal(ftruncate(fd, 0), 0);
	assert_int_not_equal(ftruncate(fd, 1 << 30), 0);
	assert_true(pwrite(fd, "xxxxxxxx", 8, HEAD) < 0);
	assert_ptr_equal(mmap(NULL, HEAD, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0), MAP_FAILED);
	void *map = mmap(NULL, HEAD, PROT_READ, MAP_SHARED, fd, 0);
	assert_true(map != MAP_FAILED);
	assert_int_not_equal(mprotect(map, HEAD, PROT_READ | PROT_WRITE), 0);
	munmap(map, HEAD);
	pb_known_free(k);
	close(fd);
}

/* Lookups while the keeper adds, in another process: never a key that was not added, every key once the keeper says so. */
static int look_up(int fd, const volatile uint64_t *added)
{
	pb_known *k = pb_known_open(fd);
	uint8_t key[16];
	prng r = {1};
	while (*added < MANY) {
		uint64_t number = prng_next(&r) % MANY;
		bool must = number < __atomic_load_n(added, __ATOMIC_ACQUIRE);
		key_of(number, key);
		if (must && !pb_known_has(k, key))
			return 1;
		key[8 + number % 8] ^= 0x10;
		if (pb_known_has(k, key))
			return 2;
		key_of(MANY + number, key);
		if (pb_known_has(k, key))
			return 3;
	}
	return 0;
}

static void test_meanwhile(void **state)
{
	(void)state;
	int fd = -1, status;
	uint8_t key[16];
	pb_known *k = pb_known_create(MANY, &fd);
	uint64_t *added = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_true(added != MAP_FAILED);
	pid_t child = fork();
	if (child == 0)
		_exit(look_up(fd, added));
	for (uint64_t i = 0; i < MANY; i++) {
		key_of(i, key);
		pb_known_add(k, key);
		__atomic_store_n(added, i + 1, __ATOMIC_RELEASE);
		if (i % 1000 == 0)
			usleep(1000);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	munmap(added, 4096);
	pb_known_free(k);
	close(fd);
}

static int memfd_of(const uint64_t *start, size_t n, off_t size, int seals)
{
	int fd = memfd_create("test", MFD_ALLOW_SEALING | MFD_CLOEXEC);
	assert_true(pwrite(fd, start, n * sizeof *start, 0) >= 0);
	assert_int_equal(ftruncate(fd, size), 0);
	assert_int_equal(fcntl(fd, F_ADD_SEALS, seals), 0);
	return fd;
}

static void test_not_a_table(void **state)
{
	(void)state;
	enum { SEALED = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL };
	int fd = -1;
	uint64_t head[2];
	pb_known *k = pb_known_create(1, &fd);
	assert_int_equal(pread(fd, head, sizeof head, 0), sizeof head);
	pb_known_free(k);
	close(fd);
	assert_int_equal(head[1], 256);
	static const struct {
		uint64_t xor, slots;
		off_t size;
		int seals;
	} cases[] = {
		{1, 256, HEAD + 256 * 16, SEALED},
		{0, 255, HEAD + 255 * 16, SEALED},
		{0, 128, HEAD + 128 * 16, SEALED},
		{0, 0, HEAD, SEALED},
		{0, 512, HEAD + 256 * 16, SEALED},
		{0, (uint64_t)1 << 63, HEAD, SEALED},
		{0, (uint64_t)1 << 60, HEAD, SEALED},
		{0, 256, HEAD + 256 * 16, F_SEAL_GROW | F_SEAL_SEAL},
		{0, 256, 16, SEALED},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		uint64_t start[2] = {head[0] ^ cases[i].xor, cases[i].slots};
		fd = memfd_of(start, 2, cases[i].size, cases[i].seals);
		assert_null(pb_known_open(fd));
		assert_int_equal(errno, EPROTO);
		close(fd);
	}
	assert_null(pb_known_open(-1));
	assert_null(pb_known_open(STDIN_FILENO));

	/* A table without one empty slot, and torn entries: looking up ends, and finds nothing. */
	static uint64_t full[(HEAD + 256 * 16) / 8];
	uint8_t key[16] = {1};
	memset(full, 0xee, sizeof full);
	memcpy(full, head, sizeof head);
	fd = memfd_of(full, sizeof full / 8, sizeof full, SEALED);
	k = pb_known_open(fd);
	assert_non_null(k);
	assert_false(pb_known_has(k, key));
	pb_known_free(k);
	close(fd);
	memset(full + HEAD / 8, 0, 256 * 16);
	full[HEAD / 8 + 2 * 1] = 1; /* key {1, 5}: its second half is not there yet */
	uint64_t torn[2] = {1, 5};
	fd = memfd_of(full, sizeof full / 8, sizeof full, SEALED);
	k = pb_known_open(fd);
	memcpy(key, torn, 16);
	assert_false(pb_known_has(k, key));
	pb_known_free(k);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_keys),
		cmocka_unit_test(test_add_and_look_up),
		cmocka_unit_test(test_full),
		cmocka_unit_test(test_sealed),
		cmocka_unit_test(test_meanwhile),
		cmocka_unit_test(test_not_a_table),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
