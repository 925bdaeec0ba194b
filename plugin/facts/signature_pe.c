/* Authenticode: the digest over a PE without its checksum, the place of its signature and the signature itself, against
 * the one that was signed. */
#include "base/authenticode.h"
#include "facts/binary.h"
#include "facts/signature.h"

enum { PADDING = 8 };

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

json_t *pb_signature_pe(pb_bytes b, bool *failed)
{
	pb_authenticode l;
	pb_pkcs7 s;
	json_t *fact;
	int fits;

	if (!pb_authenticode_find(b, &l))
		return NULL;
	fact = json_object();
	pb_put_text(fact, "format", "authenticode", failed);
	if (l.entry.size == 0 || !pb_pkcs7_read(l.entry, (pb_bytes){NULL, 0}, &s)) {
		pb_put_text(fact, "broken", "the certificate table holds no signature that can be read", failed);
		return fact;
	}
	fits = pb_authenticode_fits(b, &l, &s);
	pb_put_text(fact, "digest", s.digest, failed);
	if (fits >= 0)
		pb_put(fact, "digest_ok", json_boolean(fits), failed);
	pb_signature_put(fact, &s, failed);
	if (behind(l.entry, s.size) > 0)
		pb_put(fact, "behind", json_integer((json_int_t)behind(l.entry, s.size)), failed);
	if (b.size - l.table > l.size)
		pb_put(fact, "appended", json_integer((json_int_t)(b.size - l.table - l.size)), failed);
	return fact;
}
