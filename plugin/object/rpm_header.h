/* The index of an RPM header, read without copying. */
#ifndef PROBITY_OBJECT_RPM_HEADER_H
#define PROBITY_OBJECT_RPM_HEADER_H

#include "base/bytes.h"

typedef struct pb_rpm_header {
	pb_bytes index; /* 16 bytes for each entry: tag, type, offset into data, count; big-endian */
	pb_bytes data;
	pb_bytes whole; /* both with what stands before them: what a digest of the header is over */
	pb_bytes rest;  /* of the package, behind it: of the main header the payload */
} pb_rpm_header;

/* One entry; an entry that does not lie in the data is not there. */
typedef struct pb_rpm_value {
	uint32_t type, count;
	pb_bytes data; /* from the entry's offset to the end of all data: texts are read with pb_rpm_text */
} pb_rpm_value;

/* The signature header and the main header of a package; false where there is none, or one that lies. */
bool pb_rpm_headers(pb_bytes package, pb_rpm_header *signature, pb_rpm_header *main);
bool pb_rpm_find(const pb_rpm_header *h, uint32_t tag, pb_rpm_value *out);

/* The next text of an entry of texts: *value moves on. false: no more, or it does not end. */
bool pb_rpm_text(pb_rpm_value *value, pb_bytes *text);
/* The bytes of an entry of bytes; empty where it is another. */
pb_bytes pb_rpm_bytes(const pb_rpm_value *value);
/* The i-th number of an entry of 1, 2, 4 or 8 byte numbers; false where there is none. */
bool pb_rpm_number(const pb_rpm_value *value, uint32_t i, uint64_t *number);

#endif
