/* Formats of reports: what a script gets, what it may write, and what ends it, by name. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "scratch.h"

#include "base/base64.h"
#include "base/buf.h"
#include "bindings/bindings.h"
#include "checks/format.h"

#define REPORT "{\"schema\":\"probity-report/1\",\"x\":\"y\"}"

static int refusing; /* what the writer answers; 0: it takes all */

static int take(void *user, const void *bytes, size_t n)
{
	return refusing ? refusing : pb_buf_add(user, bytes, n);
}

/* Runs a file of this text as the format "f" over the documents; out: what it wrote. 0, or a code with err. */
static int run_over(const char *file, const pb_format_limits *limits, pb_bytes *documents, size_t n, json_t *frame, pb_buf *out,
                    pb_error *err)
{
	pb_formats *formats = NULL;
	pb_format_box *box = NULL;
	json_t *about = NULL;
	char path[120];
	pb_format_job job = {.folder = "", .name = "f", .documents = documents, .n_documents = n, .frame = frame, .as = "all",
	                     .write = take, .user = out};
	FILE *f;
	int rc;

	(void)snprintf(path, sizeof path, "%s/f.lua", scratch_dir);
	f = fopen(path, "w");
	assert_non_null(f);
	assert_true(fputs(file, f) >= 0 && fclose(f) == 0);
	rc = pb_formats_read(scratch_dir, NULL, &formats, err);
	rc = rc ? rc : pb_format_open(formats, &pb_bindings_formats, limits, &box, err);
	rc = rc ? rc : pb_format_run(box, &job, &about, err);
	assert_true((about != NULL) == (rc == 0));
	json_decref(about);
	pb_format_close(box);
	pb_formats_free(formats);
	return rc;
}

/* The same of one report, with this as the body of render(report, out, options). */
static int run_body(const char *body, const char *report, const pb_format_limits *limits, pb_buf *out, pb_error *err)
{
	pb_bytes document = {(const uint8_t *)report, strlen(report)};
	char file[2000];

	(void)snprintf(file, sizeof file,
	               "return { title = 'T', extension = 'x', type = 'text/plain', takes = 'report', "
	               "render = function(report, out, options) %s end }",
	               body);
	return run_over(file, limits, &document, 1, NULL, out, err);
}

static void what_a_script_writes(void **state)
{
	static const struct {
		const char *body, *report, *wanted; /* of what is refused: in err */
		int rc;
	} cases[] = {
	    {"out(report.x, 1, 2.5, '')", REPORT, "y12.5", 0},
	    {"out()", REPORT, "", 0},
	    {"out('a\\0b\\255')", REPORT, "a", 0}, /* any bytes: read here up to the NUL */
	    {"out({})", REPORT, "argument 1 is a table; it takes strings and numbers", PB_EINPUT},
	    {"out('a', nil)", REPORT, "argument 2 is a nil", PB_EINPUT},
	    {"out('a', true)", REPORT, "argument 2 is a boolean", PB_EINPUT},
	    {"out(report.x.y.z)", REPORT, "f.lua:1", PB_EINPUT},
	    {"out(tostring(next(options)))", REPORT, "nil", 0},
	    {"out(x)", REPORT, "x", PB_EINPUT},
	    {"", "{}", "it is no report: its schema is not probity-report/1", PB_EINPUT},
	    {"", "[]", "it is no report", PB_EINPUT},
	    {"", "5", "it is no report", PB_EINPUT},
	    {"", "null", "it is no report", PB_EINPUT},
	    {"", "", "the report: empty", PB_EINPUT},
	    {"", "{\"schema\":[\"probity-report/1\"]}", "it is no report", PB_EINPUT},
	    {"", "{\"schema\":\"probity-report/2\"}", "it is no report", PB_EINPUT},
	    {"", "{\"payload\":5}", "it is no report", PB_EINPUT},
	    {"", "{\"payload\":\"?\"}", "it is no report", PB_EINPUT},
	    {"", "{\"payload\":\"\"}", "the envelope's payload: empty", PB_EINPUT},
	    {"", "{\"payload\":\"W10=\"}", "it is no report", PB_EINPUT},     /* [] */
	    {"", "{\"payload\":\"NQ==\"}", "it is no report", PB_EINPUT},     /* 5 */
	    {"", "{\"payload\":\"eyI=\"}", "the envelope's payload: byte 2", PB_EINPUT}, /* {" */
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		pb_buf out = {0};
		pb_error err = {0};
		int rc = run_body(cases[i].body, cases[i].report, &pb_format_defaults, &out, &err);
		bool as_wanted = rc == 0 ? pb_buf_add(&out, "", 1) == 0 && strcmp((const char *)out.data, cases[i].wanted) == 0
		                         : strstr(err.text, cases[i].wanted) != NULL;

		if (rc != cases[i].rc || !as_wanted)
			fail_msg("%s over %s: %d %s", cases[i].body, cases[i].report, rc, rc ? err.text : (const char *)out.data);
		pb_buf_free(&out);
	}
}

