#include "cli/compare.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

typedef struct reports {
	const json_t *const *of;
	size_t n;
} reports;

static const json_t *at(const json_t *report, const char *part, const char *inner)
{
	const json_t *found = json_object_get(report, part);

	return inner ? json_object_get(found, inner) : found;
}

static const char *policy_digest(const json_t *r)
{
	return pb_json_str(at(r, "assessment", "policy"), "digest", "");
}

static const char *rules_digest(const json_t *r)
{
	return pb_json_str(at(r, "assessment", NULL), "rules_digest", "");
}

static const char *as_of(const json_t *r)
{
	return pb_json_str(at(r, "assessment", NULL), "as_of", "");
}

static const char *engine(const json_t *r)
{
	return pb_json_str(at(r, "assessment", "engine"), "probity", "");
}

static const char *database(const json_t *r)
{
	return pb_json_str(json_object_get(at(r, "assessment", "engine"), "clamav_db"), "digest", "");
}

/* A text of each report; NULL where all of them are equal. An empty digest equals nothing: it was not said. */
static json_t *differing(reports all, const char *(*text)(const json_t *), bool empty_differs)
{
	json_t *values = json_array();
	bool differ = false;

	for (size_t i = 0; i < all.n; i++) {
		differ |= strcmp(text(all.of[i]), text(all.of[0])) != 0 || (empty_differs && !*text(all.of[i]));
		json_array_append_new(values, json_string(text(all.of[i])));
	}
	if (differ)
		return values;
	json_decref(values);
	return NULL;
}

static void add_reason(json_t *out, reports all, const char *what, const char *(*text)(const json_t *))
{
	json_t *values = differing(all, text, true);

	if (values)
		json_array_append_new(out, json_pack("{s:s,s:o}", "what", what, "values", values));
}

json_t *pb_compare_why(const json_t *const *of, size_t n)
{
	json_t *out = json_array();

	add_reason(out, (reports){of, n}, "rules", rules_digest);
	add_reason(out, (reports){of, n}, "policy", policy_digest);
	return out;
}

static json_t *remarks(reports all)
{
	static const struct {
		const char *what, *(*text)(const json_t *);
	} kinds[] = {{"as-of", as_of}, {"engine", engine}, {"database", database}};
	json_t *out = json_array();

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		json_t *values = differing(all, kinds[i].text, false);

		if (values)
			json_array_append_new(out, json_string(kinds[i].what));
		json_decref(values);
	}
	return out;
}

static int rank(const char *severity)
{
	static const char *const order[] = {"info", "low", "medium", "high", "critical"};

	for (int i = 0; i < (int)(sizeof order / sizeof *order); i++)
		if (strcmp(order[i], severity) == 0)
			return i;
	return -1;
}

static void count(json_t *counts, const char *key)
{
	json_object_set_new(counts, key, json_integer(pb_json_int(counts, key, 0) + 1));
}

static json_t *severities(const json_t *report, int64_t *waived)
{
	json_t *out = json_pack("{s:i,s:i,s:i,s:i,s:i}", "critical", 0, "high", 0, "medium", 0, "low", 0, "info", 0);
	const json_t *f;
	size_t i;

	*waived = 0;
	json_array_foreach (at(report, "findings", NULL), i, f) {
		if (json_is_object(json_object_get(f, "waived")))
			++*waived;
		else if (rank(pb_json_str(f, "severity", "")) >= 0)
			count(out, pb_json_str(f, "severity", ""));
	}
	return out;
}

static int64_t unknown(const json_t *report)
{
	int64_t n = 0;
	const json_t *c;
	size_t i;

	json_array_foreach (at(report, "checks", NULL), i, c)
		n += strcmp(pb_json_str(c, "status", ""), "unknown") == 0;
	return n;
}

static void copy(json_t *to, const json_t *from, const char *const *keys)
{
	for (; *keys; keys++)
		if (json_object_get(from, *keys))
			json_object_set(to, *keys, json_object_get(from, *keys));
}

