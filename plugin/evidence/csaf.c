/* CSAF 2.0: advisories and VEX. */
#include <stdlib.h>
#include <string.h>

#include "evidence/vex.h"

typedef struct csaf {
	pb_reading *r;
	json_t *products; /* product id -> {"name","purl","cpe","version"} */
	json_t *groups;   /* group id -> [product id] */
} csaf;

bool pb_is_csaf(const pb_reading *r)
{
	const json_t *document = json_object_get(r->json, "document");

	return pb_json_str(document, "csaf_version", "")[0] != '\0' && json_is_object(json_object_get(document, "tracking"));
}

static void keep_product(csaf *c, const pb_node *product)
{
	static const char *const digests[] = {"sha256", "sha512", "sha1", "md5"};
	const pb_node helper = pb_doc_at(product, "product_identification_helper"), id = pb_doc_at(product, "product_id");
	const pb_node hashes = pb_doc_at(&helper, "hashes");
	json_t *row = json_object(), *subject;

	pb_doc_must(&id);
	pb_doc_put(c->r, row, "name", pb_doc_text_at(product, "name"));
	pb_doc_put(c->r, row, "purl", pb_doc_text_at(&helper, "purl"));
	pb_doc_put(c->r, row, "cpe", pb_doc_text_at(&helper, "cpe"));
	pb_doc_put(c->r, row, "version", "");
	pb_doc_digest_none(c->r, row);
	subject = pb_doc_subject(c->r, pb_doc_text_at(product, "name"), pb_doc_text_at(&helper, "purl"));
	for (size_t k = 0, all = pb_doc_items(&hashes); k < all && c->r->rc == PB_OK; k++) {
		const pb_node one = pb_doc_item(&hashes, k), list = pb_doc_at(&one, "file_hashes");

		for (size_t i = 0, n = pb_doc_items(&list); i < n && c->r->rc == PB_OK; i++) {
			const pb_node hash = pb_doc_item(&list, i);

			if (!pb_doc_digest_put(c->r, row, pb_doc_text_at(&hash, "algorithm"), pb_doc_text_at(&hash, "value")))
				pb_doc_refuse_at(&hash, "no such digest in hex: %.140s", pb_doc_text_at(&hash, "value"));
		}
	}
	for (size_t i = 0; i < 4 && subject != NULL && row != NULL; i++)
		pb_doc_put_new(c->r, subject, digests[i], json_string(pb_json_str(row, digests[i], "")));
	/* One id for two products: what is said of it is said of neither. */
	if (row != NULL && json_object_get(c->products, pb_doc_text(&id)) != NULL && !json_equal(json_object_get(c->products, pb_doc_text(&id)), row))
		pb_doc_refuse_at(&id, "two products of one id: %.100s", pb_doc_text(&id));
	if (row == NULL || json_object_set_new(c->products, pb_doc_text(&id), row) != 0)
		pb_doc_starved(c->r);
}

/* Branches lie in each other; JSON's own bound holds for them. */
static void keep_branches(csaf *c, const pb_node *branches)
{
	for (size_t i = 0, n = pb_doc_items(branches); i < n && c->r->rc == PB_OK; i++) {
		const pb_node one = pb_doc_item(branches, i), product = pb_doc_at(&one, "product"), inner = pb_doc_at(&one, "branches");

		if (pb_doc_is_object(&product))
			keep_product(c, &product);
		keep_branches(c, &inner);
	}
}

static void keep_groups(csaf *c, const pb_node *groups)
{
	for (size_t i = 0, n = pb_doc_items(groups); i < n && c->r->rc == PB_OK; i++) {
		const pb_node one = pb_doc_item(groups, i), ids = pb_doc_at(&one, "product_ids");
		json_t *list = json_array();

		for (size_t k = 0, all = pb_doc_items(&ids); k < all && c->r->rc == PB_OK; k++) {
			const pb_node id = pb_doc_item(&ids, k);

			if (json_array_append_new(list, json_string(pb_doc_text(&id))) != 0)
				pb_doc_starved(c->r);
		}
		if (list == NULL || json_object_set_new(c->groups, pb_doc_text_at(&one, "group_id"), list) != 0)
			pb_doc_starved(c->r);
	}
}

