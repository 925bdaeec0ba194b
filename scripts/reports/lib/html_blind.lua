-- What was not examined, what passed, and the steps to ACCEPT in full.
local first = require "lib.html_first"
local h = require "lib.html"
local parts = require "lib.html_parts"

local blind = {}

local PATHS = 20 -- of one reason

local function why(words, group)
  return group.why ~= "" and parts.said(words, group.why) or words("blind.no_reason")
end

local function check_groups(m, words)
  local rows = {}
  for _, group in ipairs(m.blind.groups) do
    if group.kind ~= "limit" then
      local names = {}
      for i, c in ipairs(group.checks) do
        names[i] = h.li { parts.said(words, c.title), " (", c.catalogue ~= "" and c.catalogue or c.id, ")",
          group.kind == "partial" and { ", ", words("blind.share", { n = { tenths = c.coverage } }) } }
      end
      rows[#rows + 1] = { why(words, group), h.ul { class = "plain-list", names }, words("blind." .. group.kind),
        parts.severity(words, group.checks[1].severity) }
    end
  end
  return #rows > 0 and parts.table(words("blind.checks"), { words("blind.reason"), words("blind.which"),
    words("blind.how"),
    words("blind.worst") }, rows)
end

local function limit_groups(m, words)
  local rows = {}
  for _, group in ipairs(m.blind.groups) do
    if group.kind == "limit" then
      local paths = {}
      for i = 1, math.min(PATHS, #group.paths) do
        paths[i] = h.li { parts.path(words, group.paths[i]) }
      end
      if #group.paths > PATHS then
        paths[#paths + 1] = h.li { words("count.more", { n = #group.paths - PATHS }) }
      end
      rows[#rows + 1] = { why(words, group), h.ul { class = "plain-list", paths }, words("count.times",
        { n = group.count }) }
    end
  end
  return #rows > 0 and parts.table(words("blind.limits"), { words("blind.reason"), words("blind.where"),
    words("blind.often") }, rows)
end

function blind.section(m, words)
  local b = m.blind
  return parts.section("blind", words("blind.title"), words("blind.intro"), {
    h.p { class = "lead", words(b.unknown + b.partial == 0 and "blind.all" or "blind.count",
      { unknown = b.unknown, partial = b.partial, of = b.applicable }) },
    check_groups(m, words), limit_groups(m, words) })
end

function blind.passed(m, words)
  local by_pillar = {}
  for _, pillar in ipairs(m.pillars) do
    local items = {}
    for _, c in ipairs(m.by_status.pass) do
      if c.pillar == pillar.name then
        items[#items + 1] = h.li { parts.said(words, c.title), c.coverage < 1000 and { " (", words("blind.share",
          { n = { tenths = c.coverage } }), ")" } }
      end
    end
    if #items > 0 then
      by_pillar[#by_pillar + 1] = h.div { h.h3(words("pillar." .. pillar.name)), h.ul { class = "plain-list", items } }
    end
  end
  return parts.section("passed", words("passed.title"), words("passed.intro"), {
    h.p { class = "lead", words("reason.passed", { n = #m.by_status.pass, of = m.blind.applicable }) },
    h.div { class = "columns", by_pillar } })
end

function blind.conditions(m, words)
  if #m.conditions == 0 then
    return false
  end
  local rows = {}
  for i, step in ipairs(m.conditions) do
    rows[i] = { { words("text.count", { n = i }), ". ", first.step(step, words) },
      { step.detail ~= "" and parts.said(words, step.detail), step.finding and { " ", h.link("#" .. step.finding.id,
        { words("conditions.finding") }) } },
      h.span { class = "gain", first.gain(step, words) },
      step.rated and words("page.range_short", { trust = step.trust.whole, floor = step.floor.whole })
        or words("decision.not-rated"),
      parts.percent(words, step.confidence.tenths) }
  end
  return parts.section("conditions", words("conditions.title"), words("conditions.intro"), {
    parts.table(words("conditions.table"), { words("conditions.step"), words("conditions.detail"),
      words("conditions.gain"), words("trust"),
      words("confidence") }, rows),
    not m.suffices and h.p { class = "lead", words("conditions.not_enough") } })
end

return blind
