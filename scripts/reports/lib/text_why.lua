--- Why this decision (the thresholds of the policy against the numbers, the evidence it demands, what is open), and
--- what would make it accepted.
local fields, words = require "lib.fields", require "lib.text_words"
local get, str, int, list, div = fields.get, fields.str, fields.int, fields.list, fields.div

local why = {}
local CONFIRMED <const>, NAMED <const>, RATED <const>, SHOWN <const>, INDENT <const> = 800, 3, 250, 8, 5

local function bullet(page, s)
  page.bullet()
  page.flow("plain", 4, s)
  page.line()
end

--- Findings of one severity that decide by themselves: the first few, then a count.
local function open_findings(page, report, severity, lead)
  local count = 0
  for _, finding in ipairs(list(report, "findings")) do
    if str(finding, "severity") == severity and int(finding, "kappa") >= CONFIRMED and type(get(finding, "waived")) ~= "string" then
      count = count + 1
      if count <= NAMED then bullet(page, lead .. ": " .. str(finding, "says")) end
    end
  end
  if count > NAMED then bullet(page, ("and %d more of this severity"):format(count - NAMED)) end
end

local function shortfall(page, what, unit, has, needs)
  if div(has, 10) >= needs then return end
  -- One decimal here: "69 is below 70" is clear, "70 is below 70" would not be.
  bullet(page, ("%s %d.%d%s is below the %d%s that the policy asks for"):format(what, div(has, 10), math.fmod(has, 10),
    unit, needs, unit))
end

local function required(page, report, verified)
  for _, one in ipairs(list(get(report, "policy"), "required")) do
    local least = verified and "" or str(one, "reliability")
    if words.demanded(report, one) and words.verified(report, one) == verified then
      bullet(page, (verified and "evidence verified" or "required, not verified") .. ": " .. str(one, "title", str(one, "id")) ..
        (least ~= "" and " (at least " .. least .. ")" or ""))
    end
  end
end

local function shortfalls(page, report)
  local score, accept = get(report, "score"), words.inner(report, "policy", "accept")
  shortfall(page, "trust", "", int(score, "trust_tenths"), int(accept, "trust"))
  shortfall(page, "confidence", " %", int(score, "confidence_permille"), int(accept, "confidence"))
  shortfall(page, "floor", "", int(score, "floor_tenths"), int(accept, "floor"))
  required(page, report, false)
  open_findings(page, report, "high", "high and open")
end

local function accepted(page, report)
  local accept = words.inner(report, "policy", "accept")
  bullet(page, ("trust, confidence and floor reach the %d, %d %% and %d that the policy asks for"):format(int(accept, "trust"),
    int(accept, "confidence"), int(accept, "floor")))
  required(page, report, true)
  bullet(page, "renew it by " .. str(get(report, "score"), "valid_until", "?") .. ": from then on confidence is too old")
end

local function rejected(page, report)
  local score = get(report, "score")
  local trust, bound = int(score, "trust_tenths"), int(get(report, "policy"), "reject_below")
  open_findings(page, report, "critical", "critical and confirmed")
  if div(trust, 10) >= bound then return end
  -- No number where too little was examined for one; what was found counts all the same.
  if int(score, "confidence_permille") < RATED then
    bullet(page, ("what was found brings trust below %d, where the policy rejects"):format(bound))
  else
    bullet(page, ("trust %d.%d is below %d, where the policy rejects"):format(div(trust, 10), math.fmod(trust, 10), bound))
  end
end

function why.reasons(page, report)
  local decision = str(get(report, "score"), "decision")
  page.heading("WHY")
  if decision == "accept" then
    accepted(page, report)
  elseif decision == "reject" then
    rejected(page, report)
  elseif decision == "not-rated" then
    bullet(page, "confidence is below 25 %: too little could be examined for a number to mean anything")
  else
    shortfalls(page, report)
  end
end

local function numbers(o)
  return { trust = int(o, "trust_tenths"), floor = int(o, "floor_tenths"), confidence = int(o, "confidence_permille") }
end

local function effect(page, condition, from, to)
  local said = ""
  local was, is = from.confidence >= RATED, to.confidence >= RATED
  --- ", trust 51 to 82": only what changes in the whole numbers that a reader sees.
  local function change(what, unit)
    local a, b = div(from[what], 10), div(to[what], 10)
    if a ~= b then said = said .. ("%s%s %d to %d%s"):format(said ~= "" and ", " or "", what, a, b, unit) end
  end
  -- Where too little is examined for a number, the step's worth is what it adds to confidence.
  if was then
    change("trust", "")
    change("floor", "")
  end
  change("confidence", " %")
  if is and not was then said = said .. (", trust %d [%d..%d]"):format(div(to.trust, 10), div(to.floor, 10), div(to.trust, 10)) end
  if said == "" and str(condition, "kind") == "evidence" then said = "the policy requires it" end
  if said ~= "" then
    page.to(INDENT)
    page.flow("green", INDENT, "-> " .. said)
    page.line()
  end
end

function why.conditions(page, report)
  local score = get(report, "score")
  local conditions, from = list(score, "conditions"), numbers(score)
  local n = #conditions
  if n == 0 then return end
  page.heading("TO BE ACCEPTED", n > 1 and "all of these, each shown with what it adds" or nil)
  for i, c in ipairs(conditions) do
    if i > SHOWN and not page.verbose then
      page.to(INDENT)
      page.flow("plain", INDENT, ("and %d more"):format(n - i + 1))
      page.line()
      break
    end
    page.put("plain", ("%3d. "):format(i))
    page.flow("plain", INDENT, str(c, "says", str(c, "what", "?")))
    page.line()
    effect(page, c, from, numbers(c))
    from = numbers(c)
  end
  if get(score, "conditions_suffice") == false then
    page.to(2)
    page.flow("yellow", 2, "Even so it would not be accepted yet; no other step that is known would help.")
    page.line()
  end
end

return why
