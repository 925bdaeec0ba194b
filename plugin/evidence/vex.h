/* Rows of "statements": what somebody says of a vulnerability in products. Private to evidence/. */
#ifndef PROBITY_EVIDENCE_VEX_H
#define PROBITY_EVIDENCE_VEX_H

#include "evidence/reader.h"

bool pb_is_openvex(const pb_reading *r);
void pb_read_openvex(pb_reading *r);
bool pb_is_csaf(const pb_reading *r);
void pb_read_csaf(pb_reading *r);
bool pb_is_csaf_provider(const pb_reading *r);
void pb_read_csaf_provider(pb_reading *r);

/* A new row of content.statements, with all its fields. NULL: as pb_doc_row. */
json_t *pb_vex_statement(pb_reading *r, const char *vulnerability, const char *status);
/* A new row of its products, all its fields "" but these. */
json_t *pb_vex_product(pb_reading *r, json_t *statement, const char *name, const char *purl);

/* A base score of 0.0 to 10.0, in tenths; -1: absent. What is no such number is refused. */
int pb_vex_score(const pb_node *number);
/* Keeps the vector with the highest score. */
void pb_vex_rate(pb_reading *r, json_t *row, const char *vector, int tenths);

#endif
