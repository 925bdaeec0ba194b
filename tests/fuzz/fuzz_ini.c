/* probity.ini over any bytes, with and without options by their number. */
#include "tests/fuzz/fuzz_case.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	return fuzz_object(
	    FUZZ_DECODE("ini", "object.size % 2 == 1 and { entries = object.size % 4 == 1, multiline = true } or nil"), false,
	    data, size);
}
