/* Earlier assessments: the hash-chained log that Probity keeps (store/README.md), and its reports. Private to evidence/. */
#ifndef PROBITY_EVIDENCE_RECORD_H
#define PROBITY_EVIDENCE_RECORD_H

#include "evidence/reader.h"

bool pb_is_log(const pb_reading *r);
void pb_read_log(pb_reading *r);
bool pb_is_report(const pb_reading *r);
void pb_read_report(pb_reading *r);

#endif
