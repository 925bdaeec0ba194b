local date = require "probity.date"
local hints = require "probity.hints"
local statements = require "lib.statements"
local supplied = require "lib.supplied"

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

local CLAIM = "says until when it is supported"

-- The day that a statement gives, or nil: of a support period, or of the documents that an assessor gets.
local function day_of(d)
  local content = d.evidence.content
  return date.parse(d.evidence.kind == "support-period" and content["until"] or content.support_end or "")
end

-- What was handed in, held against the latest day that the product itself tells (nil: none). True: it says so.
local function judge_statements(product, told, found)
  local any = false
  for _, d in ipairs(statements.current(product, { "support-period", "documentation" }, CLAIM, found)) do
    local day = day_of(d)
    if day and day < product.as_of then
      found.over { key = d.sha256, object = d, d.basename, date.format(day), product.as_of - day }
      found.statement { document = d, claim = CLAIM, status = "agrees", why = "until " .. date.format(day) .. ": that is over" }
      any = true
    elseif day and told and told.day < day then
      found.differs { key = "until", object = d, d.basename, date.format(day), told.name, date.format(told.day) }
      found.statement { document = d, claim = CLAIM, status = "contradicts",
        why = ("%s in the product says %s"):format(told.name, date.format(told.day)) }
    elseif day then
      statements.agree(found, d, CLAIM, "until " .. date.format(day))
      found.pass { reliability = d.reliability, freshness = d.freshness }
      any = true
    end
  end
  return any
end

---@type probity.Check
return {
  title       = "Until when it is supported",
  why         = "After that day nobody mends what is found in it.",
  confirm     = [[Read the day in the document that is named and compare it with the day of the assessment; `grep
    -rniE 'end of (life|support)' FOLDER` finds other days in the unpacked product.]],
  catalogue   = "C-03",
  claim       = "maintenance",
  severity    = "medium",
  reliability = "vendor-signed", -- where a signed statement says so; what the product itself says counts as what it is
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
    differs = {
      says = "%s gives %s as the end of support, and %s in the product %s",
      fix = "Ask the supplier which of the two holds.",
      severity = "low",
      reliability = "parsed",
    },
    undated = {
      says = "%s speaks of the end of support and tells no day (YYYY-MM-DD)",
      fix = "State the day until which security updates are given.",
      severity = "info",
      reliability = "self-declared",
    },
  },
  maps        = { "paris:P6", "cra:art.13", "etsi:5.3-13", "cwe:1104", "req:R21" },
  samples     = {
    hit = { "ended", "ended-system", "undated", over = { "statement-over" }, differs = { "statement-differs" } },
    clean = { "supported", "of-others", "statement", "statement-of-another" },
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
    local seen, told = false, nil
    for o in product:objects { noted = true } do
      if is_paper(o.basename) and not hints.path(o.path).vendored then
        seen = true
        local note = o.notes[1]
        if note.dated and (not told or note.day > told.day) then
          told = { day = note.day, name = o.basename }
        end
        if not note.dated then
          found.undated { key = o.sha256, object = o, o.basename }
        elseif note.day < product.as_of then
          local ended, age = date.format(note.day), product.as_of - note.day
          found.over { key = o.sha256, object = o, at = note.at, o.basename, ended, age }
        end
      end
    end
    if seen then
      found.pass { reliability = "self-declared" }
    end
    if not judge_statements(product, told, found) and not seen then
      found.unknown(supplied.refused(product, { "support-period" }, CLAIM, found)
        or "nothing in the product says until when it is supported, and no statement was supplied that does")
    end
  end,
}
