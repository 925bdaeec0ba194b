/* Templates: processes that are forked on demand, and everything that may go wrong with them. Real forks. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "fds_case.h"
#include "keeper/loop.h"
#include "keeper/template.h"

static _Atomic int *buried; /* shared with the template */

/* Says its arguments, what the template said, and how many descriptors it has. */
static int tell(void *state, const pb_role_args *a)
{
	char line[500];
	int n = snprintf(line, sizeof line, "%s %s %s %zu", (const char *)state, pb_json_str(a->args, "word", "-"),
	                 pb_json_str(a->about, "name", "-"), fds_of(getpid()) - 1 /* the folder itself */);
	return write(a->fd[0], line, (size_t)n) == n && a->fd[3] == -1 ? 0 : 1;
}

static int leave(void *state, const pb_role_args *a)
{
	(void)state;
	return (int)pb_json_int(a->args, "with", 0);
}

static int crash(void *state, const pb_role_args *a)
{
	(void)state;
	(void)a;
	signal(SIGABRT, SIG_DFL);
	return raise(SIGABRT);
}

static int hang(void *state, const pb_role_args *a)
{
	(void)state;
	(void)a;
	while (pause() < 0)
		;
	return 0;
}

/* Says what it is called, and where it stands when processors are busy. */
static int place(void *state, const pb_role_args *a)
{
	char line[100], name[16] = "";
	(void)state;
	prctl(PR_GET_NAME, name);
	int n = snprintf(line, sizeof line, "%s nice %d policy %d session %d", name, getpriority(PRIO_PROCESS, 0), sched_getscheduler(0),
	                 getsid(0) == getpid() ? 0 : getsid(0) == getppid() ? 1 : 2);
	return write(a->fd[0], line, (size_t)n) == n ? 0 : 1;
}

static const pb_role roles[] = {{"tell", tell}, {"leave", leave}, {"crash", crash}, {"hang", hang}, {"place", place}, {"prompt", place}};

static int open_well(void *user, void **state, json_t **about, pb_error *err)
{
	(void)err;
	*state = user;
	*about = json_pack("{s:s}", "name", "me");
	return 0;
}

static int open_badly(void *user, void **state, json_t **about, pb_error *err)
{
	(void)user;
	(void)state;
	(void)about;
	return pb_fail(err, PB_EINPUT, "rules.lua:3: is no rule");
}

static int open_crash(void *user, void **state, json_t **about, pb_error *err)
{
	(void)user;
	(void)state;
	(void)about;
	(void)err;
	_exit(9);
}

static int open_hang(void *user, void **state, json_t **about, pb_error *err)
{
	(void)user;
	(void)state;
	(void)about;
	(void)err;
	return hang(NULL, NULL);
}

static void count_burial(void *state, pid_t pid)
{
	(void)state;
	if (pid > 0)
		atomic_fetch_add(buried, 1);
}

static pb_template_spec spec_of(int (*open)(void *, void **, json_t **, pb_error *))
{
	return (pb_template_spec){.name = "test", .open = open, .user = (void *)(uintptr_t)"state", .roles = roles, .n_roles = 6,
	                          .buried = count_burial};
}

static pb_template *start(void)
{
	pb_template_spec spec = spec_of(open_well);
	pb_template *t;
	pb_error err = {0};
	assert_int_equal(pb_template_start(&spec, &t, &err), 0);
	assert_int_equal(pb_template_ready(t, &err), 0);
	assert_string_equal(pb_json_str(pb_template_about(t), "name", ""), "me");
	return t;
}

typedef struct death {
	int n, status;
	uint32_t process;
} death;

static void on_died(void *user, uint32_t process, int status)
{
	death *d = user;
	d->n++;
	d->status = status;
	d->process = process;
}

static uint32_t spawn(pb_template *t, const char *role, json_t *args, const int *fds, size_t n, death *d)
{
	uint32_t process = 0;
	pb_error err = {0};
	int rc = pb_template_spawn(t, role, fds, n, args, on_died, d, &process, &err);
	json_decref(args);
	if (rc)
		fail_msg("%s", err.text);
	return process;
}

