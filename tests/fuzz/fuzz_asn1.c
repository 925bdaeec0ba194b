/* probity.asn1 over any bytes: what lies in an element lies inside of it. */
#include "tests/fuzz/fuzz_case.h"

static const char code[] =
    "local asn1 = require 'probity.asn1' "
    "local function walk(object, list, stop, depth) "
    "  local before = 0 "
    "  for e in list do "
    "    assert(e.at >= before and e.content == e.at + e.header and e.next == e.content + e.length and e.next <= stop) "
    "    before = e.next "
    "    local b = asn1.bytes(object, e) "
    "    assert(b == nil and e.length > 65536 or #b == e.length) "
    "    local s = asn1.string(object, e) "
    "    assert(s == nil or utf8.len(s)) "
    "    local d, t = asn1.time(object, e) "
    "    assert(d == nil or t >= 0 and t < 86400) "
    "    local o = asn1.oid(object, e) "
    "    assert(o == nil or #o < 400) "
    "    asn1.integer(object, e) "
    "    asn1.boolean(object, e) "
    "    if depth < 50 then walk(object, asn1.children(object, e), e.next, depth + 1) end "
    "  end "
    "end "
    "return function(object) "
    "  local e, why = asn1.element(object) "
    "  assert(e or why) "
    "  walk(object, asn1.elements(object), object.size, 0) "
    "end";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	return fuzz_object(code, false, data, size);
}
