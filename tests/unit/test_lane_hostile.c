/* The lane when its front or its worker is killed at any moment, and when its front lies. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/unit/prng.h"
#include "wire/lane.h"
#include "wire/ring.h"

enum { KILLS = 200, CORRUPTIONS = 10000 };

#define DIGEST "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

/* What was sent and seen, outside the lane; lives longer than the processes. */
typedef struct ledger {
	_Atomic uint64_t sent, last, gaps, again, wrong, large, stop;
} ledger;

static size_t size_of(uint64_t tag)
{
	prng r = prng_of_case(3, tag);
	if (prng_chance(&r, 10))
		return PB_LANE_LARGE + (size_t)prng_in(&r, 1, 1 << 20);
	return (size_t)prng_in(&r, 0, prng_chance(&r, 10) ? PB_LANE_LARGE : 3000);
}

/* Odd tags are filled in place, even ones copied; every fifth is a note. */
static bool send_one(pb_lane *front, uint64_t tag, uint8_t *bytes)
{
	size_t n = size_of(tag);
	if (tag % 5 == 0)
		return pb_lane_note(front, (uint32_t)tag, tag % 25 ? PB_MSG_LIMIT : PB_MSG_DONE, "a note", 6) == 0;
	uint8_t *to = tag % 2 == 1 ? pb_lane_room(front, n) : bytes;
	if (to == NULL)
		return false;
	memset(to, (int)tag, n);
	pb_lane_object o = {.tag = (uint32_t)tag, .sha256 = DIGEST, .kind = "elf", .name_class = "code", .clam_type = "",
			    .record = "{}", .record_size = 2, .bytes = {to, n}};
	return pb_lane_put(front, &o) == 0;
}

static int run_front(int fd, ledger *l)
{
	pb_lane *front = pb_lane_open(fd, true, NULL);
	uint8_t *bytes = malloc(2 * PB_LANE_LARGE);
	do { /* at least one: what the front before lost cannot be the last */
		uint64_t tag = atomic_fetch_add(&l->sent, 1) + 1;
		if (!send_one(front, tag, bytes))
			return 1;
	} while (atomic_load(&l->stop) == 0);
	pb_lane_close(front);
	return 0;
}

static bool is_as_sent(const pb_lane_entry *e)
{
	if (e->tag % 5 == 0)
		return !e->is_object && e->text.size == 6 && memcmp(e->text.data, "a note", 6) == 0;
	size_t n = size_of(e->tag);
	const uint8_t *p = e->object.bytes.data;
	if (!e->is_object || e->object.bytes.size != n || memcmp(e->object.record, "{}", 2) != 0)
		return false;
	return n == 0 || (p[0] == (uint8_t)e->tag && memcmp(p, p + 1, n - 1) == 0);
}

static int run_worker(int fd, ledger *l)
{
	pb_lane *worker = pb_lane_open(fd, false, NULL);
	pb_lane_entry e;
	uint64_t number = 0;
	int rc;
	while ((rc = pb_lane_take(worker, &e, -1)) == 1) {
		uint64_t last = atomic_load(&l->last);
		if (!is_as_sent(&e) || e.number <= number || e.tag < last || (e.tag == last && number != 0))
			atomic_fetch_add(&l->wrong, 1);
		else if (e.tag == last)
			atomic_fetch_add(&l->again, 1);
		else
			atomic_fetch_add(&l->gaps, e.tag - last - 1);
		number = e.number;
		atomic_store(&l->last, e.tag);
		if (e.is_object && e.object.bytes.size > PB_LANE_LARGE)
			atomic_fetch_add(&l->large, 1);
		pb_lane_done(worker);
	}
	return rc == PB_EIO ? 0 : 1;
}

static pid_t start(bool front, int fd, ledger *l)
{
	pid_t child = fork();
	if (child == 0)
		_exit(front ? run_front(fd, l) : run_worker(fd, l));
	assert_true(child > 0);
	return child;
}

static void test_killed_at_any_moment(void **state)
{
	(void)state;
	prng r = {43};
	unsigned lost = 0, restarted = 0;
	int fd = pb_lane_create(), status;
	ledger *l = mmap(NULL, sizeof *l, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_true(l != MAP_FAILED);
	pid_t child[2] = {start(false, fd, l), start(true, fd, l)};
	for (int i = 0; i < KILLS; i++) {
		int side = prng_in(&r, 0, 1);
		usleep((unsigned)prng_in(&r, 0, 8000));
		kill(child[side], SIGKILL);
		assert_int_equal(waitpid(child[side], &status, 0), child[side]);
		assert_true(WIFSIGNALED(status)); /* it did not give up by itself */
		child[side] = start(side == 1, fd, l);
		*(side == 1 ? &lost : &restarted) += 1;
	}
	atomic_store(&l->stop, 1);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(waitpid(child[i], &status, 0), child[i]);
		assert_int_equal(status, 0);
	}
	assert_true(atomic_load(&l->wrong) == 0);
	assert_true(atomic_load(&l->gaps) <= lost);
	assert_true(atomic_load(&l->again) <= restarted);
	assert_true(atomic_load(&l->large) > 20);
	assert_true(atomic_load(&l->last) == atomic_load(&l->sent));

	pb_lane *keeper = pb_lane_open(fd, false, NULL);
	uint64_t number;
	uint32_t where;
	bool idle;
	pb_lane_watch(keeper, &number, &where, &idle);
	assert_true(idle && number == 0);
	pb_lane_free(keeper);
	munmap(l, sizeof *l);
	close(fd);
}

