--- What was found, the worst first. Findings of one kind (check, finding, severity) are told together: a hundred
--- programs that lack one switch are one thing to know and one thing to mend.
local fields, words = require "lib.fields", require "lib.text_words"
local str, int, list, sum = fields.str, fields.int, fields.list, fields.sum

local KINDS_SHOWN <const>, INFO_UP_TO <const>, MEMBERS_SHOWN <const>, INDENT <const> = 6, 3, 3, 12

local function places_of(f)
  local shown = #list(f, "evidence")
  local told = int(f, "places", shown)
  return told > shown and told or shown
end

--- Kinds in the order in which the report has them, each with its findings.
local function group(findings)
  local kinds, known = {}, {}
  for _, f in ipairs(findings) do
    local check, finding, severity = str(f, "check"), str(f, "finding"), str(f, "severity")
    local key = check .. "\0" .. finding .. "\0" .. severity
    local kind = known[key]
    if not kind then
      kind = { check = check, severity = severity, findings = {}, places = 0 }
      known[key] = kind
      kinds[#kinds + 1] = kind
    end
    kind.findings[#kind.findings + 1] = f
    kind.places = sum(kind.places, places_of(f))
  end
  return kinds
end

local function place(page, e)
  local offset, excerpt = int(e, "offset", -1), str(e, "excerpt")
  page.to(INDENT)
  page.put("dim", "in ")
  page.path("plain", INDENT + 3, list(e, "path"))
  page.line()
  if not page.verbose then return end
  if offset >= 0 then
    page.to(INDENT + 3)
    page.flow("dim", INDENT + 3, ("at byte %d, %d long"):format(offset, int(e, "length")))
    page.line()
  end
  if excerpt ~= "" then
    page.to(INDENT + 3)
    page.flow("dim", INDENT + 3, excerpt)
    page.line()
  end
end

--- What a finding says (unless the one before said the same), how certain that is where it is not as the first of its
--- kind, and where. Returns the number of places told.
local function member(page, f, first, say)
  local certainty = words.certainty(int(f, "kappa"))
  local differs = not page.verbose and certainty ~= words.certainty(int(first, "kappa"))
  local evidence, waived = list(f, "evidence"), str(f, "waived")
  local shown = (page.verbose or #evidence < 1) and #evidence or 1
  if say then
    page.to(INDENT)
    page.flow("bold", INDENT, str(f, "says") .. (differs and " (" .. certainty .. ")" or ""))
    page.line()
  end
  if waived ~= "" then
    page.to(INDENT)
    page.flow("green", INDENT, "waived: " .. waived)
    page.line()
  end
  if page.verbose then
    page.to(INDENT)
    page.flow("dim", INDENT, certainty .. ", key " .. str(f, "key"))
    page.line()
  end
  for i = 1, shown do place(page, evidence[i]) end
  return shown
end

--- The check behind a kind, how certain its first finding is, and what to do.
local function closing(page, report, kind, first)
  local row, fix = str(words.check(report, kind.check), "catalogue"), str(first, "remediation")
  if fix ~= "" then
    page.to(INDENT)
    page.put("green", "fix: ")
    page.flow("plain", INDENT + 5, fix)
    page.line()
  end
  page.to(INDENT)
  page.flow("dim", INDENT, words.certainty(int(first, "kappa")) .. "; " .. row .. (row ~= "" and " " or "") .. kind.check)
  page.line()
end

local function show(page, report, kind)
  local first, said, places, told = kind.findings[1], nil, 0, 0
  page.to(2)
  page.put(words.severity_style(kind.severity), words.rank(kind.severity) and kind.severity:upper() or "?")
  for i, f in ipairs(kind.findings) do
    if i > MEMBERS_SHOWN and not page.verbose then break end
    local says = str(f, "says")
    places = places + member(page, f, first, said ~= says)
    said = says
    told = i
  end
  if kind.places > places then
    local more, others = kind.places - places, #kind.findings - told
    page.to(INDENT)
    if others > 0 then
      page.flow("plain", INDENT, ("and %d more finding%s of this kind, %d further place%s in all"):format(others,
        words.plural(others), more, words.plural(more)))
    else
      page.flow("plain", INDENT, ("and %d further place%s"):format(more, words.plural(more)))
    end
    page.line()
  end
  closing(page, report, kind, first)
end

--- "1 critical, 2 high" of counts by severity, worst first; "" where there is none.
local function tally(counts)
  local parts = {}
  for _, severity in ipairs(words.severities) do
    if counts[severity] then parts[#parts + 1] = counts[severity] .. " " .. severity end
  end
  return table.concat(parts, ", ")
end

return function(page, report)
  local kinds = group(list(report, "findings"))
  local found, hidden, shown = {}, {}, 0
  local function count(counts, kind)
    if words.rank(kind.severity) then counts[kind.severity] = (counts[kind.severity] or 0) + #kind.findings end
  end
  for _, kind in ipairs(kinds) do count(found, kind) end
  local said = tally(found)
  page.heading("FINDINGS", said ~= "" and said or "none")
  for _, kind in ipairs(kinds) do
    local most = (words.rank(kind.severity) or 0) > 0 and KINDS_SHOWN or INFO_UP_TO
    if page.verbose or shown < most then
      if shown > 0 then page.line() end
      shown = shown + 1
      show(page, report, kind)
    else
      count(hidden, kind)
    end
  end
  said = tally(hidden)
  if said == "" then return end
  if shown > 0 then page.line() end
  page.to(2)
  page.flow("plain", 2, "Not listed here: " .. said .. ".")
  page.line()
end
