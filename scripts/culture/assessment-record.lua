local supplied = require "lib.supplied"

local CLAIM = "keeps a record of earlier assessments"

-- Whose checkpoint shows that the log's own keeper did not write it anew.
local INDEPENDENT = { assessor = true, auditor = true, distributor = true }

local function judge_log(d, found)
  local content = d.evidence.content
  if content.chain ~= "intact" then
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

-- What a checkpoint says of a line, held against a sound log: "agrees", "contradicts", or nil where the log cannot tell; and why.
local function hold(checkpoint, log)
  local says, has = checkpoint.evidence.content, log.evidence.content
  local n = says.lines
  if n > has.last then
    -- A log that goes on after the checkpoint's day has all lines that there were before.
    if checkpoint.evidence.issued ~= "" and has.to > checkpoint.evidence.issued then
      return "contradicts",
        ("it has %d lines on %s, where %d were signed for on %s"):format(has.last, has.to, n, checkpoint.evidence.issued)
    end
    return nil, ("%s ends at line %d, before line %d"):format(log.basename, has.last, n)
  end
  local digest = has.digests[n - has.first + 1]
  if n < has.first or not digest then
    return nil, ("%s does not hold line %d"):format(log.basename, n)
  elseif digest ~= says.digest then
    return "contradicts",
      ("line %d of it has digest %s, where %s was signed for on %s"):format(n, digest, says.digest, checkpoint.evidence.issued)
  end
  return "agrees", ("line %d of %s is as it was on %s"):format(n, log.basename, checkpoint.evidence.issued)
end

local function judge_checkpoint(product, d, found)
  local claim, good, told = "was the log on its day", false, nil
  for log in product:evidence { kind = "log" } do
    local content = log.evidence.content
    if content.what == "lines" and content.chain == "intact" then
      local status, why = hold(d, log)
      if status == "contradicts" then
        -- Whoever could write the log anew could write a checkpoint of nobody as well, of another log.
        found.rewritten { key = log.sha256, object = log, log.basename, d.basename, why, kappa = d.signer and 1000 or 500 }
        found.statement { document = d, claim = claim, status = status, why = why }
        return false
      elseif status == "agrees" then
        told = { document = d, claim = claim, status = d.signer and status or "unsigned", why = why }
        if INDEPENDENT[d.role or ""] then
          found.pass { reliability = d.reliability, coverage = d.freshness }
          good = true
        end
      end
      told = told or { document = d, claim = claim, status = "none", why = why }
    end
  end
  found.statement(told or { document = d, claim = claim, status = "none", why = "no log came with it" })
  return good
end

-- Logs of other tools: what they found is theirs to judge; that somebody looked at these very bytes, and kept what came of it, is a
-- record.
local function judge_sarif(product, d, found)
  local claim, runs = "was examined before", d.evidence.content.runs
  local concerns, object, about = supplied.concerns(product, d)
  local row = { document = d, claim = claim, status = "none" }
  local tools, count = {}, { error = 0, warning = 0, note = 0 }
  for _, run in ipairs(runs) do
    tools[#tools + 1] = run.tool
    for level in pairs(count) do
      count[level] = count[level] + run[level]
    end
    if not run.finished or not run.succeeded then
      row.why = ("the run of %s did not end well"):format(run.tool)
    end
  end
  if #runs == 0 then
    row.why = "no tool ran"
  elseif about == "other" then
    row.why = "it is of " .. supplied.subject(d)
  elseif concerns ~= "this" or about == "name" then
    row.why = "it does not say of which bytes it is: its artifacts have no digests"
  end
  if row.why then
    found.statement(row)
    return false
  end
  row.status = d.signer and "agrees" or "unsigned"
  local names = table.concat(tools, ", ", 1, math.min(#tools, 8))
  row.why = ("%s: errors %d, warnings %d, notes %d"):format(names, count.error, count.warning, count.note)
  found.statement(row)
  -- A single log, of whatever the tool looks for: half of what a record is worth.
  found.pass { reliability = d.reliability, coverage = d.freshness * supplied.share(product, object) // 2000 }
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
    found.statement { document = d, claim = "is in the log", status = "contradicts",
      why = "the log that came with it has no line of it" }
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
  confirm     = [[Take the log out and hash each line with `sha256sum`: every line has to name the digest of the line
    before it. A report belongs to the log where its own SHA-256 stands in one of the lines.]],
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
    rewritten = {
      says = "%s is not the log that %s was made of: %s",
      fix = "Ask for the log as it was when the checkpoint was signed, and why there is another now.",
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
    hit = { broken = { "changed-line", "line-taken-out" }, unlisted = { "report-not-in-log" },
      rewritten = { "written-anew", "lines-taken-off" } },
    clean = { "whole", "newest-first", "report-in-log", "none",
      "checkpoint-fits", "checkpoint-of-later", "sarif" },
  },

  product = function(product, found)
    local logged, any = listed(product)
    local good = false
    for d in product:evidence { kind = "log" } do
      if d.evidence.content.what == "lines" then
        good = judge_log(d, found) or good
      else
        good = judge_checkpoint(product, d, found) or good
      end
    end
    for d in product:evidence { kind = "sarif" } do
      good = judge_sarif(product, d, found) or good
    end
    for d in product:evidence { kind = "report" } do
      good = judge_report(product, d, logged, any, found) or good
    end
    if not good then
      found.unknown(supplied.refused(product, { "log", "report", "sarif" }, CLAIM, found)
        or "no record of earlier assessments was supplied that counts")
    end
  end,
}