/* Hears the template until d->n deaths were told. The code of pb_template_hear. */
static int until(pb_template *t, const death *d, int n)
{
	int64_t end = pb_now_ms() + 10000;
	int rc = 0;
	while (d->n < n && !rc) {
		struct pollfd p = {.fd = pb_template_fd(t), .events = POLLIN};
		assert_true(pb_now_ms() < end);
		poll(&p, 1, 100);
		rc = pb_template_hear(t);
	}
	return rc;
}

static void roles_are_started_with_what_they_are_given(void **state)
{
	(void)state;
	pb_template *t = start();
	int pair[2];
	char got[500] = "";
	death d = {0};
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	uint32_t process = spawn(t, "tell", json_pack("{s:s}", "word", "hello"), &pair[1], 1, &d);
	assert_int_equal(process, 1);
	assert_int_equal(until(t, &d, 1), 0);
	assert_int_equal(d.process, 1);
	assert_int_equal(d.status, 0);
	assert_true(recv(pair[0], got, sizeof got - 1, MSG_DONTWAIT) > 0);
	assert_string_equal(got, "state hello me 4"); /* standard ones, and the one that it was given */
	close(pair[0]);
	close(pair[1]);
	pb_template_stop(t);
}

static void expect_place(pb_template *t, const char *role, const char *want)
{
	int pair[2];
	char got[200] = "";
	death d = {0};
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	spawn(t, role, NULL, &pair[1], 1, &d);
	assert_int_equal(until(t, &d, 1), 0);
	assert_true(recv(pair[0], got, sizeof got - 1, MSG_DONTWAIT) > 0);
	assert_string_equal(got, want);
	close(pair[0]);
	close(pair[1]);
}

/* Whatever looks at products stands back, but for whom a host waits for. Needs a test that is not nice itself. */
static void roles_have_their_place(void **state)
{
	(void)state;
	char want[100];
	int now = getpriority(PRIO_PROCESS, 0);
	for (int nice = 0; nice < 20; nice += 15) {
		pb_template_spec spec = spec_of(open_well);
		pb_template *t;
		spec.nice = nice;
		spec.prompt = "prompt";
		assert_int_equal(pb_template_start(&spec, &t, NULL), 0);
		assert_int_equal(pb_template_ready(t, NULL), 0);
		snprintf(want, sizeof want, "probity-place nice %d policy %d session %d", nice > now ? nice : now,
		         nice ? SCHED_BATCH : sched_getscheduler(0), nice ? 1 : 2);
		expect_place(t, "place", want);
		snprintf(want, sizeof want, "probity-prompt nice %d policy %d session %d", now, sched_getscheduler(0), nice ? 0 : 2);
		expect_place(t, "prompt", want);
		pb_template_stop(t);
	}
}

/* Its folder in /proc is there as long as it is, and is not that of another one. */
static void processes_can_be_looked_at(void **state)
{
	(void)state;
	pb_template *t = start();
	death d = {0};
	char name[32] = "";
	uint32_t process = spawn(t, "hang", NULL, NULL, 0, &d);
	int64_t end = pb_now_ms() + 5000;
	assert_int_equal(pb_template_proc(t, process + 1), -1);
	while (pb_template_proc(t, process) < 0) {
		assert_true(pb_now_ms() < end);
		assert_int_equal(pb_template_hear(t), 0);
	}
	usleep(50000);
	int fd = openat(pb_template_proc(t, process), "comm", O_RDONLY);
	assert_true(fd >= 0 && read(fd, name, sizeof name - 1) > 0);
	assert_string_equal(name, "probity-hang\n");
	close(fd);
	pb_template_kill(t, process);
	assert_int_equal(until(t, &d, 1), 0);
	assert_int_equal(pb_template_proc(t, process), -1);
	size_t before = fds_of(getpid());
	for (int i = 0; i < 20; i++)
		spawn(t, "leave", NULL, NULL, 0, &d);
	assert_int_equal(until(t, &d, 21), 0);
	assert_int_equal(fds_of(getpid()), before);
	pb_template_stop(t);
}

