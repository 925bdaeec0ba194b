/* Lanes under supervision: whatever a front or a worker does, it costs what it was at, by name, and the rest goes on. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lanes_case.h"

static void everything_comes_in_order(void **state)
{
	lanes_case c;
	(void)state;
	lc_start(&c, "reader", 3, false);
	assert_int_equal(pb_lanes_size(c.lanes), 3);
	assert_int_equal(pb_lanes_idle(c.lanes), 0);
	lc_job(&c, 0, 1, "a;b;c");
	assert_int_equal(pb_lanes_idle(c.lanes), 1);
	assert_int_equal(lc_run(&c), 0);
	lc_expect(&c, "0 1 a\n0 1 b\n0 1 c\n0 1 end\n");
	lc_gives(&c, 2, "d", "0 2 d\n0 2 end\n");
	for (uint32_t i = 0; i < 3; i++)
		lc_job(&c, i, 10 + i, "x;front wait;y");
	assert_int_equal(pb_lanes_idle(c.lanes), SIZE_MAX);
	assert_int_equal(lc_run(&c), 0);
	pb_buf_add(&c.log, "", 1);
	for (uint32_t i = 0; i < 3; i++) {
		char line[40];
		snprintf(line, sizeof line, "%u %u end\n", (unsigned)i, (unsigned)(10 + i));
		assert_non_null(strstr((const char *)c.log.data, line));
	}
	assert_int_equal(pb_lanes_deaths(c.lanes), 0);
	assert_int_equal(atomic_load(&shared->started), 3); /* a worker a lane, kept */
	lc_end(&c);
}

static void a_death_costs_its_entry(void **state)
{
	lanes_case c;
	(void)state;
	lc_start(&c, "reader", 1, false);
	lc_gives(&c, 1, "a;crash;b",
	         "0 1 a\n0 1 worker died: signal 6 (Aborted) while reading its structure\n0 1 b\n0 1 end\n");
	lc_gives(&c, 2, "quit;a", "0 2 worker died: status 7\n0 2 a\n0 2 end\n");
	lc_gives(&c, 3, "crash;crash", "0 3 worker died: signal 6 (Aborted) while reading its structure\n"
	                               "0 3 worker died: signal 6 (Aborted) while reading its structure\n0 3 end\n");
	assert_int_equal(pb_lanes_deaths(c.lanes), 4);
	lc_end(&c);
}

static void hanging_costs_the_budget(void **state)
{
	lanes_case c;
	(void)state;
	lc_start(&c, "reader", 1, false);
	int64_t from = pb_now_ms();
	lc_gives(&c, 1, "a;hang;b", "0 1 a\n0 1 took longer than 1 s while looking for patterns\n0 1 b\n0 1 end\n");
	int64_t took = pb_now_ms() - from;
	if (took < 1000 || took > 2500)
		fail_msg("%d ms", (int)took);
	lc_end(&c);
}

static void a_check_is_blamed_by_name(void **state)
{
	lanes_case c;
	(void)state;
	lc_start(&c, "reader", 1, false);
	lc_gives(&c, 1, "check1 crash;check1 ok;check2 hang",
	         "0 1 check 1: worker died: signal 6 (Aborted)\n0 1 check1 ok\n0 1 check 2: took longer than 1 s\n0 1 end\n");
	lc_gives(&c, 2, "check7 crash", "0 2 worker died: signal 6 (Aborted)\n0 2 end\n"); /* there is no such check */
	lc_end(&c);
}

static const char one_death[] = "worker died: signal 6 (Aborted)";
static const char third_death[] = "set aside after it ended 3 workers: worker died: signal 6 (Aborted)";

