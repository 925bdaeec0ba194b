-- How the numbers came about, nothing left out: from each check's demerit to the claims', to trust, floor and
-- confidence.
local arith = require "lib.arith"
local h = require "lib.html"
local parts = require "lib.html_parts"

local function steps(m, words)
  if #m.waterfall == 0 then
    return h.p { class = "lead", words("arithmetic.no_fall") }
  end
  local rows = {}
  for i, step in ipairs(m.waterfall) do
    if step.kind == "cap" then
      rows[i] = { words("arithmetic.cap", { cap = step.cap }), "", "", "", "", parts.change(words, -step.tenths),
        parts.tenths(words, step.to) }
    else
      local claim = step.of
      rows[i] = { h.link("#claim-" .. claim.anchor, { parts.claim(words, claim.claim) }),
        words("pillar." .. claim.pillar),
        parts.milli(words, claim.lambda), words("text.count", { n = claim.weight }), parts.milli(words, claim.adds),
        parts.change(words, -step.tenths), parts.tenths(words, step.to) }
    end
  end
  return parts.table(words("arithmetic.steps"), { words("claim"), words("pillar"), "λ", words("arithmetic.weight"), "D",
    words("arithmetic.points"), words("arithmetic.left") }, rows, "rows numbers-table")
end

local function formula(m, words)
  local sum = m.cap < arith.NO_CAP and "arithmetic.sum_capped" or "arithmetic.sum"
  return { h.p { class = "formula", words(sum, { d = h.b { parts.milli(words, m.demerit) }, cap = m.cap,
      trust = h.b { parts.tenths(words, m.trust.tenths) } }) },
    m.unwaived.tenths ~= m.trust.tenths
      and h.p { words("arithmetic.unwaived", { trust = parts.tenths(words, m.unwaived.tenths), n = m.waived }) },
    h.p { words("arithmetic.floor", { floor = h.b { parts.tenths(words, m.floor.tenths) } }) } }
end

local function confidence(m, words)
  local rows = {}
  for i, p in ipairs(m.pillars) do
    rows[i] = { words("pillar." .. p.name), p.rated and parts.tenths(words, p.trust.tenths)
      or words("decision.not-rated"),
      parts.percent(words, p.confidence.tenths), words("text.count", { n = p.confidence_weight }), words("text.count",
        { n = p.weight }),
      words("text.count", { n = p.applicable }), words("text.count", { n = p.unknown }) }
  end
  return { h.h3(words("arithmetic.confidence")),
    h.p { words("arithmetic.confidence_how", { confidence = h.b { parts.percent(words, m.confidence.tenths) },
      days = m.policy.half_life_days }) },
    parts.table(words("arithmetic.pillars"), { words("pillar"), words("trust"), words("confidence"),
      words("arithmetic.share"), words("arithmetic.weight"), words("arithmetic.applicable"),
        words("arithmetic.unknown") }, rows,
      "rows numbers-table") }
end

local function policy(m, words)
  local a = m.policy.accept
  local rows = {
    { words("trust"), words("text.count", { n = a.trust }), parts.tenths(words, m.trust.tenths) },
    { words("confidence"), words("number.percent", { n = a.confidence }), parts.percent(words, m.confidence.tenths) },
    { words("floor"), words("text.count", { n = a.floor }), parts.tenths(words, m.floor.tenths) },
    { words("arithmetic.reject_below"), words("text.count", { n = m.policy.reject_below }), parts.tenths(words,
      m.trust.tenths) },
  }
  for _, row in ipairs(m.required) do
    rows[#rows + 1] = { parts.titled(words, "required." .. row.id, row.title),
      row.reliability and words("reliability." .. row.reliability) or words("arithmetic.required"),
      words(not row.demanded and "required.not_demanded" or row.verified and "required.verified"
        or "required.missing") }
  end
  local overrides = {}
  for i, o in ipairs(m.policy.overrides) do
    overrides[i] = { o.check, parts.severity(words, o.severity), o.reason }
  end
  return { h.h3(words("arithmetic.policy")),
    parts.table(words("arithmetic.thresholds", { policy = m.policy.name }),
      { words("arithmetic.demand"), words("arithmetic.needs"), words("arithmetic.has") }, rows),
    #overrides > 0 and parts.table(words("arithmetic.overrides"),
      { words("check"), words("severity"), words("arithmetic.reason") }, overrides) }
