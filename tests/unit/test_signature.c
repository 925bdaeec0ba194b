/* Signatures and keys in minisign's files: round trips, and what must not be taken for one. (The program itself: tests/cli/pack.sh.) */
#include "base/signature.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Made by minisign 0.11 of Debian 12: minisign -G -W, minisign -S -W over "hi\n". */
static const char their_public[] = "untrusted comment: minisign public key 11CF01A93D098392\n"
                                   "RWSSgwk9qQHPEXXb3ftHgW3E+Dmg8+3UyxQR7OScwuqkFFofLIpyObNS\n";
static const char their_secret[] = "untrusted comment: minisign encrypted secret key\n"
                                   "RWQAAEIyAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAkoMJPakBzxEtH/8cyjKlOJG2yfXvqViZKQfB"
                                   "3e8j6G72+wk61tnSaXXb3ftHgW3E+Dmg8+3UyxQR7OScwuqkFFofLIpyObNSAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n";
static const char their_signature[] =
    "untrusted comment: signature from minisign secret key\n"
    "RUSSgwk9qQHPEV8heHFttFUqsMrJlVYPAftyrMQnicvQ3ABMP2eoEQTGE2gwPFUXFkRFgcLlOmBzyA14JJZSekEegsuHcLAMpwk=\n"
    "trusted comment: timestamp:1795320845\tfile:f\thashed\n"
    "3Y3Wd6rgyGQQTmc37tFXsnHTf9cO1A9UnHeHPxVnCludGvudX4OmsIlvPVWScRqhNd9vEGdR5BQEeu5xdAHuCw==\n";

static pb_bytes bytes_of(const char *s)
{
	return (pb_bytes){(const uint8_t *)s, strlen(s)};
}

static void reads_what_minisign_wrote(void **state)
{
	pb_public_key public, same;
	pb_secret_key secret;
	pb_signature signature;
	pb_error err = {0};
	char id[PB_KEY_ID], base64[57];

	(void)state;
	assert_int_equal(pb_public_key_parse(bytes_of(their_public), &public, &err), PB_OK);
	assert_string_equal(pb_key_id_text(public.id, id), "11CF01A93D098392");
	pb_public_key_base64(&public, base64);
	assert_string_equal(base64, "RWSSgwk9qQHPEXXb3ftHgW3E+Dmg8+3UyxQR7OScwuqkFFofLIpyObNS");
	assert_int_equal(pb_public_key_parse(bytes_of(base64), &same, &err), PB_OK);
	assert_memory_equal(&same, &public, sizeof same);
	assert_int_equal(pb_signature_parse(bytes_of(their_signature), &signature, &err), PB_OK);
	assert_string_equal(signature.trusted, "timestamp:1795320845\tfile:f\thashed");
	assert_int_equal(pb_verify(bytes_of("hi\n"), &signature, &public, &err), PB_OK);
	assert_int_equal(pb_verify(bytes_of("ho\n"), &signature, &public, &err), PB_EINPUT);
	assert_string_equal(err.text, "the signature of key 11CF01A93D098392 does not hold");
	assert_false(pb_secret_key_locked(bytes_of(their_secret)));
	assert_int_equal(pb_secret_key_parse(bytes_of(their_secret), NULL, &secret, &err), PB_OK);
	pb_secret_key_public(&secret, &same);
	assert_memory_equal(&same, &public, sizeof same);
}

static void round_trip(void **state)
{
	pb_secret_key secret, again;
	pb_public_key public, other;
	pb_signature signature;
	pb_buf text = {0}, keys = {0};
	pb_error err = {0};

	(void)state;
	assert_int_equal(pb_secret_key_new(&secret, &err), PB_OK);
	pb_secret_key_public(&secret, &public);
	assert_int_equal(pb_secret_key_text(&secret, NULL, &keys, &err), PB_OK);
	assert_int_equal(pb_secret_key_parse((pb_bytes){keys.data, keys.size}, NULL, &again, &err), PB_OK);
	assert_memory_equal(&again, &secret, sizeof again);
	assert_int_equal(pb_sign(bytes_of("message"), &secret, "what it is", &text, &err), PB_OK);
	assert_int_equal(pb_signature_parse((pb_bytes){text.data, text.size}, &signature, &err), PB_OK);
	assert_int_equal(pb_verify(bytes_of("message"), &signature, &public, &err), PB_OK);
	/* The comment is part of it. */
	signature.trusted[0] = 'W';
	assert_int_equal(pb_verify(bytes_of("message"), &signature, &public, &err), PB_EINPUT);
	/* Another key with the same id. */
	signature.trusted[0] = 'w';
	assert_int_equal(pb_secret_key_new(&again, &err), PB_OK);
	pb_secret_key_public(&again, &other);
	assert_int_equal(pb_verify(bytes_of("message"), &signature, &other, &err), PB_EINPUT);
	memcpy(other.id, public.id, sizeof other.id);
	assert_int_equal(pb_verify(bytes_of("message"), &signature, &other, &err), PB_EINPUT);
	assert_int_equal(pb_sign(bytes_of("message"), &secret, "two\nlines", &text, &err), PB_EINPUT);
	/* Nothing signed is something, too. */
	text.size = 0;
	assert_int_equal(pb_sign((pb_bytes){NULL, 0}, &secret, "", &text, &err), PB_OK);
	assert_int_equal(pb_signature_parse((pb_bytes){text.data, text.size}, &signature, &err), PB_OK);
	assert_int_equal(pb_verify((pb_bytes){NULL, 0}, &signature, &public, &err), PB_OK);
	pb_buf_free(&text);
	pb_buf_free(&keys);
	pb_secret_key_wipe(&secret);
	assert_int_equal(secret.key[0] | secret.key[31] | secret.id[0], 0);
}

