local obfuscation = require "lib.obfuscation"

---@type probity.Check
return {
  title       = "Obfuscated source",
  why         = "Minified code can be read after formatting; obfuscated code was written so that nobody can say what it does.",
  catalogue   = "I-31",
  claim       = "opacity",
  severity    = "high",
  reliability = "parsed",
  measured    = { recall = 1000, planted = 12, alarms = 0, clean = 39, date = "2026-11-22" },
  applies     = { "javascript", "typescript", "python" },
  findings    = {
    obfuscated = {
      says = "is obfuscated, not only minified: %s",
      fix = "Ship the source, or minified code with a source map. Users: take a version that can be read.",
    },
    strange = {
      says = "is written so that it is hard to read: %s",
      fix = "Ship the source, or minified code with a source map.",
      severity = "medium",
      reliability = "heuristic",
    },
  },
  maps        = { "paris:P5", "paris:P6", "cwe:506", "attack:T1027", "req:R3" },
  samples     = { hit = { "array-of-texts.js", "escaped.js" }, clean = { "minified.js", "table-of-escapes.js" } },

  object = function(object, found)
    local code = object.facts.code
    if not code then
      return
    end
    local what, certain = obfuscation.of(code.measures)
    if what then
      found[certain and "obfuscated" or "strange"] { key = object.sha256, what }
    end
  end,
}
