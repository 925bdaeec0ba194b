/* A lane's worker: started, heard, watched, and replaced when it dies. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "keeper/lane_slot.h"

enum { EXIT_LIES = 2 }; /* of a worker: its front broke the lane (worker/mapper.h) */

static const char kept_back[] = "its worker kept messages back";

static void on_died(void *user, uint32_t process, int status);
static int on_heard(void *user, int fd, uint32_t events);

static void close_socket(pb_slot *s)
{
	if (s->socket >= 0) {
		pb_loop_remove(s->all->o.loop, s->socket);
		close(s->socket);
	}
	s->socket = -1;
	s->in.size = s->taken = 0;
}

int pb_slot_start_worker(pb_slot *s, const json_t *excuse)
{
	pb_lanes *l = s->all;
	int pair[2];
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
		return pb_fail(&l->err, PB_EIO, "socketpair: %s", strerror(errno));
	json_t *args = json_pack("{s:I,s:i}", "memory", (json_int_t)l->o.memory, "pattern_seconds", (int)l->o.object_seconds);
	int fds[4] = {pair[1], s->memory, l->o.known};
	size_t n = l->o.known < 0 ? 2 : 3;
	if (args && s->scratch >= 0) {
		json_object_set_new(args, "scratch", json_integer((json_int_t)n));
		fds[n++] = s->scratch;
	}
	if (args && excuse)
		json_object_set(args, "excuse", (json_t *)excuse);
	if (args && l->o.trace)
		json_object_set(args, "trace", (json_t *)l->o.trace);
	if (args)
		pb_blame_tell(s, args);
	int rc = args ? pb_template_spawn(l->o.workers, "worker", fds, n, args, on_died, s, &s->worker, &l->err)
	              : pb_fail(&l->err, PB_ENOMEM, "out of memory");
	json_decref(args);
	close(pair[1]);
	if (!rc && pb_loop_add(l->o.loop, pair[0], on_heard, s)) {
		pb_template_forget(l->o.workers, s->worker);
		rc = pb_fail(&l->err, PB_ENOMEM, "cannot watch a worker");
	}
	if (rc) {
		close(pair[0]);
		s->worker = 0;
		return rc;
	}
	s->socket = pair[0];
	s->in.size = s->taken = 0;
	s->heard_before = s->heard;
	s->words[0] = '\0';
	pb_pace_begin(&s->pace, 0);
	s->killed = PB_KILLED_NOT;
	s->flooded = false;
	return 0;
}

void pb_slot_drop_worker(pb_slot *s)
{
	if (s->worker)
		pb_template_forget(s->all->o.workers, s->worker);
	s->worker = 0;
	close_socket(s);
}

static void kill_worker(pb_slot *s, pb_killed why)
{
	if (s->worker && !s->killed) {
		s->killed = why;
		pb_template_kill(s->all->o.workers, s->worker);
	}
}

void pb_slot_replace_worker(pb_slot *s)
{
	kill_worker(s, PB_KILLED_REPLACED);
}

/* One message. Tag 0: the worker speaks of itself, at its end. */
static int take_one(pb_slot *s, uint32_t tag, pb_message type, pb_bytes payload)
{
	if (tag == 0 && type == PB_MSG_ERROR) {
		snprintf(s->words, sizeof s->words, "%.*s", payload.size < 150 ? (int)payload.size : 150, (const char *)payload.data);
		return 0;
	}
	if (s->heard >= pb_lane_taken(s->watch)) { /* more messages than entries: none of them can be told from the others any more */
		kill_worker(s, PB_KILLED_NONSENSE);
		s->flooded = true;
		return 0;
	}
	s->heard++;
	if (type == PB_MSG_PIECE)
		return 0;
	if (type == PB_MSG_DONE && s->busy && tag == s->tag)
		s->busy = false;
	int rc = s->all->o.message(s->all->o.user, s->index, tag, type, payload);
	if (type == PB_MSG_DONE) {
		pb_blame_spent(s, payload);
		pb_blame_end(s, tag);
	}
	return rc;
}

/* A code of a callback does not keep the messages behind it: what becomes of the run is its owner's decision. */
static int take_messages(pb_slot *s)
{
	pb_message type;
	pb_bytes payload;
	uint32_t tag;
	int rc, first = 0;
	while (s->killed != PB_KILLED_NONSENSE && (rc = pb_wire_take(&s->in, &s->taken, &type, &tag, &payload)) != 0) {
		if (rc < 0) {
			kill_worker(s, PB_KILLED_NONSENSE);
			s->killed = PB_KILLED_NONSENSE;
			break;
		}
		rc = take_one(s, tag, type, payload);
		first = first ? first : rc;
	}
	if (s->killed == PB_KILLED_NONSENSE || s->taken == s->in.size) {
		s->in.size = s->taken = 0;
	} else if (s->taken > (1u << 20)) {
		memmove(s->in.data, s->in.data + s->taken, s->in.size - s->taken);
		s->in.size -= s->taken;
		s->taken = 0;
	}
	return first;
}

/* 1: something came; 0: nothing now, or its end; a callback's code. */
static int hear(pb_slot *s)
{
	uint8_t chunk[262144];
	ssize_t n;
	do
		n = recv(s->socket, chunk, sizeof chunk, MSG_DONTWAIT);
	while (n < 0 && errno == EINTR);
	if (n < 0 && errno == EAGAIN)
		return 0;
	if (n <= 0) {
		/* Its end; why is told by the template. One that only closed its socket has no use any more. */
		close_socket(s);
		if (s->worker)
			pb_template_kill(s->all->o.workers, s->worker);
		return 0;
	}
	s->moved = true;
	int rc = pb_buf_add(&s->in, chunk, (size_t)n);
	if (rc) {
		kill_worker(s, PB_KILLED_NONSENSE); /* what it says does not fit any more */
		return rc;
	}
	rc = take_messages(s);
	return rc ? rc : 1;
}

