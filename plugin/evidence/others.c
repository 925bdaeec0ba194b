/* Detached signatures and keys: what verifies reads them; here they are only known, so that nobody takes them for evidence. */
#include "evidence/others.h"

#include <string.h>

static bool begins(const pb_reading *r, const char *text)
{
	size_t n = strlen(text);

	return r->text.size >= n && memcmp(r->text.data, text, n) == 0;
}

static bool holds(const pb_reading *r, const char *text)
{
	pb_bytes head = pb_slice(r->text, 0, 4096);

	return head.size > 0 && memmem(head.data, head.size, text, strlen(text)) != NULL;
}

/* An OpenPGP packet of that tag in its first byte, old form or new, with a version behind its length. */
static bool packet(const pb_reading *r, unsigned tag)
{
	unsigned first = r->text.size > 8 ? r->text.data[0] : 0;
	size_t at;

	if ((first & 0xc0) == 0xc0) {
		if ((first & 0x3f) != tag)
			return false;
		at = r->text.data[1] < 192 ? 2 : r->text.data[1] < 224 ? 3 : 6;
	} else {
		if ((first & 0x80) == 0 || ((first >> 2) & 15) != tag || (first & 3) == 3)
			return false;
		at = 1 + ((size_t)1 << (first & 3));
	}
	return r->text.data[at] >= 3 && r->text.data[at] <= 6;
}

bool pb_is_signature_file(const pb_reading *r)
{
	if (r->json != NULL)
		return false;
	return (begins(r, "untrusted comment:") && holds(r, "\ntrusted comment:")) || begins(r, "-----BEGIN PGP SIGNATURE-----") ||
	       begins(r, "-----BEGIN PKCS7-----") || begins(r, "-----BEGIN CMS-----") || packet(r, 2);
}

void pb_read_signature_file(pb_reading *r)
{
	pb_doc_says(r, "signature", "%s", begins(r, "untrusted") ? "minisign" : holds(r, "PKCS7-") || holds(r, " CMS-") ? "pkcs7" : "openpgp");
}

bool pb_is_key_file(const pb_reading *r)
{
	if (r->json != NULL)
		return false;
	return begins(r, "untrusted comment:") || begins(r, "-----BEGIN PGP PUBLIC KEY BLOCK-----") || begins(r, "-----BEGIN PUBLIC KEY-----") ||
	       begins(r, "-----BEGIN CERTIFICATE-----") || packet(r, 6);
}

void pb_read_key_file(pb_reading *r)
{
	pb_doc_says(r, "key", "%s", begins(r, "untrusted") ? "minisign" : holds(r, " CERTIFICATE-") ? "x509" : holds(r, "BEGIN PUBLIC KEY-") ? "pem" : "openpgp");
}
