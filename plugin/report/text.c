/* The report as a buyer reads it: the decision first, then why, then what to do, then what nobody looked at. */
#include <string.h>

#include "report/report.h"
#include "report/text.h"

enum { WIDTH_LEAST = 60, WIDTH_MOST = 200 };

static int clamp(int width)
{
	if (width < WIDTH_LEAST)
		return WIDTH_LEAST;
	return width > WIDTH_MOST ? WIDTH_MOST : width;
}

static const struct {
	void (*section)(pb_page *p, const json_t *report);
	bool verbose_only;
} sections[] = {
	{pb_text_head, false},       {pb_text_reasons, false},   {pb_text_findings, false},
	{pb_text_conditions, false}, {pb_text_evidence, false}, {pb_text_gaps, false},      {pb_text_passed, false},
	{pb_text_principles, true},  {pb_text_packs, false}, {pb_text_rule_sets, true}, {pb_text_arithmetic, true}, {pb_text_foot, false},
};

int pb_report_text(const json_t *report, const pb_text_options *options, pb_buf *out, pb_error *err)
{
	pb_page p = {.out = out, .width = clamp(options->width), .color = options->color, .verbose = options->verbose};

	if (strcmp(pb_json_str(report, "schema", ""), "probity-report/1") != 0)
		return pb_fail(err, PB_EINPUT, "not a report of schema probity-report/1");
	for (size_t i = 0; i < sizeof sections / sizeof sections[0] && p.code == PB_OK; i++)
		if (p.verbose || !sections[i].verbose_only)
			sections[i].section(&p, report);
	if (p.code == PB_OK)
		return PB_OK;
	return pb_fail(err, p.code,
	               p.code == PB_ELIMIT ? "the text of the report grew too long"
	                                   : "no memory for the text of the report");
}
