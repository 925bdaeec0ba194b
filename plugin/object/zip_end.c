/* Where does a zip end? Its end record stands behind its list of members; whatever is before the zip is none of its readers'
 * business. That is how programs carry one. */
#include <string.h>

#include "object/kind.h"

/* TAIL: a comment of 64 KiB may follow the end record, and behind a program's zip its signature. */
enum { END_RECORD = 22, CENTRAL_HEADER = 46, LOCATOR = 20, TAIL = 1 << 20 };

static size_t number(pb_bytes b, size_t at, size_t bytes)
{
	size_t n = 0;

	while (bytes-- > 0)
		n = n << 8 | b.data[at + bytes];
	return n;
}

static bool is_at(pb_bytes b, size_t at, const char signature[4])
{
	return b.size >= 4 && at <= b.size - 4 && memcmp(b.data + at, signature, 4) == 0;
}

/* Is there a list of members where this end record says? Its four letters alone are in the code of each program that packs or
 * unpacks zips. */
static bool ends_a_list(pb_bytes b, size_t at)
{
	size_t members = number(b, at + 10, 2), size = number(b, at + 12, 4), offset = number(b, at + 16, 4);

	if (at >= LOCATOR && is_at(b, at - LOCATOR, "PK\6\7")) /* its numbers stand in the zip64 record */
		return true;
	if (members == 0 || size < CENTRAL_HEADER)
		return false;
	return (size <= at && is_at(b, at - size, "PK\1\2")) || (offset < at && is_at(b, offset, "PK\1\2"));
}

size_t pb_zip_end(pb_bytes b)
{
	size_t at = b.size > TAIL ? b.size - TAIL : 0, found = 0;
	const uint8_t *p;

	while (b.size - at >= END_RECORD && (p = memmem(b.data + at, b.size - at, "PK\5\6", 4)) != NULL) {
		at = (size_t)(p - b.data);
		if (b.size - at < END_RECORD)
			break;
		size_t end = at + END_RECORD + number(b, at + 20, 2);
		if (end <= b.size && ends_a_list(b, at))
			found = end; /* the last one counts */
		at += 4;
	}
	return found;
}
