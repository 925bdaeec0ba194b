--- For those who follow every step: the nine principles, whose rules looked, each check, each claim, and how they
--- become one number.
local fields, words = require "lib.fields", require "lib.text_words"
local get, str, int, list, div = fields.get, fields.str, fields.int, fields.list, fields.div

local verbose = {}

function verbose.principles(page, report)
  page.heading("PARIS CALL PRINCIPLES")
  for _, one in ipairs(list(report, "principles")) do
    local checks, findings = #list(one, "checks"), int(one, "findings")
    page.to(2)
    page.put("bold", str(one, "id", "?"))
    page.to(6)
    page.flow("plain", 6, str(one, "title"))
    page.line()
    page.to(6)
    if str(one, "assessable") == "yes" then
      page.flow("dim", 6, ("%d check%s, %d finding%s"):format(checks, words.plural(checks), findings, words.plural(findings)))
    else
      page.flow("dim", 6, "limited: not assessable from this product")
    end
    page.line()
  end
end

--- One row: what the check came to, and the v that goes into its claim.
local function check_row(page, check)
  local severity, row = str(check, "severity"), str(check, "catalogue")
  local fresh = int(check, "freshness", 1000)
  page.to(2)
  page.put("plain", str(check, "status", "?"))
  page.to(10)
  page.put(words.severity_style(severity), severity)
  page.to(19)
  page.put("plain", ("%4d %4d %5d %7s"):format(words.worth(check) or 0, int(check, "coverage"), int(check, "keys"),
    words.milli(int(check, "demerit_milli"))))
  page.to(43)
  page.put("plain", row .. (row ~= "" and " " or "") .. str(check, "id", "?"))
  if fresh < 1000 then page.put("dim", (", %d left by age"):format(fresh)) end
  page.line()
end

local function claim_row(page, report, claim)
  local pillar, lambda = str(claim, "pillar"), int(claim, "lambda_milli")
  local weight = int(words.inner(report, "policy", "weights"), pillar)
  local sane = lambda >= 0 and lambda < math.maxinteger // 10000 and weight >= 0 and weight <= 10000
  page.to(2)
  page.put("plain", ("%7s %7s %5d %7s"):format(words.milli(int(claim, "worst_milli")), words.milli(lambda), weight,
    words.milli(sane and lambda * weight // 1000 or 0)))
  page.to(34)
  page.put("plain", str(claim, "claim", "?") .. " (" .. pillar .. ")")
  page.line()
end

local function total(page, score)
  local cap, trust = int(score, "cap", 100), int(score, "trust_tenths")
  page.to(2)
  page.flow("plain", 2, ("Demerit D = %s, the sum of what the claims add. Trust = 100 * 2^(-D/10)%s"):format(
    words.milli(int(score, "demerit_milli")), cap < 100 and ", but no more than the cap" or ""))
  if cap < 100 then page.flow("plain", 2, (" of %d"):format(cap)) end
  page.flow("plain", 2, (" = %d.%d."):format(div(trust, 10), math.fmod(trust, 10)))
  page.line()
end

function verbose.rule_sets(page, report)
  local sets = list(words.inner(report, "assessment", "engine"), "rule_sets")
  if #sets == 0 then return end
  page.heading("YARA RULES FROM ELSEWHERE")
  for _, one in ipairs(sets) do
    local files, rules = int(one, "files"), int(one, "rules")
    local left_out, skipped = int(one, "left_out"), #list(one, "skipped")
    page.to(2)
    page.flow("plain", 4, ("%s: %d rule%s in %d file%s"):format(str(one, "id", "?"), rules, words.plural(rules), files,
      words.plural(files)))
    if left_out > 0 then page.flow("plain", 4, (", %d left out"):format(left_out)) end
    if skipped > 0 then
      page.flow("plain", 4, (", %d that only include%s others"):format(skipped, skipped == 1 and "s" or ""))
    end
    page.flow("dim", 4, " (" .. str(one, "digest", "?"):sub(1, 16) .. ")")
    page.line()
  end
end

function verbose.packs(page, report)
  local packs = list(words.inner(report, "assessment", "engine"), "packs")
  if #packs == 0 then return end
  page.heading("PACKS OF RULES")
  for _, one in ipairs(packs) do
    local why = str(one, "why")
    page.to(2)
    page.flow("plain", 4, str(one, "name", "?") .. " " .. str(one, "version") .. ": ")
    if get(one, "trusted") == true then
      page.flow("plain", 4, "signed with key " .. str(one, "key", "?") .. ", which is trusted")
    else
      page.flow("bold", 4, "NOT TRUSTED")
    end
    if get(one, "left_out") == true then page.flow("plain", 4, ", left out") end
    if why ~= "" then page.flow("plain", 4, ": " .. why) end
    page.flow("dim", 4, " (" .. str(one, "sha256"):sub(1, 16) .. ")")
    page.line()
  end
end

function verbose.arithmetic(page, report)
  page.heading("ARITHMETIC", "per check: weight of a pass (rho) and coverage in permille, distinct keys, demerit v")
  page.put("dim", "  status  severity  rho  cov  keys       v  check")
  page.line()
  for _, check in ipairs(list(report, "checks")) do check_row(page, check) end
  page.line()
  page.put("dim", " at worst  lambda     w    adds  claim")
  page.line()
  for _, claim in ipairs(list(report, "claims")) do claim_row(page, report, claim) end
  page.line()
  total(page, get(report, "score"))
end

return verbose
