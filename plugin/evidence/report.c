/* Reports of assessments: what came out, and by what. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/hash.h"
#include "evidence/ours.h"

static const char schema[] = "probity-report/1";

bool pb_is_report(const pb_reading *r)
{
	return strncmp(pb_json_str(r->json, "schema", ""), schema, sizeof schema - 2) == 0;
}

/* Its digest, as the log has it. Two spellings of one report would have two; inside of a statement the signature is over its text. */
static void canonical(pb_reading *r)
{
	char *text = pb_json_canonical(r->json), digest[65] = "";
	size_t n = text != NULL ? strlen(text) : 0;

	if (text == NULL || !pb_sha256_of((pb_bytes){(const uint8_t *)text, n}, digest))
		pb_doc_starved(r);
	else if (!r->about && (r->text.size < n || memcmp(r->text.data, text, n) != 0 || r->text.size > n + 1 || (r->text.size == n + 1 && r->text.data[n] != '\n')))
		pb_doc_refuse(r, "not as it was written: reports are read in their canonical form alone");
	pb_doc_put(r, r->content, "report_sha256", digest);
	free(text);
}

static void put_sha256(const pb_node *up, json_t *row, const char *key, const char *name)
{
	const pb_node at = pb_doc_at(up, key);
	const char *text = pb_doc_text(&at);
	char hex[129] = "";

	if (text[0] != '\0' && !pb_doc_hex_of(text, 64, hex))
		pb_doc_refuse_at(&at, "a SHA-256 in hex is wanted, not: %.80s", text);
	pb_doc_put(up->r, row, name, hex);
}

/* A statement's subjects are what its signer says that it is about: they must be what the report is about. */
static bool about(const pb_reading *r, const char *sha256)
{
	const json_t *row;
	size_t i;

	json_array_foreach (r->subjects, i, row)
		if (strcasecmp(pb_json_str(row, "sha256", ""), sha256) == 0)
			return true;
	return false;
}

static void put_product(const pb_node *product)
{
	const pb_node name = pb_doc_at(product, "name"), sha256 = pb_doc_at(product, "sha256");
	pb_reading *r = product->r;
	json_t *row;

	pb_doc_must(product);
	if (!pb_doc_is_object(product))
		return;
	pb_doc_must(&name);
	pb_doc_must(&sha256);
	if (r->about && !about(r, pb_doc_text(&sha256)))
		pb_doc_refuse_at(&sha256, "the statement around the report is about another product");
	row = pb_doc_subject(r, "", "");
	pb_doc_put_shown(r, row, "name", pb_doc_text(&name));
	put_sha256(product, row, "sha256", "sha256");
	pb_doc_put_shown(r, r->content, "name", pb_doc_text(&name));
	pb_doc_put_shown(r, r->content, "version", pb_doc_text_at(product, "version"));
	put_sha256(product, r->content, "sha256", "sha256");
}

static void put_score(const pb_node *score)
{
	static const char *const words[] = {"accept", "conditional", "reject", "not-rated"};
	static const char *const numbers[] = {"trust_tenths", "floor_tenths", "confidence_permille"};
	const pb_node decision = pb_doc_at(score, "decision"), until = pb_doc_at(score, "valid_until");
	const char *word;
	pb_reading *r = score->r;
	char expires[11];
	bool known = false;

	pb_doc_must(score);
	if (!pb_doc_is_object(score))
		return;
	word = pb_doc_text(&decision);
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		known |= strcmp(word, words[i]) == 0;
	if (!known)
		pb_doc_refuse_at(&decision, "no decision: %.80s", word);
	pb_doc_put(r, r->content, "decision", word);
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
		const pb_node one = pb_doc_at(score, numbers[i]);

		pb_doc_must(&one);
		pb_doc_put_new(r, r->content, numbers[i], json_integer((json_int_t)pb_doc_number(&one, 0, 1000, -1)));
	}
	pb_doc_day(&until, expires);
	pb_doc_dates(r, "", expires);
}

static void put_findings(const pb_node *findings)
{
	static const char *const severities[] = {"critical", "high", "medium", "low", "info"};
	enum { SEVERITIES = sizeof severities / sizeof *severities };
	json_int_t counts[SEVERITIES] = {0}, waived = 0;
	pb_reading *r = findings->r;
	json_t *out = pb_json_object_at(r->content, "findings");

	pb_doc_must(findings);
	if (out == NULL)
		pb_doc_starved(r);
	for (size_t i = 0, n = pb_doc_items(findings); i < n && r->rc == PB_OK; i++) {
		const pb_node one = pb_doc_item(findings, i), severity = pb_doc_at(&one, "severity"), borne = pb_doc_at(&one, "waived");
		const char *word = pb_doc_text(&severity);
		size_t k = 0;

		while (k < SEVERITIES && strcmp(word, severities[k]) != 0)
			k++;
		if (k == SEVERITIES)
			pb_doc_refuse_at(&severity, "no severity: %.80s", word);
		else
			counts[k]++;
		waived += pb_doc_text(&borne)[0] != '\0';
	}
	for (size_t k = 0; k < SEVERITIES; k++)
		pb_doc_put_new(r, out, severities[k], json_integer(counts[k]));
	pb_doc_put_new(r, out, "waived", json_integer(waived));
}

void pb_read_report(pb_reading *r)
{
	const pb_node root = pb_doc_root_of(r), product = pb_doc_at(&root, "product"), assessment = pb_doc_at(&root, "assessment");
	const pb_node policy = pb_doc_at(&assessment, "policy"), as_of = pb_doc_at(&assessment, "as_of"), score = pb_doc_at(&root, "score");
	const pb_node findings = pb_doc_at(&root, "findings");
	char day[11];

	pb_doc_says(r, "report", "%s", schema);
	if (strcmp(pb_json_str(r->json, "schema", ""), schema) != 0)
		pb_doc_refuse(r, "schema: %.80s is not %s", pb_json_str(r->json, "schema", ""), schema);
	canonical(r);
	put_product(&product);
	pb_doc_must(&assessment);
	(void)pb_doc_is_object(&assessment);
	pb_doc_must(&as_of);
	pb_doc_day(&as_of, day);
	pb_doc_dates(r, day, "");
	pb_doc_put(r, r->content, "as_of", day);
	(void)pb_doc_is_object(&policy);
	pb_doc_put_shown(r, r->content, "policy", pb_doc_text_at(&policy, "name"));
	put_sha256(&policy, r->content, "digest", "policy_digest");
	put_sha256(&assessment, r->content, "rules_digest", "rules_digest");
	put_score(&score);
	put_findings(&findings);
}
