/* DSSE envelopes over any bytes: none is read past its end, and nothing verifies with a key that nobody has. */
#include <stdlib.h>
#include <string.h>

#include "evidence/dsse.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char trusted[] = "RWSSgwk9qQHPEXXb3ftHgW3E+Dmg8+3UyxQR7OScwuqkFFofLIpyObNS";
	static pb_verifier *key;
	pb_public_key public;
	pb_verifier *v = NULL;
	pb_dsse e;

	if (key == NULL && (pb_public_key_parse((pb_bytes){(const uint8_t *)trusted, sizeof trusted - 1}, &public, NULL) != PB_OK ||
	                    pb_verifier_of_minisign(&public, &key, NULL) != PB_OK))
		abort();
	if (pb_dsse_parse((pb_bytes){data, size}, &e, NULL) == PB_OK) {
		if (e.n == 0 || pb_dsse_verify(&e, key, NULL) == PB_OK)
			abort();
		pb_dsse_free(&e);
	}
	if (pb_verifier_open((pb_bytes){data, size}, &v, NULL) == PB_OK)
		(void)pb_verifier_holds(v, (pb_bytes){data, size}, (pb_bytes){data, size < 64 ? size : 64});
	pb_verifier_free(v);
	return 0;
}
