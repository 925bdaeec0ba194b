local PART = 65536 -- as many bytes as object:bytes gives at a time

--- The first bytes of an object, all of them where it is no longer than `most`, as one text.
---@param object probity.Object
---@param most integer
---@return string
local function whole(object, most)
  local parts = {}
  for at = 0, math.min(object.size, most) - 1, PART do
    parts[#parts + 1] = object:bytes(at, math.min(PART, most - at))
  end
  return table.concat(parts)
end

return whole
