/* What the tests of the terminal report share: rendering a report, and looking into what came out. */
#ifndef PROBITY_TESTS_TEXT_CASE_H
#define PROBITY_TESTS_TEXT_CASE_H

#include <stdlib.h>

#include "base/fs.h"
#include "base/text.h"
#include "bindings/bindings.h"
#include "checks/format.h"
#include "report_case.h"

static inline int text_write(void *user, const void *bytes, size_t n)
{
	return pb_buf_add(user, bytes, n);
}

/* The format "text" with these limits, in this process: what the box around it does is tested in tests/cli/report.sh. */
static inline int text_render(const char *report, const pb_format_limits *limits, int width, bool color, bool verbose, pb_buf *out, pb_error *err)
{
	static pb_formats *formats;
	pb_format_box *box = NULL;
	json_t *about = NULL, *options = json_pack("{si sb sb ss}", "width", width, "color", color, "verbose", verbose, "lang", "en");
	pb_bytes document = {(const uint8_t *)report, strlen(report)};
	pb_format_job job = {.folder = "", .name = "text", .options = options, .documents = &document, .n_documents = 1, .write = text_write, .user = out};
	int rc = PB_OK;

	if (formats == NULL) {
		char *data = pb_fs_data_dir(), *own = pb_fs_join(data, "scripts/reports");

		rc = pb_formats_read(own, NULL, &formats, err);
		free(own);
		free(data);
	}
	rc = rc ? rc : pb_format_open(formats, &pb_bindings_formats, limits, &box, err);
	rc = rc ? rc : pb_format_run(box, &job, &about, err);
	pb_format_close(box);
	json_decref(about);
	json_decref(options);
	return rc;
}

static inline char *render(const json_t *report, int width, bool color, bool verbose)
{
	char *text = pb_json_canonical(report);
	pb_buf out = {0};
	pb_error err = {0};

	assert_non_null(text);
	if (text_render(text, &pb_format_defaults, width, color, verbose, &out, &err) != PB_OK)
		fail_msg("no text: %s", err.text);
	free(text);
	return (char *)out.data;
}

static inline void expect(const char *text, const char *piece)
{
	if (strstr(text, piece) == NULL)
		fail_msg("\"%s\" is not in:\n%s", piece, text);
}

static inline void expect_not(const char *text, const char *piece)
{
	if (strstr(text, piece) != NULL)
		fail_msg("\"%s\" is in:\n%s", piece, text);
}

static inline void set(json_t *report, const char *part, const char *key, json_t *value)
{
	json_t *object = part != NULL ? json_object_get(report, part) : report;

	assert_int_equal(json_object_set_new(object, key, value), 0);
}

static inline json_t *report_of(json_t *document)
{
	json_t *report = case_report(document, 0, NULL);

	assert_non_null(report);
	return report;
}

#endif
