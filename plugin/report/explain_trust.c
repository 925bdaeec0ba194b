/* Which claims took how much of the trust, what weighs most in each, and what mending it would give. */
#include <stdlib.h>
#include <string.h>

#include "report/explain_parts.h"

enum { CHECKS_MOST = 20 }; /* of one claim; more have no weight in it, see pb_score_diminish */

/* One claim in its place. */
typedef struct fall {
	const pb_claim_score *claim;
	int64_t share; /* milli-points of D */
} fall;

static int heavier(const void *a, const void *b)
{
	const fall *x = a, *y = b;
	int order = (x->share < y->share) - (x->share > y->share);

	order = order != 0 ? order : strcmp(x->claim->claim, y->claim->claim);
	return order != 0 ? order : (int)x->claim->pillar - (int)y->claim->pillar;
}

static bool of_claim(const pb_check_outcome *c, const pb_claim_score *claim)
{
	return c->pillar == claim->pillar && strcmp(c->claim, claim->claim) == 0;
}

/* The finding that weighs most by itself, and what it would give to mend just that one. */
static json_t *heaviest(const pb_explaining *x, size_t check)
{
	size_t at = x->heaviest[check];
	const pb_finding *f = at != SIZE_MAX ? &x->b.result->findings[at] : NULL;
	const json_t *path = f != NULL ? json_object_get(json_array_get(f->evidence, 0), "path") : NULL;
	pb_trial without;

	if (f == NULL)
		return json_null();
	if (!pb_trials_without(x->trials, check, f->key)) {
		(void)pb_trials_take(x->trials);
		return NULL;
	}
	without = pb_trials_take(x->trials);
	return json_pack(
	    "{s:o,s:o,s:o,s:o,s:s,s:i,s:o,s:I,s:o,s:o}", "finding", pb_build_string(f->name), "key",
	    pb_build_string(f->key), "says", pb_build_string(f->says), "remediation", pb_build_string(f->remediation),
	    "severity", pb_severity_name(pb_build_finding_severity(&x->b, f)), "kappa", f->kappa, "waived",
	    f->waived != NULL ? pb_build_string(f->waived) : json_null(), "alone_milli",
	    (json_int_t)pb_trials_alone(x->trials, at), "path",
	    json_is_array(path) ? pb_build_inert(path) : json_array(), "without", pb_explain_numbers(&without));
}

static json_t *one_check(const pb_explaining *x, size_t i)
{
	const pb_check_outcome *c = &x->b.result->checks[i];
	pb_trial mended;

	pb_trials_mend(x->trials, i);
	mended = pb_trials_take(x->trials);
	return json_pack("{s:o,s:o,s:s,s:I,s:I,s:i,s:o,s:o}", "check", pb_build_string(c->id), "title",
	                 pb_build_string(pb_build_title(c)), "severity", pb_severity_name(pb_build_severity(&x->b, i)),
	                 "demerit_milli", (json_int_t)x->b.score->checks[i].demerit_milli, "findings",
	                 (json_int_t)x->findings[i], "keys", x->b.score->checks[i].keys, "mended",
	                 pb_explain_numbers(&mended), "heaviest", heaviest(x, i));
}

static int heavier_check(const void *a, const void *b)
{
	const json_t *x = *(json_t *const *)a, *y = *(json_t *const *)b;
	int64_t v = pb_json_int(x, "demerit_milli", 0), w = pb_json_int(y, "demerit_milli", 0);

	return v != w ? (v < w ? 1 : -1) : strcmp(pb_json_str(x, "check", ""), pb_json_str(y, "check", ""));
}

/* The failed checks of one claim, heaviest first. */
static json_t *checks(const pb_explaining *x, const pb_claim_score *claim)
{
	json_t *out = json_array();

	for (size_t i = 0; i < x->b.result->n_checks; i++) {
		if (x->b.score->checks[i].demerit_milli == 0 || !of_claim(&x->b.result->checks[i], claim))
			continue;
		if (!pb_explain_add(out, one_check(x, i))) {
			json_decref(out);
			return NULL;
		}
	}
	out = pb_build_sorted(out, heavier_check);
	while (json_array_size(out) > CHECKS_MOST)
		(void)json_array_remove(out, json_array_size(out) - 1);
	return out;
}

static json_t *one_claim(const pb_explaining *x, const fall *f, int64_t before)
{
	int drop = pb_score_trust(before, 100) - pb_score_trust(before + f->share, 100);
	pb_trial mended;

	for (size_t i = 0; i < x->b.result->n_checks; i++)
		if (x->b.result->checks[i].status == PB_FAIL && of_claim(&x->b.result->checks[i], f->claim))
			pb_trials_mend(x->trials, i);
	mended = pb_trials_take(x->trials);
	return json_pack("{s:o,s:s,s:i,s:I,s:I,s:i,s:o,s:o}", "claim", pb_build_string(f->claim->claim), "pillar",
	                 pb_pillar_name(f->claim->pillar), "weight", x->b.policy->weight[f->claim->pillar],
	                 "lambda_milli", (json_int_t)f->claim->lambda_milli, "share_milli", (json_int_t)f->share,
	                 "fall_tenths", drop, "mended", pb_explain_numbers(&mended), "checks", checks(x, f->claim));
}

/* Each claim's part of the way down from 100, the heaviest first: the parts sum up exactly. */
static json_t *falls(const pb_explaining *x)
{
	const pb_score *s = x->b.score;
	fall *all = calloc(s->n_claims + 1, sizeof *all);
	json_t *out = all != NULL ? json_array() : NULL;
	int64_t before = 0;
	size_t n = 0;

	for (size_t i = 0; all != NULL && i < s->n_claims; i++)
		if (s->claims[i].lambda_milli > 0)
			all[n++] = (fall){&s->claims[i],
			                  s->claims[i].lambda_milli * x->b.policy->weight[s->claims[i].pillar] / 1000};
	if (all != NULL)
		qsort(all, n, sizeof *all, heavier);
	for (size_t i = 0; out != NULL && i < n; i++) {
		if (!pb_explain_add(out, one_claim(x, &all[i], before))) {
			json_decref(out);
			out = NULL;
		}
		before += all[i].share;
	}
	free(all);
	return out;
}

static json_t *capped_by(const pb_explaining *x)
{
	json_t *out = json_array();

	for (size_t i = 0; i < x->b.result->n_checks; i++) {
		pb_trial_check c = pb_trials_check(x->trials, i);

		if (c.cap < 100 &&
		    !pb_explain_add(out, json_pack("{s:o,s:o,s:i}", "check", pb_build_string(x->b.result->checks[i].id),
		                                   "title", pb_build_string(pb_build_title(&x->b.result->checks[i])),
		                                   "cap", c.cap))) {
			json_decref(out);
			return NULL;
		}
	}
	return out;
}

json_t *pb_explain_trust(const pb_explaining *x)
{
	int uncapped = pb_score_trust(x->b.score->demerit_milli, 100);
	pb_trial mended;

	for (size_t i = 0; i < x->b.result->n_checks; i++)
		if (x->b.result->checks[i].status == PB_FAIL)
			pb_trials_mend(x->trials, i);
	mended = pb_trials_take(x->trials);
	return json_pack("{s:o,s:i,s:i,s:o,s:o}", "falls", falls(x), "uncapped_tenths", uncapped, "cap_falls_tenths",
	                 uncapped - x->b.score->trust_tenths, "capped_by", capped_by(x), "mended",
	                 pb_explain_numbers(&mended));
}
