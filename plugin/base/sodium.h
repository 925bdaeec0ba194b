/* The one door to libsodium. Private to signature*.c. */
#ifndef PROBITY_BASE_SODIUM_H
#define PROBITY_BASE_SODIUM_H

#include <sodium.h>

#include "base/signature.h"

/* signature_text.c. A comment's line and the base64 line behind it; *at moves past both. comment: NULL, or where the comment begins (of
 * *comment_size bytes); prefix: what the line must begin with. raw gets exactly n bytes. false: it is not so. */
bool pb_sig_pair(pb_bytes text, size_t *at, const char *prefix, const char **comment, size_t *comment_size, uint8_t *raw, size_t n);
/* "PREFIX COMMENT\nBASE64\n", added to out. 0 or PB_ENOMEM. */
int pb_sig_pair_add(pb_buf *out, const char *prefix, const char *comment, const uint8_t *raw, size_t n);
/* Nothing but blank lines from at on? */
bool pb_sig_ends(pb_bytes text, size_t at);
/* base64 of exactly n bytes, nothing behind it. */
bool pb_sig_base64(const char *text, size_t size, uint8_t *raw, size_t n);

#define PB_SIG_UNTRUSTED "untrusted comment: "
#define PB_SIG_TRUSTED   "trusted comment: "

#endif
