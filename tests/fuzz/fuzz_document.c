/* The readers of evidence over any bytes: always a record. */
#include <stdlib.h>

#include "evidence/document.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	json_t *record = pb_document_read("document", (pb_bytes){data, size});

	if (record == NULL)
		abort();
	json_decref(record);
	return 0;
}
