/* security.txt, RFC 9116. Private to evidence/. */
#ifndef PROBITY_EVIDENCE_SECURITY_TXT_H
#define PROBITY_EVIDENCE_SECURITY_TXT_H

#include "evidence/reader.h"

bool pb_is_security_txt(const pb_reading *r);
void pb_read_security_txt(pb_reading *r);

#endif
