-- GitHub flavoured Markdown in which a text of the report can be nothing but text. A forge goes through Markdown a
-- second time: it makes links of addresses, names of people (@), numbers of issues (#) and digests. All of that leaves
-- code alone, so what is not plainly prose becomes a code span.
--
-- A report's text must not stand in a table: there a backslash before a bar would end the cell, code or not.
local plain = require "lib.plain"

local md = {}

local ENTITIES = { ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;", ['"'] = "&quot;", ["'"] = "&#39;" }

--- A code span with s in it, to the letter. The fence is longer than any row of backticks in s.
---@param s string | number
---@return string
function md.code(s)
  s = plain(s)
  if s == "" then
    return ""
  end
  local longest = 0
  for run in s:gmatch("`+") do
    longest = math.max(longest, #run)
  end
  local fence = ("`"):rep(longest + 1)
  -- One blank at both ends would be taken away; so would ours, which keep backticks off the fence.
  if s:find("^`") or s:find("`$") or (s:find("^ ") and s:find(" $")) then
    s = " " .. s .. " "
  end
  return fence .. s .. fence
end

local function has_long_hex(s)
  for run in s:gmatch("%x+") do
    if #run >= 7 then
      return true
    end
  end
  return false
end

-- Letters, digits and marks of prose, and nothing that a forge would make something of.
local function is_prose(s)
  return not s:find("[^%w ,.;:()'\"/%%?_+=-]") and s:find("^%a") and not s:find(":%S") and not s:find("__")
    and not s:find("  ")
    and not s:lower():find("www.", 1, true) and not s:find("%f[%w]GH%-%d") and not s:find(" $") and not has_long_hex(s)
end

--- A text of the report within a line: as it stands where it is plainly prose, else as code.
---@param s string
---@return string
function md.text(s)
  if is_prose(s) then
    return (s:gsub("_", "\\_"))
  end
  return md.code(s)
end

--- The same inside of a line of HTML, where Markdown is not looked at.
---@param s string
---@return string
function md.html(s)
  s = plain(s):gsub("[&<>\"']", ENTITIES)
  return "<code>" .. s .. "</code>"
end

return md
