#include "base/authenticode.h"

#include <string.h>

#include "base/hash.h"

enum { PE_HEADER = 0x3c, OPTIONAL = 24, CHECKSUM = 64, SECURITY = 4, TABLE_HEAD = 8, TYPE_PKCS7 = 2 };

static uint64_t little(pb_bytes b, size_t at, size_t n)
{
	pb_bytes part = pb_slice(b, at, n);
	uint64_t v = 0;

	for (size_t i = part.size; part.size == n && i-- > 0;)
		v = v << 8 | part.data[i];
	return v;
}

static bool read_layout(pb_bytes b, pb_authenticode *l)
{
	size_t pe = little(b, PE_HEADER, 4), optional = pe + OPTIONAL;
	uint64_t magic = little(b, optional, 2);
	size_t directories = optional + (magic == 0x20b ? 112 : 96);

	if (little(b, pe, 4) != 0x4550 || (magic != 0x10b && magic != 0x20b) || little(b, directories - 4, 4) <= SECURITY)
		return false;
	l->checksum = optional + CHECKSUM;
	l->directory = directories + 8 * SECURITY;
	l->table = little(b, l->directory, 4);
	l->size = little(b, l->directory + 4, 4);
	return l->directory + 8 <= b.size;
}

bool pb_authenticode_find(pb_bytes file, pb_authenticode *out)
{
	size_t length;

	memset(out, 0, sizeof *out);
	if (!read_layout(file, out) || out->table == 0 || out->size == 0)
		return false;
	length = little(file, out->table, 4);
	if (out->table >= out->directory + 8 && out->size <= file.size && out->table <= file.size - out->size && length <= out->size &&
	    length > TABLE_HEAD && little(file, out->table + 6, 2) == TYPE_PKCS7)
		out->entry = pb_slice(file, out->table + TABLE_HEAD, length - TABLE_HEAD);
	return true;
}

int pb_authenticode_fits(pb_bytes file, const pb_authenticode *at, const pb_pkcs7 *s)
{
	const pb_bytes pieces[] = {
	    pb_slice(file, 0, at->checksum),
	    pb_slice(file, at->checksum + 4, at->directory - at->checksum - 4),
	    pb_slice(file, at->directory + 8, at->table - at->directory - 8),
	};
	uint8_t digest[64];
	size_t n = s->digest[0] != '\0' ? pb_hash_pieces(s->digest, pieces, sizeof pieces / sizeof pieces[0], digest) : 0;

	return n == 0 || !s->image ? -1 : n == s->value_size && memcmp(digest, s->value, n) == 0;
}
