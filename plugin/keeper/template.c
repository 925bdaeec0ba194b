/* The keeper's side of a template; what runs in the template itself is template_child.c. */
#include "keeper/template.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "keeper/template_child.h"

enum { STOP_MS = 5000 };

typedef struct running {
	uint32_t process;
	int proc; /* its folder in /proc; -1: not known */
	pb_died_fn died;
	void *user;
} running;

struct pb_template {
	pid_t pid;
	int fd;
	const pb_role *roles;
	size_t n_roles;
	const char *name;
	uint32_t last; /* process number given out last */
	bool gone;
	json_t *about;
	running *at;
	size_t n, cap;
	int64_t ends_by; /* milliseconds: dismissed, and killed where it is there still by then */
};

int pb_template_start(const pb_template_spec *spec, pb_template **out, pb_error *err)
{
	int pair[2];
	pb_template *t = calloc(1, sizeof *t);
	if (!t)
		return pb_fail(err, PB_ENOMEM, "out of memory");
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0) {
		free(t);
		return pb_fail(err, PB_EIO, "socketpair: %s", strerror(errno));
	}
	fflush(NULL);
	pid_t parent = getpid();
	t->pid = fork();
	if (t->pid == 0) {
		close(pair[0]);
		_exit(pb_template_main(spec, pair[1], parent));
	}
	close(pair[1]);
	if (t->pid < 0) {
		int e = errno;
		close(pair[0]);
		free(t);
		return pb_fail(err, PB_EIO, "cannot start the %s process: %s", spec->name, strerror(e));
	}
	t->fd = pair[0];
	t->roles = spec->roles;
	t->n_roles = spec->n_roles;
	t->name = spec->name;
	*out = t;
	return 0;
}

/* What the template says of itself lies in a memfd: it may be long. */
static json_t *read_about(int fd, pb_error *err)
{
	struct stat st;
	json_t *about = NULL;
	if (fstat(fd, &st) == 0 && st.st_size > 0) {
		void *text = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
		if (text != MAP_FAILED) {
			about = pb_json_parse((pb_bytes){text, (size_t)st.st_size}, 64 << 20, "what a template says of itself", err);
			munmap(text, (size_t)st.st_size);
		}
	}
	return about;
}

int pb_template_ready(pb_template *t, pb_error *err)
{
	pb_template_packet p = {0};
	int fds[PB_ROLE_FDS], n_fds, status;
	if (t->about)
		return 0;
	ssize_t n = pb_template_receive(t->fd, &p, fds, &n_fds, 0);
	if (n <= 0) {
		char words[100] = "no status";
		if (waitpid(t->pid, &status, 0) == t->pid) {
			pb_status_words(status, words, sizeof words);
			t->pid = 0;
		}
		return pb_fail(err, PB_EINTERNAL, "the %s process ended early: %s", t->name, words);
	}
	if (p.type == PB_TEMPLATE_FAILED) {
		p.text[sizeof p.text - 1] = '\0';
		return pb_fail(err, p.number ? -(int)p.number : PB_EINTERNAL, "%s", p.text);
	}
	if (p.type != PB_TEMPLATE_READY || n_fds != 1)
		return pb_fail(err, PB_EINTERNAL, "the %s process speaks nonsense", t->name);
	t->about = read_about(fds[0], err);
	close(fds[0]);
	return t->about ? 0 : pb_fail(err, PB_EINTERNAL, "the %s process says nothing of itself", t->name);
}

const json_t *pb_template_about(const pb_template *t)
{
	return t->about;
}

pid_t pb_template_pid(const pb_template *t)
{
	return t->pid;
}

static int reserve(pb_template *t)
{
	if (t->n < t->cap)
		return 0;
	size_t cap = t->cap ? 2 * t->cap : 16;
	running *more = reallocarray(t->at, cap, sizeof *more);
	if (!more)
		return PB_ENOMEM;
	t->at = more;
	t->cap = cap;
	return 0;
}

int pb_template_spawn(pb_template *t, const char *role, const int *fds, size_t n_fds, const json_t *args, pb_died_fn died, void *user,
                      uint32_t *process, pb_error *err)
{
	pb_template_packet p = {.type = PB_TEMPLATE_SPAWN, .number = t->last + 1, .role = UINT32_MAX};
	char *text = args ? json_dumps(args, JSON_COMPACT) : NULL;
	for (size_t i = 0; i < t->n_roles; i++)
		if (strcmp(t->roles[i].name, role) == 0)
			p.role = (uint32_t)i;
	int rc = p.role == UINT32_MAX || n_fds > PB_ROLE_FDS ? pb_fail(err, PB_EINTERNAL, "no role \"%s\"", role) : 0;
	if (!rc && ((args && !text) || reserve(t)))
		rc = pb_fail(err, PB_ENOMEM, "out of memory");
	if (!rc && text && strlen(text) >= sizeof p.text)
		rc = pb_fail(err, PB_ELIMIT, "too much to tell a %s", role);
	if (!rc) {
		snprintf(p.text, sizeof p.text, "%s", text ? text : "");
		if (pb_template_send(t->fd, &p, fds, (int)n_fds) < 0) {
			t->gone |= errno == EPIPE || errno == ECONNRESET;
			rc = t->gone ? 0 : pb_fail(err, PB_EIO, "the %s process cannot be told to start a %s: %s", t->name, role, strerror(errno));
		}
	}
	free(text);
	if (!rc) {
		*process = ++t->last;
		t->at[t->n++] = (running){*process, -1, died, user};
	}
	return rc;
}

