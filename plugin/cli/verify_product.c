/* A report held against its product: assessed once more by the same means, and compared field by field. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/fs.h"
#include "cli/cli.h"
#include "cli/verify.h"
#include "keeper/judge.h"
#include "report/differ.h"
#include "report/reread.h"

static int on_record(void *user, const json_t *record)
{
	pb_verifying *v = user;
	char *path = pb_json_canonical(json_object_get(record, "path"));
	int rc = path ? json_object_set_new(v->objects, path, json_string(pb_json_str(record, "sha256", ""))) : PB_ENOMEM;

	free(path);
	return rc ? PB_ENOMEM : 0;
}

/* Nothing comes from the cache: what was kept is what is to be verified. */
static int open_assessor(pb_verifying *v, pb_error *err)
{
	pb_assessor_options options = {.database = v->database, .without_cache = true, .traced = on_record, .user = v, .interrupted = &pb_interrupted};
	int rc;

	if (v->opened)
		return 0;
	pb_rule_options_into(&v->rules, &options);
	rc = pb_assessor_open(&options, &v->assessor, err);
	v->opened = !rc;
	return rc;
}

/* Trust roots alone judge the signatures in the product, where they did so for the report; documents that are handed in are always read. */
static int hand_in(pb_verifying *v, const json_t *report, pb_error *err)
{
	const bool roots = json_object_get(json_object_get(report, "assessment"), "trust_digest") &&
	                   json_array_size(json_object_get(report, "evidence")) + json_array_size(json_object_get(report, "waivers")) == 0;
	int rc = 0;

	if (v->handed_in.n_evidence + v->handed_in.n_waivers == 0 && !roots) {
		v->assessor.dossier = NULL;
		return 0;
	}
	if (!v->dossier)
		rc = pb_dossier_open(&v->handed_in, &v->dossier, err);
	v->assessor.dossier = v->dossier;
	return rc;
}

/* by: the policy; NULL: none can be had. Bytes without a name have the one that a host gave them. */
static int assess(pb_verifying *v, const json_t *report, int64_t as_of, const pb_policy *by, pb_error *err)
{
	json_t *regions = NULL;
	const char *streamed = pb_verify_streamed(report);
	int rc = open_assessor(v, err);

	rc = rc ? rc : hand_in(v, report, err);
	const char *called = v->called ? v->called : streamed && strlen(streamed) < sizeof v->as_called ? streamed : "";

	if (!rc && by && pb_policy_regions(by, &regions))
		rc = pb_fail(err, PB_ENOMEM, "out of memory");
	if (rc || (v->document && v->as_of == as_of && v->judged_by == v->assessor.dossier && (v->called || strcmp(called, v->as_called) == 0) &&
	           (regions == v->regions || json_equal(regions, v->regions)))) {
		json_decref(regions);
		return rc;
	}
	snprintf(v->as_called, sizeof v->as_called, "%s", called);
	json_decref(v->regions);
	v->assessor.regions = v->regions = regions;
	json_decref(v->document);
	json_decref(v->objects);
	v->document = NULL;
	v->objects = json_object();
	v->as_of = v->assessor.as_of = as_of;
	v->judged_by = v->assessor.dossier;
	v->assessor.called = *called ? called : NULL;
	return v->objects ? pb_assess(&v->assessor, v->product, &v->document, err) : pb_fail(err, PB_ENOMEM, "out of memory");
}

/* The policy's own file: what it says must be what the report says of it. A name in a report never leads to a file elsewhere. */
static int load_policy(const pb_verifying *v, const json_t *report, pb_policy *out, json_t *problems)
{
	const json_t *named = json_object_get(json_object_get(json_object_get(report, "assessment"), "policy"), "name");
	const char *name = v->policy_name ? v->policy_name : json_string_value(named);
	bool safe = name && (v->policy_name || (!strchr(name, '/') && !strstr(name, ".ini")));
	pb_error err = {0};
	char *data = pb_fs_data_dir(), says[900];
	int rc = !data ? PB_ENOMEM : !safe ? PB_EINPUT : pb_policy_load(name, data, out, &err);

	free(data);
	if (!rc || rc == PB_ENOMEM)
		return rc;
	snprintf(says, sizeof says, "the policy's file is needed to hold the report against it: name it with --policy FILE%s%s", *err.text ? "; " : "", err.text);
	return pb_verify_problem(problems, "circumstance", "assessment.policy.name", named, NULL, says) ? PB_ENOMEM : PB_EINPUT;
}

