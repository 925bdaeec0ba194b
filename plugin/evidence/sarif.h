/* SARIF 2.1.0: what other tools found when they looked. Private to evidence/. */
#ifndef PROBITY_EVIDENCE_SARIF_H
#define PROBITY_EVIDENCE_SARIF_H

#include "evidence/reader.h"

bool pb_is_sarif(const pb_reading *r);
void pb_read_sarif(pb_reading *r);

#endif
