/* Our own statements, "probity-statement/1". Private to evidence/. */
#ifndef PROBITY_EVIDENCE_STATEMENT_H
#define PROBITY_EVIDENCE_STATEMENT_H

#include "evidence/reader.h"

bool pb_is_statement(const pb_reading *r);
void pb_read_statement(pb_reading *r);

#endif
