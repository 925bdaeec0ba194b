/* Redirects and retries: each hop passes the same rules, and none is asked for ever. */
#include "collector/fetch.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/text.h"
#include "collector/curl.h"
#include "collector/gate.h"

enum { WAIT_MOST_MS = 30000 };

struct pb_fetcher {
	const json_t *settings;
	pb_curl *curl;
};

int pb_fetcher_open(const json_t *settings, pb_fetcher **out, pb_error *err)
{
	pb_fetcher *f = calloc(1, sizeof *f);
	int rc = f ? pb_curl_open(settings, &f->curl, err) : pb_fail(err, PB_ENOMEM, "out of memory");

	if (rc) {
		free(f);
		f = NULL;
	} else {
		f->settings = settings;
	}
	*out = f;
	return rc;
}

void pb_fetcher_close(pb_fetcher *f)
{
	if (f)
		pb_curl_close(f->curl);
	free(f);
}

void pb_fetch_answer_free(pb_fetch_answer *a)
{
	pb_buf_free(&a->body);
	json_decref(a->headers);
	json_decref(a->tls);
	*a = (pb_fetch_answer){0};
}

int pb_fetch_plan(const pb_fetcher *f, const pb_fetch_request *r, char out[PB_URL_TEXT], pb_error *err)
{
	pb_gate gate;
	pb_url u;
	int rc = pb_gate_open(f->settings, r->hosts, r->mirror, &gate, err);

	rc = rc ? rc : pb_gate_first(&gate, r->url, &u, err);
	if (!rc)
		pb_url_text(&u, out);
	return rc;
}

static bool wants_later(long status)
{
	return status == 429 || status == 502 || status == 503 || status == 504;
}

/* Twice as long each time; what the answer asks for counts where it is longer, up to a bound. */
static void wait_for(const pb_fetcher *f, const pb_fetch_answer *a, unsigned tried)
{
	int64_t ms = pb_json_int(f->settings, "retry_ms", 1000) << (tried < 10 ? tried : 10), asked;

	if (a->headers && pb_text_int(pb_json_str(a->headers, "retry-after", ""), 0, 86400, &asked) && asked * 1000 > ms)
		ms = asked * 1000;
	if (ms > WAIT_MOST_MS)
		ms = WAIT_MOST_MS;
	struct timespec t = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};
	while (nanosleep(&t, &t) != 0)
		;
}

static int ask(pb_fetcher *f, const pb_gate *gate, const pb_url *u, const pb_fetch_request *r, pb_fetch_answer *out, pb_error *err)
{
	unsigned most = (unsigned)pb_json_int(f->settings, "retries", 2);
	bool passing;
	int rc;

	for (unsigned tried = 0;; tried++) {
		passing = false;
		if (r->fd >= 0 && (ftruncate(r->fd, 0) != 0 || lseek(r->fd, 0, SEEK_SET) != 0))
			return pb_fail(err, PB_EIO, "the file to download to cannot be emptied");
		rc = pb_curl_ask(f->curl, gate, u, r, out, &passing, err);
		if (!(rc ? passing : wants_later(out->status)) || tried >= most)
			return rc;
		wait_for(f, out, tried);
	}
}

static bool is_redirect(long status)
{
	return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

int pb_fetch(pb_fetcher *f, const pb_fetch_request *r, pb_fetch_answer *out, pb_error *err)
{
	pb_error inner = {0};
	char text[PB_URL_TEXT];
	pb_gate gate;
	pb_url u, next;
	int rc = pb_gate_open(f->settings, r->hosts, r->mirror, &gate, err);

	*out = (pb_fetch_answer){0};
	rc = rc ? rc : pb_gate_first(&gate, r->url, &u, err);
	for (unsigned hops = 0; !rc; hops++) {
		const char *location;

		rc = ask(f, &gate, &u, r, out, err);
		if (rc)
			break;
		pb_url_text(&u, out->url);
		location = pb_json_str(out->headers, "location", "");
		if (!is_redirect(out->status) || !*location)
			return PB_OK;
		if (r->body)
			rc = pb_fail(err, PB_EINPUT, "%s: answers with a redirect, which is not followed for what is sent", out->url);
		else if (hops >= r->redirects)
			rc = pb_fail(err, PB_EINPUT, "%s: more than %u redirects", out->url, r->redirects);
		else if (pb_url_follow(&u, location, &next, &inner))
			rc = pb_fail(err, PB_EINPUT, "%s: redirects to \"%.300s\", which %s", out->url, location, inner.text);
		else if (u.tls && !next.tls)
			rc = pb_fail(err, PB_EINPUT, "%s: redirects to http, which is not followed", out->url);
		else if (pb_gate_pass(&gate, &next, &inner))
			rc = pb_fail(err, PB_EINPUT, "%s: redirects outside: %s", out->url, inner.text);
		u = next;
	}
	pb_url_text(&u, text);
	if (!err->code)
		pb_fail(err, rc, "%s: out of memory", text);
	pb_fetch_answer_free(out);
	return rc;
}