end

local function check_rows(m, words)
  local rows = {}
  for i, c in ipairs(m.checks) do
    rows[i] = { { c.catalogue ~= "" and { c.catalogue, " " }, h.code(c.id) }, parts.status(words, c.status),
      parts.severity(words, c.severity),
      words("text.count", { n = arith.RHO[c.reliability] or 0 }), words("text.count", { n = c.coverage }),
      words("text.count", { n = c.freshness or 1000 }), words("text.count", { n = c.keys }), parts.milli(words,
        c.demerit_milli) }
  end
  return rows
end

local function claim_rows(m, words)
  local rows = {}
  for i, c in ipairs(m.claims) do
    rows[i] = { parts.claim(words, c.claim), words("pillar." .. c.pillar), parts.milli(words, c.lambda),
      words("text.count", { n = c.weight }),
      parts.milli(words, c.adds), parts.milli(words, c.worst), parts.milli(words, arith.weighted(c.worst, c.weight)) }
  end
  return rows
end

local function every_row(m, words)
  return {
    h.details { class = "fold", h.summary { words("arithmetic.every_claim", { n = #m.claims }) },
      parts.table(words("arithmetic.claims"), { words("claim"), words("pillar"), "λ", words("arithmetic.weight"), "D",
        words("arithmetic.worst"), words("arithmetic.worst_adds") }, claim_rows(m, words), "rows numbers-table") },
    h.details { class = "fold", h.summary { words("arithmetic.every_check", { n = #m.checks }) },
      parts.table(words("arithmetic.checks"), { words("check"), words("status"), words("arithmetic.worst_severity"),
        "ρ",
        words("arithmetic.coverage"), words("arithmetic.freshness"), words("arithmetic.keys"), "v" }, check_rows(m,
          words),
        "rows numbers-table") },
  }
end

local function constants(words)
  local rows = {}
  for i, severity in ipairs(arith.SEVERITIES) do
    rows[i] = { parts.severity(words, severity), parts.milli(words, arith.POINTS[severity]), parts.milli(words,
      2 * arith.POINTS[severity]) }
  end
  local rho = {}
  for i, name in ipairs { "verified", "parsed", "third-party", "exact", "vendor-signed", "heuristic",
    "self-declared" } do
    rho[i] = { words("reliability." .. name), words("text.count", { n = arith.RHO[name] }) }
  end
  return { h.h3 { id = "constants", words("arithmetic.constants") },
    h.p { class = "judgement", words("arithmetic.judgement") },
    h.ul { class = "plain-list", h.li { words("arithmetic.how_check") }, h.li { words("arithmetic.how_claim") },
      h.li { words("arithmetic.how_trust") }, h.li { words("arithmetic.how_cap") },
        h.li { words("arithmetic.how_floor") },
      h.li { words("arithmetic.how_rated") } },
    h.div { class = "columns",
      parts.table(words("arithmetic.severities"), { words("severity"), "S", "H" }, rows, "rows numbers-table"),
      parts.table(words("arithmetic.reliabilities"), { words("arithmetic.means"), "ρ" }, rho, "rows numbers-table") } }
end

-- pictures: nil on short pages, which have neither them nor a row for each check.
return function(m, words, pictures)
  return parts.section("arithmetic", words("arithmetic.title"), words("arithmetic.intro"), {
    pictures and pictures.waterfall(h, m, words) or false,
    steps(m, words), formula(m, words), pictures and pictures.pillars(h, m, words) or false, confidence(m, words),
    policy(m, words), pictures and every_row(m, words) or false,
    constants(words),
  })
end
