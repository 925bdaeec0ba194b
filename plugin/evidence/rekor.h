/* When was it signed? What a transparency log says of that, where a trust root has the log's key. */
#ifndef PROBITY_EVIDENCE_REKOR_H
#define PROBITY_EVIDENCE_REKOR_H

#include "evidence/chain.h"

enum { PB_REKOR_ENTRIES = 8, PB_REKOR_BODY = 1 << 20 };

/* material: the verification material of a Sigstore bundle (tlogEntries), or of a PEP 740 attestation (transparency_entries). Is there an entry
 * whose signed entry timestamp verifies with the key of a root of scope "rekor", of this payload, this signature (number i of e)
 * and this leaf (DER)? Then *at is the time (seconds) that the log gave it, which is not after the day as_of. false: why says why not. */
bool pb_rekor_time(const pb_trust *t, const json_t *material, const pb_dsse *e, size_t i, pb_bytes leaf, int64_t as_of, int64_t *at,
                   char why[PB_CHAIN_WHY]);

#endif
