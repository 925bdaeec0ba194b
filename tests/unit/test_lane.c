/* The lane: objects and notes from a front to a worker. Both sides in one process where that is enough, forks where they wait. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "wire/lane.h"
#include "wire/ring.h"

#define DIGEST "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

typedef struct pair {
	int fd;
	pb_lane *front, *worker;
} pair;

static pair pair_of(void)
{
	pb_error err;
	pair p = {pb_lane_create(), NULL, NULL};
	assert_true(p.fd >= 0);
	p.front = pb_lane_open(p.fd, true, &err);
	p.worker = pb_lane_open(p.fd, false, &err);
	assert_non_null(p.front);
	assert_non_null(p.worker);
	return p;
}

static void pair_end(pair *p)
{
	pb_lane_free(p->front);
	pb_lane_free(p->worker);
	close(p->fd);
}

static double seconds(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Bytes of memory that the lane really has. */
static size_t held(int fd)
{
	struct stat st;
	assert_int_equal(fstat(fd, &st), 0);
	return (size_t)st.st_blocks * 512;
}

static pb_lane_object object_of(const uint8_t *data, size_t n)
{
	return (pb_lane_object){.tag = 7, .sha256 = DIGEST, .kind = "elf", .name_class = "code", .clam_type = "CL_TYPE_ELF",
				.record = "{\"a\":1}", .record_size = 7, .bytes = {data, n}};
}

static bool is_object(const pb_lane_entry *e, size_t n)
{
	return e->is_object && e->tag == 7 && e->object.tag == 7 && strcmp(e->object.sha256, DIGEST) == 0 &&
	       strcmp(e->object.kind, "elf") == 0 && strcmp(e->object.name_class, "code") == 0 &&
	       strcmp(e->object.clam_type, "CL_TYPE_ELF") == 0 && e->object.record_size == 7 &&
	       memcmp(e->object.record, "{\"a\":1}", 7) == 0 && e->object.bytes.size == n;
}

static void test_order_and_content(void **state)
{
	(void)state;
	pair p = pair_of();
	uint8_t bytes[1000];
	char *text = malloc(PB_LANE_TEXT);
	pb_lane_entry e;
	pb_lane_object o = object_of(bytes, sizeof bytes), empty = object_of(NULL, 0);
	memset(bytes, 3, sizeof bytes);
	memset(text, 'x', PB_LANE_TEXT);
	empty.record = text;
	empty.record_size = PB_LANE_TEXT;
	assert_int_equal(pb_lane_take(p.worker, &e, 0), 0);
	pb_lane_done(p.worker);
	assert_int_equal(pb_lane_note(p.front, 9, PB_MSG_BEGIN, "{}", 2), 0);
	assert_int_equal(pb_lane_put(p.front, &o), 0);
	assert_int_equal(pb_lane_put(p.front, &empty), 0);
	assert_int_equal(pb_lane_note(p.front, UINT32_MAX, PB_MSG_DONE, text, PB_LANE_TEXT), 0);
	assert_int_equal(pb_lane_note(p.front, 0, PB_MSG_LIMIT, NULL, 0), 0);

	assert_int_equal(pb_lane_take(p.worker, &e, 0), 1);
	assert_true(!e.is_object && e.tag == 9 && e.type == PB_MSG_BEGIN && e.text.size == 2 && e.number == 1);
	assert_memory_equal(e.text.data, "{}", 2);
	pb_lane_done(p.worker);
	for (int again = 0; again < 2; again++) {
		assert_int_equal(pb_lane_take(p.worker, &e, 0), 1);
		assert_true(is_object(&e, sizeof bytes) && e.number == 2);
		assert_memory_equal(e.object.bytes.data, bytes, sizeof bytes);
		assert_int_equal((uintptr_t)e.object.bytes.data % 8, 0);
	}
	pb_lane_done(p.worker);
	assert_int_equal(pb_lane_take(p.worker, &e, 0), 1);
	assert_true(e.is_object && e.object.bytes.size == 0 && e.object.record_size == PB_LANE_TEXT && e.number == 3);
	assert_memory_equal(e.object.record, text, PB_LANE_TEXT);
	pb_lane_done(p.worker);
	assert_int_equal(pb_lane_take(p.worker, &e, 0), 1);
	assert_true(e.tag == UINT32_MAX && e.type == PB_MSG_DONE && e.text.size == PB_LANE_TEXT);
	pb_lane_done(p.worker);
	assert_int_equal(pb_lane_take(p.worker, &e, 100), 1);
	assert_true(e.tag == 0 && e.text.size == 0 && e.number == 5);
	pb_lane_done(p.worker);
	assert_int_equal(pb_lane_take(p.worker, &e, 0), 0);

	assert_int_equal(pb_lane_note(p.front, 1, PB_MSG_LIMIT, text, PB_LANE_TEXT + 1), PB_ELIMIT);
	empty.record_size++;
	assert_int_equal(pb_lane_put(p.front, &empty), PB_ELIMIT);
	o.bytes.size = PB_LANE_AREA + 1;
	assert_int_equal(pb_lane_put(p.front, &o), PB_ELIMIT);
	assert_null(pb_lane_room(p.front, PB_LANE_AREA + 1));
	assert_int_equal(pb_lane_take(p.worker, &e, 0), 0);
	assert_int_equal(pb_lane_note(p.worker, 1, PB_MSG_LIMIT, "", 0), PB_EIO); /* the wrong side */
	assert_null(pb_lane_room(p.worker, 10));
	assert_int_equal(pb_lane_take(p.front, &e, 0), PB_EIO);
	free(text);
	pair_end(&p);
	pb_lane_free(NULL);
}

