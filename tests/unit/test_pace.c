/* How long has a process been at something: asleep, running, and beside others on a busy processor. Real processes. */
#include <fcntl.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "keeper/loop.h"
#include "keeper/pace.h"

static void sleep_on(void)
{
	for (;;)
		pause();
}

static void spin(void)
{
	for (;;)
		;
}

/* On processor 0 with the others, and behind them where it is idle. */
static pid_t start(void (*what)(void), bool idle)
{
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid > 0)
		return pid;
	cpu_set_t first;
	CPU_ZERO(&first);
	CPU_SET(0, &first);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	(void)sched_setaffinity(0, sizeof first, &first);
	if (idle)
		(void)sched_setscheduler(0, SCHED_IDLE, &(struct sched_param){0});
	what();
	_exit(0);
}

static void end(pid_t pid)
{
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

static int folder_of(pid_t pid)
{
	char path[40];
	snprintf(path, sizeof path, "/proc/%ld", (long)pid);
	return open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
}

/* After how many milliseconds a second is over for it; `most` where it is not by then. */
static int64_t second_of(int folder, int64_t most)
{
	pb_pace p;
	int64_t from = pb_now_ms(), now = from;
	pb_pace_begin(&p, from);
	while (now - from < most && !pb_pace_over(&p, folder, 1, now)) {
		usleep(20000);
		now = pb_now_ms();
	}
	return now - from;
}

static void whoever_sleeps_uses_up_his_time(void **state)
{
	(void)state;
	pid_t pid = start(sleep_on, false);
	int folder = folder_of(pid);
	assert_true(folder >= 0);
	assert_in_range(second_of(folder, 5000), 1000, 1500);
	end(pid);
	/* It has gone: the clock on the wall. */
	assert_in_range(second_of(folder, 5000), 1000, 1500);
	close(folder);
	assert_in_range(second_of(-1, 5000), 1000, 1500);
}

static void whoever_runs_uses_up_his_time(void **state)
{
	(void)state;
	pid_t pid = start(spin, false);
	int folder = folder_of(pid);
	int64_t took = second_of(folder, 12000);
	if (took < 1000 || took > 1100 * PB_PACE_MOST) /* others may be on that processor */
		fail_msg("%lld ms", (long long)took);
	close(folder);
	end(pid);
}

static void whoever_waits_for_a_processor_does_not(void **state)
{
	(void)state;
	pid_t hog = start(spin, false), starved = start(spin, true);
	int folder = folder_of(starved);
	usleep(100000);
	if (access("/proc/self/schedstat", R_OK) == 0)
		assert_int_equal(second_of(folder, 2500) >= 2500, 1);
	/* Its turn has to come some day. */
	int64_t now = pb_now_ms();
	pb_pace p = {.since = now - 1000 * PB_PACE_MOST - 1, .looked = true};
	assert_true(pb_pace_over(&p, folder, 1, now));
	close(folder);
	end(hog);
	end(starved);
}

static void nothing_takes_no_time(void **state)
{
	(void)state;
	pb_pace p = {0};
	assert_false(pb_pace_over(&p, -1, 1, 1000000));
	pb_pace_begin(&p, 5000);
	assert_false(pb_pace_over(&p, -1, 1, 5000));
	assert_false(pb_pace_over(&p, -1, 1, 6000));
	assert_true(pb_pace_over(&p, -1, 1, 6001));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whoever_sleeps_uses_up_his_time),
		cmocka_unit_test(whoever_runs_uses_up_his_time),
		cmocka_unit_test(whoever_waits_for_a_processor_does_not),
		cmocka_unit_test(nothing_takes_no_time),
	};
	alarm(100);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
