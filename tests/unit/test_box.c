/* The box from inside: each case is a forked child that shuts it and then tries one thing. */
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
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "box/box.h"
#include "scratch.h"

/* What the child came to, beside its ways of dying. */
enum { REFUSED = 0, DONE = 1, NO_BOX = 99 };

static pid_t parent;
static int held = -1; /* a socket from before */
static char inside[300], outside[300];

static int gave(long result)
{
	return result < 0 ? REFUSED : DONE;
}

static int try_open(void)
{
	return gave(syscall(SYS_open, "/etc/passwd", O_RDONLY));
}

static int try_openat(void)
{
	return gave(openat(AT_FDCWD, "/etc/passwd", O_RDONLY));
}

static int try_folder(void)
{
	return gave(open("/", O_RDONLY | O_DIRECTORY));
}

static int try_make(void)
{
	return gave(open(outside, O_WRONLY | O_CREAT, 0600));
}

static int try_remove(void)
{
	return gave(unlink(outside));
}

static int try_stat(void)
{
	struct stat st;
	return gave(stat("/etc/passwd", &st));
}

static int try_socket(void)
{
	return gave(socket(AF_INET, SOCK_STREAM, 0));
}

static int try_connect(void)
{
	struct sockaddr_un a = {.sun_family = AF_UNIX, .sun_path = "/run/x"};
	return gave(connect(held, (struct sockaddr *)&a, sizeof a));
}

static int try_bind(void)
{
	struct sockaddr_un a = {.sun_family = AF_UNIX, .sun_path = "x"};
	return gave(bind(held, (struct sockaddr *)&a, sizeof a));
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

static int try_vfork(void)
{
	return gave(syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0));
}

static int try_kill(void)
{
	return gave(kill(parent, 0));
}

static int try_tgkill(void)
{
	return gave(syscall(SYS_tgkill, parent, parent, 0));
}

static int try_ptrace(void)
{
	return gave(ptrace(PTRACE_ATTACH, parent, NULL, NULL));
}

static int try_peek(void)
{
	int there = 0;
	struct iovec to = {&there, sizeof there}, from = {&held, sizeof held};
	return gave(process_vm_readv(parent, &to, 1, &from, 1, 0));
}

static int try_code(void)
{
	return mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED ? REFUSED : DONE;
}

static int try_to_run_data(void)
{
	void *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	return p == MAP_FAILED ? NO_BOX : gave(mprotect(p, 4096, PROT_READ | PROT_EXEC));
}

static int try_privileges(void)
{
	return gave(setuid(0));
}

static int try_uring(void)
{
	return gave(syscall(SYS_io_uring_setup, 1, NULL));
}

static int try_raise_limit(void)
{
	struct rlimit l = {1 << 20, 1 << 20};
	return gave(setrlimit(RLIMIT_FSIZE, &l));
}

static int try_strange_number(void)
{
	return gave(syscall(100000));
}

static int try_work(void)
{
	struct timespec now, moment = {0, 1000};
	char c = 0, *p = malloc(8 << 20);
	if (!p || clock_gettime(CLOCK_MONOTONIC, &now) || nanosleep(&moment, NULL))
		return REFUSED;
	memset(p, 1, 8 << 20);
	p = realloc(p, 16 << 20);
	free(p);
	if (!p || send(held, "x", 1, MSG_NOSIGNAL) != 1 || read(held, &c, 1) != 1 || c != 'y')
		return REFUSED;
	return getpid() > 0 && fcntl(held, F_GETFL) >= 0 ? DONE : REFUSED;
}

static int try_abort(void)
{
	abort();
}

static int try_much_memory(void)
{
	char *volatile p = malloc((size_t)256 << 20); /* volatile: a compiler may leave out what it sees through */
	int came = p != NULL;
	free(p);
	return came ? DONE : REFUSED;
}

static int try_some_memory(void)
{
	char *volatile p = malloc((size_t)32 << 20); /* volatile: a compiler may leave out what it sees through */
	int came = p != NULL;
	free(p);
	return came ? DONE : REFUSED;
}

static int try_for_ever(void)
{
	for (volatile unsigned i = 0; i < UINT32_MAX; i++)
		for (volatile unsigned k = 0; k < UINT32_MAX; k++)
			;
	return DONE;
}

static int try_many_descriptors(void)
{
	return gave(dup(held));
}

