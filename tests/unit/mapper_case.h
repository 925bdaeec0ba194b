/* A worker of which the test is the front and the keeper. Include after cmocka.h. */
#ifndef PROBITY_TESTS_MAPPER_CASE_H
#define PROBITY_TESTS_MAPPER_CASE_H

#include <time.h>

#include "base/hash.h"
#include "findings/record.h"
#include "role_case.h"
#include "wire/known.h"
#include "wire/lane.h"
#include "worker/mapper.h"

typedef struct mapping {
	role_case r;
	int memfd, known_fd;
	pb_known *known;
	pb_lane *front, *watch;
} mapping;

static inline void start(mapping *m, json_t *args)
{
	role_start(&m->r, pb_mapper_main, (const int[]){m->memfd, m->known_fd, -1}, args ? args : json_object());
}

static inline void begin(mapping *m)
{
	pb_error err = {0};
	role_open(&m->r);
	m->memfd = pb_lane_create();
	assert_true(m->memfd >= 0);
	m->known = pb_known_create(100, &m->known_fd);
	m->front = pb_lane_open(m->memfd, true, &err);
	m->watch = pb_lane_open(m->memfd, false, &err);
	assert_non_null(m->known);
	assert_non_null(m->front);
	assert_non_null(m->watch);
}

static inline void end(mapping *m)
{
	pb_lane_free(m->front);
	pb_lane_free(m->watch);
	pb_known_free(m->known);
	close(m->memfd);
	close(m->known_fd);
	role_close(&m->r);
}

/* Fills in everything but the record. */
static inline pb_lane_object object_of(uint32_t tag, const char *name_class, const void *bytes, size_t n)
{
	pb_lane_object o = {.tag = tag, .bytes = {bytes, n}};
	snprintf(o.name_class, sizeof o.name_class, "%s", name_class);
	snprintf(o.kind, sizeof o.kind, "%s", pb_kind_of(o.bytes, name_class)->name);
	assert_true(pb_sha256_of(o.bytes, o.sha256));
	return o;
}

static inline char *record_of(const char *name, const pb_lane_object *o)
{
	json_t *j = json_pack("{s:[s,s],s:s,s:I,s:s,s:s,s:s,s:b}", "path", "p", name, "sha256", o->sha256, "size",
	                      (json_int_t)o->bytes.size, "kind", o->kind, "class", pb_class_name(pb_kind_named(o->kind)->class),
	                      "name_class", o->name_class, "container", 0);
	char *text = pb_json_canonical(j);
	assert_non_null(text);
	json_decref(j);
	return text;
}

static inline void put(mapping *m, uint32_t tag, const char *name, const void *bytes, size_t n)
{
	pb_lane_object o = object_of(tag, ".txt", bytes, n);
	char *record = record_of(name, &o);
	o.record = record;
	o.record_size = strlen(record);
	assert_int_equal(pb_lane_put(m->front, &o), 0);
	free(record);
}

static inline void put_text(mapping *m, uint32_t tag, const char *name, const char *text)
{
	put(m, tag, name, text, strlen(text));
}

static inline void note(mapping *m, uint32_t tag, pb_message type, const char *text)
{
	assert_int_equal(pb_lane_note(m->front, tag, type, text, strlen(text)), 0);
}

/* The next message is the record of this name; its result as a new reference, or NULL where it has none. */
static inline json_t *result_of(mapping *m, uint32_t tag, const char *name)
{
	role_expect(&m->r, PB_MSG_RECORD, tag);
	json_t *record = role_json(&m->r);
	pb_error err = {0};
	if (pb_record_valid(record, &err))
		fail_msg("%s", err.text);
	assert_string_equal(json_string_value(json_array_get(json_object_get(record, "path"), 1)), name);
	json_t *result = json_incref(json_object_get(record, "result"));
	json_decref(record);
	return result;
}

static inline void has_result(mapping *m, uint32_t tag, const char *name, bool wanted)
{
	json_t *result = result_of(m, tag, name);
	if ((result != NULL) != wanted)
		fail_msg("%s: %s", name, wanted ? "no result" : "a result");
	json_decref(result);
}

static inline void unknown_is(mapping *m, uint32_t tag, const char *name, const char *check, const char *why)
{
	json_t *result = result_of(m, tag, name);
	assert_non_null(result);
	assert_string_equal(pb_json_str(json_object_get(result, "unknown"), check, ""), why);
	json_decref(result);
}

static inline void limit_says(mapping *m, uint32_t tag, const char *name, const char *why)
{
	role_expect(&m->r, PB_MSG_LIMIT, tag);
	json_t *limit = role_json(&m->r);
	if (!strstr(pb_json_str(limit, "why", ""), why))
		fail_msg("%.*s instead of %s", (int)m->r.got.size, (const char *)m->r.got.data, why);
	if (name)
		assert_string_equal(json_string_value(json_array_get(json_object_get(limit, "path"), 1)), name);
	else
		assert_int_equal(json_array_size(json_object_get(limit, "path")), 1);
	json_decref(limit);
}

static inline void closes(mapping *m)
{
	pb_lane_close(m->front);
	pb_message type;
	uint32_t tag;
	assert_int_equal(pb_wire_receive(m->r.socket, &type, &tag, &m->r.got, NULL), 0);
	role_exits(&m->r, 0);
}

#endif
