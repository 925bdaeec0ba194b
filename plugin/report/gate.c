#include "report/gate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/explain_parts.h"

/* One report, read, and what stands between it and ACCEPT. */
typedef struct side {
	pb_reread *r;
	json_t *lacks;
	int confidence;
	pb_decision decision;
} side;

static int read_side(const json_t *report, const char *which, side *s, pb_error *err)
{
	pb_error inner = {0};
	int rc;

	s->r = calloc(1, sizeof *s->r);
	rc = s->r != NULL ? pb_report_read(report, s->r, &inner) : PB_ENOMEM;
	return rc == PB_OK ? rc : pb_fail(err, rc, "%s: %s", which, rc == PB_ENOMEM ? "out of memory" : inner.text);
}

static int weigh(side *s, pb_error *err)
{
	pb_score score = {0};
	pb_explaining x = {.b = {&s->r->result, &s->r->policy, &score, &s->r->how}};
	json_t *decision = NULL;

	if (pb_explaining_begin(&x)) {
		decision = pb_explain_decision(&x);
		s->lacks = json_incref(json_object_get(decision, "lacks"));
		s->confidence = x.now.confidence_permille;
		s->decision = x.now.decision;
	}
	json_decref(decision);
	pb_explaining_end(&x);
	return s->lacks != NULL ? PB_OK : pb_fail(err, PB_ENOMEM, "out of memory");
}

static void end_side(side *s)
{
	if (s->r != NULL)
		pb_reread_free(s->r);
	free(s->r);
	json_decref(s->lacks);
}

static char *name_of(const pb_product_result *r, const pb_finding *f)
{
	char *out = NULL;

	return asprintf(&out, "%s\n%s", r->checks[f->check].id, f->key) < 0 ? NULL : out;
}

static json_t *names(const pb_product_result *r)
{
	json_t *out = json_object();

	for (size_t i = 0; i < r->n_findings; i++) {
		char *name = name_of(r, &r->findings[i]);

		if (name == NULL || json_object_set_new(out, name, json_true()) != 0) {
			free(name);
			json_decref(out);
			return NULL;
		}
		free(name);
	}
	return out;
}

/* Leaves the findings that the baseline has not; a check without any passes. Returns how many were known, -1: no
 * memory. */
static int64_t leave_new(pb_product_result *r, const json_t *known)
{
	bool *left = calloc(r->n_checks + 1, sizeof *left);
	size_t kept = 0, gone = 0;

	for (size_t i = 0; left != NULL && i < r->n_findings; i++) {
		char *name = name_of(r, &r->findings[i]);

		if (name == NULL) {
			free(left);
			return -1;
		}
		if (json_object_get(known, name) != NULL) {
			gone++;
		} else {
			left[r->findings[i].check] = true;
			r->findings[kept++] = r->findings[i];
		}
		free(name);
	}
	for (size_t i = 0; left != NULL && i < r->n_checks; i++)
		if (r->checks[i].status == PB_FAIL && !left[i]) {
			r->checks[i].status = PB_PASS;
			r->checks[i].mended = true;
		}
	r->n_findings = kept;
	free(left);
	return left != NULL ? (int64_t)gone : -1;
}

/* Of the whole product, not of what is new: what the baseline lacked already does not count. */
static bool of_whole(const json_t *lack)
{
	static const char *const kinds[] = {"floor", "confidence", "evidence"};

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (strcmp(kinds[i], pb_json_str(lack, "what", "")) == 0)
			return true;
	return false;
}

static bool lacked(const json_t *lack, const json_t *before)
{
	const json_t *one;
	size_t i;

	json_array_foreach (before, i, one)
		if (strcmp(pb_json_str(one, "what", ""), pb_json_str(lack, "what", "")) == 0 &&
		    strcmp(pb_json_str(one, "id", ""), pb_json_str(lack, "id", "")) == 0)
			return true;
	return false;
}

/* Trust and what findings do by themselves: of those that are new. The rest: of all, where the baseline had it. */
static json_t *new_lacks(const json_t *of_new, const json_t *of_all, const json_t *before)
{
	json_t *out = json_array(), *lack;
	size_t i;

	json_array_foreach (of_new, i, lack)
		if (!of_whole(lack))
			(void)json_array_append(out, lack);
	json_array_foreach (of_all, i, lack)
		if (of_whole(lack) && !lacked(lack, before))
			(void)json_array_append(out, lack);
	return out;
}

static pb_decision decide(const json_t *lacks, bool newly_unrated)
{
	const json_t *lack;
	size_t i;

	json_array_foreach (lacks, i, lack) {
		const char *what = pb_json_str(lack, "what", "");

		if (strcmp(what, "rejecting") == 0 || strcmp(what, "reject_below") == 0)
			return PB_REJECT;
	}
	return newly_unrated ? PB_NOT_RATED : json_array_size(lacks) > 0 ? PB_CONDITIONAL : PB_ACCEPT;
}

