/* The canonical report: one object from the product result, the policy, the score and the circumstances. */
#include <string.h>

#include "base/date.h"
#include "report/build.h"

static json_t *day(int64_t days)
{
	char text[11];

	pb_date_format(days, text);
	return json_string(text);
}

static json_int_t count(const json_t *object, const char *key)
{
	int64_t n = pb_json_int(object, key, 0);

	return n > 0 ? (json_int_t)n : 0;
}

/* Identity as reduce gave it; a field of another type becomes empty, so that the keys are always there. */
static json_t *product(const pb_build *b, pb_error *err)
{
	const json_t *p = json_object_get(b->result->document, "product");

	(void)err;
	return json_pack("{s:o,s:o,s:o,s:o,s:I,s:I,s:I}", "name", pb_build_string(pb_json_str(p, "name", "")),
	                 "version", pb_build_string(pb_json_str(p, "version", "")), "kind",
	                 pb_build_string(pb_json_str(p, "kind", "")), "sha256",
	                 pb_build_string(pb_json_str(p, "sha256", "")), "size", count(p, "size"), "objects",
	                 count(p, "objects"), "bytes", count(p, "bytes"));
}

/* Which YARA rules from elsewhere took part: whoever wants the same report needs the same. */
static json_t *rule_sets(const json_t *sets)
{
	json_t *out = json_array(), *set;
	size_t i;

	json_array_foreach(sets, i, set) {
		json_t *skipped = pb_build_inert(json_object_get(set, "skipped"));

		if (json_array_append_new(out, json_pack("{s:o,s:o,s:I,s:I,s:I,s:o}", "id", pb_build_string(pb_json_str(set, "id", "")),
		                                         "digest", pb_build_string(pb_json_str(set, "digest", "")), "files",
		                                         count(set, "files"), "rules", count(set, "rules"), "left_out",
		                                         count(set, "left_out"), "skipped", skipped)) != 0) {
			json_decref(out);
			return NULL;
		}
	}
	return out;
}

/* Packs of rules, and who answers for them. */
static json_t *packs(const json_t *all)
{
	static const char *const texts[] = {"name", "version", "key", "sha256"};
	json_t *out = json_array(), *pack;
	size_t i;

	json_array_foreach(all, i, pack) {
		json_t *one = json_pack("{s:b}", "trusted", json_is_true(json_object_get(pack, "trusted")));
		const char *why = pb_json_str(pack, "why", "");
		int failed = 0;

		for (size_t j = 0; j < sizeof texts / sizeof *texts; j++)
			failed |= json_object_set_new(one, texts[j], pb_build_string(pb_json_str(pack, texts[j], "")));
		if (*why != '\0')
			failed |= json_object_set_new(one, "why", pb_build_string(why));
		if (json_is_true(json_object_get(pack, "left_out")))
			failed |= json_object_set_new(one, "left_out", json_true());
		if (json_array_append_new(out, one) != 0 || failed) {
			json_decref(out);
			return NULL;
		}
	}
	return out;
}

/* What diff holds against another version's; lists as reduce sorted them. */
static json_t *inventory(const pb_build *b, pb_error *err)
{
	const json_t *lists = json_object_get(b->result->document, "inventory"), *list;
	json_t *out = json_object();
	const char *name;

	(void)err;
	json_object_foreach((json_t *)(uintptr_t)lists, name, list)
	{
		bool rows = strcmp(name, "endpoints") == 0;

		if (json_object_set_new(out, name, rows ? pb_build_endpoints(list) : pb_build_strings(list)) != 0) {
			json_decref(out);
			return NULL;
		}
	}
	return out;
}

static json_t *assessment(const pb_build *b, pb_error *err)
{
	const pb_assessment *how = b->how;
	json_t *database = json_is_object(how->clamav_db) ? pb_build_inert(how->clamav_db) : json_object();
	json_t *out;

	(void)err;
	out = json_pack("{s:o,s:{s:o,s:o,s:o,s:o,s:o},s:o,s:{s:o,s:o},s:o,s:o}", "as_of", day(how->as_of), "engine",
	                "probity", pb_build_string(how->probity), "clamav", pb_build_string(how->clamav), "clamav_db",
	                database, "yara", pb_build_string(how->yara), "lua", pb_build_string(how->lua), "rules_digest",
	                pb_build_string(how->rules_digest), "policy", "name", pb_build_string(b->policy->name),
	                "digest", pb_build_string(b->policy->digest), "waivers_digest",
	                pb_build_string(how->waivers_digest), "evidence_digest", pb_build_string(how->evidence_digest));
	if (out == NULL)
		return NULL;
	/* Told only where they say something: most assessments are read on the day they were made. */
	if ((how->assessed != how->as_of && json_object_set_new(out, "assessed", day(how->assessed)) != 0) ||
	    (how->trust_digest != NULL && how->trust_digest[0] != '\0' &&
	     json_object_set_new(out, "trust_digest", pb_build_string(how->trust_digest)) != 0) ||
	    (how->command != NULL && how->command[0] != '\0' &&
	     json_object_set_new(out, "command", pb_build_string(how->command)) != 0) ||
	    (json_array_size(how->unboxed) > 0 &&
	     json_object_set_new(json_object_get(out, "engine"), "unboxed", pb_build_inert(how->unboxed)) != 0) ||
	    (json_array_size(how->packs) > 0 &&
	     json_object_set_new(json_object_get(out, "engine"), "packs", packs(how->packs)) != 0) ||
	    (json_array_size(how->rule_sets) > 0 &&
	     json_object_set_new(json_object_get(out, "engine"), "rule_sets", rule_sets(how->rule_sets)) != 0)) {
		json_decref(out);
		return NULL;
	}
	return out;
}

