-- The report as a buyer reads it on a terminal: the decision first, then why, then what to do, then what nobody looked
-- at.
local terminal = require "lib.terminal"
local head, foot = require "lib.text_head", require "lib.text_foot"
local findings, evidence = require "lib.text_findings", require "lib.text_evidence"
local why, gaps, verbose = require "lib.text_why", require "lib.text_gaps", require "lib.text_verbose"

local LEAST <const>, MOST <const> = 60, 200

---@type probity.Format
return {
  title = "Text for a terminal: decision, reasons, findings, gaps",
  extension = "txt",
  type = "text/plain",
  takes = "report",
  many = true,
  render = function(report, out, options)
    local width = options.width or 80
    local page = terminal.page(out, width < LEAST and LEAST or width > MOST and MOST or width, options.color, options.verbose)
    if (options.number or 1) > 1 then page.line() end
    head(page, report)
    why.reasons(page, report)
    findings(page, report)
    why.conditions(page, report)
    evidence(page, report)
    gaps.unexamined(page, report)
    gaps.passed(page, report)
    if page.verbose then verbose.principles(page, report) end
    verbose.packs(page, report)
    if page.verbose then
      verbose.rule_sets(page, report)
      verbose.arithmetic(page, report)
    end
    foot(page, report)
  end,
}
