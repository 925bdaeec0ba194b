/* Waivers, "probity-waivers/1". Private to evidence/. */
#ifndef PROBITY_EVIDENCE_WAIVERS_H
#define PROBITY_EVIDENCE_WAIVERS_H

#include "evidence/reader.h"

bool pb_is_waivers(const pb_reading *r);
void pb_read_waivers(pb_reading *r);

#endif