static void after_three_deaths_it_is_set_aside(void **state)
{
	char want[1000];
	lanes_case c;
	(void)state;
	lc_start(&c, "reader", 1, false);
	snprintf(want, sizeof want, "0 1 check 0: %s\n0 1 check 0: %s\n0 1 check 0: %s\n0 1 check 0: %s\n0 1 check1 ok\n0 1 end\n", one_death,
	         one_death, one_death, third_death);
	lc_gives(&c, 1, "check0 crash;check0 crash 2;check0 crash 3;check0 ok;check1 ok", want);
	assert_int_equal(pb_lanes_deaths(c.lanes), 3);
	/* Another file of the same product. */
	snprintf(want, sizeof want, "0 2 check 0: %s\n0 2 end\n", third_death);
	lc_gives(&c, 2, "check0 ok", want);
	/* The next product. */
	pb_lanes_fresh(c.lanes);
	snprintf(want, sizeof want, "0 3 check0 ok\n0 3 check 0: %s\n0 3 end\n", one_death);
	lc_gives(&c, 3, "check0 ok;check0 crash", want);
	lc_end(&c);
}

/* Whoever was started before is told as well, without losing what it is at. */
static void other_lanes_are_told(void **state)
{
	char want[1000];
	lanes_case c;
	(void)state;
	lc_start(&c, "reader", 2, false);
	lc_job(&c, 1, 1, "x");
	assert_int_equal(lc_run(&c), 0);
	lc_expect(&c, "1 1 x\n1 1 end\n");
	lc_job(&c, 0, 2, "check0 crash;check0 crash;check0 crash");
	assert_int_equal(lc_run(&c), 0);
	c.log.size = 0;
	lc_job(&c, 1, 3, "check0 crash");
	assert_int_equal(lc_run(&c), 0);
	snprintf(want, sizeof want, "1 3 check 0: %s\n1 3 end\n", third_death);
	lc_expect(&c, want);
	assert_int_equal(pb_lanes_deaths(c.lanes), 3);
	lc_end(&c);
}

static void each_tag_may_be_an_assessment(void **state)
{
	char want[1000];
	lanes_case c;
	(void)state;
	lc_start(&c, "reader", 1, true);
	for (uint32_t tag = 5; tag < 7; tag++) {
		snprintf(want, sizeof want, "0 %u check 0: %s\n0 %u check 0: %s\n0 %u check 0: %s\n0 %u check 0: %s\n0 %u end\n", (unsigned)tag,
		         one_death, (unsigned)tag, one_death, (unsigned)tag, one_death, (unsigned)tag, third_death, (unsigned)tag);
		lc_gives(&c, tag, "check0 crash;check0 crash;check0 crash;check0 ok", want);
	}
	lc_gives(&c, 7, "check0 ok", "0 7 check0 ok\n0 7 end\n");
	lc_end(&c);
}

static void an_entry_that_ends_everyone_is_given_up(void **state)
{
	lanes_case c;
	(void)state;
	lc_start(&c, "reader", 1, false);
	lc_gives(&c, 1, "check0 kill;ok", "0 1 check 0: worker died: signal 9 (Killed)\n0 1 ok\n0 1 end\n");
	lc_end(&c);
}

/* A kernel short of memory kills whom it likes. */
static void killed_from_outside_it_is_tried_again(void **state)
{
	lanes_case c;
	(void)state;
	lc_start(&c, "reader", 1, false);
	lc_gives(&c, 1, "kill once;check1 ok", "0 1 kill once\n0 1 check1 ok\n0 1 end\n");
	lc_gives(&c, 2, "kill;ok", "0 2 worker died: signal 9 (Killed)\n0 2 ok\n0 2 end\n");
	assert_int_equal(pb_lanes_deaths(c.lanes), 3);
	lc_end(&c);
}