void pb_template_kill(pb_template *t, uint32_t process)
{
	pb_template_packet p = {.type = PB_TEMPLATE_KILL, .number = process};
	pb_template_send(t->fd, &p, NULL, 0); /* where it is gone, so is the process */
}

void pb_template_forget(pb_template *t, uint32_t process)
{
	pb_template_kill(t, process);
	for (size_t i = 0; i < t->n; i++)
		if (t->at[i].process == process)
			t->at[i].died = NULL;
}

/* The entry goes first: the callback may start the next process. */
static void bury(pb_template *t, uint32_t process, int status)
{
	for (size_t i = 0; i < t->n; i++)
		if (t->at[i].process == process) {
			running r = t->at[i];
			t->at[i] = t->at[--t->n];
			if (r.proc >= 0)
				close(r.proc);
			if (r.died)
				r.died(r.user, process, status);
			return;
		}
}

static void note_start(pb_template *t, uint32_t process, uint32_t pid)
{
	char path[32];
	snprintf(path, sizeof path, "/proc/%u", (unsigned)pid);
	for (size_t i = 0; i < t->n; i++)
		if (t->at[i].process == process && t->at[i].proc < 0)
			t->at[i].proc = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
}

int pb_template_proc(const pb_template *t, uint32_t process)
{
	for (size_t i = 0; i < t->n; i++)
		if (t->at[i].process == process)
			return t->at[i].proc;
	return -1;
}

int pb_template_fd(const pb_template *t)
{
	return t->fd;
}

int pb_template_hear(pb_template *t)
{
	static pb_template_packet p; /* large, and one thread only */
	int fds[PB_ROLE_FDS], n_fds;
	for (;;) {
		ssize_t n = pb_template_receive(t->fd, &p, fds, &n_fds, MSG_DONTWAIT);
		for (int i = 0; n > 0 && i < n_fds; i++)
			close(fds[i]);
		if (n < 0 && (errno == EAGAIN || errno == EINTR))
			return 0;
		if (n <= 0)
			return PB_EIO;
		if (p.type == PB_TEMPLATE_STARTED)
			note_start(t, p.number, p.role);
		else if (p.type == PB_TEMPLATE_DIED)
			bury(t, p.number, (int)p.role);
	}
}

bool pb_template_gone(const pb_template *t)
{
	return t->gone;
}

/* Is it through within that time? Where the kernel cannot tell us (before Linux 5.3), it is believed to be. */
static bool ends_within(pid_t pid, int ms)
{
	struct pollfd p = {.fd = pidfd_open(pid, 0), .events = POLLIN};
	int n = 1;
	if (p.fd < 0)
		return true;
	do
		n = poll(&p, 1, ms);
	while (n < 0 && errno == EINTR);
	close(p.fd);
	return n != 0;
}

void pb_template_dismiss(pb_template *t)
{
	if (!t || t->fd < 0)
		return;
	close(t->fd);
	t->fd = -1;
	t->ends_by = t->about ? pb_now_ms() + STOP_MS : 0;
}

bool pb_template_ended(pb_template *t)
{
	if (!t || t->pid <= 0)
		return true;
	pid_t pid = waitpid(t->pid, NULL, WNOHANG);
	if (pid == 0 && pb_now_ms() >= t->ends_by)
		kill(t->pid, SIGKILL);
	if (pid == 0 || (pid < 0 && errno == EINTR))
		return false;
	t->pid = 0;
	return true;
}

void pb_template_stop(pb_template *t)
{
	if (!t)
		return;
	if (t->fd >= 0)
		close(t->fd); /* its sign to end; one that is busy opening something is not waited for */
	if (t->pid > 0) {
		if (!t->about || !ends_within(t->pid, STOP_MS))
			kill(t->pid, SIGKILL);
		while (waitpid(t->pid, NULL, 0) < 0 && errno == EINTR)
			;
	}
	for (size_t i = 0; i < t->n; i++)
		if (t->at[i].proc >= 0)
			close(t->at[i].proc);
	json_decref(t->about);
	free(t->at);
	free(t);
}

void pb_status_words(int status, char *out, size_t size)
{
	if (WIFSIGNALED(status))
		snprintf(out, size, "signal %d (%s)", WTERMSIG(status), strsignal(WTERMSIG(status)));
	else
		snprintf(out, size, "status %d", WEXITSTATUS(status));
}
