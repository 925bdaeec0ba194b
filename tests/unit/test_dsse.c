/* DSSE envelopes: what is one, what is signed, and that nothing else verifies. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/base64.h"
#include "evidence/dsse.h"

static pb_bytes text(const char *s)
{
	return (pb_bytes){(const uint8_t *)s, strlen(s)};
}

static pb_bytes of(const pb_buf *b)
{
	return (pb_bytes){b->data, b->size};
}

static void base64_is_strict(void **state)
{
	static const char *const good[][2] = {{"", ""}, {"YQ==", "a"}, {"YWI=", "ab"}, {"YWJj", "abc"}, {"-_-_", "\xfb\xff\xbf"}, {"+/+/", "\xfb\xff\xbf"}};
	static const char *const bad[] = {"Y", "YQ", "YQ=", "YR==", "YWJ=", "YQ==YQ==", "YW Jj", "YWJj\n", "+/-_", "====", "Y===", "YQ=a"};
	pb_buf out = {0};

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		pb_buf_free(&out);
		assert_int_equal(pb_base64_decode(good[i][0], strlen(good[i][0]), &out), PB_OK);
		assert_int_equal(out.size, strlen(good[i][1]));
		if (out.size > 0)
			assert_memory_equal(out.data, good[i][1], out.size);
	}
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		if (pb_base64_decode(bad[i], strlen(bad[i]), &out) != PB_EINPUT)
			fail_msg("%s is read", bad[i]);
	pb_buf_free(&out);
	/* Longer than what it works in. */
	for (size_t n = 9200; n < 9230; n++) {
		uint8_t *raw = calloc(1, n);
		pb_buf coded = {0};

		assert_non_null(raw);
		for (size_t i = 0; i < n; i++)
			raw[i] = (uint8_t)(i * 7);
		assert_int_equal(pb_base64_encode((pb_bytes){raw, n}, &coded), PB_OK);
		assert_int_equal(pb_base64_decode((const char *)coded.data, coded.size, &out), PB_OK);
		assert_int_equal(out.size, n);
		assert_memory_equal(out.data, raw, n);
		pb_buf_free(&out);
		pb_buf_free(&coded);
		free(raw);
	}
}

/* The example of the DSSE specification. */
static void what_is_signed(void **state)
{
	pb_buf out = {0};

	(void)state;
	assert_int_equal(pb_dsse_pae("http://example.com/HelloWorld", text("hello world"), &out), PB_OK);
	assert_string_equal((const char *)out.data, "DSSEv1 29 http://example.com/HelloWorld 11 hello world");
	pb_buf_free(&out);
}

static void the_example_verifies(void **state)
{
	static const char envelope[] = "{\"payload\":\"aGVsbG8gd29ybGQ=\",\"payloadType\":\"http://example.com/HelloWorld\",\"signatures\":[{\"keyid\":\"66301bbf\","
	                               "\"sig\":\"A3JqsQGtVsJ2O2xqrI5IcnXip5GToJ3F+FnZ+O88SjtR6rDAajabZKciJTfUiHqJPcIAriEGAHTVeCUjW2JIZA==\"}]}";
	pb_dsse e;

	(void)state;
	assert_int_equal(pb_dsse_parse(text(envelope), &e, NULL), PB_OK);
	assert_string_equal(e.type, "http://example.com/HelloWorld");
	assert_int_equal(e.n, 1);
	assert_int_equal(e.signatures[0].size, 64);
	assert_string_equal(e.signatures[0].keyid, "66301bbf");
	assert_memory_equal(e.payload.data, "hello world", 11);
	pb_dsse_free(&e);
}

