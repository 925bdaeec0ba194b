/* The top of the page: decision, product, the three numbers, the pillars. */
#include <string.h>

#include "findings/terms.h"
#include "report/text.h"

enum { RATED_PERMILLE = 250, BAR_MOST = 76, PILLAR_BAR = 20 };

static const struct {
	const char *decision, *word;
	pb_style style;
} decisions[] = {
	{"accept", "ACCEPT", PB_GREEN},
	{"conditional", "CONDITIONAL", PB_YELLOW},
	{"reject", "REJECT", PB_ALARM},
	{"not-rated", "NOT RATED", PB_CYAN},
};

static void rule(pb_page *p, pb_style style, size_t n)
{
	char line[32] = "+";

	memset(line + 1, '-', n);
	line[n + 1] = '+';
	line[n + 2] = '\0';
	pb_page_put(p, style, line);
}

/* The decision in a box, and beside it what was decided on. */
static void box(pb_page *p, const json_t *report)
{
	const json_t *product = json_object_get(report, "product"), *assessment = json_object_get(report, "assessment");
	const char *decision = pb_json_str(json_object_get(report, "score"), "decision", ""), *word = "UNDECIDED";
	const char *version = pb_json_str(product, "version", "");
	const char *assessed = pb_json_str(assessment, "assessed", "");
	pb_style style = PB_PLAIN;

	for (size_t i = 0; i < sizeof decisions / sizeof decisions[0]; i++) {
		if (strcmp(decision, decisions[i].decision) == 0) {
			word = decisions[i].word;
			style = decisions[i].style;
		}
	}
	rule(p, style, strlen(word) + 2);
	pb_page_line(p);
	pb_page_putf(p, style, "| %s |", word);
	pb_page_to(p, p->column + 2);
	pb_page_putf(p, PB_BOLD, "%s%s%s", pb_json_str(product, "name", ""), version[0] != '\0' ? " " : "", version);
	pb_page_line(p);
	rule(p, style, strlen(word) + 2);
	pb_page_to(p, p->column + 2);
	pb_page_flowf(p, PB_PLAIN, p->column, "policy %s, as of %s%s%s",
	              pb_json_str(json_object_get(assessment, "policy"), "name", "?"),
	              pb_json_str(assessment, "as_of", "?"), assessed[0] != '\0' ? ", assessed on " : "", assessed);
	pb_page_line(p);
}

static void identity(pb_page *p, const json_t *report)
{
	const json_t *product = json_object_get(report, "product");
	const char *kind = pb_json_str(product, "kind", "");
	int64_t objects = pb_json_int(product, "objects", 0);
	char size[PB_TEXT_NUMBER], bytes[PB_TEXT_NUMBER];

	pb_text_size(pb_json_int(product, "size", 0), size);
	pb_text_size(pb_json_int(product, "bytes", 0), bytes);
	pb_page_flowf(p, PB_DIM, 0, "%s, %s, %lld object%s with %s, sha256 %.16s", kind[0] != '\0' ? kind : "product",
	              size, (long long)objects, pb_text_plural(objects), bytes, pb_json_str(product, "sha256", "?"));
	pb_page_line(p);
}

static pb_style grade_style(int64_t tenths)
{
	if (tenths >= 800)
		return PB_GREEN;
	return tenths >= 400 ? PB_YELLOW : PB_RED;
}

static void numbers(pb_page *p, const json_t *report)
{
	const json_t *score = json_object_get(report, "score");
	int64_t trust = pb_json_int(score, "trust_tenths", 0), floor = pb_json_int(score, "floor_tenths", 0);
	int64_t confidence = pb_json_int(score, "confidence_permille", 0);
	int64_t unwaived = pb_json_int(score, "unwaived_trust_tenths", trust);
	bool rated = confidence >= RATED_PERMILLE;

	pb_page_line(p);
	if (rated)
		pb_page_putf(p, PB_BOLD, "Trust %lld [%lld..%lld]  Confidence %lld %%", (long long)(trust / 10),
		             (long long)(floor / 10), (long long)(trust / 10), (long long)(confidence / 10));
	else
		pb_page_putf(p, PB_BOLD, "Trust NOT RATED  Confidence %lld %%", (long long)(confidence / 10));
	if (rated && unwaived != trust)
		pb_page_flowf(p, PB_PLAIN, 2, "  (%lld without the waivers)", (long long)(unwaived / 10));
	pb_page_line(p);
	if (!rated || trust < 0 || trust > 1000 || floor < 0 || floor > trust)
		return;
	pb_page_bar(p, BAR_MOST, (int)floor, (int)(trust - floor));
	pb_page_line(p);
	pb_page_put(p, PB_DIM, "# holds at worst  = not examined  . found against it");
	pb_page_line(p);
}

static void pillars(pb_page *p, const json_t *report)
{
	static const char *const titles[PB_PILLARS] = {"Integrity", "Data care", "Verification", "Culture"};

	pb_page_line(p);
	pb_page_put(p, PB_BOLD, "Pillar");
	pb_page_to(p, 16);
	pb_page_put(p, PB_BOLD, "Trust");
	pb_page_to(p, 48);
	pb_page_put(p, PB_BOLD, "Confidence");
	pb_page_line(p);
	for (int i = 0; i < PB_PILLARS; i++) {
		const json_t *pillar =
		        json_object_get(json_object_get(report, "pillars"), pb_pillar_name((pb_pillar)i));
		bool rated = json_is_true(json_object_get(pillar, "rated"));
		int64_t trust = pb_json_int(pillar, "trust_tenths", 0);

		pb_page_put(p, PB_PLAIN, titles[i]);
		pb_page_to(p, 16);
		if (rated) {
			pb_page_putf(p, grade_style(trust), "%5lld", (long long)(trust / 10));
			pb_page_to(p, 23);
			pb_page_bar(p, PILLAR_BAR, (int)(trust >= 0 && trust <= 1000 ? trust : 0), 0);
		} else {
			pb_page_put(p, PB_DIM, "   NR  too little examined");
		}
		pb_page_to(p, 48);
		pb_page_putf(p, PB_PLAIN, "%8lld %%", (long long)(pb_json_int(pillar, "confidence_permille", 0) / 10));
		pb_page_line(p);
	}
}

void pb_text_head(pb_page *p, const json_t *report)
{
	box(p, report);
	identity(p, report);
	numbers(p, report);
	pillars(p, report);
}
