-- SARIF 2.1.0, for code scanning: a result a finding, where it is in the product (containers as nested artifacts,
-- bytes as regions), a fingerprint that stays while the finding does, waivers as suppressions, requirements as
-- taxonomies, what was not examined as notifications. A forge takes a limited number of results of one run (GitHub
-- 25,000); the worst come first.
local arith = require "lib.arith"
local hash = require "probity.hash"
local json = require "probity.json"
local objects = require "lib.sarif_objects"
local plain = require "lib.plain"
local rules = require "lib.sarif_rules"
local sarif = require "lib.sarif_text"
local sarif_taxa = require "lib.sarif_taxa"
local text = require "probity.text"

local SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
local ABOUT = "Indicators in the bytes of a product, and evidence about it; no finding says what a product is for."
local RELATED_MOST = 20 -- further places of one finding

-- The first element of the first path there is.
local function root_of(report)
  for _, finding in ipairs(report.findings) do
    for _, place in ipairs(finding.evidence) do
      if place.path[1] then
        return place.path[1]
      end
    end
  end
  for _, limit in ipairs(report.limits) do
    if limit.path[1] then
      return limit.path[1]
    end
  end
  return nil
end

-- primaryLocationLineHash is the one that GitHub goes by; a number behind a colon belongs to its form.
local function fingerprints(finding)
  local key = hash.sha256(finding.check .. "\0" .. finding.finding .. "\0" .. finding.key)
  return { ["probityFinding/v1"] = key, primaryLocationLineHash = key:sub(1, 16) .. ":1" }
end

local function suppressions(finding, waivers)
  if not finding.waived then
    return json.list {}
  end
  local one = { kind = "external", status = "accepted", justification = plain(finding.waived) }
  for _, waiver in ipairs(waivers) do
    if waiver.applied and waiver.check == finding.check and waiver.key == finding.key then
      one.properties = { owner = plain(waiver.owner), expires = plain(waiver.expires),
        document = plain(waiver.document) }
    end
  end
  return { one }
end

