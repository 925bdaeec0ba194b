--- What was not examined, grouped by the reason, and what passed. Silence must never look like a pass.
local fields, words = require "lib.fields", require "lib.text_words"
local str, int, list, sum, div = fields.str, fields.int, fields.list, fields.sum, fields.div

local gaps = {}
local REASONS <const>, TITLES <const>, SHOWN <const>, PASSED_SHOWN <const> = 64, 4, 6, 8

--- Things that share a reason, in the order in which the reasons first appear; those beyond the table are counted
--- together.
local function reasons()
  local r, known = { others = 0 }, {}
  function r.count(why, n, at)
    n = n > 0 and n or 0
    if known[why] then
      known[why].count = sum(known[why].count, n)
    elseif #r < REASONS then
      known[why] = { why = why, count = n, first = at }
      r[#r + 1] = known[why]
    else
      r.others = sum(r.others, n)
    end
  end
  return r
end

local function blind(check) return str(check, "status") == "unknown" end
local function passed(check) return str(check, "status") == "pass" end
local function applies(check) return str(check, "status") ~= "n/a" end
local function partly(check)
  local status = str(check, "status")
  return (status == "pass" or status == "fail") and int(check, "coverage") < 1000
end

local function why(check)
  local reason = str(check, "reason")
  return reason ~= "" and reason or "no reason was given"
end

--- By its row of the catalogue; a check of somebody else's has none, and is known by its id.
local function name_of(check)
  local row = str(check, "catalogue")
  return row ~= "" and row or str(check, "id", "-")
end

--- "Known malware (I-01), Licence (V-11) and 3 more": the checks of one reason.
local function titles(page, checks, chosen, reason)
  local told = 0
  for _, check in ipairs(checks) do
    if chosen(check) and why(check) == reason.why then
      local comma, space = told + 1 < reason.count and "," or "", told > 0 and " " or ""
      local coverage = int(check, "coverage")
      if told == TITLES and not page.verbose then
        page.flow("bold", 4, (" and %d more"):format(reason.count - told))
        return
      end
      local part = chosen == partly and (", %d.%d %%"):format(div(coverage, 10), math.fmod(coverage, 10)) or ""
      page.flow("bold", 4, space .. words.title(check, "?") .. " (" .. name_of(check) .. part .. ")" .. comma)
      told = told + 1
    end
  end
end

local function more(page, n, of)
  if n <= 0 then return end
  page.to(4)
  page.flow("plain", 4, ("and %d more %s%s"):format(n, of, words.plural(n)))
  page.line()
end

--- Calls one for those that are shown, then says how many are not.
local function each(page, r, of, one)
  for i, reason in ipairs(r) do
    if page.verbose or i <= SHOWN then one(reason) else r.others = sum(r.others, reason.count) end
  end
  more(page, r.others, of)
end

local function by_reason(page, checks, chosen, lead)
  local r = reasons()
  for i, check in ipairs(checks) do
    if chosen(check) then r.count(why(check), 1, i) end
  end
  each(page, r, "check", function(reason)
    page.bullet()
    titles(page, checks, chosen, reason)
    page.flow("plain", 4, lead .. reason.why)
    page.line()
  end)
end

local function limits(page, rows)
  local r = reasons()
  for i, limit in ipairs(rows) do r.count(str(limit, "why", "?"), int(limit, "count", 1), i) end
  each(page, r, "limit", function(reason)
    page.bullet()
    page.flow("plain", 4, ("%s (%d time%s)"):format(reason.why, reason.count, words.plural(reason.count)))
    page.line()
    page.to(4)
    page.put("dim", reason.count > 1 and "first in " or "in ")
    page.path("plain", 6, list(rows[reason.first], "path"))
    page.line()
  end)
end

local function number(checks, chosen)
  local n = 0
  for _, check in ipairs(checks) do
    if chosen(check) then n = n + 1 end
  end
  return n
end

function gaps.unexamined(page, report)
  local checks = words.by_severity(report)
  local unknown, part = number(checks, blind), number(checks, partly)
  local note = ("%d of %d checks could not look, %d looked in part only"):format(unknown, number(checks, applies), part)
  if unknown == 0 and part == 0 then note = "every check that applies could look at all that it applies to" end
  page.heading("NOT EXAMINED", note)
  by_reason(page, checks, blind, ": ")
  by_reason(page, checks, partly, " in part only: ")
  limits(page, list(report, "limits"))
end

function gaps.passed(page, report)
  local checks = words.by_severity(report)
  local n, told = number(checks, passed), 0
  page.heading("PASSED", ("%d of %d checks found nothing against it"):format(n, number(checks, applies)))
  if n == 0 then return end
  page.to(2)
  for _, check in ipairs(checks) do
    if passed(check) then
      if told == PASSED_SHOWN and not page.verbose then
        page.flow("plain", 2, (" and %d more"):format(n - told))
        break
      end
      page.flow("plain", 2, (told > 0 and " " or "") .. words.title(check, "?") .. (told + 1 < n and "," or ""))
      told = told + 1
    end
  end
  page.line()
end

return gaps
