local lists = require "probity.lists"
local telemetry = require "lib.telemetry"

local function escaped(text)
  return (text:gsub("[^%w]", "\\%0"))
end

-- Strings for the rows of one ecosystem: Go's packages in machine code, classes in Java's, crates by the paths that Rust leaves.
local function strings(ecosystem, form)
  local out = {}
  for row in lists.rows("sdks") do
    local name = row.package:match("^" .. ecosystem .. ":(.*)$")
    -- Advertising and attribution are data-care.trackers' to tell.
    if name and row.kind ~= "ads" and row.kind ~= "attribution" then
      out[#out + 1] = string.format("      $%s%d = /%s/", ecosystem, #out + 1, form(name))
    end
  end
  return table.concat(out, "\n")
end

local FORMS = {
  go = function(name) return escaped(name) .. "[.\\/@]" end,
  java = function(name) return "[L\\x00-\\x7f]" .. escaped((name:gsub("%.", "/"))) .. "\\/" end,
  cargo = function(name) return "[\\/\\\\]" .. escaped(name) .. "(-core|-types)?-[0-9]+\\.[0-9]+\\.[0-9]+[\\/\\\\]src[\\/\\\\]" end,
  gem = function(name) return "\\brequire[ (]{1,2}[\"']" .. escaped(name) .. "[\"']" end,
}

-- The library that a hit names, by the ecosystem that its string is of.
local function of_hit(object, id, at, length)
  local ecosystem, text = id:match("^%$(%a+)"), object:bytes(at, length)
  if ecosystem == "java" then
    return (object.kind == "java-class" or object.kind == "dex") and telemetry.sdk("java", (text:sub(2, -2):gsub("/", "."))) or nil
  elseif ecosystem == "cargo" then
    local crate = object.class == "binary" and text:match("^.([%w_-]-)%-%d+%.")
    return crate and telemetry.sdk("cargo", (crate:gsub("%-core$", ""):gsub("%-types$", "")))
  elseif ecosystem == "gem" then
    return object.kind == "ruby" and telemetry.sdk("gem", text:match("[\"']([^\"']+)[\"']$")) or nil
  end
  local binary = object.facts.binary
  return binary and binary.language == "go" and telemetry.sdk("go", text:sub(1, -2)) or nil
end

local FIX = "Say what is reported, to whom and for how long; ask before the first report; let users and administrators switch it off."

---@type probity.Check
return {
  title       = "Telemetry library in machine code",
  why         = "A library is built in whose purpose is to report errors or use to somebody. What goes there depends on how it is set up.",
  confirm     = [[Look for the library's names in the program: `strings -a OBJECT | grep -iE
    'sentry|crashpad|appcenter|opentelemetry'`, `ldd OBJECT`, `nm -DC OBJECT`.]],
  catalogue   = "D-01",
  claim       = "telemetry",
  severity    = "medium",
  reliability = "heuristic",
  measured    = { recall = 833, planted = 12, alarms = 0, clean = 39, date = "2026-11-22" },
  applies     = { "binary", "ruby" },
  looks       = "strings:\n" .. strings("go", FORMS.go) .. "\n" .. strings("java", FORMS.java) .. "\n" .. strings("cargo", FORMS.cargo)
    .. "\n" .. strings("gem", FORMS.gem) .. "\n    condition:\n      any of them",
  findings    = {
    linked = { says = "contains %s, which reports to: %s", fix = FIX },
    monitoring = {
      says = "contains %s (%s), by which whoever runs the product can watch it",
      fix = "Say in the documentation where it reports to by default.",
      severity = "info",
    },
  },
  maps        = { "paris:P1", "cra:I.2.g", "etsi:6-4", "gdpr:25", "req:R4" },
  samples     = { hit = { "errors.rb" }, clean = { "words.rb", "source.go" } },

  object = function(object, found)
    local seen = {}
    for at, length, id in object:hits() do
      local row = of_hit(object, id, at, length)
      if row and not seen[row.package] and not object:comment(at) then
        seen[row.package] = true
        local raise = telemetry.about_users(row) and found.linked or found.monitoring
        raise { key = row.whose, at = at, length = length, row.package:match(":(.*)$"), row.whose }
      end
    end
  end,
}
