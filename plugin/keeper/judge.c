#include "keeper/judge.h"

#include "base/version.h"
#include "findings/evidence.h"
#include "report/waivers.h"

/* Told only where the kernel lacks something: ["landlock"]. */
static json_t *unboxed(const json_t *box)
{
	json_t *out = json_array(), *value;
	const char *key;
	json_object_foreach((json_t *)box, key, value)
		if (json_is_false(value) || (json_is_integer(value) && json_integer_value(value) == 0))
			json_array_append_new(out, json_string(key));
	return out;
}

int pb_judge_product(const pb_judge *by, json_t *document, pb_judgement *out, pb_error *err)
{
	pb_product_result result = {0};
	pb_score score = {0};
	pb_waived waived = {0};
	char evidence[65] = "";
	int rc = pb_product_result_read(document, &result, err);
	if (!rc && !pb_evidence_digest(json_object_get(document, "evidence"), evidence))
		rc = pb_fail(err, PB_ENOMEM, "out of memory");
	if (!rc && pb_waivers_apply(json_object_get(document, "waivers"), by->as_of, &result, &waived))
		rc = pb_fail(err, PB_ENOMEM, "out of memory");
	if (!rc)
		rc = pb_score_compute(&result, by->policy, by->as_of, by->as_of, &score, err);
	if (!rc) {
		json_t *lacks = unboxed(by->box);
		pb_assessment how = {.as_of = by->as_of, .assessed = by->as_of, .probity = PB_VERSION, .clamav = by->clamav, .yara = by->yara,
		                     .lua = by->lua, .clamav_db = by->database, .rules_digest = by->rules_digest, .waivers_digest = waived.digest, .waivers = waived.rows,
		                     .evidence_digest = evidence, .trust_digest = by->trust_digest, .command = "", .unboxed = lacks, .rule_sets = by->rule_sets, .packs = by->packs};
		out->report = pb_report_new(&result, by->policy, &score, &how, err);
		json_decref(lacks);
		out->decision = score.decision;
		out->trust_tenths = score.trust_tenths;
		out->floor_tenths = score.floor_tenths;
		out->confidence_permille = score.confidence_permille;
		rc = out->report ? 0 : err && err->code ? err->code : PB_ENOMEM;
	}
	pb_score_free(&score);
	pb_product_result_free(&result);
	pb_waived_free(&waived);
	return rc;
}
