-- A badge for a page or a README: the decision, and trust as a range. Readable without colours, by screen readers, and
-- where the font is another one: each text is fitted into the width that was planned for it.
local arith = require "lib.arith"
local h = require "lib.html"
local plain = require "lib.plain"
local shortened = require "lib.shortened"
local text = require "probity.text"

local LABEL = "probity"
local NAME_MOST = 200 -- bytes: a screen reader reads all of it
local WORDS = { accept = "ACCEPT", conditional = "CONDITIONAL", reject = "REJECT", ["not-rated"] = "NOT RATED" }
-- White text on each has a contrast of more than 4.5 to 1; as greys they differ from the label's.
local COLOURS = { accept = "#1a6e37", conditional = "#8a5300", reject = "#b3261e", ["not-rated"] = "#4f5b66" }
local LABEL_COLOUR, HEIGHT, SIZE, PADDING = "#24292f", 20, 11, 7
local WIDE, NARROW = 7.8, 6.3 -- pixels of a capital letter or a digit, and of others, at SIZE

local function width_of(s)
  local capitals = #s:gsub("[^A-Z0-9%%]", "")
  return (capitals * WIDE + (text.width(s) - capitals) * NARROW) // 1 | 0
end

-- What it says: "CONDITIONAL 96 [0..96]"; without a number where there is none.
local function value_of(score)
  local word = WORDS[score.decision] or "NOT RATED"
  if score.confidence_permille >= arith.RATED_FROM then
    return string.format("%s %d [%d..%d]", word, score.trust_tenths // 10, score.floor_tenths // 10,
      score.trust_tenths // 10)
  end
  return word == "NOT RATED" and word or word .. ", NOT RATED"
end

local function meaning_of(report)
  local product, score, assessment = report.product, report.score, report.assessment
  local numbers = "not rated: less than a quarter of what applies was examined"
  if score.confidence_permille >= arith.RATED_FROM then
    numbers = string.format("trust %d of 100, at worst %d; confidence %d percent", score.trust_tenths // 10,
      score.floor_tenths // 10,
      score.confidence_permille // 10)
  end
  local version = product.version ~= "" and " " .. shortened(plain(product.version), NAME_MOST) or ""
  return string.format("%s%s: %s under policy %s; %s; as of %s", shortened(plain(product.name), NAME_MOST), version,
    WORDS[score.decision] or "NOT RATED", shortened(plain(assessment.policy.name), NAME_MOST), numbers,
      assessment.as_of)
end

local function half(s, from, width, colour)
  return {
    h.rect { x = from, y = 0, width = width, height = HEIGHT, fill = colour },
    h.text {
      x = from + PADDING, y = 14, fill = "#ffffff", textLength = width - 2 * PADDING, lengthAdjust = "spacingAndGlyphs",
      ["aria-hidden"] = "true", s,
    },
  }
end

---@type probity.Format
return {
  title = "Badge (SVG): decision and trust range",
  extension = "svg",
  type = "image/svg+xml",
  takes = "report",
  render = function(report, out)
    local value, meaning = value_of(report.score), meaning_of(report)
    local left, right = width_of(LABEL) + 2 * PADDING, width_of(value) + 2 * PADDING
    h.write(out, h.svg {
      xmlns = "http://www.w3.org/2000/svg", width = left + right, height = HEIGHT,
      viewBox = "0 0 " .. left + right .. " " .. HEIGHT,
      role = "img", ["aria-label"] = meaning,
      h.title { meaning },
      h.g {
        ["font-family"] = "Verdana, DejaVu Sans, Geneva, sans-serif", ["font-size"] = SIZE,
        half(LABEL, 0, left, LABEL_COLOUR),
        half(value, left, right, COLOURS[report.score.decision] or COLOURS["not-rated"]),
      },
    })
    out("\n")
  end,
}
