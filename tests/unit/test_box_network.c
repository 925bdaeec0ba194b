/* The collector's box from inside: sockets that connect, named files, and still nothing else. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "box/box.h"

static char inside[] = "/tmp/probity-box-a.XXXXXX", beside[] = "/tmp/probity-box-b.XXXXXX";
static pid_t parent;

static int gave(long result)
{
	return result < 0 ? 0 : 1;
}

static int try_socket(void)
{
	return gave(socket(AF_INET, SOCK_STREAM, 0)) && gave(socket(AF_INET6, SOCK_DGRAM, 0));
}

static int try_hosts(void)
{
	return gave(open("/etc/hosts", O_RDONLY));
}

static int try_users(void)
{
	return gave(open("/etc/passwd", O_RDONLY));
}

static int make_in(const char *folder)
{
	char name[100];
	snprintf(name, sizeof name, "%s/x", folder);
	return gave(open(name, O_WRONLY | O_CREAT, 0600)) && gave(unlink(name));
}

static int try_inside(void)
{
	return make_in(inside);
}

static int try_beside(void)
{
	return make_in(beside);
}

static int try_packet(void)
{
	return gave(socket(AF_PACKET, SOCK_RAW, 0));
}

static int try_code(void)
{
	return mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED;
}

static int try_kill(void)
{
	return gave(kill(parent, 0));
}

static int try_serve(void)
{
	return gave(listen(socket(AF_INET, SOCK_STREAM, 0), 1));
}

static int try_exec(void)
{
	char *const argv[] = {(char *)(uintptr_t) "true", NULL};
	return gave(execv("/bin/true", argv));
}

static int try_fork(void)
{
	pid_t pid = fork();
	if (pid == 0)
		_exit(0);
	return gave(pid);
}

static int try_ptrace(void)
{
	return gave(ptrace(PTRACE_ATTACH, parent, NULL, NULL));
}

enum { REFUSED, WORKS, DEADLY, OTHER };

static int outcome(const pb_box_limits *limits, int (*run)(void))
{
	int status;
	parent = getpid();
	fflush(NULL);
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0)
		_exit(pb_box_shut(limits, NULL) ? 99 : run());
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (WIFSIGNALED(status))
		return WTERMSIG(status) == SIGSYS ? DEADLY : OTHER;
	return WEXITSTATUS(status) <= 1 ? WEXITSTATUS(status) : OTHER;
}

static bool has(const char *what)
{
	json_t *about = pb_box_about();
	const json_t *v = json_object_get(about, what);
	bool there = json_is_true(v) || json_integer_value(v) > 0;
	json_decref(about);
	return there;
}

static void a_network_and_little_else(void **state)
{
	static const char *const readable[] = {"/etc/hosts", "/nonexistent/file", NULL};
	static const struct {
		int (*run)(void);
		int wanted;
	} tries[] = {{try_socket, WORKS}, {try_inside, WORKS}, {try_packet, REFUSED}, {try_code, REFUSED}, {try_kill, REFUSED},
	             {try_serve, DEADLY}, {try_exec, DEADLY},  {try_fork, DEADLY},    {try_ptrace, DEADLY}};
	pb_box_limits limits = {.network = true, .folder = inside, .readable = readable, .memory = 64 << 20};
	(void)state;
	if (!has("seccomp"))
		skip();
	for (size_t i = 0; i < sizeof tries / sizeof *tries; i++)
		if (outcome(&limits, tries[i].run) != tries[i].wanted)
			fail_msg("%zu: %d", i, outcome(&limits, tries[i].run));
}

static void files_that_are_named(void **state)
{
	static const char *const readable[] = {"/etc/hosts", NULL};
	const char *const also[] = {beside, NULL};
	pb_box_limits limits = {.network = true, .folder = inside, .readable = readable};
	(void)state;
	if (!has("seccomp") || !has("landlock"))
		skip();
	assert_int_equal(outcome(&limits, try_hosts), WORKS);
	assert_int_equal(outcome(&limits, try_users), REFUSED);
	assert_int_equal(outcome(&limits, try_beside), REFUSED);
	limits.also = also;
	assert_int_equal(outcome(&limits, try_beside), WORKS);
	limits = (pb_box_limits){.network = true}; /* a dry run */
	assert_int_equal(outcome(&limits, try_socket), WORKS);
	assert_int_equal(outcome(&limits, try_inside), REFUSED);
	assert_int_equal(outcome(&limits, try_hosts), REFUSED);
}

static int begin(void **state)
{
	(void)state;
	return mkdtemp(inside) && mkdtemp(beside) ? 0 : -1;
}

static int end(void **state)
{
	(void)state;
	return rmdir(inside) | rmdir(beside);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(a_network_and_little_else), cmocka_unit_test(files_that_are_named)};
	return cmocka_run_group_tests(tests, begin, end);
}