/* What is filled in place is not copied: the same memory is seen by the worker. */
static void test_room(void **state)
{
	(void)state;
	static const size_t sizes[] = {0, 1, 77, 4096, PB_LANE_LARGE, PB_LANE_LARGE + 1, 5 << 20};
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		pair p = pair_of();
		pb_lane_entry e;
		size_t n = sizes[i];
		assert_non_null(pb_lane_room(p.front, 100 + n / 2)); /* given up by the next one */
		uint8_t *room = pb_lane_room(p.front, n);
		assert_non_null(room);
		memset(room, 1, n);
		pb_lane_object o = object_of(room, n - n / 3); /* it became shorter */
		assert_int_equal(pb_lane_put(p.front, &o), 0);
		assert_int_equal(pb_lane_take(p.worker, &e, 0), 1);
		assert_true(is_object(&e, o.bytes.size));
		for (size_t k = 0; k < o.bytes.size; k++)
			assert_true(e.object.bytes.data[k] == 1);
		if (o.bytes.size > 0) {
			room[o.bytes.size - 1] = 2;
			assert_int_equal(e.object.bytes.data[o.bytes.size - 1], 2);
		}
		pb_lane_done(p.worker);
		pair_end(&p);
	}
}

static void test_room_misused(void **state)
{
	(void)state;
	pair p = pair_of();
	pb_lane_entry e;
	uint8_t *room = pb_lane_room(p.front, 100);
	pb_lane_object o = object_of(room, 101);
	assert_int_equal(pb_lane_put(p.front, &o), PB_EINTERNAL); /* larger than what was asked for */
	o.bytes.size = 100;
	assert_int_equal(pb_lane_note(p.front, 1, PB_MSG_LIMIT, "{}", 2), 0);
	assert_int_equal(pb_lane_put(p.front, &o), PB_EINTERNAL); /* the note stands there */
	assert_int_equal(pb_lane_take(p.worker, &e, 0), 1);
	assert_false(e.is_object);
	pb_lane_done(p.worker);

	o.bytes = (pb_bytes){pb_lane_room(p.front, 2 << 20), 2 << 20};
	memset((void *)(uintptr_t)o.bytes.data, 5, o.bytes.size);
	assert_int_equal(pb_lane_note(p.front, 1, PB_MSG_LIMIT, "{}", 2), 0); /* does not disturb a large one */
	assert_int_equal(pb_lane_put(p.front, &o), 0);
	assert_int_equal(pb_lane_put(p.front, &o), PB_EINTERNAL); /* it is the worker's now */
	o.bytes.size = 5;
	assert_int_equal(pb_lane_put(p.front, &o), PB_EINTERNAL);
	assert_int_equal(pb_lane_take(p.worker, &e, 0), 1);
	pb_lane_done(p.worker);
	assert_int_equal(pb_lane_take(p.worker, &e, 0), 1);
	assert_true(is_object(&e, 2 << 20) && e.object.bytes.data[(2 << 20) - 1] == 5);
	pb_lane_done(p.worker);
	assert_int_equal(pb_lane_take(p.worker, &e, 0), 0);
	pair_end(&p);
}

