--- Strings of a YARA rule for the keys of a list (rulesets/lists), for `looks` of checks that search for what stands in no fact: hosts
--- without a scheme, paths. A hit is to be asked for again by lists.find: it says which row, and holds the boundaries.
---
---     looks = "strings:\n" .. patterns.hosts("exfiltration", function(row) return row.kind ~= "address" end) .. "\ncondition: any of them"

local lists = require "probity.lists"

local patterns = {}

local function escaped(text)
  return (text:gsub("[^%w ]", function(c) return "\\" .. c end))
end

local function all(list, accept, form)
  local out, seen = {}, {}
  for row in lists.rows(list) do
    local made = (not accept or accept(row)) and form(row)
    if made and not seen[made] then
      seen[made] = true
      out[#out + 1] = string.format("      $%s%d = %s", list:gsub("%W", "_"), #out + 1, made)
    end
  end
  return table.concat(out, "\n")
end

local function host_forms(list, accept, ending)
  return all(list, accept, function(row)
    local host, below = row.host:match("^[^/]+"), ""
    if host:sub(1, 2) == "*." then
      host, below = host:sub(2), "[A-Za-z0-9-]{1,40}"
    end
    return string.format("/[\"'`\\/]%s%s%s/", below, escaped(host), ending)
  end)
end

--- Each host of a list (match: host, domain) behind a slash or a quote, up to a byte that ends a host's name. Short names match
--- neither inside of longer ones nor in random bytes. accept: which rows, by default all.
function patterns.hosts(list, accept)
  return host_forms(list, accept, "[^A-Za-z0-9.-]")
end

--- The same without what ends a name, for those that judge the end themselves: Go's texts have none.
function patterns.open_hosts(list, accept)
  return host_forms(list, accept, "")
end

--- Each path of a list (match: path), with either slash between its elements, in any case, not inside of a longer word.
function patterns.paths(list, accept)
  return all(list, accept, function(row)
    local elements = {}
    for element in row.path:gmatch("[^/]+") do
      elements[#elements + 1] = escaped(element)
    end
    return string.format("/[^A-Za-z0-9._-]%s[^A-Za-z0-9_-]/ nocase", table.concat(elements, "[\\/\\\\]{1,2}"))
  end)
end

return patterns