local function result_of(run, finding)
  local id, locations, related, taxa = rules.id(finding), {}, {}, {}
  for i, place in ipairs(finding.evidence) do
    if i == 1 then
      locations[1] = objects.location(run.objects, place)
    elseif i <= RELATED_MOST + 1 then
      related[#related + 1] = objects.location(run.objects, place)
    end
  end
  for i, map in ipairs(finding.maps) do
    taxa[i] = run.taxa.ref(map)
  end
  return {
    ruleId = id, ruleIndex = run.rules.index[id], level = sarif.LEVELS[finding.severity],
    rank = sarif.rank(finding.severity, finding.kappa), message = sarif.message(finding.says), locations = locations,
    relatedLocations = #related > 0 and related or nil, taxa = #taxa > 0 and taxa or nil,
    partialFingerprints = fingerprints(finding),
    suppressions = run.waives and suppressions(finding, run.waivers) or nil, occurrenceCount = finding.places,
    properties = { key = plain(finding.key), kappa = finding.kappa, severity = finding.severity },
  }
end

local function limits_of(run, report)
  local list = {}
  for i, limit in ipairs(report.limits) do
    local times = limit.count and " (" .. limit.count .. " times)" or ""
    list[i] = {
      level = "warning", message = sarif.message("not wholly examined: " .. limit.why .. times),
      locations = { objects.location(run.objects, { path = limit.path }) },
    }
  end
  return list
end

local function extensions(engine)
  local list = {
    { name = "ClamAV", version = plain(engine.clamav), properties = { database = plain(engine.clamav_db.version
      or "") } },
    { name = "YARA", version = plain(engine.yara) }, { name = "Lua", version = plain(engine.lua) },
  }
  for _, pack in ipairs(engine.packs or {}) do
    list[#list + 1] = { name = plain("pack " .. pack.name), version = plain(pack.version),
      properties = { key = pack.key, trusted = pack.trusted } }
  end
  for _, set in ipairs(engine.rule_sets or {}) do
    list[#list + 1] = { name = plain(set.id), properties = { digest = set.digest, rules = set.rules } }
  end
  for _, extension in ipairs(list) do
    extension.version = extension.version ~= "" and extension.version or nil
  end
  return list
end

local function properties_of(report)
  local score, assessment, rated = report.score, report.assessment, report.score.confidence_permille >= arith.RATED_FROM
  local pillars = {}
  for name, pillar in pairs(report.pillars) do
    pillars[name] = { trust_tenths = pillar.trust_tenths, confidence_permille = pillar.confidence_permille,
      rated = pillar.rated }
  end
  return {
    decision = score.decision, rated = rated, trust_tenths = score.trust_tenths, floor_tenths = score.floor_tenths,
    confidence_permille = score.confidence_permille, unwaived_trust_tenths = score.unwaived_trust_tenths,
    valid_until = score.valid_until,
    as_of = assessment.as_of, policy = plain(assessment.policy.name), policy_digest = assessment.policy.digest,
    rules_digest = assessment.rules_digest, pillars = pillars,
    product = { name = plain(report.product.name), version = plain(report.product.version),
      sha256 = report.product.sha256 },
  }
end

local function automation(report)
  local function part(s)
    return sarif.uri((s:gsub("/", "_")))
  end
  -- Up to its last slash it is the category: the same for each version, so that the next upload takes this one's place.
  return {
    id = "probity/" .. part(report.product.name) .. "/" .. part(report.assessment.policy.name) .. "/",
    description = sarif.message("Assessment of " .. report.product.name .. " under policy "
      .. report.assessment.policy.name),
  }
end

-- Where the results go, which are written after the rest is known. Not in a string: there a backslash stands before each quote.
local RESULTS = '"results":[]'

-- The run, and its results as JSON: as tables those of a large report would take most of a gigabyte.
local function run_of(report)
  local by_id, said = {}, rules.notifications(report.checks)
  for _, check in ipairs(report.checks) do
    by_id[check.id] = check
  end
  local run = { objects = objects.new(report.product, root_of(report)), taxa = sarif_taxa.of(report.findings),
    waivers = report.waivers or {} }
  run.rules = rules.of(report.findings, by_id, run.taxa)
  for _, finding in ipairs(report.findings) do
    run.waives = run.waives or finding.waived ~= nil
  end
  local results = {}
  for i, finding in ipairs(report.findings) do
    results[i] = json.encode(result_of(run, finding))
  end
  local execution = limits_of(run, report)
  for _, notification in ipairs(said.execution) do
    execution[#execution + 1] = notification
  end
  local command = report.assessment.command
  return {
    tool = {
      driver = {
        name = "Probity", version = plain(report.assessment.engine.probity), organization = "Probity", language = "en",
        shortDescription = { text = ABOUT },
        rules = json.list(run.rules.list), notifications = json.list(said.descriptors),
        supportedTaxonomies = json.list(run.taxa.names),
      },
      extensions = extensions(report.assessment.engine),
    },
    taxonomies = json.list(run.taxa.list), results = json.list {}, artifacts = run.objects.list, language = "en",
    columnKind = "unicodeCodePoints",
    automationDetails = automation(report), properties = properties_of(report),
    invocations = { {
      executionSuccessful = true, commandLine = command and plain(command) or nil,
      toolConfigurationNotifications = json.list(said.configuration), toolExecutionNotifications = json.list(execution),
    } },
  }, results
end

---@type probity.Format
return {
  title = "SARIF 2.1.0: findings for code scanning",
  extension = "sarif",
  type = "application/sarif+json",
  takes = "report",
  render = function(report, out)
    local run, results = run_of(report)
    local around = text.split(json.encode { ["$schema"] = SCHEMA, version = "2.1.0", runs = { run } }, RESULTS)
    out(around[1], '"results":[')
    for i, result in ipairs(results) do
      out(i > 1 and "," or "", result)
    end
    out("]", around[2], "\n")
  end,
}
