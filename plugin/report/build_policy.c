/* What the buyer weighed and demanded: all of the policy that the numbers and the decision depend on. */
#include "report/build.h"

static json_t *by_pillar(const int values[PB_PILLARS])
{
	json_t *out = json_object();

	for (int p = 0; p < PB_PILLARS; p++) {
		if (json_object_set_new(out, pb_pillar_name((pb_pillar)p), json_integer(values[p])) != 0) {
			json_decref(out);
			return NULL;
		}
	}
	return out;
}

static json_t *rows(const char (*list)[8], size_t n)
{
	json_t *out = json_array();

	for (size_t i = 0; i < n; i++) {
		if (json_array_append_new(out, pb_build_string(list[i])) != 0) {
			json_decref(out);
			return NULL;
		}
	}
	return out;
}

static json_t *required(const pb_policy *p)
{
	json_t *out = json_array();

	for (size_t i = 0; i < p->n_required && i < PB_REQUIRED_MAX; i++) {
		const pb_required *r = &p->required[i];
		json_t *one =
		        json_pack("{s:o,s:o,s:o,s:o}", "id", pb_build_string(r->id), "title", pb_build_string(r->title),
		                  "rows", rows((const char(*)[8])r->catalogue, r->n_catalogue), "only_if",
		                  rows((const char(*)[8])r->only_if, r->n_only_if));

		if (json_array_append_new(out, one) != 0 ||
		    (r->has_least && json_object_set_new(one, "reliability", json_string(pb_reliability_name(r->least))) != 0)) {
			json_decref(out);
			return NULL;
		}
	}
	return out;
}

/* In the policy's own order: of several for one check, the order may decide. */
static json_t *overrides(const pb_policy *p)
{
	json_t *out = json_array();

	for (size_t i = 0; i < p->n_overrides && i < PB_OVERRIDES_MAX; i++) {
		const pb_override *o = &p->overrides[i];
		json_t *one = json_pack("{s:o,s:s,s:o}", "check", pb_build_string(o->check), "severity",
		                        pb_severity_name(o->severity), "reason", pb_build_string(o->reason));

		if (json_array_append_new(out, one) != 0) {
			json_decref(out);
			return NULL;
		}
	}
	return out;
}

json_t *pb_build_policy(const pb_build *b, pb_error *err)
{
	const pb_policy *p = b->policy;

	json_t *regions = NULL;

	(void)err;
	if (pb_policy_regions(p, &regions) != PB_OK)
		return NULL;
	/* absent where none are demanded */
	return json_pack("{s:o,s:o,s:i,s:{s:i,s:i,s:i},s:i,s:o,s:o,s:o*}", "weights", by_pillar(p->weight),
	                 "confidence_weights", by_pillar(p->confidence_weight), "half_life_days", p->half_life_days,
	                 "accept", "trust", p->accept_trust, "confidence", p->accept_confidence, "floor",
	                 p->accept_floor, "reject_below", p->reject_below, "required", required(p), "overrides",
	                 overrides(p), "regions", regions);
}
