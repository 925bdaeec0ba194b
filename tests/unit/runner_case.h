/* One object, and a catalogue of checks that look at it. */
#ifndef PROBITY_TESTS_RUNNER_CASE_H
#define PROBITY_TESTS_RUNNER_CASE_H

#include "check_case.h"
#include "checks/runner.h"

#define DIGEST "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define BYTES  "line one\nsecond line with a key\nthird\n\x01\xff end"

enum { FIRST = 3 }; /* the first source of the catalogue: others stand before it */

typedef struct stage {
	check_case c;
	pb_catalogue *catalogue;
	pb_object object;
	json_t *facts, *result;
	pb_scan scan;
} stage;

static inline void open_stage(stage *s, const pb_sandbox_limits *limits, const char *const *extra, size_t n_extra)
{
	pb_catalogue_options options = case_options(&s->c);
	pb_error err = {0};

	if (limits != NULL)
		options.limits = *limits;
	options.extra_dirs = extra;
	options.n_extra = n_extra;
	if (pb_catalogue_open(&options, &s->catalogue, &err) != PB_OK)
		fail_msg("%s", err.text);
	s->object = (pb_object){.bytes = {(const uint8_t *)BYTES, sizeof BYTES - 1},
	                        .kind = pb_kind_named("text"),
	                        .name_class = ".txt",
	                        .sha256 = DIGEST};
	assert_non_null(s->object.kind);
	s->facts = json_pack("{s:[s,s,s]}", "tags", "any", "script", "text");
	s->result = pb_result_new(s->facts);
}

static inline void start(stage *s, const char *check)
{
	memset(s, 0, sizeof *s);
	case_open(&s->c);
	case_text(&s->c, "scripts/integrity/x.lua", check);
	open_stage(s, NULL, NULL, 0);
}

static inline void run_object(stage *s)
{
	pb_error err = {0};

	if (pb_runner_object(s->catalogue, &s->object, s->facts, &s->scan, FIRST, NULL, s->result, &err) != PB_OK)
		fail_msg("%s", err.text);
}

static inline void stop(stage *s)
{
	pb_catalogue_close(s->catalogue);
	json_decref(s->facts);
	json_decref(s->result);
	case_close(&s->c);
}

/* A valid record around the result, through its serial form and back. */
static inline void survives(const stage *s)
{
	json_t *record = json_pack("{s:[s],s:s,s:I,s:s,s:s,s:s,s:b,s:O}", "path", "x", "sha256", DIGEST, "size",
	                           (json_int_t)s->object.bytes.size, "kind", "text", "class", "text", "name_class", ".txt",
	                           "container", 0, "result", s->result);
	char *text = pb_json_canonical(record);
	pb_error err = {0};
	json_t *again = pb_json_parse((pb_bytes){(const uint8_t *)text, strlen(text)}, 1 << 24, "record", &err);

	if (pb_record_valid(again, &err) != PB_OK)
		fail_msg("%s", err.text);
	assert_true(json_equal(record, again));
	free(text);
	json_decref(record);
	json_decref(again);
}

#endif
