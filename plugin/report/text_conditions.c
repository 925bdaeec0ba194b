/* What would make it accepted: the score's steps, each with the numbers it leads to. */
#include <string.h>

#include "report/text.h"

enum { RATED_PERMILLE = 250, SHOWN = 8, INDENT = 5 };

typedef struct triple {
	int64_t trust, floor, confidence; /* tenths, tenths, permille */
} triple;

static triple numbers(const json_t *o)
{
	return (triple){pb_json_int(o, "trust_tenths", 0), pb_json_int(o, "floor_tenths", 0),
	                pb_json_int(o, "confidence_permille", 0)};
}

/* ", trust 51 to 82": only what changes in the whole numbers that a reader sees. */
static int change(pb_buf *out, const char *what, int64_t from, int64_t to, const char *unit)
{
	if (from / 10 == to / 10)
		return PB_OK;
	return pb_buf_printf(out, "%s%s %lld to %lld%s", out->size > 0 ? ", " : "", what, (long long)(from / 10),
	                     (long long)(to / 10), unit);
}

static void effect(pb_page *p, const json_t *condition, triple from, triple to)
{
	pb_buf words = {0};
	int rc = PB_OK;
	bool was = from.confidence >= RATED_PERMILLE, is = to.confidence >= RATED_PERMILLE;

	/* Where too little is examined for a number, the step's worth is what it adds to confidence. */
	if (was)
		rc = change(&words, "trust", from.trust, to.trust, "");
	if (rc == PB_OK && was)
		rc = change(&words, "floor", from.floor, to.floor, "");
	if (rc == PB_OK)
		rc = change(&words, "confidence", from.confidence, to.confidence, " %");
	if (rc == PB_OK && is && !was)
		rc = pb_buf_printf(&words, ", trust %lld [%lld..%lld]", (long long)(to.trust / 10),
		                   (long long)(to.floor / 10), (long long)(to.trust / 10));
	if (rc == PB_OK && words.size == 0 && strcmp(pb_json_str(condition, "kind", ""), "evidence") == 0)
		rc = pb_buf_puts(&words, "the policy requires it");
	if (rc != PB_OK && p->code == PB_OK)
		p->code = rc;
	if (rc == PB_OK && words.size > 0) {
		pb_page_to(p, INDENT);
		pb_page_flowf(p, PB_GREEN, INDENT, "-> %s", (const char *)words.data);
		pb_page_line(p);
	}
	pb_buf_free(&words);
}

void pb_text_conditions(pb_page *p, const json_t *report)
{
	const json_t *score = json_object_get(report, "score"), *conditions = json_object_get(score, "conditions");
	triple from = numbers(score);
	size_t i, n = json_array_size(conditions);
	json_t *c;

	if (n == 0)
		return;
	pb_page_heading(p, "TO BE ACCEPTED", n > 1 ? "all of these, each shown with what it adds" : NULL);
	json_array_foreach(conditions, i, c) {
		if (i >= SHOWN && !p->verbose)
			break;
		pb_page_putf(p, PB_PLAIN, "%3zu. ", i + 1);
		pb_page_flow(p, PB_PLAIN, INDENT, pb_json_str(c, "says", pb_json_str(c, "what", "?")));
		pb_page_line(p);
		effect(p, c, from, numbers(c));
		from = numbers(c);
	}
	if (i < n) {
		pb_page_to(p, INDENT);
		pb_page_flowf(p, PB_PLAIN, INDENT, "and %zu more", n - i);
		pb_page_line(p);
	}
	if (json_is_false(json_object_get(score, "conditions_suffice"))) {
		pb_page_to(p, 2);
		pb_page_flow(p, PB_YELLOW, 2,
		             "Even so it would not be accepted yet; no other step that is known would help.");
		pb_page_line(p);
	}
}
