#include "worker/mapper.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "findings/record.h"
#include "wire/known.h"
#include "wire/lane.h"
#include "worker/inside.h"
#include "worker/large.h"
#include "worker/map.h"
#include "worker/record_text.h"
#include "worker/sent.h"
#include "worker/trace.h"

enum { PATTERN_SECONDS = 60, LOOK_EVERY = 256, WAIT_MS = 1000 };
enum { EXIT_DONE = 0, EXIT_BEGIN = 1, EXIT_LIES = 2 };

_Static_assert((int)PB_RUN_PATTERNS == (int)PB_AT_PATTERNS && (int)PB_RUN_FACTS == (int)PB_AT_FACTS &&
                   (int)PB_RUN_CHECK == (int)PB_AT_CHECK,
               "the keeper reads what the runner says");

typedef struct worker {
	int fd;
	pb_mapper *mapper;
	pb_lane *lane;
	pb_known *known; /* NULL: none */
	pb_sent *sent;
	const json_t *excuse; /* about one entry; NULL: none */
	const json_t *aside;  /* checks set aside; NULL: none */
	const json_t *asides; /* checks set aside for one assessment, by its tag; NULL: none */
	json_t *aside_once;   /* the same, and those that the excuse names; owned */
	pb_trace *trace;      /* NULL: nobody asks */
	pb_large large;       /* what is too large for memory */
	pb_buf record, out;
} worker;

static void at(void *user, uint32_t where)
{
	worker *w = user;
	pb_lane_at(w->lane, where);
	if (w->trace)
		pb_trace_at(w->trace, where);
}

static void spent(void *user, const pb_spent *spent_of)
{
	pb_trace_spent(((worker *)user)->trace, spent_of);
}

/* What a message needs is copied first: the front can change its memory while it is read. */
static int send_text(worker *w, pb_message type, uint32_t tag, const void *text, size_t n)
{
	at(w, PB_AT_SENDING);
	return pb_wire_send(w->fd, type, tag, text, n);
}

static int send_limit(worker *w, uint32_t tag, const json_t *path, const char *why)
{
	json_t *limit =
	    path ? json_pack("{s:O,s:s}", "path", path, "why", why) : json_pack("{s:[s],s:s}", "path", "?", "why", why);
	char *text = limit ? pb_json_canonical(limit) : NULL;
	static const char none[] = "{\"path\":[\"?\"],\"why\":\"not examined: memory ran out\"}";
	int rc =
	    text ? send_text(w, PB_MSG_LIMIT, tag, text, strlen(text)) : send_text(w, PB_MSG_LIMIT, tag, none, sizeof none - 1);
	free(text);
	json_decref(limit);
	return rc;
}

static json_t *parse_record(const worker *w)
{
	json_t *r = pb_json_parse((pb_bytes){w->record.data, w->record.size}, PB_LANE_TEXT, "an object record", NULL);
	if (r && pb_record_valid(r, NULL)) {
		json_decref(r);
		return NULL;
	}
	return r;
}

static bool is_of(const json_t *r, const pb_lane_object *o)
{
	return r && !json_object_get(r, "result") && strcmp(pb_json_str(r, "sha256", ""), o->sha256) == 0 &&
	       strcmp(pb_json_str(r, "kind", ""), o->kind) == 0 && strcmp(pb_json_str(r, "name_class", ""), o->name_class) == 0 &&
	       strcmp(pb_json_str(r, "clam_type", o->clam_type), o->clam_type) == 0 &&
	       (uint64_t)pb_json_int(r, "size", -1) == o->bytes.size;
}

/* A copy of our own of the record, in w->record. false: it is not one, or not of this object. One line, so that records can be told
 * apart by their ends, and without a result: that is ours to give. All else about it the keeper checks, who believes no worker. */
static bool take_record(worker *w, const pb_lane_object *o)
{
	w->record.size = 0;
	if (pb_buf_add(&w->record, o->record, o->record_size) || w->record.size < 2 || w->record.data[0] != '{' ||
	    w->record.data[w->record.size - 1] != '}' || memchr(w->record.data, '\n', w->record.size))
		return false;
	if (pb_record_text_fits((pb_bytes){w->record.data, w->record.size}, o))
		return true;
	json_t *r = parse_record(w);
	bool fits = is_of(r, o);
	json_decref(r);
	return fits;
}

