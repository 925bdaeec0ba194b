#include "base/signature.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/sodium.h"
#include "base/text.h"

/* What a public key's base64 holds; a signature's is alike: two letters, the id, 64 bytes. */
enum { LETTERS = 2, ID = 8, PUBLIC_RAW = LETTERS + ID + 32, SIGNATURE_RAW = LETTERS + ID + 64, HASH = 64 };

const char *pb_key_id_text(const uint8_t id[8], char out[PB_KEY_ID])
{
	/* minisign shows it as a number, whose lowest byte comes first in the file. */
	for (int i = 0; i < 8; i++)
		(void)snprintf(out + 2 * i, 3, "%02X", (unsigned)id[7 - i]);
	return out;
}

static int ready(pb_error *err)
{
	return sodium_init() < 0 ? pb_fail(err, PB_EINTERNAL, "libsodium cannot be used on this system") : PB_OK;
}

int pb_public_key_parse(pb_bytes text, pb_public_key *out, pb_error *err)
{
	uint8_t raw[PUBLIC_RAW];
	const char *s = (const char *)text.data;
	size_t at = 0, n = text.size;

	while (n > 0 && (s[n - 1] == '\n' || s[n - 1] == '\r'))
		n--;
	if (text.size > PB_KEY_FILE_MAX ||
	    (!(pb_sig_pair(text, &at, PB_SIG_UNTRUSTED, NULL, NULL, raw, sizeof raw) && pb_sig_ends(text, at)) &&
	     !pb_sig_base64(s, n, raw, sizeof raw)))
		return pb_fail(err, PB_EINPUT, "not a public key of minisign's");
	if (memcmp(raw, "Ed", LETTERS) != 0)
		return pb_fail(err, PB_EINPUT, "a public key of another kind than Ed25519");
	memcpy(out->id, raw + LETTERS, ID);
	memcpy(out->key, raw + LETTERS + ID, sizeof out->key);
	return PB_OK;
}

static void public_raw(const pb_public_key *key, uint8_t raw[PUBLIC_RAW])
{
	memcpy(raw, "Ed", LETTERS);
	memcpy(raw + LETTERS, key->id, ID);
	memcpy(raw + LETTERS + ID, key->key, sizeof key->key);
}

void pb_public_key_base64(const pb_public_key *key, char out[57])
{
	uint8_t raw[PUBLIC_RAW];

	public_raw(key, raw);
	(void)sodium_bin2base64(out, 57, raw, sizeof raw, sodium_base64_VARIANT_ORIGINAL);
}

int pb_public_key_text(const pb_public_key *key, pb_buf *out)
{
	char comment[60], id[PB_KEY_ID];
	uint8_t raw[PUBLIC_RAW];

	public_raw(key, raw);
	(void)snprintf(comment, sizeof comment, "minisign public key %s", pb_key_id_text(key->id, id));
	return pb_sig_pair_add(out, PB_SIG_UNTRUSTED, comment, raw, sizeof raw);
}

static bool hash(pb_bytes message, uint8_t out[HASH])
{
	return crypto_generichash(out, HASH, message.size > 0 ? message.data : (const uint8_t *)"", message.size, NULL, 0) == 0;
}

/* What the second signature covers, so that neither comment nor signature is put on another: the first one and the comment. */
static size_t global_message(const uint8_t signature[64], const char *trusted, uint8_t out[64 + PB_SIGNATURE_COMMENT])
{
	size_t n = strnlen(trusted, PB_SIGNATURE_COMMENT);

	memcpy(out, signature, 64);
	memcpy(out + 64, trusted, n);
	return 64 + n;
}

