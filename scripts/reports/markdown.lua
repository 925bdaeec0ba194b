-- A page for a pull request, in GitHub flavoured Markdown: decision, numbers, reasons, conditions, what was not
-- examined, findings folded by claim. A comment there holds 65,536 characters: the worst findings come first, and the
-- rest is counted (--verbose: all).
local arith = require "lib.arith"
local md = require "lib.markdown"
local model_of = require "lib.model"
local plain = require "lib.plain"
local shortened = require "lib.shortened"
local words_of = require "lib.words"

local COMMENT_MOST, FOOT = 60000, 2000 -- bytes
local TEXT_MOST, ROWS_MOST = 400, 10

-- What one page needs: where it goes, its words, how much room is left.
local function page_of(out, options)
  local page = { words = words_of(options.lang), left = options.verbose and math.maxinteger or COMMENT_MOST - FOOT,
    all = options.verbose }
  function page.put(...)
    for _, s in ipairs { ... } do
      page.left = page.left - #s
    end
    out(...)
  end
  function page.said(s)
    return md.text(page.all and s or shortened(plain(s), TEXT_MOST))
  end
  function page.code(s)
    return md.code(page.all and s or shortened(plain(s), TEXT_MOST))
  end
  return page
end

-- Texts of the report among the values of a sentence: as Markdown. What is a key, a number or a list of keys stays.
local function guarded(page, values)
  local out = {}
  for name, value in pairs(values) do
    if type(value) == "string" then
      out[name] = page.said(value)
    elseif type(value) == "table" and (value.otherwise or value.said or value.list) then
      local copy = {}
      for key, part in pairs(value) do
        copy[key] = part
      end
      copy.otherwise = value.otherwise and page.said(value.otherwise)
      copy.said = value.said and page.said(value.said)
      copy.list = value.list and guarded(page, value.list)
      out[name] = copy
    else
      out[name] = value
    end
  end
  return out
end

local function tenths(page, number)
  return page.words("number.tenths", { n = { tenths = number } })
end

local function head(page, m)
  local words, version = page.words, m.product.version ~= "" and " " .. page.code(m.product.version) or ""
  page.put("## Probity: ", words("decision." .. m.decision), " — ", page.code(m.product.name), version, "\n\n")
  page.put(words("md.under", { policy = page.code(m.policy.name), day = m.assessment.as_of, until_ = m.valid_until }),
    "\n\n")
  local unrated = words("decision.not-rated"):upper()
  page.put("| | | ", words("md.meaning"), " |\n|---|---:|---|\n")
  page.put("| **", words("trust"), "** | ", m.rated and tenths(page, m.trust.tenths) or unrated, " | ",
    words("trust.means"), " |\n")
  page.put("| **", words("floor"), "** | ", m.rated and tenths(page, m.floor.tenths) or unrated, " | ",
    words("floor.means"), " |\n")
  page.put("| **", words("confidence"), "** | ", tenths(page, m.confidence.tenths), " % | ", words("confidence.means"),
    " |\n\n")
  page.put("| ", words("pillar"), " | ", words("trust"), " | ", words("confidence"), " |\n|---|---:|---:|\n")
  for _, pillar in ipairs(m.pillars) do
    page.put("| ", words("pillar." .. pillar.name), " | ", pillar.rated and tenths(page, pillar.trust.tenths)
      or unrated, " | ",
      tenths(page, pillar.confidence.tenths), " % |\n")
  end
  page.put("\n")
end

local function reasons(page, title, list)
  if #list == 0 then
    return
  end
  page.put("### ", page.words(title), "\n\n")
  for _, reason in ipairs(list) do
    page.put("- ", page.words(reason.key, guarded(page, reason.values)), "\n")
  end
  page.put("\n")
end

