/* What the tests of the terminal report share: rendering a report, and looking into what came out. */
#ifndef PROBITY_TESTS_TEXT_CASE_H
#define PROBITY_TESTS_TEXT_CASE_H

#include <stdlib.h>

#include "base/text.h"
#include "report_case.h"

static inline char *render(const json_t *report, int width, bool color, bool verbose)
{
	const pb_text_options options = {.color = color, .width = width, .verbose = verbose};
	pb_buf out = {0};
	pb_error err = {0};

	if (pb_report_text(report, &options, &out, &err) != PB_OK)
		fail_msg("no text: %s", err.text);
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
