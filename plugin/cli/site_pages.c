/* The pages of a site that are not one report: what they show, worked out of the facts of all assessments. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/hash.h"
#include "cli/site.h"

enum { PAIRS = 5 /* successive versions of one product that are held against each other */, NAME = 17 };

/* What has one name and is of one kind is one product, whatever its version. */
typedef struct product {
	const json_t **of; /* facts of its assessments, oldest first */
	size_t n;
	char key[NAME];
} product;

typedef struct all {
	const pb_site *site;
	const json_t **facts; /* by name, kind, then number */
	size_t n, n_products;
	product *products;
	const json_t **latest; /* of each product */
	pb_site_jobs *jobs;
} all;

void pb_site_jobs_free(pb_site_jobs *j)
{
	for (size_t i = 0; i < j->n; i++) {
		free(j->of[i].path);
		json_decref(j->of[i].doc);
	}
	free(j->of);
	*j = (pb_site_jobs){0};
}

static const char *text(const json_t *f, const char *key)
{
	return pb_json_str(f, key, "");
}

static int64_t number(const json_t *f)
{
	return pb_json_int(f, "id", 0);
}

static int by_product(const void *a, const void *b)
{
	const json_t *x = *(const json_t *const *)a, *y = *(const json_t *const *)b;
	int order = strcmp(text(x, "name"), text(y, "name"));

	order = order ? order : strcmp(text(x, "kind"), text(y, "kind"));
	return order ? order : number(x) < number(y) ? -1 : number(x) > number(y);
}

static int by_due(const void *a, const void *b)
{
	const json_t *x = *(const json_t *const *)a, *y = *(const json_t *const *)b;
	int order = strcmp(text(x, "valid_until"), text(y, "valid_until"));

	return order ? order : by_product(a, b);
}

/* Those that may be compared stand together, the most trusted first. */
static int by_group(const void *a, const void *b)
{
	static const char *const keys[] = {"kind", "policy_digest", "rules_digest"};
	const json_t *x = *(const json_t *const *)a, *y = *(const json_t *const *)b;
	int order = 0;

	for (size_t i = 0; i < sizeof keys / sizeof *keys && !order; i++)
		order = strcmp(text(x, keys[i]), text(y, keys[i]));
	if (!order) {
		int64_t t = pb_json_int(x, "trust_tenths", -1), u = pb_json_int(y, "trust_tenths", -1);
		order = t > u ? -1 : t < u;
	}
	return order ? order : by_product(a, b);
}

static bool same(const json_t *x, const json_t *y, const char *key)
{
	return strcmp(text(x, key), text(y, key)) == 0;
}

static bool has_page(const json_t *f)
{
	return json_is_true(json_object_get(f, "page"));
}

/* By the same rules and the same policy, and both can be read. */
static bool fair(const json_t *x, const json_t *y)
{
	return has_page(x) && has_page(y) && *text(x, "rules_digest") && *text(x, "policy_digest") && same(x, y, "rules_digest") && same(x, y, "policy_digest");
}

static bool digest_of(const char *a, const char *b, const char *c, char out[65])
{
	pb_sha256 *h = pb_sha256_new();

	if (h) {
		pb_sha256_add(h, a, strlen(a) + 1);
		pb_sha256_add(h, b, strlen(b) + 1);
		pb_sha256_add(h, c, strlen(c) + 1);
		pb_sha256_hex(h, out);
	}
	return h != NULL;
}

bool pb_site_product(const char *name, const char *kind, const char *path, char out[65])
{
	return digest_of(name, kind, *name ? "" : path, out);
}

/* Takes doc and path. */
static int add(all *a, pb_site_job job, const char *of, pb_error *err)
{
	pb_site_jobs *j = a->jobs;
	char *doc = job.doc ? pb_json_canonical(job.doc) : NULL;
	size_t cap = j->cap ? j->cap * 2 : 256;
	pb_site_job *more = j->n < j->cap ? j->of : realloc(j->of, cap * sizeof *more);
	bool fine = more && job.path && (doc || of) && digest_of(a->site->maker, job.path, doc ? doc : of, job.digest);

	free(doc);
	if (more) {
		j->cap = j->n < j->cap ? j->cap : cap;
		j->of = more;
	}
	if (!fine) {
		free(job.path);
		json_decref(job.doc);
		return pb_fail(err, PB_ENOMEM, "out of memory");
	}
	j->of[j->n++] = job;
	return 0;
}

