#include "keeper/evidence.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "findings/evidence.h"

enum { STEP_MS = 50, OBJECTS = 4, GRACE_MS = 3000 };

typedef struct asking {
	bool died;
	int status;
} asking;

static void on_died(void *user, uint32_t process, int status)
{
	asking *a = user;
	(void)process;
	a->died = true;
	a->status = status;
}

static int64_t now_ms(void)
{
	struct timespec t = {0};
	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Why it ended, once the template has told. */
static int ended(pb_keeper *k, const asking *a, pb_error *err)
{
	int64_t until = now_ms() + GRACE_MS;
	char words[100];
	bool busy;
	while (!a->died && now_ms() < until)
		if (pb_keeper_turn(k, &busy, err))
			return err && err->code ? err->code : PB_EIO;
	if (!a->died)
		return pb_fail(err, PB_EINTERNAL, "gave no answer");
	pb_status_words(a->status, words, sizeof words);
	return pb_fail(err, PB_EINTERNAL, "died: %s", words);
}

/* 1: more was read; 0: nothing within the step; -1: the other side closed. */
static int read_more(int fd, pb_buf *in)
{
	static uint8_t block[1 << 16];
	struct pollfd p = {.fd = fd, .events = POLLIN};
	if (poll(&p, 1, STEP_MS) <= 0)
		return 0;
	ssize_t n = recv(fd, block, sizeof block, MSG_DONTWAIT);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return 0;
	return n > 0 && !pb_buf_add(in, block, (size_t)n) ? 1 : -1;
}

static int hear(pb_keeper *k, int fd, unsigned seconds, const asking *a, json_t **out, pb_error *err)
{
	int64_t until = now_ms() + (int64_t)seconds * 1000;
	pb_buf in = {.max = (size_t)PB_WIRE_MAX + 64};
	int rc = 0, got = 0;
	while (!rc && !got) {
		pb_message type;
		uint32_t tag;
		pb_bytes payload;
		size_t at = 0;
		int more = read_more(fd, &in);
		if (k->o.interrupted && *k->o.interrupted)
			rc = pb_fail(err, PB_EIO, "interrupted");
		else if (more < 0)
			rc = ended(k, a, err);
		else if (now_ms() > until)
			rc = pb_fail(err, PB_EINTERNAL, "took longer than %u s", seconds);
		if (rc || more <= 0)
			continue;
		got = pb_wire_take(&in, &at, &type, &tag, &payload);
		if (got < 0)
			rc = pb_fail(err, PB_EINTERNAL, "speaks nonsense");
		else if (got && type == PB_MSG_ERROR)
			rc = pb_fail(err, PB_EINTERNAL, "failed: %.*s", (int)(payload.size < 400 ? payload.size : 400), (const char *)payload.data);
		else if (got && type != PB_MSG_RESULT)
			rc = pb_fail(err, PB_EINTERNAL, "speaks nonsense");
		else if (got) {
			pb_error why = {0};
			*out = pb_json_parse(payload, PB_WIRE_MAX, "its answer", &why);
			if (!*out || pb_evidence_valid(*out, &why))
				rc = pb_fail(err, PB_EINTERNAL, "speaks nonsense: %s", why.text);
		}
	}
	pb_buf_free(&in);
	return rc;
}

int pb_keeper_evidence(pb_keeper *k, int input, int product, json_t **out, pb_error *err)
{
	asking a = {0};
	pb_error why = {0};
	uint32_t process = 0;
	int pair[2];
	*out = NULL;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
		return pb_fail(err, PB_EIO, "socketpair: %s", strerror(errno));
	int fds[3] = {pair[1], input, product};
	int rc = pb_template_spawn(k->rules, "evidence", fds, product >= 0 ? 3 : 2, NULL, on_died, &a, &process, &why);
	close(pair[1]);
	if (!rc) {
		rc = hear(k, pair[0], OBJECTS * k->o.object_seconds, &a, out, &why);
		if (!a.died)
			pb_template_forget(k->rules, process);
	}
	close(pair[0]);
	if (rc) {
		json_decref(*out);
		*out = NULL;
		pb_fail(err, rc, rc == PB_EIO ? "%.0s%s" : "the process that reads evidence %s%s", rc == PB_EIO ? "" : why.text, rc == PB_EIO ? why.text : "");
	}
	return rc;
}

static json_t *refused(const json_t *file, const char *why)
{
	return json_pack("{s:s,s:s,s:I,s:s,s:s,s:s,s:s,s:[],s:s,s:s,s:s,s:{},s:[]}", "name", pb_json_str(file, "name", "?"), "sha256",
	                 pb_json_str(file, "sha256", ""), "size", (json_int_t)pb_json_int(file, "size", 0), "kind", "unknown", "format", "", "state",
	                 "refused", "why", pb_json_str(file, "why", why), "subjects", "issued", "", "expires", "", "by", "", "content", "signatures");
}

json_t *pb_evidence_refused(const json_t *files, const char *why)
{
	json_t *out = json_pack("{s:s,s:[],s:[],s:[{s:s,s:s}],s:[],s:[],s:{s:s,s:s,s:s}}", "schema", "probity-evidence/1", "documents", "waivers",
	                        "problems", "document", "", "why", why, "roots", "package_signatures", "product", "sha512", "", "sha1", "", "md5", "");
	json_t *file;
	size_t i;
	json_array_foreach(files, i, file) {
		bool waivers = strcmp(pb_json_str(file, "list", ""), "waivers") == 0;
		json_t *list = json_object_get(out, waivers ? "waivers" : "documents");
		if (json_array_size(list) < PB_EVIDENCE_DOCUMENTS && json_array_append_new(list, refused(file, why))) {
			json_decref(out);
			return NULL;
		}
	}
	return out;
}
