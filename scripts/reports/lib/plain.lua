-- Texts of a report as one line that nothing takes for more than text: what moves a cursor, ends a line or turns its
-- direction is escaped as in display form. Canonical reports hold such texts only; a report from a file may hold
-- anything. Doing it twice changes nothing. What a format's own reader takes for markup is left to that format.
local text = require "probity.text"

---@param s string | number
---@return string
return function(s)
  if type(s) == "number" then
    return tostring(s)
  end
  if not s:find("[^\32-\126]") then
    return s
  end
  return text.safe((s:gsub("\0", "\\x00"))) -- it reads up to a NUL
end
