/* Authenticode: the digest over a PE without its checksum, the place of its signature and the signature itself, against
 * the one that was signed. The layout is read here and not taken from YARA's tree, which leaves out what a damaged file
 * has. */
#include <string.h>

#include "base/hash.h"
#include "facts/binary.h"
#include "facts/signature.h"

enum { PE_HEADER = 0x3c, OPTIONAL = 24, CHECKSUM = 64, SECURITY = 4, TABLE_HEAD = 8, TYPE_PKCS7 = 2, PADDING = 8 };

static uint64_t little(pb_bytes b, size_t at, size_t n)
{
	pb_bytes part = pb_slice(b, at, n);
	uint64_t v = 0;

	for (size_t i = part.size; part.size == n && i-- > 0;)
		v = v << 8 | part.data[i];
	return v;
}

typedef struct layout {
	size_t checksum, directory; /* offsets of what is not hashed */
	size_t table, size;         /* the certificate table; size 0: there is none */
} layout;

static bool read_layout(pb_bytes b, layout *l)
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

/* Bytes behind the signature inside of its entry, without the zeros that fill it up: nothing signs them, and no digest
 * covers them. */
static size_t behind(pb_bytes entry, size_t used)
{
	pb_bytes rest = pb_slice(entry, used, entry.size);
	size_t n = rest.size;

	while (n > 0 && rest.data[n - 1] == 0)
		n--;
	return n == 0 && rest.size >= PADDING ? rest.size : n;
}

static void put_digest(pb_bytes b, const layout *l, const pb_pkcs7 *s, json_t *fact, bool *failed)
{
	const pb_bytes pieces[] = {
	    pb_slice(b, 0, l->checksum),
	    pb_slice(b, l->checksum + 4, l->directory - l->checksum - 4),
	    pb_slice(b, l->directory + 8, l->table - l->directory - 8),
	};
	uint8_t digest[64];
	size_t n = s->digest[0] != '\0' ? pb_hash_pieces(s->digest, pieces, sizeof pieces / sizeof pieces[0], digest) : 0;

	pb_put_text(fact, "digest", s->digest, failed);
	if (n > 0 && s->image)
		pb_put(fact, "digest_ok", json_boolean(n == s->value_size && memcmp(digest, s->value, n) == 0), failed);
}

json_t *pb_signature_pe(pb_bytes b, bool *failed)
{
	layout l;
	pb_pkcs7 s;
	json_t *fact;

	if (!read_layout(b, &l) || l.table == 0 || l.size == 0)
		return NULL;
	fact = json_object();
	pb_put_text(fact, "format", "authenticode", failed);
	size_t length = little(b, l.table, 4);
	pb_bytes entry = pb_slice(b, l.table + TABLE_HEAD, length > TABLE_HEAD ? length - TABLE_HEAD : 0);
	if (l.table < l.directory + 8 || l.size > b.size || l.table > b.size - l.size || length > l.size ||
	    little(b, l.table + 6, 2) != TYPE_PKCS7 || !pb_pkcs7_read(entry, (pb_bytes){NULL, 0}, &s)) {
		pb_put_text(fact, "broken", "the certificate table holds no signature that can be read", failed);
		return fact;
	}
	put_digest(b, &l, &s, fact, failed);
	pb_signature_put(fact, &s, failed);
	if (behind(entry, s.size) > 0)
		pb_put(fact, "behind", json_integer((json_int_t)behind(entry, s.size)), failed);
	if (b.size - l.table > l.size)
		pb_put(fact, "appended", json_integer((json_int_t)(b.size - l.table - l.size)), failed);
	return fact;
}
