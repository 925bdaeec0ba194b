local date = require "probity.date"
local hints = require "probity.hints"

-- Papers that speak of this product's own support; elsewhere "end of life" is mostly said of others.
local PAPERS = { "^support", "^eol", "^end[-_]of[-_]", "^lifecycle", "^security%.", "^data%-manifest%.json$",
  "^release[-_]?policy" }

local function is_paper(basename)
  local name = basename:lower()
  for _, pattern in ipairs(PAPERS) do
    if name:find(pattern) then
      return true
    end
  end
  return name == "os-release" or name == "initrd-release"
end

-- All days of a line, the latest counts: a table of versions tells old ones, too.
local function latest(line)
  local newest
  for day in line:gmatch("%d%d%d%d%-%d%d%-%d%d") do
    local n = date.parse(day)
    if n and (not newest or n > newest) then
      newest = n
    end
  end
  return newest
end

---@type probity.Check
return {
  title       = "Until when it is supported",
  why         = "After that day nobody mends what is found in it.",
  catalogue   = "C-03",
  claim       = "maintenance",
  severity    = "medium",
  reliability = "self-declared",
  measured    = { recall = 1000, planted = 12, alarms = 0, clean = 39, date = "2026-11-22" },
  applies     = { "any" },
  looks       = [[
    strings:
      $release = /SUPPORT_EN[D]=/
      $end = /\bend[ -]of[ -](support|life|maintenance)\b[^\n]{0,200}\b[12][0-9]{3}-[0-9]{2}/ nocase
      $until = /\b(support(ed)?[ -](ends?|unti[l]|till|through)|security (fixes|updates) unti[l])\b/ nocase
      $key = /"(support_?end|supported_?until|end_?of_?support)"[ \t]*:/ nocase
    condition:
      any of them
  ]],
  findings    = {
    over = {
      says = "%s says that support ended on %s, %d days before the day of this assessment",
      fix = "Ship a version that is supported, or state until when this one is.",
      reliability = "parsed",
    },
    undated = {
      says = "%s speaks of the end of support and tells no day (YYYY-MM-DD)",
      fix = "State the day until which security updates are given.",
      severity = "info",
    },
  },
  maps        = { "paris:P6", "cra:art.13", "etsi:5.3-13", "cwe:1104", "req:R21" },
  samples     = {
    hit = { "ended", "ended-system", "undated" },
    clean = { "supported", "of-others" },
  },

  object = function(object, found)
    if object.class ~= "text" and object.class ~= "script" then
      return
    end
    local newest, at_newest, dated
    for at in object:hits() do
      local line = object:line(at)
      local day = line and latest(line)
      dated = dated or day ~= nil
      if day and (not newest or day > newest) then
        newest, at_newest = day, at
      end
    end
    found.note { day = newest or 0, at = at_newest or 0, dated = dated or false }
  end,

  product = function(product, found)
    local seen = false
    for o in product:objects { noted = true } do
      if is_paper(o.basename) and not hints.path(o.path).vendored then
        seen = true
        local note = o.notes[1]
        if not note.dated then
          found.undated { key = o.sha256, object = o, o.basename }
        elseif note.day < product.as_of then
          local ended, age = date.format(note.day), product.as_of - note.day
          found.over { key = o.sha256, object = o, at = note.at, o.basename, ended, age }
        end
      end
    end
    if not seen then
      found.unknown("nothing in the product says until when it is supported")
    end
  end,
}
