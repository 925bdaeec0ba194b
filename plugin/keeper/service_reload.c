/* Rules that change: the next generation opens while the one before serves. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "keeper/service_parts.h"

enum {
	OPEN_SECONDS = 600, /* whatever does not open within this time never will */
	MOST_WAITING = 32
};

/* Somebody who asked for a reload, and waits to hear of it. */
typedef struct pb_waiting {
	int socket;
	bool next; /* for the one after the one that is under way */
	struct pb_waiting *next_one;
} pb_waiting;

static json_t *answer_of(const pb_error *why)
{
	return why ? json_pack("{s:s}", "error", why->text) : json_pack("{s:b}", "reloaded", 1);
}

/* Those who waited for the one that has ended. */
static void tell_waiting(pb_service *s, const pb_error *why)
{
	for (pb_waiting **at = &s->waiting, *w; (w = *at);) {
		if (w->next) {
			at = &w->next_one;
			continue;
		}
		*at = w->next_one;
		pb_caller_answer(w->socket, answer_of(why));
		close(w->socket);
		free(w);
	}
}

static void note(pb_service *s, const char *what)
{
	if (s->o.store)
		pb_store_event(s->o.store, s->o.now(), what, NULL);
}

static void refused(pb_service *s, const pb_error *why)
{
	char what[900];
	pb_service_log(s, LOG_ERR, "rules were not reloaded, the old ones stay: %s", why->text);
	snprintf(what, sizeof what, "rules refused: %s", why->text);
	note(s, what);
	tell_waiting(s, why);
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

static void install(pb_service *s, pb_generation *g, const pb_config *config)
{
	s->o.config = config;
	s->now->retired = true;
	g->next = s->now;
	s->now = g;
	for (pb_stream *t = s->streams; t; t = t->next)
		if (t->ring)
			*pb_ring_word(t->ring, PB_WORD_RETIRE) = 1;
	pb_service_log(s, LOG_NOTICE, "rules reloaded: digest %s", pb_json_str(pb_template_about(g->keeper.rules), "rules_digest", ""));
	note(s, "rules reloaded");
	tell_waiting(s, NULL);
}

/* Whoever waits for another one waits for this one. */
int pb_service_reload(pb_service *s, const pb_config *config, pb_error *err)
{
	pb_error why = {0};
	int rc = pb_generation_begin(s, config, &s->opening, &why);
	s->reload_again = false;
	for (pb_waiting *w = s->waiting; w; w = w->next_one)
		w->next = false;
	if (rc) {
		refused(s, &why);
		return pb_fail(err, rc, "%s", why.text);
	}
	s->opening_since = pb_now_ms();
	return 0;
}

bool pb_service_reloading(const pb_service *s)
{
	return s->opening != NULL;
}

int pb_reload_ask(pb_service *s, int socket, pb_error *err)
{
	pb_waiting *w = calloc(1, sizeof *w), **last = &s->waiting;
	size_t n = 0;
	for (; *last; last = &(*last)->next_one)
		n++;
	if (!w || n >= MOST_WAITING) {
		free(w);
		return pb_fail(err, PB_ELIMIT, n >= MOST_WAITING ? "a reload is under way, and many wait for the next one" : "out of memory");
	}
	*w = (pb_waiting){.socket = socket, .next = true};
	*last = w;
	s->reload_again = true;
	return 0;
}

void pb_reload_tick(pb_service *s)
{
	pb_generation *g = s->opening;
	pb_error why = {0};
	if (!g && s->reload_again)
		(void)pb_service_reload(s, s->o.config, NULL);
	if (!g)
		return;
	int rc = pb_keeper_is_open(&g->keeper, &why);
	if (rc == 0 && pb_now_ms() - s->opening_since < (int64_t)OPEN_SECONDS * 1000)
		return;
	if (rc == 0)
		rc = pb_fail(&why, PB_ELIMIT, "they were not open within %d s", OPEN_SECONDS);
	const pb_config *config = g->config;
	if (rc == 1)
		rc = pb_generation_finish(g, &why);
	const char *message = rc ? NULL : newly_refused(s->now, g);
	if (message)
		rc = pb_fail(&why, PB_EINPUT, "%s", message);
	s->opening = NULL;
	if (rc) {
		pb_generation_leave(g);
		refused(s, &why);
	} else {
		install(s, g, config);
	}
	if (s->o.reloaded)
		s->o.reloaded(s->o.user, config, rc ? &why : NULL);
}

void pb_reload_drop(pb_service *s)
{
	static const pb_error ended = {.code = PB_EIO, .text = "the keeper was ended"};
	if (s->opening)
		pb_generation_free(s->opening);
	s->opening = NULL;
	for (pb_waiting *w = s->waiting; w; w = w->next_one)
		w->next = false;
	tell_waiting(s, &ended);
}
