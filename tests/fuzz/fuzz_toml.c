/* probity.toml over any bytes. */
#include "tests/fuzz/fuzz_case.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	return fuzz_object(FUZZ_DECODE("toml", "nil"), false, data, size);
}
