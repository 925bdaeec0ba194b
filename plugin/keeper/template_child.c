/* What runs in a template: open, tell, fork on demand, tell who died. */
#include "keeper/template_child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "keeper/priority.h"

enum { MOST = 1024 }; /* processes at a time */

typedef struct child {
	pid_t pid;
	uint32_t number;
} child;

typedef struct life {
	const pb_template_spec *spec;
	void *state;
	json_t *about;
	int fd, signals;
	child at[MOST];
	size_t n;
} life;

ssize_t pb_template_send(int fd, const pb_template_packet *p, const int *fds, int n_fds)
{
	char control[CMSG_SPACE(PB_ROLE_FDS * sizeof(int))] = {0};
	struct iovec part = {(void *)p, offsetof(pb_template_packet, text) + strlen(p->text) + 1};
	struct msghdr m = {.msg_iov = &part, .msg_iovlen = 1};
	if (n_fds > 0) {
		m.msg_control = control;
		m.msg_controllen = CMSG_SPACE((size_t)n_fds * sizeof(int));
		struct cmsghdr *c = CMSG_FIRSTHDR(&m);
		c->cmsg_level = SOL_SOCKET;
		c->cmsg_type = SCM_RIGHTS;
		c->cmsg_len = CMSG_LEN((size_t)n_fds * sizeof(int));
		memcpy(CMSG_DATA(c), fds, (size_t)n_fds * sizeof(int));
	}
	ssize_t n;
	do
		n = sendmsg(fd, &m, MSG_NOSIGNAL);
	while (n < 0 && errno == EINTR);
	return n;
}

ssize_t pb_template_receive(int fd, pb_template_packet *p, int *fds, int *n_fds, int flags)
{
	char control[CMSG_SPACE(PB_ROLE_FDS * sizeof(int))];
	struct iovec part = {p, sizeof *p};
	struct msghdr m = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
	ssize_t n;
	*n_fds = 0;
	do
		n = recvmsg(fd, &m, flags | MSG_CMSG_CLOEXEC);
	while (n < 0 && errno == EINTR && !(flags & MSG_DONTWAIT));
	for (struct cmsghdr *c = n > 0 ? CMSG_FIRSTHDR(&m) : NULL; c; c = CMSG_NXTHDR(&m, c))
		if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS) {
			*n_fds = (int)((c->cmsg_len - CMSG_LEN(0)) / sizeof(int));
			memcpy(fds, CMSG_DATA(c), (size_t)*n_fds * sizeof(int));
		}
	if (n > 0 && (size_t)n < offsetof(pb_template_packet, text) + 1) {
		for (int i = 0; i < *n_fds; i++)
			close(fds[i]);
		*n_fds = 0;
		errno = EPROTO;
		return -1;
	}
	if (n > 0)
		p->text[(size_t)n - offsetof(pb_template_packet, text) - 1] = '\0';
	return n;
}

/* Nothing of the keeper's stays open but standard error, on which the state's own messages appear. */
static int keep_only(int fd)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	if (null < 0 || dup2(null, 0) < 0 || dup2(null, 1) < 0)
		return -1;
	if (fd != 3 && dup2(fd, 3) < 0)
		return -1;
	fcntl(3, F_SETFD, FD_CLOEXEC);
	close_range(4, ~0U, 0);
	return 3;
}

static int tell_ready(life *l)
{
	char *text = json_dumps(l->about, JSON_COMPACT);
	int fd = memfd_create("probity-about", MFD_CLOEXEC), rc = -1;
	size_t n = text ? strlen(text) : 0, done = 0;
	while (text && fd >= 0 && done < n) {
		ssize_t w = write(fd, text + done, n - done);
		if (w <= 0)
			break;
		done += (size_t)w;
	}
	static pb_template_packet p = {.type = PB_TEMPLATE_READY};
	if (n > 0 && done == n && pb_template_send(l->fd, &p, &fd, 1) > 0)
		rc = 0;
	if (fd >= 0)
		close(fd);
	free(text);
	return rc;
}

/* As ps and top show it. */
static void be_called(const char *name)
{
	char text[16];
	snprintf(text, sizeof text, "probity-%s", name);
	prctl(PR_SET_NAME, text);
}

/* Its name and its place in the queue. */
static void take_place(const pb_template_spec *spec, const char *role)
{
	be_called(role);
	if (spec->nice <= 0)
		return;
	if (spec->prompt && strcmp(spec->prompt, role) == 0)
		pb_priority_apart();
	else
		pb_priority_lower(spec->nice);
}

