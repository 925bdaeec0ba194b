#include "collector/start.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/fs.h"
#include "collector/job.h"

enum { POLL_MS = 200 };

static char *program(void)
{
	char exe[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", exe, sizeof exe - 1);
	char *dir, *file;

	exe[n > 0 ? n : 0] = '\0';
	dir = pb_fs_parent(exe);
	file = dir ? pb_fs_join(dir, "probity-collect") : NULL;
	free(dir);
	if (file && access(file, X_OK) == 0)
		return file;
	free(file);
	return strdup(PROBITY_LIBDIR "/probity-collect");
}

static _Noreturn void be_child(const char *file, int fd)
{
	const char *data = getenv("PROBITY_DATA");
	char set[PATH_MAX + 16], *argv[] = {(char *)"probity-collect", NULL}, *env[] = {(char *)"LC_ALL=C", (char *)"TZ=UTC", set, NULL};

	(void)snprintf(set, sizeof set, "PROBITY_DATA=%s", data ? data : "");
	signal(SIGPIPE, SIG_DFL);
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (dup2(fd, STDIN_FILENO) >= 0 && dup2(fd, STDOUT_FILENO) >= 0 && close_range(3, ~0U, 0) == 0)
		execve(file, argv, env);
	_exit(127);
}

static int hand_over(int fd, const char *text, pb_error *err)
{
	for (size_t n = strlen(text), done = 0; done < n;) {
		ssize_t k = send(fd, text + done, n - done, MSG_NOSIGNAL);

		if (k < 0 && errno == EINTR)
			continue;
		if (k <= 0)
			return pb_fail(err, PB_EIO, "the collector does not take its job");
		done += (size_t)k;
	}
	return shutdown(fd, SHUT_WR) == 0 ? PB_OK : pb_fail(err, PB_EIO, "the collector: %s", strerror(errno));
}

static int hear(int fd, pid_t pid, const volatile sig_atomic_t *interrupted, pb_buf *out, pb_error *err)
{
	char piece[65536];

	out->max = PB_COLLECT_ANSWER_MOST;
	for (;;) {
		struct pollfd p = {.fd = fd, .events = POLLIN};
		ssize_t n;

		if (interrupted && *interrupted) {
			kill(pid, SIGKILL);
			return pb_fail(err, PB_EIO, "interrupted");
		}
		if (poll(&p, 1, POLL_MS) <= 0)
			continue;
		n = read(fd, piece, sizeof piece);
		if (n == 0)
			return PB_OK;
		if (n < 0 && errno != EINTR)
			return pb_fail(err, PB_EIO, "the collector: %s", strerror(errno));
		if (n > 0 && pb_buf_add(out, piece, (size_t)n)) {
			kill(pid, SIGKILL);
			return pb_fail(err, PB_ELIMIT, "the collector says too much");
		}
	}
}

int pb_collector_start(const json_t *job, const volatile sig_atomic_t *interrupted, json_t **answer, pb_error *err)
{
	char *text = pb_json_canonical(job), *file = program();
	int fds[2] = {-1, -1}, status = 0, rc = text && file ? PB_OK : pb_fail(err, PB_ENOMEM, "out of memory");
	pb_buf said = {0};
	pid_t pid = -1;

	*answer = NULL;
	if (!rc && socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) != 0)
		rc = pb_fail(err, PB_EIO, "the collector: %s", strerror(errno));
	if (!rc && (pid = fork()) < 0)
		rc = pb_fail(err, PB_EIO, "the collector: %s", strerror(errno));
	if (pid == 0)
		be_child(file, fds[1]);
	if (fds[1] >= 0)
		close(fds[1]);
	rc = rc ? rc : hand_over(fds[0], text, err);
	rc = rc ? rc : hear(fds[0], pid, interrupted, &said, err);
	if (fds[0] >= 0)
		close(fds[0]);
	while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (pid > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 127)
		rc = pb_fail(err, PB_EIO, "%s cannot be started: is Probity wholly installed?", file);
	else if (pid > 0 && WIFSIGNALED(status) && !(interrupted && *interrupted))
		rc = pb_fail(err, PB_EIO, "the collector was ended by signal %d", WTERMSIG(status));
	if (!rc) {
		*answer = pb_json_parse((pb_bytes){said.data, said.size}, PB_COLLECT_ANSWER_MOST, "the collector's answer", err);
		if (!*answer || strcmp(pb_json_str(*answer, "schema", ""), PB_COLLECT_ANSWER) != 0)
			rc = pb_fail(err, PB_EINTERNAL, "the collector's answer is none");
		else if (*pb_json_str(*answer, "error", ""))
			rc = pb_fail(err, PB_EIO, "%s", pb_json_str(*answer, "error", ""));
	}
	if (rc) {
		json_decref(*answer);
		*answer = NULL;
	}
	pb_buf_free(&said);
	free(text);
	free(file);
	return rc;
}