/* A worker that was killed while its pb_lane_done was under way: the entry is done, its memory may be gone already. */
static void test_killed_in_done(void **state)
{
	(void)state;
	int fd = pb_lane_create();
	pb_lane *front = pb_lane_open(fd, true, NULL), *worker = pb_lane_open(fd, false, NULL);
	pb_lane_entry e;
	uint8_t *room = pb_lane_room(front, 2 << 20);
	memset(room, 1, 2 << 20);
	pb_lane_object o = {.sha256 = DIGEST, .bytes = {room, 2 << 20}};
	assert_int_equal(pb_lane_put(front, &o), 0);
	assert_int_equal(pb_lane_note(front, 4, PB_MSG_LIMIT, "", 0), 0);
	assert_int_equal(pb_lane_take(worker, &e, 0), 1);
	assert_int_equal(e.number, 1);
	pb_lane_free(worker);
	pb_ring *raw = pb_ring_open(fd, false);
	atomic_store(pb_ring_word(raw, 3), 1); /* the first thing done writes: its number */
	worker = pb_lane_open(fd, false, NULL);
	assert_int_equal(pb_lane_take(worker, &e, 0), 1);
	assert_true(!e.is_object && e.tag == 4 && e.number == 2);
	struct stat st;
	assert_int_equal(fstat(fd, &st), 0);
	assert_true(st.st_blocks * 512 < 1 << 20); /* the large object's memory was given back all the same */
	pb_ring_free(raw);
	pb_lane_free(worker);
	pb_lane_free(front);
	close(fd);
}

static size_t mutate(uint8_t *entry, size_t n, size_t most, prng *r)
{
	static const uint64_t values[] = {0, 1, 2, 3, 4, 8, PB_LANE_TEXT, PB_LANE_TEXT + 1, PB_LANE_LARGE, PB_LANE_LARGE + 1,
					  UINT32_MAX, INT64_MAX, UINT64_MAX, (uint64_t)2 << 30, ((uint64_t)2 << 30) + 1};
	uint64_t value = values[prng_in(r, 0, sizeof values / sizeof *values - 1)];
	size_t head = n < 240 ? n : 240;
	switch (prng_in(r, 0, 4)) {
	case 0:
		entry[prng_in(r, 0, (int)head - 1)] = (uint8_t)prng_next(r);
		break;
	case 1:
		memcpy(entry + prng_in(r, 0, 3) * 8, &value, 8);
		break;
	case 2:
		memcpy(entry + prng_in(r, 0, 7) * 4, &value, 4);
		break;
	case 3:
		return (size_t)prng_in(r, 32, (int)most);
	default:
		entry[24 + prng_in(r, 0, 7)] ^= (uint8_t)(1 << prng_in(r, 0, 7));
		break;
	}
	return n;
}

static volatile uint64_t sink;

/* Does what was delivered lie within the n bytes of the entry, behind its head? */
static bool is_within(const pb_lane_entry *e, size_t n, size_t head)
{
	uint64_t sum = 0;
	for (size_t i = 0; i < e->text.size; i++)
		sum += e->text.data[i];
	for (size_t i = 0; e->is_object && i < e->object.record_size; i++)
		sum += (uint8_t)e->object.record[i];
	for (size_t i = 0; e->is_object && i < e->object.bytes.size; i += 1 << 20)
		sum += e->object.bytes.data[i];
	sink = sum;
	if (!e->is_object)
		return e->text.size < n;
	if (strlen(e->object.sha256) != 64 || strnlen(e->object.kind, 32) == 32 || strnlen(e->object.name_class, 24) == 24 ||
	    strnlen(e->object.clam_type, 40) == 40)
		return false;
	size_t padded = (e->object.bytes.size + 7) & ~(size_t)7;
	bool inside = (const uint8_t *)e->object.record == e->object.bytes.data + padded;
	return n == head + e->object.record_size + (inside ? padded : 0) && e->object.bytes.size <= PB_LANE_AREA;
}

