-- The report as an opinion of subjective logic: belief, disbelief and uncertainty about the product and about each
-- claim, in parts per billion, as `probity opinion export` writes it, but unsigned. Nobody can import it: an opinion
-- counts by who stands behind it. Nothing of the product's content is in it.
local arith = require "lib.arith"
local json = require "probity.json"
local plain = require "lib.plain"

local ONE = 1000000000
local UNSIGNED = "No assessor stands behind this. `probity opinion export REPORT --key KEYFILE` makes it again from "
  .. "the report, holds the report's numbers against its content, and signs it."

local function opinion(belief, disbelief)
  return { b = belief, d = disbelief, u = ONE - belief - disbelief, a = ONE // 2 }
end

---@type probity.Format
return {
  title = "Opinion: belief, disbelief, uncertainty by claim; unsigned (`probity opinion export` signs it)",
  extension = "json",
  type = "application/json",
  takes = "report",
  render = function(report, out)
    local engine, claims = report.assessment.engine, json.list {}
    for i, claim in ipairs(report.claims) do
      claims[i] = {
        claim = plain(claim.claim), pillar = claim.pillar,
        opinion = opinion(arith.half(claim.worst_milli // 10), ONE - arith.half(claim.lambda_milli // 10)),
      }
    end
    out(json.encode {
      schema = "probity-opinion/1", digest = report.product.sha256, as_of = report.assessment.as_of, assessor = "",
      valid_until = report.score.valid_until, claims = claims, unsigned = UNSIGNED,
      method = {
        rules_digest = report.assessment.rules_digest,
        engine = {
          probity = plain(engine.probity), clamav = plain(engine.clamav), yara = plain(engine.yara),
          lua = plain(engine.lua),
        },
      },
      opinion = opinion(report.score.floor_tenths * (ONE // 1000), ONE - report.score.trust_tenths * (ONE // 1000)),
    }, "\n")
  end,
}