static void ends_are_told(void **state)
{
	(void)state;
	pb_template *t = start();
	death d = {0};
	char words[100];
	spawn(t, "leave", json_pack("{s:i}", "with", 7), NULL, 0, &d);
	assert_int_equal(until(t, &d, 1), 0);
	pb_status_words(d.status, words, sizeof words);
	assert_string_equal(words, "status 7");
	spawn(t, "crash", NULL, NULL, 0, &d);
	assert_int_equal(until(t, &d, 2), 0);
	pb_status_words(d.status, words, sizeof words);
	assert_string_equal(words, "signal 6 (Aborted)");
	uint32_t process = spawn(t, "hang", NULL, NULL, 0, &d);
	pb_template_kill(t, process);
	pb_template_kill(t, process + 100); /* none of ours */
	assert_int_equal(until(t, &d, 3), 0);
	assert_true(WIFSIGNALED(d.status) && WTERMSIG(d.status) == SIGKILL);
	assert_int_equal(d.process, process);
	/* One that is forgotten ends without a word. */
	process = spawn(t, "hang", NULL, NULL, 0, &d);
	pb_template_forget(t, process);
	spawn(t, "leave", NULL, NULL, 0, &d);
	assert_int_equal(until(t, &d, 4), 0);
	assert_int_equal(d.process, process + 1);
	pb_template_stop(t);
	pb_template_stop(NULL);
}

static void what_cannot_be_started_is_said(void **state)
{
	(void)state;
	pb_template *t = start();
	pb_error err = {0};
	uint32_t process = 77;
	int fds[5] = {0, 0, 0, 0, 0};
	death d = {0};
	assert_int_equal(pb_template_spawn(t, "nobody", NULL, 0, NULL, on_died, &d, &process, &err), PB_EINTERNAL);
	assert_string_equal(err.text, "no role \"nobody\"");
	assert_int_equal(pb_template_spawn(t, "tell", fds, 5, NULL, on_died, &d, &process, &err), PB_EINTERNAL);
	static char much[70000];
	memset(much, 'x', sizeof much - 1);
	json_t *args = json_pack("{s:s}", "word", much);
	assert_int_equal(pb_template_spawn(t, "tell", NULL, 0, args, on_died, &d, &process, &err), PB_ELIMIT);
	json_decref(args);
	assert_int_equal(pb_template_spawn(t, "tell", (int[]){9999}, 1, NULL, on_died, &d, &process, &err), PB_EIO); /* no descriptor */
	assert_false(pb_template_gone(t));
	assert_int_equal(process, 77);
	spawn(t, "leave", NULL, NULL, 0, &d);
	assert_int_equal(until(t, &d, 1), 0);
	pb_template_stop(t);
}

static void a_template_that_does_not_open(void **state)
{
	(void)state;
	static const struct { int (*open)(void *, void **, json_t **, pb_error *); int code; const char *words; } cases[] = {
		{open_badly, PB_EINPUT, "rules.lua:3: is no rule"}, {open_crash, PB_EINTERNAL, "the test process ended early: status 9"}};
	for (size_t i = 0; i < 2; i++) {
		pb_template_spec spec = spec_of(cases[i].open);
		pb_template *t;
		pb_error err = {0};
		assert_int_equal(pb_template_start(&spec, &t, &err), 0);
		assert_int_equal(pb_template_ready(t, &err), cases[i].code);
		assert_string_equal(err.text, cases[i].words);
		pb_template_stop(t);
	}
	/* One that never comes to an end is not waited for. */
	pb_template_spec spec = spec_of(open_hang);
	pb_template *t;
	int64_t from = pb_now_ms();
	assert_int_equal(pb_template_start(&spec, &t, NULL), 0);
	pb_template_stop(t);
	assert_true(pb_now_ms() - from < 3000);
}

