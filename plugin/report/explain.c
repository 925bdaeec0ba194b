#include "report/explain.h"

#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "report/explain_parts.h"

json_t *pb_explain_numbers(const pb_trial *t)
{
	return json_pack("{s:i,s:i,s:i,s:s}", "trust_tenths", t->trust_tenths, "floor_tenths", t->floor_tenths,
	                 "confidence_permille", t->confidence_permille, "decision", pb_decision_name(t->decision));
}

static json_t *head_numbers(const pb_score *s)
{
	char until[11];

	pb_date_format(s->valid_until, until);
	return json_pack("{s:i,s:i,s:i,s:s,s:i,s:I,s:i,s:s}", "trust_tenths", s->trust_tenths, "floor_tenths",
	                 s->floor_tenths, "confidence_permille", s->confidence_permille, "decision",
	                 pb_decision_name(s->decision), "unwaived_trust_tenths", s->unwaived_trust_tenths,
	                 "demerit_milli", (json_int_t)s->demerit_milli, "cap", s->cap, "valid_until", until);
}

static json_t *pillars(const pb_score *s)
{
	json_t *out = json_object();

	for (int p = 0; p < PB_PILLARS; p++)
		(void)json_object_set_new(out, pb_pillar_name((pb_pillar)p),
		                          json_pack("{s:i,s:i,s:b}", "trust_tenths", s->pillars[p].trust_tenths,
		                                    "confidence_permille", s->pillars[p].confidence_permille, "rated",
		                                    (int)s->pillars[p].rated));
	return out;
}

bool pb_explaining_begin(pb_explaining *x)
{
	const pb_product_result *r = x->b.result;

	x->days = x->b.how->as_of - x->b.how->assessed;
	x->trials = pb_trials_new(r, x->b.policy, x->days);
	x->heaviest = calloc(r->n_checks + 1, sizeof *x->heaviest);
	x->findings = calloc(r->n_checks + 1, sizeof *x->findings);
	if (x->trials == NULL || x->heaviest == NULL || x->findings == NULL)
		return false;
	x->now = pb_trials_take(x->trials);
	for (size_t i = 0; i < r->n_checks; i++)
		x->heaviest[i] = SIZE_MAX;
	for (size_t i = 0; i < r->n_findings; i++) {
		size_t *best = &x->heaviest[r->findings[i].check];
		int64_t one = pb_trials_alone(x->trials, i),
		        other = *best != SIZE_MAX ? pb_trials_alone(x->trials, *best) : -1;

		x->findings[r->findings[i].check]++;
		if (one > other || (one == other && strcmp(r->findings[i].key, r->findings[*best].key) < 0))
			*best = i;
	}
	return true;
}

void pb_explaining_end(pb_explaining *x)
{
	pb_trials_free(x->trials);
	free(x->heaviest);
	free(x->findings);
}

static const struct {
	const char *key;
	json_t *(*build)(const pb_explaining *x);
} parts[] = {
    {"trust", pb_explain_trust},       {"unseen", pb_explain_unseen}, {"confidence", pb_explain_confidence},
    {"decision", pb_explain_decision}, {"back", pb_explain_back},
};

/* Do the report's own numbers follow from it? */
static bool differs(const json_t *report, const pb_score *s)
{
	const json_t *own = json_object_get(report, "score");

	return pb_json_int(own, "trust_tenths", -1) != s->trust_tenths ||
	       pb_json_int(own, "floor_tenths", -1) != s->floor_tenths ||
	       pb_json_int(own, "confidence_permille", -1) != s->confidence_permille ||
	       strcmp(pb_json_str(own, "decision", ""), pb_decision_name(s->decision)) != 0;
}

static json_t *product(const json_t *report)
{
	static const char *const texts[] = {"name", "version", "kind", "sha256"};
	const json_t *p = json_object_get(report, "product");
	json_t *out = json_object();

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		(void)json_object_set_new(out, texts[i], pb_build_string(pb_json_str(p, texts[i], "")));
	return out;
}

static json_t *assessment(const pb_build *b)
{
	char as_of[11], assessed[11];

	pb_date_format(b->how->as_of, as_of);
	pb_date_format(b->how->assessed, assessed);
	return json_pack("{s:s,s:s,s:o,s:{s:o,s:o}}", "as_of", as_of, "assessed", assessed, "rules_digest",
	                 pb_build_string(b->how->rules_digest), "policy", "name", pb_build_string(b->policy->name),
	                 "digest", pb_build_string(b->policy->digest));
}

