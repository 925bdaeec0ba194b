/* Does a certificate lead to a trust root's? X.509 chains: no store of the system, no network, no list of revoked ones. */
#ifndef PROBITY_EVIDENCE_CHAIN_H
#define PROBITY_EVIDENCE_CHAIN_H

#include "base/pkcs7.h"
#include "evidence/trust.h"

enum { PB_CHAIN_DEPTH = 8, PB_CHAIN_WHY = 300, PB_CHAIN_NAME = 300 };

/* Who signed, and what came with it; nothing is owned here. Each is of at most PB_PKCS7_CERTIFICATE bytes. */
typedef struct pb_chain {
	pb_bytes leaf;
	pb_bytes others[PB_PKCS7_CERTIFICATES];
	size_t n;
	bool stamps; /* it is who stamps times, not who signs software or documents */
} pb_chain;

/* Does it lead to this CA's certificate (DER), in at most PB_CHAIN_DEPTH steps, at a time (seconds since 1970)? Each certificate must
 * be valid then; each CA must say that it is one; names that a CA may not sign for, keys below 112 bits, MD5 and SHA-1 do not count; a
 * leaf for TLS servers alone does not sign software. why, of PB_CHAIN_WHY bytes: why not. */
bool pb_chain_leads(const pb_chain *c, pb_bytes root, int64_t at, char why[PB_CHAIN_WHY]);

/* From when to when (seconds) is the leaf valid? false: it is no certificate. */
bool pb_chain_leaf_valid(pb_bytes leaf, int64_t *from, int64_t *until);

/* {"names":[...],"subjects":[...],"issuer":""}: what a leaf says of whom it is for (names: URI, e-mail, DNS of subjectAltName; subjects: common name and
 * organisation, which not every CA looks into), and who vouched for that (Fulcio's extension 1.3.6.1.4.1.57264.1.8, or .1.1). Text without control characters; others are
 * left out. New reference; NULL: no certificate, or no memory. */
json_t *pb_chain_identity(pb_bytes leaf);

/* Which root is it that vouches for this leaf on that day, at that time? Of its scope, "identity:GLOB" (of a root of role builder: every word but
 * these) must fit a name of the leaf, "subject:GLOB" a subject, "issuer:GLOB" who vouched for it. Roots with the scope "rekor" or "timestamp" vouch for times only. NULL:
 * none, and why says why not: what the root that came nearest says. name, of PB_CHAIN_NAME bytes: the name that fitted, or the first one. */
const pb_root *pb_chain_root(const pb_trust *t, const pb_chain *c, int64_t at, char name[PB_CHAIN_NAME], char why[PB_CHAIN_WHY]);

/* Does it lead, at that time, to a CA root of scope "timestamp" that counts on the day as_of? */
bool pb_chain_stamps(const pb_trust *t, const pb_chain *c, int64_t at, int64_t as_of);

/* What is left of a root's scope for those whom it vouches for by a chain: without identities. New reference; NULL: no memory. */
json_t *pb_chain_scope(const pb_root *root);

/* Has the root's scope this word? */
bool pb_chain_scope_has(const pb_root *root, const char *word);

/* The last second of a day. */
int64_t pb_chain_end_of(int64_t day);

#endif
