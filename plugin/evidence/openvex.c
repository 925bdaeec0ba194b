/* OpenVEX 0.2.0, and what came before it. */
#include <string.h>

#include "evidence/vex.h"

bool pb_is_openvex(const pb_reading *r)
{
	return strncmp(pb_json_str(r->json, "@context", ""), "https://openvex.dev/ns", 22) == 0;
}

/* A product is a text, or {"@id", "identifiers": {"purl", "cpe23"}, "hashes": {"sha-256": ...}}. */
static void put_product(const pb_node *n, json_t *statement, bool subjects)
{
	static const char *const cpes[] = {"cpe23", "cpe22"};
	pb_reading *r = n->r;
	const pb_node ids = pb_doc_at(n, "identifiers"), hashes = pb_doc_at(n, "hashes");
	const char *id = json_is_string(n->v) ? json_string_value(n->v) : pb_doc_is_object(n) ? pb_doc_text_at(n, "@id") : "";
	const char *purl = pb_doc_text_at(&ids, "purl"), *algorithm;
	json_t *row, *subject, *value;

	pb_doc_must(n);
	purl = purl[0] == '\0' && strncmp(id, "pkg:", 4) == 0 ? id : purl;
	row = pb_vex_product(r, statement, id, purl);
	subject = subjects ? pb_doc_subject(r, id, purl) : NULL;
	for (size_t i = 0; i < 2; i++)
		if (pb_doc_text_at(&ids, cpes[i])[0] != '\0')
			pb_doc_put(r, row, "cpe", pb_doc_text_at(&ids, cpes[i]));
	if (!pb_doc_is_object(&hashes))
		return;
	json_object_foreach ((json_t *)hashes.v, algorithm, value) {
		const pb_node one = pb_doc_at(&hashes, algorithm);

		if (!pb_doc_digest_put(r, row, algorithm, pb_doc_text(&one)))
			pb_doc_refuse_at(&one, "no such digest in hex: %.140s", pb_doc_text(&one));
		(void)pb_doc_digest_put(r, subject, algorithm, pb_doc_text(&one));
	}
}

/* Of products with "subcomponents" the vulnerable thing is the component; both are told. */
static void put_products(const pb_node *statement, json_t *row)
{
	const pb_node products = pb_doc_at(statement, "products");

	for (size_t i = 0, n = pb_doc_items(&products); i < n && statement->r->rc == PB_OK; i++) {
		const pb_node one = pb_doc_item(&products, i), parts = pb_doc_at(&one, "subcomponents");

		put_product(&one, row, true);
		for (size_t k = 0, m = pb_doc_items(&parts); k < m && statement->r->rc == PB_OK; k++) {
			const pb_node part = pb_doc_item(&parts, k);

			put_product(&part, row, false);
		}
	}
}

static void put_statement(const pb_node *n)
{
	static const char *const statuses[] = {"not_affected", "affected", "fixed", "under_investigation"};
	pb_reading *r = n->r;
	const pb_node vulnerability = pb_doc_at(n, "vulnerability"), status = pb_doc_at(n, "status");
	const pb_node name = pb_doc_at(&vulnerability, "name"), id = pb_doc_at(&vulnerability, "@id"), aliases = pb_doc_at(&vulnerability, "aliases");
	const pb_node *const which = json_is_string(vulnerability.v) ? &vulnerability : name.v != NULL ? &name : &id;
	const char *impact = pb_doc_text_at(n, "impact_statement");
	bool known = false;
	json_t *row;

	pb_doc_must(&vulnerability);
	pb_doc_must(which);
	pb_doc_must(&status);
	for (size_t i = 0; i < 4; i++)
		known |= strcmp(pb_doc_text(&status), statuses[i]) == 0;
	if (!known)
		pb_doc_refuse_at(&status, "no status of OpenVEX: %.80s", pb_doc_text(&status));
	row = pb_vex_statement(r, pb_doc_text(which), pb_doc_text(&status));
	pb_doc_put(r, row, "justification", pb_doc_text_at(n, "justification"));
	pb_doc_put(r, row, "says", impact[0] != '\0' ? impact : pb_doc_text_at(n, "action_statement"));
	if (row != NULL)
		pb_doc_put_texts(&aliases, row, "aliases");
	put_products(n, row);
}

void pb_read_openvex(pb_reading *r)
{
	const pb_node root = pb_doc_root_of(r), statements = pb_doc_at(&root, "statements"), version = pb_doc_at(&root, "version");
	const pb_node issued = pb_doc_at(&root, "last_updated").v != NULL ? pb_doc_at(&root, "last_updated") : pb_doc_at(&root, "timestamp");
	const char *context = pb_json_str(r->json, "@context", "");
	char day[11];

	pb_doc_says(r, "vex", "openvex %.20s", context[22] == '/' ? context + 23 : "");
	(void)pb_doc_list(r, r->content, "statements");
	pb_doc_put(r, r->content, "author", pb_doc_text_at(&root, "author"));
	pb_doc_put(r, r->content, "id", pb_doc_text_at(&root, "@id"));
	if (json_is_integer(version.v))
		pb_doc_put_new(r, r->content, "version", json_sprintf("%lld", (long long)json_integer_value(version.v)));
	else
		pb_doc_put(r, r->content, "version", pb_doc_text(&version));
	pb_doc_by(r, pb_doc_text_at(&root, "author"));
	pb_doc_day(&issued, day);
	pb_doc_dates(r, day, "");
	pb_doc_must(&statements);
	for (size_t i = 0, n = pb_doc_items(&statements); i < n && r->rc == PB_OK; i++) {
		const pb_node one = pb_doc_item(&statements, i);

		pb_doc_must(&one);
		if (pb_doc_is_object(&one))
			put_statement(&one);
	}
}
