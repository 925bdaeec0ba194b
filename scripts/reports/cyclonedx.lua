-- CycloneDX 1.6 with declarations: the product as component, the policy and the Paris Call as standards, claims with
-- evidence and counter evidence, attestations that map the one to the other. Nobody signs it: `probity sign` signs the
-- report itself.
local claims = require "lib.cyclonedx_claims"
local json = require "probity.json"
local plain = require "lib.plain"
local shortened = require "lib.shortened"
local standards = require "lib.cyclonedx_standards"
local uuid = require "lib.uuid"

local TYPES = {
  npm = "library", wheel = "library", sdist = "library", gem = "library", crate = "library", jar = "library",
  nupkg = "library",
  oci = "container", docker = "container", firmware = "firmware", folder = "application",
}

local VERSION_MOST = 1024 -- of the schema

local function version_of(said)
  return said ~= "" and shortened(plain(said), VERSION_MOST) or nil
end

local function tool(name, version)
  return { type = "application", name = name, version = version_of(version) }
end

local function property(name, value)
  return { name = "probity:" .. name, value = plain(value) }
end

local function component(report, ref)
  local product = report.product
  return {
    type = TYPES[product.kind] or "application", ["bom-ref"] = ref,
    name = product.name ~= "" and plain(product.name) or "(no name)",
    version = version_of(product.version), hashes = { { alg = "SHA-256", content = product.sha256 } },
    properties = { property("kind", product.kind), property("size", product.size), property("objects", product.objects),
      property("bytes", product.bytes) },
  }
end

local function metadata(report)
  local engine, assessment, score = report.assessment.engine, report.assessment, report.score
  local tools = { tool("Probity", engine.probity), tool("ClamAV", engine.clamav), tool("YARA", engine.yara),
    tool("Lua", engine.lua) }
  return {
    timestamp = claims.midnight(assessment.as_of), component = component(report, "product"),
    lifecycles = { { phase = "post-build" } },
    tools = { components = tools },
    properties = {
      property("decision", score.decision), property("trust_tenths", score.trust_tenths),
      property("floor_tenths", score.floor_tenths),
      property("confidence_permille", score.confidence_permille), property("valid_until", score.valid_until),
      property("policy", assessment.policy.name), property("rules_digest", assessment.rules_digest),
      property("signed", "no: `probity sign` signs the report that this was made of"),
    },
  }
end

-- Suppliers are assessors of themselves; who looked at the bytes is a third party.
local function assessors(report)
  local list = { { ["bom-ref"] = claims.ASSESSOR, thirdParty = true,
    organization = { name = "Probity " .. plain(report.assessment.engine.probity) } } }
  if report.statements and #report.statements > 0 then
    list[2] = { ["bom-ref"] = claims.SUPPLIER, thirdParty = false,
      organization = { name = "the supplier of " .. plain(report.product.name) } }
  end
  return list
end

---@type probity.Format
return {
  title = "CycloneDX 1.6: claims with evidence and counter evidence, attestations",
  extension = "cdx.json",
  type = "application/vnd.cyclonedx+json; version=1.6",
  takes = "report",
  render = function(report, out)
    local said = claims.of(report)
    out(json.encode {
      ["$schema"] = "http://cyclonedx.org/schema/bom-1.6.schema.json", bomFormat = "CycloneDX", specVersion = "1.6",
      version = 1,
      serialNumber = "urn:uuid:" .. uuid(json.encode(report)), metadata = metadata(report),
      definitions = { standards = standards.of(report) },
      declarations = {
        assessors = assessors(report), attestations = said.attestations, claims = said.claims, evidence = said.evidence,
        targets = { components = { component(report, claims.PRODUCT) } },
      },
    }, "\n")
  end,
}
