/* OSV: records of vulnerabilities, the offline snapshot. Private to evidence/. */
#ifndef PROBITY_EVIDENCE_OSV_H
#define PROBITY_EVIDENCE_OSV_H

#include "evidence/reader.h"

bool pb_is_osv(const pb_reading *r);
void pb_read_osv(pb_reading *r);

#endif
