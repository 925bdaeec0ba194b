/* Why this decision and neither the next better nor a worse one, and what would move it. */
#include <string.h>

#include "base/date.h"
#include "report/explain_parts.h"

enum { FINDINGS_MOST = 5, LONGEST_DAYS = 36500 };

static json_t *amount(const char *what, int64_t has, int64_t needs)
{
	return json_pack("{s:s,s:I,s:I}", "what", what, "has", (json_int_t)has, "needs", (json_int_t)needs);
}

/* The higher of what the policy asks for and what a rating needs. */
static int confidence_needed(const pb_policy *p)
{
	return 10 * p->accept_confidence > PB_RATED_FROM ? 10 * p->accept_confidence : PB_RATED_FROM;
}

static bool speaks(const pb_required *r, const pb_check_outcome *c)
{
	for (size_t k = 0; k < r->n_catalogue; k++)
		if (strcmp(r->catalogue[k], c->catalogue) == 0)
			return true;
	return false;
}

static json_t *rows(const pb_required *r)
{
	json_t *out = json_array();

	for (size_t k = 0; k < r->n_catalogue; k++)
		(void)json_array_append_new(out, pb_build_string(r->catalogue[k]));
	return out;
}

/* Evidence that is demanded and not verified, with what the checks of its rows say. */
static json_t *evidence(const pb_explaining *x, const pb_required *r)
{
	json_t *checks = json_array(), *out;

	for (size_t i = 0; i < x->b.result->n_checks; i++) {
		const pb_check_outcome *c = &x->b.result->checks[i];

		if (speaks(r, c))
			(void)json_array_append_new(
			    checks, json_pack("{s:o,s:o,s:o,s:s,s:s,s:o}", "check", pb_build_string(c->id), "title",
			                      pb_build_string(pb_build_title(c)), "catalogue",
			                      pb_build_string(c->catalogue), "status", pb_status_name(c->status),
			                      "reliability", pb_reliability_name(c->reliability), "reason",
			                      pb_build_string(c->reason != NULL ? c->reason : "")));
	}
	out = json_pack("{s:s,s:o,s:o,s:o,s:o}", "what", "evidence", "id", pb_build_string(r->id), "title",
	                pb_build_string(r->title), "rows", rows(r), "checks", checks);
	if (out != NULL && r->has_least)
		(void)json_object_set_new(out, "reliability", json_string(pb_reliability_name(r->least)));
	return out;
}

/* A check that stands in the way by itself, with the findings that do it. */
static json_t *standing(const pb_explaining *x, const char *what, size_t check)
{
	const pb_check_outcome *c = &x->b.result->checks[check];
	pb_severity from = strcmp(what, "rejecting") == 0 ? PB_CRITICAL : PB_HIGH;
	json_t *findings = json_array();
	int64_t more = 0;

	for (size_t i = 0; i < x->b.result->n_findings; i++) {
		const pb_finding *f = &x->b.result->findings[i];

		if (f->check != check || f->waived != NULL || f->kappa < 800 ||
		    pb_build_finding_severity(&x->b, f) < from)
			continue;
		if (json_array_size(findings) == FINDINGS_MOST)
			more++;
		else
			(void)json_array_append_new(findings, json_pack("{s:o,s:o}", "key", pb_build_string(f->key),
			                                                "says", pb_build_string(f->says)));
	}
	return json_pack("{s:s,s:o,s:o,s:o,s:I}", "what", what, "check", pb_build_string(c->id), "title",
	                 pb_build_string(pb_build_title(c)), "findings", findings, "more", (json_int_t)more);
}

/* What stands between the numbers and a decision: all of it for ACCEPT, the grave part for what is better than REJECT.
 */
static json_t *lacks(const pb_explaining *x, bool only_rejecting)
{
	const pb_policy *p = x->b.policy;
	const pb_trial *t = &x->now;
	json_t *out = json_array();
	bool ok = out != NULL;

	for (size_t i = 0; ok && i < x->b.result->n_checks; i++) {
		pb_trial_check c = pb_trials_check(x->trials, i);

		if (c.rejects || (c.open_high && !only_rejecting))
			ok = pb_explain_add(out, standing(x, c.rejects ? "rejecting" : "open_high", i));
	}
	if (ok && t->trust_tenths < 10 * p->reject_below)
		ok = pb_explain_add(out, amount("reject_below", t->trust_tenths, 10 * p->reject_below));
	if (ok && !only_rejecting && t->trust_tenths < 10 * p->accept_trust)
		ok = pb_explain_add(out, amount("trust", t->trust_tenths, 10 * p->accept_trust));
	if (ok && !only_rejecting && t->floor_tenths < 10 * p->accept_floor)
		ok = pb_explain_add(out, amount("floor", t->floor_tenths, 10 * p->accept_floor));
	if (ok && !only_rejecting && t->confidence_permille < confidence_needed(p))
		ok = pb_explain_add(out, amount("confidence", t->confidence_permille, confidence_needed(p)));
	for (size_t i = 0; ok && !only_rejecting && i < p->n_required; i++)
		if ((t->unmet & 1u << i) != 0)
			ok = pb_explain_add(out, evidence(x, &p->required[i]));
	if (ok)
		return out;
	json_decref(out);
	return NULL;
}

