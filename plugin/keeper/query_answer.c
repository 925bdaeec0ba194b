/* The keeper's half: what it answers from its store, and to whom. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "keeper/query.h"

typedef struct asker {
	pb_store *store;
	int64_t uid;
	bool may_read;
	pb_buf *out;
	bool hidden; /* show: it is another user's */
} asker;

static int put_text(pb_buf *out, const char *line)
{
	int rc = line ? pb_buf_puts(out, line) : PB_ENOMEM;
	return rc ? rc : pb_buf_puts(out, "\n");
}

/* Takes line. */
static int put_line(pb_buf *out, json_t *line)
{
	char *text = line ? pb_json_canonical(line) : NULL;
	int rc = put_text(out, text);
	free(text);
	json_decref(line);
	return rc;
}

static int put_error(pb_buf *out, const char *text)
{
	return put_line(out, json_pack("{s:s}", "error", text));
}

/* Keys that a request may hold, and of what type. A number is never negative. */
typedef struct field {
	const char *key;
	const char **text;
	int64_t *number;
} field;

static int bad(pb_error *err, const char *what, const char *key)
{
	return pb_fail(err, PB_EINPUT, "the question's \"%s\" %s", key, what);
}

static int read_fields(const json_t *request, const field *fields, size_t n, pb_error *err)
{
	const char *key;
	json_t *value;
	json_object_foreach ((json_t *)(uintptr_t)request, key, value) {
		size_t i = 0;
		if (strcmp(key, "do") == 0)
			continue;
		while (i < n && strcmp(key, fields[i].key) != 0)
			i++;
		if (i == n)
			return bad(err, "is unknown", key);
		if (fields[i].text && !(*fields[i].text = json_string_value(value)))
			return bad(err, "is no text", key);
		if (fields[i].number &&
		    (!json_is_integer(value) || (*fields[i].number = json_integer_value(value)) < 0))
			return bad(err, "is no number from 0 on", key);
	}
	return 0;
}

static size_t rows(int64_t limit)
{
	return limit > 0 && limit < PB_QUERY_ROWS ? (size_t)limit : PB_QUERY_ROWS;
}

static int list_one(void *user, const pb_stored *a)
{
	return put_line(((asker *)user)->out, pb_stored_json(a));
}

static int answer_list(asker *a, const json_t *request, pb_error *err)
{
	pb_store_query q = {.uid = a->uid, .any_uid = a->may_read};
	int64_t limit = 0, valid = 0;
	const field fields[] = {{"decision", &q.decision, NULL}, {"name", &q.name, NULL},   {"sha256", &q.sha256, NULL},
	                        {"since", NULL, &q.since},       {"until", NULL, &q.until}, {"before", NULL, &q.before},
	                        {"limit", NULL, &limit},         {"policy", &q.policy, NULL}, {"below", NULL, &q.below},
	                        {"valid", NULL, &valid}};
	int rc = read_fields(request, fields, sizeof fields / sizeof *fields, err);
	q.valid = valid != 0;
	q.limit = rows(limit);
	if (q.valid && q.limit > PB_QUERY_VALID) /* each report is read */
		q.limit = PB_QUERY_VALID;
	return rc ? rc : pb_store_list(a->store, &q, list_one, a, err);
}

static int show_one(void *user, const pb_stored *s)
{
	asker *a = user;
	a->hidden = !a->may_read && (s->uid < 0 || s->uid != a->uid);
	if (a->hidden)
		return 0;
	int rc = put_line(a->out, pb_stored_json(s));
	return rc || !s->report ? rc : put_text(a->out, s->report);
}

static int answer_show(asker *a, const json_t *request, pb_error *err)
{
	int64_t id = 0;
	const field fields[] = {{"id", NULL, &id}};
	int rc = read_fields(request, fields, 1, err);
	rc = rc ? rc : pb_store_get(a->store, id, show_one, a, err);
	if (rc == 0 || (rc == 1 && a->hidden)) /* the same words: that it exists is nobody else's business */
		return pb_fail(err, PB_EINPUT, "there is no assessment %" PRId64, id);
	return rc == 1 ? 0 : rc;
}

static int log_one(void *user, const char *line, const char *digest)
{
	(void)digest;
	return put_text(((asker *)user)->out, line);
}

