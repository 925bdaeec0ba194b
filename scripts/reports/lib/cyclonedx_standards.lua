-- What a product is held against, as CycloneDX's standards: the buyer's policy with its thresholds, the evidence it
-- demands and the claims by pillar; and the principles of the Paris Call.
local arith = require "lib.arith"
local plain = require "lib.plain"

local standards = {}

standards.POLICY, standards.PARIS = "standard:policy", "standard:paris-call"
local TITLES = {
  integrity = "Integrity: indicators of what a product should not hold",
  ["data-care"] = "Data care: what becomes of people's data",
  verification = "Verification: evidence that others can check", culture = "Culture: who answers for it, and how",
}

--- References of requirements.
function standards.pillar(name)
  return "requirement:pillar:" .. name
end

function standards.claim(n)
  return "requirement:claim:" .. n
end

function standards.evidence(n)
  return "requirement:evidence:" .. n
end

local function thresholds(accept)
  return {
    { "trust", accept.trust, "trust of at least %d of 100" },
    { "floor", accept.floor, "a floor of at least %d of 100" },
    { "confidence", accept.confidence, "confidence of at least %d percent" },
  }
end
standards.THRESHOLDS = thresholds

function standards.threshold(name)
  return "requirement:threshold:" .. name
end

function standards.principle(id)
  return "requirement:paris-call:" .. id
end

local function policy_of(report)
  local rows, policy = {}, report.policy
  for _, row in ipairs(thresholds(policy.accept)) do
    rows[#rows + 1] = { ["bom-ref"] = standards.threshold(row[1]), identifier = row[1],
      title = string.format(row[3], row[2]) }
  end
  for i, row in ipairs(policy.required) do
    rows[#rows + 1] = {
      ["bom-ref"] = standards.evidence(i), identifier = plain("evidence/" .. row.id), title = plain(row.title),
      text = row.reliability and "by means worth at least: " .. row.reliability or nil,
    }
  end
  for _, name in ipairs(arith.PILLARS) do
    rows[#rows + 1] = {
      ["bom-ref"] = standards.pillar(name), identifier = "pillar/" .. name, title = TITLES[name],
      text = string.format("its demerits count by %d permille", policy.weights[name]),
    }
  end
  for i, claim in ipairs(report.claims) do
    rows[#rows + 1] = {
      ["bom-ref"] = standards.claim(i), identifier = plain("claim/" .. claim.pillar .. "/" .. claim.claim),
      title = plain("No indicator counts against: " .. claim.claim), parent = standards.pillar(claim.pillar),
    }
  end
  return {
    ["bom-ref"] = standards.POLICY, name = plain("Probity policy " .. report.assessment.policy.name),
    version = report.assessment.policy.digest ~= "" and report.assessment.policy.digest or nil,
    description = "Thresholds, evidence and weights by which the buyer decides. All constants are expert judgement.",
    requirements = rows,
  }
end

local function paris_of(report)
  local rows = {}
  for i, principle in ipairs(report.principles) do
    rows[i] = { ["bom-ref"] = standards.principle(principle.id), identifier = principle.id,
      title = plain(principle.title) }
  end
  return {
    ["bom-ref"] = standards.PARIS, name = "Paris Call for Trust and Security in Cyberspace", version = "2018-11-12",
    owner = "Paris Call",
    description = "The nine principles; what of them a product's bytes can show.", requirements = rows,
  }
end

--- definitions.standards of a report.
function standards.of(report)
  return { policy_of(report), paris_of(report) }
end

return standards