/* No byte of a signature's file may be changed, but for its untrusted comment, and none may be missing. */
static void every_byte_counts(void **state)
{
	char text[sizeof their_signature];
	const char *base64 = strchr(their_signature, '\n') + 1;
	pb_public_key public;
	pb_signature signature;
	pb_error err = {0};

	(void)state;
	assert_int_equal(pb_public_key_parse(bytes_of(their_public), &public, &err), PB_OK);
	for (size_t i = (size_t)(base64 - their_signature); i + 2 < sizeof their_signature; i++) {
		memcpy(text, their_signature, sizeof text);
		text[i] ^= 1;
		if (pb_signature_parse(bytes_of(text), &signature, &err) == PB_OK)
			assert_int_equal(pb_verify(bytes_of("hi\n"), &signature, &public, &err), PB_EINPUT);
	}
	for (size_t n = 0; n + 2 < sizeof their_signature; n++) {
		char *cut = malloc(n + 1); /* exactly as long: what reads beyond is seen */

		assert_non_null(cut);
		memcpy(cut, their_signature, n);
		assert_int_equal(pb_signature_parse((pb_bytes){(const uint8_t *)cut, n}, &signature, &err), PB_EINPUT);
		assert_int_equal(pb_public_key_parse((pb_bytes){(const uint8_t *)cut, n}, &public, &err), PB_EINPUT);
		free(cut);
	}
	for (size_t n = 0; n + 2 < sizeof their_secret; n++)
		assert_int_equal(pb_secret_key_parse((pb_bytes){(const uint8_t *)their_secret, n}, NULL, &(pb_secret_key){0}, &err), PB_EINPUT);
}

static void refuses(void **state)
{
	pb_signature signature;
	pb_secret_key secret;
	pb_error err = {0};
	char text[sizeof their_secret + sizeof their_signature], *at;

	(void)state;
	/* The old form, whose signature is over the bytes themselves. */
	memcpy(text, their_signature, sizeof their_signature);
	at = strchr(text, '\n') + 1;
	memcpy(at, "RWS", 3);
	assert_int_equal(pb_signature_parse(bytes_of(text), &signature, &err), PB_EINPUT);
	assert_non_null(strstr(err.text, "old form"));
	/* Something behind its end. */
	memcpy(text, their_signature, sizeof their_signature);
	strcat(text, "more\n");
	assert_int_equal(pb_signature_parse(bytes_of(text), &signature, &err), PB_EINPUT);
	/* A password that would take all memory there is. */
	memcpy(text, their_secret, sizeof their_secret);
	at = strchr(text, '\n') + 1;
	memcpy(at, "RWRTY0Iy", 8);
	memset(at + 52, '/', 16);
	assert_true(pb_secret_key_locked(bytes_of(text)));
	assert_int_equal(pb_secret_key_parse(bytes_of(text), NULL, &secret, &err), PB_EINPUT);
	assert_int_equal(pb_secret_key_parse(bytes_of(text), "x", &secret, &err), PB_ELIMIT);
	/* Halves of two keys. */
	memcpy(text, their_secret, sizeof their_secret);
	at = strchr(text, '\n') + 1 + 90;
	*at = *at == 'A' ? 'B' : 'A';
	assert_int_equal(pb_secret_key_parse(bytes_of(text), NULL, &secret, &err), PB_EINPUT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(reads_what_minisign_wrote), cmocka_unit_test(round_trip),
	                                   cmocka_unit_test(every_byte_counts), cmocka_unit_test(refuses)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
