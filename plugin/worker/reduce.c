#include "worker/reduce.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "worker/components.h"
#include "worker/composition.h"
#include "worker/context.h"
#include "worker/cover.h"
#include "worker/declared.h"
#include "worker/endpoints.h"
#include "worker/inventory.h"
#include "worker/join.h"
#include "worker/merge.h"
#include "worker/package.h"
#include "worker/supplied.h"

/* Name, version and kind are the main package's own words where there is one; the digest and size are the file's. */
static json_t *identity(const pb_reduce_input *in, const pb_join *j, const json_t *packages)
{
	const json_t *main = pb_package_main(packages);
	const char *name = pb_json_str(main, "name", ""), *kind = in->kind;
	int64_t objects = 0, bytes = 0;
	for (size_t i = 0; i < j->n; i++)
		if (!j->rows[i].opened) {
			objects++;
			bytes += pb_composition_counts(&j->rows[i], bytes);
		}
	if (main && strcmp(in->kind, "folder") != 0)
		kind = pb_json_str(main, "kind", in->kind);
	return json_pack("{s:s,s:s,s:s,s:s,s:I,s:I,s:I}", "name", *name ? name : in->name, "version", pb_json_str(main, "version", ""),
	                 "kind", kind, "sha256", in->sha256, "size", (json_int_t)in->size, "objects", (json_int_t)objects, "bytes",
	                 (json_int_t)bytes);
}

/* Which checks speak of which principle: {"P6": [check ids]}. */
static json_t *principles(const pb_check *checks, size_t n)
{
	json_t *out = json_object();
	for (size_t i = 0; out && i < n; i++)
		for (size_t k = 0; k < checks[i].n_maps; k++)
			if (strncmp(checks[i].maps[k], "paris:", 6) == 0)
				json_array_append_new(pb_json_array_at(out, checks[i].maps[k] + 6), json_string(checks[i].id));
	return out;
}

/* The record that a detection is about, so that a check can name it as evidence: same place and same bytes, else same place,
 * else the product as a whole. */
static json_t *place_detections(const pb_join *j, const json_t *detections)
{
	json_t *out = json_array(), *d;
	size_t i;
	json_array_foreach(detections, i, d) {
		const json_t *path = json_object_get(d, "path");
		size_t from, to, at = 0;
		pb_join_below(j, path, json_array_size(path), &from, &to);
		if (from < to)
			at = from;
		for (size_t k = from; k < to; k++)
			if (j->rows[k].depth == json_array_size(path) &&
			    strcmp(pb_json_str(j->rows[k].record, "sha256", ""), pb_json_str(d, "sha256", "?")) == 0)
				at = k;
		json_array_append_new(out, json_pack("{s:O,s:s,s:i}", "path", path, "signature", pb_json_str(d, "signature", ""),
		                                     "record", j->n ? (int)at : -1));
	}
	return out;
}

static int compare_detections(const void *x, const void *y)
{
	const json_t *a = *(json_t *const *)x, *b = *(json_t *const *)y;
	int c = json_integer_value(json_object_get(a, "record")) > json_integer_value(json_object_get(b, "record"));
	c -= json_integer_value(json_object_get(a, "record")) < json_integer_value(json_object_get(b, "record"));
	return c ? c : strcmp(pb_json_str(a, "signature", ""), pb_json_str(b, "signature", ""));
}

static int sort_detections(json_t *detections)
{
	size_t n = json_array_size(detections);
	json_t **all = malloc((n + 1) * sizeof *all);
	if (!all)
		return PB_ENOMEM;
	for (size_t i = 0; i < n; i++)
		all[i] = json_incref(json_array_get(detections, i));
	qsort(all, n, sizeof *all, compare_detections);
	json_array_clear(detections);
	for (size_t i = 0; i < n; i++)
		json_array_append_new(detections, all[i]);
	free(all);
	return 0;
}

static int validate(const json_t *records, pb_error *err)
{
	size_t i;
	json_t *r;
	json_array_foreach(records, i, r) {
		int rc = pb_record_valid(r, err);
		if (rc)
			return rc;
	}
	return 0;
}

/* Rules that were left out narrow what was asked, not what was seen: said in the report, counted against no other check. */
static int say_refused(const pb_rules *rules, const char *name, json_t *limits)
{
	size_t n;
	const char *const *refused = pb_catalogue_refused(rules->catalogue, &n);
	for (size_t i = 0; i < n + rules->n_refused; i++) {
		char why[700];
		snprintf(why, sizeof why, "%s%.650s", i < n ? "" : "rules left out: ", i < n ? refused[i] : rules->refused[i - n]);
		if (json_array_append_new(limits, json_pack("{s:[s],s:s}", "path", name, "why", why)))
			return PB_ENOMEM;
	}
	return 0;
}

/* The checks that the result is about: all, or the one. */
static const pb_check *about(const pb_check *checks, const char *only, size_t *n)
{
	for (size_t i = 0; only && i < *n; i++)
		if (strcmp(checks[i].id, only) == 0) {
			*n = 1;
			return &checks[i];
		}
	*n = only ? 0 : *n;
	return checks;
}

/* Checks that hold a product against an earlier version apply where there is one: the first object carries the tag. */
static int mark_update(const pb_reduce_input *in, const pb_join *j)
{
	json_t *facts = j->n > 0 ? json_object_get(json_object_get(json_array_get(j->records, 0), "result"), "facts") : NULL;

	if (!json_is_object(in->previous) || !facts)
		return 0;
	return json_array_append_new(pb_json_array_at(facts, "tags"), json_string("update"));
}

/* What a package runs at installation is neither a test nor documentation, whatever its place is called. (Packages that lie in such a
 * place themselves are not installed.) */
