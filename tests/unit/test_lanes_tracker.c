/* Trackers under supervision: they get streams, and whatever becomes of one, the next takes its place. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lanes_case.h"

static void hand_over(lanes_case *c, size_t lane, uint32_t stream, int expected)
{
	int pair[2];
	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair), 0);
	assert_int_equal(pb_lanes_stream(c->lanes, lane, stream, pair[0], pair[1], NULL), expected);
	close(pair[0]);
	close(pair[1]);
}

static void turns(lanes_case *c, int n)
{
	bool busy;
	for (int i = 0; i < n; i++) {
		(void)pb_loop_turn(c->loop, 20, NULL);
		assert_int_equal(pb_lanes_tick(c->lanes, &busy), 0);
	}
}

static bool has(const lanes_case *c, const char *line)
{
	return memmem(c->log.data, c->log.size, line, strlen(line)) != NULL;
}

/* The last one to die is told of a little later: nothing of it stays. */
static void expect_fds(lanes_case *c, size_t n)
{
	int64_t end = pb_now_ms() + 20000;
	while (fds_of(getpid()) != n && pb_now_ms() < end)
		turns(c, 1);
	assert_int_equal(fds_of(getpid()), n);
}

static void trackers_get_streams(void **state)
{
	lanes_case c;
	(void)state;
	lc_start(&c, "tracker", 2, true);
	hand_over(&c, 0, 1, 0);
	hand_over(&c, 1, 2, 0);
	turns(&c, 20);
	assert_true(has(&c, "0 packet stream 1 with a descriptor\n") && has(&c, "0 1 stream 1\n"));
	assert_true(has(&c, "1 packet stream 2 with a descriptor\n") && has(&c, "1 2 stream 2\n"));
	/* Its last words are heard before its end. */
	size_t here = fds_of(getpid());
	c.log.size = 0;
	hand_over(&c, 0, 3, 0);
	turns(&c, 20);
	assert_true(has(&c, "0 packet stream 3 with a descriptor\n") && has(&c, "0 3 stream 3\n"));
	assert_true(has(&c, "0 0 lost: tracker died: status 5\n"));
	c.log.size = 0;
	hand_over(&c, 0, 4, 0);
	turns(&c, 20);
	assert_true(has(&c, "0 4 stream 4\n"));
	expect_fds(&c, here);
	lc_end(&c);
}

/* Turns until the log says so. */
static void until(lanes_case *c, const char *line)
{
	int64_t end = pb_now_ms() + 20000;
	while (!has(c, line) && pb_now_ms() < end)
		turns(c, 1);
	if (!has(c, line))
		fail_msg("\"%s\" does not come: %.*s", line, (int)c->log.size, (const char *)c->log.data);
}

static void a_tracker_that_hangs_is_replaced(void **state)
{
	lanes_case c;
	(void)state;
	lc_start(&c, "tracker", 2, true);
	hand_over(&c, 1, 1, 0);
	hand_over(&c, 0, STOPPING_STREAM, 0);
	int64_t from = pb_now_ms();
	until(&c, "0 0 lost: tracker hung: no sign of life for 1 s\n");
	assert_in_range(pb_now_ms() - from, 1000, 3000);
	hand_over(&c, 0, 4, 0);
	until(&c, "0 4 stream 4\n");
	/* Nothing to follow is no hanging. */
	turns(&c, 100);
	assert_false(has(&c, "1 0 lost"));
	hand_over(&c, 1, 5, 0);
	until(&c, "1 5 stream 5\n");
	lc_end(&c);
}

/* Its worker takes a second for each of four entries: whoever puts a fifth on a full lane waits as long. */
static void a_tracker_that_waits_for_its_worker_is_none(void **state)
{
	lanes_case c;
	(void)state;
	lc_start(&c, "tracker", 1, true);
	hand_over(&c, 0, WORKING_STREAM, 0);
	hand_over(&c, 0, 6, 0);
	until(&c, "0 6 stream 6\n");
	assert_false(has(&c, "lost"));
	assert_int_equal(pb_lanes_deaths(c.lanes), 4);
	lc_end(&c);
}

/* The whole service was stopped, its trackers with it. */
static void time_in_which_nobody_looked_makes_no_tracker_hang(void **state)
{
	lanes_case c;
	bool busy;
	(void)state;
	lc_start(&c, "tracker", 1, true);
	hand_over(&c, 0, STOPPING_STREAM, 0);
	until(&c, "0 50 stream 50\n");
	usleep(4500000);
	assert_int_equal(pb_lanes_tick(c.lanes, &busy), 0);
	(void)pb_loop_turn(c.loop, 200, NULL);
	assert_int_equal(pb_lanes_tick(c.lanes, &busy), 0);
	assert_false(has(&c, "lost"));
	until(&c, "0 0 lost: tracker hung: no sign of life for 1 s\n");
	lc_end(&c);
}

/* The lane is given up with both who used it; whoever comes next gets a fresh one. */
static void a_tracker_that_breaks_its_lane(void **state)
{
	lanes_case c;
	(void)state;
	lc_start(&c, "tracker", 1, true);
	hand_over(&c, 0, 1, 0);
	until(&c, "0 1 stream 1\n");
	size_t here = fds_of(getpid());
	for (uint32_t i = 0; i < 3; i++) {
		hand_over(&c, 0, LYING_STREAM, 0);
		until(&c, "0 0 lost: broke the memory that it shares with its worker\n");
		c.log.size = 0;
		hand_over(&c, 0, 60 + i, 0);
		char line[40];
		snprintf(line, sizeof line, "0 %u stream %u\n", 60 + (unsigned)i, 60 + (unsigned)i);
		until(&c, line);
	}
	expect_fds(&c, here);
	assert_int_equal(atomic_load(&shared->started), 4); /* workers: one for each lane memory */
	lc_end(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(trackers_get_streams),
		cmocka_unit_test(a_tracker_that_hangs_is_replaced),
		cmocka_unit_test(a_tracker_that_waits_for_its_worker_is_none),
		cmocka_unit_test(time_in_which_nobody_looked_makes_no_tracker_hang),
		cmocka_unit_test(a_tracker_that_breaks_its_lane),
	};
	shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
