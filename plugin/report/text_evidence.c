/* What the supplier handed in, and what became of each claim in it. */
#include <string.h>

#include "report/text.h"

enum { NAME_COLUMN = 4, SHOWN = 12 };

/* "sbom, signed by acme (vendor), counts 71.0 % at its age" */
static void one_document(pb_page *p, const json_t *d)
{
	const char *state = pb_json_str(d, "state", ""), *kind = pb_json_str(d, "kind", "?"), *why = pb_json_str(d, "why", "");
	int64_t fresh = pb_json_int(d, "freshness", 0);
	const json_t *s, *best = NULL;
	size_t i;

	pb_page_bullet(p);
	pb_page_flow(p, PB_PLAIN, NAME_COLUMN, pb_json_str(d, "name", "?"));
	if (strcmp(state, "read") != 0) {
		pb_page_flowf(p, PB_YELLOW, NAME_COLUMN, "  %s%s%s", strcmp(state, "unknown") == 0 ? "of no known kind" : state, why[0] != '\0' ? ": " : "", why);
		pb_page_line(p);
		return;
	}
	json_array_foreach(json_object_get(d, "signatures"), i, s)
		if (json_is_true(json_object_get(s, "verified")) && pb_json_str(s, "root", "")[0] != '\0' && best == NULL)
			best = s;
	pb_page_flowf(p, PB_DIM, NAME_COLUMN, "  %s, ", kind);
	if (best != NULL)
		pb_page_flowf(p, PB_PLAIN, NAME_COLUMN, "signed by %s (%s)", pb_json_str(best, "root", ""), pb_json_str(best, "role", ""));
	else
		pb_page_flow(p, PB_PLAIN, NAME_COLUMN,
		             json_array_size(json_object_get(d, "signatures")) > 0 ? "signed by nobody who is trusted here" : "unsigned");
	if (fresh <= 0)
		pb_page_flow(p, PB_YELLOW, NAME_COLUMN, ", expired or without a date that counts");
	else if (fresh < 1000)
		pb_page_flowf(p, PB_DIM, NAME_COLUMN, ", counts %lld.%lld %% at its age", (long long)(fresh / 10), (long long)(fresh % 10));
	pb_page_line(p);
}

static pb_style style_of(const char *status)
{
	if (strcmp(status, "agrees") == 0)
		return PB_GREEN;
	return strcmp(status, "contradicts") == 0 ? PB_RED : PB_YELLOW;
}

static void one_statement(pb_page *p, const json_t *s)
{
	const char *status = pb_json_str(s, "status", "?"), *why = pb_json_str(s, "why", "");

	pb_page_to(p, 2);
	pb_page_putf(p, style_of(status), "%-11s ", status);
	pb_page_flowf(p, PB_PLAIN, 14, "%s%s%s", pb_json_str(s, "claim", "?"), why[0] != '\0' ? ": " : "", why);
	pb_page_flowf(p, PB_DIM, 14, " (%s)", pb_json_str(s, "document", "?"));
	pb_page_line(p);
}

enum { RANKS = 3 };

/* Detached signatures and keys are told with the document that they are of. */
static int rank_document(const json_t *d)
{
	const char *kind = pb_json_str(d, "kind", "");

	return strcmp(kind, "signature") == 0 || strcmp(kind, "key") == 0 ? RANKS : 0;
}

/* What is false must not stand behind "and 25 more". */
static int rank_statement(const json_t *s)
{
	const char *status = pb_json_str(s, "status", "");

	if (strcmp(status, "contradicts") == 0)
		return 0;
	return strcmp(status, "agrees") == 0 ? 2 : 1;
}

/* Rank by rank, those of RANKS only with -v. */
static void some(pb_page *p, const json_t *rows, int (*rank)(const json_t *), void (*one)(pb_page *, const json_t *))
{
	size_t i, shown = 0, all = json_array_size(rows);
	json_t *row;

	for (int at = 0; at <= (p->verbose ? RANKS : RANKS - 1); at++)
		json_array_foreach(rows, i, row)
			if (rank(row) == at && (shown < SHOWN || p->verbose)) {
				one(p, row);
				shown++;
			}
	if (shown < all) {
		pb_page_to(p, 2);
		pb_page_putf(p, PB_DIM, "and %zu more (-v shows all)", all - shown);
		pb_page_line(p);
	}
}

void pb_text_evidence(pb_page *p, const json_t *report)
{
	const json_t *evidence = json_object_get(report, "evidence"), *statements = json_object_get(report, "statements");

	if (json_array_size(evidence) == 0)
		return;
	pb_page_heading(p, "EVIDENCE", "what was handed in, and its claims held against the product");
	some(p, evidence, rank_document, one_document);
	some(p, statements, rank_statement, one_statement);
}
