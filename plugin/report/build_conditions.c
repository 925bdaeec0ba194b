/* What would make it ACCEPT, in sentences: the score gives the steps, the checks and the policy give the words. */
#include <string.h>

#include "base/buf.h"
#include "report/build.h"

/* The finding of a check that weighs most: what there is to mend first. NULL where it has none. */
static const pb_finding *worst(const pb_build *b, size_t check)
{
	const pb_finding *best = NULL;

	for (size_t i = 0; i < b->result->n_findings; i++) {
		const pb_finding *f = &b->result->findings[i];

		if (f->check != check)
			continue;
		if (best == NULL || f->severity > best->severity ||
		    (f->severity == best->severity &&
		     (f->kappa > best->kappa ||
		      (f->kappa == best->kappa && strcmp(f->remediation, best->remediation) < 0))))
			best = f;
	}
	return best;
}

static int fix_words(const pb_build *b, size_t check, pb_buf *out)
{
	const pb_finding *f = worst(b, check);
	const char *how = f != NULL && f->remediation != NULL ? f->remediation : "";

	return pb_buf_printf(out, "Fix \"%s\"%s%s", pb_build_title(&b->result->checks[check]),
	                     how[0] != '\0' ? ": " : "", how);
}

static int examine_words(const pb_build *b, size_t check, pb_buf *out)
{
	const pb_check_outcome *c = &b->result->checks[check];
	const char *reason = c->reason != NULL ? c->reason : "";
	int rc;

	if (c->status == PB_UNKNOWN)
		rc = pb_buf_printf(out, "Let \"%s\" be examined", pb_build_title(c));
	else if (c->coverage == 1000)
		rc = pb_buf_printf(out, "Supply newer evidence for \"%s\"", pb_build_title(c));
	else
		rc = pb_buf_printf(out, "Let \"%s\" be examined in full (%d.%d %% was)", pb_build_title(c),
		                   c->coverage / 10, c->coverage % 10);
	if (rc == PB_OK && reason[0] != '\0')
		rc = pb_buf_printf(out, ": %s", reason);
	return rc;
}

static int evidence_words(const pb_build *b, const char *id, pb_buf *out, pb_error *err)
{
	for (size_t i = 0; i < b->policy->n_required; i++) {
		const pb_required *r = &b->policy->required[i];

		if (strcmp(r->id, id) == 0)
			return pb_buf_printf(out, "Supply %s", r->title[0] != '\0' ? r->title : r->id);
	}
	return pb_fail(err, PB_EINTERNAL, "a condition names the unknown evidence \"%s\"", id);
}

static int renew_words(const pb_build *b, pb_buf *out)
{
	int64_t days = b->how->as_of > b->how->assessed ? b->how->as_of - b->how->assessed : 0;

	return pb_buf_printf(out, "Assess it again: the assessment is %lld day%s old", (long long)days,
	                     days == 1 ? "" : "s");
}

static int words(const pb_build *b, const pb_condition *c, pb_buf *out, pb_error *err)
{
	size_t check = 0;

	if (c->kind == PB_EVIDENCE)
		return evidence_words(b, c->what, out, err);
	if (c->kind == PB_RENEW)
		return renew_words(b, out);
	while (check < b->result->n_checks && strcmp(b->result->checks[check].id, c->what) != 0)
		check++;
	if (check == b->result->n_checks)
		return pb_fail(err, PB_EINTERNAL, "a condition names the unknown check \"%s\"", c->what);
	return c->kind == PB_FIX ? fix_words(b, check, out) : examine_words(b, check, out);
}

static json_t *one_condition(const pb_build *b, const pb_condition *c, pb_error *err)
{
	pb_buf says = {0};
	json_t *out = NULL;

	if (words(b, c, &says, err) == PB_OK)
		out = json_pack("{s:s,s:o,s:o,s:i,s:i,s:i}", "kind", pb_condition_kind_name(c->kind), "what",
		                pb_build_string(c->what), "says", pb_build_string((const char *)says.data),
		                "trust_tenths", c->trust_tenths, "floor_tenths", c->floor_tenths, "confidence_permille",
		                c->confidence_permille);
	pb_buf_free(&says);
	return out;
}

json_t *pb_build_conditions(const pb_build *b, pb_error *err)
{
	json_t *out = json_array();

	for (size_t i = 0; i < b->score->n_conditions; i++) {
		if (json_array_append_new(out, one_condition(b, &b->score->conditions[i], err)) != 0) {
			json_decref(out);
			return NULL;
		}
	}
	return out;
}
