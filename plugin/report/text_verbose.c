/* For those who follow every step: the nine principles, each check, each claim, and how they become one number. */
#include <string.h>

#include "findings/terms.h"
#include "report/text.h"

void pb_text_principles(pb_page *p, const json_t *report)
{
	size_t i;
	json_t *one;

	pb_page_heading(p, "PARIS CALL PRINCIPLES", NULL);
	json_array_foreach(json_object_get(report, "principles"), i, one) {
		int64_t checks = (int64_t)json_array_size(json_object_get(one, "checks")),
		        findings = pb_json_int(one, "findings", 0);

		pb_page_to(p, 2);
		pb_page_putf(p, PB_BOLD, "%s", pb_json_str(one, "id", "?"));
		pb_page_to(p, 6);
		pb_page_flow(p, PB_PLAIN, 6, pb_json_str(one, "title", ""));
		pb_page_line(p);
		pb_page_to(p, 6);
		if (strcmp(pb_json_str(one, "assessable", ""), "yes") == 0)
			pb_page_flowf(p, PB_DIM, 6, "%lld check%s, %lld finding%s", (long long)checks,
			              pb_text_plural(checks), (long long)findings, pb_text_plural(findings));
		else
			pb_page_flow(p, PB_DIM, 6, "limited: not assessable from this product");
		pb_page_line(p);
	}
}

/* One row: what the check came to, and the v that goes into its claim. */
static void check_row(pb_page *p, const json_t *check)
{
	const char *severity = pb_json_str(check, "severity", ""), *row = pb_json_str(check, "catalogue", "");
	int rho = pb_reliability_of(pb_json_str(check, "reliability", ""));
	char v[PB_TEXT_NUMBER];

	pb_text_milli(pb_json_int(check, "demerit_milli", 0), v);
	pb_page_to(p, 2);
	pb_page_put(p, PB_PLAIN, pb_json_str(check, "status", "?"));
	pb_page_to(p, 10);
	pb_page_put(p, pb_text_severity_style(severity), severity);
	pb_page_to(p, 19);
	pb_page_putf(p, PB_PLAIN, "%4d %4lld %5lld %7s", rho >= 0 ? pb_reliability_permille((pb_reliability)rho) : 0,
	             (long long)pb_json_int(check, "coverage", 0), (long long)pb_json_int(check, "keys", 0), v);
	pb_page_to(p, 43);
	pb_page_putf(p, PB_PLAIN, "%s%s%s", row, row[0] != '\0' ? " " : "", pb_json_str(check, "id", "?"));
	if (pb_json_int(check, "freshness", 1000) < 1000)
		pb_page_putf(p, PB_DIM, ", %lld left by age", (long long)pb_json_int(check, "freshness", 1000));
	pb_page_line(p);
}

static void claim_row(pb_page *p, const json_t *report, const json_t *claim)
{
	const char *pillar = pb_json_str(claim, "pillar", "");
	int64_t lambda = pb_json_int(claim, "lambda_milli", 0);
	int64_t weight = pb_json_int(json_object_get(json_object_get(report, "policy"), "weights"), pillar, 0);
	bool sane = lambda >= 0 && lambda < INT64_MAX / 10000 && weight >= 0 && weight <= 10000;
	char worst[PB_TEXT_NUMBER], sum[PB_TEXT_NUMBER], adds[PB_TEXT_NUMBER];

	pb_text_milli(pb_json_int(claim, "worst_milli", 0), worst);
	pb_text_milli(lambda, sum);
	pb_text_milli(sane ? lambda * weight / 1000 : 0, adds);
	pb_page_to(p, 2);
	pb_page_putf(p, PB_PLAIN, "%7s %7s %5lld %7s", worst, sum, (long long)weight, adds);
	pb_page_to(p, 34);
	pb_page_putf(p, PB_PLAIN, "%s (%s)", pb_json_str(claim, "claim", "?"), pillar);
	pb_page_line(p);
}