static void what_a_worker_says(void **state)
{
	lanes_case c;
	(void)state;
	lc_start(&c, "reader", 1, false);
	lc_gives(&c, 1, "a;half;b", "0 1 a\n0 1 took longer than 1 s\n0 1 b\n0 1 end\n");
	lc_gives(&c, 2, "a;nonsense;b", "0 2 a\n0 2 its worker sent nonsense\n0 2 b\n0 2 end\n");
	lc_gives(&c, 3, "a;late;b", "0 3 a\n0 3 late\n0 3 b\n0 3 end\n"); /* said once, and taken once */
	lc_gives(&c, 4, "a;slow;b", "0 4 a\n0 4 xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n0 4 b\n0 4 end\n");
	lc_gives(&c, 5, "a;close;b", "0 5 a\n0 5 worker died: signal 9 (Killed)\n0 5 b\n0 5 end\n");
	/* Who says more, or less, than it was asked cannot be followed any more: that costs the job. */
	lc_gives(&c, 6, "a;flood;b", "0 6 a\n0 6 flood\n0 6 lost: its worker sent more than it was asked\n");
	lc_gives(&c, 7, "a;mute", "0 7 a\n0 7 lost: its worker kept messages back\n");
	lc_gives(&c, 9, "a;mute;b", "0 9 a\n0 9 lost: its worker kept messages back\n");
	lc_gives(&c, 8, "a", "0 8 a\n0 8 end\n");
	lc_end(&c);
}

static void a_front_costs_its_job(void **state)
{
	lanes_case c;
	(void)state;
	lc_start(&c, "reader", 1, false);
	lc_gives(&c, 1, "a;b;front crash", "0 1 a\n0 1 b\n0 1 lost: reader died: signal 6 (Aborted)\n");
	lc_gives(&c, 2, "a;front hang", "0 2 a\n0 2 lost: took longer than 3 s\n");
	lc_gives(&c, 3, "a;front wait;front lie", "0 3 a\n0 3 lost: broke the memory that it shares with its worker\n");
	lc_gives(&c, 4, "hang;front crash", "0 4 took longer than 1 s while looking for patterns\n0 4 lost: reader died: signal 6 (Aborted)\n");
	lc_gives(&c, 5, "a", "0 5 a\n0 5 end\n");
	lc_end(&c);
}

static void workers_that_cannot_begin(void **state)
{
	lanes_case c;
	(void)state;
	lc_start(&c, "reader", 1, false);
	atomic_store(&shared->stillborn, 1);
	lc_job(&c, 0, 1, "a");
	assert_int_equal(lc_run(&c), PB_EIO);
	assert_string_equal(pb_lanes_error(c.lanes)->text, "worker processes end as soon as they are started: no memory at all");
	assert_in_range(atomic_load(&shared->started), 3, 10);
	lc_end(&c);
}

/* Killed while they have nothing to do, they are simply missed when there is something. */
static void idle_deaths_do_not_count(void **state)
{
	lanes_case c;
	(void)state;
	lc_start(&c, "reader", 1, false);
	for (uint32_t i = 1; i < 20; i++) {
		char want[40];
		snprintf(want, sizeof want, "0 %u a\n0 %u end\n", (unsigned)i, (unsigned)i);
		lc_gives(&c, i, "a", want);
		/* its number: one a worker so far, as none was lost otherwise */
		pb_template_kill(c.workers, i);
		pb_template_kill(c.fronts, i);
		for (int k = 0; k < 5; k++) {
			bool busy;
			(void)pb_loop_turn(c.loop, 20, NULL);
			assert_int_equal(pb_lanes_tick(c.lanes, &busy), 0);
		}
		lc_expect(&c, "");
	}
	lc_end(&c);
}

static void a_thousand_deaths(void **state)
{
	static char many[20000];
	lanes_case c;
	(void)state;
	lc_start(&c, "reader", 2, false);
	lc_gives(&c, 1, "a;crash", "0 1 a\n0 1 worker died: signal 6 (Aborted) while reading its structure\n0 1 end\n");
	lc_turn(&c, 300);
	size_t here = fds_of(getpid()), there = fds_of(pb_template_pid(c.workers)), fronts = fds_of(pb_template_pid(c.fronts));
	for (int i = 0; i < 200; i++)
		strcat(many, i % 10 == 9 ? "check0 late;" : "crash;");
	strcat(many, "front crash");
	for (uint32_t i = 0; i < 5; i++) {
		lc_job(&c, 0, 10 + i, many);
		assert_int_equal(lc_run(&c), 0);
	}
	assert_int_equal(pb_lanes_deaths(c.lanes), 1001);
	lc_job(&c, 0, 20, "a");
	assert_int_equal(lc_run(&c), 0);
	lc_has_fds(&c, getpid(), here);
	lc_has_fds(&c, pb_template_pid(c.workers), there);
	lc_has_fds(&c, pb_template_pid(c.fronts), fronts);
	lc_end(&c);
}

