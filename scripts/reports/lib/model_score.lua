-- The numbers of a report as a reader follows them: pillars, claims with what each takes away, the way from 100 down to
-- trust.
local arith = require "lib.arith"

local score = {}

--- A number of 0..100: in tenths, whole as the score is printed (cut, never rounded up), and as text with one decimal.
function score.number(tenths)
  return { tenths = tenths, whole = tenths // 10, text = tenths // 10 .. "." .. tenths % 10 }
end

function score.pillars(report, checks)
  local pillars = {}
  for _, name in ipairs(arith.PILLARS) do
    local row = report.pillars[name] or { trust_tenths = 1000, confidence_permille = 0, rated = false }
    local pillar = {
      name = name, trust = score.number(row.trust_tenths), confidence = score.number(row.confidence_permille),
      rated = row.rated, weight = report.policy.weights[name],
        confidence_weight = report.policy.confidence_weights[name],
      applicable = 0, unknown = 0, failed = 0, passed = 0,
    }
    for _, check in ipairs(checks) do
      if check.pillar == name and check.status ~= "n/a" then
        pillar.applicable = pillar.applicable + 1
        local counter = check.status == "pass" and "passed" or check.status == "fail" and "failed" or "unknown"
        pillar[counter] = pillar[counter] + 1
      end
    end
    pillars[#pillars + 1] = pillar
  end
  return pillars
end

-- The larger demerit first, then the worse finding, then by name.
local function weightier(a, b)
  if a.adds ~= b.adds then
    return a.adds > b.adds
  end
  if a.rank ~= b.rank then
    return a.rank > b.rank
  end
  if a.claim ~= b.claim then
    return a.claim < b.claim
  end
  return a.pillar < b.pillar
end

-- Findings of one kind (check, finding, severity), in the order of the report.
local function kinds_of(claim)
  local kinds, known = {}, {}
  for _, f in ipairs(claim.findings) do
    local name = f.row.check .. "\0" .. f.row.finding .. "\0" .. f.row.severity
    local kind = known[name]
    if not kind then
      kind = { check = f.check, finding = f.row.finding, severity = f.row.severity, findings = {} }
      known[name] = kind
      kinds[#kinds + 1] = kind
    end
    kind.findings[#kind.findings + 1] = f
  end
  return kinds
end

--- Every claim with its checks, findings (rows of m.findings) and what it adds to the demerit, the weightiest first.
function score.claims(report, checks, findings)
  local claims, known = {}, {}
  for _, row in ipairs(report.claims) do
    local weight = report.policy.weights[row.pillar] or 0
    local claim = {
      claim = row.claim, pillar = row.pillar, lambda = row.lambda_milli, worst = row.worst_milli, weight = weight,
      adds = arith.weighted(row.lambda_milli, weight), checks = {}, findings = {}, rank = 0, share = 0,
      counts = { critical = 0, high = 0, medium = 0, low = 0, info = 0 },
    }
    known[row.claim .. "\0" .. row.pillar] = claim
    claims[#claims + 1] = claim
  end
  for _, check in ipairs(checks) do
    local claim = known[check.claim .. "\0" .. check.pillar]
    if claim then
      claim.checks[#claim.checks + 1] = check
      check.of = claim
    end
  end
  for _, f in ipairs(findings) do
    local claim, severity = f.check.of, f.row.severity
    if claim then
      claim.findings[#claim.findings + 1] = f
      claim.counts[severity] = (claim.counts[severity] or 0) + 1
      claim.rank = math.max(claim.rank, arith.RANK[severity] or 0)
    end
  end
  for _, claim in ipairs(claims) do
    claim.kinds = kinds_of(claim)
  end
  table.sort(claims, weightier)
  return claims
end

--- The steps from 100 to trust: what each claim takes (kind "claim"), then the cap (kind "cap"). Demerits add up, and
--- trust is halved by every ten points of them; so a claim's part of the fall is its part of the demerit. In tenths,
--- and they sum up: 1000 less all steps is trust.
function score.waterfall(report, claims)
  local trust, cap = report.score.trust_tenths, report.score.cap
  local before_cap = trust
  if cap < arith.NO_CAP and trust >= 10 * cap then
    before_cap = math.max(trust, arith.trust(report.score.demerit_milli))
  end
  local steps, parts, at = {}, {}, 1000
  for _, claim in ipairs(claims) do
    if claim.adds > 0 then
      steps[#steps + 1] = { kind = "claim", claim = claim.claim, pillar = claim.pillar, adds = claim.adds, of = claim }
      parts[#parts + 1] = claim.adds
    end
  end
  if #parts > 0 then
    for i, share in ipairs(arith.shares(1000 - before_cap, parts)) do
      steps[i].tenths, steps[i].from, steps[i].to = share, at, at - share
      steps[i].of.share = share
      at = at - share
    end
  end
  if at > trust then
    steps[#steps + 1] = { kind = "cap", cap = cap, tenths = at - trust, from = at, to = trust, adds = 0 }
  end
  return steps
end

return score
