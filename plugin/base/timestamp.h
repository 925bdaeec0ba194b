/* Time stamps of RFC 3161: when somebody saw a signature. */
#ifndef PROBITY_BASE_TIMESTAMP_H
#define PROBITY_BASE_TIMESTAMP_H

#include "base/pkcs7.h"

/* token: of pb_pkcs7_token, over value, the bytes of a signature. Is it signed with the key of its own certificate, over SHA-256 or better of just this
 * value? Then *at (seconds since 1970) is what it says. Whose certificate that is, nobody asked. */
bool pb_timestamp_read(pb_bytes token, pb_bytes value, int64_t *at);

#endif
