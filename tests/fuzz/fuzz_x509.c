/* probity.x509 over any bytes: a certificate or a reason, the same twice. */
#include "tests/fuzz/fuzz_case.h"

static const char code[] =
    "local x509 = require 'probity.x509' "
    "local function show(v) "
    "  if type(v) ~= 'table' then return tostring(v) end "
    "  local o = {} "
    "  for k, x in pairs(v) do o[#o + 1] = k .. '=' .. show(x) end "
    "  return table.concat(o, ' ') "
    "end "
    "return function(object) "
    "  local c, why = x509.decode(object) "
    "  assert((c == nil) == (type(why) == 'string')) "
    "  if c == nil then return end "
    "  assert(c.length <= object.size and #c.fingerprint == 64 and #c.spki_sha256 == 64 and (c.version or 1) <= 3) "
    "  assert(not c.self_signed or c.self_issued) "
    "  assert(show(c) == show(x509.decode(object))) "
    "end";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	return fuzz_object(code, false, data, size);
}
