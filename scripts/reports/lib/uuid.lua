-- Names as UUIDs, so that the same report gets the same one: RFC 9562's version 8, whose bits are the maker's own,
-- here of SHA-256.
local hash = require "probity.hash"

---@param name string
---@return string  lower-case, with dashes
return function(name)
  local hex = hash.sha256(name)
  local variant = 8 + tonumber(hex:sub(17, 17), 16) % 4
  return string.format("%s-%s-8%s-%x%s-%s", hex:sub(1, 8), hex:sub(9, 12), hex:sub(14, 16), variant, hex:sub(18, 20),
    hex:sub(21, 32))
end
