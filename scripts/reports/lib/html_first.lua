-- The first screen: what was decided, why, how sure that is, what was not looked at, and what next. All of it in one
-- view of 1280 by 900; each piece is told in full further down, and links there.
local h = require "lib.html"
local parts = require "lib.html_parts"
local pictures = require "lib.html_pictures"

local first = {}

local SHAPES = { accept = "✓", conditional = "!", reject = "✕", ["not-rated"] = "?" }
local STEPS, GROUPS = 4, 3

local function identity(m, words)
  local p = m.product
  return h.header { class = "top",
    h.div { class = "name",
      h.p { class = "kicker", words("page.kicker") },
      h.h1 { p.name, p.version ~= "" and { " ", h.span { class = "version", p.version } } } },
    h.dl { class = "stamp",
      h.div { h.dt(words("page.policy")), h.dd { m.policy.name } },
      h.div { h.dt(words("page.as_of")), h.dd { h.time { datetime = m.assessment.as_of, m.assessment.as_of } } },
      h.div { h.dt(words("page.product")), h.dd { p.kind, ", ", parts.size(words, p.size) } },
      h.div { h.dt("SHA-256"), h.dd { h.code { title = p.sha256, p.sha256:sub(1, 16), "…" } } } } }
end

-- What the policy asks for against what was reached: a shape, a word for those who do not see it, both numbers.
local function demand(words, name, has, needs, reached)
  return h.li { class = reached and "met" or "unmet",
    h.span { class = "shape", ["aria-hidden"] = "true", reached and "✓" or "✕" }, " ",
    h.span { class = "what", name }, " ", h.b { has }, " ",
    h.span { class = "needs", words("demand.asked", { needs = needs }),
      h.span { class = "unseen-text", " ", words(reached and "demand.reached" or "demand.short") } } }
end

local function demands(m, words)
  local accept, verified, demanded = m.policy.accept, 0, 0
  for _, row in ipairs(m.required) do
    demanded = demanded + (row.demanded and 1 or 0)
    verified = verified + (row.demanded and row.verified and 1 or 0)
  end
  local unrated = "–"
  return h.ul { class = "demands",
    demand(words, words("trust"), m.rated and words("text.count", { n = m.trust.whole }) or unrated, accept.trust,
      m.rated and m.trust.tenths >= 10 * accept.trust),
    demand(words, words("floor"), m.rated and words("text.count", { n = m.floor.whole }) or unrated, accept.floor,
      m.rated and m.floor.tenths >= 10 * accept.floor),
    demand(words, words("confidence"), words("number.percent", { n = m.confidence.whole }), words("number.percent",
      { n = accept.confidence }),
      m.confidence.tenths >= 10 * accept.confidence),
    demanded > 0 and demand(words, words("demand.evidence"), words("text.count", { n = verified }), demanded,
      verified == demanded) }
end

local function decision(m, words)
  local values = { n = #m.conditions, policy = h.b { m.policy.name }, date = m.valid_until,
    bound = m.policy.reject_below }
  local key = "decision." .. m.decision .. ".says"
  if m.decision ~= "accept" and #m.conditions == 0 then
    key = key .. "_none"
  elseif m.decision ~= "accept" and not m.suffices then
    key = key .. "_not_enough"
  end
  return h.div { class = "card decision decision-" .. m.decision,
    h.h2 { class = "label", words("page.decision") },
    h.p { class = "word", h.span { class = "mark", ["aria-hidden"] = "true", SHAPES[m.decision] or "?" }, " ",
      words("decision." .. m.decision) },
    h.p { class = "says", words(key, values) },
    demands(m, words),
  }
end

local function trust(m, words)
  if not m.rated then
    return h.strong(words("decision.not-rated"))
  end
  return { h.strong(words("text.count", { n = m.trust.whole })), " ",
    h.span { class = "range", words("page.range", { floor = m.floor.whole, trust = m.trust.whole }) } }
end

local function numbers(m, words)
  return h.div { class = "card numbers",
    h.h2 { class = "label", words("page.how_sure") },
    h.div { class = "pair",
      h.p { class = "big", h.abbr { title = words("trust.means"), words("trust") }, " ", trust(m, words) },
      h.p { class = "big", h.abbr { title = words("confidence.means"), words("confidence") }, " ",
        h.strong(words("number.percent", { n = m.confidence.whole })) } },
    pictures.gauge(h, m, words),
    m.unwaived.tenths ~= m.trust.tenths and m.rated
      and h.p { class = "small", words("page.unwaived", { trust = m.unwaived.whole, n = m.waived }) },
    h.p { class = "small", words("page.numbers_mean"), " ", h.link("#arithmetic", { words("page.judgement") }) },
  }
end

local function grade(pillar, words)
  return h.div { class = "grade",
    h.p { class = "grade-name", words("pillar." .. pillar.name) },
    h.p { class = "grade-number", h.strong(pillar.rated and words("text.count", { n = pillar.trust.whole })
      or words("decision.not-rated")),
      pillar.rated and h.span { class = "of", " / 100" } },
    h.p { class = "small", words("page.grade_confidence", { n = pillar.confidence.whole }) } }
end

