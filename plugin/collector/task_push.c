/* Reports go out one by one (a webhook) or many in a request (_bulk of OpenSearch and Elasticsearch). An item leaves the outbox only when the answer
 * says of it, by itself, that it arrived; its id is the report's digest, so that what is sent twice is there once. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fs.h"
#include "collector/outbox.h"
#include "collector/tasks.h"

enum { BULK_ITEMS = 100, BULK_BYTES = 8 << 20, ANSWER_MOST = 8 << 20 };

typedef struct pushing {
	pb_task *t;
	const char *dir, *token;
	json_t *hosts, *sent, *failed;
	/* of the _bulk request that is being put together */
	pb_buf body;
	json_t *names, *ids;
	char to[PB_URL_MOST];
} pushing;

static void failed(pushing *p, const char *name, const char *why)
{
	json_array_append_new(p->failed, json_pack("{s:s,s:o}", "name", name, "why", pb_json_display(why, strlen(why), 600)));
}

static void arrived(pushing *p, const char *name)
{
	char *file = pb_fs_join(p->dir, name);

	if (!file || unlink(file) != 0)
		failed(p, name, "it arrived, but cannot be removed from the outbox");
	else
		json_array_append_new(p->sent, json_string(name));
	free(file);
}

static bool same_place(const char *a, const char *b)
{
	pb_url x, y;

	return !pb_url_parse(a, &x, NULL) && !pb_url_parse(b, &y, NULL) && x.tls == y.tls && x.port == y.port && strcmp(x.host, y.host) == 0;
}

static int post(pushing *p, const char *to, const char *type, const char *id, pb_bytes body, pb_fetch_answer *answer, pb_error *err)
{
	const char *own = pb_json_str(json_object_get(p->t->settings, "push"), "url", "");
	json_t *headers = json_pack("{s:s,s:s}", "Content-Type", type, "Accept", "application/json");
	pb_url u;
	/* An http destination at a private address is its own mirror: the same rules. */
	pb_fetch_request q = {.url = to, .headers = headers, .body = (const char *)body.data, .body_size = body.size, .max = ANSWER_MOST, .fd = -1,
	                      .hosts = p->hosts};
	char origin[PB_URL_TEXT];
	int rc = pb_url_parse(to, &u, err);

	if (*id)
		json_object_set_new(headers, "Idempotency-Key", json_string(id));
	if (*p->token && same_place(to, own)) { /* the token is for the place that the administrator named */
		char line[2100];

		(void)snprintf(line, sizeof line, "%s%s", strchr(p->token, ' ') ? "" : "Bearer ", p->token);
		json_object_set_new(headers, "Authorization", json_string(line));
	}
	if (!rc && !u.tls) {
		u.path[0] = '\0';
		pb_url_text(&u, origin);
		q.mirror = origin;
	}
	rc = rc ? rc : pb_fetch(p->t->fetcher, &q, answer, err);
	if (!rc && (answer->status < 200 || answer->status > 299))
		rc = pb_fail(err, PB_EIO, "%s: answers with status %ld", answer->url, answer->status);
	json_decref(headers);
	return rc;
}

static void webhook(pushing *p, const char *name, const json_t *item)
{
	char *text = pb_json_canonical(json_object_get(item, "report"));
	pb_fetch_answer answer = {0};
	pb_error err = {0};

	if (text && !post(p, pb_json_str(item, "to", ""), "application/json", pb_json_str(item, "id", ""),
	                  (pb_bytes){(const uint8_t *)text, strlen(text)}, &answer, &err))
		arrived(p, name);
	else
		failed(p, name, text ? err.text : "out of memory");
	pb_fetch_answer_free(&answer);
	free(text);
}

/* What the answer says of one item: NULL it is there; else why not. */
static const char *refusal(const json_t *items, size_t at, const char *id, char why[300])
{
	const json_t *row = json_object_get(json_array_get(items, at), "index"), *error = json_object_get(row, "error");
	int64_t status = pb_json_int(row, "status", 0);

	if (!json_is_object(row) || strcmp(pb_json_str(row, "_id", ""), id) != 0)
		return "the answer says nothing of it";
	if (status >= 200 && status <= 299)
		return NULL;
	(void)snprintf(why, 300, "status %lld: %.200s", (long long)status,
	               json_is_string(error) ? json_string_value(error) : pb_json_str(error, "reason", pb_json_str(error, "type", "no reason given")));
	return why;
}