static int on_heard(void *user, int fd, uint32_t events)
{
	(void)fd;
	(void)events;
	int rc = hear(user);
	return rc < 0 ? rc : 0;
}

/* What a dead worker leaves behind in its socket was sent whole or not at all: the rest of a cut message is dropped. */
static void drain(pb_slot *s)
{
	int rc = 1;
	while (s->socket >= 0 && (rc = hear(s)) != 0)
		if (rc < 0 && !s->all->err.code)
			pb_fail(&s->all->err, rc, rc == PB_ENOMEM ? "out of memory" : "no room for what was found");
	close_socket(s);
}

bool pb_slot_drained(const pb_slot *s)
{
	uint64_t number;
	uint32_t where;
	bool idle;
	uint8_t byte;
	if (s->broken)
		return true;
	pb_lane_watch(s->watch, &number, &where, &idle);
	return idle && s->taken == s->in.size && (s->socket < 0 || recv(s->socket, &byte, 1, MSG_PEEK | MSG_DONTWAIT) <= 0);
}

/* With work before it, and none done: after a few of those no more are tried. */
static bool is_stillborn(pb_slot *s, const char *why)
{
	if (s->heard != s->heard_before) {
		s->stillborn = 0;
		return false;
	}
	if (++s->stillborn < PB_STILLBORN)
		return false;
	pb_fail(&s->all->err, PB_EIO, "worker processes end as soon as they are started: %s", *s->words ? s->words : why);
	return true;
}

static void words_of_end(const pb_slot *s, int status, char *out, size_t size)
{
	char words[100];
	pb_status_words(status, words, sizeof words);
	if (s->killed == PB_KILLED_OVERRAN)
		snprintf(out, size, "took longer than %u s", s->all->o.object_seconds);
	else if (s->killed == PB_KILLED_NONSENSE)
		snprintf(out, size, "its worker sent nonsense");
	else
		snprintf(out, size, "worker died: %s", words);
}

/* Killed by somebody else (a kernel short of memory, an administrator): the entry is tried once more before it is blamed. */
static bool is_spared(pb_slot *s, uint64_t number, int status)
{
	if (s->killed == PB_KILLED_REPLACED)
		return true;
	if (s->killed || !WIFSIGNALED(status) || WTERMSIG(status) != SIGKILL || s->spared == number)
		return false;
	s->spared = number;
	return true;
}

static void on_died(void *user, uint32_t process, int status)
{
	pb_slot *s = user;
	char why[200];
	uint64_t number;
	uint32_t where;
	bool idle, replaced = s->killed == PB_KILLED_REPLACED;
	json_t *excuse = NULL;
	if (process != s->worker)
		return;
	drain(s);
	s->worker = 0;
	pb_lane_watch(s->watch, &number, &where, &idle);
	s->all->deaths += !replaced && (status != 0 || number);
	words_of_end(s, status, why, sizeof why);
	if (WIFEXITED(status) && WEXITSTATUS(status) == EXIT_LIES) {
		pb_slot_break(s, *s->words ? s->words : "broke the memory that it shares with its worker");
	} else if (s->flooded) {
		pb_slot_break(s, "its worker sent more than it was asked");
	} else if (s->heard < (number ? number - 1 : pb_lane_taken(s->watch))) {
		pb_slot_break(s, kept_back);
	} else if (number && number == s->skipped && !is_spared(s, number, status)) {
		pb_slot_break(s, why); /* even leaving it out did not help */
	} else if (number || !idle) {
		if (number && s->heard >= number) /* its result has come, only the mark of it is missing */
			excuse = json_pack("{s:I,s:b}", "number", (json_int_t)number, "sent", 1);
		else if (number)
			excuse = is_spared(s, number, status) ? pb_blame_again(s, number) : pb_blame(s, number, where, why);
		if (number || replaced || !is_stillborn(s, why))
			pb_slot_start_worker(s, excuse);
		json_decref(excuse);
	}
}

/* Nothing happens although something should: the worker hangs, or keeps what it should say to itself. */
int pb_slot_watch(pb_slot *s, int64_t now)
{
	uint64_t number;
	uint32_t where;
	bool idle;
	if (s->broken)
		return 0;
	pb_lane_watch(s->watch, &number, &where, &idle);
	if (!s->worker && !idle && pb_slot_start_worker(s, NULL)) /* it died when there was nothing to do, or before anything came */
		return s->all->err.code;
	bool owes = idle && s->heard < pb_lane_last(s->watch);
	bool sending = where == PB_AT_SENDING && s->moved; /* as long as bytes come it may take what it takes */
	if ((idle && !owes && s->taken == s->in.size) || sending || !s->pace.since || number != s->at || s->heard != s->heard_at) {
		s->at = number;
		s->heard_at = s->heard;
		pb_pace_begin(&s->pace, now);
	} else if (pb_pace_over(&s->pace, s->worker ? pb_template_proc(s->all->o.workers, s->worker) : -1, s->all->o.object_seconds, now)) {
		if (owes)
			pb_slot_break(s, kept_back);
		else
			kill_worker(s, PB_KILLED_OVERRAN);
	}
	s->moved = false;
	return 0;
}