static int answer_log(asker *a, const json_t *request, pb_error *err)
{
	int64_t before = 0, limit = 0;
	const field fields[] = {{"before", NULL, &before}, {"limit", NULL, &limit}};
	int rc = read_fields(request, fields, 2, err);
	return rc ? rc : pb_store_log(a->store, before, rows(limit), log_one, a, err);
}

static int answer_verify(asker *a, const json_t *request, pb_error *err)
{
	int64_t lines, line = 0;
	const char *noted = NULL;
	char head[65];
	pb_error why = {0};
	const field fields[] = {{"head", &noted, NULL}};
	int rc = read_fields(request, fields, 1, err);
	if (!rc && noted && (strlen(noted) != 64 || strspn(noted, "0123456789abcdef") != 64))
		rc = bad(err, "is no digest: 64 of 0-9 and a-f", "head");
	if (rc)
		return rc;
	rc = pb_store_verify(a->store, &lines, head, &why);
	if (!rc && noted) {
		rc = pb_store_line_with(a->store, noted, &line, &why);
		if (!rc && line == 0)
			rc = pb_fail(&why, PB_ECORRUPT,
			             "no line of the log has the digest %s: its end was cut off, or it was written anew", noted);
	}
	if (rc && rc != PB_ECORRUPT)
		return pb_fail(err, rc, "%s", why.text);
	json_t *answer = json_pack("{s:b,s:I,s:s,s:s}", "holds", rc == 0, "lines", (json_int_t)lines, "head", head,
	                           "why", why.text);
	if (answer && noted)
		json_object_set_new(answer, "noted", json_integer(line));
	return put_line(a->out, answer);
}

static const struct {
	const char *verb;
	bool all; /* it shows what every user asked for */
	int (*answer)(asker *a, const json_t *request, pb_error *err);
} verbs[] = {
    {"list", false, answer_list},
    {"show", false, answer_show},
    {"log", true, answer_log},
    {"verify", true, answer_verify},
};

int pb_query_answer(pb_store *store, const json_t *request, int64_t uid, bool may_read, pb_buf *out, pb_error *err)
{
	asker a = {.store = store, .uid = uid, .may_read = may_read, .out = out};
	const char *verb = pb_json_str(request, "do", "");
	size_t i = 0, start = out->size;
	pb_error why = {0};
	int rc;
	while (i < sizeof verbs / sizeof *verbs && strcmp(verb, verbs[i].verb) != 0)
		i++;
	if (i == sizeof verbs / sizeof *verbs)
		return 0;
	if (!store)
		rc = pb_fail(&why, PB_EINPUT, "this keeper keeps no store ([store] file in probity.conf)");
	else if (verbs[i].all && !may_read)
		rc = pb_fail(&why, PB_EINPUT, "\"%s\" is for those whom [access] read in probity.conf names", verb);
	else
		rc = verbs[i].answer(&a, request, &why);
	if (rc) {
		out->size = start; /* half an answer is none */
		if (!why.code)     /* a line found no room */
			pb_fail(&why, rc, rc == PB_ELIMIT ? "the answer is too long: ask for less" : "out of memory");
		rc = put_error(out, why.text);
		if (rc)
			return pb_fail(err, rc, "%s", why.text);
	}
	return 1;
}

static int fill(int fd, const pb_buf *lines)
{
	for (size_t at = 0; at < lines->size;) {
		ssize_t n = write(fd, lines->data + at, lines->size - at);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return PB_EIO;
		at += (size_t)n;
	}
	return fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) ? PB_EIO : 0;
}

int pb_query_reply(int socket, const pb_buf *lines)
{
	union {
		struct cmsghdr align;
		char space[CMSG_SPACE(sizeof(int))];
	} control = {0};
	uint32_t type = PB_STREAM_ANSWER;
	struct iovec part = {&type, sizeof type};
	struct msghdr m = {
	    .msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
	int fd = memfd_create("probity-answer", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (fd < 0)
		return PB_EIO;
	int rc = fill(fd, lines);
	struct cmsghdr *c = CMSG_FIRSTHDR(&m);
	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof fd);
	memcpy(CMSG_DATA(c), &fd, sizeof fd);
	if (!rc && sendmsg(socket, &m, MSG_DONTWAIT | MSG_NOSIGNAL) < 0)
		rc = PB_EIO;
	close(fd);
	return rc;
}
