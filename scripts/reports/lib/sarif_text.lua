-- Small things of SARIF: messages, names of files as URIs, levels.
local plain = require "lib.plain"

local sarif = {}

sarif.LEVELS = { critical = "error", high = "error", medium = "warning", low = "note", info = "note" }
-- What code scanning of a forge sorts by; info has none, so that it does not count as a weakness.
sarif.SECURITY = { critical = "9.5", high = "8.0", medium = "5.5", low = "2.0" }
local RANKS = { critical = 80, high = 60, medium = 40, low = 20, info = 0 }

--- 0..100: severity first, within one by how certain it is.
function sarif.rank(severity, kappa)
  return (RANKS[severity] or 0) + kappa * 20 // 1000
end

--- What stands in a message. Braces would be placeholders (doubled, they are braces), and [text](target) a link: then
--- brackets are escaped. `s` is plain.
local function message_text(s)
  if s:find("[{}]") then
    s = s:gsub("[{}]", "%0%0")
  end
  if s:find("](", 1, true) then
    s = s:gsub("[%[%]\\]", "\\%0")
  end
  return s
end

--- A message that says s.
---@param s string
---@return table
function sarif.message(s)
  return { text = message_text(plain(s)) }
end

--- One of several lines.
---@param lines string[]
function sarif.lines(lines)
  local said = {}
  for i, line in ipairs(lines) do
    said[i] = message_text(plain(line))
  end
  return table.concat(said, "\n")
end

local function escape(byte)
  return string.format("%%%02X", byte:byte())
end

--- A path below its container as a relative reference: no scheme, no host, no way upwards, whatever the name is.
---@param path string
---@return string
function sarif.uri(path)
  local uri = plain(path):gsub("[^%w._~/-]", escape)
  uri = uri:gsub("^/+", function(slashes) return ("%2F"):rep(#slashes) end):gsub("//+", function(slashes)
    return "/" .. ("%2F"):rep(#slashes - 1)
  end)
  local segments = {}
  for segment in (uri .. "/"):gmatch("([^/]*)/") do
    if segment:find("^%.%.?$") then
      segment = segment:gsub("%.", "%%2E") -- also an unescaped dot segment would be taken out by whoever follows it
    end
    segments[#segments + 1] = segment
  end
  uri = table.concat(segments, "/")
  return uri ~= "" and uri or "%20"
end

return sarif
