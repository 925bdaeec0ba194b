/* A lane's worker: started, heard, watched, and replaced when it dies. */
#include "keeper/lane_slot.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { STILLBORN = 3 };

static void on_died(void *user, uint32_t process, int status);

int pb_slot_start_worker(pb_slot *s, const json_t *excuse)
{
	pb_lanes *l = s->all;
	int pair[2];
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
		return pb_fail(&l->err, PB_EIO, "socketpair: %s", strerror(errno));
	json_t *args = json_pack("{s:I,s:i}", "memory", (json_int_t)l->o.memory, "pattern_seconds", (int)l->o.object_seconds);
	if (args && excuse)
		json_object_set(args, "excuse", (json_t *)excuse);
	if (args && json_object_size(l->aside))
		json_object_set(args, "aside", l->aside);
	int fds[3] = {pair[1], s->memory, l->o.known};
	int rc = args ? pb_template_spawn(l->o.workers, "worker", fds, l->o.known < 0 ? 2 : 3, args, on_died, s, &s->worker, &l->err)
	              : pb_fail(&l->err, PB_ENOMEM, "out of memory");
	json_decref(args);
	close(pair[1]);
	if (!rc)
		rc = pb_loop_add(l->o.loop, pair[0], pb_slot_hear, s);
	if (rc) {
		close(pair[0]);
		s->worker = 0;
		return rc;
	}
	s->socket = pair[0];
	s->in.size = s->taken = 0;
	s->number = 0;
	s->overran = false;
	return 0;
}

static int take_messages(pb_slot *s)
{
	pb_message type;
	pb_bytes payload;
	uint32_t tag;
	int rc;
	while ((rc = pb_wire_take(&s->in, &s->taken, &type, &tag, &payload)) == 1) {
		s->heard++;
		if (type == PB_MSG_DONE && s->busy && tag == s->tag)
			s->busy = false;
		rc = s->all->o.message(s->all->o.user, s->index, tag, type, payload);
		if (rc)
			return rc;
	}
	if (rc < 0) { /* nonsense: such a worker is stopped like one that hangs */
		pb_template_kill(s->all->o.workers, s->worker);
		s->taken = s->in.size;
	}
	if (s->taken == s->in.size) {
		s->in.size = s->taken = 0;
	} else if (s->taken > (1u << 20)) {
		memmove(s->in.data, s->in.data + s->taken, s->in.size - s->taken);
		s->in.size -= s->taken;
		s->taken = 0;
	}
	return 0;
}

int pb_slot_hear(void *user, int fd, uint32_t events)
{
	pb_slot *s = user;
	uint8_t chunk[262144];
	(void)events;
	ssize_t n = recv(fd, chunk, sizeof chunk, MSG_DONTWAIT);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return 0;
	if (n <= 0) {
		/* Its end; why is told by the template. */
		pb_loop_remove(s->all->o.loop, fd);
		close(fd);
		s->socket = -1;
		return 0;
	}
	int rc = pb_buf_add(&s->in, chunk, (size_t)n);
	return rc ? rc : take_messages(s);
}

/* What a dead worker leaves behind in its socket was sent whole or not at all: the rest of a cut message is dropped. */
static void drain(pb_slot *s)
{
	while (s->socket >= 0)
		if (pb_slot_hear(s, s->socket, EPOLLIN))
			break;
	s->in.size = s->taken = 0;
}

static const char *check_named(const pb_lanes *l, uint32_t where)
{
	const json_t *ids = json_object_get(pb_template_about(l->o.workers), "ids");
	return where >= PB_AT_CHECK ? json_string_value(json_array_get(ids, where - PB_AT_CHECK)) : NULL;
}

/* A check that ended three workers is not asked again. */
static void count_death(pb_lanes *l, const char *check, const char *why)
{
	json_int_t n = pb_json_int(l->killers, check, 0) + 1;
	char words[400];
	json_object_set_new(l->killers, check, json_integer(n));
	if (n < PB_ASIDE_DEATHS)
		return;
	snprintf(words, sizeof words, "set aside after it ended %d workers: %.300s", PB_ASIDE_DEATHS, why);
	json_object_set_new(l->aside, check, json_string(words));
}

static json_t *excuse_of(pb_slot *s, uint64_t number, uint32_t where, const char *why)
{
	const char *check = check_named(s->all, where);
	char words[400];
	if (check)
		count_death(s->all, check, why);
	if (number != s->dying_entry) {
		s->dying_entry = number;
		s->deaths = 0;
		json_object_clear(s->excused);
	}
	if (check && ++s->deaths < PB_ENTRY_DEATHS) {
		json_object_set_new(s->excused, check, json_string(why));
		return json_pack("{s:I,s:O}", "number", (json_int_t)number, "checks", s->excused);
	}
	snprintf(words, sizeof words, "%.300s%s", why, where == PB_AT_PATTERNS ? " while looking for patterns"
	                                               : where == PB_AT_FACTS  ? " while reading its structure" : "");
	return json_pack("{s:I,s:s}", "number", (json_int_t)number, "skip", words);
}

static void on_died(void *user, uint32_t process, int status)
{
	pb_slot *s = user;
	pb_lanes *l = s->all;
	char words[100], why[200];
	uint64_t number;
	uint32_t where;
	bool idle;
	json_t *excuse = NULL;
	if (process != s->worker)
		return;
	drain(s);
	s->worker = 0;
	pb_lane_watch(s->watch, &number, &where, &idle);
	if (status != 0 || number)
		l->deaths++;
	pb_status_words(status, words, sizeof words);
	if (s->overran)
		snprintf(why, sizeof why, "took longer than %u s", l->o.object_seconds);
	else
		snprintf(why, sizeof why, "worker died: %s", words);
	if (number && s->heard >= number)
		excuse = json_pack("{s:I,s:b}", "number", (json_int_t)number, "sent", 1); /* its result has come, only the mark of it is missing */
	else if (number)
		excuse = excuse_of(s, number, where, why);
	if (s->heard == s->heard_before && !number && ++s->stillborn >= STILLBORN) {
		pb_fail(&l->err, PB_EIO, "worker processes end as soon as they are started: %s", words);
		return;
	}
	if (s->heard != s->heard_before || number)
		s->stillborn = 0;
	s->heard_before = s->heard;
	if (pb_slot_start_worker(s, excuse) && !l->err.code)
		pb_fail(&l->err, PB_EIO, "cannot start a worker");
	json_decref(excuse);
}

bool pb_slot_drained(const pb_slot *s)
{
	uint64_t number;
	uint32_t where;
	bool idle;
	uint8_t byte;
	pb_lane_watch(s->watch, &number, &where, &idle);
	return idle && s->taken == s->in.size && (s->socket < 0 || recv(s->socket, &byte, 1, MSG_PEEK | MSG_DONTWAIT) <= 0);
}

int pb_slot_watch(pb_slot *s, int64_t now)
{
	uint64_t number;
	uint32_t where;
	bool idle;
	if (!s->worker)
		return 0;
	pb_lane_watch(s->watch, &number, &where, &idle);
	if (number != s->number || !number) {
		s->number = number;
		s->since = now;
	} else if (!s->overran && now - s->since > (int64_t)s->all->o.object_seconds * 1000) {
		s->overran = true;
		pb_template_kill(s->all->o.workers, s->worker);
	}
	return 0;
}
