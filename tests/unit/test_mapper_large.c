/* Objects that are too large for a worker's memory: put together in a file of its own, whoever dies meanwhile. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/scratch.h"
#include "box/box.h"
#include "mapper_case.h"

enum { N = 96 << 20, MEMORY = 64 << 20 /* of a worker: less than the object has */ };

static uint8_t *bytes;

static int make_bytes(void **state)
{
	(void)state;
	bytes = calloc(1, N);
	if (bytes) {
		memcpy(bytes, "BAD", 3);
		bytes[N - 1] = 1;
	}
	return bytes ? 0 : -1;
}

static int free_bytes(void **state)
{
	(void)state;
	free(bytes);
	return 0;
}

static int scratch;

static void start_with(mapping *m, int fd)
{
	role_start(&m->r, pb_mapper_main, (const int[]){m->memfd, m->known_fd, fd},
	           fd < 0 ? json_pack("{s:i}", "memory", MEMORY) : json_pack("{s:i,s:i}", "memory", MEMORY, "scratch", 3));
}

static void begin_large(mapping *m)
{
	begin(m);
	scratch = pb_scratch_file("/tmp");
	assert_true(scratch >= 0);
	start_with(m, scratch);
}

static void end_large(mapping *m)
{
	end(m);
	close(scratch);
}

/* What a reader puts on the lane, with the keeper hearing of each piece. */
static void put_pieces(mapping *m, const pb_lane_object *o)
{
	char *text = malloc(PB_LANE_TEXT);
	const size_t most = PB_LANE_TEXT - 8;
	for (uint64_t at = 0; at < o->bytes.size; at += most) {
		size_t n = o->bytes.size - at < most ? (size_t)(o->bytes.size - at) : most;
		memcpy(text, &at, 8);
		memcpy(text + 8, o->bytes.data + at, n);
		assert_int_equal(pb_lane_note(m->front, o->tag, PB_MSG_PIECE, text, 8 + n), 0);
		role_expect(&m->r, PB_MSG_PIECE, o->tag);
		assert_int_equal(m->r.got.size, 0);
	}
	free(text);
}

static void put_head(mapping *m, const char *name, const pb_lane_object *o)
{
	pb_lane_object head = *o;
	char *record = record_of(name, o);
	head.record = record;
	head.record_size = strlen(record);
	head.bytes.data = NULL;
	head.spread = true;
	assert_int_equal(pb_lane_put(m->front, &head), 0);
	free(record);
}

static void found(mapping *m, const char *name, size_t wanted)
{
	json_t *result = result_of(m, 1, name);
	assert_non_null(result);
	assert_int_equal(json_array_size(json_object_get(result, "findings")), wanted);
	json_decref(result);
}

static size_t on_disk(void)
{
	struct stat st;
	assert_int_equal(fstat(scratch, &st), 0);
	return (size_t)st.st_blocks * 512;
}

static void it_is_mapped_as_any_object(void **state)
{
	(void)state;
	mapping m = {0};
	pb_lane_object o = object_of(1, ".bin", bytes, N);
	begin_large(&m);
	put_pieces(&m, &o);
	put_head(&m, "spread", &o);
	found(&m, "spread", 1);
	/* The same through the area, as a tracker puts it: the worker's own copy is in the file, too. */
	memcpy(bytes, "GOOD", 4);
	o = object_of(1, ".bin", bytes, N);
	put(&m, 1, "area", bytes, N);
	role_expect(&m.r, PB_MSG_RECORD, 1);
	put_text(&m, 1, "small", "BAD as well");
	found(&m, "small", 1);
	memcpy(bytes, "BAD\0", 4);
	closes(&m);
	assert_true(on_disk() < N / 2); /* given back */
	end_large(&m);
}

static void lies_and_gaps_are_limits(void **state)
{
	(void)state;
	mapping m = {0};
	pb_lane_object o = object_of(1, ".bin", bytes, N);
	begin_large(&m);
	put_head(&m, "nothing came", &o);
	limit_says(&m, 1, "nothing came", "pieces of it are missing");
	put_pieces(&m, &o);
	pb_lane_object other = o;
	memset(other.sha256, 'a', 64);
	put_head(&m, "another", &other);
	limit_says(&m, 1, "another", "another object's digest");
	pb_lane_object part = o;
	part.bytes.size = N / 2;
	put_pieces(&m, &part); /* what was there before is no part of it */
	put_head(&m, "half", &o);
	limit_says(&m, 1, "half", "another object's digest");
	note(&m, 1, PB_MSG_PIECE, "short");
	limit_says(&m, 1, NULL, "malformed");
	put_text(&m, 1, "after", "bytes");
	found(&m, "after", 0);
	closes(&m);
	end_large(&m);
}

static void without_a_file_it_is_a_limit(void **state)
{
	(void)state;
	mapping m = {0};
	pb_lane_object o = object_of(1, ".bin", bytes, N);
	begin(&m);
	start_with(&m, -1);
	put_pieces(&m, &o);
	put_head(&m, "spread", &o);
	limit_says(&m, 1, "spread", "no temporary folder");
	if (!PB_BOX_SANITIZED) { /* one that lies in the area is copied into memory then, of which there is not enough */
		put(&m, 1, "area", bytes, N);
		limit_says(&m, 1, "area", "memory ran out");
	}
	closes(&m);
	end(&m);
}

/* It has said that the last piece is done, but may not have marked it yet. */
static void kill_idle(mapping *m)
{
	uint64_t number;
	uint32_t where;
	bool idle = false;
	for (int i = 0; i < 20000 && !idle; i++) {
		nanosleep(&(struct timespec){0, 1000000}, NULL);
		pb_lane_watch(m->watch, &number, &where, &idle);
	}
	assert_true(idle);
	role_kill(&m->r);
}

static void the_next_worker_goes_on(void **state)
{
	(void)state;
	mapping m = {0};
	pb_lane_object o = object_of(1, ".bin", bytes, N);
	pb_lane_object half = o;
	begin_large(&m);
	half.bytes.size = N / 3;
	put_pieces(&m, &half);
	kill_idle(&m);
	start_with(&m, scratch);
	char *text = malloc(PB_LANE_TEXT);
	for (uint64_t at = N / 3; at < N; at += PB_LANE_TEXT / 2) { /* the pieces need not be of one size */
		size_t n = N - at < PB_LANE_TEXT / 2 ? (size_t)(N - at) : PB_LANE_TEXT / 2;
		memcpy(text, &at, 8);
		memcpy(text + 8, bytes + at, n);
		assert_int_equal(pb_lane_note(m.front, 1, PB_MSG_PIECE, text, 8 + n), 0);
		role_expect(&m.r, PB_MSG_PIECE, 1);
	}
	free(text);
	kill_idle(&m);
	put_head(&m, "spread", &o);
	start_with(&m, scratch);
	found(&m, "spread", 1);
	closes(&m);
	end_large(&m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(it_is_mapped_as_any_object),
	    cmocka_unit_test(lies_and_gaps_are_limits),
	    cmocka_unit_test(without_a_file_it_is_a_limit),
	    cmocka_unit_test(the_next_worker_goes_on),
	};
	return cmocka_run_group_tests(tests, make_bytes, free_bytes);
}
