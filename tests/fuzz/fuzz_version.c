/* probity.version over any two lines: an order is one, seen from both sides. */
#include "tests/fuzz/fuzz_case.h"

static const char code[] =
    "local version = require 'probity.version' "
    "return function(object) "
    "  local s = object:bytes(0, 65536) "
    "  local at = 0 "
    "  while at < #s and s:byte(at + 1) ~= 10 do at = at + 1 end "
    "  local a, b = s:sub(1, at), s:sub(at + 2) "
    "  for name, of in pairs(version) do "
    "    local x, y = of.compare(a, b), of.compare(b, a) "
    "    assert(x == nil and y == nil or x == -y, name) "
    "    local same = of.compare(a, a) "
    "    assert(same == nil or same == 0, name) "
    "    if of.parse then assert(same == nil == (of.parse(a) == nil), name) end "
    "  end "
    "  local inside = version.semver.satisfies(a, b) "
    "  assert(inside == nil or #b > 4000 or version.semver.satisfies(a, b .. ' || *') ~= nil) "
    "  local v = version.semver.parse(a) "
    "  if v then assert(version.semver.satisfies(a, a) == true and version.semver.satisfies(a, '>' .. a) == false) end "
    "end";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	return fuzz_object(code, false, data, size);
}