static int try_own_files(void)
{
	char name[400], other[400], text[8] = "";
	snprintf(name, sizeof name, "%s/sub", inside);
	if (mkdir(name, 0700))
		return 10;
	snprintf(name, sizeof name, "%s/sub/a", inside);
	snprintf(other, sizeof other, "%s/b", inside);
	int fd = open(name, O_RDWR | O_CREAT | O_EXCL, 0600);
	if (fd < 0 || write(fd, "words", 5) != 5 || fchmod(fd, 0400) || close(fd))
		return 11;
	if (rename(name, other))
		return 12;
	fd = open(other, O_RDONLY);
	if (fd < 0 || read(fd, text, 5) != 5 || strcmp(text, "words") != 0 || close(fd))
		return 13;
	struct stat st;
	if (stat(other, &st) || st.st_size != 5 || unlink(other))
		return 14;
	snprintf(name, sizeof name, "%s/sub", inside);
	return rmdir(name) == 0 ? DONE : 15;
}

static int try_way_out(void)
{
	char name[400];
	snprintf(name, sizeof name, "%s/link", inside);
	if (symlink("/etc/passwd", name) == 0)
		return DONE;
	snprintf(name, sizeof name, "%s/../outside", inside);
	return gave(open(name, O_RDONLY));
}

static int try_memfd(void)
{
	int fd = memfd_create("x", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (fd < 0)
		return REFUSED;
	return ftruncate(fd, 8192) == 0 && write(fd, "words", 5) == 5 && fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE) == 0 ? DONE : 10;
}

typedef struct attempt {
	const char *what;
	int (*run)(void);
	bool deadly; /* SIGSYS; else it is refused */
} attempt;

static const attempt forbidden[] = {
    {"open", try_open, false},
    {"openat", try_openat, false},
    {"a folder", try_folder, false},
    {"make a file", try_make, false},
    {"remove a file", try_remove, false},
    {"socket", try_socket, true},
    {"connect", try_connect, true},
    {"bind", try_bind, true},
    {"exec", try_exec, true},
    {"fork", try_fork, true},
    {"clone", try_vfork, true},
    {"kill the parent", try_kill, false},
    {"tgkill the parent", try_tgkill, false},
    {"ptrace", try_ptrace, true},
    {"read the parent's memory", try_peek, true},
    {"executable memory", try_code, false},
    {"make data executable", try_to_run_data, false},
    {"setuid", try_privileges, true},
    {"io_uring", try_uring, true},
    {"raise a limit", try_raise_limit, false},
    {"no such call", try_strange_number, false},
};

/* The child's wait status. */
static int child(const pb_box_limits *limits, int (*run)(void))
{
	int pair[2], status;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	assert_int_equal(write(pair[0], "y", 1), 1);
	parent = getpid();
	fflush(NULL);
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		pb_error err = {0};
		held = pair[1];
		if (pb_box_shut(limits, &err)) {
			fprintf(stderr, "%s\n", err.text);
			_exit(NO_BOX);
		}
		_exit(run());
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	close(pair[0]);
	close(pair[1]);
	return status;
}

static bool has(const char *what)
{
	json_t *about = pb_box_about();
	assert_non_null(about);
	const json_t *v = json_object_get(about, what);
	bool there = json_is_true(v) || json_integer_value(v) > 0;
	json_decref(about);
	return there;
}

static void must_be_refused(const pb_box_limits *limits)
{
	for (size_t i = 0; i < sizeof forbidden / sizeof *forbidden; i++) {
		const attempt *a = &forbidden[i];
		int status = child(limits, a->run);
		if (a->deadly ? !WIFSIGNALED(status) || WTERMSIG(status) != SIGSYS
		              : !WIFEXITED(status) || WEXITSTATUS(status) != REFUSED)
			fail_msg("%s: status %#x", a->what, (unsigned)status);
	}
}

static void must_work(const pb_box_limits *limits, int (*run)(void))
{
	int status = child(limits, run);
	if (!WIFEXITED(status) || WEXITSTATUS(status) != DONE)
		fail_msg("status %#x", (unsigned)status);
}

static void must_fail(const pb_box_limits *limits, int (*run)(void))
{
	int status = child(limits, run);
	if (!WIFEXITED(status) || WEXITSTATUS(status) != REFUSED)
		fail_msg("status %#x", (unsigned)status);
}

