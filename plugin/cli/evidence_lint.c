/* A dossier judged document by document. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "cli/evidence.h"
#include "findings/age.h"
#include "findings/evidence.h"
#include "worker/supplied_worth.h"

enum { SAYS = 1200 };

bool pb_evidence_row(json_t *list, const char *what, const char *does, const char *fmt, ...)
{
	char says[SAYS];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(says, sizeof says, fmt, ap);
	va_end(ap);
	/* what was cut may have been cut within a character: the last one goes */
	size_t n = strlen(says);
	if (n == sizeof says - 1) {
		while (n > 0 && ((unsigned char)says[n - 1] & 0xc0) == 0x80)
			n--;
		says[n > 0 ? n - 1 : 0] = '\0';
	}
	json_t *text = json_string(says);
	return json_array_append_new(list, json_pack("{s:s,s:o,s:s}", "what", what, "says", text ? text : json_string("?"), "do", does)) == 0;
}

/* One document under judgement. */
typedef struct judging {
	const pb_evidence_options *o;
	const pb_evidence_asked *a;
	const json_t *document;
	const pb_form *form;  /* of its kind; NULL: none */
	const json_t *row;    /* of the product result; NULL: it was not assessed */
	const char *about, *signer, *role;
	int fresh;
	json_t *wrong, *notes;
} judging;

static const char *text_of(const judging *j, const char *key)
{
	return pb_json_str(j->document, key, "");
}

static const json_t *row_of(const json_t *rows, const json_t *document)
{
	const json_t *row;
	size_t i;

	json_array_foreach (rows, i, row)
		if (!strcmp(pb_json_str(row, "name", ""), pb_json_str(document, "name", "")) &&
		    !strcmp(pb_json_str(row, "sha256", ""), pb_json_str(document, "sha256", "")))
			return row;
	return NULL;
}

/* Without a product every root may speak of it. */
static void any_signer(judging *j)
{
	const json_t *s;
	size_t i;

	json_array_foreach (json_object_get(j->document, "signatures"), i, s)
		if (!j->signer && json_is_true(json_object_get(s, "verified")) && *pb_json_str(s, "root", "")) {
			j->signer = pb_json_str(s, "root", "");
			j->role = pb_json_str(s, "role", "");
		}
}

static void weigh(judging *j)
{
	json_t *none = json_object();
	pb_supplied_product p = {.product = j->a->product ? j->a->product : none, .digests = json_object_get(j->a->evidence, "product"),
	                         .file = pb_json_str(j->a->product, "name", ""), .objects = none};
	int64_t object;
	bool matched;

	j->about = j->row ? pb_json_str(j->row, "about", "none") : j->a->product ? pb_supplied_about(&p, j->document, &object) : "none";
	if (j->a->product)
		(void)pb_supplied_reliability(&p, j->document, &j->signer, &j->role);
	else
		any_signer(j);
	matched = !j->a->product || strcmp(j->about, "product") == 0 || strcmp(j->about, "object") == 0;
	j->fresh = j->row ? (int)pb_json_int(j->row, "freshness", 0)
	                  : pb_age_of(text_of(j, "kind"), text_of(j, "issued"), text_of(j, "expires"),
	                              pb_json_str(json_object_get(j->document, "content"), "period_end", ""), matched, j->o->as_of);
	json_decref(none);
}

/* Signatures that are there and do not hold, and those that hold by nobody known. */
static bool judge_signature_rows(judging *j)
{
	bool nobody = json_array_size(json_object_get(j->a->evidence, "roots")) == 0, ok = true;
	const json_t *s;
	size_t i;

	json_array_foreach (json_object_get(j->document, "signatures"), i, s) {
		const char *why = pb_json_str(s, "why", ""), *root = pb_json_str(s, "root", "");

		if (json_is_true(json_object_get(s, "verified")) && *root)
			continue;
		ok = ok && (nobody ? pb_evidence_row(j->notes, "signature", "add a trust root (`probity trust add`), or name a folder of them with --trust",
		                                     "a %s signature by the key %s: no trust root to hold it against", pb_json_str(s, "method", ""),
		                                     pb_json_str(s, "key", ""))
		                   : pb_evidence_row(*root ? j->wrong : j->notes, "signature", *root ? "sign it again, as it is now" : "sign it by a key that has a trust root",
		                                     "the %s signature by the key %s does not count: %s", pb_json_str(s, "method", ""),
		                                     pb_json_str(s, "key", ""), *why ? why : "no trust root names that key"));
	}
	return ok;
}

