-- The principles of the Paris Call, what the report does not say, and what each number means.
local h = require "lib.html"
local parts = require "lib.html_parts"

local closing = {}

function closing.principles(m, words)
  local rows = {}
  for i, p in ipairs(m.principles) do
    rows[i] = { { p.id, " ", parts.titled(words, "principle." .. p.id, p.title) }, words("text.count",
      { n = #p.checks }),
      words("text.count", { n = p.findings }), words(p.assessable == "yes" and "principles.yes"
        or "principles.limited") }
  end
  return parts.section("principles", words("principles.title"), words("principles.intro"),
    parts.table(words("principles.table"), { words("principles.principle"), words("principles.checks"),
      words("principles.findings"),
      words("principles.assessable") }, rows))
end

function closing.not_said(_, words)
  local items = {}
  for i, key in ipairs { "bytes", "absent", "place", "audit", "static", "constants", "law" } do
    items[i] = h.li { words("not_said." .. key) }
  end
  return parts.section("not-said", words("not_said.title"), words("not_said.intro"), h.ul { class = "plain-list",
    items })
end

local TERMS = {
  { "trust", "trust.means" }, { "floor", "floor.means" }, { "confidence", "confidence.means" }, { "glossary.range",
    "range.means" },
  { "glossary.demerit", "glossary.demerit.means" }, { "glossary.lambda", "glossary.lambda.means" }, { "glossary.v",
    "glossary.v.means" },
  { "glossary.kappa", "glossary.kappa.means" }, { "glossary.rho", "glossary.rho.means" }, { "glossary.coverage",
    "glossary.coverage.means" },
  { "glossary.cap", "glossary.cap.means" }, { "glossary.weight", "glossary.weight.means" }, { "glossary.key",
    "glossary.key.means" },
  { "glossary.valid", "glossary.valid.means" },
}

function closing.glossary(_, words)
  local list = { class = "glossary" }
  for _, term in ipairs(TERMS) do
    list[#list + 1] = h.div { h.dt { words(term[1]) }, h.dd { words(term[2]) } }
  end
  return parts.section("glossary", words("glossary.title"), words("glossary.intro"), h.dl(list))
end

return closing