static void keep_products(csaf *c, const pb_node *tree)
{
	const pb_node branches = pb_doc_at(tree, "branches"), names = pb_doc_at(tree, "full_product_names");
	const pb_node relations = pb_doc_at(tree, "relationships"), groups = pb_doc_at(tree, "product_groups");

	keep_groups(c, &groups);
	keep_branches(c, &branches);
	for (size_t i = 0, n = pb_doc_items(&names); i < n && c->r->rc == PB_OK; i++) {
		const pb_node one = pb_doc_item(&names, i);

		keep_product(c, &one);
	}
	for (size_t i = 0, n = pb_doc_items(&relations); i < n && c->r->rc == PB_OK; i++) {
		const pb_node one = pb_doc_item(&relations, i), product = pb_doc_at(&one, "full_product_name");

		keep_product(c, &product);
	}
}

static const struct {
	const char *list, *status;
} statuses[] = {
    {"known_affected", "affected"}, {"first_affected", "affected"}, {"last_affected", "affected"},
    {"known_not_affected", "not_affected"}, {"fixed", "fixed"}, {"first_fixed", "fixed"}, {"recommended", "fixed"},
    {"under_investigation", "under_investigation"},
};

static void put_product(csaf *c, const pb_node *id, json_t *statement)
{
	const json_t *product = json_object_get(c->products, pb_doc_text(id));
	json_t *row = pb_vex_product(c->r, statement, "", "");

	if (product == NULL)
		pb_doc_refuse_at(id, "no product of this document: %.100s", pb_doc_text(id));
	else if (row != NULL && json_object_update(row, (json_t *)product) != 0)
		pb_doc_starved(c->r);
}

/* The first flag that names a product is of it. */
static void put_flag(pb_reading *r, json_t *of, const char *product, size_t flag)
{
	if (json_object_get(of, product) == NULL && json_object_set_new(of, product, json_integer((json_int_t)flag)) != 0)
		pb_doc_starved(r);
}

/* Product id -> the number of the first flag that names it, or a group that it is in, into `of`. Returns the number of the first flag that
 * names neither products nor groups, which is for all others; n: there is none. seen: groups that a flag named before. */
static size_t read_flags(const csaf *c, const pb_node *flags, size_t n, json_t *of, json_t *seen)
{
	size_t others = n;

	for (size_t i = 0; i < n && c->r->rc == PB_OK; i++) {
		const pb_node one = pb_doc_item(flags, i), ids = pb_doc_at(&one, "product_ids"), groups = pb_doc_at(&one, "group_ids");
		const size_t all = pb_doc_items(&ids), in_groups = pb_doc_items(&groups);

		if (ids.v == NULL && groups.v == NULL && others == n)
			others = i;
		for (size_t k = 0; k < all && c->r->rc == PB_OK; k++) {
			const pb_node id = pb_doc_item(&ids, k);

			put_flag(c->r, of, pb_doc_text(&id), i);
		}
		for (size_t k = 0; k < in_groups && c->r->rc == PB_OK; k++) {
			const pb_node id = pb_doc_item(&groups, k);
			const char *group = pb_doc_text(&id);
			const json_t *of_group = json_object_get(seen, group) == NULL ? json_object_get(c->groups, group) : NULL, *product;
			size_t p;

			if (json_object_get(c->groups, group) == NULL)
				pb_doc_refuse_at(&id, "no group of products of this document: %.100s", group);
			else if (json_object_set_new(seen, group, json_true()) != 0)
				pb_doc_starved(c->r);
			json_array_foreach(of_group, p, product)
				put_flag(c->r, of, json_string_value(product), i);
		}
	}
	return others;
}