static void signed_here_verifies_here(void **state)
{
	pb_secret_key secret;
	pb_public_key public, other;
	pb_verifier *v = NULL, *w = NULL, *again = NULL;
	pb_buf out = {0}, pem = {0};
	pb_dsse e;
	pb_error err;

	(void)state;
	assert_int_equal(pb_secret_key_new(&secret, &err), PB_OK);
	pb_secret_key_public(&secret, &public);
	other = public;
	other.key[3] ^= 1;
	assert_int_equal(pb_verifier_of_minisign(&public, &v, &err), PB_OK);
	assert_int_equal(pb_verifier_of_minisign(&other, &w, &err), PB_OK);
	assert_int_equal(pb_dsse_sign(PB_DSSE_INTOTO, text("{}"), &secret, &out, &err), PB_OK);
	assert_int_equal(pb_dsse_parse(of(&out), &e, &err), PB_OK);
	assert_int_equal(pb_dsse_verify(&e, v, &err), PB_OK);
	assert_int_equal(pb_dsse_verify(&e, w, &err), PB_EINPUT);
	/* The same key from PEM. */
	assert_int_equal(pb_verifier_pem(v, &pem), PB_OK);
	assert_int_equal(pb_verifier_open(of(&pem), &again, &err), PB_OK);
	assert_string_equal(pb_verifier_print(again), pb_verifier_print(v));
	assert_string_equal(pb_verifier_kind(again), "Ed25519");
	assert_int_equal(pb_dsse_verify(&e, again, &err), PB_OK);
	/* Another type, another payload, another signature. */
	e.type[0] ^= 1;
	assert_int_equal(pb_dsse_verify(&e, v, &err), PB_EINPUT);
	e.type[0] ^= 1;
	e.payload.data[0] ^= 1;
	assert_int_equal(pb_dsse_verify(&e, v, &err), PB_EINPUT);
	e.payload.data[0] ^= 1;
	e.signatures[0].bytes[5] ^= 1;
	assert_int_equal(pb_dsse_verify(&e, v, &err), PB_EINPUT);
	assert_int_equal(pb_dsse_sign("", text("{}"), &secret, &out, &err), PB_EINPUT);
	assert_int_equal(pb_dsse_sign("a\nb", text("{}"), &secret, &out, &err), PB_EINPUT);
	pb_dsse_free(&e);
	pb_buf_free(&out);
	pb_buf_free(&pem);
	pb_verifier_free(v);
	pb_verifier_free(w);
	pb_verifier_free(again);
}

static void what_is_no_envelope(void **state)
{
	static const char *const bad[] = {
	    "", "x", "[]", "{}", "null", "{\"payload\":\"\"}",
	    "{\"payload\":\"YQ==\",\"payloadType\":\"t\",\"signatures\":[]}",
	    "{\"payload\":\"YQ==\",\"payloadType\":\"t\",\"signatures\":{}}",
	    "{\"payload\":\"YQ==\",\"payloadType\":\"t\",\"signatures\":[1]}",
	    "{\"payload\":\"YQ==\",\"payloadType\":\"t\",\"signatures\":[{\"sig\":\"\"}]}",
	    "{\"payload\":\"YQ==\",\"payloadType\":\"t\",\"signatures\":[{\"sig\":\"YQ\"}]}",
	    "{\"payload\":\"YQ==\",\"payloadType\":\"t\",\"signatures\":[{\"sig\":\"YQ==\",\"keyid\":7}]}",
	    "{\"payload\":\"YQ==\",\"payloadType\":\"t\",\"signatures\":[{\"sig\":\"YQ==\",\"keyid\":\"a\\nb\"}]}",
	    "{\"payload\":\"YQ==\",\"payloadType\":\"\",\"signatures\":[{\"sig\":\"YQ==\"}]}",
	    "{\"payload\":\"YQ==\",\"payloadType\":\"\\u0007\",\"signatures\":[{\"sig\":\"YQ==\"}]}",
	    "{\"payload\":\"Y Q==\",\"payloadType\":\"t\",\"signatures\":[{\"sig\":\"YQ==\"}]}",
	    "{\"payload\":\"YQ==\",\"payload\":\"YQ==\",\"payloadType\":\"t\",\"signatures\":[{\"sig\":\"YQ==\"}]}",
	};
	pb_dsse e;
	pb_error err;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		if (pb_dsse_parse(text(bad[i]), &e, &err) != PB_EINPUT)
			fail_msg("%s is read", bad[i]);
		assert_int_equal(e.n, 0);
	}
}