local function conditions(page, m)
  if #m.conditions == 0 then
    return
  end
  page.put("### ", page.words(m.suffices and "md.conditions" or "md.steps"), "\n\n")
  for i, step in ipairs(m.conditions) do
    page.put(tostring(i), ". ", page.said(step.says), "  \n   ", page.words("md.then", {
      trust = { tenths = step.trust.tenths }, floor = { tenths = step.floor.tenths },
      confidence = { tenths = step.confidence.tenths },
    }), "\n")
  end
  page.put("\n")
end

local function blind(page, m)
  if #m.blind.groups == 0 then
    return
  end
  page.put("### ", page.words("md.blind"), "\n\n")
  for i, group in ipairs(m.blind.groups) do
    if i > ROWS_MOST and not page.all then
      page.put("- ", page.words("count.more", { n = #m.blind.groups - ROWS_MOST }), "\n")
      break
    end
    page.put("- ", group.why ~= "" and page.said(group.why) or page.words("md.no_reason"), " (",
      page.words("count.times", { n = group.count }), ")\n")
  end
  page.put("\n")
end

local function finding(page, f)
  local words, row, place = page.words, f.row, f.row.evidence[1]
  local where = #place.path > 0 and page.code(table.concat(place.path, " > ")) or words("md.whole")
  page.put("- **", words("severity." .. row.severity, false) or "", "** ", page.said(row.says), "\n")
  page.put("  - ", words("md.where"), " ", where)
  if place.offset >= 0 then
    page.put(", ", words(place.length > 0 and "md.bytes" or "md.offset",
      { offset = place.offset, length = place.length }))
  end
  if row.places > 1 then
    page.put(" (", words("count.places", { n = row.places }), ")")
  end
  page.put("\n  - ", words("md.check"), " ", md.code(row.check), ", ", words("md.key"), " ", page.code(row.key), "\n")
  if row.remediation ~= "" then
    page.put("  - ", words("md.fix"), " ", page.said(row.remediation), "\n")
  end
  if row.waived then
    page.put("  - ", words("md.waived"), " ", page.said(row.waived), "\n")
  end
end

-- "1 high, 3 low"
local function tally(page, claim)
  local counts, parts = {}, {}
  for _, f in ipairs(claim.findings) do
    counts[f.row.severity] = (counts[f.row.severity] or 0) + 1
  end
  for _, severity in ipairs(arith.SEVERITIES) do
    if counts[severity] then
      parts[#parts + 1] = counts[severity] .. " " .. page.words("severity." .. severity)
    end
  end
  return table.concat(parts, page.words("list.comma"))
end

local function findings(page, m)
  page.put("### ", page.words("count.findings", { n = #m.findings }), "\n\n")
  local left_out = 0
  for _, claim in ipairs(m.claims) do
    if #claim.findings > 0 and page.left > 0 then
      local title = page.words("claim." .. claim.claim, false) or md.html(shortened(plain(claim.claim), TEXT_MOST))
      page.put("<details><summary><b>", title, "</b>: ", tally(page, claim), "</summary>\n\n")
      for i, f in ipairs(claim.findings) do
        if page.left <= 0 then
          left_out = left_out + #claim.findings - i + 1
          break
        end
        finding(page, f)
      end
      page.put("\n</details>\n")
    else
      left_out = left_out + #claim.findings
    end
  end
  if left_out > 0 then
    page.put("\n", page.words("md.left_out", { n = left_out }), "\n")
  end
end

---@type probity.Format
return {
  title = "Markdown: for a comment on a pull request",
  extension = "md",
  type = "text/markdown; charset=UTF-8; variant=GFM",
  takes = "report",
  render = function(report, out, options)
    local page, m = page_of(out, options), model_of(report)
    head(page, m)
    reasons(page, "md.against", m.reasons.against)
    reasons(page, "md.for", m.reasons.for_)
    conditions(page, m)
    blind(page, m)
    findings(page, m)
    page.put("\n<sub>", page.words("md.judgement"), "</sub>\n")
  end,
}
