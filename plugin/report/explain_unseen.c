/* What was not examined, by reason: what that costs the confidence, and what the floor would gain. */
#include <stdlib.h>
#include <string.h>

#include "report/explain_parts.h"

/* An offline check that did not see all, or whose evidence has aged. */
static bool unseen(const pb_explaining *x, size_t i)
{
	const pb_check_outcome *c = &x->b.result->checks[i];

	return !c->online && c->status != PB_NA && (c->coverage < 1000 || c->aged > 0);
}

static const char *reason(const pb_check_outcome *c)
{
	return c->reason != NULL ? c->reason : "";
}

static json_t *one_check(const pb_explaining *x, size_t i)
{
	const pb_check_outcome *c = &x->b.result->checks[i];
	pb_severity severity = pb_build_severity(&x->b, i);
	pb_trial examined;

	pb_trials_examine(x->trials, i);
	examined = pb_trials_take(x->trials);
	return json_pack("{s:o,s:o,s:o,s:o,s:s,s:s,s:s,s:i,s:i,s:b,s:o}", "check", pb_build_string(c->id), "title",
	                 pb_build_string(pb_build_title(c)), "catalogue", pb_build_string(c->catalogue), "claim",
	                 pb_build_string(c->claim), "pillar", pb_pillar_name(c->pillar), "severity",
	                 pb_severity_name(severity), "status", pb_status_name(c->status), "coverage", c->coverage,
	                 "freshness", 1000 - c->aged, "critical", (int)(severity == PB_CRITICAL && c->coverage < 1000),
	                 "examined", pb_explain_numbers(&examined));
}

static int costlier(const void *a, const void *b)
{
	static const char *const numbers[] = {"confidence_permille", "floor_tenths"};
	const json_t *x = *(json_t *const *)a, *y = *(json_t *const *)b;

	for (size_t i = 0; i < 2; i++) {
		int64_t v = pb_json_int(json_object_get(x, "examined"), numbers[i], 0),
		        w = pb_json_int(json_object_get(y, "examined"), numbers[i], 0);

		if (v != w)
			return v < w ? 1 : -1;
	}
	return pb_build_text_order(x, y);
}

/* Required evidence that a check of this group speaks for, and that is not verified. */
static json_t *requires(const pb_explaining *x, const char *why)
{
	const pb_policy *p = x->b.policy;
	json_t *out = json_array();

	for (size_t r = 0; r < p->n_required; r++) {
		bool speaks = false;

		for (size_t i = 0; i < x->b.result->n_checks; i++)
			for (size_t k = 0; k < p->required[r].n_catalogue && unseen(x, i); k++)
				speaks |= strcmp(reason(&x->b.result->checks[i]), why) == 0 &&
				          strcmp(p->required[r].catalogue[k], x->b.result->checks[i].catalogue) == 0;
		if (speaks && (x->now.unmet & 1u << r) != 0 &&
		    !pb_explain_add(out, pb_build_string(p->required[r].id))) {
			json_decref(out);
			return NULL;
		}
	}
	return out;
}

static json_t *one_group(const pb_explaining *x, const char *why)
{
	json_t *checks = json_array();
	pb_trial examined;

	for (size_t i = 0; i < x->b.result->n_checks; i++)
		if (unseen(x, i) && strcmp(reason(&x->b.result->checks[i]), why) == 0 &&
		    !pb_explain_add(checks, one_check(x, i))) {
			json_decref(checks);
			return NULL;
		}
	for (size_t i = 0; i < x->b.result->n_checks; i++)
		if (unseen(x, i) && strcmp(reason(&x->b.result->checks[i]), why) == 0)
			pb_trials_examine(x->trials, i);
	examined = pb_trials_take(x->trials);
	return json_pack("{s:o,s:o,s:o,s:o}", "reason", pb_build_string(why), "checks",
	                 pb_build_sorted(checks, costlier), "examined", pb_explain_numbers(&examined), "requires",
	                 requires(x, why));
}

static bool told_before(const pb_explaining *x, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (unseen(x, i) && strcmp(reason(&x->b.result->checks[i]), reason(&x->b.result->checks[at])) == 0)
			return true;
	return false;
}

json_t *pb_explain_unseen(const pb_explaining *x)
{
	json_t *groups = json_array();
	bool critical = false;
	pb_trial examined;

	for (size_t i = 0; i < x->b.result->n_checks; i++) {
		if (!unseen(x, i))
			continue;
		critical |= pb_build_severity(&x->b, i) == PB_CRITICAL && x->b.result->checks[i].coverage < 1000;
		if (!told_before(x, i) && !pb_explain_add(groups, one_group(x, reason(&x->b.result->checks[i])))) {
			json_decref(groups);
			return NULL;
		}
	}
	for (size_t i = 0; i < x->b.result->n_checks; i++)
		if (unseen(x, i))
			pb_trials_examine(x->trials, i);
	examined = pb_trials_take(x->trials);
	return json_pack("{s:o,s:o,s:i}", "groups", pb_build_sorted(groups, costlier), "examined",
	                 pb_explain_numbers(&examined), "floor_cap", critical ? 19 : 100);
}

json_t *pb_explain_confidence(const pb_explaining *x)
{
	json_t *pillars = json_array();

	for (int p = 0; p < PB_PILLARS; p++) {
		const pb_pillar_score *s = &x->b.score->pillars[p];

		if (!pb_explain_add(pillars, json_pack("{s:s,s:i,s:i,s:b,s:b}", "pillar", pb_pillar_name((pb_pillar)p),
		                                       "weight", x->b.policy->confidence_weight[p],
		                                       "confidence_permille", s->confidence_permille, "applicable",
		                                       (int)s->applicable, "rated", (int)s->rated))) {
			json_decref(pillars);
			return NULL;
		}
	}
	return json_pack("{s:i,s:I,s:i,s:o}", "fresh_permille", x->now.fresh_permille, "days", (json_int_t)x->days,
	                 "half_life_days", x->b.policy->half_life_days, "pillars", pillars);
}
