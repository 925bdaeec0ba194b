/* Names in certificates: what their types are called, and one text for all of it. Private to bindings/; no Lua. */
#ifndef PROBITY_BINDINGS_CERTIFICATE_NAME_H
#define PROBITY_BINDINGS_CERTIFICATE_NAME_H

#include "base/buf.h"
#include "bindings/document.h"

/* "CN" for "2.5.4.3", "codeSigning" for "1.3.6.1.5.5.7.3.3"; oid itself where it has no name here. */
const char *pb_oid_name(const char *oid);

/* A value as UTF-8, in the document's memory; as it is where it is no text of its type. tag: as in DER. */
bool pb_name_value(pb_document *d, pb_bytes content, uint32_t tag, pb_string *out);

/* Appends "SEPARATOR TYPE=value", escaped as RFC 4514 has it. 0 or PB_ENOMEM. */
int pb_name_append(pb_buf *out, const char *separator, const char *type, pb_string value);

#endif