static json_t *product(const json_t *r)
{
	static const char *const of_product[] = {"name", "version", "kind", "sha256", "bytes", "objects", NULL};
	static const char *const of_score[] = {"decision", "trust_tenths", "floor_tenths", "confidence_permille", "cap", "valid_until", NULL};
	int64_t waived;
	json_t *found = severities(r, &waived);
	json_t *out = json_pack("{s:s,s:s,s:s,s:s,s:s,s:s,s:o,s:I,s:I,s:I,s:I}", "as_of", as_of(r), "policy", pb_json_str(at(r, "assessment", "policy"), "name", ""),
	                        "policy_digest", policy_digest(r), "rules_digest", rules_digest(r), "probity", engine(r), "clamav",
	                        pb_json_str(at(r, "assessment", "engine"), "clamav", ""), "findings", found, "waived", (json_int_t)waived, "unknown",
	                        (json_int_t)unknown(r), "limits", (json_int_t)json_array_size(at(r, "limits", NULL)), "conditions",
	                        (json_int_t)json_array_size(at(r, "score", "conditions")));

	copy(out, at(r, "product", NULL), of_product);
	copy(out, at(r, "score", NULL), of_score);
	return out;
}

/* Takes values. */
static void set_values(json_t *row, json_t *values)
{
	bool differs = false;

	for (size_t i = 1; i < json_array_size(values); i++)
		differs |= !json_equal(json_array_get(values, 0), json_array_get(values, i));
	json_object_set_new(row, "differs", json_boolean(differs));
	json_object_set_new(row, "values", values);
}

static json_t *pillars(reports all)
{
	static const char *const names[] = {"integrity", "data-care", "verification", "culture"};
	json_t *out = json_array();

	for (size_t k = 0; k < sizeof names / sizeof *names; k++) {
		json_t *row = json_pack("{s:s}", "pillar", names[k]), *values = json_array();

		for (size_t i = 0; i < all.n; i++) {
			json_t *v = json_object_get(at(all.of[i], "pillars", NULL), names[k]);
			json_array_append(values, json_is_object(v) ? v : json_null());
		}
		set_values(row, values);
		json_array_append_new(out, row);
	}
	return out;
}

/* What the check of one report says: {id: value}, its findings counted. */
static json_t *answers(const json_t *report)
{
	json_t *out = json_object();
	const json_t *row;
	size_t i;

	json_array_foreach (at(report, "checks", NULL), i, row)
		json_object_set_new(out, pb_json_str(row, "id", ""),
		                    json_pack("{s:s,s:I,s:I,s:i,s:s}", "status", pb_json_str(row, "status", ""), "demerit_milli",
		                              (json_int_t)pb_json_int(row, "demerit_milli", 0), "coverage", (json_int_t)pb_json_int(row, "coverage", 0), "findings", 0,
		                              "worst", ""));
	json_array_foreach (at(report, "findings", NULL), i, row) {
		json_t *of = json_object_get(out, pb_json_str(row, "check", ""));
		const char *severity = pb_json_str(row, "severity", "");

		if (!of || rank(severity) < 0)
			continue;
		count(of, "findings");
		if (rank(severity) > rank(pb_json_str(of, "worst", "")))
			json_object_set_new(of, "worst", json_string(severity));
	}
	return out;
}

/* Every check that one of them knows, in the order of the first that does. */
static json_t *checks(reports all, json_t *const *said)
{
	static const char *const keys[] = {"id", "title", "catalogue", "claim", "pillar", NULL};
	json_t *out = json_array(), *seen = json_object();
	const json_t *c;
	size_t k;

	for (size_t i = 0; i < all.n; i++)
		json_array_foreach (at(all.of[i], "checks", NULL), k, c) {
			const char *id = pb_json_str(c, "id", "");
			json_t *row, *values;

			if (json_object_get(seen, id))
				continue;
			json_object_set_new(seen, id, json_true());
			row = json_object();
			copy(row, c, keys);
			values = json_array();
			for (size_t p = 0; p < all.n; p++) {
				json_t *v = json_object_get(said[p], id);
				json_array_append(values, v ? v : json_null());
			}
			set_values(row, values);
			json_array_append_new(out, row);
		}
	json_decref(seen);
	return out;
}