static void an_envelope_is_opened(void **state)
{
	static const char statement[] = "{\"predicate\":" REPORT "}";
	char text[500];
	pb_buf out = {0}, payload = {0};
	pb_error err = {0};

	(void)state;
	assert_int_equal(pb_base64_encode((pb_bytes){(const uint8_t *)statement, sizeof statement - 1}, &payload), 0);
	(void)snprintf(text, sizeof text, "{\"payload\":\"%.*s\"}", (int)payload.size, (const char *)payload.data);
	assert_int_equal(run_body("out(report.x)", text, &pb_format_defaults, &out, &err), 0);
	assert_int_equal(out.size, 1);
	assert_int_equal(out.data[0], 'y');
	pb_buf_free(&payload);
	pb_buf_free(&out);
}

static void files_that_are_no_format(void **state)
{
#define KEYS "title = 'T', extension = 'x', type = 't', takes = 'report'"
	static const char *const cases[][2] = {
	    {"return 5", "the file returns no table"},
	    {"return {}", "\"title\" is missing or no text"},
	    {"return { title = '' }", "\"title\" is missing or no text"},
	    {"return { title = {} }", "\"title\" is missing or no text"},
	    {"return { title = 'T', extension = 'x', type = 't' }", "\"takes\" is missing or no text"},
	    {"return { title = 'T', extension = 'x', type = 't', takes = 'diff' }", "takes = \"diff\": formats of this folder take \"report\""},
	    {"return { " KEYS " }", "render is no function"},
	    {"return { " KEYS ", render = 'x' }", "render is no function"},
	    {"return {", "f.lua"},
	    {"\x1bLua", "f.lua"},
	    {"error 'boom'", "boom"},
	    {"while true do end", "limit instructions"},
	};
	pb_format_limits small = pb_format_defaults;

	(void)state;
	small.instructions = 1000000;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		pb_bytes document = {(const uint8_t *)REPORT, sizeof REPORT - 1};
		pb_buf out = {0};
		pb_error err = {0};
		int rc = run_over(cases[i][0], &small, &document, 1, NULL, &out, &err);

		if (rc == 0 || strstr(err.text, cases[i][1]) == NULL || out.size != 0)
			fail_msg("%s: %d %s", cases[i][0], rc, err.text);
		pb_buf_free(&out);
	}
}

static void limits_are_named(void **state)
{
	static const struct {
		const char *body, *wanted;
	} cases[] = {
	    {"while true do end", "limit instructions: it runs for more than 3 million instructions"},
	    {"local s = ('x'):rep(1024) for i = 1, 2000 do out(s) end", "limit output: it writes more than 1 MiB"},
	    {"local t = {} for i = 1, 100000 do t[i] = ('x'):rep(4096) .. i end", "limit memory: it takes more than 32 MiB of memory"},
	};
	pb_format_limits small = pb_format_defaults;
	pb_buf out = {0};
	pb_error err = {0};

	(void)state;
	small.memory = (size_t)32 << 20;
	small.instructions = 3000000;
	small.output = (size_t)1 << 20;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		assert_int_equal(run_body(cases[i].body, REPORT, &small, &out, &err), PB_ELIMIT);
		if (strstr(err.text, cases[i].wanted) == NULL)
			fail_msg("%s: %s", cases[i].body, err.text);
		pb_buf_free(&out);
		out = (pb_buf){0};
	}
	/* As much as is allowed, to the byte. */
	assert_int_equal(run_body("out(('x'):rep(1 << 20))", REPORT, &small, &out, &err), 0);
	assert_int_equal(out.size, 1 << 20);
	pb_buf_free(&out);
}

static void a_writer_that_refuses(void **state)
{
	pb_buf out = {0};
	pb_error err = {0};

	(void)state;
	refusing = PB_EIO;
	assert_int_equal(run_body("out 'x'", REPORT, &pb_format_defaults, &out, &err), PB_EIO);
	refusing = 0;
	assert_non_null(strstr(err.text, "cannot be written"));
	assert_int_equal(out.size, 0);
}

static void documents_in_a_frame(void **state)
{
	static const char file[] = "return { title = 'T', extension = 'x', type = 't', takes = 'report', render = function(frame, out) "
				   "out(frame.name, #frame.all) for _, r in ipairs(frame.all) do out(r.x) end end }";
	pb_bytes two[2] = {{(const uint8_t *)REPORT, sizeof REPORT - 1}, {(const uint8_t *)REPORT, sizeof REPORT - 1}};
	json_t *frame = json_pack("{s:s}", "name", "n");
	pb_buf out = {0};
	pb_error err = {0};

	(void)state;
	assert_int_equal(run_over(file, &pb_format_defaults, two, 2, frame, &out, &err), 0);
	assert_int_equal(out.size, 4);
	assert_memory_equal(out.data, "n2yy", 4);
	assert_int_equal(run_over(file, &pb_format_defaults, two, 2, NULL, &out, &err), PB_EINPUT);
	assert_non_null(strstr(err.text, "the format takes one document"));
	two[1].size = 3;
	assert_int_equal(run_over(file, &pb_format_defaults, two, 2, frame, &out, &err), PB_EINPUT);
	json_decref(frame);
	pb_buf_free(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_a_script_writes), cmocka_unit_test(an_envelope_is_opened), cmocka_unit_test(files_that_are_no_format),
	    cmocka_unit_test(limits_are_named),     cmocka_unit_test(a_writer_that_refuses), cmocka_unit_test(documents_in_a_frame)};

	return cmocka_run_group_tests(tests, scratch_begin, scratch_end);
}
