/* A dossier that is one file of any bytes, so that it may be an archive: always an answer, of the form that is relied on. */
#include <stdlib.h>

#include "evidence/dossier.h"
#include "findings/evidence.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	json_t *files = json_pack("[{s:s,s:I,s:s,s:b}]", "name", "dossier", "size", (json_int_t)size, "list", "documents", "alone", true), *roots = json_array();
	pb_dossier_input in = {.files = files, .bytes = {data, size}, .roots = roots, .product_name = "product", .as_of = 20778};
	json_t *out = NULL;

	if (pb_dossier_read(&in, &out, NULL) != PB_OK || pb_evidence_valid(out, NULL) != PB_OK)
		abort();
	json_decref(out);
	json_decref(roots);
	json_decref(files);
	return 0;
}
