#include <stdio.h>
#include <string.h>

#include "clamav/record_out.h"
#include "clamav/tracker_inside.h"

bool pb_tracker_ok(pb_tracker *t, int code)
{
	if (code == PB_EIO)
		t->failed = code;
	return code == PB_OK;
}

static void keep(pb_tracker *t, pb_product *p, int code)
{
	if (!pb_tracker_ok(t, code))
		p->incomplete = true;
}

json_t *pb_product_shown(const pb_product *p, const pb_path *path)
{
	json_t *out = pb_path_json(path);

	for (size_t i = 0; i < p->strip && json_array_size(out) > 1; i++)
		(void)json_array_remove(out, 0);
	return out;
}

int pb_product_begin(pb_tracker *t, pb_product *p, const pb_tracked *root, const char *name, const char *path)
{
	const pb_event_begin *e = &root->begin;
	json_t *note = json_pack("{s:I,s:I,s:s,s:s,s:I}", "stream", (json_int_t)root->stream, "scan", (json_int_t)root->number,
	                         "name", name, "path", path, "size", (json_int_t)p->size);

	/* Told only where the host told it. */
	if (note != NULL && e->engine != 0 &&
	    (json_object_set_new(note, "engine", json_integer(e->engine)) != 0 ||
	     json_object_set_new(note, "settings", json_integer(e->settings)) != 0 ||
	     json_object_set_new(note, "db_version", json_integer(e->db_version)) != 0 ||
	     json_object_set_new(note, "db_time", json_integer(e->db_time)) != 0)) {
		json_decref(note);
		note = NULL;
	}
	return pb_out_note(t->lane, p->tag, PB_MSG_BEGIN, note);
}

void pb_product_object(pb_tracker *t, pb_product *p, const pb_object *o)
{
	json_t *path = pb_product_shown(p, o->path);

	if (p->sha256[0] == '\0' && o->path->n == p->chain.n && pb_path_within(o->path, &p->chain)) {
		memcpy(p->sha256, o->sha256, sizeof p->sha256);
		(void)snprintf(p->kind, sizeof p->kind, "%s", o->kind->name);
		p->size = o->bytes.size;
	}
	/* First, because bytes that lie in the lane are the worker's as soon as they are put. */
	if (path != NULL && o->kind->opener == PB_OPENS_LIBARCHIVE)
		pb_product_unpack(t, p, &(pb_container){.path = o->path,
		                                        .kind = o->kind->name,
		                                        .sha256 = o->sha256,
		                                        .size = o->bytes.size,
		                                        .bytes = o->bytes.data,
		                                        .fd = -1});
	keep(t, p, pb_out_object(t->lane, p->tag, o, path, false));
	json_decref(path);
}

void pb_product_limit(pb_tracker *t, pb_product *p, const pb_path *path, const char *why)
{
	json_t *array = pb_product_shown(p, path);

	keep(t, p, pb_out_limit(t->lane, p->tag, array, why));
	json_decref(array);
}

void pb_product_detection(pb_tracker *t, pb_product *p, const pb_path *path, const char *sha256, const char *signature)
{
	json_t *array = pb_product_shown(p, path);

	keep(t, p, pb_out_detection(t->lane, p->tag, array, sha256, signature));
	json_decref(array);
}

/* The scanned thing as a whole. */
static json_t *item_of(const pb_product *p)
{
	json_t *item = json_pack("{s:s,s:I,s:s}", "sha256", p->sha256, "size", (json_int_t)p->size, "kind",
	                         p->kind[0] != '\0' ? p->kind : "data");

	if (item != NULL && p->grouped && json_object_set_new(item, "path", pb_product_shown(p, &p->chain)) != 0) {
		json_decref(item);
		return NULL;
	}
	return item;
}

/* How it came out. What is seldom so is told only where it is. */
static json_t *end_of(const pb_product *p, uint32_t stream, uint32_t scan, const pb_outcome *how)
{
	json_t *signature = pb_json_display(how->signature, strlen(how->signature), PB_OUT_SIGNATURE);
	json_t *note = json_pack("{s:I,s:I,s:i,s:o,s:I,s:I,s:b}", "stream", (json_int_t)stream, "scan", (json_int_t)scan, "result",
	                         (int)how->result, "signature", signature, "lost", (json_int_t)how->lost, "unpacks",
	                         (json_int_t)p->unpacks, "ended", how->ended);
	bool bad = note != NULL &&
	           ((p->hidden > 0 && json_object_set_new(note, "hidden", json_integer((json_int_t)p->hidden)) != 0) ||
	            (p->whole && json_object_set_new(note, "whole", json_true()) != 0) ||
	            (how->dropped > 0 && json_object_set_new(note, "dropped", json_integer((json_int_t)how->dropped)) != 0));

	if (!bad)
		return note;
	json_decref(note);
	return NULL;
}

void pb_product_end(pb_tracker *t, pb_product *p, uint32_t stream, uint32_t scan, const pb_outcome *how)
{
	int rc;

	if (p->incomplete)
		pb_product_limit(t, p, &p->chain, "not all of it could be told: " PB_WHY_MEMORY);
	keep(t, p, pb_out_note(t->lane, p->tag, PB_MSG_ITEM, item_of(p)));
	rc = pb_out_note(t->lane, p->tag, PB_MSG_DONE, end_of(p, stream, scan, how));
	if (rc != PB_OK && t->failed == PB_OK)
		t->failed = rc; /* without it the keeper would wait for ever: better that it sees this process fail */
}
