/** # require "probity.x509"
 * What a certificate says of itself. Nothing is fetched, no chain is followed, and nothing is called weak: that
 * is a check's to say.
 *
 * | `x509.decode(what, at)` | the certificate that begins exactly at `at` (0 by default) of an object, a slice or a string,
 *   DER or PEM (as `pem.decode` reads it), of at most 64 KiB; or `nil` and the reason
 *
 * A certificate is a table:
 *
 * | `subject` `issuer` | lists of `{ type = "CN", value = "..." }` in the order in which they are written; a type
 *   without a short name is its OID. Values are UTF-8, or the bytes as they are where they are no text
 * | `subject_text` `issuer_text` | the same as one text: `C=DE, O=Some\, Inc, CN=x+OU=y`
 * | `serial` | lower-case hex, with a `-` in front of a negative one
 * | `not_before` `not_after` | days (see `probity.date`; negative before 1970); `nil` where broken
 * | `key` `bits` | `"rsa"`, `"rsa-pss"`, `"dsa"`, `"ec"`, `"ed25519"`, `"ed448"`, ..., or an OID; its size
 * | `curve` `exponent` | of an EC key: `"prime256v1"`; of an RSA key, where it fits into 62 bits
 * | `signature` | the algorithm: `"sha256WithRSAEncryption"`
 * | `self_issued` `self_signed` | subject and issuer are equal; and its signature was verified with its own key:
 *   `nil` where that cannot be tried (a key or an algorithm that libcrypto does not take)
 * | `is_ca` `path_length` | as its basic constraints say: `false` and `nil` without them
 * | `usage` `extended_usage` | lists of names: `"keyCertSign"`, `"codeSigning"`; OIDs where they have none; `nil`
 *   where the certificate does not say
 * | `names` | its alternative names: list of `{ kind = "dns", value = "*.example.org" }`; kinds are `dns` `email`
 *   `uri` `ip` `oid`, and `name` and `other`, which have the value `""`
 * | `extensions` | list of `{ oid = "2.5.29.19", critical = true }`
 * | `broken` | list of what is there but cannot be read: `"version"`, `"key"`, `"serial"`, `"not_before"`, `"not_after"`,
 *   `"basicConstraints"`, `"keyUsage"`, `"extKeyUsage"`, `"subjectAltName"`
 * | `version` `length` | 1..3, `nil` where it is another; bytes of the certificate, or of the PEM block, for `found`
 * | `fingerprint` `spki_sha256` | SHA-256 of the certificate, and of its public key (SubjectPublicKeyInfo): hex
 *
 * It costs 5,000 instructions, and 50,000 more where a signature is verified. */
#include "bindings/armour.h"
#include "bindings/certificate.h"
#include "bindings/decode.h"

/* What libcrypto does with one, in instructions; the second where it checks a signature. */
enum { STEPS_PER_CERTIFICATE = 5000, STEPS_PER_SIGNATURE = 50000 };

/* x509.decode(what [, at]) -> certificate | nil, reason */
static int decode(lua_State *L)
{
	static const char *const no_options[] = {NULL};
	static const pb_format format = {"x509", pb_certificate_read, no_options, false};
	pb_bytes b = pb_slice(pb_subject_check(L, 1), pb_offset_opt(L, 2, 0), PB_ARMOUR_BYTES);

	lua_settop(L, 1);
	pb_sandbox_charge(L, STEPS_PER_CERTIFICATE);
	(void)pb_decode_push(L, &format, b, 0);
	if (lua_isnil(L, -2))
		return 2;
	lua_getfield(L, -2, "self_issued");
	if (lua_toboolean(L, -1))
		pb_sandbox_charge(L, STEPS_PER_SIGNATURE);
	lua_pop(L, 2);
	return 1;
}

static const luaL_Reg functions[] = {{"decode", decode}, {NULL, NULL}};

int pb_open_x509(lua_State *L)
{
	luaL_newlib(L, functions);
	return 1;
}
