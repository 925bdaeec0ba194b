/* What the buyer weighed and demanded, from the report: the ranges are those of policy files. */
#include "report/reread_policy.h"

#include <stdio.h>
#include <string.h>

enum { WEIGHT_MOST = 4000, SHARE_MOST = 100, DAYS_MOST = 36500, POINTS_MOST = 100 };

static int number(const json_t *object, const char *key, const char *where, int64_t lo, int64_t hi, int *out, pb_error *err)
{
	const json_t *v = json_object_get(object, key);

	if (!json_is_integer(v) || json_integer_value(v) < lo || json_integer_value(v) > hi)
		return pb_fail(err, PB_ECORRUPT, "%s.%s: must be an integer from %lld to %lld", where, key, (long long)lo, (long long)hi);
	*out = (int)json_integer_value(v);
	return PB_OK;
}

static int text(const json_t *object, const char *key, const char *where, char *out, size_t size, pb_error *err)
{
	const json_t *v = json_object_get(object, key);

	if (!json_is_string(v) || json_string_length(v) >= size)
		return pb_fail(err, PB_ECORRUPT, "%s.%s: must be a string of less than %zu bytes", where, key, size);
	memcpy(out, json_string_value(v), json_string_length(v) + 1);
	return PB_OK;
}

static int by_pillar(const json_t *policy, const char *key, int most, int out[PB_PILLARS], pb_error *err)
{
	const json_t *values = json_object_get(policy, key);
	char where[48];
	int rc = PB_OK;

	(void)snprintf(where, sizeof where, "policy.%s", key);
	for (int p = 0; p < PB_PILLARS && rc == PB_OK; p++)
		rc = number(values, pb_pillar_name((pb_pillar)p), where, 0, most, &out[p], err);
	return rc;
}

static int rows(const json_t *object, const char *key, const char *where, char (*out)[8], size_t most, size_t *n, pb_error *err)
{
	const json_t *list = json_object_get(object, key), *row;
	size_t i;

	if (!json_is_array(list) || json_array_size(list) > most)
		return pb_fail(err, PB_ECORRUPT, "%s.%s: must be a list of at most %zu catalogue rows", where, key, most);
	json_array_foreach (list, i, row) {
		const char *s = json_string_value(row);

		if (s == NULL || !pb_row_valid(s))
			return pb_fail(err, PB_ECORRUPT, "%s.%s[%zu]: must be a catalogue row such as \"V-01\"", where, key, i);
		(void)snprintf(out[i], 8, "%s", s);
	}
	*n = json_array_size(list);
	return PB_OK;
}

/* Absent: any will do. */
static int least(const json_t *one, const char *where, pb_required *r, pb_error *err)
{
	const json_t *word = json_object_get(one, "reliability");
	int value = json_is_string(word) ? pb_reliability_of(json_string_value(word)) : -1;

	if (word == NULL)
		return PB_OK;
	if (value < 0)
		return pb_fail(err, PB_ECORRUPT, "%s.reliability: is not a reliability", where);
	r->has_least = true;
	r->least = (pb_reliability)value;
	return PB_OK;
}

static int required(const json_t *policy, pb_policy *out, pb_error *err)
{
	const json_t *list = json_object_get(policy, "required"), *one;
	char where[48];
	size_t i;
	int rc = PB_OK;

	if (!json_is_array(list) || json_array_size(list) > PB_REQUIRED_MAX)
		return pb_fail(err, PB_ECORRUPT, "policy.required: must be a list of at most %d", PB_REQUIRED_MAX);
	json_array_foreach (list, i, one) {
		pb_required *r = &out->required[i];

		(void)snprintf(where, sizeof where, "policy.required[%zu]", i);
		rc = rc != PB_OK ? rc : text(one, "id", where, r->id, sizeof r->id, err);
		rc = rc != PB_OK ? rc : text(one, "title", where, r->title, sizeof r->title, err);
		rc = rc != PB_OK ? rc : rows(one, "rows", where, r->catalogue, 8, &r->n_catalogue, err);
		rc = rc != PB_OK ? rc : rows(one, "only_if", where, r->only_if, 16, &r->n_only_if, err);
		rc = rc != PB_OK ? rc : least(one, where, r, err);
	}
	out->n_required = json_array_size(list);
	return rc;
}

