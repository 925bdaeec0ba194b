#include "bindings/der.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "bindings/document.h"

/* [pos] of b: 7 bits a byte, the highest bit of all but the last set. false: cut off, more than 32 bits, or not the shortest.
 */
static bool read_base128(pb_bytes b, size_t *pos, uint32_t *out)
{
	uint32_t value = 0;

	for (size_t i = *pos; i < b.size; i++) {
		if (value > UINT32_MAX >> 7 || (i == *pos && b.data[i] == 0x80))
			return false;
		value = value << 7 | (b.data[i] & 0x7f);
		if (b.data[i] < 0x80) {
			*pos = i + 1;
			*out = value;
			return true;
		}
	}
	return false;
}

/* The length at *pos of b. NULL, or what is wrong. */
static const char *read_length(pb_bytes b, size_t *pos, uint64_t *out)
{
	size_t bytes;

	if (*pos >= b.size)
		return "the header is cut off";
	*out = b.data[(*pos)++];
	if (*out < 0x80)
		return NULL;
	bytes = *out & 0x7f;
	if (bytes == 0)
		return "a length that is not told (BER, not DER)";
	if (bytes > 7)
		return "a length of more than 7 bytes";
	if (bytes > b.size - *pos)
		return "the header is cut off";
	*out = 0;
	for (size_t i = 0; i < bytes; i++)
		*out = *out << 8 | b.data[*pos + i];
	if (*out < 0x80 || *out >> (8 * (bytes - 1)) == 0)
		return "a length that is not the shortest (BER, not DER)";
	*pos += bytes;
	return NULL;
}

const char *pb_der_read(pb_bytes b, size_t at, pb_der *out)
{
	pb_bytes e = pb_slice(b, at, b.size);
	size_t pos = 1;
	uint64_t length;
	const char *why;

	memset(out, 0, sizeof *out);
	if (e.size == 0)
		return "nothing there";
	out->at = at;
	out->class = (pb_der_class)(e.data[0] >> 6);
	out->constructed = (e.data[0] & 0x20) != 0;
	out->tag = e.data[0] & 0x1f;
	if (out->tag == 0x1f && (!read_base128(e, &pos, &out->tag) || out->tag < 0x1f))
		return "a tag that is not valid";
	why = read_length(e, &pos, &length);
	if (why != NULL)
		return why;
	if (length > e.size - pos)
		return "longer than what holds it";
	out->header = pos;
	out->length = (size_t)length;
	return NULL;
}

bool pb_der_oid(pb_bytes content, char out[PB_DER_OID_MAX])
{
	size_t pos = 0, n;
	uint32_t arc, top;

	if (content.size == 0 || content.size > PB_DER_OID_BYTES || !read_base128(content, &pos, &arc))
		return false;
	top = arc < 80 ? arc / 40 : 2;
	n = (size_t)snprintf(out, PB_DER_OID_MAX, "%u.%u", top, arc - 40 * top);
	while (pos < content.size) { /* at most 4 characters a byte: what needs 11 needs 5 bytes */
		if (!read_base128(content, &pos, &arc))
			return false;
		n += (size_t)snprintf(out + n, PB_DER_OID_MAX - n, ".%u", arc);
	}
	return true;
}

bool pb_der_integer(pb_bytes content, int64_t *out)
{
	uint64_t value;

	if (content.size == 0 || content.size > 8)
		return false;
	if (content.size > 1 && (content.data[0] == 0 || content.data[0] == 0xff) &&
	    content.data[0] >> 7 == content.data[1] >> 7)
		return false; /* not the shortest */
	value = content.data[0] & 0x80 ? UINT64_MAX : 0;
	for (size_t i = 0; i < content.size; i++)
		value = value << 8 | content.data[i];
	memcpy(out, &value, sizeof *out);
	return true;
}

int64_t pb_der_days(int64_t year, unsigned month, unsigned day)
{
	int64_t y = year - (month <= 2), era = (y >= 0 ? y : y - 399) / 400, of_era = y - era * 400;
	int64_t of_year = (153 * ((int64_t)month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static bool digits(const uint8_t *p, size_t n, unsigned *out)
{
	*out = 0;
	for (size_t i = 0; i < n; i++) {
		if (p[i] < '0' || p[i] > '9')
			return false;
		*out = *out * 10 + (p[i] - '0');
	}
	return true;
}

bool pb_der_time(pb_bytes content, uint32_t tag, int64_t *days, int32_t *seconds)
{
	static const uint8_t lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	size_t of_year = tag == PB_DER_UTC_TIME ? 2 : 4;
	unsigned year, part[5]; /* month, day, hour, minute, second */
	bool leap;

	if ((tag != PB_DER_UTC_TIME && tag != PB_DER_TIME) || content.size != of_year + 11 ||
	    content.data[of_year + 10] != 'Z' || !digits(content.data, of_year, &year))
		return false;
	for (size_t i = 0; i < 5; i++)
		if (!digits(content.data + of_year + 2 * i, 2, &part[i]))
			return false;
	if (of_year == 2)
		year += year < 50 ? 2000 : 1900;
	leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
	if (part[0] < 1 || part[0] > 12 || part[1] < 1 || part[1] > lengths[part[0] - 1] + (unsigned)(part[0] == 2 && leap) ||
	    part[2] > 23 || part[3] > 59 || part[4] > 59)
		return false;
	*days = pb_der_days(year, part[0], part[1]);
	*seconds = (int32_t)(part[2] * 3600 + part[3] * 60 + part[4]);
	return true;
}

/* Characters of `width` bytes each. A surrogate is none. */
static ptrdiff_t wide_text(pb_bytes content, size_t width, uint8_t *out)
{
	size_t n = 0;

	if (content.size % width != 0)
		return -1;
	for (size_t i = 0; i < content.size; i += width) {
		uint32_t c = 0;

		for (size_t k = 0; k < width; k++)
			c = c << 8 | content.data[i + k];
		if (c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
			return -1;
		n += pb_utf8_put(c, (char *)&out[n]);
	}
	return (ptrdiff_t)n;
}

ptrdiff_t pb_der_text(pb_bytes content, uint32_t tag, uint8_t *out)
{
	switch (tag) {
	case PB_DER_UTF8:
		if (!pb_text_utf8(content.size > 0 ? content.data : (const uint8_t *)"", content.size))
			return -1;
		break;
	case PB_DER_NUMERIC:
	case PB_DER_PRINTABLE:
	case PB_DER_IA5:
	case PB_DER_VISIBLE:
		for (size_t i = 0; i < content.size; i++)
			if (content.data[i] > 0x7e)
				return -1;
		break;
	case PB_DER_T61: /* as everybody reads it: Latin-1 */
		return wide_text(content, 1, out);
	case PB_DER_BMP:
		return wide_text(content, 2, out);
	case PB_DER_UNIVERSAL_STRING:
		return wide_text(content, 4, out);
	default:
		return -1;
	}
	if (content.size > 0)
		memcpy(out, content.data, content.size);
	return (ptrdiff_t)content.size;
}
