/* Products under way: what trackers and readers say of them, put together until each is complete. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "keeper/database.h"
#include "keeper/folder.h"
#include "keeper/service_parts.h"

enum {
	GROUP_TAGS = 1000, /* smaller tags stand for products of many scans (wire: tracker's tags) */
	MOST_CASES = 1000  /* hosts may be faster than we are: what comes on top of so many is told as not assessed */
};

void pb_case_free(pb_service *s, pb_case *c)
{
	for (pb_case **at = &s->cases; *at; at = &(*at)->next)
		if (*at == c) {
			*at = c->next;
			s->n_cases -= !c->refused;
			break;
		}
	pb_reduction_drop(c->reduction);
	pb_gather_free(c->said);
	json_decref(c->digests);
	json_decref(c->database);
	json_decref(c->host_key);
	json_decref(c->replay);
	free(c->path);
	free(c->signature);
	free(c);
}

const json_t *pb_case_database(const pb_case *c)
{
	return c->database ? c->database : json_object_get(pb_template_about(c->of->keeper.clamav), "database");
}

int64_t pb_service_day(const pb_service *s)
{
	return s->o.as_of >= 0 ? s->o.as_of : s->o.now() / 86400;
}

/* Products of many scans are one product whatever lane a scan of theirs comes by. */
pb_case *pb_case_find(pb_service *s, const pb_generation *g, size_t lane, uint32_t tag)
{
	for (pb_case *c = s->cases; c; c = c->next)
		if (c->of == g && c->lane == (tag < GROUP_TAGS ? 0 : lane) && c->tag == tag)
			return c;
	return NULL;
}

pb_case *pb_case_of(pb_generation *g, size_t lane, uint32_t tag)
{
	pb_service *s = g->service;
	bool grouped = tag < GROUP_TAGS, refused = !grouped && s->n_cases >= MOST_CASES;
	pb_case *c = pb_case_find(s, g, lane, tag), **last = &s->cases;
	if (c)
		return c;
	c = calloc(1, sizeof *c);
	if (!c || (!refused && !(c->said = pb_gather_new("?", g->keeper.results))) || (grouped && !(c->digests = json_object()))) {
		if (c)
			pb_gather_free(c->said);
		free(c);
		return NULL;
	}
	c->of = g;
	c->lane = grouped ? 0 : lane;
	c->tag = tag;
	c->grouped = grouped;
	c->refused = refused;
	s->n_cases += !refused;
	while (*last)
		last = &(*last)->next;
	return *last = c;
}

/* The number of what was named on the command line that a group stands for; SIZE_MAX: for more than one. As the tracker has it. */
static size_t prefix_of(const pb_service *s, const pb_case *c)
{
	bool run = strcmp(pb_json_str(s->o.groups, "group", ""), "run") == 0;
	return run && json_array_size(json_object_get(s->o.groups, "prefixes")) != 1 ? SIZE_MAX : c->tag - 1;
}

/* What a product of many scans is called, and whether it is a folder. */
static int name_group(pb_service *s, pb_case *c)
{
	const json_t *prefix = json_array_get(json_object_get(s->o.groups, "prefixes"), prefix_of(s, c));
	c->folder = !prefix || json_is_true(json_object_get(prefix, "folder"));
	free(c->path);
	c->path = strdup(pb_json_str(prefix, "path", ""));
	return c->path ? pb_gather_rename(c->said, pb_json_str(prefix, "name", "run")) : PB_ENOMEM;
}

static int on_begin(pb_service *s, pb_case *c, size_t lane, pb_bytes payload)
{
	json_t *j = pb_json_parse(payload, 1 << 16, "a message", NULL);
	const pb_stream *of = pb_stream_find(s, c->of, lane, (uint32_t)pb_json_int(j, "stream", 0));
	int rc = 0;
	s->count.scans++;
	if (of)
		pb_stream_engine(s, of, (uint32_t)pb_json_int(j, "engine", 0));
	if (j && !c->begun) {
		c->begun = true;
		c->stream = (uint32_t)pb_json_int(j, "stream", 0);
		c->scan = (uint32_t)pb_json_int(j, "scan", 0);
		snprintf(c->host, sizeof c->host, "%.32s", pb_json_str(j, "host", ""));
		c->uid = of ? of->uid : (uid_t)-1;
		if (of)
			snprintf(c->host, sizeof c->host, "%s", of->host);
		if (json_object_get(j, "engine"))
			c->database = pb_database_of_host(pb_json_int(j, "db_version", 0), pb_json_int(j, "db_time", 0));
		pb_case_replay_begin(c, of, j);
		c->path = strdup(pb_json_str(j, "path", ""));
		rc = c->refused ? 0 : pb_gather_rename(c->said, pb_json_str(j, "name", "?"));
		rc = !rc && c->grouped ? name_group(s, c) : rc;
		rc = rc ? rc : c->path ? 0 : PB_ENOMEM;
	}
	json_decref(j);
	return rc;
}

