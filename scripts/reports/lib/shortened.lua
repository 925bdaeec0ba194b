-- The beginning of a text that has no more than so many bytes, for readers that take no longer one; whole characters.
---@param s string
---@param most integer  bytes, at least 3
---@return string
return function(s, most)
  if #s <= most then
    return s
  end
  local to = most - 3
  while to > 0 and s:byte(to + 1) & 0xc0 == 0x80 do
    to = to - 1
  end
  return s:sub(1, to) .. "..."
end