static void total(pb_page *p, const json_t *score)
{
	int64_t cap = pb_json_int(score, "cap", 100), trust = pb_json_int(score, "trust_tenths", 0);
	char d[PB_TEXT_NUMBER];

	pb_text_milli(pb_json_int(score, "demerit_milli", 0), d);
	pb_page_to(p, 2);
	pb_page_flowf(p, PB_PLAIN, 2, "Demerit D = %s, the sum of what the claims add. Trust = 100 * 2^(-D/10)%s", d,
	              cap < 100 ? ", but no more than the cap" : "");
	if (cap < 100)
		pb_page_flowf(p, PB_PLAIN, 2, " of %lld", (long long)cap);
	pb_page_flowf(p, PB_PLAIN, 2, " = %lld.%lld.", (long long)(trust / 10), (long long)(trust % 10));
	pb_page_line(p);
}

void pb_text_rule_sets(pb_page *p, const json_t *report)
{
	const json_t *sets = json_object_get(json_object_get(json_object_get(report, "assessment"), "engine"), "rule_sets");
	size_t i;
	json_t *one;

	if (json_array_size(sets) == 0)
		return;
	pb_page_heading(p, "YARA RULES FROM ELSEWHERE", NULL);
	json_array_foreach(sets, i, one) {
		int64_t files = pb_json_int(one, "files", 0), rules = pb_json_int(one, "rules", 0),
		        left_out = pb_json_int(one, "left_out", 0), skipped = (int64_t)json_array_size(json_object_get(one, "skipped"));

		pb_page_to(p, 2);
		pb_page_flowf(p, PB_PLAIN, 4, "%s: %lld rule%s in %lld file%s", pb_json_str(one, "id", "?"), (long long)rules,
		              pb_text_plural(rules), (long long)files, pb_text_plural(files));
		if (left_out > 0)
			pb_page_flowf(p, PB_PLAIN, 4, ", %lld left out", (long long)left_out);
		if (skipped > 0)
			pb_page_flowf(p, PB_PLAIN, 4, ", %lld that only include%s others", (long long)skipped, skipped == 1 ? "s" : "");
		pb_page_flowf(p, PB_DIM, 4, " (%.16s)", pb_json_str(one, "digest", "?"));
		pb_page_line(p);
	}
}

void pb_text_packs(pb_page *p, const json_t *report)
{
	const json_t *packs = json_object_get(json_object_get(json_object_get(report, "assessment"), "engine"), "packs");
	size_t i;
	json_t *one;

	if (json_array_size(packs) == 0)
		return;
	pb_page_heading(p, "PACKS OF RULES", NULL);
	json_array_foreach(packs, i, one) {
		bool trusted = json_is_true(json_object_get(one, "trusted")), left_out = json_is_true(json_object_get(one, "left_out"));
		const char *key = pb_json_str(one, "key", "?"), *why = pb_json_str(one, "why", "");

		pb_page_to(p, 2);
		pb_page_flowf(p, PB_PLAIN, 4, "%s %s: ", pb_json_str(one, "name", "?"), pb_json_str(one, "version", ""));
		if (trusted)
			pb_page_flowf(p, PB_PLAIN, 4, "signed with key %s, which is trusted", key);
		else
			pb_page_flowf(p, PB_BOLD, 4, "NOT TRUSTED");
		if (left_out)
			pb_page_flowf(p, PB_PLAIN, 4, ", left out");
		if (*why != '\0')
			pb_page_flowf(p, PB_PLAIN, 4, ": %s", why);
		pb_page_flowf(p, PB_DIM, 4, " (%.16s)", pb_json_str(one, "sha256", ""));
		pb_page_line(p);
	}
}

void pb_text_arithmetic(pb_page *p, const json_t *report)
{
	size_t i;
	json_t *one;

	pb_page_heading(p, "ARITHMETIC",
	                "per check: weight of a pass (rho) and coverage in permille, distinct keys, demerit v");
	pb_page_put(p, PB_DIM, "  status  severity  rho  cov  keys       v  check");
	pb_page_line(p);
	json_array_foreach(json_object_get(report, "checks"), i, one) {
		check_row(p, one);
	}
	pb_page_line(p);
	pb_page_put(p, PB_DIM, " at worst  lambda     w    adds  claim");
	pb_page_line(p);
	json_array_foreach(json_object_get(report, "claims"), i, one) {
		claim_row(p, report, one);
	}
	pb_page_line(p);
	total(p, json_object_get(report, "score"));
}