static bool has_role(const judging *j, const char *role)
{
	const json_t *s;
	size_t i;

	json_array_foreach (json_object_get(j->document, "signatures"), i, s)
		if (json_is_true(json_object_get(s, "verified")) && strcmp(pb_json_str(s, "role", ""), role) == 0)
			return true;
	return false;
}

static bool judge_signature(judging *j)
{
	const char *role = j->form ? j->form->role : "";
	bool any = json_array_size(json_object_get(j->document, "signatures")) > 0;
	bool nobody = json_array_size(json_object_get(j->a->evidence, "roots")) == 0, ok = judge_signature_rows(j);

	if (j->signer && j->form && j->form->strict && !has_role(j, role))
		return ok && pb_evidence_row(j->wrong, "role", "have it signed by a key whose trust root has that role",
		                             "signed by %s, whose role is %s: it counts from the role %s only", j->signer, j->role, role);
	if (j->signer || (any && nobody) || !j->form)
		return ok;
	if (!*role)
		return ok && (strcmp(text_of(j, "kind"), "security-txt") != 0 || any ||
		              pb_evidence_row(j->notes, "unsigned", "gpg --clearsign security.txt", "nobody signed it: it counts as self-declared"));
	return ok && pb_evidence_row(j->wrong, "unsigned", "sign it: minisign -S -s KEY -m FILE, or gpg --armor --detach-sign FILE",
	                             any ? "signed by nobody whose word counts for this product; wanted is the role %s"
	                                 : "nobody signed it; wanted is the role %s",
	                             role);
}

static bool judge_age(judging *j)
{
	const char *expires = text_of(j, "expires"), *issued = text_of(j, "issued");

	if (!j->form || j->fresh > 0)
		return true;
	if (!*expires && strcmp(text_of(j, "kind"), "security-txt") == 0)
		return pb_evidence_row(j->wrong, "stale", "add Expires: a day at most a year ahead", "it does not say until when it holds");
	return pb_evidence_row(j->wrong, "stale", "issue a new one, dated and signed anew",
	                       *expires  ? "it does not count on this day: issued %s, expires %s"
	                       : *issued ? "it does not count on this day: issued %s%s"
	                                 : "it does not count on this day, and has no date%s%s",
	                       *issued ? issued : *expires ? "on no stated day" : "", expires);
}

static bool judge_content(judging *j)
{
	const json_t *problem;
	char where[300];
	size_t i;
	bool ok = true;

	if (strcmp(text_of(j, "kind"), "security-txt") == 0)
		json_array_foreach (json_object_get(json_object_get(j->document, "content"), "problems"), i, problem)
			ok = ok && pb_evidence_row(j->wrong, "incomplete", "RFC 9116 says what is wanted", "%s", json_string_value(problem));
	if (ok && pb_form_unfilled(j->document, where, sizeof where))
		ok = pb_evidence_row(j->wrong, "unfilled", "fill it in, or take it out where it may be left out", "%s still says \"" PB_FORM_BLANK "\"", where);
	if (ok && strcmp(j->about, "other") == 0 && j->form && strcmp(text_of(j, "kind"), "vex") != 0 && strcmp(text_of(j, "kind"), "advisories") != 0)
		ok = pb_evidence_row(j->wrong, "other", "state the digest of the file that you hand in, or hand in that file",
		                     "it speaks of other bytes than the product's (%.16s...)", pb_json_str(j->a->product, "sha256", ""));
	return ok;
}

