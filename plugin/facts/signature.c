/* The fact "signature": does what is signed fit the bytes, and who signed it? Whether that somebody may be trusted is
 * nobody's to say here: no chain is followed, no root is known. */
#include "facts/signature.h"

#include <string.h>

#include "base/hash.h"
#include "facts/binary.h"
#include "facts/fields.h"

static void put_raw_text(json_t *fact, const char *key, const char *text, bool *failed)
{
	if (text[0] != '\0')
		pb_put(fact, key, pb_json_display(text, strlen(text), PB_PKCS7_TEXT), failed);
}

void pb_signature_put(json_t *fact, const pb_pkcs7 *s, bool *failed)
{
	put_raw_text(fact, "subject", s->subject, failed);
	put_raw_text(fact, "organisation", s->organisation, failed);
	put_raw_text(fact, "issuer", s->issuer, failed);
	put_raw_text(fact, "fingerprint", s->fingerprint, failed);
	if (s->not_before != INT64_MIN)
		pb_put(fact, "not_before", json_integer((json_int_t)s->not_before), failed);
	if (s->not_after != INT64_MIN)
		pb_put(fact, "not_after", json_integer((json_int_t)s->not_after), failed);
	pb_put(fact, "timestamped", json_boolean(s->timestamped), failed);
	if (s->fingerprint[0] != '\0')
		pb_put(fact, "self_signed", json_boolean(s->self_signed), failed);
	if (s->verified >= 0)
		pb_put(fact, "verified", json_boolean(s->verified), failed);
	if (s->unsigned_size > 0)
		pb_put(fact, "unsigned_bytes", json_integer((json_int_t)s->unsigned_size), failed);
}

/* META-INF/X.RSA, x.p7s: the content lies elsewhere, but its digest is in it. */
static json_t *detached(pb_bytes b, bool *failed)
{
	pb_pkcs7 s;
	json_t *fact;
	char hex[2 * sizeof s.value + 1];

	if (!pb_pkcs7_read(b, (pb_bytes){NULL, 0}, &s))
		return NULL;
	fact = json_object();
	pb_put_text(fact, "format", "pkcs7", failed);
	pb_put_text(fact, "digest", s.digest, failed);
	for (size_t i = 0; i < s.value_size; i++) {
		hex[2 * i] = "0123456789abcdef"[s.value[i] >> 4];
		hex[2 * i + 1] = "0123456789abcdef"[s.value[i] & 15];
	}
	hex[2 * s.value_size] = '\0';
	pb_put_text(fact, "content", hex, failed);
	pb_signature_put(fact, &s, failed);
	return fact;
}

int pb_fact_signature(pb_look *look)
{
	pb_bytes b = look->object->bytes;
	const char *kind = look->object->kind->name;
	bool failed = false;
	json_t *fact = strcmp(kind, "pe") == 0      ? pb_signature_pe(b, &failed)
	               : strcmp(kind, "macho") == 0 ? pb_signature_macho(b, &failed)
	               : strcmp(kind, "der") == 0   ? detached(b, &failed)
	                                            : NULL;

	if (failed) {
		json_decref(fact);
		return PB_ENOMEM;
	}
	return fact != NULL ? pb_look_set(look, "signature", fact) : 0;
}
