/* What a policy demands and nothing serves. */
#include <stdio.h>
#include <string.h>

#include "cli/evidence.h"

enum { TEXT = 600 };

static bool by_word(const pb_required *r, const json_t *check)
{
	int reliability = pb_reliability_of(pb_json_str(check, "reliability", ""));

	return reliability >= 0 && pb_required_by(r, (pb_reliability)reliability);
}

/* By the product's assessment: did a check of one of these rows pass, having looked at something, by means good enough (failed: fail)?
 * why: of one that did not. */
static bool check_says(const json_t *result, const char (*rows)[8], size_t n, const char *status, const pb_required *by, const char **why)
{
	const json_t *check;
	size_t i;

	json_array_foreach (json_object_get(result, "checks"), i, check)
		for (size_t k = 0; k < n; k++) {
			if (strcmp(pb_json_str(check, "catalogue", ""), rows[k]) != 0)
				continue;
			if (strcmp(pb_json_str(check, "status", ""), status) == 0 &&
			    (!by || (pb_json_int(check, "coverage", 0) > 0 && by_word(by, check))))
				return true;
			if (why && !*why && *pb_json_str(check, "reason", ""))
				*why = pb_json_str(check, "reason", "");
		}
	return false;
}

/* The first form that serves one of the rows; NULL: no document of a form of its own does. */
static const pb_form *form_for(const pb_required *r, size_t *at)
{
	for (; *at < pb_forms_count; ++*at)
		for (size_t k = 0; k < r->n_catalogue; k++)
			if (pb_forms[*at].file && pb_form_serves(&pb_forms[*at], r->catalogue[k]))
				return &pb_forms[(*at)++];
	return NULL;
}

/* Without the product: is there a document of such a kind with nothing wrong? */
static bool served(const json_t *documents, const pb_required *r)
{
	const json_t *d;
	size_t i;

	json_array_foreach (documents, i, d) {
		const pb_form *f = pb_form_of(pb_json_str(d, "kind", ""));

		for (size_t k = 0; f && k < r->n_catalogue; k++)
			if (pb_form_serves(f, r->catalogue[k]) && strcmp(pb_json_str(d, "state", ""), "read") == 0 &&
			    json_array_size(json_object_get(d, "wrong")) == 0)
				return true;
	}
	return false;
}

static void advise(const pb_required *r, char out[TEXT])
{
	const pb_form *f;
	size_t at = 0, n = 0;

	out[0] = '\0';
	while ((f = form_for(r, &at)) != NULL && n < TEXT)
		n += (size_t)snprintf(out + n, TEXT - n, *f->role ? "%s%s (role %s)" : "%s%s%s", n ? ", or " : "hand in ", f->file, f->role);
	if (!*out)
		snprintf(out, TEXT, "sign the product's own file: minisign -S, gpg --detach-sign, or in its format (debsig, rpmsign); hand the signature in beside it");
}

static json_t *rows_of(const pb_required *r)
{
	json_t *rows = json_array();

	for (size_t k = 0; rows && k < r->n_catalogue; k++)
		json_array_append_new(rows, json_string(r->catalogue[k]));
	return rows;
}

static bool add(json_t *list, const pb_required *r, const char *says)
{
	char does[TEXT];

	advise(r, does);
	return json_array_append_new(list, json_pack("{s:s,s:s,s:o,s:s,s:s}", "id", r->id, "title", r->title, "rows", rows_of(r), "says", says, "do", does)) == 0;
}

bool pb_evidence_missing(const pb_evidence_options *o, const pb_evidence_asked *a, json_t *out)
{
	json_t *missing = json_object_get(out, "missing"), *unjudged = json_object_get(out, "unjudged");
	bool ok = true;

	for (size_t i = 0; ok && i < o->policy->n_required; i++) {
		const pb_required *r = &o->policy->required[i];
		const char *why = "";
		const char *const of_product = "only with the product it can be told whether this is there: --product FILE";
		size_t at = 0;

		if (a->result) {
			if ((r->n_only_if && !check_says(a->result, (const char(*)[8])r->only_if, r->n_only_if, "fail", NULL, NULL)) ||
			    check_says(a->result, (const char(*)[8])r->catalogue, r->n_catalogue, "pass", r, &why))
				continue;
			ok = add(missing, r, *why ? why : r->has_least ? "no check of these rows passed by a word that the policy takes" :
			                                              "no check of these rows passed");
		} else if (served(json_object_get(out, "documents"), r))
			continue;
		else if (r->n_only_if || !form_for(r, &at))
			ok = add(unjudged, r, of_product);
		else
			ok = add(missing, r, "no document that counts serves it");
	}
	return ok;
}
