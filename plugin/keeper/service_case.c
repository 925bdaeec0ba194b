/* Products under way: what trackers and readers say of them, put together until each is complete. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "keeper/folder.h"
#include "keeper/service_parts.h"

enum { GROUP_TAGS = 1000 }; /* smaller tags stand for products of many scans (wire: tracker's tags) */

void pb_case_free(pb_service *s, pb_case *c)
{
	for (pb_case **at = &s->cases; *at; at = &(*at)->next)
		if (*at == c) {
			*at = c->next;
			break;
		}
	pb_reduction_drop(c->reduction);
	pb_gather_free(c->said);
	json_decref(c->digests);
	free(c->path);
	free(c->signature);
	free(c);
}

static pb_case *find(pb_service *s, const pb_generation *g, size_t lane, uint32_t tag)
{
	for (pb_case *c = s->cases; c; c = c->next)
		if (c->of == g && c->lane == lane && c->tag == tag)
			return c;
	return NULL;
}

/* Products of many scans are one product whatever lane a scan of theirs comes by. */
static pb_case *case_of(pb_generation *g, size_t lane, uint32_t tag)
{
	pb_service *s = g->service;
	bool grouped = tag < GROUP_TAGS;
	pb_case *c = find(s, g, grouped ? 0 : lane, tag), **last = &s->cases;
	if (c)
		return c;
	c = calloc(1, sizeof *c);
	if (!c || !(c->said = pb_gather_new("?", g->keeper.results)) || (grouped && !(c->digests = json_object()))) {
		if (c)
			pb_gather_free(c->said);
		free(c);
		return NULL;
	}
	c->of = g;
	c->lane = grouped ? 0 : lane;
	c->tag = tag;
	c->grouped = grouped;
	while (*last)
		last = &(*last)->next;
	return *last = c;
}

static int on_begin(pb_service *s, pb_case *c, pb_bytes payload)
{
	json_t *j = pb_json_parse(payload, 1 << 16, "a message", NULL);
	int rc = 0;
	s->count.scans++;
	if (j && !c->begun) {
		c->begun = true;
		c->stream = (uint32_t)pb_json_int(j, "stream", 0);
		c->scan = (uint32_t)pb_json_int(j, "scan", 0);
		snprintf(c->host, sizeof c->host, "%.32s", pb_json_str(j, "host", ""));
		c->uid = (uid_t)-1;
		for (const pb_stream *t = s->streams; t; t = t->next)
			if (t->id == c->stream) {
				c->uid = t->uid;
				snprintf(c->host, sizeof c->host, "%s", t->host);
			}
		c->path = strdup(pb_json_str(j, "path", ""));
		rc = pb_gather_rename(c->said, pb_json_str(j, "name", "?"));
		if (c->grouped) {
			const json_t *prefix = json_array_get(json_object_get(s->o.groups, "prefixes"), c->tag - 1);
			const char *name = pb_json_str(prefix, "name", NULL), *path = pb_json_str(prefix, "path", NULL);
			c->folder = !prefix || json_is_true(json_object_get(prefix, "folder"));
			if (name)
				rc = pb_gather_rename(c->said, name);
			if (path) {
				free(c->path);
				c->path = strdup(path);
			}
		}
		rc = rc ? rc : c->path ? 0 : PB_ENOMEM;
	}
	json_decref(j);
	return rc;
}

static int on_end(pb_case *c, pb_bytes payload)
{
	json_t *j = pb_json_parse(payload, 1 << 16, "a message", NULL);
	const char *signature = pb_json_str(j, "signature", "");
	int64_t unpacks = pb_json_int(j, "unpacks", 0);
	c->unpacks += unpacks > 0 ? unpacks : 0;
	c->ended |= !c->grouped;
	if (*signature && !c->signature)
		c->signature = strdup(signature);
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
	json_decref(j);
	return 0;
}

/* A record or a note; what finds no room any more is told once. */
static int take(pb_case *c, pb_message type, pb_bytes payload)
{
	int rc = pb_gather_take(c->said, type, payload);
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
	pb_case *c = case_of(g, lane, tag);
	if (!c)
		return PB_ENOMEM;
	switch (type) {
	case PB_MSG_BEGIN:
		return on_begin(g->service, c, payload);
	case PB_MSG_RECORD:
		if (c->folder)
			note_digest(c, payload);
		return take(c, type, payload);
	case PB_MSG_LIMIT:
	case PB_MSG_DETECTION:
		return take(c, type, payload);
	case PB_MSG_ITEM:
		c->items++;
		return pb_gather_item(payload, &c->identity) ? pb_gather_limit(c->said, NULL, "a malformed message was received") : 0;
	case PB_MSG_DONE:
		return on_end(c, payload);
	default:
		return 0;
	}
}