int pb_sign(pb_bytes message, const pb_secret_key *key, const char *trusted, pb_buf *out, pb_error *err)
{
	uint8_t digest[HASH], raw[SIGNATURE_RAW], global[64], text[64 + PB_SIGNATURE_COMMENT];
	size_t n = strlen(trusted);
	int rc = ready(err);

	if (rc != PB_OK)
		return rc;
	if (n > PB_SIGNATURE_COMMENT || strpbrk(trusted, "\r\n") != NULL)
		return pb_fail(err, PB_EINPUT, "a comment in a signature is one line of at most %d bytes", PB_SIGNATURE_COMMENT);
	memcpy(raw, "ED", LETTERS);
	memcpy(raw + LETTERS, key->id, ID);
	if (!hash(message, digest) || crypto_sign_detached(raw + LETTERS + ID, NULL, digest, sizeof digest, key->key) != 0)
		return pb_fail(err, PB_EINTERNAL, "libsodium did not sign");
	n = global_message(raw + LETTERS + ID, trusted, text);
	if (crypto_sign_detached(global, NULL, text, n, key->key) != 0)
		return pb_fail(err, PB_EINTERNAL, "libsodium did not sign");
	rc = pb_sig_pair_add(out, PB_SIG_UNTRUSTED, "signature from probity, in minisign's form", raw, sizeof raw);
	if (rc == PB_OK)
		rc = pb_sig_pair_add(out, PB_SIG_TRUSTED, trusted, global, sizeof global);
	return rc == PB_OK ? rc : pb_fail(err, rc, "out of memory");
}

int pb_sign_raw(pb_bytes message, const pb_secret_key *key, uint8_t out[64], pb_error *err)
{
	int rc = ready(err);

	if (rc == PB_OK && crypto_sign_detached(out, NULL, message.size > 0 ? message.data : (const uint8_t *)"", message.size, key->key) != 0)
		rc = pb_fail(err, PB_EINTERNAL, "libsodium did not sign");
	return rc;
}

int pb_signature_parse(pb_bytes text, pb_signature *out, pb_error *err)
{
	uint8_t raw[SIGNATURE_RAW];
	const char *comment;
	size_t at = 0, n;

	memset(out, 0, sizeof *out);
	if (text.size > PB_KEY_FILE_MAX || !pb_sig_pair(text, &at, PB_SIG_UNTRUSTED, NULL, NULL, raw, sizeof raw) ||
	    !pb_sig_pair(text, &at, PB_SIG_TRUSTED, &comment, &n, out->global, sizeof out->global) || !pb_sig_ends(text, at) ||
	    memchr(comment, '\0', n) != NULL)
		return pb_fail(err, PB_EINPUT, "not a signature of minisign's, or cut short");
	if (memcmp(raw, "Ed", LETTERS) == 0)
		return pb_fail(err, PB_EINPUT, "a signature of minisign's old form (-l): sign again without -l");
	if (memcmp(raw, "ED", LETTERS) != 0)
		return pb_fail(err, PB_EINPUT, "a signature of another kind than Ed25519");
	memcpy(out->id, raw + LETTERS, ID);
	memcpy(out->bytes, raw + LETTERS + ID, sizeof out->bytes);
	memcpy(out->trusted, comment, n);
	return PB_OK;
}

int pb_verify(pb_bytes message, const pb_signature *signature, const pb_public_key *key, pb_error *err)
{
	uint8_t digest[HASH], text[64 + PB_SIGNATURE_COMMENT];
	char theirs[PB_KEY_ID], ours[PB_KEY_ID];
	int rc = ready(err);

	if (rc != PB_OK)
		return rc;
	if (memcmp(signature->id, key->id, ID) != 0)
		return pb_fail(err, PB_EINPUT, "signed with key %s, not with %s", pb_key_id_text(signature->id, theirs),
		               pb_key_id_text(key->id, ours));
	if (!hash(message, digest))
		return pb_fail(err, PB_EINTERNAL, "libsodium did not make a digest");
	if (crypto_sign_verify_detached(signature->bytes, digest, sizeof digest, key->key) != 0)
		return pb_fail(err, PB_EINPUT, "the signature of key %s does not hold", pb_key_id_text(key->id, ours));
	if (crypto_sign_verify_detached(signature->global, text, global_message(signature->bytes, signature->trusted, text), key->key) != 0)
		return pb_fail(err, PB_EINPUT, "the signature of key %s does not hold for its comment", pb_key_id_text(key->id, ours));
	return PB_OK;
}