static const char *says_of(const pb_node *vulnerability)
{
	const pb_node threats = pb_doc_at(vulnerability, "threats");

	for (size_t i = 0, n = pb_doc_items(&threats); i < n; i++) {
		const pb_node one = pb_doc_item(&threats, i);

		if (strcmp(pb_doc_text_at(&one, "category"), "impact") == 0)
			return pb_doc_text_at(&one, "details");
	}
	return "";
}

static void put_scores(const pb_node *vulnerability, json_t *row)
{
	static const char *const versions[] = {"cvss_v3", "cvss_v2"};
	const pb_node scores = pb_doc_at(vulnerability, "scores");

	for (size_t i = 0, n = pb_doc_items(&scores); i < n && scores.r->rc == PB_OK; i++)
		for (size_t k = 0; k < 2; k++) {
			const pb_node one = pb_doc_item(&scores, i), cvss = pb_doc_at(&one, versions[k]), base = pb_doc_at(&cvss, "baseScore");

			if (pb_doc_is_object(&cvss))
				pb_vex_rate(scores.r, row, pb_doc_text_at(&cvss, "vectorString"), pb_vex_score(&base));
		}
}

static void put_aliases(const pb_node *vulnerability, json_t *row)
{
	const pb_node ids = pb_doc_at(vulnerability, "ids");

	for (size_t i = 0, n = pb_doc_items(&ids); i < n && row != NULL; i++) {
		const pb_node one = pb_doc_item(&ids, i);

		pb_doc_word(ids.r, json_object_get(row, "aliases"), pb_doc_text_at(&one, "text"));
	}
}

static json_t *begin_statement(csaf *c, const pb_node *vulnerability, const char *status, const char *justification)
{
	const char *says = says_of(vulnerability);
	json_t *row = pb_vex_statement(c->r, pb_doc_text_at(vulnerability, "cve"), status);

	pb_doc_put(c->r, row, "justification", justification);
	pb_doc_put(c->r, row, "says", says[0] != '\0' ? says : pb_doc_text_at(vulnerability, "title"));
	put_aliases(vulnerability, row);
	put_scores(vulnerability, row);
	return row;
}

/* A statement for each label: what justifies one product says nothing of another. */
static void put_not_affected(csaf *c, const pb_node *vulnerability, const pb_node *ids)
{
	const pb_node flags = pb_doc_at(vulnerability, "flags");
	const size_t n = pb_doc_items(&flags);
	json_t **rows = calloc(n + 1, sizeof(json_t *)), *of = json_object(), *seen = json_object();
	size_t others = n;

	if (rows == NULL || of == NULL || seen == NULL)
		pb_doc_starved(c->r);
	else
		others = read_flags(c, &flags, n, of, seen);
	for (size_t i = 0, all = pb_doc_items(ids); i < all && c->r->rc == PB_OK; i++) {
		const pb_node id = pb_doc_item(ids, i);
		const json_t *at = json_object_get(of, pb_doc_text(&id));
		const size_t flag = at != NULL ? (size_t)json_integer_value(at) : others;
		const pb_node one = pb_doc_item(&flags, flag);

		if (rows[flag] == NULL)
			rows[flag] = begin_statement(c, vulnerability, "not_affected",
			                             flag < n ? pb_doc_text_at(&one, "label") : "");
		put_product(c, &id, rows[flag]);
	}
	json_decref(of);
	json_decref(seen);
	free(rows);
}

