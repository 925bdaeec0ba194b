/* "vulnerabilities" of a CycloneDX document. */
#include <string.h>

#include "evidence/bom.h"
#include "evidence/vex.h"

static const char *status_of(const char *state)
{
	static const char *const words[][2] = {
	    {"resolved", "fixed"},           {"resolved_with_pedigree", "fixed"},    {"exploitable", "affected"},
	    {"in_triage", "under_investigation"}, {"false_positive", "not_affected"}, {"not_affected", "not_affected"},
	};

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (strcmp(state, words[i][0]) == 0)
			return words[i][1];
	return "";
}

/* A bom-ref of this document, or a BOM-Link into another one: "urn:cdx:.../1#ref", where the ref often is a purl. */
static void put_product(pb_reading *r, json_t *statement, const char *ref, const json_t *refs)
{
	static const char *const same[] = {"name", "version", "purl", "cpe", "sha256", "sha512", "sha1", "md5"};
	const json_t *component = json_object_get(refs, ref);
	const char *inside = strncmp(ref, "urn:cdx:", 8) == 0 ? strchr(ref, '#') : NULL;
	const char *purl = inside != NULL ? inside + 1 : ref;
	json_t *row = pb_vex_product(r, statement, ref, strncmp(purl, "pkg:", 4) == 0 ? purl : "");

	for (size_t i = 0; component != NULL && row != NULL && i < sizeof same / sizeof same[0]; i++)
		pb_doc_put_new(r, row, same[i], json_string(pb_json_str(component, same[i], "")));
}

static void put_ratings(const pb_node *one, json_t *row)
{
	const pb_node ratings = pb_doc_at(one, "ratings");

	for (size_t i = 0, n = pb_doc_items(&ratings); i < n && one->r->rc == PB_OK; i++) {
		const pb_node rating = pb_doc_item(&ratings, i), score = pb_doc_at(&rating, "score");
		const char *vector = pb_doc_text_at(&rating, "vector"), *method = pb_doc_text_at(&rating, "method");

		if (strncmp(method, "CVSS", 4) == 0 || strncmp(vector, "CVSS:", 5) == 0)
			pb_vex_rate(one->r, row, vector, pb_vex_score(&score));
	}
}

static void put_one(const pb_node *one, const json_t *refs)
{
	pb_reading *r = one->r;
	const pb_node analysis = pb_doc_at(one, "analysis"), affects = pb_doc_at(one, "affects"), others = pb_doc_at(one, "references");
	const char *detail = pb_doc_text_at(&analysis, "detail");
	json_t *row;

	if (analysis.v != NULL && !pb_doc_is_object(&analysis))
		return;
	row = pb_vex_statement(r, pb_doc_text_at(one, "id"), status_of(pb_doc_text_at(&analysis, "state")));
	pb_doc_put(r, row, "justification", pb_doc_text_at(&analysis, "justification"));
	pb_doc_put(r, row, "says", detail[0] != '\0' ? detail : pb_doc_text_at(one, "detail"));
	put_ratings(one, row);
	for (size_t i = 0, n = pb_doc_items(&others); i < n && row != NULL; i++) {
		const pb_node other = pb_doc_item(&others, i);

		pb_doc_word(r, json_object_get(row, "aliases"), pb_doc_text_at(&other, "id"));
	}
	for (size_t i = 0, n = pb_doc_items(&affects); i < n && r->rc == PB_OK; i++) {
		const pb_node product = pb_doc_item(&affects, i);

		put_product(r, row, pb_doc_text_at(&product, "ref"), refs);
	}
}

void pb_cyclonedx_statements(const pb_node *root, const json_t *refs)
{
	const pb_node list = pb_doc_at(root, "vulnerabilities");

	for (size_t i = 0, n = pb_doc_items(&list); i < n && root->r->rc == PB_OK; i++) {
		const pb_node one = pb_doc_item(&list, i);

		pb_doc_must(&one);
		if (pb_doc_is_object(&one))
			put_one(&one, refs);
	}
}
