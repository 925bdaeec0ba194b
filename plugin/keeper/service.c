#include "keeper/service.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/version.h"
#include "keeper/service_parts.h"

void pb_service_log(pb_service *s, int level, const char *fmt, ...)
{
	char raw[1600];
	va_list ap;
	if (!s->o.log)
		return;
	va_start(ap, fmt);
	vsnprintf(raw, sizeof raw, fmt, ap);
	va_end(ap);
	char *shown = pb_text_safe(raw, sizeof raw - 8);
	s->o.log(s->o.user, level, shown ? shown : "(out of memory)");
	free(shown);
}

int pb_service_new(const pb_service_options *o, pb_service **out, pb_error *err)
{
	pb_service *s = calloc(1, sizeof *s);
	if (!s)
		return pb_fail(err, PB_ENOMEM, "out of memory");
	s->o = *o;
	int rc = pb_loop_new(&s->loop, err);
	if (!rc)
		rc = pb_generation_open(s, o->config, &s->now, err);
	if (!rc && pb_loop_add(s->loop, o->listener, pb_service_accept, s))
		rc = pb_fail(err, PB_EIO, "cannot watch the socket");
	if (rc) {
		pb_service_free(s);
		return rc;
	}
	*out = s;
	return 0;
}

void pb_service_free(pb_service *s)
{
	if (!s)
		return;
	pb_caller_close_all(s);
	while (s->cases)
		pb_case_free(s, s->cases);
	while (s->streams)
		pb_stream_close(s, s->streams);
	while (s->now) {
		pb_generation *g = s->now;
		s->now = g->next;
		pb_unpack_abandon(s, g);
		pb_generation_free(g);
	}
	pb_service_unkept_free(s);
	pb_loop_free(s->loop);
	free(s);
}

void pb_service_abandon(pb_service *s, const char *why)
{
	for (pb_generation *g = s->now; g; g = g->next)
		pb_case_abandon(s, g, why);
}

static bool in_use(const pb_service *s, const pb_generation *g)
{
	for (const pb_stream *t = s->streams; t; t = t->next)
		if (t->of == g)
			return true;
	for (const pb_case *c = s->cases; c; c = c->next)
		if (c->of == g)
			return true;
	return false;
}

/* A generation that was replaced goes once nothing works by it any more. */
static void bury_retired(pb_service *s)
{
	pb_generation **at = s->now ? &s->now->next : NULL, *g;
	while (at && (g = *at)) {
		if (in_use(s, g)) {
			at = &g->next;
			continue;
		}
		*at = g->next;
		pb_generation_free(g);
	}
}

/* Its processes are gone: what was under way by it is told as not assessed, its streams connect anew, and a fresh one takes its place. */
static int replace_broken(pb_service *s, pb_generation *g, pb_error *err)
{
	const pb_error *why = pb_lanes_error(g->trackers)->code ? pb_lanes_error(g->trackers) : pb_lanes_error(g->keeper.readers);
	const char *words = why->code ? why->text : "its processes were ended from outside";
	int64_t now = pb_now_ms();
	g->broken = true;
	pb_service_log(s, LOG_ERR, "starting anew: %s", words);
	for (pb_stream *t = s->streams, *next; t; t = next) {
		next = t->next;
		if (t->of == g)
			pb_stream_close(s, t);
	}
	pb_case_abandon(s, g, words);
	if (g != s->now)
		return 0; /* an old one: nothing begins with it any more */
	if (s->broke_at[0] && now - s->broke_at[0] < BREAK_WINDOW_MS)
		return pb_fail(err, PB_EIO, "gives up after %d tries in a minute: %s", BREAKS, words);
	memmove(s->broke_at, s->broke_at + 1, (BREAKS - 1) * sizeof *s->broke_at);
	s->broke_at[BREAKS - 1] = now;
	pb_generation *fresh;
	int rc = pb_generation_open(s, s->o.config, &fresh, err);
	if (rc)
		return rc;
	fresh->next = g;
	s->now = fresh;
	return 0;
}

static int lost_message(pb_service *s, int rc)
{
	if (rc == PB_ENOMEM)
		pb_service_log(s, LOG_ERR, "memory ran out: a message was lost");
	return 0;
}

int pb_service_turn(pb_service *s, pb_error *err)
{
	bool busy;
	int rc = pb_loop_turn(s->loop, 50, err);
	if (rc == PB_ENOMEM || rc == PB_ELIMIT || rc == PB_EIO)
		rc = err && err->code ? rc : lost_message(s, rc); /* of a callback; where a generation is broken that is seen below */
	for (pb_generation *g = s->now; g && !rc; g = g->next)
		if (!g->broken && (g->keeper.broken || pb_lanes_tick(g->keeper.readers, &busy) || pb_lanes_tick(g->trackers, &busy)))
			rc = replace_broken(s, g, err);
	if (!rc)
		rc = pb_case_tick(s);
	if (rc && err && !err->code)
		*err = s->err;
	bury_retired(s);
	if (pb_now_ms() - s->retried > 1000) {
		s->retried = pb_now_ms();
		pb_service_keep_again(s);
		pb_caller_tick(s);
		for (pb_generation *g = s->now; g; g = g->next)
			pb_results_flush(g->keeper.results);
	}
	return rc && err && !err->code ? pb_fail(err, rc, "out of memory") : rc;
}

