/* Checks, the claims they serve and the pillars: the arithmetic, row by row. */
#include <string.h>

#include "report/build.h"

const char *pb_build_title(const pb_check_outcome *check)
{
	return check->title != NULL && check->title[0] != '\0' ? check->title : check->id;
}

pb_severity pb_build_severity(const pb_build *b, size_t check)
{
	const pb_check_outcome *c = &b->result->checks[check];
	const pb_override *o = pb_policy_override(b->policy, c->id, c->catalogue);

	return o != NULL ? o->severity : c->severity;
}

pb_severity pb_build_finding_severity(const pb_build *b, const pb_finding *f)
{
	pb_severity ceiling = pb_build_severity(b, f->check);

	return f->severity < ceiling ? f->severity : ceiling;
}

static const char *text_at(const void *item, const char *key)
{
	return pb_json_str(*(json_t *const *)item, key, "");
}

static int by_id(const void *a, const void *b)
{
	int order = strcmp(text_at(a, "id"), text_at(b, "id"));

	return order != 0 ? order : pb_build_text_order(*(json_t *const *)a, *(json_t *const *)b);
}

static int by_claim(const void *a, const void *b)
{
	int order = strcmp(text_at(a, "claim"), text_at(b, "claim"));

	return order != 0 ? order : strcmp(text_at(a, "pillar"), text_at(b, "pillar"));
}

/* Where there is one. */
static int add_text(json_t *out, const char *key, const char *text)
{
	return text == NULL || text[0] == '\0' ? 0 : json_object_set_new(out, key, pb_build_string(text));
}

static json_t *one_check(const pb_build *b, size_t i)
{
	const pb_check_outcome *c = &b->result->checks[i];
	const pb_check_score *s = &b->score->checks[i];
	json_t *out;

	out = json_pack("{s:o,s:o,s:o,s:o,s:s,s:s,s:s,s:b,s:s,s:i,s:I,s:i}", "id", pb_build_string(c->id), "title",
	                pb_build_string(pb_build_title(c)), "catalogue", pb_build_string(c->catalogue), "claim",
	                pb_build_string(c->claim), "pillar", pb_pillar_name(c->pillar), "severity",
	                pb_severity_name(pb_build_severity(b, i)), "reliability", pb_reliability_name(c->reliability),
	                "online", (int)c->online, "status", pb_status_name(c->status), "coverage", c->coverage,
	                "demerit_milli", (json_int_t)s->demerit_milli, "keys", s->keys);
	if (out != NULL && c->aged != 0 && json_object_set_new(out, "freshness", json_integer(1000 - c->aged)) != 0) {
		json_decref(out);
		return NULL;
	}
	if (out != NULL && (add_text(out, "reason", c->reason) != 0 || add_text(out, "why", c->why) != 0 ||
	                    add_text(out, "confirm", c->confirm) != 0)) {
		json_decref(out);
		return NULL;
	}
	return out;
}

json_t *pb_build_checks(const pb_build *b, pb_error *err)
{
	json_t *out = json_array();

	(void)err;
	for (size_t i = 0; i < b->result->n_checks; i++) {
		if (json_array_append_new(out, one_check(b, i)) != 0) {
			json_decref(out);
			return NULL;
		}
	}
	return pb_build_sorted(out, by_id);
}

json_t *pb_build_claims(const pb_build *b, pb_error *err)
{
	json_t *out = json_array();

	(void)err;
	for (size_t i = 0; i < b->score->n_claims; i++) {
		const pb_claim_score *c = &b->score->claims[i];
		json_t *one = json_pack("{s:o,s:s,s:I,s:I}", "claim", pb_build_string(c->claim), "pillar",
		                        pb_pillar_name(c->pillar), "lambda_milli", (json_int_t)c->lambda_milli,
		                        "worst_milli", (json_int_t)c->worst_milli);

		if (json_array_append_new(out, one) != 0) {
			json_decref(out);
			return NULL;
		}
	}
	return pb_build_sorted(out, by_claim);
}

json_t *pb_build_pillars(const pb_build *b, pb_error *err)
{
	json_t *out = json_object();

	(void)err;
	for (int p = 0; p < PB_PILLARS; p++) {
		const pb_pillar_score *s = &b->score->pillars[p];
		json_t *one = json_pack("{s:i,s:i,s:b}", "trust_tenths", s->trust_tenths, "confidence_permille",
		                        s->confidence_permille, "rated", (int)s->rated);

		if (json_object_set_new(out, pb_pillar_name((pb_pillar)p), one) != 0) {
			json_decref(out);
			return NULL;
		}
	}
	return out;
}