/* The report as it is. */
static json_t *plain(const json_t *report, const pb_reread *r, const pb_score *s, pb_error *err)
{
	pb_explaining x = {.b = {&r->result, &r->policy, s, &r->how}};
	json_t *out = pb_explaining_begin(&x) ? json_pack("{s:s,s:o,s:o,s:o,s:o,s:b}", "schema", "probity-explain/1", "product",
	                                    product(report), "assessment", assessment(&x.b), "numbers", head_numbers(s),
	                                    "conditions", pb_build_conditions(&x.b, err), "conditions_suffice",
	                                    (int)s->conditions_suffice)
	                        : NULL;

	for (size_t i = 0; out != NULL && i < sizeof parts / sizeof *parts; i++)
		if (json_object_set_new(out, parts[i].key, parts[i].build(&x)) != 0) {
			json_decref(out);
			out = NULL;
		}
	if (out != NULL && differs(report, s) && json_object_set_new(out, "differs", json_true()) != 0) {
		json_decref(out);
		out = NULL;
	}
	pb_explaining_end(&x);
	return out;
}

/* In the order in which they depend on each other. */
static int suppose(pb_reread *r, const json_t *report, const pb_supposed *supposed, size_t n,
                   const pb_evidence_name *names, json_t *asked, pb_error *err)
{
	int rc = PB_OK;

	for (int k = 0; k < PB_SUPPOSE_KINDS; k++)
		for (size_t i = 0; i < n && rc == PB_OK; i++)
			if (supposed[i].kind == (pb_suppose_kind)k)
				rc = pb_suppose(r, report, &supposed[i], names, asked, err);
	return rc;
}

/* Changes r. */
static json_t *what_if(pb_reread *r, const json_t *report, const pb_score *before, const pb_supposed *supposed,
                       size_t n, const pb_evidence_name *names, pb_error *err)
{
	json_t *asked = json_array(), *out = NULL;
	pb_score after = {0};
	int rc = asked != NULL ? suppose(r, report, supposed, n, names, asked, err) : PB_ENOMEM;

	if (rc == PB_OK)
		rc = pb_score_compute(&r->result, &r->policy, r->how.assessed, r->how.as_of, &after, err);
	if (rc == PB_OK) {
		pb_build b = {&r->result, &r->policy, &after, &r->how};
		pb_explaining x = {.b = b};

		if (pb_explaining_begin(&x))
			out = json_pack("{s:O,s:o,s:o,s:b,s:{s:o,s:o},s:o,s:o}", "asked", asked, "after",
			                head_numbers(&after), "conditions", pb_build_conditions(&b, err),
			                "conditions_suffice", (int)after.conditions_suffice, "pillars", "before",
			                pillars(before), "after", pillars(&after), "assessment", assessment(&b),
			                "decision", pb_explain_decision(&x));
		pb_explaining_end(&x);
	}
	json_decref(asked);
	pb_score_free(&after);
	return out;
}

json_t *pb_report_explain(const json_t *report, const pb_supposed *supposed, size_t n_supposed,
                          const pb_evidence_name *names, pb_error *err)
{
	pb_reread *r = calloc(1, sizeof *r);
	pb_score score = {0};
	json_t *out = NULL;
	pb_error inner = {0};
	int rc = r != NULL ? pb_report_read(report, r, &inner) : PB_ENOMEM;

	if (rc == PB_OK)
		rc = pb_score_compute(&r->result, &r->policy, r->how.assessed, r->how.as_of, &score, &inner);
	if (rc == PB_OK)
		out = plain(report, r, &score, &inner);
	if (out != NULL && n_supposed > 0 &&
	    json_object_set_new(out, "what_if", what_if(r, report, &score, supposed, n_supposed, names, &inner)) != 0) {
		json_decref(out);
		out = NULL;
	}
	if (out == NULL)
		(void)pb_fail(err, inner.code != 0 ? inner.code : PB_ENOMEM, "%s",
		              inner.code != 0 ? inner.text : "out of memory");
	pb_score_free(&score);
	if (r != NULL)
		pb_reread_free(r);
	free(r);
	return out;
}