static int add_page(all *a, const char *path, const char *format, const char *up, json_t *doc, pb_error *err)
{
	return add(a, (pb_site_job){.path = strdup(path), .folder = "site", .format = format, .doc = doc ? doc : json_null(), .up = up}, NULL, err);
}

/* One row of a table: what the formats of pages read. due: with the days that are left, which are others tomorrow, and so is the page then. */
static json_t *row_of(const all *a, const json_t *f, const char *product_key, bool due)
{
	static const char *const keys[] = {"id",           "name",         "version",             "kind",     "decision",
	                                   "trust_tenths", "floor_tenths", "confidence_permille", "policy",   "as_of",
	                                   "valid_until",  "page",         "time",                "reason",   "why"};
	json_t *out = json_object();
	int64_t until;

	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		if (json_object_get(f, keys[i]))
			json_object_set(out, keys[i], json_object_get(f, keys[i]));
	if (!*text(f, "name")) { /* as in the list: the last element of its path */
		const char *slash = strrchr(text(f, "path"), '/');
		json_object_set_new(out, "name", json_string(slash && slash[1] ? slash + 1 : text(f, "path")));
	}
	if (product_key)
		json_object_set_new(out, "product", json_string(product_key));
	if (due && pb_date_parse(text(f, "valid_until"), &until))
		json_object_set_new(out, "days", json_integer(until - a->site->as_of));
	return out;
}

/* ---- products ---- */

static int read_products(all *a, const json_t *facts, pb_error *err)
{
	const char *id;
	json_t *f;

	a->facts = calloc(json_object_size(facts) + 1, sizeof *a->facts);
	a->products = calloc(json_object_size(facts) + 1, sizeof *a->products);
	a->latest = calloc(json_object_size(facts) + 1, sizeof *a->latest);
	if (!a->facts || !a->products || !a->latest)
		return pb_fail(err, PB_ENOMEM, "out of memory");
	json_object_foreach ((json_t *)(uintptr_t)facts, id, f)
		a->facts[a->n++] = f;
	qsort(a->facts, a->n, sizeof *a->facts, by_product);
	for (size_t i = 0; i < a->n; i++) {
		product *p = a->n_products ? &a->products[a->n_products - 1] : NULL;
		char digest[65];

		/* without a name each file is one of its own */
		if (!p || !same(p->of[0], a->facts[i], "name") || !same(p->of[0], a->facts[i], "kind") || (!*text(a->facts[i], "name") && !same(p->of[0], a->facts[i], "path"))) {
			p = &a->products[a->n_products++];
			p->of = &a->facts[i];
			if (!pb_site_product(text(a->facts[i], "name"), text(a->facts[i], "kind"), text(a->facts[i], "path"), digest))
				return pb_fail(err, PB_ENOMEM, "out of memory");
			snprintf(p->key, sizeof p->key, "%.16s", digest);
		}
		p->n++;
		a->latest[a->n_products - 1] = a->facts[i];
	}
	return 0;
}

/* Two that came one after the other, on a page; *path: where. */
static int add_pair(all *a, const json_t *old, const json_t *new, char path[80], pb_error *err)
{
	char of[132];

	snprintf(path, 80, "c/%" PRId64 "-%" PRId64, number(old), number(new));
	snprintf(of, sizeof of, "%s %s", text(old, "key"), text(new, "key"));
	return add(a, (pb_site_job){.path = strdup(path), .folder = "diff", .format = "html", .ids = {number(old), number(new)}, .n_ids = 2, .up = "../"}, of, err);
}