/* What checks made of it. */
static bool judge_claims(judging *j)
{
	const json_t *row;
	size_t i;
	bool ok = true;

	json_array_foreach (json_object_get(j->a->result, "statements"), i, row) {
		const char *status = pb_json_str(row, "status", "");
		bool bad = strcmp(status, "contradicts") == 0;

		if (strcmp(pb_json_str(row, "document", ""), text_of(j, "name")) != 0 ||
		    strcmp(pb_json_str(row, "sha256", ""), text_of(j, "sha256")) != 0)
			continue;
		if (bad || strcmp(status, "none") == 0)
			ok = ok && pb_evidence_row(bad ? j->wrong : j->notes, bad ? "contradicted" : "claim", bad ? "correct the statement, or the product" : "",
			                           bad ? "\"%s\" is contradicted: %s (%s)" : "\"%s\" is not borne out: %s (%s)", pb_json_str(row, "claim", ""),
			                           pb_json_str(row, "why", ""), pb_json_str(row, "check", ""));
	}
	json_array_foreach (json_object_get(j->a->result, "findings"), i, row) {
		const json_t *record = json_array_get(json_object_get(row, "evidence"), 0), *path = json_object_get(record, "path");
		const char *first = json_string_value(json_array_get(path, 0)), *name = json_string_value(json_array_get(path, 1));

		if (first && name && strcmp(first, PB_EVIDENCE_ROOT) == 0 && strcmp(name, text_of(j, "name")) == 0)
			ok = ok && pb_evidence_row(j->wrong, "finding", pb_json_str(row, "remediation", ""), "%s (%s)", pb_json_str(row, "says", ""),
			                           pb_json_str(row, "check", ""));
	}
	return ok;
}

static bool judge_document(judging *j)
{
	const char *state = text_of(j, "state"), *why = text_of(j, "why");

	if (strcmp(state, "refused") == 0)
		return pb_evidence_row(j->wrong, strstr(why, "YYYY") || strstr(why, PB_FORM_BLANK) || strstr(why, PB_FORM_BLANK_WORD) ? "unfilled" : "refused",
		                       "mend what is named", "%s", *why ? why : "it cannot be read");
	if (strcmp(state, "read") != 0)
		return pb_evidence_row(j->notes, "unknown", "where it is meant as evidence, hand it in in a format that Probity reads", "nobody here knows this format%s%s",
		                       *why ? ": " : "", why);
	weigh(j);
	return judge_signature(j) && judge_age(j) && judge_content(j) && judge_claims(j);
}

static bool add_document(const pb_evidence_options *o, const pb_evidence_asked *a, const json_t *document, json_t *list, bool *fine)
{
	judging j = {.o = o, .a = a, .document = document, .form = pb_form_of(pb_json_str(document, "kind", "")), .about = "none",
	             .row = row_of(json_object_get(a->result, "evidence"), document), .wrong = json_array(), .notes = json_array()};
	const char *kind = pb_json_str(document, "kind", "");
	bool ok = j.wrong && j.notes && judge_document(&j);

	*fine = *fine && json_array_size(j.wrong) == 0;
	/* what only signs other documents is told with them; the collector's record is of the others, and nobody is to sign it */
	if (ok && json_array_size(j.wrong) == 0 &&
	    (strcmp(kind, "signature") == 0 || strcmp(kind, "key") == 0 || strcmp(kind, "collected") == 0)) {
		json_decref(j.wrong);
		json_decref(j.notes);
		return true;
	}
	return json_array_append_new(list, json_pack("{s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:i,s:o,s:o}", "name", pb_json_str(document, "name", ""), "sha256",
	                                             pb_json_str(document, "sha256", ""), "kind", kind, "format", pb_json_str(document, "format", ""),
	                                             "state", pb_json_str(document, "state", ""), "signer", j.signer ? j.signer : "", "role",
	                                             j.role ? j.role : "", "freshness", j.fresh, "wrong", j.wrong, "notes", j.notes)) == 0 &&
	       ok;
}

json_t *pb_evidence_lint(const pb_evidence_options *o, const pb_evidence_asked *a)
{
	json_t *out = json_pack("{s:s,s:[],s:[],s:[],s:O}", "schema", "probity-lint/1", "documents", "missing", "unjudged", "problems",
	                        json_object_get(a->evidence, "problems"));
	const json_t *document;
	bool ok = out != NULL, fine = json_array_size(json_object_get(a->evidence, "problems")) == 0;
	size_t i;

	json_array_foreach (json_object_get(a->evidence, "documents"), i, document)
		ok = ok && add_document(o, a, document, json_object_get(out, "documents"), &fine);
	ok = ok && (!o->policy || pb_evidence_missing(o, a, out));
	fine = fine && json_array_size(json_object_get(out, "missing")) == 0;
	if (ok && json_object_set_new(out, "fine", json_boolean(fine)) == 0)
		return out;
	json_decref(out);
	return NULL;
}
