/* Envelopes that somebody hands over, held against the trust roots. */
#ifndef PROBITY_CLI_SIGNED_H
#define PROBITY_CLI_SIGNED_H

#include "cli/dossier.h"
#include "evidence/dsse.h"
#include "evidence/trust.h"

enum { PB_SIGNED_MAX = 256 << 20 }; /* bytes of an envelope's file */

/* The roots of --trust, else of the usual folders. 0, or a code with err; *out is the caller's (pb_trust_free). */
int pb_signed_trust(const pb_dossier_options *o, pb_trust **out, pb_error *err);

/* Has a key signed it that a trust root names an assessor's on that day? key: the one it must be, as shown; NULL: any. root: that root's name, key_out (NULL: not wanted): the
 * key as shown. 0; PB_ECORRUPT: err says why not; PB_EINPUT, PB_EIO: roots cannot be read; PB_ENOMEM. */
int pb_signed_by_assessor(const pb_dossier_options *o, const pb_dsse *e, int64_t today, const char *key, char root[PB_ROOT_NAME], char key_out[PB_DSSE_KEYID],
                          pb_error *err);

/* A file that is to be an envelope of that payload type. 0; PB_EINPUT, PB_EIO: err names it. */
int pb_signed_file(const char *file, const char *type, pb_dsse *out, pb_error *err);

/* Signs with the key in that file and writes the envelope to output, NULL: standard output. 0, or a code with err. */
int pb_signed_write(const char *type, pb_bytes payload, const char *keyfile, const char *output, pb_error *err);

#endif
