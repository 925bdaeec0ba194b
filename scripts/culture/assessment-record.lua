local supplied = require "lib.supplied"

local CLAIM = "keeps a record of earlier assessments"

local function judge_log(d, found)
  local content = d.evidence.content
  if content.what ~= "lines" then
    return false
  elseif content.chain ~= "intact" then
    found.broken { key = d.sha256, object = d, d.basename, content.why }
    found.statement { document = d, claim = CLAIM, status = "contradicts", why = content.why }
    return false
  elseif content.lines == 0 then
    found.statement { document = d, claim = CLAIM, status = "none", why = "it has no line" }
    return false
  end
  local signed = d.reliability ~= "self-declared"
  found.statement { document = d, claim = CLAIM, status = signed and "agrees" or "unsigned",
    why = ("%d lines hold, the last one has digest %s"):format(content.lines, content.digest) }
  -- Lines that follow each other prove little before the first that is there.
  found.pass { reliability = d.reliability, coverage = content.first == 1 and 1000 or 500, freshness = d.freshness }
  return true
end

-- The digests of all reports that sound logs have a line of, and whether there is such a log.
local function listed(product)
  local set, any = {}, false
  for d in product:evidence { kind = "log" } do
    if d.evidence.content.what == "lines" and d.evidence.content.chain == "intact" then
      any = true
      for _, digest in ipairs(d.evidence.content.reports) do
        set[digest] = true
      end
    end
  end
  return set, any
end

local function judge_report(product, d, logged, any, found)
  local concerns = supplied.concerns(product, d)
  local content = d.evidence.content
  if any and not logged[content.report_sha256] then
    found.unlisted { key = d.sha256, object = d, d.basename, content.report_sha256 }
    found.statement { document = d, claim = "is in the log", status = "contradicts", why = "the log that came with it has no line of it" }
    return false
  elseif concerns == "other" then
    -- Of an earlier version most likely: that is what a record is of.
    found.statement { document = d, claim = "was assessed before", status = "none", why = "it is of " .. supplied.subject(d) }
    return false
  end
  local stale = supplied.stale(product, d)
  if stale then
    found.statement { document = d, claim = "was assessed before", status = "stale", why = stale }
    return false
  end
  found.statement { document = d, claim = "was assessed before", status = d.signer and "agrees" or "unsigned",
    why = ("%s on %s"):format(content.decision, content.as_of) }
  if d.role == "assessor" then
    found.pass { reliability = d.reliability, freshness = d.freshness }
    return true
  end
  return false
end

---@type probity.Check
return {
  title       = "Record of earlier assessments",
  why         = "Who can show what was found before, and that nothing was taken out of it, can be held to what became of it.",
  catalogue   = "C-09",
  claim       = "record",
  severity    = "low",
  reliability = "third-party",
  applies     = { "any" },
  findings    = {
    broken = {
      says = "%s is a log of assessments that does not hold: %s",
      fix = "Ask for the log as it was written (probity log show -f json), and who changed it.",
      reliability = "verified",
    },
    unlisted = {
      says = "%s is a report that the log beside it has no line of (SHA-256 %s)",
      fix = "Ask for the log that has it; a report without its line may have been made anew.",
      reliability = "verified",
    },
  },
  maps        = { "paris:P6", "req:R24" },
  samples     = {
    hit = { broken = { "changed-line", "line-taken-out" }, unlisted = { "report-not-in-log" } },
    clean = { "whole", "newest-first", "report-in-log", "none" },
  },

  product = function(product, found)
    local logged, any = listed(product)
    local good = false
    for d in product:evidence { kind = "log" } do
      good = judge_log(d, found) or good
    end
    for d in product:evidence { kind = "report" } do
      good = judge_report(product, d, logged, any, found) or good
    end
    if not good then
      found.unknown(supplied.refused(product, { "log", "report" }, CLAIM, found)
        or "no record of earlier assessments was supplied that counts")
    end
  end,
}
