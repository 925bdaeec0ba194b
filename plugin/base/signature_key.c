/* Secret keys: new ones, and their files, with a password (scrypt) and without. */
#include <string.h>

#include "base/sodium.h"

/* A secret key's base64, part by part. */
enum {
	LETTERS = 2,      /* of a name among them */
	AT_KIND = 0,      /* "Ed" */
	AT_KDF = 2,       /* "Sc", or zeros: no password */
	AT_SUM = 4,       /* "B2" */
	AT_SALT = 6,
	AT_OPS = 38,      /* little-endian */
	AT_MEMORY = 46,
	AT_SECRET = 54,   /* from here on hidden under the password: id, key, sum */
	AT_KEY = 62,
	AT_DIGEST = 126,
	SECRET_RAW = 158,
	HIDDEN = SECRET_RAW - AT_SECRET
};
_Static_assert(crypto_pwhash_scryptsalsa208sha256_SALTBYTES == AT_OPS - AT_SALT, "a salt of another size");

static uint64_t get64(const uint8_t *p)
{
	uint64_t v = 0;

	for (int i = 7; i >= 0; i--)
		v = v << 8 | p[i];
	return v;
}

static void put64(uint8_t *p, uint64_t v)
{
	for (int i = 0; i < 8; i++, v >>= 8)
		p[i] = (uint8_t)v;
}

int pb_secret_key_new(pb_secret_key *out, pb_error *err)
{
	uint8_t public[32];

	if (sodium_init() < 0 || crypto_sign_keypair(public, out->key) != 0)
		return pb_fail(err, PB_EINTERNAL, "libsodium cannot be used on this system");
	randombytes_buf(out->id, sizeof out->id);
	return PB_OK;
}

void pb_secret_key_wipe(pb_secret_key *key)
{
	sodium_memzero(key, sizeof *key);
}

/* libsodium's secret key ends in the public one. */
void pb_secret_key_public(const pb_secret_key *key, pb_public_key *out)
{
	memcpy(out->id, key->id, sizeof out->id);
	memcpy(out->key, key->key + 32, sizeof out->key);
}

/* Hides what is plain under the password, or the other way round. */
static int mask(uint8_t raw[SECRET_RAW], const char *password, pb_error *err)
{
	uint64_t ops = get64(raw + AT_OPS), memory = get64(raw + AT_MEMORY);
	uint8_t stream[HIDDEN];

	/* A key's file is text from outside: it must not make us compute for a year. */
	if (ops > crypto_pwhash_scryptsalsa208sha256_OPSLIMIT_SENSITIVE || memory > crypto_pwhash_scryptsalsa208sha256_MEMLIMIT_SENSITIVE)
		return pb_fail(err, PB_ELIMIT, "a secret key whose password takes more work than minisign ever asks for");
	if (crypto_pwhash_scryptsalsa208sha256(stream, sizeof stream, password, strlen(password), raw + AT_SALT, ops, (size_t)memory) != 0)
		return pb_fail(err, PB_ENOMEM, "not enough memory for the key's password: it takes %llu MiB", (unsigned long long)(memory >> 20));
	for (size_t i = 0; i < sizeof stream; i++)
		raw[AT_SECRET + i] ^= stream[i];
	sodium_memzero(stream, sizeof stream);
	return PB_OK;
}

static void sum(const uint8_t raw[SECRET_RAW], uint8_t out[32])
{
	crypto_generichash_state state;

	(void)crypto_generichash_init(&state, NULL, 0, 32);
	(void)crypto_generichash_update(&state, raw + AT_KIND, 2);
	(void)crypto_generichash_update(&state, raw + AT_SECRET, AT_DIGEST - AT_SECRET);
	(void)crypto_generichash_final(&state, out, 32);
	sodium_memzero(&state, sizeof state);
}

