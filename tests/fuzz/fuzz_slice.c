/* Slices and the readers: the bytes tell what is read of themselves. What a slice gives is what its object gives. */
#include "tests/fuzz/fuzz_case.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char code[] =
	    "local numbers = { 'u8', 'u16le', 'u16be', 'u32le', 'u32be', 'u64le', 'u64be', "
	    "  'i8', 'i16le', 'i16be', 'i32le', 'i32be', 'i64le', 'i64be' } "
	    "return function(object) "
	    "  local s, at = object, 0 "
	    "  while at + 6 <= #object do "
	    "    local what, from, n = object:u8(at), object:u16le(at + 1), object:u16be(at + 3) "
	    "    at = at + 6 "
	    "    if what < 64 then "
	    "      local t = s:slice(from % (#s + 2), n % (#s + 2)) "
	    "      if t then "
	    "        assert(t.at + t.size <= #object) "
	    "        assert(t:bytes(0, 65536) == object:bytes(t.at, math.min(t.size, 65536))) "
	    "        s = t "
	    "      else s = object end "
	    "    elseif what < 128 then "
	    "      local base = s == object and 0 or s.at "
	    "      local name = numbers[what % #numbers + 1] "
	    "      local v = s[name](s, from) "
	    "      if v then assert(v == object[name](object, base + from)) end "
	    "    elseif what < 192 then "
	    "      local text, whole = s:cstring(from, n) "
	    "      assert((text == nil) == (from >= #s)) "
	    "      if text then assert(#text <= n and s:bytes(from, #text) == text) end "
	    "      if whole then assert(s:u8(from + #text) == 0) end "
	    "    else "
	    "      local part = s:bytes(from, n % 4) "
	    "      if #part > 0 then assert(s:find(('\\\\x%02x'):rep(#part):format(part:byte(1, -1)), from) == from) end "
	    "    end "
	    "  end "
	    "end";

	return fuzz_object(code, false, data, size);
}
