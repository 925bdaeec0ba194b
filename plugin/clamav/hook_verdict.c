/* The keeper's answer. What is late, missing or odd is no alert. */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

#include "clamav/hook.h"

enum { NAMES = 512, EMPTY = 0, WRITING, READY };

/* Hosts keep the pointer: a name is never moved or freed. Few are ever used (Probity.Reject.Trust0 to 100 and so on).
 */
static struct {
	atomic_int state;
	char text[sizeof((pb_stream_verdict *)0)->name];
} names[NAMES];

static bool is_name(const char *name)
{
	static const char prefix[] = "Probity.";
	size_t n = strnlen(name, sizeof names[0].text);

	return n < sizeof names[0].text && strncmp(name, prefix, sizeof prefix - 1) == 0 &&
	       strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.") == n;
}

const char *pb_verdict_intern(const char *name)
{
	if (!is_name(name))
		return NULL;
	for (size_t i = 0; i < NAMES; i++) {
		int empty = EMPTY;
		if (atomic_compare_exchange_strong(&names[i].state, &empty, WRITING)) {
			memcpy(names[i].text, name, strlen(name) + 1);
			atomic_store(&names[i].state, READY);
			return names[i].text;
		}
		if (empty == READY && strcmp(names[i].text, name) == 0)
			return names[i].text;
	}
	return "Probity.Reject"; /* more names than there are scores: the keeper makes them up */
}

/* 1: it has come; 0: not this one, go on; -1: there will be none. */
static int receive(const pb_stream *st, uint32_t scan, pb_stream_verdict *v)
{
	ssize_t n = recv(st->socket, v, sizeof *v, MSG_DONTWAIT | MSG_TRUNC);

	if (n == 0 || (n < 0 && errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR))
		return -1;
	return n == (ssize_t)sizeof *v && v->type == PB_STREAM_VERDICT && v->scan == scan;
}

const char *pb_verdict_wait(pb_stream *st, uint32_t scan)
{
	int64_t end = pb_now_ns() + (int64_t)st->wait_ms * 1000000, left;
	int got = 0, saved = errno;
	pb_stream_verdict v;

	if (scan == 0 || st->wait_ms == 0 || !pb_stream_mine(st) || !pb_stream_same(st))
		return NULL;
	while (got == 0 && (left = end - pb_now_ns()) > 0) {
		struct pollfd p = {.fd = st->socket, .events = POLLIN};
		if (poll(&p, 1, (int)(left / 1000000) + 1) > 0)
			got = receive(st, scan, &v);
	}
	errno = saved;
	return got == 1 && v.alert == 1 ? pb_verdict_intern(v.name) : NULL;
}