static void flush(pushing *p)
{
	size_t n = json_array_size(p->names);
	pb_fetch_answer answer = {0};
	json_t *said = NULL;
	pb_error err = {0};
	char why[300];
	int rc = n > 0 ? post(p, p->to, "application/x-ndjson", "", (pb_bytes){p->body.data, p->body.size}, &answer, &err) : PB_OK;

	if (n > 0 && !rc) {
		said = pb_json_parse((pb_bytes){answer.body.data, answer.body.size}, ANSWER_MOST, "the answer", &err);
		rc = said ? PB_OK : err.code;
	}
	for (size_t i = 0; i < n; i++) {
		const char *name = json_string_value(json_array_get(p->names, i));
		const char *no = rc ? err.text : refusal(json_object_get(said, "items"), i, json_string_value(json_array_get(p->ids, i)), why);

		if (no)
			failed(p, name, no);
		else
			arrived(p, name);
	}
	json_decref(said);
	pb_fetch_answer_free(&answer);
	pb_buf_free(&p->body);
	json_array_clear(p->names);
	json_array_clear(p->ids);
}

/* .../_bulk, unless the URL has it. */
static void bulk_url(const char *to, char out[PB_URL_MOST])
{
	size_t n = strlen(to);
	bool whole = n >= 6 && strcmp(to + n - 6, "/_bulk") == 0;

	(void)snprintf(out, PB_URL_MOST, "%s%s", to, whole ? "" : n && to[n - 1] == '/' ? "_bulk" : "/_bulk");
}

static void bulk(pushing *p, const char *name, const json_t *item)
{
	char *text = pb_json_canonical(json_object_get(item, "report")), *line = NULL, to[PB_URL_MOST];
	json_t *head = json_pack("{s:{s:s,s:s}}", "index", "_id", pb_json_str(item, "id", ""), "_index", pb_json_str(item, "index", ""));

	bulk_url(pb_json_str(item, "to", ""), to);
	if (json_array_size(p->names) >= BULK_ITEMS || p->body.size > BULK_BYTES || strcmp(to, p->to) != 0)
		flush(p);
	memcpy(p->to, to, sizeof to);
	line = head ? pb_json_canonical(head) : NULL;
	if (text && line && !pb_buf_printf(&p->body, "%s\n%s\n", line, text)) {
		json_array_append_new(p->names, json_string(name));
		json_array_append_new(p->ids, json_string(pb_json_str(item, "id", "")));
	} else {
		failed(p, name, "out of memory");
	}
	json_decref(head);
	free(text);
	free(line);
}

int pb_task_push(pb_task *t, pb_error *err)
{
	const char *own = pb_json_str(json_object_get(t->settings, "push"), "url", "");
	pushing p = {.t = t, .dir = pb_json_str(t->job, "outbox", ""), .token = pb_json_str(t->job, "token", ""), .hosts = json_array(),
	             .names = json_array(), .ids = json_array(), .sent = pb_json_array_at(t->answer, "sent"),
	             .failed = pb_json_array_at(t->answer, "failed")};
	json_t *host, *item, *name;
	size_t i;

	if (!p.hosts || !p.names || !p.ids || !p.sent || !p.failed)
		return pb_fail(err, PB_ENOMEM, "out of memory");
	json_array_foreach (json_object_get(json_object_get(json_object_get(t->settings, "source"), "push"), "hosts"), i, host)
		json_array_append(p.hosts, host);
	pb_url u;
	if (*own && !pb_url_parse(own, &u, NULL)) {
		char entry[PB_URL_HOST_MOST + 10];

		(void)snprintf(entry, sizeof entry, "%s:%u", u.host, u.port);
		json_array_append_new(p.hosts, json_string(entry));
	}
	json_array_foreach (json_object_get(t->job, "items"), i, name) {
		pb_error inner = {0};

		if (!json_is_string(name))
			continue;
		if (pb_outbox_read(p.dir, json_string_value(name), &item, &inner)) {
			failed(&p, json_string_value(name), inner.text);
			continue;
		}
		if (strcmp(pb_json_str(item, "format", ""), "bulk") == 0)
			bulk(&p, json_string_value(name), item);
		else
			webhook(&p, json_string_value(name), item);
		json_decref(item);
	}
	flush(&p);
	json_decref(p.hosts);
	json_decref(p.names);
	json_decref(p.ids);
	return PB_OK;
}
