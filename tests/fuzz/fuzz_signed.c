/* Signatures of programs: PE, Mach-O and PKCS #7 by itself, by the first bytes. */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "facts/signature.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	pb_bytes b = {data, size};
	bool failed = false;
	pb_pkcs7 s;

	json_decref(pb_signature_pe(b, &failed));
	json_decref(pb_signature_macho(b, &failed));
	(void)pb_pkcs7_read(b, (pb_bytes){NULL, 0}, &s);
	(void)pb_pkcs7_read(pb_slice(b, 1, size), pb_slice(b, 0, 1), &s);
	return failed;
}