static void put_vulnerability(csaf *c, const pb_node *n)
{
	const pb_node product_status = pb_doc_at(n, "product_status");

	if (product_status.v != NULL && !pb_doc_is_object(&product_status))
		return;
	for (size_t i = 0; i < sizeof statuses / sizeof statuses[0] && c->r->rc == PB_OK; i++) {
		const pb_node ids = pb_doc_at(&product_status, statuses[i].list);
		const size_t all = pb_doc_items(&ids);
		const bool not_affected = strcmp(statuses[i].status, "not_affected") == 0;
		json_t *row = all > 0 && !not_affected ? begin_statement(c, n, statuses[i].status, "") : NULL;

		if (all > 0 && not_affected)
			put_not_affected(c, n, &ids);
		for (size_t k = 0; k < all && !not_affected && c->r->rc == PB_OK; k++) {
			const pb_node id = pb_doc_item(&ids, k);

			put_product(c, &id, row);
		}
	}
}

static void put_head(const pb_node *document)
{
	pb_reading *r = document->r;
	const pb_node tracking = pb_doc_at(document, "tracking"), publisher = pb_doc_at(document, "publisher");
	const pb_node distribution = pb_doc_at(document, "distribution"), tlp = pb_doc_at(&distribution, "tlp");
	const pb_node released = pb_doc_at(&tracking, "current_release_date"), references = pb_doc_at(document, "references");
	const pb_node id = pb_doc_at(&tracking, "id");
	const char *url = "";
	char day[11];

	pb_doc_must(&id);
	pb_doc_day(&released, day);
	pb_doc_dates(r, day, "");
	pb_doc_by(r, pb_doc_text_at(&publisher, "name"));
	for (size_t i = 0, n = pb_doc_items(&references); i < n; i++) {
		const pb_node one = pb_doc_item(&references, i);

		if (strcmp(pb_doc_text_at(&one, "category"), "self") == 0 && url[0] == '\0')
			url = pb_doc_text_at(&one, "url");
	}
	pb_doc_put(r, r->content, "what", "advisory");
	pb_doc_put(r, r->content, "category", pb_doc_text_at(document, "category"));
	pb_doc_put(r, r->content, "tracking_id", pb_doc_text(&id));
	pb_doc_put(r, r->content, "tracking_status", pb_doc_text_at(&tracking, "status"));
	pb_doc_put(r, r->content, "tracking_version", pb_doc_text_at(&tracking, "version"));
	pb_doc_put(r, r->content, "tlp", pb_doc_text_at(&tlp, "label"));
	pb_doc_put(r, r->content, "title", pb_doc_text_at(document, "title"));
	pb_doc_put(r, r->content, "publisher", pb_doc_text_at(&publisher, "name"));
	pb_doc_put(r, r->content, "url", url);
	pb_doc_put(r, r->content, "role", "");
	(void)pb_doc_list(r, r->content, "statements");
	(void)pb_doc_list(r, r->content, "keys");
	(void)pb_doc_list(r, r->content, "distributions");
}

void pb_read_csaf(pb_reading *r)
{
	const pb_node root = pb_doc_root_of(r), document = pb_doc_at(&root, "document"), tree = pb_doc_at(&root, "product_tree");
	const pb_node list = pb_doc_at(&root, "vulnerabilities");
	const char *version = pb_doc_text_at(&document, "csaf_version");
	csaf c = {.r = r, .products = json_object(), .groups = json_object()};

	pb_doc_says(r, strcmp(pb_doc_text_at(&document, "category"), "csaf_vex") == 0 ? "vex" : "advisories", "csaf %.20s", version);
	if (strcmp(version, "2.0") != 0)
		pb_doc_refuse(r, "document.csaf_version: CSAF 2.0 is read, not %.40s", version);
	put_head(&document);
	if (c.products == NULL || c.groups == NULL)
		pb_doc_starved(r);
	else if (tree.v == NULL || pb_doc_is_object(&tree))
		keep_products(&c, &tree);
	for (size_t i = 0, n = pb_doc_items(&list); i < n && r->rc == PB_OK; i++) {
		const pb_node one = pb_doc_item(&list, i);

		pb_doc_must(&one);
		if (pb_doc_is_object(&one))
			put_vulnerability(&c, &one);
	}
	json_decref(c.products);
	json_decref(c.groups);
}
