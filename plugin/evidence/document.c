#include "evidence/document.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "evidence/reader.h"

enum { WRAPS_MOST = 2 }; /* an envelope around a statement around a predicate */

static const pb_reader *reader_for(const pb_reading *r)
{
	for (size_t i = 0; i < pb_readers_count; i++)
		if (pb_readers[i].recognise(r))
			return &pb_readers[i];
	return NULL;
}

static void unknown(pb_reading *r)
{
	r->unknown = true;
	pb_doc_says(r, "unknown", "%s", r->json != NULL ? "json" : "");
}

static void read_value(pb_reading *r)
{
	const pb_reader *reader = reader_for(r);

	if (reader == NULL) {
		unknown(r);
		return;
	}
	pb_doc_says(r, reader->kind, "%s", "");
	reader->read(r);
}

/* What a JSON that does not parse was to be, as far as its beginning tells: so that its refusal is told where it is missed. */
static void guess(pb_reading *r)
{
	pb_bytes head = pb_slice(r->text, 0, 4096);

	pb_doc_says(r, "unknown", "json");
	for (size_t i = 0; i < pb_readers_count; i++) {
		const char *mark = pb_readers[i].mark;

		if (mark == NULL || memmem(head.data, head.size, mark, strlen(mark)) == NULL)
			continue;
		pb_doc_says(r, pb_readers[i].kind, "json");
		return;
	}
}

static bool is_json(pb_bytes text)
{
	for (size_t i = 0; i < text.size; i++)
		if (strchr(" \t\r\n", text.data[i]) == NULL || text.data[i] == '\0')
			return text.data[i] == '{' || text.data[i] == '[';
	return false;
}

static void read_bytes(pb_reading *r, pb_bytes bytes)
{
	pb_error err = {0};
	json_t *json;

	if (bytes.size >= 3 && memcmp(bytes.data, "\xef\xbb\xbf", 3) == 0)
		bytes = pb_slice(bytes, 3, bytes.size);
	r->text = bytes;
	r->json = NULL;
	if (!is_json(bytes)) {
		read_value(r);
		return;
	}
	r->lines = pb_evidence_is_lines(bytes);
	json = r->lines ? pb_evidence_json_lines(bytes, &err) : pb_evidence_json(bytes, &err);
	if (json == NULL) {
		guess(r);
		pb_doc_refuse(r, "%s", err.text);
		return;
	}
	r->json = json;
	read_value(r);
	r->json = NULL;
	json_decref(json);
}

static bool wrapped(pb_reading *r)
{
	if (++r->wraps > WRAPS_MOST)
		pb_doc_refuse(r, "more than %d envelopes and statements in each other", WRAPS_MOST);
	return r->rc == PB_OK;
}

void pb_read_payload(pb_reading *r, pb_bytes bytes)
{
	const pb_bytes text = r->text;
	const json_t *const json = r->json;
	char sha256[65];

	if (!wrapped(r))
		return;
	if (!pb_sha256_of(bytes, sha256))
		pb_doc_starved(r);
	else
		pb_doc_put(r, r->record, "payload", sha256);
	r->enveloped = true;
	read_bytes(r, bytes);
	r->text = text;
	r->json = json;
}

void pb_read_predicate(pb_reading *r, const json_t *json)
{
	const json_t *const around = r->json;

	if (!wrapped(r))
		return;
	r->json = json;
	read_value(r);
	r->json = around;
}

static json_t *new_record(const char *name, pb_bytes bytes)
{
	static const char *const texts[] = {"kind", "format", "why", "payload", "issued", "expires", "by"};
	char sha256[65];
	json_t *record;
	int bad = 0;

	if (!pb_sha256_of(bytes, sha256))
		return NULL;
	record = json_pack("{s:o, s:s, s:I, s:s, s:[], s:{}}", "name", pb_json_display(name, strlen(name), 0), "sha256", sha256, "size",
	                   (json_int_t)bytes.size, "state", "read", "subjects", "content");
	for (size_t i = 0; record != NULL && i < sizeof texts / sizeof texts[0]; i++)
		bad |= json_object_set_new(record, texts[i], json_string(""));
	if (bad) {
		json_decref(record);
		return NULL;
	}
	return record;
}

static int set_text(json_t *record, const char *key, const char *text)
{
	return json_object_set_new(record, key, json_string(text));
}

/* Of a document that is not read nothing is kept but what it was to be. */
static int forget(json_t *record, const char *state, const char *why)
{
	return set_text(record, "state", state) | set_text(record, "why", why) | set_text(record, "issued", "") |
	       set_text(record, "expires", "") | set_text(record, "by", "") | json_object_set_new(record, "subjects", json_array()) |
	       json_object_set_new(record, "content", json_object());
}

static int settle(const pb_reading *r)
{
	if (r->rc != PB_OK)
		return forget(r->record, "refused", r->err.text);
	if (r->unknown)
		return forget(r->record, "unknown", "");
	return json_object_size(r->content) > 0 ? json_object_set_new(r->content, "left_out", json_integer((json_int_t)r->left_out)) : 0;
}

json_t *pb_document_read(const char *name, pb_bytes bytes)
{
	pb_reading r = {.record = new_record(name, bytes)};

	if (r.record == NULL)
		return NULL;
	r.subjects = json_object_get(r.record, "subjects");
	r.content = json_object_get(r.record, "content");
	if (bytes.size > PB_DOCUMENT_MAX) {
		unknown(&r);
		pb_doc_refuse(&r, "larger than %d MiB", PB_DOCUMENT_MAX >> 20);
	} else {
		read_bytes(&r, bytes);
	}
	if (settle(&r) != 0) {
		json_decref(r.record);
		return NULL;
	}
	return r.record;
}
