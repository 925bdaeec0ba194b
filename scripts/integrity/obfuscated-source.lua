local obfuscation = require "lib.obfuscation"
local purpose = require "lib.purpose"

-- Words by which a package says that its source is nobody's business, and why.
local WORDS = { "obfuscated", "obfuscation", "obfuscator", "proprietary", "commercial", "drm" }

---@type probity.Check
return {
  title       = "Obfuscated source",
  why         = "Minified code can be read after formatting; obfuscated code was written so that nobody can say what it does.",
  confirm     = [[Look at it with `fold -w 160 OBJECT | head -n 60`: names without meaning, tables of texts, calls
    that decode them. Ask for the source it was made of and build that.]],
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
    declared = {
      says = "is obfuscated, not only minified: %s; its description says so (%s)",
      fix = "Let somebody whom your users trust read the source.",
      severity = "medium",
      reliability = "heuristic",
    },
    strange = {
      says = "is written so that it is hard to read: %s",
      fix = "Ship the source, or minified code with a source map.",
      severity = "medium",
      reliability = "heuristic",
    },
  },
  maps        = { "paris:P5", "paris:P6", "cwe:506", "attack:T1027", "req:R3" },
  samples     = { hit = { "array-of-texts.js", "escaped.js", declared = { "says-so" } }, clean = { "minified.js", "table-of-escapes.js" } },

  object = function(object, found)
    local code = object.facts.code
    if not code then
      return
    end
    local what, certain = obfuscation.of(code.measures)
    if what then
      found.note { what = what, certain = certain }
    end
  end,

  product = function(product, found)
    for o in product:objects { noted = true } do
      local note = o.notes[1]
      local word = purpose.word(product, o, WORDS)
      local raise = word and found.declared or found[note.certain and "obfuscated" or "strange"]
      raise { key = o.sha256, object = o, note.what, word }
    end
  end,
}