static bool read_raw(pb_bytes text, uint8_t raw[SECRET_RAW])
{
	size_t at = 0;

	return text.size <= PB_KEY_FILE_MAX && pb_sig_pair(text, &at, PB_SIG_UNTRUSTED, NULL, NULL, raw, SECRET_RAW) && pb_sig_ends(text, at) &&
	       memcmp(raw + AT_KIND, "Ed", LETTERS) == 0 && memcmp(raw + AT_SUM, "B2", LETTERS) == 0 &&
	       (memcmp(raw + AT_KDF, "Sc", LETTERS) == 0 || memcmp(raw + AT_KDF, "\0\0", LETTERS) == 0);
}

bool pb_secret_key_locked(pb_bytes text)
{
	uint8_t raw[SECRET_RAW];
	bool locked = read_raw(text, raw) && raw[AT_KDF] != 0;

	sodium_memzero(raw, sizeof raw);
	return locked;
}

/* Do its two halves belong together? A key that was put together from two signs what nobody can verify, or gives itself away. */
static bool whole(const uint8_t key[64])
{
	uint8_t public[32], again[64];
	bool is = crypto_sign_seed_keypair(public, again, key) == 0 && sodium_memcmp(again, key, sizeof again) == 0;

	sodium_memzero(again, sizeof again);
	return is;
}

int pb_secret_key_parse(pb_bytes text, const char *password, pb_secret_key *out, pb_error *err)
{
	uint8_t raw[SECRET_RAW] = {0}, digest[32] = {0};
	int rc = sodium_init() < 0 ? pb_fail(err, PB_EINTERNAL, "libsodium cannot be used on this system") : PB_OK;
	bool locked;

	if (rc == PB_OK && !read_raw(text, raw))
		rc = pb_fail(err, PB_EINPUT, "not a secret key of minisign's");
	if (rc != PB_OK)
		return rc;
	locked = raw[AT_KDF] != 0;
	if (locked && password == NULL)
		rc = pb_fail(err, PB_EINPUT, "this secret key has a password");
	else if (locked)
		rc = mask(raw, password, err);
	/* Without a password minisign leaves the sum at zero. */
	if (rc == PB_OK && (locked || !sodium_is_zero(raw + AT_DIGEST, 32)))
		sum(raw, digest);
	if (rc == PB_OK && (sodium_memcmp(digest, raw + AT_DIGEST, sizeof digest) != 0 || !whole(raw + AT_KEY)))
		rc = pb_fail(err, PB_EINPUT, locked ? "wrong password" : "a secret key that was changed");
	if (rc == PB_OK) {
		memcpy(out->id, raw + AT_SECRET, sizeof out->id);
		memcpy(out->key, raw + AT_KEY, sizeof out->key);
	}
	sodium_memzero(raw, sizeof raw);
	return rc;
}

int pb_secret_key_text(const pb_secret_key *key, const char *password, pb_buf *out, pb_error *err)
{
	uint8_t raw[SECRET_RAW] = {0};
	int rc = sodium_init() < 0 ? pb_fail(err, PB_EINTERNAL, "libsodium cannot be used on this system") : PB_OK;

	memcpy(raw + AT_KIND, "Ed", LETTERS);
	memcpy(raw + AT_SUM, "B2", LETTERS);
	memcpy(raw + AT_SECRET, key->id, sizeof key->id);
	memcpy(raw + AT_KEY, key->key, sizeof key->key);
	if (password != NULL && rc == PB_OK) {
		memcpy(raw + AT_KDF, "Sc", LETTERS);
		sum(raw, raw + AT_DIGEST);
		randombytes_buf(raw + AT_SALT, AT_OPS - AT_SALT);
		put64(raw + AT_OPS, crypto_pwhash_scryptsalsa208sha256_OPSLIMIT_SENSITIVE);
		put64(raw + AT_MEMORY, crypto_pwhash_scryptsalsa208sha256_MEMLIMIT_SENSITIVE);
		rc = mask(raw, password, err);
	}
	if (rc == PB_OK && pb_sig_pair_add(out, PB_SIG_UNTRUSTED, password != NULL ? "minisign encrypted secret key" : "minisign secret key", raw,
	                                   sizeof raw) != PB_OK)
		rc = pb_fail(err, PB_ENOMEM, "out of memory");
	sodium_memzero(raw, sizeof raw);
	return rc;
}
