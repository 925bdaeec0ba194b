/* Detached signatures and keys: what verifies reads them; here they are only known, so that nobody takes them for evidence. */
#include "evidence/others.h"

#include <string.h>

#include "evidence/openpgp.h"
#include "evidence/signatures.h"

static bool begins(const pb_reading *r, const char *text)
{
	size_t n = strlen(text);

	return r->text.size >= n && memcmp(r->text.data, text, n) == 0;
}

static pb_detached kind_of(const pb_reading *r)
{
	const pb_dossier_file file = {.name = "", .bytes = r->text};

	return pb_detached_kind(&file);
}

bool pb_is_signature_file(const pb_reading *r)
{
	return r->json == NULL && kind_of(r) != PB_DETACHED_NONE;
}

void pb_read_signature_file(pb_reading *r)
{
	pb_detached kind = kind_of(r);

	pb_doc_says(r, "signature", "%s", kind == PB_DETACHED_MINISIGN ? "minisign" : kind == PB_DETACHED_PKCS7 ? "pkcs7" : "openpgp");
}

static const char *key_of(const pb_reading *r)
{
	if (begins(r, "untrusted comment:"))
		return "minisign";
	if (begins(r, "-----BEGIN PUBLIC KEY-----"))
		return "pem";
	if (begins(r, "-----BEGIN CERTIFICATE-----"))
		return "x509";
	return pb_openpgp_is_key(r->text) ? "openpgp" : NULL;
}

bool pb_is_key_file(const pb_reading *r)
{
	return r->json == NULL && key_of(r) != NULL;
}

void pb_read_key_file(pb_reading *r)
{
	const char *kind = key_of(r);

	pb_doc_says(r, "key", "%s", kind != NULL ? kind : "");
}