/* A limit on the object of w->record. */
static int send_object_limit(worker *w, uint32_t tag, const char *why)
{
	json_t *r = parse_record(w);
	int rc = send_limit(w, tag, json_object_get(r, "path"), why);
	json_decref(r);
	return rc;
}

/* Out of the front's reach: in the file, where its pieces are already or what lies in the lane is copied to, or in memory: of its exact size,
 * so that a sanitizer sees who reads past the end. */
static const char *copy_bytes(worker *w, const pb_lane_object *o, pb_bytes *out, uint8_t **owned)
{
	size_t size = o->bytes.size;
	if (!o->spread && size > PB_LANE_SPREAD && w->large.fd >= 0)
		pb_large_put(&w->large, 0, o->bytes);
	if (o->spread || (size > PB_LANE_SPREAD && w->large.fd >= 0))
		return pb_large_bytes(&w->large, size, out);
	*owned = malloc(size ? size : 1);
	if (!*owned)
		return "not examined: memory ran out";
	if (size)
		memcpy(*owned, o->bytes.data, size);
	*out = (pb_bytes){*owned, size};
	return NULL;
}

/* The bytes as they are now, checked against their digest: what is found in them is kept under it, and others will be told. Words where they
 * are not to be had. */
static const char *take_bytes(worker *w, const pb_lane_object *o, pb_bytes *out, uint8_t **owned)
{
	char sha256[65];
	const char *why = copy_bytes(w, o, out, owned);
	if (why)
		return why;
	if (!pb_sha256_of(*out, sha256))
		return "not examined: memory ran out";
	return strcmp(sha256, o->sha256) == 0 ? NULL : "not examined: it came with another object's digest";
}

/* {record, "result":{...}} into w->out, and "trace" where it is asked for. The record ends in '}' and is not empty (take_record). */
static int splice(worker *w, const json_t *result, const json_t *trace)
{
	char *text = pb_json_canonical(result), *traced = trace ? pb_json_canonical(trace) : NULL;
	w->out.size = 0;
	int rc = text ? pb_buf_add(&w->out, w->record.data, w->record.size - 1) : PB_ENOMEM;
	rc = rc ? rc : pb_buf_puts(&w->out, ",\"result\":");
	rc = rc ? rc : pb_buf_puts(&w->out, text);
	if (traced)
		rc = rc ? rc : pb_buf_printf(&w->out, ",\"trace\":%s", traced);
	rc = rc ? rc : pb_buf_puts(&w->out, "}");
	free(text);
	free(traced);
	return rc;
}

/* Maps the bytes, and makes the message. 0 or a code. */
static int map_bytes(worker *w, const pb_lane_object *o, pb_bytes bytes, const json_t *excused)
{
	pb_object object = {.bytes = bytes, .kind = pb_kind_named(o->kind)};
	pb_run_how how = {.at = at, .user = w, .spent = w->trace ? spent : NULL, .product = o->tag, .excused = excused};
	json_t *result = NULL, *trace = NULL;
	memcpy(object.name_class, o->name_class, sizeof object.name_class);
	memcpy(object.sha256, o->sha256, sizeof object.sha256);
	memcpy(object.clam_type, o->clam_type, sizeof object.clam_type);
	int rc = pb_map(w->mapper, &object, &how, &result, NULL);
	if (!rc && w->trace) {
		at(w, PB_AT_PATTERNS);
		trace = pb_trace_object(w->trace, &object, result);
		rc = trace ? 0 : PB_ENOMEM;
	}
	rc = rc ? rc : splice(w, result, trace);
	json_decref(result);
	json_decref(trace);
	return rc == 0 && w->out.size > PB_WIRE_MAX ? PB_ELIMIT : rc;
}

static const char *words(int rc)
{
	switch (rc) {
	case PB_ENOMEM:
		return "not examined: memory ran out";
	case PB_ELIMIT:
		return "not examined: what was found is more than a message holds";
	default:
		return "not examined: an error of Probity's own";
	}
}