static void signatures_are_bounded_and_said_once(void **state)
{
	pb_buf b = {0};
	pb_dsse e;
	pb_error err;

	(void)state;
	assert_int_equal(pb_dsse_parse(text("{\"payload\":\"YQ==\",\"payloadType\":\"t\",\"signatures\":[{\"sig\":\"YQ==\"},{\"sig\":\"YQ==\",\"keyid\":\"x\"},"
	                                    "{\"sig\":\"Yg==\"}]}"),
	                               &e, &err),
	                 PB_OK);
	assert_int_equal(e.n, 2);
	pb_dsse_free(&e);
	(void)pb_buf_puts(&b, "{\"payload\":\"YQ==\",\"payloadType\":\"t\",\"signatures\":[{\"sig\":\"YQ==\"}");
	for (int i = 0; i < PB_DSSE_SIGNATURES; i++)
		(void)pb_buf_puts(&b, ",{\"sig\":\"YQ==\"}");
	(void)pb_buf_puts(&b, "]}");
	assert_int_equal(pb_dsse_parse(of(&b), &e, &err), PB_ELIMIT);
	pb_buf_free(&b);
}

static void envelopes_in_bundles(void **state)
{
	static const char *const env = "{\"payload\":\"YQ==\",\"payloadType\":\"t\",\"signatures\":[{\"sig\":\"YQ==\"}]}";
	const json_t *out[2];
	char bundle[600];
	json_t *j;

	(void)state;
	j = json_loads(env, 0, NULL);
	assert_int_equal(pb_dsse_find(j, out, 2), 1);
	assert_ptr_equal(out[0], j);
	json_decref(j);
	(void)snprintf(bundle, sizeof bundle, "{\"mediaType\":\"x\",\"dsseEnvelope\":%s}", env);
	j = json_loads(bundle, 0, NULL);
	assert_int_equal(pb_dsse_find(j, out, 2), 1);
	json_decref(j);
	(void)snprintf(bundle, sizeof bundle, "{\"attestations\":[{\"bundle\":{\"dsseEnvelope\":%s}},{},{\"bundle\":{\"dsseEnvelope\":%s}},{\"bundle\":{\"dsseEnvelope\":%s}}]}",
	               env, env, env);
	j = json_loads(bundle, 0, NULL);
	assert_int_equal(pb_dsse_find(j, out, 2), 3);
	json_decref(j);
	assert_int_equal(pb_dsse_find(NULL, out, 2), 0);
}

static void attestations_of_wheels(void **state)
{
	static const char text[] = "{\"attestation_bundles\":[{\"attestations\":[{\"version\":1,\"verification_material\":{\"certificate\":\"YQ==\"},"
	                           "\"envelope\":{\"statement\":\"YWI=\",\"signature\":\"YQ==\"}},{\"envelope\":{\"statement\":7}}]},7]}";
	const json_t *out[2], *materials[2];
	json_t *j = json_loads(text, 0, NULL);
	pb_dsse e;

	(void)state;
	assert_int_equal(pb_dsse_bundles(j, out, materials, 2), 1);
	assert_string_equal(pb_json_str(materials[0], "certificate", ""), "YQ==");
	assert_int_equal(pb_dsse_of_json(out[0], &e, NULL), PB_OK);
	assert_string_equal(e.type, PB_DSSE_INTOTO);
	assert_int_equal(e.payload.size, 2);
	assert_int_equal(e.n, 1);
	pb_dsse_free(&e);
	json_decref(j);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(base64_is_strict),    cmocka_unit_test(what_is_signed),
	    cmocka_unit_test(the_example_verifies), cmocka_unit_test(signed_here_verifies_here),
	    cmocka_unit_test(what_is_no_envelope), cmocka_unit_test(signatures_are_bounded_and_said_once),
	    cmocka_unit_test(envelopes_in_bundles), cmocka_unit_test(attestations_of_wheels),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