static int on_end(pb_service *s, pb_case *c, pb_bytes payload)
{
	json_t *j = pb_json_parse(payload, 1 << 16, "a message", NULL);
	const char *signature = pb_json_str(j, "signature", "");
	int64_t unpacks = pb_json_int(j, "unpacks", 0);
	c->unpacks += unpacks > 0 ? unpacks : 0;
	c->ended |= !c->grouped;
	c->dropped |= pb_json_int(j, "lost", 0) > 0 || pb_json_int(j, "dropped", 0) > 0;
	if (*signature && !c->signature)
		c->signature = strdup(signature);
	pb_case_replay_end(s, c, j);
	json_decref(j);
	return 0;
}

/* The digest of each file of a group, by its path below the group: records of whole files have a path of two elements. */
static void note_digest(pb_case *c, pb_bytes payload)
{
	json_t *j = pb_json_parse(payload, PB_WIRE_MAX, "a record", NULL);
	const json_t *path = json_object_get(j, "path");
	if (json_array_size(path) == 2 && json_is_string(json_array_get(path, 1)))
		json_object_set(c->digests, json_string_value(json_array_get(path, 1)), json_object_get(j, "sha256"));
	json_decref(j);
}

static int on_skipped(pb_service *s, pb_bytes payload)
{
	json_t *j = pb_json_parse(payload, 1 << 16, "a message", NULL);
	s->count.scans++;
	s->count.skipped++;
	pb_stream_verdict_to(s, (uint32_t)pb_json_int(j, "stream", 0), (uint32_t)pb_json_int(j, "scan", 0), NULL);
	pb_stream_settled(s, (uint32_t)pb_json_int(j, "stream", 0));
	json_decref(j);
	return 0;
}

/* Everything of a stream was told. */
static int on_gone(pb_generation *g, size_t lane, pb_bytes payload)
{
	json_t *j = pb_json_parse(payload, 1 << 16, "a message", NULL);
	pb_stream *t = pb_stream_find(g->service, g, lane, (uint32_t)pb_json_int(j, "stream", 0));
	if (t)
		pb_stream_close(g->service, t);
	json_decref(j);
	return 0;
}

/* A record or a note; what finds no room any more is told once. */
int pb_case_take(pb_case *c, pb_message type, pb_bytes payload)
{
	int rc = c->refused ? 0 : pb_gather_take(c->said, type, payload);
	if (rc != PB_ELIMIT)
		return rc;
	rc = c->overfull ? 0 : pb_gather_limit(c->said, NULL, "more objects than a product may have");
	c->overfull = true;
	return rc;
}

int pb_case_message(void *user, size_t lane, uint32_t tag, pb_message type, pb_bytes payload)
{
	pb_generation *g = user;
	if (type == PB_MSG_SKIPPED)
		return on_skipped(g->service, payload);
	if (type == PB_MSG_GONE)
		return on_gone(g, lane, payload);
	pb_case *c = pb_case_of(g, lane, tag);
	int rc;
	if (!c)
		return PB_ENOMEM;
	switch (type) {
	case PB_MSG_BEGIN:
		return on_begin(g->service, c, lane, payload);
	case PB_MSG_RECORD:
		if (c->folder)
			note_digest(c, payload);
		rc = pb_case_take(c, type, payload);
		pb_case_replay_root(g->service, c);
		return rc;
	case PB_MSG_LIMIT:
	case PB_MSG_DETECTION:
		return pb_case_take(c, type, payload);
	case PB_MSG_ITEM:
		c->items++;
		return pb_gather_item(payload, &c->identity) && !c->refused ? pb_gather_limit(c->said, NULL, "a malformed message was received") : 0;
	case PB_MSG_DONE:
		return on_end(g->service, c, payload);
	default:
		return 0;
	}
}

