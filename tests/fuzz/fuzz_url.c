/* probity.url over any bytes, a base and a reference on two lines: what is made of addresses is an address, and its normal form
 * is its own. */
#include "tests/fuzz/fuzz_case.h"

static const char code[] = "local url, text = require 'probity.url', require 'probity.text' "
                           "return function(object) "
                           "  local s = object:bytes(0, 65536) "
                           "  local at = 0 "
                           "  while at < #s and s:byte(at + 1) ~= 10 do at = at + 1 end "
                           "  local base, ref = s:sub(1, at), s:sub(at + 2) "
                           "  url.host(base) "
                           "  text.url_decode(s) "
                           "  text.utf16_decode(s) "
                           "  if #base <= 2000 and #ref <= 2000 then "
                           "    local n = text.similarity(base, ref) "
                           "    assert(n >= 0 and n <= 1000 and n == text.similarity(ref, base)) "
                           "  end "
                           "  local u, why = url.parse(base) "
                           "  assert(u or why) "
                           "  if not u then return end "
                           "  local n = url.normalise(base) "
                           "  if #n <= 60000 then assert(url.normalise(n) == n, n) end "
                           "  local v = url.parse(n) "
                           "  assert(v and v.scheme == u.scheme and v.query ~= nil == (u.query ~= nil), n) "
                           "  local j = u.scheme and url.join(base, ref) "
                           "  if j then local w = url.parse(j) assert(w and w.scheme) end "
                           "end";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	return fuzz_object(code, false, data, size);
}
