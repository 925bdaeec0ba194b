#include "keeper/pool.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

typedef struct slot {
	pid_t pid;      /* 0: no process */
	int fd;
	bool busy;
	size_t item;
	int64_t due;    /* monotonic milliseconds */
	pb_buf in;
	size_t taken;   /* bytes of in that are done with */
} slot;

static int64_t now_ms(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* The child keeps nothing of its siblings: an inherited socket would hide their end from the keeper. */
static int start(const pb_pool *pool, slot *slots, slot *s, pb_error *err)
{
	int pair[2];
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
		return pb_fail(err, PB_EIO, "socketpair: %s", strerror(errno));
	fflush(NULL);
	pid_t parent = getpid();
	pid_t pid = fork();
	if (pid < 0) {
		int e = errno;
		close(pair[0]);
		close(pair[1]);
		return pb_fail(err, PB_EIO, "cannot start a %s: %s", pool->name, strerror(e));
	}
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() != parent)
			_exit(1);
		signal(SIGINT, SIG_DFL);
		signal(SIGTERM, SIG_DFL);
		close(pair[0]);
		for (size_t i = 0; i < pool->processes; i++)
			if (slots[i].pid > 0)
				close(slots[i].fd);
		int status = pool->worker(pair[1], pool->worker_user);
		fflush(NULL);
		_exit(status);
	}
	close(pair[1]);
	s->pid = pid;
	s->fd = pair[0];
	s->busy = false;
	s->in.size = 0;
	s->taken = 0;
	return 0;
}

/* Reaps the process and says how it ended. */
static void stop(slot *s, int sig, int *status)
{
	if (s->pid <= 0)
		return;
	close(s->fd);
	if (sig)
		kill(s->pid, sig);
	while (waitpid(s->pid, status, 0) < 0 && errno == EINTR)
		;
	s->pid = 0;
	s->busy = false;
	s->in.size = 0;
	s->taken = 0;
}

static int hand_out(const pb_pool *pool, slot *slots, slot *s, size_t item, pb_error *err)
{
	uint64_t number = item;
	for (int attempt = 0; attempt < 3; attempt++) {
		if (s->pid == 0) {
			int rc = start(pool, slots, s, err);
			if (rc)
				return rc;
		}
		if (pb_wire_send(s->fd, PB_MSG_JOB, &number, sizeof number) == 0) {
			s->busy = true;
			s->item = item;
			s->due = now_ms() + (int64_t)pool->seconds * 1000;
			return 0;
		}
		int status;
		stop(s, SIGKILL, &status); /* it died between two items: a fresh one gets this one */
	}
	return pb_fail(err, PB_EIO, "%s processes end as soon as they are started", pool->name);
}

static int lose(const pb_pool *pool, slot *s, const char *why)
{
	size_t item = s->item;
	bool busy = s->busy;
	int status = 0;
	char words[160];
	stop(s, SIGKILL, &status);
	if (!busy)
		return 0;
	if (!why) {
		if (WIFSIGNALED(status))
			snprintf(words, sizeof words, "%s died: signal %d (%s)", pool->name, WTERMSIG(status),
			         strsignal(WTERMSIG(status)));
		else
			snprintf(words, sizeof words, "%s ended early: status %d", pool->name, WEXITSTATUS(status));
		why = words;
	}
	return pool->lost(pool->user, item, why);
}

/* Hands on the whole messages that have arrived. *done: the item is finished. */
static int drain(const pb_pool *pool, slot *s, bool *done)
{
	pb_message type;
	pb_bytes payload;
	int rc;
	while (s->busy && (rc = pb_wire_take(&s->in, &s->taken, &type, &payload)) != 0) {
		if (rc < 0 || type == PB_MSG_JOB)
			return lose(pool, s, "sent a malformed message");
		if (type == PB_MSG_DONE) {
			s->busy = false;
			*done = true;
			break;
		}
		rc = pool->message(pool->user, s->item, type, payload);
		if (rc)
			return rc;
	}
	if (s->pid > 0 && s->taken == s->in.size) {
		s->in.size = 0;
		s->taken = 0;
	} else if (s->pid > 0 && s->taken > (1u << 20)) {
		memmove(s->in.data, s->in.data + s->taken, s->in.size - s->taken);
		s->in.size -= s->taken;
		s->taken = 0;
	}
	return 0;
}

static int hear(const pb_pool *pool, slot *s, bool *done)
{
	uint8_t chunk[262144];
	ssize_t n = read(s->fd, chunk, sizeof chunk);
	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return 0;
	if (n <= 0) {
		bool busy = s->busy;
		int rc = lose(pool, s, NULL);
		*done = busy;
		return rc;
	}
	int rc = pb_buf_add(&s->in, chunk, (size_t)n);
	if (rc)
		return rc;
	bool was = s->busy;
	rc = drain(pool, s, done);
	if (was && s->pid == 0)
		*done = true;
	return rc;
}

int pb_pool_run(const pb_pool *pool, size_t n, pb_error *err)
{
	size_t next = 0, left = n;
	int rc = 0, status;
	slot *slots = calloc(pool->processes, sizeof *slots);
	struct pollfd *polls = calloc(pool->processes, sizeof *polls);
	if (!slots || !polls) {
		rc = pb_fail(err, PB_ENOMEM, "out of memory");
		goto out;
	}
	while (left > 0) {
		if (pool->interrupted && *pool->interrupted) {
			rc = pb_fail(err, PB_EIO, "interrupted");
			goto out;
		}
		for (size_t i = 0; i < pool->processes && next < n; i++)
			if (!slots[i].busy) {
				rc = hand_out(pool, slots, &slots[i], pool->order ? pool->order[next] : next, err);
				if (rc)
					goto out;
				next++;
			}
		int64_t now = now_ms(), wait = 1000;
		for (size_t i = 0; i < pool->processes; i++) {
			polls[i].fd = slots[i].busy ? slots[i].fd : -1;
			polls[i].events = POLLIN;
			polls[i].revents = 0;
			if (slots[i].busy && slots[i].due - now < wait)
				wait = slots[i].due > now ? slots[i].due - now : 0;
		}
		if (poll(polls, pool->processes, (int)wait) < 0 && errno != EINTR) {
			rc = pb_fail(err, PB_EIO, "poll: %s", strerror(errno));
			goto out;
		}
		now = now_ms();
		for (size_t i = 0; i < pool->processes; i++) {
			bool done = false;
			if (slots[i].busy && polls[i].revents) {
				rc = hear(pool, &slots[i], &done);
			} else if (slots[i].busy && now >= slots[i].due) {
				char why[96];
				snprintf(why, sizeof why, "%s took longer than %u s", pool->name, pool->seconds);
				rc = lose(pool, &slots[i], why);
				done = true;
			}
			if (rc)
				goto out;
			left -= done;
		}
	}
out:
	for (size_t i = 0; slots && i < pool->processes; i++) {
		/* Idle workers end by themselves when their socket closes; busy ones (an error ended the run) do not. */
		stop(&slots[i], slots[i].busy ? SIGKILL : 0, &status);
		pb_buf_free(&slots[i].in);
	}
	free(slots);
	free(polls);
	if (rc && err && err->code == 0)
		pb_fail(err, rc, "out of memory while collecting results");
	return rc;
}
