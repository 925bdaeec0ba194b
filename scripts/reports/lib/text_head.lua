--- The top of the page: decision, product, the three numbers, the pillars.
local fields, words = require "lib.fields", require "lib.text_words"
local get, str, int, div = fields.get, fields.str, fields.int, fields.div

local RATED <const>, BAR <const>, PILLAR_BAR <const> = 250, 76, 20
local DECISIONS = { accept = { "ACCEPT", "green" }, conditional = { "CONDITIONAL", "yellow" }, reject = { "REJECT", "alarm" },
  ["not-rated"] = { "NOT RATED", "cyan" } }
local PILLARS = { { "integrity", "Integrity" }, { "data-care", "Data care" }, { "verification", "Verification" },
  { "culture", "Culture" } }

--- The decision in a box, and beside it what was decided on.
local function box(page, report)
  local product, assessment = get(report, "product"), get(report, "assessment")
  local version, assessed = str(product, "version"), str(assessment, "assessed")
  local decision = DECISIONS[str(get(report, "score"), "decision")] or { "UNDECIDED", "plain" }
  local word, style = decision[1], decision[2]
  local rule = "+" .. ("-"):rep(#word + 2) .. "+"
  page.put(style, rule)
  page.line()
  page.put(style, "| " .. word .. " |")
  page.to(page.column + 2)
  page.put("bold", str(product, "name") .. (version ~= "" and " " or "") .. version)
  page.line()
  page.put(style, rule)
  page.to(page.column + 2)
  page.flow("plain", page.column, ("policy %s, as of %s%s%s"):format(str(get(assessment, "policy"), "name", "?"),
    str(assessment, "as_of", "?"), assessed ~= "" and ", assessed on " or "", assessed))
  page.line()
end

local function identity(page, report)
  local product = get(report, "product")
  local kind, objects = str(product, "kind"), int(product, "objects")
  page.flow("dim", 0, ("%s, %s, %d object%s with %s, sha256 %s"):format(kind ~= "" and kind or "product",
    words.size(int(product, "size")), objects, words.plural(objects), words.size(int(product, "bytes")),
    str(product, "sha256", "?"):sub(1, 16)))
  page.line()
end

local function grade_style(tenths)
  if tenths >= 800 then return "green" end
  return tenths >= 400 and "yellow" or "red"
end

local function numbers(page, report)
  local score = get(report, "score")
  local trust, floor = int(score, "trust_tenths"), int(score, "floor_tenths")
  local confidence = int(score, "confidence_permille")
  local unwaived = int(score, "unwaived_trust_tenths", trust)
  local rated = confidence >= RATED
  page.line()
  if rated then
    page.put("bold", ("Trust %d [%d..%d]  Confidence %d %%"):format(div(trust, 10), div(floor, 10), div(trust, 10),
      div(confidence, 10)))
  else
    page.put("bold", ("Trust NOT RATED  Confidence %d %%"):format(div(confidence, 10)))
  end
  if rated and unwaived ~= trust then page.flow("plain", 2, ("  (%d without the waivers)"):format(div(unwaived, 10))) end
  page.line()
  if not rated or trust < 0 or trust > 1000 or floor < 0 or floor > trust then return end
  page.bar(BAR, floor, trust - floor)
  page.line()
  page.put("dim", "# holds at worst  = not examined  . found against it")
  page.line()
end

local function pillars(page, report)
  page.line()
  page.put("bold", "Pillar")
  page.to(16)
  page.put("bold", "Trust")
  page.to(48)
  page.put("bold", "Confidence")
  page.line()
  for _, row in ipairs(PILLARS) do
    local pillar = get(get(report, "pillars"), row[1])
    local trust = int(pillar, "trust_tenths")
    page.put("plain", row[2])
    page.to(16)
    if get(pillar, "rated") == true then
      page.put(grade_style(trust), ("%5d"):format(div(trust, 10)))
      page.to(23)
      page.bar(PILLAR_BAR, trust >= 0 and trust <= 1000 and trust or 0, 0)
    else
      page.put("dim", "   NR  too little examined")
    end
    page.to(48)
    page.put("plain", ("%8d %%"):format(div(int(pillar, "confidence_permille"), 10)))
    page.line()
  end
end

return function(page, report)
  box(page, report)
  identity(page, report)
  numbers(page, report)
  pillars(page, report)
end
