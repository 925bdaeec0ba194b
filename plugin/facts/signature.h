/* Private to this room: the signatures of programs. */
#ifndef PROBITY_FACTS_SIGNATURE_H
#define PROBITY_FACTS_SIGNATURE_H

#include "base/pkcs7.h"
#include "facts/provider.h"

/* What a PKCS #7 signature says, added to the fact. */
void pb_signature_put(json_t *fact, const pb_pkcs7 *s, bool *failed);

/* Each makes the fact of its format: NULL where there is no signature. New; *failed: no memory. */
json_t *pb_signature_pe(pb_bytes b, bool *failed);
json_t *pb_signature_macho(pb_bytes b, bool *failed);

#endif