static int worst_first(const void *a, const void *b)
{
	const json_t *x = *(json_t *const *)a, *y = *(json_t *const *)b;
	int order = pb_severity_of(pb_json_str(y, "severity", "")) - pb_severity_of(pb_json_str(x, "severity", ""));

	order = order != 0 ? order : strcmp(pb_json_str(x, "check", ""), pb_json_str(y, "check", ""));
	return order != 0 ? order : pb_build_text_order(x, y);
}

static json_t *findings(const pb_reread *r)
{
	pb_build b = {.result = &r->result, .policy = &r->policy};
	json_t *out = json_array();

	for (size_t i = 0; i < r->result.n_findings; i++) {
		const pb_finding *f = &r->result.findings[i];

		(void)json_array_append_new(out, json_pack("{s:o,s:o,s:s,s:o}", "check",
		                                           pb_build_string(r->result.checks[f->check].id), "key",
		                                           pb_build_string(f->key), "severity",
		                                           pb_severity_name(pb_build_finding_severity(&b, f)), "says",
		                                           pb_build_string(f->says)));
	}
	return pb_build_sorted(out, worst_first);
}

static const char *at(const json_t *report, const char *part, const char *key)
{
	return pb_json_str(json_object_get(report, part), key, "");
}

static json_t *notes(const json_t *report, const json_t *baseline)
{
	const json_t *now = json_object_get(json_object_get(report, "assessment"), "policy");
	const json_t *then = json_object_get(json_object_get(baseline, "assessment"), "policy");
	json_t *out = json_array();

	if (strcmp(at(report, "product", "name"), at(baseline, "product", "name")) != 0)
		(void)json_array_append_new(
		    out, json_sprintf("the baseline is of another product: %s", at(baseline, "product", "name")));
	if (strcmp(at(report, "assessment", "rules_digest"), at(baseline, "assessment", "rules_digest")) != 0)
		(void)json_array_append_new(
		    out, json_string("the baseline was made by other rules: what they newly find counts as new"));
	if (strcmp(pb_json_str(now, "digest", ""), pb_json_str(then, "digest", "")) != 0)
		(void)json_array_append_new(
		    out, json_sprintf("the baseline was judged by the policy %s; here both are by %s",
		                      pb_json_str(then, "name", ""), pb_json_str(now, "name", "")));
	return out;
}

/* Everything, then without what is known, held against the baseline by the report's policy. */
static json_t *against(const json_t *report, const json_t *baseline, side *now, side *base, pb_error *err)
{
	json_t *known = names(&base->r->result), *of_all = NULL, *lacks = NULL, *out = NULL;
	int64_t n = -1;
	bool unrated;
	int rc;

	base->r->policy = now->r->policy;
	rc = weigh(base, err);
	rc = rc != PB_OK ? rc : weigh(now, err);
	unrated = now->confidence < PB_RATED_FROM && base->confidence >= PB_RATED_FROM;
	of_all = now->lacks;
	now->lacks = NULL;
	if (rc == PB_OK && known != NULL)
		n = leave_new(&now->r->result, known);
	if (n >= 0 && weigh(now, err) == PB_OK) {
		lacks = new_lacks(now->lacks, of_all, base->lacks);
		out =
		    json_pack("{s:s,s:I,s:o,s:O,s:o}", "decision", pb_decision_name(decide(lacks, unrated)), "known",
		              (json_int_t)n, "new", findings(now->r), "lacks", lacks, "notes", notes(report, baseline));
	}
	json_decref(known);
	json_decref(of_all);
	json_decref(lacks);
	return out;
}

json_t *pb_report_gate(const json_t *report, const json_t *baseline, pb_error *err)
{
	side now = {0}, base = {0};
	json_t *out = NULL;
	pb_error inner = {0};
	int rc = read_side(report, "the report", &now, &inner);

	if (rc == PB_OK && baseline != NULL)
		rc = read_side(baseline, "the baseline", &base, &inner);
	if (rc == PB_OK && baseline != NULL)
		out = against(report, baseline, &now, &base, &inner);
	else if (rc == PB_OK && weigh(&now, &inner) == PB_OK)
		out = json_pack("{s:s,s:i,s:[],s:O,s:[]}", "decision", pb_decision_name(now.decision), "known", 0,
		                "new", "lacks", now.lacks, "notes");
	if (out == NULL)
		(void)pb_fail(err, inner.code != 0 ? inner.code : PB_ENOMEM, "%s",
		              inner.code != 0 ? inner.text : "out of memory");
	end_side(&now);
	end_side(&base);
	return out;
}
