#include "keeper/loop.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

enum { EVENTS = 64 };

typedef struct watch {
	int fd; /* -1: free */
	uint32_t generation;
	pb_heard_fn heard;
	void *user;
} watch;

struct pb_loop {
	int epoll;
	uint32_t generation;
	watch *at; /* by descriptor */
	size_t n;
};

int64_t pb_now_ms(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int pb_loop_new(pb_loop **out, pb_error *err)
{
	pb_loop *l = calloc(1, sizeof *l);
	if (!l)
		return pb_fail(err, PB_ENOMEM, "out of memory");
	l->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (l->epoll < 0) {
		free(l);
		return pb_fail(err, PB_EIO, "epoll: %s", strerror(errno));
	}
	*out = l;
	return 0;
}

void pb_loop_free(pb_loop *l)
{
	if (!l)
		return;
	close(l->epoll);
	free(l->at);
	free(l);
}

static int reserve(pb_loop *l, int fd)
{
	size_t want = (size_t)fd + 1;
	if (want <= l->n)
		return 0;
	want = want * 2 < 64 ? 64 : want * 2;
	watch *more = reallocarray(l->at, want, sizeof *more);
	if (!more)
		return PB_ENOMEM;
	for (size_t i = l->n; i < want; i++)
		more[i] = (watch){.fd = -1};
	l->at = more;
	l->n = want;
	return 0;
}

/* The generation tells an event of a closed descriptor from one of its successor with the same number. */
static int add(pb_loop *l, int fd, uint32_t events, pb_heard_fn heard, void *user)
{
	if (fd < 0)
		return PB_EIO;
	int rc = reserve(l, fd);
	if (rc)
		return rc;
	l->at[fd] = (watch){fd, ++l->generation, heard, user};
	struct epoll_event e = {.events = events, .data.u64 = (uint64_t)l->generation << 32 | (uint32_t)fd};
	if (epoll_ctl(l->epoll, EPOLL_CTL_ADD, fd, &e) < 0) {
		l->at[fd].fd = -1;
		return errno == ENOMEM || errno == ENOSPC ? PB_ENOMEM : PB_EIO;
	}
	return 0;
}

int pb_loop_add(pb_loop *l, int fd, pb_heard_fn heard, void *user)
{
	return add(l, fd, EPOLLIN, heard, user);
}

int pb_loop_add_end(pb_loop *l, int fd, pb_heard_fn heard, void *user)
{
	return add(l, fd, EPOLLRDHUP, heard, user);
}

void pb_loop_remove(pb_loop *l, int fd)
{
	if (fd < 0 || (size_t)fd >= l->n || l->at[fd].fd < 0)
		return;
	epoll_ctl(l->epoll, EPOLL_CTL_DEL, fd, NULL);
	l->at[fd].fd = -1;
}

int pb_loop_turn(pb_loop *l, int timeout_ms, pb_error *err)
{
	struct epoll_event events[EVENTS];
	int n = epoll_wait(l->epoll, events, EVENTS, timeout_ms);
	if (n < 0)
		return errno == EINTR ? 0 : pb_fail(err, PB_EIO, "epoll: %s", strerror(errno));
	for (int i = 0; i < n; i++) {
		size_t fd = (uint32_t)events[i].data.u64;
		const watch *w = fd < l->n ? &l->at[fd] : NULL;
		if (!w || w->fd < 0 || w->generation != events[i].data.u64 >> 32)
			continue; /* removed by a callback of this turn */
		int rc = w->heard(w->user, w->fd, events[i].events);
		if (rc)
			return rc;
	}
	return 0;
}
