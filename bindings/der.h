/* DER, element by element, in hostile bytes. Private to bindings/; no Lua. */
#ifndef PROBITY_BINDINGS_DER_H
#define PROBITY_BINDINGS_DER_H

#include "base/bytes.h"

typedef enum pb_der_class { PB_DER_UNIVERSAL, PB_DER_APPLICATION, PB_DER_CONTEXT, PB_DER_PRIVATE } pb_der_class;

/* Tags of the class universal that are read here. */
enum {
	PB_DER_BOOLEAN = 1,
	PB_DER_INTEGER = 2,
	PB_DER_BIT_STRING = 3,
	PB_DER_OCTET_STRING = 4,
	PB_DER_NULL = 5,
	PB_DER_OID = 6,
	PB_DER_ENUMERATED = 10,
	PB_DER_UTF8 = 12,
	PB_DER_SEQUENCE = 16,
	PB_DER_SET = 17,
	PB_DER_NUMERIC = 18,
	PB_DER_PRINTABLE = 19,
	PB_DER_T61 = 20,
	PB_DER_IA5 = 22,
	PB_DER_UTC_TIME = 23,
	PB_DER_TIME = 24,
	PB_DER_VISIBLE = 26,
	PB_DER_UNIVERSAL_STRING = 28,
	PB_DER_BMP = 30,
};

typedef struct pb_der {
	pb_der_class class;
	uint32_t tag;
	bool constructed;
	size_t at, header, length; /* where it begins; bytes of its header and of its content */
} pb_der;

enum { PB_DER_OID_MAX = 400, PB_DER_OID_BYTES = 64 };

/* The element of b at `at`, wholly inside of b. NULL, or why there is none: static. */
const char *pb_der_read(pb_bytes b, size_t at, pb_der *out);

/* Each of these reads the content of an element; false where it is none of its kind. */
bool pb_der_oid(pb_bytes content, char out[PB_DER_OID_MAX]); /* "1.2.840.113549.1.1.11"; of at most PB_DER_OID_BYTES */
bool pb_der_integer(pb_bytes content, int64_t *out);         /* false also where it needs more than 64 bits */
/* UTCTime or GeneralizedTime as DER has them, in UTC: days since 1970-01-01 (negative before), and the second of the day. */
bool pb_der_time(pb_bytes content, uint32_t tag, int64_t *days, int32_t *seconds);
/* Text as UTF-8 into out, room for 2 * content.size bytes. The number of bytes, or -1: no text, or not valid. */
ptrdiff_t pb_der_text(pb_bytes content, uint32_t tag, uint8_t *out);

int64_t pb_der_days(int64_t year, unsigned month, unsigned day); /* of the Gregorian calendar, since 1970-01-01 */

#endif