static void run_role(const life *l, const pb_template_packet *p, const int *fds, int n_fds, pid_t parent)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(1);
	sigset_t none;
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	take_place(l->spec, l->spec->roles[p->role].name);
	close(l->fd);
	close(l->signals);
	pb_role_args args = {.fd = {-1, -1, -1, -1}, .about = l->about};
	for (int i = 0; i < n_fds; i++)
		args.fd[i] = fds[i];
	if (*p->text)
		args.args = pb_json_parse((pb_bytes){(const uint8_t *)p->text, strlen(p->text)}, sizeof p->text, "arguments", NULL);
	int status = l->spec->roles[p->role].run(l->state, &args);
	fflush(NULL);
	_exit(status);
}

static void spawn(life *l, const pb_template_packet *p, int *fds, int n_fds)
{
	pb_template_packet said = {.type = PB_TEMPLATE_DIED, .number = p->number, .role = 127 << 8};
	pid_t parent = getpid(), pid = -1;
	if (p->role < l->spec->n_roles && l->n < MOST) {
		fflush(NULL);
		pid = fork();
	}
	if (pid == 0)
		run_role(l, p, fds, n_fds, parent);
	for (int i = 0; i < n_fds; i++)
		close(fds[i]);
	if (pid > 0) {
		said.type = PB_TEMPLATE_STARTED;
		said.role = (uint32_t)pid;
		l->at[l->n++] = (child){pid, p->number};
	}
	pb_template_send(l->fd, &said, NULL, 0);
}

static void bury(const life *l, pid_t pid)
{
	if (l->spec->buried)
		l->spec->buried(l->state, pid);
}

static void reap(life *l)
{
	struct signalfd_siginfo info;
	int status;
	pid_t pid;
	while (read(l->signals, &info, sizeof info) > 0)
		;
	while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
		for (size_t i = 0; i < l->n; i++)
			if (l->at[i].pid == pid) {
				pb_template_packet died = {.type = PB_TEMPLATE_DIED, .number = l->at[i].number, .role = (uint32_t)status};
				l->at[i] = l->at[--l->n];
				bury(l, pid);
				pb_template_send(l->fd, &died, NULL, 0);
				break;
			}
}

/* Our children go with us; waiting for them hands on what they used of the processor. */
static int end(life *l)
{
	pid_t pid;
	for (size_t i = 0; i < l->n; i++)
		kill(l->at[i].pid, SIGKILL);
	while ((pid = waitpid(-1, NULL, 0)) > 0 || errno == EINTR)
		if (pid > 0)
			bury(l, pid);
	return 0;
}

static int serve(life *l)
{
	static pb_template_packet p;
	struct pollfd polls[2] = {{.fd = l->fd, .events = POLLIN}, {.fd = l->signals, .events = POLLIN}};
	for (;;) {
		int fds[PB_ROLE_FDS], n_fds;
		if (poll(polls, 2, -1) < 0) {
			if (errno == EINTR)
				continue;
			return 1;
		}
		if (polls[1].revents)
			reap(l);
		if (!polls[0].revents)
			continue;
		if (pb_template_receive(l->fd, &p, fds, &n_fds, 0) <= 0)
			return end(l); /* the keeper has gone, or has no more use for us */
		if (p.type == PB_TEMPLATE_SPAWN) {
			spawn(l, &p, fds, n_fds);
			continue;
		}
		for (int i = 0; i < n_fds; i++)
			close(fds[i]);
		for (size_t i = 0; p.type == PB_TEMPLATE_KILL && i < l->n; i++)
			if (l->at[i].number == p.number)
				kill(l->at[i].pid, SIGKILL);
	}
}

int pb_template_main(const pb_template_spec *spec, int fd, pid_t keeper)
{
	static life l;
	pb_error err = {0};
	sigset_t set;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != keeper)
		return 1;
	/* Ctrl-C goes to the whole group; who ends and when is the keeper's decision. */
	signal(SIGINT, SIG_IGN);
	signal(SIGTERM, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGCHLD, SIG_DFL);
	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, NULL);
	l.spec = spec;
	l.fd = keep_only(fd);
	l.signals = l.fd < 0 ? -1 : signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (l.signals < 0)
		return 1;
	be_called(spec->name);
	bool placed = spec->nice <= 0 || pb_priority_session(spec->nice);
	int rc = spec->open(spec->user, &l.state, &l.about, &err);
	if (!placed)
		(void)pb_priority_session(spec->nice); /* that took a while: another try costs nothing */
	if (!rc && !l.about && !(l.about = json_object()))
		rc = pb_fail(&err, PB_ENOMEM, "out of memory");
	if (rc) {
		static pb_template_packet p = {.type = PB_TEMPLATE_FAILED};
		p.number = (uint32_t)-rc;
		snprintf(p.text, sizeof p.text, "%s", err.code ? err.text : "out of memory");
		pb_template_send(l.fd, &p, NULL, 0);
		return 1;
	}
	return tell_ready(&l) ? 1 : serve(&l);
}
