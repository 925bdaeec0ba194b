/* Findings with their evidence, worst first; limits, each told once. The order depends on nothing but what they say. */
#include <string.h>

#include "report/build.h"

static const json_t *item(const void *element)
{
	return *(json_t *const *)element;
}

static int by_text(const json_t *a, const json_t *b, const char *key)
{
	return strcmp(pb_json_str(a, key, ""), pb_json_str(b, key, ""));
}

static int by_number(const json_t *a, const json_t *b, const char *key)
{
	int64_t x = pb_json_int(a, key, 0), y = pb_json_int(b, key, 0);

	return (x > y) - (x < y);
}

/* One record. offset -1 and length 0: the object as a whole is the evidence. */
static json_t *one_evidence(const json_t *e)
{
	const json_t *path = json_object_get(e, "path");

	return json_pack("{s:o,s:o,s:I,s:I,s:o}", "path", json_is_array(path) ? pb_build_inert(path) : json_array(),
	                 "sha256", pb_build_string(pb_json_str(e, "sha256", "")), "offset",
	                 (json_int_t)pb_json_int(e, "offset", -1), "length", (json_int_t)pb_json_int(e, "length", 0),
	                 "excerpt", pb_build_string(pb_json_str(e, "excerpt", "")));
}

/* In the order that reduce gave: the places that count in full first, so that a finding's first evidence is its best. */
static json_t *evidence(const json_t *records)
{
	json_t *out = json_array();
	size_t i;
	json_t *e;

	json_array_foreach(records, i, e) {
		if (json_array_append_new(out, one_evidence(e)) != 0) {
			json_decref(out);
			return NULL;
		}
	}
	return out;
}

static json_t *one_finding(const pb_build *b, const pb_finding *f)
{
	json_t *waived = f->waived != NULL ? pb_build_string(f->waived) : json_null();
	int64_t places = (int64_t)json_array_size(f->evidence);

	if (places < f->places)
		places = f->places; /* only the first few are kept */
	return json_pack("{s:o,s:o,s:o,s:i,s:s,s:o,s:o,s:o,s:o,s:o,s:I}", "check",
	                 pb_build_string(b->result->checks[f->check].id), "finding", pb_build_string(f->name), "key",
	                 pb_build_string(f->key), "kappa", f->kappa, "severity",
	                 pb_severity_name(pb_build_finding_severity(b, f)), "says", pb_build_string(f->says),
	                 "remediation", pb_build_string(f->remediation), "waived", waived, "maps",
	                 pb_build_strings(f->maps), "evidence", evidence(f->evidence), "places", (json_int_t)places);
}

static int finding_order(const void *left, const void *right)
{
	const json_t *a = item(left), *b = item(right);
	int order = pb_severity_of(pb_json_str(b, "severity", "")) - pb_severity_of(pb_json_str(a, "severity", ""));

	order = order != 0 ? order : by_number(b, a, "kappa");
	order = order != 0 ? order : by_text(a, b, "check");
	order = order != 0 ? order : by_text(a, b, "key");
	order = order != 0 ? order : by_text(a, b, "finding");
	return order != 0 ? order : pb_build_text_order(a, b);
}

json_t *pb_build_findings(const pb_build *b, pb_error *err)
{
	json_t *out = json_array();

	(void)err;
	for (size_t i = 0; i < b->result->n_findings; i++) {
		if (json_array_append_new(out, one_finding(b, &b->result->findings[i])) != 0) {
			json_decref(out);
			return NULL;
		}
	}
	return pb_build_sorted(out, finding_order);
}

static int limit_order(const void *left, const void *right)
{
	const json_t *a = item(left), *b = item(right);
	int order = pb_build_path_order(json_object_get(a, "path"), json_object_get(b, "path"));

	return order != 0 ? order : by_text(a, b, "why");
}

static json_t *one_limit(const json_t *l)
{
	const json_t *path = json_object_get(l, "path");
	int64_t count = pb_json_int(l, "count", 1);

	return json_pack("{s:o,s:o,s:I}", "path", json_is_array(path) ? pb_build_inert(path) : json_array(), "why",
	                 pb_build_string(pb_json_str(l, "why", "")), "count", (json_int_t)(count > 0 ? count : 1));
}

/* Neighbours of a sorted list that say the same become one with a count; a count of 1 goes without saying. */
static json_t *merged(json_t *sorted)
{
	json_t *out = sorted != NULL ? json_array() : NULL;
	size_t n = json_array_size(sorted);

	for (size_t i = 0; out != NULL && i < n;) {
		json_t *first = json_array_get(sorted, i);
		int64_t count = 0;
		int rc;

		for (; i < n && limit_order(&(json_t *){json_array_get(sorted, i)}, &first) == 0; i++) {
			int64_t more = pb_json_int(json_array_get(sorted, i), "count", 1);

			count = count > INT64_MAX - more ? INT64_MAX : count + more;
		}
		rc = count > 1 ? json_object_set_new(first, "count", json_integer(count))
		               : json_object_del(first, "count");
		if (rc != 0 || json_array_append(out, first) != 0) {
			json_decref(out);
			out = NULL;
		}
	}
	json_decref(sorted);
	return out;
}

json_t *pb_build_limits(const pb_build *b, pb_error *err)
{
	json_t *out = json_array();
	size_t i;
	json_t *l;

	(void)err;
	json_array_foreach(json_object_get(b->result->document, "limits"), i, l) {
		if (json_array_append_new(out, one_limit(l)) != 0) {
			json_decref(out);
			return NULL;
		}
	}
	return merged(pb_build_sorted(out, limit_order));
}