/* The report of today's look, as of the day of the report. NULL with err. */
static json_t *fresh_report(pb_verifying *v, const pb_policy *policy, pb_error *err)
{
	const json_t *about = pb_template_about(v->assessor.keeper.rules);
	pb_judge by = {.policy = policy, .as_of = v->as_of, .clamav = v->assessor.clamav, .yara = v->assessor.yara, .lua = v->assessor.lua,
	               .rules_digest = v->assessor.rules_digest, .database = v->assessor.database, .trust_digest = v->assessor.dossier ? v->assessor.dossier->trust : NULL, .box = json_object_get(about, "box"),
	               .rule_sets = json_object_get(about, "rule_sets"), .packs = json_object_get(about, "packs")};
	pb_judgement judgement = {0};

	return pb_judge_product(&by, v->document, &judgement, err) ? NULL : judgement.report;
}

typedef struct held {
	json_t *out;
	bool other; /* other rules, versions or database, or limits of a host: what follows from them is told once */
	bool hosted; /* the report names no database */
	bool limited;
	int64_t explained;
	int rc;
} held;

static bool is_database(const char *field)
{
	static const char start[] = "assessment.engine.clamav_db";

	return strncmp(field, start, sizeof start - 1) == 0;
}

static bool is_circumstance(const char *field)
{
	return strncmp(field, "assessment.", 11) == 0;
}

static void find_circumstances(void *user, const char *field, const json_t *said, const json_t *found)
{
	held *h = user;

	if (h->rc || !is_circumstance(field) || (h->hosted && is_database(field)) || json_equal(said, found) || pb_verify_told(h->out, field))
		return;
	h->other = true;
	h->rc = pb_verify_problem(h->out, "circumstance", field, said, found, "here it is another");
}

static void find_differences(void *user, const char *field, const json_t *said, const json_t *found)
{
	held *h = user;
	/* What a host left out may also be what says which product it is; never whose bytes these are. */
	bool of_product = h->limited ? !strcmp(field, "product.sha256") || !strcmp(field, "product.size") : strncmp(field, "product.", 8) == 0;

	if (h->rc || is_circumstance(field) || json_equal(said, found) || pb_verify_told(h->out, field))
		return;
	if (h->other && !of_product)
		h->explained++;
	else
		h->rc = pb_verify_problem(h->out, "product", field, said, found,
		                          !found  ? "the product, assessed once more, shows no such thing"
		                          : !said ? "the product, assessed once more, shows it; the report does not"
		                                  : "the product, assessed once more, shows something else");
}

/* Whether it is about these bytes at all comes before all else. */
static void find_identity(void *user, const char *field, const json_t *said, const json_t *found)
{
	if (strncmp(field, "product.", 8) == 0)
		find_differences(user, field, said, found);
}

static const char *text_of(const json_t *o, const char *key)
{
	return pb_json_str(o, key, "");
}

static const json_t *same_finding(const json_t *fresh, const json_t *f)
{
	const json_t *g;
	size_t i;

	json_array_foreach (json_object_get(fresh, "findings"), i, g)
		if (!strcmp(text_of(g, "check"), text_of(f, "check")) && !strcmp(text_of(g, "finding"), text_of(f, "finding")) &&
		    !strcmp(text_of(g, "key"), text_of(f, "key")))
			return g;
	return NULL;
}

static bool has_record(const json_t *finding, const json_t *record)
{
	const json_t *e;
	size_t i;

	json_array_foreach (json_object_get(finding, "evidence"), i, e)
		if (json_equal(e, record))
			return true;
	return false;
}

/* Why a record that was not found again does not hold; "": the object is as stated, and only what the finding says of it cannot be shown by other rules. */
static const char *why_not(const pb_verifying *v, const json_t *record, bool other)
{
	char *path = pb_json_canonical(json_object_get(record, "path"));
	const json_t *sha256 = path ? json_object_get(v->objects, path) : NULL;

	free(path);
	if (!sha256)
		return "the product has no object at this path";
	if (strcmp(json_string_value(sha256), text_of(record, "sha256")) != 0)
		return "the object at this path has other bytes";
	return other ? "" : "the object is as stated, but offset, length or excerpt are not those found in it";
}

