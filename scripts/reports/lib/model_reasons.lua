-- Why this decision, and what speaks the other way: at most three each, the strongest first. A reason is { key, values,
-- link }: the text is words(key, values), and link is the place in the page where it is told in full ("#f-3"). Values
-- that come from the report (`says`, titles) stay in its language.
local arith = require "lib.arith"

local reasons = {}

local MOST = 3

local function add(list, key, values, link)
  list[#list + 1] = { key = key, values = values or {}, link = link }
end

local function cut(list)
  local out = {}
  for i = 1, math.min(MOST, #list) do
    out[i] = list[i]
  end
  return out
end

local function confirmed(f, severity)
  return f.row.severity == severity and f.row.kappa >= arith.CONFIRMED and not f.row.waived
end

-- Findings that decide by themselves. One reason for each check's findings of the severity: what its first says, and
-- how many more.
local function open_findings(list, m, severity)
  local seen = {}
  for _, f in ipairs(m.findings) do
    if confirmed(f, severity) and seen[f.row.check] then
      seen[f.row.check].values.n = seen[f.row.check].values.n + 1
      seen[f.row.check].key = "reason." .. severity .. "_more"
    elseif confirmed(f, severity) then
      add(list, "reason." .. severity, { says = f.row.says, n = 0 }, "#" .. f.id)
      seen[f.row.check] = list[#list]
    end
  end
end

local function shortfalls(list, m)
  local accept = m.policy.accept
  if m.trust.tenths < 10 * accept.trust then
    add(list, "reason.trust_short", { trust = m.trust, needs = accept.trust }, "#arithmetic")
  end
  if m.confidence.tenths < 10 * accept.confidence then
    add(list, "reason.confidence_short", { confidence = m.confidence, needs = accept.confidence }, "#blind")
  end
  if m.floor.tenths < 10 * accept.floor then
    add(list, "reason.floor_short", { floor = m.floor, needs = accept.floor }, "#blind")
  end
end

local function required_titles(rows)
  local out = {}
  for i, row in ipairs(rows) do
    out[i] = { key = "required." .. row.id, said = row.title }
  end
  return { list = out }
end

-- Required evidence, one reason for all of it: what is missing, or what is verified.
local function evidence(list, m, verified)
  local rows = {}
  for _, row in ipairs(m.required) do
    if row.demanded and row.verified == verified then
      rows[#rows + 1] = row
    end
  end
  if #rows > 0 then
    add(list, verified and "reason.verified" or "reason.missing", { n = #rows, what = required_titles(rows) },
      "#supplier")
  end
end

-- The claims that take most away, by their worst finding.
local function deductions(list, m)
  for _, claim in ipairs(m.claims) do
    if claim.share > 0 and #list < MOST then
      local worst = claim.findings[1]
      add(list, "reason.takes", {
        claim = { key = "claim." .. claim.claim, otherwise = claim.claim }, points = { tenths = claim.share },
        says = worst and worst.row.says or claim.claim, severity = { key = "severity." .. (worst
          and worst.row.severity or "info") },
      }, "#claim-" .. claim.anchor)
    end
  end
end

local function unexamined(list, m)
  local blind = m.blind
  if blind.unknown + blind.partial > 0 then
    add(list, "reason.unexamined", { n = blind.unknown + blind.partial, of = blind.applicable }, "#blind")
  end
end

local function against(m)
  local list = {}
  if m.decision == "reject" then
    open_findings(list, m, "critical")
    if m.trust.tenths < 10 * m.policy.reject_below then
      -- No number where too little was examined for one; what was found counts all the same.
      local key = m.rated and "reason.rejected" or "reason.rejected_unrated"
      add(list, key, { trust = m.trust, bound = m.policy.reject_below }, "#arithmetic")
    end
    open_findings(list, m, "high")
    evidence(list, m, false)
  elseif m.decision == "not-rated" then
    add(list, "reason.unrated", { confidence = m.confidence }, "#blind")
    open_findings(list, m, "high")
    evidence(list, m, false)
  elseif m.decision == "conditional" then
    open_findings(list, m, "high")
    shortfalls(list, m)
    evidence(list, m, false)
  end
  deductions(list, m)
  unexamined(list, m)
  return cut(list)
end

-- Claims without any finding, wholly examined, the gravest of their questions first.
local function quiet_claims(m)
  local out = {}
  for _, claim in ipairs(m.claims) do
    local rank, whole = 0, #claim.findings == 0
    for _, check in ipairs(claim.checks) do
      if check.status ~= "n/a" then
        whole = whole and check.status == "pass" and check.coverage == 1000
        rank = math.max(rank, arith.RANK[check.severity] or 0)
      end
    end
    if whole and rank > 0 and claim.pillar ~= "culture" and claim.pillar ~= "verification" then
      out[#out + 1] = { claim = claim, rank = rank }
    end
  end
  table.sort(out, function(a, b)
    if a.rank ~= b.rank then
      return a.rank > b.rank
    end
    return a.claim.claim < b.claim.claim
  end)
  return out
end

local function statements(list, m)
  local agrees, others = #m.statements.agrees, m.statements.total - #m.statements.agrees
  if agrees > 0 then
    add(list, "reason.agrees", { n = agrees, of = agrees + others }, "#supplier")
  end
end

local function not_observed(list, m)
  local quiet = quiet_claims(m)
  if #quiet > 0 then
    local names = {}
    for i = 1, math.min(4, #quiet) do
      names[i] = { key = "claim." .. quiet[i].claim.claim, otherwise = quiet[i].claim.claim }
    end
    local more = #quiet - #names
    add(list, more > 0 and "reason.not_observed_more" or "reason.not_observed", { claims = { list = names },
      more = more }, "#passed")
  end
end

local function in_favour(m)
  local list, accept = {}, m.policy.accept
  if m.decision == "accept" then
    add(list, "reason.reached", {
      trust = m.trust, confidence = m.confidence, floor = m.floor, needs_trust = accept.trust,
      needs_confidence = accept.confidence, needs_floor = accept.floor,
    }, "#arithmetic")
  end
  evidence(list, m, true)
  statements(list, m)
  not_observed(list, m)
  if m.rated and m.decision ~= "accept" and m.trust.tenths >= 10 * accept.trust then
    add(list, "reason.trust_reached", { trust = m.trust, needs = accept.trust }, "#arithmetic")
  end
  if #m.by_status.pass > 0 then
    add(list, "reason.passed", { n = #m.by_status.pass, of = m.blind.applicable }, "#passed")
  end
  return cut(list)
end

--- { against, in_favour } of a model.
function reasons.of(m)
  return against(m), in_favour(m)
end

return reasons
