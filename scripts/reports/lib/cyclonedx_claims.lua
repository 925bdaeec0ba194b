-- Declarations of CycloneDX: claims about the product, with the checks that looked as evidence and the findings as
-- counter evidence; what its supplier says, with what was seen of that; and the attestations that map requirements to
-- claims.
local arith = require "lib.arith"
local plain = require "lib.plain"
local standards = require "lib.cyclonedx_standards"

local claims = {}

local PRODUCT, ASSESSOR, SUPPLIER = "target:product", "assessor:probity", "assessor:supplier"
claims.PRODUCT, claims.ASSESSOR, claims.SUPPLIER = PRODUCT, ASSESSOR, SUPPLIER
local REASONS = {
  agrees = "agrees with what was seen", contradicts = "contradicts what was seen",
  none = "nothing was seen that speaks of it",
  stale = "too old to count", unsigned = "signed by nobody who is trusted for it",
}

local function midnight(day)
  return day .. "T00:00:00Z"
end
claims.midnight = midnight

local function attachment(name, said, type)
  return { name = name, contents = { attachment = { contentType = type or "text/plain", content = plain(said) } } }
end

-- Permille as a share. Three decimals at most, so that it is written as short as it is.
local function share(permille)
  return permille / 1000
end
claims.share = share

local function place_text(place)
  local where = #place.path > 0 and table.concat(place.path, " > ") or "the product as a whole"
  if place.offset >= 0 then
    where = where .. string.format(", %d bytes at offset %d", place.length, place.offset)
  end
  return where .. (place.sha256 ~= "" and ", sha256 " .. place.sha256 or "")
end

