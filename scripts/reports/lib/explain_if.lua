-- What if: what was supposed, the numbers side by side, and what then stands in the way.
local M = {}

local function joined(list, between)
  return table.concat(list, between or ", ")
end

-- What one piece of required evidence lacks, by the checks that speak for it.
local function evidence(page, words, lack)
  local say = words.say
  page.say(2, say("lack.evidence", { title = lack.title ~= "" and lack.title or lack.id }), "- ")
  for _, c in ipairs(lack.checks) do
    local reason = c.reason ~= "" and ": " .. c.reason or ""
    if c.status == "pass" and lack.reliability then
      reason = say("lack.evidence.word", { has = c.reliability, needs = lack.reliability })
    end
    local status = words.term("status", c.status)
    page.say(6, say("lack.evidence.check", { title = c.title, row = c.catalogue, status = status, reason = reason }))
  end
  if #lack.checks == 0 then
    page.say(6, say("lack.evidence.none", { rows = joined(lack.rows) }))
  end
end

-- What stands between the numbers and a better decision.
function M.lacks(page, words, lacks)
  for _, lack in ipairs(lacks) do
    if lack.what == "evidence" then
      evidence(page, words, lack)
    elseif lack.findings then
      local f = lack.findings[1]
      page.say(2, words.say("lack." .. lack.what, { title = lack.title, check = lack.check, says = f and f.says or "" }), "- ")
    else
      local show = (lack.what == "confidence" or lack.what == "rated") and words.percent or words.points
      page.say(2, words.say("lack." .. lack.what, { has = show(lack.has), needs = show(lack.needs) }), "- ")
    end
  end
end

function M.conditions(page, words, conditions, last)
  for i, c in ipairs(conditions) do
    if i > last then
      break
    end
    page.say(2, words.say("condition", {
      says = c.says,
      numbers = words.say("condition.numbers", {
        trust = words.points(c.trust_tenths),
        floor = words.points(c.floor_tenths),
        confidence = words.percent(c.confidence_permille),
      }),
    }), i .. ". ")
  end
end

-- A word for a shell: in single quotes where it is not plain.
local function quoted(s)
  return s:find("^[%w%._:/@%%+=-]+$") and s or "'" .. s:gsub("'", "'\\''") .. "'"
end

local asked = {}

function asked.policy(page, words, a)
  page.say(2, words.say(a.same and "if.policy.same" or "if.policy", { name = a.name }), "- ")
  for _, r in ipairs(a.unasked) do
    page.say(6, words.say("if.unasked", { title = r.title, rows = joined(r.rows) }))
  end
end

asked["as-of"] = function(page, words, a)
  page.say(2, words.say("if.as-of", { value = a.value, days = a.days }), "- ")
  for _, w in ipairs(a.waivers) do
    page.say(6, words.say("if.expired.waiver", w))
  end
  for _, d in ipairs(a.documents) do
    page.say(6, words.say("if.expired.document", d))
  end
end

function asked.fix(page, words, a)
  page.say(2, words.say("if.fix", { n = a.findings, check = a.check, title = a.title })
    .. (a.left > 0 and " " .. words.say("if.fix.left", { n = a.left }) or ""), "- ")
  if a.left == 0 then
    page.say(6, words.say "if.fix.whole")
  end
end

function asked.waive(page, words, a)
  page.say(2, words.say("if.waive", { n = #a.findings + a.more }), "- ")
  for _, f in ipairs(a.findings) do
    page.say(6, words.say("if.waive.needs", { n = f.objects, check = f.check, key = f.key }) .. " "
      .. words.say("if.waive.command", { check = quoted(f.check), key = quoted(f.key) }))
  end
  if a.more > 0 then
    page.say(6, words.say("if.waive.more", { n = a.more }))
  end
  page.say(6, words.say "if.waive.cap")
end

function asked.evidence(page, words, a)
  local say = words.say
  page.say(2, say("if.evidence", { title = a.title or a.value, rows = joined(a.rows) }), "- ")
  for _, c in ipairs(a.pass) do
    page.say(6, say(c.status == "unknown" and "if.evidence.pass" or "if.evidence.pass.partly",
      { title = c.title, row = c.catalogue, status = words.term("status", c.status) }), "- ")
  end
  for _, c in ipairs(a.already) do
    page.say(6, say("if.evidence.already", { title = c.title, row = c.catalogue }), "- ")
  end
  for _, c in ipairs(a.cannot) do
    page.say(6, say("if.evidence." .. c.status, { title = c.title, row = c.catalogue }), "- ")
  end
  if #a.unasked > 0 then
    page.say(6, say("if.evidence.unasked", { rows = joined(a.unasked) }), "- ")
  end
  if a.alone then
    page.say(6, say "if.evidence.alone")
  end
  page.say(6, say "if.evidence.trust")
end

local function table_of(document, page, words)
  local say, now, after = words.say, document.numbers, document.what_if.after
  local widths = { 22, -14, -14, -9 }
  local function row(key, field, show)
    local change = after[field] - now[field]
    page.row(2, widths, { say(key), show(now[field]), show(after[field]), change ~= 0 and words.change(change, show) or "" })
  end
  local function cap(c) return c < 100 and tostring(c) or say "if.cap.none" end
  page.row(2, widths, { "", say "if.now", say "if.then", say "if.change" })
  row("if.trust", "trust_tenths", words.points)
  if now.unwaived_trust_tenths ~= now.trust_tenths or after.unwaived_trust_tenths ~= after.trust_tenths then
    row("if.unwaived", "unwaived_trust_tenths", words.points)
  end
  row("if.floor", "floor_tenths", words.points)
  row("if.confidence", "confidence_permille", words.percent)
  row("if.demerit", "demerit_milli", words.milli)
  page.row(2, widths, { say "if.cap", cap(now.cap), cap(after.cap) })
  page.row(2, widths,
    { say "if.decision", words.term("decision", now.decision), words.term("decision", after.decision) })
  page.row(2, widths, { say "if.until", now.valid_until, after.valid_until })
end

local function conditions(page, words, key, list, decided)
  page.say(0, words.say(key))
  if #list == 0 then
    page.say(2, words.say(decided == "accept" and "if.conditions.none" or "if.conditions.no_list"))
  else
    M.conditions(page, words, list, #list)
  end
end

function M.show(document, page, words)
  local w, say = document.what_if, words.say
  page.head(say "if.head")
  for _, a in ipairs(w.asked) do
    asked[a.kind](page, words, a)
  end
  page.say(0, say "if.supposed")
  page.gap()
  table_of(document, page, words)
  page.gap()
  if #w.decision.lacks > 0 then
    page.say(0, say "if.lacks")
    M.lacks(page, words, w.decision.lacks)
  else
    page.say(0, say "if.lacks.none")
  end
  page.head(say "if.conditions.head")
  conditions(page, words, "if.conditions.now", document.conditions, document.numbers.decision)
  conditions(page, words, "if.conditions.then", w.conditions, w.after.decision)
end

return M
