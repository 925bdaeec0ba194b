-- `probity explain` for people: what moved the numbers, why it was decided so, what would change it.
local make_page = require "lib.explain_page"
local make_words = require "lib.explain_words"
local what_if = require "lib.explain_if"

local CLAIMS, GROUPS, CHECKS, CONDITIONS_LAST = 5, 6, 4, 99

local function joined(list, between)
  return table.concat(list, between or ", ")
end

local function one_check(document, page, words, check)
  local h, say = check.heaviest, words.say
  local points, alone = words.milli(check.demerit_milli), { trust = words.points(h.without.trust_tenths) }
  page.say(11, say("trust.check", { n = check.findings, title = check.title, points = points, check = check.check }))
  page.say(13, say("trust.heaviest",
    { severity = words.term("severity", h.severity), kappa = words.percent(h.kappa), says = h.says }))
  page.say(13, say("trust.where", { path = joined(h.path, " > "), key = h.key }))
  if h.waived then
    page.say(13, say("trust.waived", { why = h.waived }))
  end
  local nothing = h.without.trust_tenths == document.numbers.trust_tenths and check.keys > 1
  page.say(13, say(nothing and "trust.without.nothing" or "trust.without", alone))
  if check.keys > 1 then
    page.say(13, say("trust.check.mended", { numbers = words.numbers(check.mended) }))
  end
end

local function trust(document, page, words, all)
  local t, say = document.trust, words.say
  page.head(say "trust.head")
  if #t.falls == 0 then
    page.say(0, say "trust.none")
  else
    local demerit = words.milli(document.numbers.demerit_milli)
    page.say(0, say("trust.starts", { trust = words.points(t.uncapped_tenths), demerit = demerit }))
  end
  local rest, more = 0, 0
  for i, claim in ipairs(t.falls) do
    if i > CLAIMS and not all then
      rest, more = rest + claim.share_milli, more + 1
    else
      local weight = claim.weight ~= 1000 and say("trust.weight", { weight = words.milli(claim.weight) }) or ""
      page.say(2, say("trust.claim", {
        claim = claim.claim,
        pillar = words.term("pillar", claim.pillar),
        weight = weight,
        share = words.milli(claim.share_milli),
      }), ("%7s  "):format(words.points(-claim.fall_tenths)))
      for k, check in ipairs(claim.checks) do
        if k <= CHECKS or all then
          one_check(document, page, words, check)
        end
      end
      if #claim.checks > 1 then
        page.say(11, say("trust.claim.mended", { claim = claim.claim, numbers = words.numbers(claim.mended) }))
      end
    end
  end
  if more > 0 then
    page.say(11, say("trust.more", { n = more, share = words.milli(rest) }))
  end
  if #t.capped_by > 0 then
    local checks = {}
    for i, c in ipairs(t.capped_by) do
      checks[i] = c.check
    end
    page.say(2, say(t.cap_falls_tenths > 0 and "trust.cap" or "trust.cap.idle", {
      cap = document.numbers.cap,
      checks = joined(checks),
      uncapped = words.points(t.uncapped_tenths),
    }), ("%7s  "):format(words.points(-t.cap_falls_tenths)))
  end
  if document.numbers.unwaived_trust_tenths ~= document.numbers.trust_tenths then
    page.say(0, say("trust.unwaived", { trust = words.points(document.numbers.unwaived_trust_tenths) }))
  end
  if #t.falls > 0 then
    page.say(0, say("trust.all", { numbers = words.numbers(t.mended) }))
  end
end

local function gains(document, words, examined)
  return words.say("unseen.gains", {
    confidence = words.change(examined.confidence_permille - document.numbers.confidence_permille, words.percent),
    floor = words.change(examined.floor_tenths - document.numbers.floor_tenths, words.points),
  })
end

