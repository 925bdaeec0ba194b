/* X.509 certificates, through libcrypto. Private to bindings/; no Lua. */
#ifndef PROBITY_BINDINGS_CERTIFICATE_H
#define PROBITY_BINDINGS_CERTIFICATE_H

#include "bindings/document.h"

/* The certificate at the start of text, DER or armoured, as a table. A pb_reader: flags must be 0. */
int pb_certificate_read(pb_document *d, pb_bytes text, unsigned flags);

#endif
