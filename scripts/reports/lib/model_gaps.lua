-- What nobody looked at, what the policy demands, and what would make the product accepted.
local arith = require "lib.arith"
local score = require "lib.model_score"

local gaps = {}

local function weight_of(check)
  return arith.RANK[check.severity] or 0
end

-- The worst that could hide there first, then the more, then by reason.
local function graver(a, b)
  if a.rank ~= b.rank then
    return a.rank > b.rank
  end
  if a.count ~= b.count then
    return a.count > b.count
  end
  return a.why < b.why
end

local function grouped(groups, known, kind, why, of)
  local group = known[kind .. why]
  if not group then
    group = { kind = kind, why = why, checks = {}, paths = {}, count = 0, rank = 0 }
    known[kind .. why] = group
    groups[#groups + 1] = group
  end
  if of.id then
    group.checks[#group.checks + 1] = of
    group.rank = math.max(group.rank, weight_of(of))
    group.count = group.count + 1
  else
    group.paths[#group.paths + 1] = of.path
    group.count = group.count + (of.count or 1)
  end
end

--- { groups, unknown, partial, applicable, limits }: reasons of checks that could not look (kind "unknown"), or not
--- everywhere ("partial"), and of objects that were left out ("limit"), each with its checks or paths. `why` is ""
--- where none was given.
function gaps.blind(report, checks)
  local blind = { groups = {}, unknown = 0, partial = 0, applicable = 0, limits = 0 }
  local known = {}
  for _, check in ipairs(checks) do
    if check.status ~= "n/a" then
      blind.applicable = blind.applicable + 1
      if check.status == "unknown" then
        blind.unknown = blind.unknown + 1
        grouped(blind.groups, known, "unknown", check.reason or "", check)
      elseif check.coverage < 1000 then
        blind.partial = blind.partial + 1
        grouped(blind.groups, known, "partial", check.reason or "", check)
      end
    end
  end
  table.sort(blind.groups, graver)
  local limits = {}
  for _, limit in ipairs(report.limits) do
    grouped(limits, known, "limit", limit.why, { path = limit.path, count = limit.count })
    blind.limits = blind.limits + (limit.count or 1)
  end
  table.sort(limits, graver)
  for _, group in ipairs(limits) do
    blind.groups[#blind.groups + 1] = group
  end
  return blind
end

local function any_row(checks, rows, fits)
  for _, row in ipairs(rows) do
    for _, check in ipairs(checks) do
      if check.catalogue == row and fits(check) then
        return true
      end
    end
  end
  return false
end

--- Evidence that the policy requires: { id, title, reliability, demanded, verified }.
function gaps.required(report, checks)
  local out = {}
  for _, row in ipairs(report.policy.required) do
    local least = arith.RHO[row.reliability] or 0
    out[#out + 1] = {
      id = row.id, title = row.title ~= "" and row.title or row.id, reliability = row.reliability, rows = row.rows,
      demanded = #row.only_if == 0 or any_row(checks, row.only_if, function(c) return c.status == "fail" end),
      verified = any_row(checks, row.rows, function(c)
        return c.status == "pass" and c.coverage > 0 and (arith.RHO[c.reliability] or 0) >= least
      end),
    }
  end
  return out
end

--- The steps to ACCEPT in their order: { kind, what, says, title, detail, trust, floor, confidence, gain = { trust,
--- floor, confidence } in tenths }. `title` is the check's or the evidence's, `detail` what to do or why it was not
--- examined.
function gaps.conditions(report, m)
  local out = {}
  local before = { trust = m.trust.tenths, floor = m.floor.tenths, confidence = m.confidence.tenths }
  for _, row in ipairs(report.score.conditions) do
    local check = m.check[row.what]
    local step = {
      kind = row.kind, what = row.what, says = row.says, check = check, title = check and check.title or row.what,
        detail = "",
      trust = score.number(row.trust_tenths), floor = score.number(row.floor_tenths),
      confidence = score.number(row.confidence_permille),
      gain = {
        trust = row.trust_tenths - before.trust, floor = row.floor_tenths - before.floor,
        confidence = row.confidence_permille - before.confidence,
      },
      was_rated = before.confidence >= arith.RATED_FROM, rated = row.confidence_permille >= arith.RATED_FROM,
    }
    if row.kind == "evidence" then
      for _, required in ipairs(m.required) do
        if required.id == row.what then
          step.title = required.title
        end
      end
    elseif row.kind == "examine" and check then
      step.detail = check.reason or ""
      step.partial = check.status ~= "unknown"
    elseif row.kind == "fix" then
      local f = check and check.findings[1] -- findings are sorted: the one that weighs most, as the report's own sentence
      step.detail = f and f.row.remediation or ""
      step.finding = f
    end
    before = { trust = row.trust_tenths, floor = row.floor_tenths, confidence = row.confidence_permille }
    out[#out + 1] = step
  end
  return out
end

return gaps
