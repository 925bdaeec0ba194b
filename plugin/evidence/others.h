/* Files of a dossier that are not evidence by themselves. Private to evidence/. */
#ifndef PROBITY_EVIDENCE_OTHERS_H
#define PROBITY_EVIDENCE_OTHERS_H

#include "evidence/reader.h"

bool pb_is_signature_file(const pb_reading *r);
void pb_read_signature_file(pb_reading *r);
bool pb_is_key_file(const pb_reading *r);
void pb_read_key_file(pb_reading *r);

#endif