/* A tracker has died with all that it knew: what it had not ended yet is told as far as it came. Its streams connect anew. */
int pb_case_front_lost(void *user, size_t lane, uint32_t tag, const char *why)
{
	pb_generation *g = user;
	pb_service *s = g->service;
	int rc = 0;
	(void)tag;
	pb_service_log(s, LOG_ERR, "%s; what it was following is assessed as far as it came", why);
	for (pb_case *c = s->cases; c && !rc; c = c->next)
		if (c->of == g && c->lane == lane && !c->ended && !c->grouped) {
			rc = pb_gather_limit(c->said, NULL, why);
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

int pb_case_packet(void *user, size_t lane, pb_bytes packet, int descriptor)
{
	pb_generation *g = user;
	pb_service *s = g->service;
	json_t *j = pb_json_parse(packet, 65536, "a packet", NULL);
	json_t *unpack = json_object_get(j, "unpack");
	pb_unpack_job *u = unpack && descriptor >= 0 ? calloc(1, sizeof *u) : NULL, **last = &s->unpacks;
	if (!u) {
		if (descriptor >= 0)
			close(descriptor);
		json_decref(j);
		return 0;
	}
	u->of = g;
	u->lane = lane;
	u->tag = (uint32_t)pb_json_int(unpack, "tag", 0);
	u->what = json_incref(unpack);
	u->fd = descriptor;
	json_decref(j);
	while (*last)
		last = &(*last)->next;
	*last = u;
	return case_of(g, lane, u->tag) ? 0 : PB_ENOMEM;
}

static void unpack_done(pb_service *s, pb_unpack_job *u)
{
	for (pb_unpack_job **at = &s->unpacks; *at; at = &(*at)->next)
		if (*at == u) {
			*at = u->next;
			break;
		}
	pb_case *c = find(s, u->of, u->tag < GROUP_TAGS ? 0 : u->lane, u->tag);
	if (c)
		c->unpacked++;
	if (u->fd >= 0)
		close(u->fd);
	json_decref(u->what);
	free(u);
}

static pb_unpack_job *job_of(pb_service *s, const pb_generation *g, uint32_t job)
{
	for (pb_unpack_job *u = s->unpacks; u; u = u->next)
		if (u->of == g && u->job == job && job)
			return u;
	return NULL;
}

int pb_case_unpacked(void *user, size_t lane, uint32_t tag, pb_message type, pb_bytes payload)
{
	pb_generation *g = user;
	pb_unpack_job *u = job_of(g->service, g, tag);
	pb_case *c = u ? case_of(g, u->lane, u->tag) : NULL;
	(void)lane;
	if (!u)
		return 0;
	if (type == PB_MSG_DONE) {
		unpack_done(g->service, u);
		return 0;
	}
	return c ? take(c, type, payload) : PB_ENOMEM;
}

int pb_case_unpack_lost(void *user, size_t lane, uint32_t tag, const char *why)
{
	pb_generation *g = user;
	pb_unpack_job *u = job_of(g->service, g, tag);
	pb_case *c = u ? case_of(g, u->lane, u->tag) : NULL;
	int rc = 0;
	(void)lane;
	if (!u)
		return 0;
	rc = c ? pb_gather_limit(c->said, json_object_get(u->what, "path"), why) : PB_ENOMEM;
	unpack_done(g->service, u);
	return rc;
}

void pb_case_abandon(pb_service *s, const pb_generation *g, const char *why)
{
	for (pb_unpack_job *u = s->unpacks, *next; u; u = next) {
		next = u->next;
		if (u->of == g)
			unpack_done(s, u);
	}
	for (pb_case *c = s->cases, *next; c; c = next) {
		next = c->next;
		if (c->of != g)
			continue;
		if (c->begun)
			pb_case_judge(s, c, NULL, why);
		pb_case_free(s, c);
	}
}

static void hand_out(pb_service *s)
{
	for (pb_unpack_job *u = s->unpacks, *next; u; u = next) {
		pb_error err = {0};
		next = u->next;
		size_t lane = u->job ? SIZE_MAX : pb_lanes_idle(u->of->keeper.readers);
		if (lane == SIZE_MAX)
			continue;
		u->job = ++u->of->keeper.last_tag;
		if (pb_lanes_job(u->of->keeper.readers, lane, u->job, u->what, u->fd, &err))
			pb_case_unpack_lost(u->of, lane, u->job, err.text);
	}
}

static void on_reduced(void *user, json_t *result, const pb_error *why)
{
	pb_case *c = user;
	pb_service *s = c->of->service;
	c->reduction = NULL;
	pb_case_judge(s, c, result, why ? why->text : NULL);
	pb_case_free(s, c);
}

/* A product that is complete: what it is as a whole, then reduce. */
static void complete(pb_service *s, pb_case *c)
{
	pb_error err = {0};
	json_t *members = NULL;
	int rc = 0;
	c->judging = true;
	if (!c->begun) { /* nothing but the end of something that was never told of */
		pb_case_free(s, c);
		return;
	}
	if (c->folder) {
		const json_t *listing = json_array_get(s->o.listings, c->tag - 1);
		rc = pb_folder_members(json_is_object(listing) ? listing : NULL, c->said, c->digests, &members, &c->identity, &err);
	}
	int64_t day = s->o.as_of >= 0 ? s->o.as_of : s->o.now() / 86400;
	int input = rc ? -1 : pb_gather_input(c->said, &c->identity, day, json_object_get(pb_template_about(c->of->keeper.clamav), "database"),
	                                      members, &err);
	json_decref(members);
	pb_reduction_options o = {.loop = s->loop, .workers = c->of->keeper.rules, .seconds = c->of->keeper.o.reduce_seconds,
	                          .memory = c->of->keeper.o.memory, .done = on_reduced, .user = c};
	if (input < 0 || pb_reduction_start(&o, input, &c->reduction, &err)) {
		pb_case_judge(s, c, NULL, err.text);
		pb_case_free(s, c);
	}
}

int pb_case_tick(pb_service *s)
{
	hand_out(s);
	for (pb_case *c = s->cases, *next; c; c = next) {
		next = c->next;
		if (c->reduction)
			pb_reduction_tick(c->reduction);
		else if (!c->judging && c->ended && c->unpacked >= c->unpacks)
			complete(s, c);
	}
	return 0;
}