/* What is left out of the new rules and was not before: collections of YARA rules hold files that never compile here, and one that was
 * left out since the start is no reason to stay with old rules. NULL: nothing. Borrowed. */
static const char *newly_refused(const pb_generation *old, const pb_generation *fresh)
{
	const json_t *before = json_object_get(pb_template_about(old->keeper.rules), "refused");
	json_t *message, *one;
	size_t i, k;
	json_array_foreach(json_object_get(pb_template_about(fresh->keeper.rules), "refused"), i, message) {
		bool known = false;
		json_array_foreach(before, k, one)
			known |= json_equal(one, message);
		if (!known)
			return json_string_value(message);
	}
	return NULL;
}

static int open_fresh(pb_service *s, const pb_config *config, pb_generation **out, pb_error *err)
{
	int rc = pb_generation_open(s, config, out, err);
	const char *message = rc ? NULL : newly_refused(s->now, *out);
	if (!message)
		return rc;
	rc = pb_fail(err, PB_EINPUT, "%s", message);
	pb_generation_free(*out);
	return rc;
}

int pb_service_reload(pb_service *s, const pb_config *config, pb_error *err)
{
	pb_generation *g;
	int rc = open_fresh(s, config, &g, err);
	if (rc) {
		pb_service_log(s, LOG_ERR, "rules were not reloaded, the old ones stay: %s", err->text);
		if (s->o.store) {
			char what[900];
			snprintf(what, sizeof what, "rules refused: %s", err->text);
			pb_store_event(s->o.store, s->o.now(), what, NULL);
		}
		return rc;
	}
	s->o.config = config;
	s->now->retired = true;
	g->next = s->now;
	s->now = g;
	for (pb_stream *t = s->streams; t; t = t->next)
		if (t->ring)
			*pb_ring_word(t->ring, PB_WORD_RETIRE) = 1;
	pb_service_log(s, LOG_NOTICE, "rules reloaded: digest %s", pb_json_str(pb_template_about(g->keeper.rules), "rules_digest", ""));
	if (s->o.store)
		pb_store_event(s->o.store, s->o.now(), "rules reloaded", NULL);
	return 0;
}

bool pb_service_idle(const pb_service *s)
{
	return !s->streams && !s->cases && !s->unpacks;
}

int pb_service_finish(pb_service *s, pb_error *err)
{
	(void)err;
	s->finishing = true;
	return 0;
}

void pb_service_count(const pb_service *s, pb_service_counts *out)
{
	*out = s->count;
	for (const pb_generation *g = s->now; g; g = g->next)
		out->deaths += pb_lanes_deaths(g->trackers) + pb_lanes_deaths(g->keeper.readers);
}

json_t *pb_service_status(const pb_service *s)
{
	static const char *const alerts[] = {[PB_ALERT_NEVER] = "observe", [PB_ALERT_REJECT] = "reject", [PB_ALERT_CONDITIONAL] = "conditional"};
	const json_t *about = pb_template_about(s->now->keeper.rules);
	pb_service_counts n;
	json_int_t streams = 0, following = 0, open = 0;
	for (const pb_stream *t = s->streams; t; t = t->next) {
		uint64_t written, read;
		pb_ring_progress(t->ring, &written, &read);
		streams += t->socket >= 0;
		following += t->socket < 0 || written != read; /* not all that its host said was heard */
	}
	for (const pb_case *c = s->cases; c; c = c->next)
		open++;
	pb_service_count(s, &n);
	return json_pack("{s:s,s:s,s:s,s:I,s:s,s:O*,s:O*,s:s,s:s,s:s,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I}", "version", PB_VERSION, "clamav",
	                 pb_json_str(pb_template_about(s->now->keeper.clamav), "clamav", ""), "rules_digest",
	                 pb_json_str(about, "rules_digest", ""), "checks", (json_int_t)json_array_size(json_object_get(about, "ids")),
	                 "policy", s->now->policy.name, "refused", json_object_get(about, "refused"), "box", json_object_get(about, "box"),
	                 "alert", alerts[s->o.config->alert], "store", s->o.store ? s->o.config->store : "", "cache", s->o.config->cache,
	                 "streams", streams, "following", following, "open", open, "scans", (json_int_t)n.scans, "assessed",
	                 (json_int_t)n.assessed, "skipped", (json_int_t)n.skipped, "not_assessed", (json_int_t)n.not_assessed, "alerts", (json_int_t)n.alerts, "deaths",
	                 (json_int_t)n.deaths, "unkept", (json_int_t)s->n_unkept);
}
