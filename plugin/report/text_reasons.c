/* Why this decision: the thresholds of the policy against the numbers, the evidence it demands, what is open. */
#include <string.h>

#include "findings/terms.h"
#include "report/text.h"

enum { CONFIRMED = 800, NAMED = 3 };

static bool confirmed(const json_t *finding, int severity)
{
	return pb_severity_of(pb_json_str(finding, "severity", "")) == severity &&
	       pb_json_int(finding, "kappa", 0) >= CONFIRMED && !json_is_string(json_object_get(finding, "waived"));
}

/* Findings of one severity that decide by themselves: the first few, then a count. */
static void open_findings(pb_page *p, const json_t *report, int severity, const char *lead)
{
	int64_t count = 0;
	size_t i;
	json_t *finding;

	json_array_foreach(json_object_get(report, "findings"), i, finding) {
		if (!confirmed(finding, severity) || count++ >= NAMED)
			continue;
		pb_page_bullet(p);
		pb_page_flowf(p, PB_PLAIN, 4, "%s: %s", lead, pb_json_str(finding, "says", ""));
		pb_page_line(p);
	}
	if (count > NAMED) {
		pb_page_bullet(p);
		pb_page_flowf(p, PB_PLAIN, 4, "and %lld more of this severity", (long long)(count - NAMED));
		pb_page_line(p);
	}
}

static void shortfall(pb_page *p, const char *what, const char *unit, int64_t has, int64_t needs)
{
	if (has / 10 >= needs)
		return;
	pb_page_bullet(p);
	/* One decimal here: "69 is below 70" is clear, "70 is below 70" would not be. */
	pb_page_flowf(p, PB_PLAIN, 4, "%s %lld.%lld%s is below the %lld%s that the policy asks for", what,
	              (long long)(has / 10), (long long)(has % 10), unit, (long long)needs, unit);
	pb_page_line(p);
}

static void required(pb_page *p, const json_t *report, bool verified)
{
	size_t i;
	json_t *one;

	json_array_foreach(json_object_get(json_object_get(report, "policy"), "required"), i, one) {
		if (!pb_text_demanded(report, one) || pb_text_verified(report, one) != verified)
			continue;
		pb_page_bullet(p);
		pb_page_flowf(p, PB_PLAIN, 4, "%s: %s", verified ? "evidence verified" : "required, not verified",
		              pb_json_str(one, "title", pb_json_str(one, "id", "")));
		pb_page_line(p);
	}
}

static void shortfalls(pb_page *p, const json_t *report)
{
	const json_t *score = json_object_get(report, "score"),
	             *accept = json_object_get(json_object_get(report, "policy"), "accept");

	shortfall(p, "trust", "", pb_json_int(score, "trust_tenths", 0), pb_json_int(accept, "trust", 0));
	shortfall(p, "confidence", " %", pb_json_int(score, "confidence_permille", 0),
	          pb_json_int(accept, "confidence", 0));
	shortfall(p, "floor", "", pb_json_int(score, "floor_tenths", 0), pb_json_int(accept, "floor", 0));
	required(p, report, false);
	open_findings(p, report, PB_HIGH, "high and open");
}

static void accepted(pb_page *p, const json_t *report)
{
	const json_t *accept = json_object_get(json_object_get(report, "policy"), "accept");

	pb_page_bullet(p);
	pb_page_flowf(p, PB_PLAIN, 4,
	              "trust, confidence and floor reach the %lld, %lld %% and %lld that the policy asks for",
	              (long long)pb_json_int(accept, "trust", 0), (long long)pb_json_int(accept, "confidence", 0),
	              (long long)pb_json_int(accept, "floor", 0));
	pb_page_line(p);
	required(p, report, true);
	pb_page_bullet(p);
	pb_page_flowf(p, PB_PLAIN, 4, "renew it by %s: from then on confidence is too old",
	              pb_json_str(json_object_get(report, "score"), "valid_until", "?"));
	pb_page_line(p);
}

static void rejected(pb_page *p, const json_t *report)
{
	const json_t *score = json_object_get(report, "score");
	int64_t trust = pb_json_int(score, "trust_tenths", 0);
	int64_t bound = pb_json_int(json_object_get(report, "policy"), "reject_below", 0);

	open_findings(p, report, PB_CRITICAL, "critical and confirmed");
	if (trust / 10 >= bound)
		return;
	pb_page_bullet(p);
	/* No number where too little was examined for one; what was found counts all the same. */
	if (pb_json_int(score, "confidence_permille", 0) < 250)
		pb_page_flowf(p, PB_PLAIN, 4, "what was found brings trust below %lld, where the policy rejects",
		              (long long)bound);
	else
		pb_page_flowf(p, PB_PLAIN, 4, "trust %lld.%lld is below %lld, where the policy rejects",
		              (long long)(trust / 10), (long long)(trust % 10), (long long)bound);
	pb_page_line(p);
}

void pb_text_reasons(pb_page *p, const json_t *report)
{
	const char *decision = pb_json_str(json_object_get(report, "score"), "decision", "");

	pb_page_heading(p, "WHY", NULL);
	if (strcmp(decision, "accept") == 0) {
		accepted(p, report);
	} else if (strcmp(decision, "reject") == 0) {
		rejected(p, report);
	} else if (strcmp(decision, "not-rated") == 0) {
		pb_page_bullet(p);
		pb_page_flow(p, PB_PLAIN, 4,
		             "confidence is below 25 %: too little could be examined for a number to mean anything");
		pb_page_line(p);
	} else {
		shortfalls(p, report);
	}
}