static void a_template_that_is_killed_takes_its_own_along(void **state)
{
	(void)state;
	pb_template *t = start();
	int pipes[2];
	char byte;
	death d = {0};
	uint32_t process;
	assert_int_equal(pipe(pipes), 0);
	spawn(t, "hang", NULL, &pipes[1], 1, &d);
	spawn(t, "leave", NULL, NULL, 0, &d);
	assert_int_equal(until(t, &d, 1), 0); /* so the other one runs */
	close(pipes[1]);
	assert_int_equal(kill(pb_template_pid(t), SIGKILL), 0);
	assert_int_equal(read(pipes[0], &byte, 1), 0); /* nobody holds the other end any more */
	close(pipes[0]);
	/* Whoever has not heard of it yet goes on; there is one place where it is told. */
	assert_int_equal(pb_template_spawn(t, "leave", NULL, 0, NULL, on_died, &d, &process, NULL), 0);
	assert_true(pb_template_gone(t));
	pb_template_kill(t, process);
	assert_int_equal(until(t, &d, 100), PB_EIO);
	assert_int_equal(d.n, 1);
	pb_template_stop(t);
}

/* Nothing is left open, here or there, however many have come and gone; and each is buried. */
static void a_thousand_deaths(void **state)
{
	(void)state;
	pb_template *t = start();
	int pair[2];
	death d = {0};
	atomic_store(buried, 0);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	/* Once one was spawned, the template has nothing open any more of its own beginning. */
	spawn(t, "leave", NULL, (int[]){pair[0], pair[1], pair[0], pair[1]}, 4, &d);
	assert_int_equal(until(t, &d, 1), 0);
	size_t here = fds_of(getpid()), there = fds_of(pb_template_pid(t));
	for (int i = 1; i < 1000; i++) {
		spawn(t, i % 2 ? "crash" : "leave", NULL, (int[]){pair[0], pair[1], pair[0], pair[1]}, 4, &d);
		if (i % 50 == 49)
			assert_int_equal(until(t, &d, i - 20), 0);
	}
	assert_int_equal(until(t, &d, 1000), 0);
	assert_int_equal(fds_of(getpid()), here);
	assert_int_equal(fds_of(pb_template_pid(t)), there);
	assert_int_equal(atomic_load(buried), 1000);
	spawn(t, "hang", NULL, NULL, 0, &d);
	close(pair[0]);
	close(pair[1]);
	pb_template_stop(t);
	assert_int_equal(atomic_load(buried), 1001); /* also those that go with it */
}

static void bury_for_ever(void *state, pid_t pid)
{
	(void)state;
	(void)pid;
	hang(NULL, NULL);
}

static void a_template_that_hangs_is_killed(void **state)
{
	(void)state;
	pb_template_spec spec = spec_of(open_well);
	pb_template *t;
	death d = {0};
	spec.buried = bury_for_ever;
	assert_int_equal(pb_template_start(&spec, &t, NULL), 0);
	assert_int_equal(pb_template_ready(t, NULL), 0);
	spawn(t, "leave", NULL, NULL, 0, &d);
	int64_t from = pb_now_ms();
	pb_template_stop(t);
	assert_true(pb_now_ms() - from < 10000);
}

/* Signals of the terminal are for the keeper. */
static void ctrl_c_does_not_end_it(void **state)
{
	(void)state;
	pb_template *t = start();
	death d = {0};
	assert_int_equal(kill(pb_template_pid(t), SIGINT), 0);
	assert_int_equal(kill(pb_template_pid(t), SIGTERM), 0);
	assert_int_equal(kill(pb_template_pid(t), SIGHUP), 0);
	assert_int_equal(kill(pb_template_pid(t), SIGSTOP), 0);
	assert_int_equal(kill(pb_template_pid(t), SIGCONT), 0);
	spawn(t, "leave", NULL, NULL, 0, &d);
	assert_int_equal(until(t, &d, 1), 0);
	pb_template_stop(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(roles_are_started_with_what_they_are_given),
		cmocka_unit_test(roles_have_their_place),
		cmocka_unit_test(processes_can_be_looked_at),
		cmocka_unit_test(ends_are_told),
		cmocka_unit_test(what_cannot_be_started_is_said),
		cmocka_unit_test(a_template_that_does_not_open),
		cmocka_unit_test(a_template_that_is_killed_takes_its_own_along),
		cmocka_unit_test(a_thousand_deaths),
		cmocka_unit_test(a_template_that_hangs_is_killed),
		cmocka_unit_test(ctrl_c_does_not_end_it),
	};
	buried = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (buried == MAP_FAILED)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
