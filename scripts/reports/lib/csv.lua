-- Rows of a table as RFC 4180 has them: commas, lines that end in CR LF, every field in quotes. UTF-8 without a mark.
--
-- A spreadsheet runs a field that begins with =, +, - or @ (of any width), | or % as a formula. Such a field gets an
-- apostrophe in front, and so does one that begins with an apostrophe itself: whoever reads the file takes one
-- apostrophe away from the front, and has the text. Numbers of a report are never negative here, and are written as
-- they are.
local plain = require "lib.plain"

local csv = {}

-- Behind blanks, too: some readers trim before they look.
local WIDE = { ["\xef\xbc\x9d"] = true, ["\xef\xbc\x8b"] = true, ["\xef\xbc\x8d"] = true, ["\xef\xbc\xa0"] = true }
local BLANKS = { "^[ \t]+", "^\xc2\xa0", "^\xe3\x80\x80", "^\xe2\x80[\x80-\x8a\xaf]", "^\xe2\x81\x9f" }

local function without_blanks(s)
  local again = true
  while again do
    again = false
    for _, blank in ipairs(BLANKS) do
      local _, to = s:find(blank)
      if to then
        s, again = s:sub(to + 1), true
      end
    end
  end
  return s
end

local function defused(s)
  if s:find("^%w") then -- nearly all; a report may have millions of fields
    return s
  end
  local first = without_blanks(s)
  if first:find("^[=+@'|%%-]") or WIDE[first:sub(1, 3)] then
    return "'" .. s
  end
  return s
end

--- A field: a text of the report, a number, or nil for an empty one.
---@param value string | integer | nil
---@return string
function csv.field(value)
  if value == nil then
    return ""
  elseif type(value) == "number" then
    return tostring(value)
  end
  return '"' .. defused(plain(value)):gsub('"', '""') .. '"'
end

--- One row. `n` fields, of which any may be nil.
---@param out fun(...)
function csv.row(out, n, fields)
  for i = 1, n do
    out(i > 1 and "," or "", csv.field(fields[i]))
  end
  out("\r\n")
end

return csv