static void nothing_gets_out(void **state)
{
	(void)state;
	pb_box_limits limits = {.memory = 64 << 20};
	if (!has("seccomp"))
		skip();
	must_be_refused(&limits);
	must_fail(&limits, try_stat);
	must_fail(&limits, try_memfd);
	limits.memfd = true;
	must_work(&limits, try_memfd);
	must_be_refused(&limits);
}

/* The same attempts outside of a box: a test that passes because the machine refuses them anyway proves nothing. */
static void outside_they_work(void **state)
{
	static int (*const runs[])(void) = {try_open, try_openat, try_folder, try_stat,       try_socket,
	                                    try_fork, try_kill,   try_code,   try_to_run_data};
	(void)state;
	for (size_t i = 0; i < sizeof runs / sizeof *runs; i++) {
		int status;
		parent = getpid();
		pid_t pid = fork();
		assert_true(pid >= 0);
		if (pid == 0)
			_exit(runs[i]());
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_true(WIFEXITED(status) && WEXITSTATUS(status) == DONE);
	}
}

static void work_goes_on(void **state)
{
	(void)state;
	pb_box_limits limits = {.memory = 64 << 20, .cpu_seconds = 10, .files = 64};
	must_work(&limits, try_work);
	limits.folder = inside;
	must_work(&limits, try_work);
	int status = child(&limits, try_abort);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
}

static void limits_bite(void **state)
{
	(void)state;
	pb_box_limits limits = {.memory = 128 << 20};
	if (!PB_BOX_SANITIZED) {
		must_fail(&limits, try_much_memory);
		must_work(&limits, try_some_memory);
	}
	limits.memory = 0;
	must_work(&limits, try_much_memory);
	limits.cpu_seconds = 1;
	int status = child(&limits, try_for_ever);
	assert_true(WIFSIGNALED(status) && (WTERMSIG(status) == SIGXCPU || WTERMSIG(status) == SIGKILL));
	limits = (pb_box_limits){.folder = inside, .files = 3};
	must_fail(&limits, try_many_descriptors);
	limits.files = 64;
	must_work(&limits, try_many_descriptors);
}

static void a_folder_is_all_there_is(void **state)
{
	(void)state;
	pb_box_limits limits = {.folder = inside};
	if (!has("seccomp"))
		skip();
	must_work(&limits, try_own_files);
	if (!has("landlock"))
		skip();
	must_be_refused(&limits);
	must_fail(&limits, try_way_out);
}

static void a_folder_that_is_not_there_is_said(void **state)
{
	(void)state;
	pb_box_limits limits = {.folder = "/nonexistent/folder"};
	int status = child(&limits, try_work);
	if (has("landlock"))
		assert_true(WIFEXITED(status) && WEXITSTATUS(status) == NO_BOX);
}

static void the_kernel_is_asked(void **state)
{
	(void)state;
	json_t *about = pb_box_about();
	assert_true(json_is_boolean(json_object_get(about, "seccomp")));
	assert_true(json_is_integer(json_object_get(about, "landlock")));
	assert_true(json_is_boolean(json_object_get(about, "no_new_privs")));
	assert_true(json_is_boolean(json_object_get(about, "rlimits")));
	json_decref(about);
	/* Asking closes nothing. */
	assert_int_equal(prctl(PR_GET_SECCOMP), 0);
	int fd = open("/etc/passwd", O_RDONLY);
	assert_true(fd >= 0);
	close(fd);
}

static int begin(void **state)
{
	if (scratch_begin(state))
		return -1;
	snprintf(inside, sizeof inside, "%s/inside", scratch_dir);
	snprintf(outside, sizeof outside, "%s/outside", scratch_dir);
	int fd = open(outside, O_WRONLY | O_CREAT, 0600);
	if (fd < 0 || close(fd))
		return -1;
	return mkdir(inside, 0700);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(outside_they_work),
	    cmocka_unit_test(nothing_gets_out),
	    cmocka_unit_test(work_goes_on),
	    cmocka_unit_test(limits_bite),
	    cmocka_unit_test(a_folder_is_all_there_is),
	    cmocka_unit_test(a_folder_that_is_not_there_is_said),
	    cmocka_unit_test(the_kernel_is_asked),
	};
	return cmocka_run_group_tests(tests, begin, scratch_end);
}