/* A code ends the turn, as it says; what came along with that message is not lost. */
static void a_code_of_a_callback(void **state)
{
	lanes_case c;
	pb_error err = {0};
	bool busy = true;
	int codes = 0;
	(void)state;
	lc_start(&c, "reader", 1, false);
	c.code = PB_ELIMIT;
	lc_job(&c, 0, 1, "a;b;c;crash");
	while (busy) {
		codes += pb_loop_turn(c.loop, 20, &err) == PB_ELIMIT;
		assert_int_equal(pb_lanes_tick(c.lanes, &busy), 0);
	}
	assert_int_equal(codes, 1);
	lc_expect(&c, "0 1 a\n0 1 b\n0 1 c\n0 1 worker died: signal 6 (Aborted) while reading its structure\n0 1 end\n");
	lc_end(&c);
}

/* While the keeper is stopped (or its disk is) nobody's time runs. */
static void time_in_which_nobody_looked_does_not_count(void **state)
{
	static char text[900000];
	lanes_case c;
	(void)state;
	lc_start(&c, "reader", 1, false);
	memset(text, 'x', sizeof text - 1);
	lc_job(&c, 0, 1, text); /* more than a socket takes: the worker waits for us */
	for (int i = 0; i < 3; i++) {
		bool busy;
		(void)pb_loop_turn(c.loop, 5, NULL);
		assert_int_equal(pb_lanes_tick(c.lanes, &busy), 0);
	}
	usleep(4500000); /* longer than an object and a job may take */
	assert_int_equal(lc_run(&c), 0);
	assert_int_equal(pb_lanes_deaths(c.lanes), 0);
	pb_buf_add(&c.log, "", 1);
	assert_non_null(strstr((const char *)c.log.data, "0 1 end\n"));
	lc_end(&c);
}

static void templates_that_are_gone(void **state)
{
	(void)state;
	for (int which = 0; which < 2; which++) {
		lanes_case c;
		json_t *job = json_pack("{s:[s]}", "entries", "a");
		lc_start(&c, "reader", 1, false);
		if (which) /* it has worked before */
			lc_gives(&c, 1, "a", "0 1 a\n0 1 end\n");
		kill(pb_template_pid(c.fronts), SIGKILL);
		usleep(50000);
		/* No error of the job: that is told where it is heard. */
		(void)pb_lanes_job(c.lanes, 0, 2, job, -1, NULL);
		assert_int_equal(lc_run(&c), 0);
		assert_int_equal(c.broken, 1);
		json_decref(job);
		lc_end(&c);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(everything_comes_in_order),
		cmocka_unit_test(a_death_costs_its_entry),
		cmocka_unit_test(hanging_costs_the_budget),
		cmocka_unit_test(a_check_is_blamed_by_name),
		cmocka_unit_test(after_three_deaths_it_is_set_aside),
		cmocka_unit_test(other_lanes_are_told),
		cmocka_unit_test(each_tag_may_be_an_assessment),
		cmocka_unit_test(an_entry_that_ends_everyone_is_given_up),
		cmocka_unit_test(killed_from_outside_it_is_tried_again),
		cmocka_unit_test(what_a_worker_says),
		cmocka_unit_test(a_front_costs_its_job),
		cmocka_unit_test(workers_that_cannot_begin),
		cmocka_unit_test(idle_deaths_do_not_count),
		cmocka_unit_test(a_thousand_deaths),
		cmocka_unit_test(a_code_of_a_callback),
		cmocka_unit_test(time_in_which_nobody_looked_does_not_count),
		cmocka_unit_test(templates_that_are_gone),
	};
	shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
