#include "evidence/vex.h"

#include <math.h>
#include <string.h>

json_t *pb_vex_statement(pb_reading *r, const char *vulnerability, const char *status)
{
	json_t *row = pb_doc_row(r, pb_doc_list(r, r->content, "statements"));

	if (row == NULL)
		return NULL;
	pb_doc_put(r, row, "vulnerability", vulnerability);
	pb_doc_put(r, row, "status", status);
	pb_doc_put(r, row, "justification", "");
	pb_doc_put(r, row, "says", "");
	pb_doc_put(r, row, "vector", "");
	pb_doc_put_new(r, row, "score_tenths", json_integer(-1));
	(void)pb_doc_list(r, row, "aliases");
	(void)pb_doc_list(r, row, "products");
	return row;
}

json_t *pb_vex_product(pb_reading *r, json_t *statement, const char *name, const char *purl)
{
	json_t *row = statement != NULL ? pb_doc_row(r, json_object_get(statement, "products")) : NULL;

	if (row == NULL)
		return NULL;
	pb_doc_put(r, row, "name", name);
	pb_doc_put(r, row, "version", "");
	pb_doc_put(r, row, "purl", purl);
	pb_doc_put(r, row, "cpe", "");
	pb_doc_digest_none(r, row);
	return row;
}

int pb_vex_score(const pb_node *number)
{
	double score;

	if (number->v == NULL)
		return -1;
	score = json_is_number(number->v) ? json_number_value(number->v) : -1;
	if (score >= 0 && score <= 10)
		return (int)lround(score * 10);
	pb_doc_refuse_at(number, "a score from 0 to 10 is wanted");
	return -1;
}

void pb_vex_rate(pb_reading *r, json_t *row, const char *vector, int tenths)
{
	const bool first = pb_json_str(row, "vector", "")[0] == '\0' && pb_json_int(row, "score_tenths", -1) < 0;

	if (row == NULL || (!first && tenths <= pb_json_int(row, "score_tenths", -1)))
		return;
	pb_doc_put(r, row, "vector", vector);
	pb_doc_put_new(r, row, "score_tenths", json_integer(tenths));
}
