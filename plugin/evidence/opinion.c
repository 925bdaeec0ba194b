/* Opinions: what an assessor says of a product by its digest, to the letter of probity-opinion/1. */
#include <string.h>

#include "evidence/ours.h"

#define ONE INT64_C(1000000000) /* parts per billion, as in score/opinion.h */

static const char schema[] = "probity-opinion/1";

bool pb_is_opinion(const pb_reading *r)
{
	return strncmp(pb_json_str(r->json, "schema", ""), schema, sizeof schema - 2) == 0;
}

static void put_sha256(const pb_node *at, json_t *row, const char *key, bool must)
{
	const char *text = pb_doc_text(at);
	char hex[129] = "";

	if ((must || text[0] != '\0') && !pb_doc_hex_of(text, 64, hex))
		pb_doc_refuse_at(at, "a SHA-256 in hex is wanted, not: %.80s", text);
	pb_doc_put(at->r, row, key, hex);
}

static void put_weights(const pb_node *at, json_t *row)
{
	static const char *const names[] = {"b", "d", "u", "a"};
	int64_t sum = 0;
	json_t *out;

	pb_doc_must(at);
	if (!pb_doc_is_object(at))
		return;
	out = row != NULL ? pb_json_object_at(row, "opinion") : NULL;
	if (row != NULL && out == NULL)
		pb_doc_starved(at->r);
	for (size_t i = 0; i < 4; i++) {
		const pb_node one = pb_doc_at(at, names[i]);
		int64_t n;

		pb_doc_must(&one);
		n = pb_doc_number(&one, 0, ONE, 0);
		sum += i < 3 ? n : 0;
		pb_doc_put_new(at->r, out, names[i], json_integer((json_int_t)n));
	}
	if (sum != ONE)
		pb_doc_refuse_at(at, "b + d + u is %lld, not %lld", (long long)sum, (long long)ONE);
}

static void put_claims(const pb_node *claims, json_t *content)
{
	json_t *list = pb_doc_list(claims->r, content, "claims");

	pb_doc_must(claims);
	for (size_t i = 0, n = pb_doc_items(claims); i < n && claims->r->rc == PB_OK; i++) {
		const pb_node one = pb_doc_item(claims, i), claim = pb_doc_at(&one, "claim"), pillar = pb_doc_at(&one, "pillar");
		const pb_node weights = pb_doc_at(&one, "opinion");
		json_t *row;

		pb_doc_must(&claim);
		pb_doc_must(&pillar);
		row = pb_doc_row(claims->r, list);
		pb_doc_put(claims->r, row, "claim", pb_doc_text(&claim));
		pb_doc_put(claims->r, row, "pillar", pb_doc_text(&pillar));
		put_weights(&weights, row);
	}
}

void pb_read_opinion(pb_reading *r)
{
	const pb_node root = pb_doc_root_of(r), digest = pb_doc_at(&root, "digest"), as_of = pb_doc_at(&root, "as_of"), until = pb_doc_at(&root, "valid_until");
	const pb_node assessor = pb_doc_at(&root, "assessor"), method = pb_doc_at(&root, "method"), rules = pb_doc_at(&method, "rules_digest");
	const pb_node weights = pb_doc_at(&root, "opinion"), claims = pb_doc_at(&root, "claims");
	char issued[11], expires[11];
	json_t *subject;

	pb_doc_says(r, "opinion", "%s", schema);
	if (strcmp(pb_json_str(r->json, "schema", ""), schema) != 0)
		pb_doc_refuse(r, "schema: %.80s is not %s", pb_json_str(r->json, "schema", ""), schema);
	pb_doc_must(&digest);
	pb_doc_must(&as_of);
	pb_doc_must(&until);
	pb_doc_must(&assessor);
	pb_doc_must(&method);
	(void)pb_doc_is_object(&method);
	pb_doc_day(&as_of, issued);
	pb_doc_day(&until, expires);
	pb_doc_dates(r, issued, expires);
	pb_doc_by(r, pb_doc_text(&assessor));
	subject = pb_doc_subject(r, "", "");
	put_sha256(&digest, subject, "sha256", true);
	pb_doc_put(r, r->content, "assessor", pb_doc_text(&assessor));
	put_sha256(&digest, r->content, "digest", true);
	put_sha256(&rules, r->content, "rules_digest", false);
	put_weights(&weights, r->content);
	put_claims(&claims, r->content);
}