/* One large object at a time, and its memory goes back to the system. */
static void test_large_objects(void **state)
{
	(void)state;
	enum { N = 90 << 20 }; /* two of them fit into what may wait, three do not */
	pair p = pair_of();
	uint8_t *bytes = malloc(N);
	pb_lane_entry e;
	memset(bytes, 6, N);
	pb_lane_object o = object_of(bytes, N);
	assert_true(held(p.fd) < 1 << 20); /* nothing is touched before it is used */
	assert_int_equal(pb_lane_put(p.front, &o), 0);
	assert_true(held(p.fd) >= N);
	memset(bytes, 7, N);
	assert_int_equal(pb_lane_put(p.front, &o), 0); /* beside the first */
	assert_true(held(p.fd) >= 2LL * N);
	pid_t child = fork();
	if (child == 0) {
		pb_error err;
		pb_lane *worker = pb_lane_open(p.fd, false, &err);
		memset(bytes, 6, N);
		for (int i = 0; i < 3; i++) {
			if (pb_lane_take(worker, &e, 5000) != 1 || !is_object(&e, N))
				_exit(1);
			usleep(120000);
			if (memcmp(e.object.bytes.data, bytes, N) != 0)
				_exit(2);
			memset(bytes, bytes[0] + 1, N);
			pb_lane_done(worker);
		}
		_exit(0);
	}
	double start = seconds();
	o.bytes.data = pb_lane_room(p.front, N + 12345); /* waits for the first */
	assert_true(seconds() - start >= 0.1);
	memset((void *)(uintptr_t)o.bytes.data, 8, N + 12345);
	assert_int_equal(pb_lane_put(p.front, &o), 0);
	int status;
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	assert_true(held(p.fd) < 2 << 20);

	assert_non_null(memset(pb_lane_room(p.front, N), 1, N)); /* filled and given up */
	assert_true(held(p.fd) >= N);
	assert_non_null(pb_lane_room(p.front, 2 << 20));
	assert_true(held(p.fd) < 4 << 20);
	free(bytes);
	pair_end(&p);
}

/* Objects of many sizes, more than the area holds at once and around its end: each keeps its bytes until it is done with. */
static void test_many_large(void **state)
{
	(void)state;
	enum { OBJECTS = 900, AHEAD = 7 };
	pair p = pair_of();
	pb_lane_entry e;
	size_t size[OBJECTS];
	uint32_t seed = 7;
	for (int i = 0; i < OBJECTS + AHEAD; i++) {
		if (i < OBJECTS) {
			seed = seed * 1664525 + 1013904223;
			size[i] = PB_LANE_LARGE + 1 + seed % (i % 50 == 0 ? 30 << 20 : 5 << 20);
			uint8_t *room = pb_lane_room(p.front, size[i] + seed % 9999);
			assert_non_null(room);
			room[0] = (uint8_t)i;
			room[size[i] - 1] = (uint8_t)(i >> 8);
			pb_lane_object o = object_of(room, size[i]);
			assert_int_equal(pb_lane_put(p.front, &o), 0);
		}
		if (i < AHEAD)
			continue;
		assert_int_equal(pb_lane_take(p.worker, &e, 0), 1);
		assert_true(is_object(&e, size[i - AHEAD]));
		assert_int_equal(e.object.bytes.data[0], (uint8_t)(i - AHEAD));
		assert_int_equal(e.object.bytes.data[size[i - AHEAD] - 1], (uint8_t)((i - AHEAD) >> 8));
		pb_lane_done(p.worker);
	}
	assert_true(held(p.fd) < 2 << 20);
	pair_end(&p);
}

/* Small objects that are done with leave only the low pages of the ring behind. */
static void test_memory_of_small_objects(void **state)
{
	(void)state;
	pair p = pair_of();
	pb_lane_entry e;
	uint8_t *bytes = calloc(1, 700000);
	pb_lane_object o = object_of(bytes, 700000);
	for (int i = 0; i < 300; i++) {
		assert_int_equal(pb_lane_put(p.front, &o), 0);
		assert_int_equal(pb_lane_take(p.worker, &e, 0), 1);
		pb_lane_done(p.worker);
	}
	assert_true(held(p.fd) < 12 << 20);
	free(bytes);
	pair_end(&p);
}

