/* OpenPGP over any bytes: as a key, as a detached signature, as a clear-signed document. Nothing but what was signed holds. */
#include <stdlib.h>
#include <string.h>

#include "evidence/openpgp.h"
#include "tests/unit/openpgp_case.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MOST = 64 << 10 };

static bool holds(const pb_openpgp_signature *found, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (found[i].holds)
			return true;
	return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static pb_openpgp *ring;
	static const char known[] = "hello evidence\n- dash line\ntrailing\nend\n", message[] = "another message";
	pb_openpgp_signature found[PB_OPENPGP_SIGNATURES];
	pb_bytes bytes = {data, size < MOST ? size : MOST};
	json_t *prints = json_array(), *ignored = json_array();
	pb_openpgp *own = NULL;
	pb_buf text = {0};
	size_t n;

	if (prints == NULL || ignored == NULL)
		abort();
	if (ring == NULL && (pb_openpgp_new(&ring, NULL) != PB_OK ||
	                     pb_openpgp_add(ring, (pb_bytes){(const uint8_t *)pgp_vendor_key, strlen(pgp_vendor_key)}, prints, NULL, NULL) != PB_OK))
		abort();
	if (pb_openpgp_new(&own, NULL) == PB_OK)
		(void)pb_openpgp_add(own, bytes, ignored, ignored, NULL);
	pb_openpgp_free(own);
	if (pb_openpgp_detached(ring, (pb_bytes){(const uint8_t *)message, sizeof message - 1}, bytes, 20000, found, &n, NULL) == PB_OK &&
	    holds(found, n))
		abort();
	if (pb_openpgp_clear(ring, bytes, 20000, found, &n, &text, NULL) == PB_OK && holds(found, n) &&
	    (text.size != sizeof known - 1 || memcmp(text.data, known, text.size) != 0))
		abort();
	pb_buf_free(&text);
	json_decref(prints);
	json_decref(ignored);
	return 0;
}