static int add_product(all *a, const product *p, pb_error *err)
{
	json_t *rows = json_array(), *changes = json_array();
	char path[80];
	int rc = 0;

	for (size_t i = 0; i < p->n; i++)
		json_array_append_new(rows, row_of(a, p->of[i], NULL, false));
	for (size_t i = p->n > PAIRS ? p->n - PAIRS : 1; i < p->n && !rc; i++) {
		bool may = fair(p->of[i - 1], p->of[i]);

		rc = may ? add_pair(a, p->of[i - 1], p->of[i], path, err) : 0;
		json_array_append_new(changes, json_pack("{s:I,s:I,s:b}", "old", (json_int_t)number(p->of[i - 1]), "new", (json_int_t)number(p->of[i]), "fair", may));
	}
	snprintf(path, sizeof path, "p/%s", p->key);
	json_t *doc = json_pack("{s:s,s:o,s:o,s:o}", "schema", "probity-site-product/1", "product", row_of(a, p->of[p->n - 1], p->key, false), "assessments", rows, "changes", changes);
	return rc ? (json_decref(doc), rc) : add_page(a, path, "product", "../", doc, err);
}

/* ---- tables over all products ---- */

static json_t *counts(const all *a)
{
	json_t *out = json_object();

	for (size_t i = 0; i < a->n_products; i++)
		json_object_set_new(out, text(a->latest[i], "decision"), json_integer(pb_json_int(out, text(a->latest[i], "decision"), 0) + 1));
	return out;
}

static const char *key_of(const all *a, const json_t *f)
{
	const json_t *const *at = bsearch(&f, a->facts, a->n, sizeof *a->facts, by_product);
	size_t low = 0, high = a->n_products;

	while (at && high - low > 1) { /* the last product that begins at or before it */
		size_t middle = (low + high) / 2;
		if (a->products[middle].of <= a->facts + (at - (const json_t *const *)a->facts))
			low = middle;
		else
			high = middle;
	}
	return a->products[low].key;
}

/* rows, at most PB_SITE_PAGE on a page: NAME.html, NAME-2.html, ... */
static int add_table(all *a, const char *name, const json_t *const *of, size_t n, pb_error *err)
{
	size_t pages = n ? (n + PB_SITE_PAGE - 1) / PB_SITE_PAGE : 1;
	char path[80], day[11];
	int rc = 0;

	pb_date_format(a->site->as_of, day);
	for (size_t page = 0; page < pages && !rc; page++) {
		json_t *rows = json_array();

		for (size_t i = page * PB_SITE_PAGE; i < n && i < (page + 1) * PB_SITE_PAGE; i++)
			json_array_append_new(rows, row_of(a, of[i], key_of(a, of[i]), true));
		if (page)
			snprintf(path, sizeof path, "%s-%zu", name, page + 1);
		else
			snprintf(path, sizeof path, "%s", name);
		json_t *doc = json_pack("{s:s,s:s,s:s,s:I,s:I,s:I,s:I,s:I,s:o,s:o}", "schema", "probity-site-table/1", "name", name, "as_of", day, "page", (json_int_t)page + 1, "pages",
		                        (json_int_t)pages, "total", (json_int_t)n, "products", (json_int_t)a->n_products, "assessments", (json_int_t)a->n, "counts", counts(a), "rows", rows);
		rc = add_page(a, path, name, "", doc, err);
	}
	return rc;
}

static int add_due(all *a, pb_error *err)
{
	const json_t **due = calloc(a->n_products + 1, sizeof *due);
	size_t n = 0;
	int64_t day;

	if (!due)
		return pb_fail(err, PB_ENOMEM, "out of memory");
	for (size_t i = 0; i < a->n_products; i++)
		if (has_page(a->latest[i]) && pb_date_parse(text(a->latest[i], "valid_until"), &day))
			due[n++] = a->latest[i];
	qsort(due, n, sizeof *due, by_due);
	int rc = add_table(a, "due", due, n, err);
	free(due);
	return rc;
}