local function grades(m, words)
  local all = {}
  for i, pillar in ipairs(m.pillars) do
    all[i] = grade(pillar, words)
  end
  return h.div { class = "card grades", h.h2 { class = "label", words("page.grades") }, h.div { class = "grade-list",
    all } }
end

local function reason_list(list, words, none)
  if #list == 0 then
    return h.p { class = "small", none }
  end
  local items = {}
  for i, reason in ipairs(list) do
    items[i] = h.li { h.link(reason.link, { class = "plain", parts.reason(words, reason) }) }
  end
  return h.ul { class = "reasons", items }
end

local function unseen(m, words)
  local items, b = {}, m.blind
  for i = 1, math.min(GROUPS, #b.groups) do
    local group = b.groups[i]
    local what = group.checks[1] and parts.said(words, group.checks[1].title) or words("blind.limit",
      { n = group.count })
    items[i] = h.li { h.link("#blind", { class = "plain", h.b { what },
      #group.checks > 1 and { " ", words("count.more", { n = #group.checks - 1 }) },
      group.why ~= "" and { ": ", parts.said(words, group.why) } }) }
  end
  return { h.p { class = "lead", words(b.unknown + b.partial == 0 and "blind.all" or "blind.count",
    { unknown = b.unknown, partial = b.partial, of = b.applicable }) }, #items > 0 and h.ul { class = "reasons",
      items } }
end

local function why(m, words)
  return h.div { class = "three",
    h.div { class = "card", h.h2 { class = "label against", words("page.against") },
      reason_list(m.reasons.against, words, words("page.nothing_against")) },
    h.div { class = "card", h.h2 { class = "label in-favour", words("page.for") },
      reason_list(m.reasons.for_, words, words("page.nothing_for")) },
    h.div { class = "card", h.h2 { class = "label unseen", words("page.unseen") }, unseen(m, words) } }
end

--- What a step gains: only what changes. Nothing at all: the policy asks for it all the same.
function first.gain(step, words)
  local out = {}
  local function chip(name, tenths, unit)
    if tenths ~= 0 then
      out[#out + 1] = h.span { class = "chip", name, " ", parts.change(words, tenths), unit }
      out[#out + 1] = " "
    end
  end
  if step.was_rated then
    chip(words("trust"), step.gain.trust, "")
    chip(words("floor"), step.gain.floor, "")
  end
  chip(words("confidence"), step.gain.confidence, " %")
  if step.rated and not step.was_rated then
    out[#out + 1] = h.span { class = "chip", words("trust"), " ",
      words("page.range_short", { trust = step.trust.whole, floor = step.floor.whole }) }
  end
  return #out > 0 and out or h.span { class = "chip", words("page.required") }
end

--- "Supply a software bill of materials", by the kind of the step.
function first.step(step, words)
  local key = "condition." .. step.kind .. (step.kind == "examine" and step.partial and "_more" or "")
  local title = step.kind == "evidence" and parts.titled(words, "required." .. step.what, step.title)
    or parts.said(words, step.title)
  return words(key, { what = h.b { title } })
end

local function steps(m, words)
  if #m.conditions == 0 then
    local key = m.decision == "accept" and "conditions.none_accept" or m.decision == "reject"
      and "conditions.none_reject"
      or "conditions.none"
    return h.p { class = "lead", words(key) }
  end
  local items, shown = {}, #m.conditions <= STEPS + 1 and #m.conditions or STEPS
  for i = 1, shown do
    items[i] = h.li { h.span { class = "step", first.step(m.conditions[i], words) }, " ",
      h.span { class = "gain", first.gain(m.conditions[i], words) } }
  end
  return { h.ol { class = "steps", items },
    #m.conditions > shown and h.p { class = "small", h.link("#conditions", { words("conditions.more",
      { n = #m.conditions - shown }) }) } }
end

local function next_steps(m, words)
  local kinds, items = { fix = 0, evidence = 0, examine = 0, renew = 0 }, {}
  for _, step in ipairs(m.conditions) do
    kinds[step.kind] = (kinds[step.kind] or 0) + 1
  end
  items[1] = h.li { words("next." .. m.decision, { policy = m.policy.name }) }
  for _, kind in ipairs { "fix", "evidence", "examine", "renew" } do
    if kinds[kind] > 0 then
      items[#items + 1] = h.li { words("next.do_" .. kind, { n = kinds[kind] }) }
    end
  end
  if m.decision == "accept" then
    items[#items + 1] = h.li { words("next.renew", { date = h.time { datetime = m.valid_until, m.valid_until } }) }
  else
    items[#items + 1] = h.li { words(#m.findings > 0 and "next.confirm" or "next.again",
      { findings = h.link("#findings", { words("page.findings_link") }) }) }
  end
  return h.ul { class = "reasons", items }
end

function first.screen(m, words)
  return { identity(m, words), "\n",
    h.div { class = "hero", decision(m, words), numbers(m, words), grades(m, words) }, "\n",
    why(m, words), "\n",
    h.div { class = "two",
      h.div { class = "card", h.h2 { class = "label", words("page.conditions") }, steps(m, words) },
      h.div { class = "card", h.h2 { class = "label", words("page.next") }, next_steps(m, words) } }, "\n" }
end

return first