local function evidence_of_finding(n, finding, day)
  local data = {}
  for i, place in ipairs(finding.evidence) do
    data[#data + 1] = attachment("place " .. i, place_text(place))
    if place.excerpt ~= "" then
      data[#data + 1] = attachment("excerpt " .. i, place.excerpt)
    end
  end
  data[#data + 1] = attachment("remediation", finding.remediation)
  if finding.waived then
    data[#data + 1] = attachment("waived", finding.waived)
  end
  return {
    ["bom-ref"] = "finding:" .. n, propertyName = plain(finding.check .. "/" .. finding.finding), created = day,
    data = data,
    description = plain(string.format("indicator present (%s, kappa %d of 1000, key %s): %s", finding.severity,
      finding.kappa, finding.key, finding.says)),
  }
end

local function evidence_of_check(check, day, expires)
  return {
    ["bom-ref"] = "check:" .. check.id, propertyName = plain(check.id), created = day, expires = expires,
    description = plain(string.format("%s: looked at %d percent of what it applies to, by means: %s; not observed",
      check.title ~= "" and check.title or check.id, check.coverage // 10, check.reliability)),
  }
end

local function refs_or_nil(list)
  return #list > 0 and list or nil
end

-- What the checks of each claim saw: references of evidence and of counter evidence, and who could not look.
local function looked(report, day, expires, evidence)
  local of, by_id = {}, {}
  for i, claim in ipairs(report.claims) do
    of[claim.claim .. "\0" .. claim.pillar] = { n = i, row = claim, evidence = {}, counter = {}, unseen = {},
      examined = 0, applies = 0 }
  end
  for _, check in ipairs(report.checks) do
    local claim = of[check.claim .. "\0" .. check.pillar]
    by_id[check.id] = claim
    if claim and check.status ~= "n/a" then
      claim.applies = claim.applies + 1
      claim.examined = claim.examined + check.coverage
      if check.status == "pass" then
        evidence[#evidence + 1] = evidence_of_check(check, day, expires)
        claim.evidence[#claim.evidence + 1] = "check:" .. check.id
      elseif check.status == "unknown" then
        claim.unseen[#claim.unseen + 1] = check.id .. (check.reason and ": " .. check.reason or "")
      end
    end
  end
  for n, finding in ipairs(report.findings) do
    evidence[#evidence + 1] = evidence_of_finding(n, finding, day)
    local claim = by_id[finding.check]
    if claim then
      claim.counter[#claim.counter + 1] = "finding:" .. n
    end
  end
  return of, by_id
end

local function reasoning(claim)
  local parts = { string.format("%d checks found nothing, %d indicators are present", #claim.evidence, #claim.counter) }
  if #claim.unseen > 0 then
    parts[2] = "could not look: " .. table.concat(claim.unseen, "; ")
  end
  return plain(table.concat(parts, "; "))
end

-- What documents of the supplier claim.
local function supplier(report, day, list, evidence)
  local refs = {}
  for i, document in ipairs(report.evidence or {}) do
    refs[document.name .. "\0" .. document.sha256] = "document:" .. i
    evidence[#evidence + 1] = {
      ["bom-ref"] = "document:" .. i, propertyName = plain(document.kind),
      created = document.issued ~= "" and midnight(document.issued) or day,
      expires = document.expires ~= "" and midnight(document.expires) or nil,
      description = plain(string.format("%s (%s): %s%s", document.name, document.format, document.state,
        document.why ~= "" and ", "
        .. document.why or "")), data = { attachment("sha256", document.sha256) },
    }
  end
  for i, said in ipairs(report.statements or {}) do
    local ref = refs[said.document .. "\0" .. said.sha256]
    list[#list + 1] = {
      ["bom-ref"] = "claim:supplier:" .. i, target = PRODUCT, predicate = plain(said.claim),
      reasoning = plain(REASONS[said.status] .. (said.why ~= "" and ": " .. said.why or "")),
      evidence = ref and said.status ~= "contradicts" and { ref } or nil,
      counterEvidence = ref and said.status == "contradicts" and { ref } or nil,
    }
  end
end

local function conformance(score, rationale)
  return { score = share(score), rationale = rationale }
end

local function policy_map(report, of)
  local score, map, accept = report.score, {}, report.policy.accept
  local has = { trust = score.trust_tenths, floor = score.floor_tenths, confidence = score.confidence_permille }
  local sure = conformance(score.confidence_permille,
    "share of what applies that was examined, by how reliable means, how recently")
  for _, row in ipairs(standards.THRESHOLDS(accept)) do
    map[#map + 1] = {
      requirement = standards.threshold(row[1]), confidence = sure,
      conformance = conformance(has[row[1]], string.format("%d.%d of 100, %d wanted", has[row[1]] // 10,
        has[row[1]] % 10, row[2])),
    }
  end
  for _, name in ipairs(arith.PILLARS) do
    local pillar = report.pillars[name]
    map[#map + 1] = {
      requirement = standards.pillar(name),
      conformance = pillar.rated and conformance(pillar.trust_tenths, "trust over this pillar's claims alone") or nil,
      confidence = conformance(pillar.confidence_permille, pillar.rated and "examined share of this pillar, not aged"
        or "too little for a number: NOT RATED"),
    }
  end
  for i, claim in ipairs(report.claims) do
    local seen = of[claim.claim .. "\0" .. claim.pillar]
    map[#map + 1] = {
      requirement = standards.claim(i), claims = { "claim:" .. i },
      conformance = conformance(arith.trust(claim.lambda_milli), "2^(-demerit/10), demerit of this claim alone"),
      confidence = seen.applies > 0 and conformance(seen.examined // seen.applies,
        "examined share of what its checks apply to") or nil,
    }
  end
  return map
end

local function paris_map(report, by_id)
  local map = {}
  for _, principle in ipairs(report.principles) do
    local refs, known = {}, {}
    for _, id in ipairs(principle.checks) do
      local claim = by_id[id]
      if claim and not known[claim.n] then
        known[claim.n] = true
        refs[#refs + 1] = "claim:" .. claim.n
      end
    end
    map[#map + 1] = { requirement = standards.principle(principle.id), claims = refs_or_nil(refs) }
  end
  return map
end

-- Evidence that the policy demands: the claims of the checks of its rows.
local function required_map(report, by_id, map)
  for i, row in ipairs(report.policy.required) do
    local wanted, refs, known = {}, {}, {}
    for _, name in ipairs(row.rows) do
      wanted[name] = true
    end
    for _, check in ipairs(report.checks) do
      local claim = wanted[check.catalogue] and by_id[check.id]
      if claim and not known[claim.n] then
        known[claim.n] = true
        refs[#refs + 1] = "claim:" .. claim.n
      end
    end
    map[#map + 1] = { requirement = standards.evidence(i), claims = refs_or_nil(refs) }
  end
end

--- { claims, evidence, attestations } of a report.
function claims.of(report)
  local day, expires = midnight(report.assessment.as_of), midnight(report.score.valid_until)
  local list, evidence = {}, {}
  local of, by_id = looked(report, day, expires, evidence)
  for i, claim in ipairs(report.claims) do
    local seen = of[claim.claim .. "\0" .. claim.pillar]
    list[i] = {
      ["bom-ref"] = "claim:" .. i, target = PRODUCT, predicate = plain("No indicator counts against: " .. claim.claim
        .. " (" .. claim.pillar .. ")"),
      reasoning = reasoning(seen), evidence = refs_or_nil(seen.evidence), counterEvidence = refs_or_nil(seen.counter),
    }
  end
  supplier(report, day, list, evidence)
  local map = policy_map(report, of)
  required_map(report, by_id, map)
  return {
    claims = list, evidence = evidence,
    attestations = {
      { summary = "Decision under the policy: " .. report.score.decision .. "; unsigned", assessor = ASSESSOR,
        map = map },
      { summary = "Principles of the Paris Call that checks of this product serve; unsigned", assessor = ASSESSOR,
        map = paris_map(report, by_id) },
    },
  }
end

return claims