/* Products of one kind that were judged alike: the most trusted side by side. */
static int add_group(all *a, const json_t *const *of, size_t n, json_t *groups, pb_error *err)
{
	pb_site_job job = {.folder = "compare", .format = "html", .up = "../"};
	pb_buf digests = {0};
	char digest[65], path[80];
	json_t *names = json_array();
	int rc = digest_of(text(of[0], "kind"), text(of[0], "policy_digest"), text(of[0], "rules_digest"), digest) ? 0 : PB_ENOMEM;

	for (size_t i = 0; i < n && i < PB_SITE_COMPARED; i++) {
		rc = rc ? rc : pb_buf_printf(&digests, "%s ", text(of[i], "key"));
		job.ids[job.n_ids++] = number(of[i]);
		json_array_append_new(names, row_of(a, of[i], key_of(a, of[i]), false));
	}
	snprintf(path, sizeof path, "c/g-%.16s", digest);
	json_array_append_new(groups, json_pack("{s:s,s:s,s:s,s:I,s:s,s:o}", "kind", text(of[0], "kind"), "policy", text(of[0], "policy"), "rules_digest",
	                                        text(of[0], "rules_digest"), "products", (json_int_t)n, "page", path, "rows", names));
	job.path = strdup(path);
	rc = rc ? (free(job.path), pb_fail(err, PB_ENOMEM, "out of memory")) : add(a, job, (const char *)digests.data, err);
	pb_buf_free(&digests);
	return rc;
}

static int add_groups(all *a, pb_error *err)
{
	const json_t **of = calloc(a->n_products + 1, sizeof *of);
	json_t *groups = json_array();
	size_t n = 0;
	int rc = of ? 0 : pb_fail(err, PB_ENOMEM, "out of memory");

	for (size_t i = 0; i < a->n_products && of; i++)
		if (has_page(a->latest[i]))
			of[n++] = a->latest[i];
	if (of)
		qsort(of, n, sizeof *of, by_group);
	for (size_t from = 0, to; from < n && !rc; from = to) {
		for (to = from + 1; to < n && same(of[from], of[to], "kind") && fair(of[from], of[to]);)
			to++;
		if (to - from > 1)
			rc = add_group(a, of + from, to - from, groups, err);
	}
	free(of);
	json_t *doc = json_pack("{s:s,s:o}", "schema", "probity-site-comparisons/1", "groups", groups);
	return rc ? (json_decref(doc), rc) : add_page(a, "comparisons", "comparisons", "", doc, err);
}

/* For the script's search: as little as it needs, a list for each product. */
static int add_search(all *a, pb_error *err)
{
	json_t *rows = json_array();

	for (size_t i = 0; i < a->n_products; i++) {
		const json_t *f = a->latest[i];
		json_t *row = row_of(a, f, NULL, false);

		json_array_append_new(rows, json_pack("[s,I,s,s,s,s,I,I,I,s,s,s,b]", a->products[i].key, (json_int_t)number(f), text(row, "name"), text(f, "version"), text(f, "kind"),
		                                      text(f, "decision"), (json_int_t)pb_json_int(f, "trust_tenths", -1), (json_int_t)pb_json_int(f, "floor_tenths", -1),
		                                      (json_int_t)pb_json_int(f, "confidence_permille", -1), text(f, "policy"), text(f, "as_of"), text(f, "valid_until"), has_page(f)));
		json_decref(row);
	}
	json_t *doc = json_pack("{s:s,s:o}", "schema", "probity-site-search/1", "rows", rows);
	return add(a, (pb_site_job){.path = strdup("search.json"), .folder = "site", .format = "search", .doc = doc, .up = "", .alone = true}, NULL, err);
}

static int add_shared(all *a, pb_error *err)
{
	static const char *const names[] = {"site.css", "site.js", "report.css", "report.js"};
	int rc = 0;

	for (size_t i = 0; i < sizeof names / sizeof *names && !rc; i++)
		rc = add(a, (pb_site_job){.path = strdup(names[i]), .folder = "site", .format = "shared", .doc = json_pack("{s:s}", "file", names[i]), .up = "", .alone = true}, NULL, err);
	return rc;
}

int pb_site_pages(const pb_site *s, const json_t *facts, pb_site_jobs *out, pb_error *err)
{
	all a = {.site = s, .jobs = out};
	int rc = read_products(&a, facts, err);

	for (size_t i = 0; i < a.n_products && !rc; i++)
		rc = add_product(&a, &a.products[i], err);
	rc = rc ? rc : add_groups(&a, err);
	rc = rc ? rc : add_due(&a, err);
	rc = rc ? rc : add_search(&a, err);
	rc = rc ? rc : add_shared(&a, err);
	rc = rc ? rc : add_table(&a, "index", a.latest, a.n_products, err);
	free(a.facts);
	free(a.products);
	free(a.latest);
	return rc;
}
