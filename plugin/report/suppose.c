#include "report/suppose.h"

#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/text.h"
#include "report/build.h"
#include "report/suppose_parts.h"

static const char *const words[PB_SUPPOSE_KINDS] = {"policy", "as-of", "fix", "waive", "evidence"};
enum { WAIVED_TOLD = 20 };

const char *pb_suppose_word(pb_suppose_kind k)
{
	return words[k];
}

int pb_suppose_kind_of(const char *word)
{
	for (int k = 0; k < PB_SUPPOSE_KINDS; k++)
		if (strcmp(words[k], word) == 0)
			return k;
	return -1;
}

/* An override took the place of the check's own severity, and cut its findings: what another policy would make of it is
 * answered only where that cuts as deep. */
static int severities(const pb_reread *r, const pb_policy *to, pb_error *err)
{
	for (size_t i = 0; i < r->result.n_checks; i++) {
		const pb_check_outcome *c = &r->result.checks[i];
		const pb_override *was = pb_policy_override(&r->policy, c->id, c->catalogue),
		                  *is = pb_policy_override(to, c->id, c->catalogue);

		if (was != NULL && c->status != PB_NA && (is == NULL || is->severity > was->severity))
			return pb_fail(err, PB_EINPUT,
			               "policy=%s: the report does not answer it: its own policy made %s %s, and what "
			               "it would be otherwise is not in it; scan the product "
			               "once more with this policy",
			               to->name, c->id, pb_severity_name(was->severity));
	}
	return PB_OK;
}

/* Some checks look where data may be. */
static bool same_regions(const pb_policy *a, const pb_policy *b)
{
	bool same = a->n_regions == b->n_regions;

	for (size_t i = 0; same && i < a->n_regions; i++)
		same = strcmp(a->regions[i], b->regions[i]) == 0;
	return same;
}

static bool has_row(const pb_product_result *r, const char *row)
{
	for (size_t i = 0; i < r->n_checks; i++)
		if (strcmp(r->checks[i].catalogue, row) == 0)
			return true;
	return false;
}

json_t *pb_suppose_rows(const char (*rows)[8], size_t n)
{
	json_t *out = json_array();

	for (size_t i = 0; i < n; i++)
		(void)json_array_append_new(out, pb_build_string(rows[i]));
	return out;
}

static json_t *unasked(const pb_product_result *r, const pb_policy *p)
{
	json_t *out = json_array();

	for (size_t i = 0; i < p->n_required; i++) {
		const pb_required *q = &p->required[i];
		bool any = false;

		for (size_t k = 0; k < q->n_catalogue; k++)
			any |= has_row(r, q->catalogue[k]);
		if (!any)
			(void)json_array_append_new(
			    out,
			    json_pack("{s:o,s:o,s:o}", "id", pb_build_string(q->id), "title", pb_build_string(q->title),
			              "rows", pb_suppose_rows((const char(*)[8])q->catalogue, q->n_catalogue)));
	}
	return out;
}

static int policy(pb_reread *r, const pb_supposed *s, json_t **told, pb_error *err)
{
	bool same = strcmp(r->policy.digest, s->policy->digest) == 0;
	int rc = same ? PB_OK : severities(r, s->policy, err);

	if (rc == PB_OK && !same_regions(&r->policy, s->policy))
		rc = pb_fail(err, PB_EINPUT,
		             "policy=%s: the report does not answer it: data may be in other regions by this policy, "
		             "which the checks look at; scan the product once more "
		             "with it",
		             s->policy->name);
	if (rc != PB_OK)
		return rc;
	r->policy = *s->policy;
	*told =
	    json_pack("{s:o,s:o,s:b,s:o}", "name", pb_build_string(r->policy.name), "digest",
	              pb_build_string(r->policy.digest), "same", (int)same, "unasked", unasked(&r->result, &r->policy));
	return PB_OK;
}

/* Rows of the report that count now and are past on that day. */
static json_t *expired(const json_t *rows, const char *flag, const char *key, int64_t from, int64_t to)
{
	json_t *out = json_array();
	const json_t *row;
	size_t i;
	int64_t day;

	json_array_foreach (rows, i, row)
		if (pb_date_parse(pb_json_str(row, "expires", ""), &day) && day >= from && day < to &&
		    (flag == NULL || json_is_true(json_object_get(row, flag))))
			(void)json_array_append_new(
			    out, json_pack("{s:o,s:o,s:o}", key, pb_build_string(pb_json_str(row, key, "")), "key",
			                   pb_build_string(pb_json_str(row, "key", "")), "expires",
			                   pb_build_string(pb_json_str(row, "expires", ""))));
	return out;
}

static int as_of(pb_reread *r, const json_t *report, const char *value, json_t **told, pb_error *err)
{
	int64_t day, from = r->how.as_of;
	char was[11];

	pb_date_format(from, was);
	if (!pb_date_parse(value, &day))
		return pb_fail(err, PB_EINPUT, "as-of=%s: not a date like 2026-11-21", value);
	if (day < from)
		return pb_fail(err, PB_EINPUT, "as-of=%s: the report is of %s and does not say what held before", value,
		               was);
	r->how.as_of = day;
	pb_waived_free(&r->waived);
	if (pb_waivers_again(json_object_get(report, "waivers"), day, &r->result, &r->waived) != 0)
		return pb_fail(err, PB_ENOMEM, "out of memory");
	*told = json_pack("{s:s,s:I,s:o,s:o}", "from", was, "days", (json_int_t)(day - r->how.assessed), "waivers",
	                  expired(json_object_get(report, "waivers"), "applied", "check", from, day), "documents",
	                  expired(json_object_get(report, "evidence"), NULL, "name", from, day));
	return PB_OK;
}