/* Maps and sends. *why: the words of a limit where there is nothing to send. */
static int map_object(worker *w, const pb_lane_object *o, const uint8_t key[16], const json_t *excused, const char **why)
{
	uint8_t *owned = NULL;
	pb_bytes bytes;
	*why = pb_kind_named(o->kind) ? take_bytes(w, o, &bytes, &owned) : "not examined: of an unknown kind";
	int rc = *why ? 0 : map_bytes(w, o, bytes, excused);
	free(owned);
	if (rc)
		*why = words(rc);
	if (*why)
		return 0;
	pb_sent_add(w->sent, o->tag, key);
	return send_text(w, PB_MSG_RECORD, o->tag, w->out.data, w->out.size);
}

static const json_t *aside_of(const worker *w, uint32_t tag)
{
	char name[16];
	snprintf(name, sizeof name, "%u", (unsigned)tag);
	const json_t *own = json_object_get(w->asides, name);
	return own ? own : w->aside;
}

static int on_object(worker *w, const pb_lane_entry *e)
{
	const pb_lane_object *o = &e->object;
	const json_t *excuse = e->number == (uint64_t)pb_json_int(w->excuse, "number", 0) ? w->excuse : NULL;
	const char *skip = pb_json_str(excuse, "skip", NULL), *why = NULL;
	uint8_t key[16];
	int rc;
	if (!take_record(w, o))
		return send_limit(w, e->tag, NULL, "not examined: the reader sent a malformed object");
	pb_known_key(o->sha256, o->kind, o->name_class, key);
	if (pb_sent_has(w->sent, o->tag, key) || (w->known && pb_known_has(w->known, key)))
		rc = send_text(w, PB_MSG_RECORD, o->tag, w->record.data, w->record.size);
	else if (skip)
		rc = send_object_limit(w, o->tag, skip);
	else
		rc = map_object(w, o, key, excuse ? w->aside_once : aside_of(w, e->tag), &why);
	return rc || !why ? rc : send_object_limit(w, o->tag, why);
}

/* The file outlives a worker that dies: pieces that were taken are not asked for again. */
static int on_piece(worker *w, const pb_lane_entry *e)
{
	pb_bytes piece;
	uint64_t at;
	if (!pb_lane_piece(e->text, &at, &piece))
		return send_limit(w, e->tag, NULL, "the reader sent a malformed object");
	pb_large_put(&w->large, at, piece);
	return send_text(w, PB_MSG_PIECE, e->tag, NULL, 0);
}

/* {...} of the end of an item in w->out, and how long folders of YARA rules took of it. */
static int add_spent(worker *w, uint32_t tag)
{
	json_t *spent = pb_map_spent(w->mapper, tag);
	char *text = spent ? pb_json_canonical(spent) : NULL;
	int rc = 0;
	if (text && w->out.size >= 2 && w->out.data[0] == '{' && w->out.data[w->out.size - 1] == '}') {
		w->out.size--;
		rc = pb_buf_printf(&w->out, "%s\"rules_ms\":%s}", w->out.size > 1 ? "," : "", text);
	}
	free(text);
	json_decref(spent);
	return rc;
}

/* What a front has to say. Its words are the keeper's to judge; records and outcomes do not come from there. */
static int on_note(worker *w, const pb_lane_entry *e)
{
	if (e->type == PB_MSG_PIECE)
		return on_piece(w, e);
	if (!strchr("BLDIKGEX", (int)e->type))
		return send_limit(w, e->tag, NULL, "the reader sent a message that is not its to send");
	w->out.size = 0;
	if (pb_buf_add(&w->out, e->text.data, e->text.size) || (e->type == PB_MSG_DONE && add_spent(w, e->tag)))
		return send_limit(w, e->tag, NULL, "not examined: memory ran out");
	int rc = send_text(w, e->type, e->tag, w->out.data, w->out.size);
	if (e->type == PB_MSG_DONE)
		pb_sent_end(w->sent, e->tag);
	return rc;
}

