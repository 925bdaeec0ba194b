/* Objects that go through a lane in pieces. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "wire/lane.h"

#define DIGEST "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

enum { N = PB_LANE_SPREAD + 12345 };

typedef struct pair {
	int fd;
	pb_lane *front, *worker;
} pair;

static pair pair_of(void)
{
	pair p = {pb_lane_create(), NULL, NULL};
	p.front = pb_lane_open(p.fd, true, NULL);
	p.worker = pb_lane_open(p.fd, false, NULL);
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

static pb_lane_object object_of(const uint8_t *bytes, size_t n)
{
	return (pb_lane_object){.tag = 7, .sha256 = DIGEST, .kind = "data", .record = "{}", .record_size = 2, .bytes = {bytes, n}};
}

static void it_comes_whole_and_in_order(void **state)
{
	(void)state;
	pair p = pair_of();
	uint8_t *bytes = malloc(N), *got = calloc(1, N);
	pb_lane_entry e;
	uint64_t next = 0, at, pieces = 0;
	pb_bytes piece;
	struct stat st;
	for (size_t i = 0; i < N; i++)
		bytes[i] = (uint8_t)(i * 7 + (i >> 16));
	pb_lane_object o = object_of(bytes, N);
	pb_lane_spread(p.front);
	assert_int_equal(pb_lane_put(p.front, &o), 0);
	assert_int_equal(pb_lane_note(p.front, 7, PB_MSG_DONE, "{}", 2), 0);
	while (pb_lane_take(p.worker, &e, 0) == 1 && !e.is_object) {
		assert_true(e.type == PB_MSG_PIECE && e.tag == 7);
		assert_true(pb_lane_piece(e.text, &at, &piece));
		assert_true(at == next && piece.size <= N - at);
		memcpy(got + at, piece.data, piece.size);
		next += piece.size;
		pieces++;
		pb_lane_done(p.worker);
	}
	assert_true(next == N && pieces > N / PB_LANE_TEXT);
	assert_memory_equal(got, bytes, N);
	assert_true(e.is_object && e.object.spread && e.object.bytes.data == NULL && e.object.bytes.size == N && e.object.record_size == 2);
	assert_true(e.number == pieces + 1);
	pb_lane_done(p.worker);
	assert_int_equal(pb_lane_take(p.worker, &e, 0), 1);
	assert_true(!e.is_object && e.type == PB_MSG_DONE);
	assert_int_equal(fstat(p.fd, &st), 0);
	assert_true(st.st_blocks * 512 <= (PB_LANE_RING + (1 << 20))); /* no more than the ring, however large an object is */
	free(bytes);
	free(got);
	pair_end(&p);
}

/* Who fills a room has the bytes in the area already; smaller ones and those of other fronts go as ever. */
static void others_go_as_ever(void **state)
{
	(void)state;
	pair p = pair_of();
	pb_lane_entry e;
	uint8_t *bytes = calloc(1, N);
	pb_lane_object o = object_of(bytes, N);
	assert_int_equal(pb_lane_put(p.front, &o), 0);
	pb_lane_spread(p.front);
	o.bytes.size = PB_LANE_SPREAD;
	assert_int_equal(pb_lane_put(p.front, &o), 0);
	o.bytes = (pb_bytes){pb_lane_room(p.front, N), N};
	assert_int_equal(pb_lane_put(p.front, &o), 0);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(pb_lane_take(p.worker, &e, 0), 1);
		assert_true(e.is_object && !e.object.spread && e.object.bytes.data != NULL);
		pb_lane_done(p.worker);
	}
	free(bytes);
	pair_end(&p);
}

static void bounds(void **state)
{
	(void)state;
	pair p = pair_of();
	uint8_t text[16] = {0};
	uint64_t at = PB_LANE_AREA;
	pb_bytes piece;
	pb_lane_object o = object_of(text, PB_LANE_AREA + 1);
	assert_int_equal(pb_lane_put_spread(p.front, &o), PB_ELIMIT);
	o.spread = true;
	assert_int_equal(pb_lane_put(p.front, &o), PB_ELIMIT);
	assert_false(pb_lane_piece((pb_bytes){NULL, 0}, &at, &piece));
	assert_false(pb_lane_piece((pb_bytes){text, 8}, &at, &piece)); /* a piece of nothing */
	assert_true(pb_lane_piece((pb_bytes){text, 9}, &at, &piece));
	assert_true(at == 0 && piece.size == 1 && piece.data == text + 8);
	at = PB_LANE_AREA - 8;
	memcpy(text, &at, sizeof at);
	assert_true(pb_lane_piece((pb_bytes){text, 16}, &at, &piece));
	at++;
	memcpy(text, &at, sizeof at);
	assert_false(pb_lane_piece((pb_bytes){text, 16}, &at, &piece));
	memset(text, 0xff, sizeof text);
	assert_false(pb_lane_piece((pb_bytes){text, 16}, &at, &piece));
	pair_end(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(it_comes_whole_and_in_order),
	    cmocka_unit_test(others_go_as_ever),
	    cmocka_unit_test(bounds),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
