/* Templates that are told to end while somebody else has more to do than to wait for it. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "keeper/loop.h"
#include "keeper/template.h"

static int stay(void *user, const pb_role_args *a)
{
	(void)user;
	(void)a;
	while (pause() < 0)
		;
	return 0;
}

static int open_quickly(void *user, void **state, json_t **about, pb_error *err)
{
	(void)user;
	(void)state;
	(void)about;
	(void)err;
	return 0;
}

static int open_for_ever(void *user, void **state, json_t **about, pb_error *err)
{
	(void)state;
	(void)about;
	(void)err;
	return stay(user, NULL);
}

static void died(void *user, uint32_t process, int status)
{
	(void)user;
	(void)process;
	(void)status;
	fail_msg("nobody hears of it any more");
}

static const pb_role roles[] = {{"stay", stay}};
static const pb_template_spec quick = {.name = "quick", .open = open_quickly, .roles = roles, .n_roles = 1};
static const pb_template_spec endless = {.name = "endless", .open = open_for_ever, .roles = roles, .n_roles = 1};

static pb_template *start(const pb_template_spec *spec)
{
	pb_template *t = NULL;
	pb_error err = {0};
	assert_int_equal(pb_template_start(spec, &t, &err), 0);
	if (spec == &quick)
		assert_int_equal(pb_template_ready(t, &err), 0);
	return t;
}

/* How long it takes until it has ended, in milliseconds; no call waits. */
static int64_t ends(pb_template *t)
{
	int64_t from = pb_now_ms(), longest = 0, began;
	bool ended = false;
	pb_template_dismiss(t);
	pb_template_dismiss(t); /* once more does no harm */
	while (!ended && pb_now_ms() - from < 60000) {
		began = pb_now_ms();
		ended = pb_template_ended(t);
		longest = pb_now_ms() - began > longest ? pb_now_ms() - began : longest;
		usleep(5000);
	}
	assert_true(ended);
	assert_true(pb_template_ended(t));
	if (longest > 1000)
		fail_msg("it waited %d ms", (int)longest);
	return pb_now_ms() - from;
}

static void with_its_processes(void **state)
{
	pb_template *t = start(&quick);
	uint32_t process;
	pb_error err = {0};
	(void)state;
	for (int i = 0; i < 5; i++)
		assert_int_equal(pb_template_spawn(t, "stay", NULL, 0, NULL, died, NULL, &process, &err), 0);
	pid_t pid = pb_template_pid(t);
	assert_true(ends(t) < 4000);
	assert_int_not_equal(kill(pid, 0), 0);
	pb_template_stop(t);
}

static void one_that_hangs(void **state)
{
	pb_template *t = start(&quick);
	(void)state;
	kill(pb_template_pid(t), SIGSTOP);
	assert_true(ends(t) >= 5000); /* the time that it has to end by itself */
	pb_template_stop(t);
}

static void one_that_still_opens(void **state)
{
	pb_template *t = start(&endless);
	(void)state;
	assert_true(ends(t) < 4000);
	pb_template_stop(t);
}

static void stopped_at_once_all_the_same(void **state)
{
	pb_template *t = start(&quick);
	(void)state;
	pb_template_dismiss(t);
	pb_template_stop(t);
	pb_template_dismiss(NULL);
	assert_true(pb_template_ended(NULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(with_its_processes),
		cmocka_unit_test(one_that_hangs),
		cmocka_unit_test(one_that_still_opens),
		cmocka_unit_test(stopped_at_once_all_the_same),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