/* What it would be once nothing rejects any more, respectively once it is rated. */
static pb_decision better(const pb_explaining *x)
{
	const pb_policy *p = x->b.policy;
	const pb_trial *t = &x->now;
	bool other = t->open_highs > t->rejects || t->unmet != 0 || t->trust_tenths < 10 * p->accept_trust ||
	             t->floor_tenths < 10 * p->accept_floor;

	if (t->decision == PB_REJECT && t->confidence_permille < PB_RATED_FROM)
		return PB_NOT_RATED;
	if (t->decision == PB_CONDITIONAL || (!other && t->confidence_permille >= confidence_needed(p)))
		return PB_ACCEPT;
	return PB_CONDITIONAL;
}

static json_t *next_better(const pb_explaining *x)
{
	if (x->now.decision == PB_ACCEPT)
		return json_null();
	if (x->now.decision == PB_NOT_RATED)
		return json_pack("{s:s,s:[o]}", "decision", pb_decision_name(better(x)), "lacks",
		                 amount("rated", x->now.confidence_permille, PB_RATED_FROM));
	return json_pack("{s:s,s:o}", "decision", pb_decision_name(better(x)), "lacks",
	                 lacks(x, x->now.decision == PB_REJECT));
}

static bool margin(json_t *list, pb_decision decision, const char *what, int64_t has, int64_t needs)
{
	json_t *one = amount(what, has, needs);

	return json_object_set_new(one, "decision", json_string(pb_decision_name(decision))) == 0 &&
	       pb_explain_add(list, one);
}

/* What keeps it from being worse: the numbers, and how far they are above what would change the decision. */
static json_t *margins(const pb_explaining *x)
{
	const pb_policy *p = x->b.policy;
	const pb_trial *t = &x->now;
	json_t *out = json_array();
	bool ok = out != NULL;

	if (t->decision == PB_ACCEPT)
		ok = ok && margin(out, PB_CONDITIONAL, "trust", t->trust_tenths, 10 * p->accept_trust) &&
		     margin(out, PB_CONDITIONAL, "floor", t->floor_tenths, 10 * p->accept_floor) &&
		     margin(out, PB_CONDITIONAL, "confidence", t->confidence_permille, confidence_needed(p));
	if (t->decision == PB_ACCEPT || t->decision == PB_CONDITIONAL)
		ok = ok && margin(out, PB_NOT_RATED, "rated", t->confidence_permille, PB_RATED_FROM);
	if (t->decision != PB_REJECT)
		ok = ok && margin(out, PB_REJECT, "reject_below", t->trust_tenths, 10 * p->reject_below);
	if (ok)
		return out;
	json_decref(out);
	return NULL;
}

json_t *pb_explain_decision(const pb_explaining *x)
{
	return json_pack("{s:s,s:o,s:o,s:o}", "is", pb_decision_name(x->now.decision), "lacks", lacks(x, false),
	                 "better", next_better(x), "margins", margins(x));
}

/* The first day, from today's on, with a confidence below so many permille; the last of the calendar where there is
 * none. */
static int64_t falls_below(const pb_explaining *x, int needs)
{
	int64_t low = x->days, high = LONGEST_DAYS;

	while (high - low > 1) {
		int64_t middle = low + (high - low) / 2;

		pb_trials_age(x->trials, middle);
		if (pb_trials_take(x->trials).confidence_permille < needs)
			high = middle;
		else
			low = middle;
	}
	return high;
}

static bool age(const pb_explaining *x, const char *what, int needs, json_t *list)
{
	int64_t days = falls_below(x, needs);
	pb_trial then;
	json_t *one;
	char on[11];

	if (x->now.confidence_permille < needs || days >= LONGEST_DAYS)
		return true;
	pb_trials_age(x->trials, days);
	then = pb_trials_take(x->trials);
	pb_date_format(x->b.how->assessed + days, on);
	one = pb_explain_numbers(&then);
	return json_object_set_new(one, "what", json_string(what)) == 0 &&
	       json_object_set_new(one, "on", json_string(on)) == 0 && pb_explain_add(list, one);
}

/* One more sure finding, where it would weigh most. */
static json_t *one_more(const pb_explaining *x, pb_pillar pillar)
{
	json_t *out = json_array();

	for (int s = PB_LOW; s < PB_SEVERITIES; s++) {
		pb_trial then;
		json_t *one;

		pb_trials_find(x->trials, pillar, (pb_severity)s);
		then = pb_trials_take(x->trials);
		one = pb_explain_numbers(&then);
		if (json_object_set_new(one, "severity", json_string(pb_severity_name((pb_severity)s))) != 0 ||
		    !pb_explain_add(out, one)) {
			json_decref(out);
			return NULL;
		}
	}
	return out;
}

json_t *pb_explain_back(const pb_explaining *x)
{
	const pb_policy *p = x->b.policy;
	json_t *ages = json_array();
	pb_pillar heaviest = PB_INTEGRITY;

	for (int i = 0; i < PB_PILLARS; i++)
		if (p->weight[i] > p->weight[heaviest])
			heaviest = (pb_pillar)i;
	if (!age(x, "accept", confidence_needed(p), ages) || !age(x, "rated", PB_RATED_FROM, ages)) {
		json_decref(ages);
		return NULL;
	}
	return json_pack("{s:s,s:i,s:o,s:o}", "pillar", pb_pillar_name(heaviest), "weight", p->weight[heaviest],
	                 "one_more", one_more(x, heaviest), "ages", ages);
}
