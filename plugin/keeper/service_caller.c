/* Who connects: hooks, which become streams, and those who ask. Each says at once what it wants; who does not is hung up on. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "keeper/query.h"
#include "keeper/service_parts.h"

enum { MAX_CALLERS = 128, SILENCE_MS = 5000 };

/* A connection that has not yet said what it wants. */
typedef struct pb_caller {
	pb_service *s;
	struct ucred who;
	int socket;
	int64_t since;
	struct pb_caller *next;
} pb_caller;

static bool is_owner(uid_t uid)
{
	return uid == 0 || uid == geteuid();
}

static bool granted(const pb_service *s, char *const *specs, const struct ucred *who)
{
	return is_owner(who->uid) || (!s->o.private_use && pb_config_grants(specs, who->uid, who->gid));
}

/* keep: its socket is somebody else's by now. */
static void drop(pb_service *s, pb_caller *c, bool keep)
{
	for (pb_caller **at = &s->callers; *at; at = &(*at)->next)
		if (*at == c) {
			*at = c->next;
			break;
		}
	if (!keep) {
		pb_loop_remove(s->loop, c->socket);
		close(c->socket);
	}
	free(c);
}

void pb_caller_close_all(pb_service *s)
{
	while (s->callers)
		drop(s, s->callers, false);
}

void pb_caller_tick(pb_service *s)
{
	while (s->callers && pb_now_ms() - s->callers->since > SILENCE_MS)
		drop(s, s->callers, false);
}

/* From the store, in out: 1; 0: no such question; 2: somebody else answers; a code. Reading all of it (verify) takes a process of its own:
 * scans go on meanwhile. */
static int answer_stored(pb_service *s, int fd, const struct ucred *who, const json_t *request, pb_buf *out, pb_error *err)
{
	bool all = granted(s, s->o.config->read, who);
	if (strcmp(pb_json_str(request, "do", ""), "verify") != 0 || !s->o.store)
		return pb_query_answer(s->o.store, request, who->uid, all, out, err);
	pid_t pid = fork();
	if (pid < 0)
		return pb_fail(err, PB_EIO, "no process for it: %s", strerror(errno));
	if (pid > 0) {
		while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
			;
		return 2;
	}
	/* Twice, so that nobody has to wait for it; with a handle of its own, as SQLite's cannot be shared across a fork. */
	pid = fork();
	if (pid == 0) {
		pb_store *store = NULL;
		if (pb_store_open(s->o.config->store, true, 1000, &store, err) == 0 && pb_query_answer(store, request, who->uid, all, out, err) == 1)
			pb_query_reply(fd, out);
		pb_store_close(store);
	}
	_exit(0);
}

void pb_caller_answer(int socket, json_t *line)
{
	pb_buf out = {0};
	char *text = line ? pb_json_canonical(line) : NULL;
	if (text && !pb_buf_puts(&out, text) && !pb_buf_puts(&out, "\n"))
		pb_query_reply(socket, &out);
	free(text);
	json_decref(line);
	pb_buf_free(&out);
}

/* true: the answer is given later, and the socket is kept until then. */
static bool answer(pb_service *s, int fd, const struct ucred *who, const json_t *request)
{
	pb_error err = {0};
	pb_buf out = {0};
	const char *what = pb_json_str(request, "do", "");
	int rc;
	if (strcmp(what, "status") == 0) {
		pb_caller_answer(fd, pb_service_status(s));
		return false;
	}
	if (strcmp(what, "reload") == 0) {
		rc = is_owner(who->uid) ? pb_reload_ask(s, fd, &err) : pb_fail(&err, PB_EINPUT, "only root and the keeper's own user may reload");
		if (rc == 0)
			return true;
	} else {
		rc = answer_stored(s, fd, who, request, &out, &err);
		if (rc == 1)
			pb_query_reply(fd, &out);
		pb_buf_free(&out);
	}
	if (rc <= 0)
		pb_caller_answer(fd, json_pack("{s:s}", "error", rc < 0 && err.code ? err.text : "no such request"));
	return false;
}

static bool on_query(pb_service *s, int fd, const struct ucred *who, pb_bytes text)
{
	json_t *request = pb_json_parse(text, PB_QUERY_MAX, "a request", NULL);
	bool kept = request && answer(s, fd, who, request);
	json_decref(request);
	return kept;
}

static bool on_hello(pb_service *s, int fd, const struct ucred *who, const uint8_t *packet)
{
	pb_stream_hello hello;
	memcpy(&hello, packet, sizeof hello);
	if (granted(s, s->o.config->submit, who))
		return pb_stream_add(s, fd, who, &hello) == 0;
	pb_service_log(s, LOG_WARNING, "user %u may not submit scans ([access] submit): process %ld is refused", (unsigned)who->uid, (long)who->pid);
	return false;
}

static int on_caller(void *user, int fd, uint32_t events)
{
	pb_caller *c = user;
	pb_service *s = c->s;
	uint8_t packet[PB_QUERY_MAX + 4];
	uint32_t type = 0;
	struct ucred who = c->who;
	bool kept = false;
	(void)events;
	ssize_t n = recv(fd, packet, sizeof packet, MSG_DONTWAIT);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return 0;
	if (n >= 4)
		memcpy(&type, packet, sizeof type);
	pb_loop_remove(s->loop, fd);
	drop(s, c, true);
	if (type == PB_STREAM_HELLO && (size_t)n == sizeof(pb_stream_hello))
		kept = on_hello(s, fd, &who, packet);
	else if (type == PB_STREAM_QUERY)
		kept = on_query(s, fd, &who, (pb_bytes){packet + 4, (size_t)n - 4});
	if (!kept)
		close(fd);
	return 0;
}

static void add(pb_service *s, int socket, const struct ucred *who)
{
	pb_caller *c = calloc(1, sizeof *c), **last = &s->callers;
	size_t n = 0;
	if (c)
		*c = (pb_caller){.s = s, .who = *who, .socket = socket, .since = pb_now_ms()};
	if (!c || pb_loop_add(s->loop, socket, on_caller, c)) {
		close(socket);
		free(c);
		return;
	}
	for (; *last; last = &(*last)->next)
		n++;
	*last = c;
	if (n >= MAX_CALLERS) /* who has something to say has said it by the time that so many others have come */
		drop(s, s->callers, false);
}

int pb_service_accept(void *user, int fd, uint32_t events)
{
	pb_service *s = user;
	struct ucred who;
	socklen_t size = sizeof who;
	(void)events;
	int socket = accept4(fd, NULL, NULL, SOCK_CLOEXEC);
	if (socket < 0) {
		if ((errno == EMFILE || errno == ENFILE) && s->callers)
			drop(s, s->callers, false); /* the next one may be luckier */
		return 0;
	}
	if (getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &who, &size) < 0 || (s->o.private_use && !is_owner(who.uid)))
		close(socket);
	else
		add(s, socket, &who);
	return 0;
}
