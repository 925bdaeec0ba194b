/* What suppose.c and suppose_evidence.c share. Private to this folder. */
#ifndef PROBITY_REPORT_SUPPOSE_PARTS_H
#define PROBITY_REPORT_SUPPOSE_PARTS_H

#include "report/suppose.h"

/* 0, PB_EINPUT or PB_ENOMEM; told: a new reference. */
int pb_suppose_evidence(pb_reread *r, const char *value, const pb_evidence_name *names, json_t **told, pb_error *err);
json_t *pb_suppose_rows(const char (*rows)[8], size_t n);

#endif