local function group(document, page, words, g, all)
  local say = words.say
  page.say(2, say("unseen.group", {
    gains = gains(document, words, g.examined),
    reason = g.reason ~= "" and g.reason or say "unseen.no_reason",
  }), "- ")
  for i, c in ipairs(g.checks) do
    if i <= CHECKS or all then
      page.say(6, say("unseen.check", {
        title = c.title,
        row = c.catalogue,
        severity = words.term("severity", c.severity),
        seen = words.percent(c.coverage),
      }) .. (#g.checks > 1 and ": " .. gains(document, words, c.examined) or ""))
    elseif i == CHECKS + 1 then
      page.say(6, "...")
    end
  end
  if #g.requires > 0 then
    page.say(6, say("unseen.requires", { ids = joined(g.requires) }))
  end
end

local function criticals(groups)
  local found = {}
  for _, g in ipairs(groups) do
    for _, c in ipairs(g.checks) do
      if c.critical then
        found[#found + 1] = c.title .. " (" .. c.catalogue .. ")"
      end
    end
  end
  return found
end

local function unseen(document, page, words, all)
  local say, u, c = words.say, document.unseen, document.confidence
  page.head(say "unseen.head")
  local pillars = {}
  for _, p in ipairs(c.pillars) do
    if p.applicable then
      pillars[#pillars + 1] = say("confidence.pillar", {
        pillar = words.term("pillar", p.pillar),
        confidence = words.percent(p.confidence_permille),
        weight = p.weight,
      })
    end
  end
  page.say(0, say("confidence.mean", { pillars = joined(pillars) }))
  if c.days > 0 then
    local fresh = words.percent(c.fresh_permille)
    page.say(0, say("confidence.aged", { fresh = fresh, days = c.days, half_life = c.half_life_days }))
  end
  if #u.groups == 0 then
    page.say(0, say "unseen.none")
    return
  end
  page.say(0, say "unseen.explain")
  for i, g in ipairs(u.groups) do
    if i <= GROUPS or all then
      group(document, page, words, g, all)
    end
  end
  if #u.groups > GROUPS and not all then
    page.say(4, say("unseen.more", { n = #u.groups - GROUPS }))
  end
  if u.floor_cap < 100 then
    page.say(0, say("unseen.cap", { cap = u.floor_cap, checks = joined(criticals(u.groups)) }))
  end
  page.say(0, say("unseen.all", { numbers = words.numbers(u.examined) }))
end

local function decision(document, page, words)
  local say, d = words.say, document.decision
  page.head(say("decision.head", { decision = words.term("decision", d.is) }))
  if d.better then
    page.say(0, say("decision.not", { decision = words.term("decision", d.better.decision) }))
    what_if.lacks(page, words, d.better.lacks)
  else
    page.say(0, say "decision.accepted")
  end
  if #d.margins > 0 then
    page.say(0, say "margin.head")
  end
  for _, m in ipairs(d.margins) do
    local show = (m.what == "confidence" or m.what == "rated") and words.percent or words.points
    local worse = words.term("decision", m.decision)
    page.say(2, say("margin." .. m.what, { has = show(m.has), needs = show(m.needs), decision = worse }), "- ")
  end
end

local function back(document, page, words)
  local say, b = words.say, document.back
  if document.decision.is ~= "accept" then
    page.head(say "conditions.head")
    what_if.conditions(page, words, document.conditions, CONDITIONS_LAST)
    if #document.conditions == 0 then
      page.say(0, say "conditions.none")
    elseif not document.conditions_suffice then
      page.say(0, say "conditions.insufficient")
    end
  end
  page.head(say "back.head")
  for _, a in ipairs(b.ages) do
    page.say(2, say("back.age." .. a.what, {
      on = a.on,
      confidence = words.percent(a.confidence_permille),
      decision = words.term("decision", a.decision),
    }), "- ")
  end
  page.say(2, say("back.more", { pillar = words.term("pillar", b.pillar) }), "- ")
  for _, m in ipairs(b.one_more) do
    page.say(6, say("back.more.row", {
      severity = words.term("severity", m.severity),
      trust = words.points(m.trust_tenths),
      decision = words.term("decision", m.decision),
    }))
  end
end

---@type probity.Format
return {
  title = "Text: what moved the numbers, and what would",
  extension = "txt",
  type = "text/plain",
  takes = "explain",
  render = function(document, out, options)
    local page, words = make_page(out, options), make_words(options.lang)
    local p, a, n = document.product, document.assessment, document.numbers
    page.say(0, words.say("head", {
      product = p.name .. (p.version ~= "" and " " .. p.version or ""),
      decision = words.term("decision", n.decision),
      policy = a.policy.name,
      as_of = a.as_of,
    }) .. (a.assessed ~= a.as_of and " " .. words.say("head.assessed", { assessed = a.assessed }) or ""))
    page.say(0, words.say("head.numbers", {
      trust = words.points(n.trust_tenths),
      floor = words.points(n.floor_tenths),
      confidence = words.percent(n.confidence_permille),
    }))
    if document.differs then
      page.say(0, words.say "differs")
    end
    if document.what_if then
      what_if.show(document, page, words)
    end
    if not document.what_if or options.verbose then
      trust(document, page, words, options.verbose)
      unseen(document, page, words, options.verbose)
      decision(document, page, words)
      back(document, page, words)
    end
  end,
}