static void weigh_scripts(const pb_lists *lists, pb_join *j, const json_t *packages)
{
	const json_t *package, *script;
	size_t i, k;
	json_array_foreach(packages, i, package) {
		if (pb_context_discounts(lists, json_object_get(package, "path")))
			continue;
		json_array_foreach(json_object_get(package, "scripts"), k, script) {
			const json_t *path = json_object_get(script, "path");
			size_t depth = json_array_size(path), row = depth ? pb_join_find(j, path, depth - 1, pb_path_last(path)) : j->n;
			if (row < j->n)
				j->rows[row].discounted = false;
		}
	}
}

/* Only where something was handed in. */
static int add_evidence(json_t *result, const pb_join *j, const json_t *evidence, const json_t *raised)
{
	json_t *waivers = json_object_get(evidence, "waivers");
	if (!j->supplied)
		return 0;
	if (json_array_size(waivers) && json_object_set(result, "waivers", waivers))
		return PB_ENOMEM;
	return json_object_set(result, "evidence", j->supplied) || json_object_set(result, "statements", json_object_get(raised, "statements"));
}

/* What a reader looks at beside the checks: where the bytes lie, where hosts are, what was said of the product beforehand. Checks see none of
 * it, so it comes when they are done. */
static int add_pictures(const pb_rules *rules, json_t *result, const pb_join *j, const json_t *packages)
{
	json_t *inventory = json_object_get(result, "inventory"), *endpoints = pb_endpoints_of(j, rules->lists, inventory);
	json_t *declared = endpoints ? pb_declared_of(j, packages, inventory, endpoints) : NULL;
	int bad = !declared || json_object_set_new(result, "composition", pb_composition_of(j));

	if (!bad && json_array_size(endpoints) > 0)
		bad = json_object_set(inventory, "endpoints", endpoints);
	if (!bad && json_array_size(declared) > 0)
		bad = json_object_set(result, "declared", declared);
	json_decref(endpoints);
	json_decref(declared);
	return bad ? PB_ENOMEM : 0;
}

int pb_reduce(const pb_rules *rules, const pb_reduce_input *in, json_t **out, pb_error *err)
{
	pb_join j = {0};
	json_t *packages = NULL, *inventory = NULL, *components = NULL, *product = NULL, *detections = NULL, *raised = NULL, *findings = NULL, *outcomes = NULL;
	size_t n_checks, n_about;
	bool cut = false;
	const pb_check *checks = pb_catalogue_checks(rules->catalogue, &n_checks);
	const char *only = in->how ? in->how->only : NULL;
	n_about = n_checks;
	const pb_check *told = about(checks, only, &n_about);
	int rc = validate(in->records, err);
	if (!rc)
		rc = pb_join_make(rules->lists, in->records, in->limits, &j, err);
	if (rc)
		return rc;
	rc = PB_ENOMEM;
	packages = pb_packages_of(&j);
	if (packages)
		weigh_scripts(rules->lists, &j, packages);
	product = packages ? identity(in, &j, packages) : NULL;
	inventory = product ? pb_inventory_of(&j, packages, pb_json_str(product, "version", "")) : NULL;
	components = inventory ? pb_components_of(&j, packages, &cut) : NULL;
	detections = place_detections(&j, in->detections);
	raised = json_pack("{s:[],s:{},s:{},s:[]}", "findings", "unknown", "pass", "statements");
	if (product) {
		rc = pb_supplied_add(&j, in->evidence, product, in->name, in->as_of, err);
		if (rc)
			goto out;
		rc = PB_ENOMEM;
	}
	if (!components || mark_update(in, &j) || !detections || !raised || sort_detections(detections))
		goto out;
	pb_product_view view = {.records = j.records,
	                        .packages = packages,
	                        .product = product,
	                        .inventory = inventory,
	                        .components = components,
	                        .components_cut = cut,
	                        .previous = in->previous,
	                        .regions = in->regions,
	                        .limits = j.limits,
	                        .detections = detections,
	                        .database = in->database,
	                        .documents = j.documents,
	                        .package_signatures = json_object_get(in->evidence, "package_signatures"),
	                        .roots = json_object_get(in->evidence, "roots"),
	                        .as_of = in->as_of};
	rc = pb_runner_product(rules->catalogue, &view, in->how, raised, err);
	if (rc)
		goto out;
	findings = pb_merge(&j, checks, n_checks, only, raised, err);
	outcomes = findings ? pb_cover(&j, told, n_about, findings, raised) : NULL;
	if (!outcomes || pb_cover_unscanned(&j, j.limits) || say_refused(rules, in->name, j.limits) ||
	    pb_supplied_problems(in->evidence, j.limits)) {
		rc = err && err->code ? err->code : PB_ENOMEM;
		goto out;
	}
	*out = json_pack("{s:s,s:O,s:O,s:O,s:O,s:O,s:O,s:o}", "schema", "probity-product-result/1", "product", product, "checks",
	                 outcomes, "findings", findings, "limits", j.limits, "packages", packages, "inventory", inventory, "principles",
	                 principles(told, n_about));
	rc = *out && !add_evidence(*out, &j, in->evidence, raised) && !add_pictures(rules, *out, &j, packages) ? 0 : PB_ENOMEM;
	if (rc) {
		json_decref(*out);
		*out = NULL;
	}
out:
	if (rc == PB_ENOMEM)
		pb_fail(err, rc, "out of memory while reducing");
	json_decref(packages);
	json_decref(inventory);
	json_decref(components);
	json_decref(product);
	json_decref(detections);
	json_decref(raised);
	json_decref(findings);
	json_decref(outcomes);
	pb_join_free(&j);
	return rc;
}
