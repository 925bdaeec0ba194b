/* Private to trust*.c. */
#ifndef PROBITY_EVIDENCE_TRUST_INSIDE_H
#define PROBITY_EVIDENCE_TRUST_INSIDE_H

#include "evidence/trust.h"

/* What a root's key text holds. */
typedef struct pb_root_key {
	pb_root_method method;
	pb_public_key minisign;
	pb_verifier *verifier;
	pb_buf shown;   /* its fingerprint; of OpenPGP all primary ones, blanks between */
	json_t *prints; /* what makes it this key and no other, however it is kept */
} pb_root_key;

/* OpenPGP keys go into ring. 0 and *out is the caller's, or PB_EINPUT, PB_ENOMEM. */
int pb_root_key_read(pb_bytes text, pb_openpgp *ring, pb_root_key *out, pb_error *err);
void pb_root_key_free(pb_root_key *k);

/* The bytes of "text" of a root, added to out. 0, PB_EINPUT, PB_ENOMEM. */
int pb_root_text(const json_t *text, pb_buf *out);

#endif
