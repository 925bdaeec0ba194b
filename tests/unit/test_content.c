/* The bytes of a member while it is unpacked: in memory, in a file, with holes, and where there is no room. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "scratch.h"

#include "base/error.h"
#include "base/scratch.h"
#include "object/content.h"

enum { BLOCK = 1 << 20, MANY = PB_CONTENT_MEMORY / BLOCK + 3 };

static int files;

static int new_file(void *user)
{
	(void)user;
	files++;
	return pb_scratch_file(scratch_dir);
}

static int no_file(void *user)
{
	(void)user;
	return -1;
}

static uint8_t block[BLOCK];

static int add(pb_content *c, uint64_t at, size_t n, int byte)
{
	memset(block, byte, n);
	return pb_content_add(c, (pb_bytes){block, n}, at);
}

static void is_at(pb_bytes b, size_t at, int byte)
{
	assert_true(at < b.size);
	assert_int_equal(b.data[at], byte);
}

static void few_stay_in_memory(void **state)
{
	(void)state;
	pb_content c = {.file = new_file};
	pb_bytes b;

	files = 0;
	assert_int_equal(pb_content_bytes(&c, &b), 0);
	assert_true(b.size == 0 && b.data == NULL);
	assert_int_equal(add(&c, 0, 10, 'a'), 0);
	assert_int_equal(add(&c, 70000, 5, 'b'), 0); /* behind a hole */
	assert_int_equal(pb_content_bytes(&c, &b), 0);
	assert_true(b.size == 70005 && !c.filed && files == 0);
	is_at(b, 9, 'a');
	is_at(b, 10, 0);
	is_at(b, 69999, 0);
	is_at(b, 70000, 'b');
	pb_content_clear(&c);
	assert_int_equal(pb_content_bytes(&c, &b), 0);
	assert_true(b.size == 0);
	assert_int_equal(add(&c, 3, 1, 'c'), 0); /* nothing is left of the one before */
	assert_int_equal(pb_content_bytes(&c, &b), 0);
	is_at(b, 0, 0);
	pb_content_free(&c);
}

static void many_go_into_a_file(void **state)
{
	(void)state;
	pb_content c = {.file = new_file};
	pb_bytes b;

	files = 0;
	for (int i = 0; i < MANY; i++)
		assert_int_equal(add(&c, (uint64_t)i * BLOCK, BLOCK, i + 1), 0);
	assert_int_equal(files, 1);
	assert_true(c.memory.cap == 0); /* not in memory, too */
	assert_int_equal(add(&c, (uint64_t)(MANY + 9) * BLOCK, 1, 'x'), 0);
	assert_int_equal(pb_content_bytes(&c, &b), 0);
	assert_true(b.size == (size_t)(MANY + 9) * BLOCK + 1);
	for (int i = 0; i < MANY; i++) {
		is_at(b, (size_t)i * BLOCK, i + 1);
		is_at(b, (size_t)i * BLOCK + BLOCK - 1, i + 1);
	}
	is_at(b, (size_t)MANY * BLOCK, 0);
	is_at(b, b.size - 1, 'x');
	pb_content_clear(&c);
	assert_int_equal(add(&c, 0, 4, 'y'), 0); /* in memory again */
	assert_int_equal(pb_content_bytes(&c, &b), 0);
	assert_true(b.size == 4 && !c.filed);
	is_at(b, 3, 'y');
	pb_content_free(&c);
}

/* As libarchive tells of a sparse file that ends in one. */
static void it_may_end_in_a_hole(void **state)
{
	(void)state;
	pb_content c = {.file = new_file};
	pb_bytes b;
	uint64_t end = (uint64_t)PB_CONTENT_MEMORY * 3;

	assert_int_equal(add(&c, 0, 1, 'a'), 0);
	assert_int_equal(pb_content_add(&c, (pb_bytes){NULL, 0}, end), 0);
	assert_int_equal(pb_content_bytes(&c, &b), 0);
	assert_true(b.size == end);
	is_at(b, 0, 'a');
	is_at(b, end - 1, 0);
	pb_content_free(&c);
}

static void no_room_is_told(void **state)
{
	(void)state;
	pb_content c = {.file = no_file};
	pb_content full = {.file = new_file};

	assert_int_equal(add(&c, 0, BLOCK, 'a'), 0);
	assert_int_equal(add(&c, PB_CONTENT_MEMORY, 1, 'b'), PB_EIO);
	pb_content_clear(&c);
	assert_int_equal(add(&c, 0, BLOCK, 'a'), 0); /* the next one fits */
	pb_content_free(&c);

	assert_int_equal(add(&full, PB_CONTENT_MEMORY, 1, 'b'), 0);
	int closed = full.fd; /* stands for a disk that fails */
	full.fd = -1;
	assert_int_equal(add(&full, PB_CONTENT_MEMORY + 1, 1, 'c'), PB_EIO);
	full.fd = closed;
	pb_content_free(&full);
}

static void without_files_all_is_in_memory(void **state)
{
	(void)state;
	pb_content c = {0};
	pb_bytes b;

	assert_int_equal(add(&c, PB_CONTENT_MEMORY, BLOCK, 'z'), 0);
	assert_int_equal(pb_content_bytes(&c, &b), 0);
	assert_true(b.size == PB_CONTENT_MEMORY + BLOCK && !c.filed);
	is_at(b, b.size - 1, 'z');
	pb_content_free(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(few_stay_in_memory),
	    cmocka_unit_test(many_go_into_a_file),
	    cmocka_unit_test(it_may_end_in_a_hole),
	    cmocka_unit_test(no_room_is_told),
	    cmocka_unit_test(without_files_all_is_in_memory),
	};
	return cmocka_run_group_tests(tests, scratch_begin, scratch_end);
}