static const json_t *claim_of(const json_t *report, const char *claim, const char *pillar)
{
	const json_t *c;
	size_t i;

	json_array_foreach (at(report, "claims", NULL), i, c)
		if (strcmp(pb_json_str(c, "claim", ""), claim) == 0 && strcmp(pb_json_str(c, "pillar", ""), pillar) == 0)
			return c;
	return NULL;
}

static json_t *claim_value(const json_t *report, const json_t *row)
{
	json_t *out = json_pack("{s:I,s:I,s:i,s:i,s:i,s:i}", "lambda_milli", (json_int_t)pb_json_int(row, "lambda_milli", 0), "worst_milli",
	                        (json_int_t)pb_json_int(row, "worst_milli", 0), "pass", 0, "fail", 0, "unknown", 0, "na", 0);
	const json_t *c;
	size_t i;

	json_array_foreach (at(report, "checks", NULL), i, c) {
		const char *status = pb_json_str(c, "status", "");

		if (strcmp(pb_json_str(c, "claim", ""), pb_json_str(row, "claim", "")) != 0 || strcmp(pb_json_str(c, "pillar", ""), pb_json_str(row, "pillar", "")) != 0)
			continue;
		status = strcmp(status, "n/a") == 0 ? "na" : status;
		if (json_object_get(out, status))
			count(out, status);
	}
	return out;
}

static json_t *claims(reports all)
{
	static const char *const keys[] = {"claim", "pillar", NULL};
	json_t *out = json_array(), *seen = json_object();
	const json_t *c;
	size_t k;

	for (size_t i = 0; i < all.n; i++)
		json_array_foreach (at(all.of[i], "claims", NULL), k, c) {
			const char *claim = pb_json_str(c, "claim", ""), *pillar = pb_json_str(c, "pillar", "");
			pb_buf name = {0};
			json_t *row, *values;
			int rc = pb_buf_printf(&name, "%s\n%s", claim, pillar);

			if (rc || json_object_get(seen, (const char *)name.data)) {
				pb_buf_free(&name);
				continue;
			}
			json_object_set_new(seen, (const char *)name.data, json_true());
			pb_buf_free(&name);
			row = json_object();
			copy(row, c, keys);
			values = json_array();
			for (size_t p = 0; p < all.n; p++) {
				const json_t *v = claim_of(all.of[p], claim, pillar);
				json_array_append_new(values, v ? claim_value(all.of[p], v) : json_null());
			}
			set_values(row, values);
			json_array_append_new(out, row);
		}
	json_decref(seen);
	return out;
}

json_t *pb_compare_of(const json_t *const *of, size_t n, bool forced)
{
	reports all = {of, n};
	json_t *why = pb_compare_why(of, n), *products = json_array();
	json_t **said = calloc(n + 1, sizeof(json_t *));
	bool fair = json_array_size(why) == 0;
	json_t *out = NULL;

	for (size_t i = 0; i < n && said; i++) {
		said[i] = answers(of[i]);
		json_array_append_new(products, product(of[i]));
	}
	if (said)
		out = json_pack("{s:s,s:b,s:b,s:O,s:o,s:O,s:o,s:o,s:o,s:o}", "schema", "probity-compare/1", "fair", fair, "forced", forced && !fair, "why", why, "remarks",
		                remarks(all), "products", products, "pillars", pillars(all), "claims", claims(all), "checks", checks(all, said), "lists", pb_compare_lists(of, n));
	for (size_t i = 0; i < n && said; i++)
		json_decref(said[i]);
	free(said);
	json_decref(why);
	json_decref(products);
	return out;
}
