-- What a monitoring system keeps of a report: the numbers, with the product and its version as labels. OpenMetrics
-- text, which Prometheus reads as well (for its node exporter's textfile collector, write to a .prom file). Families
-- are gauges: what the report says holds until the next report, and nothing here was measured at a time of its own, so
-- there are no timestamps. trust and floor are left out where confidence is below 25 %: NOT RATED; probity_rated says
-- so.
local arith = require "lib.arith"
local date = require "probity.date"
local plain = require "lib.plain"
local shortened = require "lib.shortened"

local SECONDS = 86400
local DECISIONS = { "accept", "conditional", "reject", "not-rated" }
local STATUSES = { "pass", "fail", "unknown", "n/a" }
local LONGEST = 256 -- bytes of a label's value: a name of 10 kB would be sent with every sample for ever

local ESCAPES = { ["\\"] = "\\\\", ['"'] = '\\"', ["\n"] = "\\n" }

-- {a="b",c="d"} of pairs in their order.
local function labels(pairs_of)
  local parts = {}
  for i, pair in ipairs(pairs_of) do
    parts[i] = pair[1] .. '="' .. shortened(plain(pair[2]), LONGEST):gsub('[\\"\n]', ESCAPES) .. '"'
  end
  return "{" .. table.concat(parts, ",") .. "}"
end

local function with(base, name, value)
  local out = { table.unpack(base) }
  out[#out + 1] = { name, value }
  return out
end

-- 996 of 1000 -> 0.996
local function ratio(permille)
  return string.format("%d.%03d", permille // 1000, permille % 1000)
end

-- One family: its head, then a sample a row { labels, value }. The name ends in the unit.
local function family(out, name, unit, help, rows)
  if #rows == 0 then
    return
  end
  out("# TYPE probity_", name, " gauge\n")
  if unit then
    out("# UNIT probity_", name, " ", unit, "\n")
  end
  out("# HELP probity_", name, " ", help, "\n")
  for _, row in ipairs(rows) do
    out("probity_", name, labels(row[1]), " ", row[2], "\n")
  end
end

local function one(base, value)
  return { { base, value } }
end

local function midnight(day)
  return (date.parse(day) or 0) * SECONDS
end

local function scores(out, report, base)
  local score, rated, rows = report.score, report.score.confidence_permille >= arith.RATED_FROM, {}
  for i, decision in ipairs(DECISIONS) do
    rows[i] = { with(base, "decision", decision), score.decision == decision and 1 or 0 }
  end
  family(out, "decision", nil, "The decision under the policy: 1 for the one that was made, 0 for the others.", rows)
  family(out, "rated", nil, "1 where enough was examined for a number, 0: NOT RATED, trust and floor are left out.",
    one(base, rated and 1 or 0))
  if rated then
    family(out, "trust_ratio", "ratio", "Trust: what was found against the product; 1: nothing.",
      one(base, ratio(score.trust_tenths)))
    family(out, "floor_ratio", "ratio", "Floor: trust, had every check that could not look failed at its worst.",
      one(base, ratio(score.floor_tenths)))
  end
  family(out, "confidence_ratio", "ratio",
    "Confidence: share of what applies that was examined, by how reliable means, how recently.",
    one(base, ratio(score.confidence_permille)))
  family(out, "demerit_points", "points", "Demerit: ten points halve trust.", one(base, ratio(score.demerit_milli)))
end

local function pillars(out, report, base)
  local trust, confidence = {}, {}
  for _, name in ipairs(arith.PILLARS) do
    local pillar, of = report.pillars[name], with(base, "pillar", name)
    if pillar.rated then
      trust[#trust + 1] = { of, ratio(pillar.trust_tenths) }
    end
    confidence[#confidence + 1] = { of, ratio(pillar.confidence_permille) }
  end
  family(out, "pillar_trust_ratio", "ratio", "Trust over one pillar's claims; left out where the pillar is not rated.",
    trust)
  family(out, "pillar_confidence_ratio", "ratio", "Confidence of one pillar, not aged.", confidence)
end

local function counts(out, report, base)
  local pillar_of, checks, found, waived = {}, {}, {}, 0
  for _, check in ipairs(report.checks) do
    pillar_of[check.id] = check.pillar
    local key = check.pillar .. " " .. check.status
    checks[key] = (checks[key] or 0) + 1
  end
  for _, finding in ipairs(report.findings) do
    local key = (pillar_of[finding.check] or arith.PILLARS[1]) .. " " .. finding.severity
    found[key] = (found[key] or 0) + 1
    waived = waived + (finding.waived and 1 or 0)
  end
  local check_rows, finding_rows = {}, {}
  for _, pillar in ipairs(arith.PILLARS) do
    for _, status in ipairs(STATUSES) do
      check_rows[#check_rows + 1] = { with(with(base, "pillar", pillar), "status", status),
        checks[pillar .. " " .. status] or 0 }
    end
    for _, severity in ipairs(arith.SEVERITIES) do
      finding_rows[#finding_rows + 1] = { with(with(base, "pillar", pillar), "severity", severity),
        found[pillar .. " " .. severity] or 0 }
    end
  end
  family(out, "findings", nil, "Findings, waived ones included.", finding_rows)
  family(out, "waived_findings", nil, "Findings that a waiver covers.", one(base, waived))
  family(out, "checks", nil, "Checks by what became of them.", check_rows)
  local limits = 0
  for _, limit in ipairs(report.limits) do
    limits = limits + (limit.count or 1)
  end
  family(out, "limits", nil, "Objects that were left out or not wholly examined.", one(base, limits))
end

---@type probity.Format
return {
  title = "OpenMetrics: the numbers, for monitoring",
  extension = "prom",
  type = "application/openmetrics-text; version=1.0.0; charset=utf-8",
  takes = "report",
  render = function(report, out)
    local product, assessment = report.product, report.assessment
    local base = { { "product", product.name }, { "version", product.version }, { "policy", assessment.policy.name } }
    scores(out, report, base)
    pillars(out, report, base)
    counts(out, report, base)
    family(out, "objects", nil, "Objects examined, containers included.", one(base, product.objects))
    family(out, "product_size_bytes", "bytes", "Size of the product.", one(base, product.size))
    family(out, "as_of_timestamp_seconds", "seconds", "The day for which the numbers hold, as seconds since 1970.",
      one(base, midnight(assessment.as_of)))
    family(out, "valid_until_timestamp_seconds", "seconds",
      "The day on which confidence falls below what the policy asks for.",
      one(base, midnight(report.score.valid_until)))
    family(out, "about", nil, "Always 1: what was assessed, by what means.", one({
      base[1], base[2], base[3], { "kind", product.kind }, { "sha256", product.sha256 },
      { "rules_digest", assessment.rules_digest }, { "policy_digest", assessment.policy.digest },
      { "probity_version", assessment.engine.probity },
    }, 1))
    out("# EOF\n")
  end,
}
