/* tests/recompute.py, which knows nothing of this code, must come to the same numbers for 3,000 random reports. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/date.h"
#include "base/fs.h"
#include "base/json.h"
#include "score_case.h"

enum { REPORTS = 3000 };

static json_t *rows_of(const char rows[][8], size_t n)
{
	json_t *a = json_array();

	for (size_t i = 0; i < n; i++)
		(void)json_array_append_new(a, json_string(rows[i]));
	return a;
}

static json_t *per_pillar(const int *numbers)
{
	json_t *o = json_object();

	for (int i = 0; i < PB_PILLARS; i++)
		(void)json_object_set_new(o, pb_pillar_name((pb_pillar)i), json_integer(numbers[i]));
	return o;
}

static json_t *policy_json(const pb_policy *p)
{
	json_t *required = json_array(), *one;

	for (size_t i = 0; i < p->n_required; i++) {
		const pb_required *r = &p->required[i];

		one = json_pack("{ss ss so so}", "id", r->id, "title", r->title, "rows",
		                rows_of((const char(*)[8])r->catalogue, r->n_catalogue), "only_if",
		                rows_of((const char(*)[8])r->only_if, r->n_only_if));
		if (r->has_least)
			(void)json_object_set_new(one, "reliability", json_string(pb_reliability_name(r->least)));
		(void)json_array_append_new(required, one);
	}
	return json_pack("{so so si s{si si si} si so}", "weights", per_pillar(p->weight), "confidence_weights",
	                 per_pillar(p->confidence_weight), "half_life_days", p->half_life_days, "accept", "trust",
	                 p->accept_trust, "confidence", p->accept_confidence, "floor", p->accept_floor, "reject_below",
	                 p->reject_below, "required", required);
}

static json_t *checks_json(const score_case *c, const pb_policy *p, const pb_score *s)
{
	json_t *rows = json_array();

	for (size_t i = 0; i < c->result.n_checks; i++) {
		const pb_check_outcome *k = &c->checks[i];
		const pb_override *o = pb_policy_override(p, k->id, k->catalogue);
		pb_severity severity = o != NULL ? o->severity : k->severity;

		(void)json_array_append_new(
		    rows, json_pack("{ss ss ss ss ss ss sb ss si sI si}", "id", k->id, "catalogue", k->catalogue, "claim",
		                    k->claim, "pillar", pb_pillar_name(k->pillar), "severity", pb_severity_name(severity),
		                    "reliability", pb_reliability_name(k->reliability), "online", k->online, "status",
		                    pb_status_name(k->status), "coverage", k->coverage, "demerit_milli",
		                    (json_int_t)s->checks[i].demerit_milli, "keys", s->checks[i].keys));
		if (k->aged != 0)
			(void)json_object_set_new(json_array_get(rows, i), "freshness", json_integer(1000 - k->aged));
	}
	return rows;
}

static json_t *findings_json(const score_case *c)
{
	json_t *rows = json_array();

	for (size_t i = 0; i < c->result.n_findings; i++) {
		const pb_finding *f = &c->findings[i];

		(void)json_array_append_new(rows, json_pack("{ss ss si ss ss*}", "check", c->checks[f->check].id, "key", f->key,
		                                            "kappa", f->kappa, "severity", pb_severity_name(f->severity),
		                                            "waived", f->waived));
	}
	return rows;
}

static json_t *claims_json(const pb_score *s)
{
	json_t *rows = json_array();

	for (size_t i = 0; i < s->n_claims; i++)
		(void)json_array_append_new(rows, json_pack("{ss ss sI sI}", "claim", s->claims[i].claim, "pillar",
		                                            pb_pillar_name(s->claims[i].pillar), "lambda_milli",
		                                            (json_int_t)s->claims[i].lambda_milli, "worst_milli",
		                                            (json_int_t)s->claims[i].worst_milli));
	return rows;
}

static json_t *pillars_json(const pb_score *s)
{
	json_t *o = json_object();

	for (int i = 0; i < PB_PILLARS; i++) {
		const pb_pillar_score *p = &s->pillars[i];

		(void)json_object_set_new(o, pb_pillar_name((pb_pillar)i),
		                          json_pack("{si si sb}", "trust_tenths", p->trust_tenths, "confidence_permille",
		                                    p->confidence_permille, "rated", p->rated));
	}
	return o;
}

static json_t *report_json(const score_case *c, const pb_policy *p, const pb_score *s)
{
	char as_of[11], assessed[11], until[11];

	pb_date_format(c->as_of, as_of);
	pb_date_format(c->assessed, assessed);
	pb_date_format(s->valid_until, until);
	return json_pack("{ss s{ss ss} so s{si si si sI si si ss ss} so so so so}", "schema", "probity-report/1", "assessment",
	                 "as_of", as_of, "assessed", assessed, "policy", policy_json(p), "score", "trust_tenths",
	                 s->trust_tenths, "floor_tenths", s->floor_tenths, "confidence_permille", s->confidence_permille,
	                 "demerit_milli", (json_int_t)s->demerit_milli, "cap", s->cap, "unwaived_trust_tenths",
	                 s->unwaived_trust_tenths, "decision", pb_decision_name(s->decision), "valid_until", until, "pillars",
	                 pillars_json(s), "claims", claims_json(s), "checks", checks_json(c, p, s), "findings",
	                 findings_json(c));
}

static void add_report(uint64_t number, pb_buf *lines)
{
	prng r = prng_of_case(77, number);
	pb_policy *p = calloc(1, sizeof *p);
	score_case c;
	pb_score s;
	json_t *report;
	char *text;

	assert_non_null(p);
	case_policy(p, &r);
	case_make(&c, &r);
	assert_int_equal(pb_score_compute(&c.result, p, c.assessed, c.as_of, &s, NULL), PB_OK);
	report = report_json(&c, p, &s);
	assert_non_null(report);
	text = pb_json_canonical(report);
	assert_non_null(text);
	assert_int_equal(pb_buf_printf(lines, "%s\n", text), PB_OK);
	free(text);
	json_decref(report);
	pb_score_free(&s);
	free(p);
}

static int run(const char *lines, size_t n)
{
	char file[] = "/tmp/probity-reports-XXXXXX";
	char *dir = pb_fs_data_dir(), *command = NULL;
	int fd = mkstemp(file), rc;

	assert_true(fd >= 0 && close(fd) == 0 && dir != NULL);
	assert_int_equal(pb_fs_write(file, lines, n, NULL), PB_OK);
	assert_true(asprintf(&command, "/usr/bin/python3 '%s/tests/recompute.py' '%s'", dir, file) > 0);
	rc = system(command);
	(void)remove(file);
	free(command);
	free(dir);
	return rc;
}

static void both_agree(void **state)
{
	pb_buf lines = {0};

	(void)state;
	for (uint64_t i = 0; i < REPORTS; i++)
		add_report(i, &lines);
	assert_int_equal(run((const char *)lines.data, lines.size), 0);
	pb_buf_free(&lines);
}

/* A report whose trust somebody lifted by a tenth. */
static void a_lie_is_found(void **state)
{
	pb_buf lines = {0};
	json_t *report;
	char *text;

	(void)state;
	add_report(1, &lines);
	report = pb_json_parse((pb_bytes){lines.data, lines.size}, lines.size, "report", NULL);
	assert_non_null(report);
	json_t *trust = json_object_get(json_object_get(report, "score"), "trust_tenths");
	assert_int_equal(json_integer_set(trust, json_integer_value(trust) + 1), 0);
	text = pb_json_canonical(report);
	assert_int_not_equal(run(text, strlen(text)), 0);
	free(text);
	json_decref(report);
	pb_buf_free(&lines);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(both_agree),
	    cmocka_unit_test(a_lie_is_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
