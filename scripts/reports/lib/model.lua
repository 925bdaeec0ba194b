-- What all people's formats show of a report, worked out once, in no language: texts are keys of lib/words, or stand in
-- the report.
--
--   local model = require "lib.model"
--   local m = model(report)
--
--   decision, rated                "accept", "conditional", "reject", "not-rated"; is there enough confidence for a
--                                  number?
--   trust, floor, confidence, unwaived   { tenths, whole, text }: 996 (tenths of a point, permille), 99, "99.6"
--   product, assessment, policy    as in the report; policy has name and digest too
--   pillars                        name, trust, confidence, rated, weight, confidence_weight, applicable, passed,
--                                  failed, unknown
--   checks, check                  rows of the report, with findings and `of`, their claim; the same by id
--   by_status                      pass, fail, unknown, ["n/a"]: lists of checks
--   findings                       { n, id = "f-1", row, check }: rows of the report in its order
--   severities                     number of findings by severity; waived: how many are
--   claims                         claim, pillar, anchor, lambda, worst, weight, adds, share (tenths of the fall),
--                                  checks, findings,
--                                  kinds, counts by severity, rank of the worst; the weightiest first
--   waterfall                      steps from 100 to trust: kind (claim, cap), tenths, from, to, claim, pillar, adds
--   blind                          groups of what was not examined (kind, why, checks, paths, count), unknown,
--                                  partial, applicable
--   required, conditions           what the policy demands; the steps to ACCEPT with what each gains
--   suffices                       do these steps lead to ACCEPT?
--   reasons                        against and for_: { key, values, link }, at most three each
--   stages                         collect, process, store, protect, share, delete: checks, findings, status
--   endpoints, declared, statements, documents, principles, waivers, valid_until
--
-- Rows of a model belong to one call; nothing of the report is changed.
local arith = require "lib.arith"
local data = require "lib.model_data"
local gaps = require "lib.model_gaps"
local reasons = require "lib.model_reasons"
local score = require "lib.model_score"

local function copy(row)
  local out = {}
  for key, value in pairs(row) do
    out[key] = value
  end
  return out
end

local function read_checks(report, m)
  m.checks, m.check, m.by_status = {}, {}, { pass = {}, fail = {}, unknown = {}, ["n/a"] = {} }
  for i, check in ipairs(report.checks) do -- the rows themselves, which nobody else reads: there are as many as checks
    check.findings = {}
    if check.title == "" then
      check.title = check.id
    end
    m.checks[i], m.check[check.id] = check, check
    local list = m.by_status[check.status]
    list[#list + 1] = check
  end
end

-- A report from a file may name a check that it does not hold; its findings are shown all the same.
local function unknown_check(m, id)
  local check = {
    id = id, title = id, catalogue = "", claim = "", pillar = "integrity", severity = "info", reliability = "heuristic",
    online = false, status = "n/a", coverage = 0, demerit_milli = 0, keys = 0, findings = {},
  }
  m.check[id] = check
  return check
end

local function read_findings(report, m)
  m.findings, m.waived = {}, 0
  m.severities = { critical = 0, high = 0, medium = 0, low = 0, info = 0 }
  for i, row in ipairs(report.findings) do
    local check = m.check[row.check] or unknown_check(m, row.check)
    local f = { n = i, id = "f-" .. i, row = row, check = check }
    m.findings[i] = f
    check.findings[#check.findings + 1] = f
    m.severities[row.severity] = (m.severities[row.severity] or 0) + 1
    m.waived = m.waived + (row.waived and 1 or 0)
  end
end

-- Findings whose claim the report does not name get one, so that no finding is missing in any format.
local function stray_claim(m)
  local stray = {}
  for _, f in ipairs(m.findings) do
    if not f.check.of then
      stray[#stray + 1] = f
    end
  end
  if #stray == 0 then
    return
  end
  local report = { claims = { { claim = "other", pillar = "integrity", lambda_milli = 0, worst_milli = 0 } },
    policy = { weights = {} } }
  local checks, known = {}, {}
  for _, f in ipairs(stray) do
    if not known[f.check.id] then
      known[f.check.id] = true
      f.check.claim, f.check.pillar = "other", "integrity"
      checks[#checks + 1] = f.check
    end
  end
  m.claims[#m.claims + 1] = score.claims(report, checks, stray)[1]
end

local function anchors(m)
  for i, claim in ipairs(m.claims) do
    claim.anchor = tostring(i)
  end
end

local function policy_of(report)
  local policy = copy(report.policy)
  policy.name, policy.digest = report.assessment.policy.name, report.assessment.policy.digest
  return policy
end

---@param report table  a canonical report
---@return table
return function(report)
  local s = report.score
  local m = {
    report = report, product = report.product, assessment = report.assessment, policy = policy_of(report),
    decision = s.decision, trust = score.number(s.trust_tenths), floor = score.number(s.floor_tenths),
    confidence = score.number(s.confidence_permille), unwaived = score.number(s.unwaived_trust_tenths
      or s.trust_tenths),
    rated = s.confidence_permille >= arith.RATED_FROM, cap = s.cap, demerit = s.demerit_milli,
      suffices = s.conditions_suffice,
    valid_until = s.valid_until, principles = report.principles, waivers = report.waivers or {},
      documents = report.evidence or {},
    composition = report.composition,
  }
  read_checks(report, m)
  read_findings(report, m)
  m.pillars = score.pillars(report, m.checks)
  m.claims = score.claims(report, m.checks, m.findings)
  stray_claim(m)
  anchors(m)
  m.waterfall = score.waterfall(report, m.claims)
  m.blind = gaps.blind(report, m.checks)
  m.required = gaps.required(report, m.checks)
  m.conditions = gaps.conditions(report, m)
  m.stages = data.stages(m.checks)
  m.endpoints = data.endpoints(report)
  m.declared = data.declared(report)
  m.statements = data.statements(report)
  local against, in_favour = reasons.of(m)
  m.reasons = { against = against, for_ = in_favour }
  return m
end