static int one_record(const pb_verifying *v, held *h, const json_t *f, const json_t *again, size_t n, const json_t *record, json_t *rows)
{
	bool same = has_record(again, record);
	const char *why = same ? "" : why_not(v, record, h->other);
	bool object = !same && !*why;
	char *field = NULL;
	int rc = asprintf(&field, "findings[%s, %s, %s].evidence[%zu]", text_of(f, "check"), text_of(f, "finding"), text_of(f, "key"), n) < 0 ? PB_ENOMEM : 0;

	if (!rc && !same && !object)
		rc = pb_verify_problem(h->out, "evidence", field, record, NULL, why);
	if (!rc && json_array_append_new(rows, json_pack("{s:s,s:s,s:i,s:O?,s:b,s:s}", "check", text_of(f, "check"), "finding", field, "record", (int)n,
	                                                "path", json_object_get(record, "path"), "holds", same || object, "why",
	                                                object ? "path and sha256 hold; the excerpt was not derived again" : why)))
		rc = PB_ENOMEM;
	free(field);
	return rc;
}

static int evidence(const pb_verifying *v, held *h, const json_t *report, const json_t *fresh)
{
	json_t *rows = json_array(), *f, *record;
	size_t i, n, hold = 0;
	int rc = rows ? 0 : PB_ENOMEM;

	json_array_foreach (json_object_get(report, "findings"), i, f) {
		const json_t *again = same_finding(fresh, f);
		json_array_foreach (json_object_get(f, "evidence"), n, record)
			rc = rc ? rc : one_record(v, h, f, again, n, record, rows);
	}
	json_array_foreach (rows, i, f)
		hold += json_is_true(json_object_get(f, "holds"));
	if (!rc && json_object_set_new(h->out, "evidence", json_pack("{s:I,s:I,s:O}", "records", (json_int_t)json_array_size(rows), "hold", (json_int_t)hold,
	                                                            "rows", rows)))
		rc = PB_ENOMEM;
	json_decref(rows);
	return rc;
}

static int compare(const pb_verifying *v, const json_t *report, const json_t *fresh, json_t *out)
{
	held h = {.out = out, .hosted = pb_verify_hosted(report)};
	int rc = pb_verify_hosts_word(report, fresh, out, &h.limited);

	h.other = h.limited;
	rc = rc ? rc : pb_report_differ(report, fresh, find_circumstances, &h);

	rc = rc ? rc : pb_report_differ(report, fresh, find_identity, &h);
	rc = rc ? rc : pb_report_differ(report, fresh, find_differences, &h);
	rc = rc ? rc : h.rc;
	rc = rc ? rc : evidence(v, &h, report, fresh);
	if (!rc && h.explained)
		rc = json_object_set_new(out, "explained", json_integer(h.explained)) ? PB_ENOMEM : 0;
	return rc;
}

int pb_verify_product(pb_verifying *v, const json_t *report, json_t *out, pb_error *err)
{
	pb_reread *said = calloc(1, sizeof *said);
	pb_policy *policy = calloc(1, sizeof *policy);
	const pb_policy *by = policy;
	json_t *fresh = NULL;
	int64_t as_of = v->document ? v->as_of : pb_date_today();
	int rc = said && policy ? 0 : pb_fail(err, PB_ENOMEM, "out of memory");
	bool readable = !rc && !pb_report_read(report, said, NULL);

	/* A report that cannot be read whole is still held against what is found, as of its day where it has one. */
	if (readable)
		as_of = said->how.assessed;
	else
		(void)pb_date_parse(pb_json_str(json_object_get(report, "assessment"), "as_of", ""), &as_of);
	rc = rc ? rc : load_policy(v, report, policy, out);
	if (rc == PB_EINPUT && !err->code) { /* told; where the report can be read, its own policy has to do */
		by = readable ? &said->policy : NULL;
		rc = 0;
	}
	rc = rc ? rc : assess(v, report, as_of, by, err);
	if (!rc && by) {
		fresh = fresh_report(v, by, err);
		rc = fresh ? compare(v, report, fresh, out) : err->code ? err->code : PB_ENOMEM;
	}
	json_decref(fresh);
	if (said)
		pb_reread_free(said);
	free(said);
	free(policy);
	return rc;
}