static json_t *score(const pb_build *b, pb_error *err)
{
	const pb_score *s = b->score;
	json_t *conditions = pb_build_conditions(b, err);

	if (conditions == NULL)
		return NULL;
	return json_pack("{s:i,s:i,s:i,s:i,s:I,s:i,s:s,s:o,s:b,s:o}", "trust_tenths", s->trust_tenths, "floor_tenths",
	                 s->floor_tenths, "confidence_permille", s->confidence_permille, "unwaived_trust_tenths",
	                 s->unwaived_trust_tenths, "demerit_milli", (json_int_t)s->demerit_milli, "cap", s->cap,
	                 "decision", pb_decision_name(s->decision), "conditions", conditions, "conditions_suffice",
	                 (int)s->conditions_suffice, "valid_until", day(s->valid_until));
}

/* The result may have been put together by hand or by another program: no index is taken on trust. */
static int sound(const pb_build *b, pb_error *err)
{
	if (b->result->n_checks > 0 && b->score->checks == NULL)
		return pb_fail(err, PB_EINTERNAL, "report: the score has no checks");
	for (size_t i = 0; i < b->result->n_findings; i++)
		if (b->result->findings[i].check >= b->result->n_checks)
			return pb_fail(err, PB_EINTERNAL, "report: finding %s names no check",
			               b->result->findings[i].name);
	return PB_OK;
}

static const struct {
	const char *key;
	json_t *(*build)(const pb_build *b, pb_error *err);
} parts[] = {
	{"assessment", assessment},
	{"checks", pb_build_checks},
	{"claims", pb_build_claims},
	{"findings", pb_build_findings},
	{"inventory", inventory},
	{"limits", pb_build_limits},
	{"pillars", pb_build_pillars},
	{"policy", pb_build_policy},
	{"principles", pb_build_principles},
	{"product", product},
	{"score", score},
};

/* Only where the result has them: the first two are absent where no evidence was handed in, the others where an older version looked, and
 * where there is nothing to tell. */
static const struct {
	const char *key;
	json_t *(*build)(const pb_build *b, pb_error *err);
} optional[] = {
	{"evidence", pb_build_evidence},
	{"statements", pb_build_statements},
	{"composition", pb_build_composition},
	{"declared", pb_build_declared},
};

static int add_optional(json_t *report, const pb_build *b, pb_error *err)
{
	for (size_t i = 0; i < sizeof optional / sizeof optional[0]; i++) {
		json_t *part;

		if (json_object_get(b->result->document, optional[i].key) == NULL)
			continue;
		part = optional[i].build(b, err);
		if (part == NULL || json_object_set_new(report, optional[i].key, part) != 0)
			return pb_fail(err, PB_ENOMEM, "report: %s: no memory", optional[i].key);
	}
	return PB_OK;
}

json_t *pb_report_new(const pb_product_result *result, const pb_policy *policy, const pb_score *scored,
                      const pb_assessment *how, pb_error *err)
{
	const pb_build b = {result, policy, scored, how};
	json_t *report;

	if (sound(&b, err) != PB_OK)
		return NULL;
	report = json_pack("{s:s}", "schema", "probity-report/1");
	for (size_t i = 0; report != NULL && i < sizeof parts / sizeof parts[0]; i++) {
		pb_error inner = {0};
		json_t *part = parts[i].build(&b, &inner);

		if (part != NULL && json_object_set_new(report, parts[i].key, part) == 0)
			continue;
		(void)pb_fail(err, inner.code != 0 ? inner.code : PB_ENOMEM, "report: %s: %s", parts[i].key,
		              inner.text[0] != '\0' ? inner.text : "no memory");
		json_decref(report);
		return NULL;
	}
	if (report != NULL && json_array_size(how->waivers) > 0 && json_object_set_new(report, "waivers", pb_build_inert(how->waivers)) != 0) {
		json_decref(report);
		report = NULL;
	}
	if (report == NULL)
		(void)pb_fail(err, PB_ENOMEM, "report: no memory");
	else if (add_optional(report, &b, err) != PB_OK) {
		json_decref(report);
		return NULL;
	}
	return report;
}
