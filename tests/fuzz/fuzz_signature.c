/* Keys and signatures in minisign's files over any bytes: none is read past its end, and nothing but what was signed verifies. */
#include <stdlib.h>

#include "base/signature.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* Of a key whose secret half nobody kept. */
	static const char trusted[] = "RWSSgwk9qQHPEXXb3ftHgW3E+Dmg8+3UyxQR7OScwuqkFFofLIpyObNS";
	pb_bytes text = {data, size};
	pb_public_key key;
	pb_secret_key secret;
	pb_signature signature;
	pb_buf out = {0};

	if (pb_public_key_parse(text, &key, NULL) == PB_OK && pb_public_key_text(&key, &out) == PB_OK) {
		pb_public_key again;

		if (pb_public_key_parse((pb_bytes){out.data, out.size}, &again, NULL) != PB_OK)
			abort();
	}
	pb_buf_free(&out);
	if (!pb_secret_key_locked(text)) /* a password takes seconds */
		(void)pb_secret_key_parse(text, NULL, &secret, NULL);
	if (pb_public_key_parse((pb_bytes){(const uint8_t *)trusted, sizeof trusted - 1}, &key, NULL) != PB_OK)
		abort();
	if (pb_signature_parse(text, &signature, NULL) == PB_OK &&
	    pb_verify((pb_bytes){(const uint8_t *)"another message", 15}, &signature, &key, NULL) == PB_OK)
		abort();
	return 0;
}