static bool keeper_left(const worker *w)
{
	struct pollfd p = {.fd = w->fd};
	return poll(&p, 1, 0) > 0 && (p.revents & (POLLHUP | POLLERR | POLLNVAL)) != 0;
}

static int work(worker *w)
{
	for (;;) {
		pb_lane_entry e;
		int rc = pb_lane_take(w->lane, &e, WAIT_MS);
		if (rc == 0 && !keeper_left(w))
			continue;
		if (rc == 0 || rc == PB_EIO)
			return EXIT_DONE;
		if (rc < 0) {
			static const char lies[] = "a reader broke the memory that it shares with its worker";
			(void)pb_wire_send(w->fd, PB_MSG_ERROR, 0, lies, sizeof lies - 1);
			return EXIT_LIES;
		}
		bool sent = w->excuse && e.number == (uint64_t)pb_json_int(w->excuse, "number", 0) &&
		            json_is_true(json_object_get(w->excuse, "sent"));
		if (!sent && (e.is_object ? on_object(w, &e) : on_note(w, &e)))
			return EXIT_DONE; /* nobody reads any more: the entry stays, for another worker */
		pb_lane_done(w->lane);
		if (e.is_object && e.object.bytes.size > PB_LANE_SPREAD)
			pb_large_drop(&w->large, e.object.bytes.size); /* not before: the entry might be asked for again */
		if (e.number % LOOK_EVERY == 0 && pb_box_spent() > PB_INSIDE_CPU_SECONDS / 2)
			return EXIT_DONE; /* a fresh one goes on */
	}
}

static int begin(worker *w, const pb_rules *rules, const pb_role_args *args, pb_error *err)
{
	int64_t seconds = pb_json_int(args->args, "pattern_seconds", PATTERN_SECONDS);
	w->fd = args->fd[0];
	w->excuse = pb_inside_object(args, "excuse");
	w->aside = pb_inside_object(args, "aside");
	w->asides = pb_inside_object(args, "asides");
	w->sent = pb_sent_new();
	w->aside_once = json_object();
	if (!w->sent || !w->aside_once || (w->aside && json_object_update(w->aside_once, (json_t *)w->aside)))
		return pb_fail(err, PB_ENOMEM, "out of memory");
	if (json_object_get(w->excuse, "checks"))
		(void)json_object_update(w->aside_once, json_object_get(w->excuse, "checks"));
	int rc = pb_mapper_new(rules, seconds > 0 && seconds <= 3600 ? (int)seconds : PATTERN_SECONDS, &w->mapper, err);
	if (rc)
		return rc;
	w->lane = pb_lane_open(args->fd[1], false, err);
	if (!w->lane)
		return err->code;
	/* A table that cannot be had costs time, no result. */
	int64_t scratch = pb_json_int(args->args, "scratch", -1);
	int keep[] = {args->fd[0], scratch == 2 || scratch == 3 ? args->fd[scratch] : -1};
	if (args->fd[2] >= 0 && scratch != 2)
		w->known = pb_known_open(args->fd[2]);
	if (!pb_large_open(&w->large, keep[1]))
		return pb_fail(err, PB_EIO, "the file for what is too large for memory cannot be mapped");
	rc = pb_inside(args, keep, 2, PB_LANE_AREA, err);
	return rc ? rc : pb_trace_open(rules, json_object_get(args->args, "trace"), true, PATTERN_SECONDS, &w->trace, err);
}

int pb_mapper_main(void *state, const pb_role_args *args)
{
	worker w = {.large.fd = -1};
	pb_error err = {0};
	int status = EXIT_BEGIN;
	if (begin(&w, state, args, &err))
		(void)pb_wire_send(args->fd[0], PB_MSG_ERROR, 0, err.text, strlen(err.text));
	else
		status = work(&w);
	pb_mapper_free(w.mapper);
	pb_trace_free(w.trace);
	pb_lane_free(w.lane);
	pb_known_free(w.known);
	pb_sent_free(w.sent);
	json_decref(w.aside_once);
	pb_buf_free(&w.record);
	pb_buf_free(&w.out);
	return status;
}
