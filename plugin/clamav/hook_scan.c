/* Which scan is this thread in? */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "clamav/hook.h"

static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t key;
static bool have_key;

static void thread_ends(void *state)
{
	pb_thread *t = state;

	pb_stream_drop(&t->stream);
	free(t);
}

static void make_key(void)
{
	have_key = pthread_key_create(&key, thread_ends) == 0;
}

pb_thread *pb_thread_get(bool make)
{
	pb_thread *t;

	if (pthread_once(&once, make_key) != 0 || !have_key)
		return NULL;
	t = pthread_getspecific(key);
	if (t != NULL || !make || (t = calloc(1, sizeof *t)) == NULL)
		return t;
	t->stream.socket = -1;
	if (pthread_setspecific(key, t) == 0)
		return t;
	free(t);
	return NULL;
}

pb_scan *pb_scan_current(void)
{
	pb_thread *t = pb_thread_get(false);

	return t != NULL && t->depth > 0 && t->depth <= PB_NEST ? &t->scan[t->depth - 1] : NULL;
}

/* libclamav's functions call each other: cl_scanfile opens the file and calls cl_scandesc. Only then is the descriptor
 * known. */
static bool is_inner_call(pb_scan *outer, const struct cl_engine *engine, int fd)
{
	if (outer == NULL || outer->in_host || outer->engine != engine)
		return false;
	if (fd >= 0 && outer->fd == PB_FD_LATER) {
		outer->fd = fd;
		pb_tell_begin(outer);
	}
	return true;
}

static bool connected(pb_thread *t, pb_hooked *hooked, const struct cl_engine *engine)
{
	if (!pb_stream_open(&t->stream) && !pb_stream_connect(&t->stream))
		return false;
	t->room_left_us = (uint64_t)t->stream.room_us * (PB_ROOMS - 1); /* the last one is for the end */
	if (t->stream.replay == 0 || !pb_engine_opens(hooked))
		pb_engine_uncache(engine, hooked);
	return true;
}

static pb_scan *enter(const struct cl_engine *engine, int fd, const char *name, const struct cl_scan_options *options)
{
	pb_scan *outer = pb_scan_current(), *s;
	pb_hooked *hooked;
	pb_thread *t;
	bool told;

	if (is_inner_call(outer, engine, fd) || (hooked = pb_engine_find(engine)) == NULL ||
	    (t = pb_thread_get(true)) == NULL || t->depth >= PB_NEST)
		return NULL;
	told = t->depth == 0 ? connected(t, hooked, engine) : pb_stream_mine(&t->stream);
	s = &t->scan[t->depth++];
	*s = (pb_scan){.thread = t, .engine = engine, .hooked = hooked, .fd = fd, .name = name, .options = options};
	if (!told && t->depth == 1)
		pb_missed_add(1);
	if (told) {
		s->number = ++t->stream.scans;
		s->outer = outer != NULL ? outer->number : 0;
	}
	return s;
}

pb_scan *pb_scan_enter(const struct cl_engine *engine, int fd, const char *name, const struct cl_scan_options *options)
{
	int saved = errno;
	pb_scan *s = enter(engine, fd, name, options);

	if (s != NULL && fd >= 0)
		pb_tell_begin(s);
	errno = saved;
	return s;
}

uint32_t pb_scan_leave(pb_scan *s, int result, const char *signature)
{
	int saved = errno;
	uint32_t number = s->number;
	bool told = pb_tell_end(s, result, signature), outermost = --s->thread->depth == 0;

	errno = saved;
	return told && outermost && result == CL_CLEAN ? number : 0;
}