static void test_watching(void **state)
{
	(void)state;
	pair p = pair_of();
	pb_lane *keeper = pb_lane_open(p.fd, false, NULL);
	pb_lane_entry e;
	uint64_t number;
	uint32_t where;
	bool idle;
	pb_lane_watch(keeper, &number, &where, &idle);
	assert_true(number == 0 && where == PB_AT_NOTHING && idle);
	assert_int_equal(pb_lane_note(p.front, 1, PB_MSG_LIMIT, "{}", 2), 0);
	assert_int_equal(pb_lane_note(p.front, 1, PB_MSG_LIMIT, "{}", 2), 0);
	pb_lane_watch(keeper, &number, &where, &idle);
	assert_true(number == 0 && !idle);
	assert_int_equal(pb_lane_take(p.worker, &e, 0), 1);
	pb_lane_done(p.worker);
	assert_int_equal(pb_lane_take(p.worker, &e, 0), 1);
	pb_lane_at(p.worker, PB_AT_CHECK + 12);
	pb_lane_watch(keeper, &number, &where, &idle);
	assert_true(number == 2 && where == PB_AT_CHECK + 12 && !idle);
	pb_lane_free(p.worker); /* as if killed: the keeper reads afterwards where it was */
	p.worker = pb_lane_open(p.fd, false, NULL);
	pb_lane_watch(keeper, &number, &where, &idle);
	assert_true(number == 2 && where == PB_AT_CHECK + 12 && !idle);
	assert_int_equal(pb_lane_take(p.worker, &e, 0), 1);
	assert_true(e.number == 2);
	pb_lane_watch(keeper, &number, &where, &idle);
	assert_true(number == 2 && where == PB_AT_NOTHING);
	pb_lane_done(p.worker);
	pb_lane_watch(keeper, &number, &where, &idle);
	assert_true(number == 0 && where == PB_AT_NOTHING && idle);
	pb_lane_free(keeper);
	pair_end(&p);
}

static void test_closing(void **state)
{
	(void)state;
	pair p = pair_of();
	pb_lane_entry e;
	pb_lane_object o = object_of((const uint8_t *)"x", 1);
	assert_int_equal(pb_lane_note(p.front, 1, PB_MSG_LIMIT, "{}", 2), 0);
	pb_lane_close(p.front);
	assert_int_equal(pb_lane_take(p.worker, &e, -1), 1);
	pb_lane_done(p.worker);
	assert_int_equal(pb_lane_take(p.worker, &e, -1), PB_EIO);
	pb_lane_close(p.worker);
	assert_int_equal(pb_lane_put(p.front, &o), PB_EIO);
	assert_int_equal(pb_lane_note(p.front, 1, PB_MSG_LIMIT, "{}", 2), PB_EIO);
	assert_null(pb_lane_room(p.front, 10));
	o.bytes.size = 0;
	o.bytes.data = NULL;
	assert_int_equal(pb_lane_put(p.front, &o), PB_EIO);
	pair_end(&p);

	p = pair_of(); /* a front that waits for the area hears that nobody will come */
	assert_non_null(pb_lane_room(p.front, (size_t)200 << 20));
	o.bytes = (pb_bytes){pb_lane_room(p.front, (size_t)200 << 20), (size_t)200 << 20};
	assert_int_equal(pb_lane_put(p.front, &o), 0);
	pid_t child = fork();
	if (child == 0) {
		usleep(30000);
		pb_lane_close(p.worker);
		_exit(0);
	}
	assert_null(pb_lane_room(p.front, (size_t)100 << 20));
	assert_int_equal(waitpid(child, NULL, 0), child);
	pair_end(&p);
}

static void test_not_a_lane(void **state)
{
	(void)state;
	pb_error err = {0, ""};
	int ring = pb_ring_create("test", 64 << 10, 0), plain = memfd_create("test", MFD_CLOEXEC);
	assert_null(pb_lane_open(ring, true, &err));
	assert_int_equal(err.code, PB_ECORRUPT);
	assert_null(pb_lane_open(plain, false, &err));
	assert_int_equal(err.code, PB_EIO);
	assert_null(pb_lane_open(-1, false, NULL));
	close(ring);
	close(plain);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_order_and_content),
		cmocka_unit_test(test_room),
		cmocka_unit_test(test_room_misused),
		cmocka_unit_test(test_large_objects),
		cmocka_unit_test(test_many_large),
		cmocka_unit_test(test_memory_of_small_objects),
		cmocka_unit_test(test_watching),
		cmocka_unit_test(test_closing),
		cmocka_unit_test(test_not_a_lane),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
