-- One row for each finding, for spreadsheets and databases; without a finding, the names of the columns alone. What a
-- column holds:
--
--   product, version, product_sha256, as_of, policy, decision   of the report, on every row: files can be put together
--   trust, floor, confidence   0 to 100, one decimal; trust and floor are empty where confidence is below 25: NOT RATED
--   finding_number             the place in the report, the worst first, from 1
--   severity, kappa            how bad; how certain, 0 to 1000
--   pillar, claim, check, catalogue, title   which check says so, and what it serves
--   finding, key               what was found, and about what: (check, key) is the same in the next version's report
--   says, remediation          in words
--   maps                       requirements, with blanks between: cwe:121 paris:P6
--   waived                     why and until when it is waived; empty: it is not
--   places                     how many places it has; the next five are the first of them
--   path                       from the product to the object, with " > " between
--   object_sha256, offset, length, excerpt   the object, the bytes in it (empty: all of it), what stands there
--   why, confirm               why it matters, and how a person confirms it, where the check says so
local csv = require "lib.csv"

local COLUMNS = {
  "product", "version", "product_sha256", "as_of", "policy", "decision", "trust", "floor", "confidence",
  "finding_number", "severity", "kappa", "pillar", "claim", "check", "catalogue", "title", "finding", "key", "says",
  "remediation", "maps", "waived", "places", "path", "object_sha256", "offset", "length", "excerpt", "why", "confirm",
}
local RATED_FROM = 250 -- permille of confidence

-- As a number with one decimal: a spreadsheet shall compute with it.
local function decimal(tenths)
  return string.format("%d.%d", tenths // 10, tenths % 10)
end

local function checks_by_id(report)
  local by_id = {}
  for _, check in ipairs(report.checks) do
    by_id[check.id] = check
  end
  return by_id
end

local function row_of(head, n, finding, check)
  local place = finding.evidence[1]
  local whole = place.offset < 0
  return {
    head.product.name, head.product.version, head.product.sha256, head.assessment.as_of, head.assessment.policy.name,
    head.score.decision, head.trust, head.floor, head.confidence, n, finding.severity, finding.kappa, check.pillar,
    check.claim, finding.check, check.catalogue, check.title, finding.finding, finding.key, finding.says,
    finding.remediation,
    table.concat(finding.maps, " "), finding.waived, finding.places, table.concat(place.path, " > "), place.sha256,
    not whole and place.offset or nil, not whole and place.length or nil, place.excerpt, check.why, check.confirm,
  }
end

---@type probity.Format
return {
  title = "CSV: one row a finding, for spreadsheets",
  extension = "csv",
  type = "text/csv",
  takes = "report",
  render = function(report, out)
    local by_id, score = checks_by_id(report), report.score
    local rated = score.confidence_permille >= RATED_FROM
    local head = {
      product = report.product, assessment = report.assessment, score = score,
      trust = rated and decimal(score.trust_tenths) or nil, floor = rated and decimal(score.floor_tenths) or nil,
      confidence = decimal(score.confidence_permille),
    }
    csv.row(out, #COLUMNS, COLUMNS)
    for n, finding in ipairs(report.findings) do
      csv.row(out, #COLUMNS, row_of(head, n, finding, by_id[finding.check] or {}))
    end
  end,
}