static int overrides(const json_t *policy, pb_policy *out, pb_error *err)
{
	const json_t *list = json_object_get(policy, "overrides"), *one;
	char where[48];
	size_t i;
	int rc = PB_OK;

	if (!json_is_array(list) || json_array_size(list) > PB_OVERRIDES_MAX)
		return pb_fail(err, PB_ECORRUPT, "policy.overrides: must be a list of at most %d", PB_OVERRIDES_MAX);
	json_array_foreach (list, i, one) {
		pb_override *o = &out->overrides[i];
		const char *word = pb_json_str(one, "severity", "");
		int severity = pb_severity_of(word);

		(void)snprintf(where, sizeof where, "policy.overrides[%zu]", i);
		rc = rc != PB_OK ? rc : text(one, "check", where, o->check, sizeof o->check, err);
		rc = rc != PB_OK ? rc : text(one, "reason", where, o->reason, sizeof o->reason, err);
		if (rc == PB_OK && severity < 0)
			rc = pb_fail(err, PB_ECORRUPT, "%s.severity: \"%s\" is not a severity", where, word);
		o->severity = severity < 0 ? PB_INFO : (pb_severity)severity;
	}
	out->n_overrides = json_array_size(list);
	return rc;
}

static int regions(const json_t *policy, pb_policy *out, pb_error *err)
{
	const json_t *list = json_object_get(policy, "regions"), *one;
	size_t i;

	if (list == NULL)
		return PB_OK;
	if (!json_is_array(list) || json_array_size(list) == 0 || json_array_size(list) > PB_REGIONS_MAX)
		return pb_fail(err, PB_ECORRUPT, "policy.regions: must be a list of 1 to %d", PB_REGIONS_MAX);
	json_array_foreach (list, i, one) {
		const char *code = json_string_value(one);

		if (code == NULL || !pb_region_valid(code))
			return pb_fail(err, PB_ECORRUPT, "policy.regions[%zu]: no region", i);
		(void)snprintf(out->regions[i], sizeof out->regions[i], "%s", code);
	}
	out->n_regions = json_array_size(list);
	return PB_OK;
}

int pb_reread_policy(const json_t *report, pb_policy *out, pb_error *err)
{
	const json_t *p = json_object_get(report, "policy"), *accept = json_object_get(p, "accept");
	const json_t *named = json_object_get(json_object_get(report, "assessment"), "policy");
	int rc = text(named, "name", "assessment.policy", out->name, sizeof out->name, err);

	rc = rc != PB_OK ? rc : text(named, "digest", "assessment.policy", out->digest, sizeof out->digest, err);
	rc = rc != PB_OK ? rc : by_pillar(p, "weights", WEIGHT_MOST, out->weight, err);
	rc = rc != PB_OK ? rc : by_pillar(p, "confidence_weights", SHARE_MOST, out->confidence_weight, err);
	rc = rc != PB_OK ? rc : number(p, "half_life_days", "policy", 1, DAYS_MOST, &out->half_life_days, err);
	rc = rc != PB_OK ? rc : number(accept, "trust", "policy.accept", 0, POINTS_MOST, &out->accept_trust, err);
	rc = rc != PB_OK ? rc : number(accept, "confidence", "policy.accept", 0, POINTS_MOST, &out->accept_confidence, err);
	rc = rc != PB_OK ? rc : number(accept, "floor", "policy.accept", 0, POINTS_MOST, &out->accept_floor, err);
	rc = rc != PB_OK ? rc : number(p, "reject_below", "policy", 0, POINTS_MOST, &out->reject_below, err);
	if (rc == PB_OK && out->reject_below > out->accept_trust)
		rc = pb_fail(err, PB_ECORRUPT, "policy.reject_below: above policy.accept.trust");
	rc = rc != PB_OK ? rc : required(p, out, err);
	rc = rc != PB_OK ? rc : regions(p, out, err);
	return rc != PB_OK ? rc : overrides(p, out, err);
}