/* A tracker has died with all that it knew: what it had not ended yet nobody knows the whole of. Its streams connect anew. */
int pb_case_front_lost(void *user, size_t lane, uint32_t tag, const char *why)
{
	pb_generation *g = user;
	pb_service *s = g->service;
	int rc = 0;
	(void)tag;
	pb_service_log(s, LOG_ERR, "%s; what it was following is not assessed", why);
	for (pb_case *c = s->cases; c && !rc; c = c->next)
		if (c->of == g && c->grouped && !c->ended && c->said) { /* a scan of it may be among those */
			rc = pb_gather_limit(c->said, NULL, why);
		} else if (c->of == g && c->lane == lane && !c->ended) {
			snprintf(c->lost, sizeof c->lost, "%s", why);
			c->ended = true;
			c->unpacks = c->unpacked;
		}
	for (pb_stream *t = s->streams, *next; t; t = next) {
		next = t->next;
		if (t->of == g && t->lane == lane)
			pb_stream_close(s, t);
	}
	return rc;
}

void pb_case_abandon(pb_service *s, const pb_generation *g, const char *why)
{
	pb_unpack_abandon(s, g);
	for (pb_case *c = s->cases, *next; c; c = next) {
		next = c->next;
		if (c->of != g)
			continue;
		if (c->begun)
			pb_case_judge(s, c, NULL, why);
		pb_case_free(s, c);
	}
}

static void on_reduced(void *user, json_t *result, const pb_error *why)
{
	pb_case *c = user;
	pb_service *s = c->of->service;
	c->reduction = NULL;
	if (result)
		pb_case_replay_keep(c, result);
	pb_case_judge(s, c, result, why ? why->text : NULL);
	pb_case_free(s, c);
}

/* A product that is complete: what it is as a whole, then reduce. */
static void complete(pb_service *s, pb_case *c)
{
	pb_error err = {0};
	json_t *members = NULL;
	json_t *regions = NULL;
	int rc = 0;
	c->judging = true;
	if (!c->begun) { /* nothing but the end of something that was never told of */
		pb_case_free(s, c);
		return;
	}
	if (c->refused) {
		pb_case_judge(s, c, NULL, "too many products were waiting to be assessed");
		pb_case_free(s, c);
		return;
	}
	if (!c->grouped && !*c->identity.sha256) { /* a report of something that cannot be named would be of no use */
		pb_case_judge(s, c, NULL, *c->lost      ? c->lost
		                       : c->dropped ? "its bytes were never seen as a whole: the workers did not keep up"
		                                    : "its bytes were never seen as a whole");
		pb_case_free(s, c);
		return;
	}
	if (pb_case_replay_find(s, c)) {
		s->count.replayed++;
		pb_case_judge(s, c, c->replay, NULL);
		pb_case_free(s, c);
		return;
	}
	if (c->folder) {
		const json_t *listing = json_array_get(s->o.listings, prefix_of(s, c));
		rc = pb_folder_members(json_is_object(listing) ? listing : NULL, c->said, c->digests, &members, &c->identity, &err);
	}
	c->day = pb_service_day(s);
	rc = rc ? rc : pb_policy_regions(&c->of->policy, &regions);
	pb_gather_regions(c->said, regions);
	int input = rc ? -1 : pb_gather_input(c->said, &c->identity, c->day, pb_case_database(c), members, &err);
	json_decref(members);
	json_decref(regions);
	pb_gather_regions(c->said, NULL);
	pb_reduction_options o = {.reducers = c->of->keeper.reducers, .seconds = c->of->keeper.o.reduce_seconds,
	                          .check_seconds = c->of->keeper.o.object_seconds, .excused = &c->excused, .done = on_reduced,
	                          .user = c};
	if (input < 0 || pb_reduction_start(&o, input, &c->reduction, &err)) {
		pb_case_judge(s, c, NULL, err.text);
		pb_case_free(s, c);
	}
}

/* Is all that will be said of it said? whole: no scan can be added to a group any more. What is known need not be unpacked, only heard of: it
 * would seem to be the beginning of another product later. */
static bool is_complete(const pb_case *c, bool whole)
{
	return !c->judging && (c->ended || (whole && c->grouped)) && (c->refused || (c->replay ? c->queued : c->unpacked) >= c->unpacks);
}

int pb_case_tick(pb_service *s)
{
	bool whole = s->finishing && !s->streams;
	size_t free_places = pb_lanes_size(s->now->trackers) + 1; /* reductions at a time: about as many as there are processors */
	pb_unpack_hand_out(s);
	for (const pb_case *c = s->cases; c; c = c->next)
		free_places -= c->reduction && free_places > 0;
	for (pb_case *c = s->cases, *next; c; c = next) {
		next = c->next;
		if (c->reduction) {
			pb_reduction_tick(c->reduction);
		} else if (is_complete(c, whole) && (c->refused || c->replay || free_places > 0)) {
			free_places -= !c->refused && !c->replay;
			complete(s, c);
		}
	}
	return 0;
}