/* Where in the area a large object lies is the front's word, too. */
static void test_lying_place(void **state)
{
	(void)state;
	static const uint64_t lies[] = {1,		  4095,		    PB_LANE_AREA - (1 << 20), PB_LANE_AREA, PB_LANE_AREA + 4096,
					(uint64_t)1 << 63, UINT64_MAX - 4095, UINT64_MAX};
	for (size_t i = 0; i < sizeof lies / sizeof *lies; i++) {
		int fd = pb_lane_create();
		pb_lane *front = pb_lane_open(fd, true, NULL), *worker = pb_lane_open(fd, false, NULL);
		pb_lane_entry e;
		uint8_t *room = pb_lane_room(front, 2 << 20);
		pb_lane_object o = {.sha256 = DIGEST, .bytes = {room, 2 << 20}};
		assert_int_equal(pb_lane_put(front, &o), 0);
		const void *entry;
		size_t n;
		pb_ring *raw = pb_ring_open(fd, false);
		assert_int_equal(pb_ring_take(raw, &entry, &n, 0), 1);
		memcpy((uint8_t *)(uintptr_t)entry + 200, &lies[i], 8);
		assert_int_equal(pb_lane_take(worker, &e, 0), PB_ECORRUPT);
		memset((uint8_t *)(uintptr_t)entry + 200, 0, 8);
		assert_int_equal(pb_lane_take(worker, &e, 0), 1); /* that was where it stands */
		pb_ring_free(raw);
		pb_lane_free(worker);
		pb_lane_free(front);
		close(fd);
	}
}

/* Entries as a front that was taken over would write them: straight into the ring. */
static void test_lying_front(void **state)
{
	(void)state;
	int fd = pb_lane_create();
	pb_lane *front = pb_lane_open(fd, true, NULL);
	uint8_t bytes[300];
	pb_lane_entry e;
	const void *raw;
	size_t n[2];
	unsigned delivered = 0, refused = 0;
	uint8_t good[2][2048];
	memset(bytes, 1, sizeof bytes);
	pb_lane_object o = {.tag = 1, .sha256 = DIGEST, .kind = "elf", .name_class = "code", .clam_type = "CL_TYPE_ELF",
			    .record = "{\"a\":1}", .record_size = 7, .bytes = {bytes, sizeof bytes}};
	assert_int_equal(pb_lane_put(front, &o), 0);
	assert_int_equal(pb_lane_note(front, 1, PB_MSG_LIMIT, "{}", 2), 0);
	pb_lane_free(front);
	pb_ring *in = pb_ring_open(fd, false), *out = pb_ring_open(fd, true);
	for (int i = 0; i < 2; i++) {
		memset(good[i], 2, sizeof good[i]);
		assert_int_equal(pb_ring_take(in, &raw, &n[i], 0), 1);
		memcpy(good[i], raw, n[i]);
		pb_ring_done(in);
	}
	size_t head = n[0] - 304 - 7;
	for (uint64_t number = 0; number < CORRUPTIONS; number++) {
		prng r = prng_of_case(79, number);
		uint8_t entry[2048];
		int form = prng_in(&r, 0, 1);
		size_t size = n[form];
		memcpy(entry, good[form], sizeof entry);
		for (int i = prng_in(&r, 0, 3); i > 0; i--)
			size = mutate(entry, size, sizeof entry, &r);
		memcpy(pb_ring_reserve(out, size, 0), entry, size);
		pb_ring_commit(out, size, false);
		pb_lane *worker = pb_lane_open(fd, false, NULL);
		int rc = pb_lane_take(worker, &e, 0);
		if (rc == 1 && !is_within(&e, size, head))
			fail_msg("corruption %d led out of its entry", (int)number);
		assert_true(rc == 1 || rc == PB_ECORRUPT);
		delivered += rc == 1;
		refused += rc != 1;
		pb_lane_free(worker);
		assert_int_equal(pb_ring_take(in, &raw, &size, 0), 1);
		pb_ring_done(in);
	}
	assert_true(delivered > CORRUPTIONS / 5 && refused > CORRUPTIONS / 5);
	pb_ring_free(in);
	pb_ring_free(out);
	close(fd);
}

/* Numbers go up: one that comes twice or goes back would excuse, or hide, another entry. */
static void test_lying_numbers(void **state)
{
	(void)state;
	static const uint64_t second[] = {0, 4, 5};
	for (size_t i = 0; i < sizeof second / sizeof *second; i++) {
		int fd = pb_lane_create();
		pb_lane *front = pb_lane_open(fd, true, NULL), *worker = pb_lane_open(fd, false, NULL);
		pb_ring *raw = pb_ring_open(fd, false);
		pb_lane_entry e;
		atomic_store(pb_ring_word(raw, 0), 4);
		assert_int_equal(pb_lane_note(front, 1, PB_MSG_LIMIT, "{}", 2), 0);
		atomic_store(pb_ring_word(raw, 0), second[i] - 1);
		assert_int_equal(pb_lane_note(front, 2, PB_MSG_LIMIT, "{}", 2), 0);
		assert_int_equal(pb_lane_take(worker, &e, 0), 1);
		assert_int_equal(e.number, 5);
		pb_lane_done(worker);
		assert_int_equal(pb_lane_take(worker, &e, 0), PB_ECORRUPT);
		pb_ring_free(raw);
		pb_lane_free(worker);
		pb_lane_free(front);
		close(fd);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_killed_at_any_moment),
		cmocka_unit_test(test_killed_in_done),
		cmocka_unit_test(test_lying_place),
		cmocka_unit_test(test_lying_front),
		cmocka_unit_test(test_lying_numbers),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
