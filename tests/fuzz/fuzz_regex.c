/* probity.regex: any bytes as a pattern (the first line; its first byte says which options), over any bytes. A wrong pattern raises. */
#include "tests/fuzz/fuzz_case.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char code[] =
	    "local regex = require 'probity.regex' "
	    "local options = { '', 'i', 'm', 's', 'x', 'ims' } "
	    "return function(object) "
	    "  local pattern = object:find('\\n') and object:bytes(0, object:find('\\n')) or object:bytes(0, 2000) "
	    "  local subject = object:slice(math.min(#pattern + 1, #object)) "
	    "  local r = regex.compile(pattern:sub(2), options[(pattern:byte(1) or 0) % 6 + 1]) "
	    "  local last, n = 0, 0 "
	    "  for at, length, first in r:matches(subject) do "
	    "    assert(at >= 0 and length >= 0 and at + length <= subject.size) "
	    "    assert(at >= last or length == 0 or at + length >= last) "
	    "    last = at "
	    "    n = n + 1 "
	    "  end "
	    "  local at, length = r:find(subject) "
	    "  assert((at ~= nil) == (n > 0)) "
	    "end";

	return fuzz_object(code, true, data, size);
}