/* Findings that hits names are gone; a check without any passes, by whose word nobody knows. */
static int fix(pb_reread *r, const bool *hits, size_t check, const char *key, json_t **told)
{
	pb_product_result *p = &r->result;
	size_t left = 0, kept = 0, gone = 0;

	for (size_t i = 0; i < p->n_findings; i++) {
		gone += hits[i];
		left += !hits[i] && p->findings[i].check == check;
		if (!hits[i])
			p->findings[kept++] = p->findings[i];
	}
	p->n_findings = kept;
	if (left == 0) {
		p->checks[check].status = PB_PASS;
		p->checks[check].mended = true;
	}
	*told = json_pack("{s:o,s:o,s:I,s:I}", "check", pb_build_string(p->checks[check].id), "title",
	                  pb_build_string(pb_build_title(&p->checks[check])), "findings", (json_int_t)gone, "left",
	                  (json_int_t)left);
	return key == NULL || json_object_set_new(*told, "key", pb_build_string(key)) == 0 ? PB_OK : PB_ENOMEM;
}

/* How many objects a waiver would have to name; 0 with err: it cannot be waived. As `probity waive` has it. */
static size_t objects(const pb_finding *f, const char *value, pb_error *err)
{
	json_t *seen = json_object();
	const json_t *record;
	size_t i, n;

	json_array_foreach (f->evidence, i, record) {
		const char *sha256 = pb_json_str(record, "sha256", "");

		if (*sha256 == '\0') {
			json_decref(seen);
			(void)pb_fail(err, PB_EINPUT,
			              "waive=%s: the finding is about something that has no bytes (a folder, a link): "
			              "it cannot be waived",
			              value);
			return 0;
		}
		(void)json_object_set_new(seen, sha256, json_true());
	}
	n = json_object_size(seen);
	json_decref(seen);
	if (f->places > (int64_t)json_array_size(f->evidence)) {
		(void)pb_fail(
		    err, PB_EINPUT,
		    "waive=%s: the finding is in %lld places, of which the report names %zu: it cannot be waived",
		    value, (long long)f->places, json_array_size(f->evidence));
		return 0;
	}
	return n;
}

static int waive(pb_reread *r, const char *value, const bool *hits, json_t **told, pb_error *err)
{
	json_t *list = json_array();
	size_t more = 0;

	for (size_t i = 0; i < r->result.n_findings; i++) {
		pb_finding *f = &r->result.findings[i];
		size_t n = hits[i] ? objects(f, value, err) : 0;

		if (hits[i] && n == 0) {
			json_decref(list);
			return PB_EINPUT;
		}
		if (hits[i] && json_array_size(list) == WAIVED_TOLD)
			more++;
		else if (hits[i])
			(void)json_array_append_new(list, json_pack("{s:o,s:o,s:I,s:b}", "check",
			                                            pb_build_string(r->result.checks[f->check].id),
			                                            "key", pb_build_string(f->key), "objects",
			                                            (json_int_t)n, "waived", f->waived != NULL));
		if (hits[i] && f->waived == NULL)
			f->waived = "supposed";
	}
	*told = json_pack("{s:o,s:I}", "findings", list, "more", (json_int_t)more);
	return PB_OK;
}

static int of_findings(pb_reread *r, const pb_supposed *s, json_t **told, pb_error *err)
{
	bool *hits = calloc(r->result.n_findings + 1, sizeof *hits);
	const char *key = NULL;
	size_t check = 0;
	int rc = hits != NULL ? pb_suppose_findings(&r->result, s->value, words[s->kind], hits, &check, &key, err)
	                      : PB_ENOMEM;

	if (rc == PB_OK)
		rc = s->kind == PB_SUPPOSE_FIX ? fix(r, hits, check, key, told) : waive(r, s->value, hits, told, err);
	free(hits);
	return rc;
}

int pb_suppose(pb_reread *r, const json_t *report, const pb_supposed *s, const pb_evidence_name *names, json_t *asked,
               pb_error *err)
{
	json_t *told = NULL;
	int rc = PB_OK;

	switch (s->kind) {
	case PB_SUPPOSE_POLICY:
		rc = policy(r, s, &told, err);
		break;
	case PB_SUPPOSE_AS_OF:
		rc = as_of(r, report, s->value, &told, err);
		break;
	case PB_SUPPOSE_EVIDENCE:
		rc = pb_suppose_evidence(r, s->value, names, &told, err);
		break;
	case PB_SUPPOSE_FIX:
	case PB_SUPPOSE_WAIVE:
	default:
		rc = of_findings(r, s, &told, err);
		break;
	}
	if (rc == PB_OK &&
	    (json_object_set_new(told, "kind", json_string(words[s->kind])) != 0 ||
	     json_object_set_new(told, "value", pb_build_string(s->value)) != 0 || json_array_append(asked, told) != 0))
		rc = PB_ENOMEM;
	json_decref(told);
	return rc == PB_ENOMEM ? pb_fail(err, rc, "out of memory") : rc;
}
