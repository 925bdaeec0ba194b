-- What all formats of a comparison show: sections of rows with a cell for each product, in the reader's language.
local data = require "lib.model_data"

local LEVELS = { "critical", "high", "medium", "low", "info" }

local function fixed(n, unit, words)
  return words("cell.number", { n = { [unit == 10 and "tenths" or "milli"] = n } })
end

local function integer(value)
  return math.type(value) == "integer" and value or nil
end

-- How a product is called over its column: with its version, and apart from others of the same name and version.
local function titles(products)
  local seen, out = {}, {}
  for i, p in ipairs(products) do
    local title = tostring(p.name or "") .. (p.version and p.version ~= "" and " " .. p.version or "")
    title = title == "" and "?" or title
    seen[title] = (seen[title] or 0) + 1
    out[i] = seen[title] > 1 and title .. " (" .. seen[title] .. ")" or title
  end
  return out
end

-- A cell for each product; what one does not have is nil in values.
local function each(doc, values, cell)
  local out = {}
  for i in ipairs(doc.products) do
    out[i] = cell(values[i])
  end
  return out
end

local function differs(cells)
  for _, cell in ipairs(cells) do
    if cell ~= cells[1] then
      return true
    end
  end
  return false
end

local function decision(p, words)
  return words("decision." .. tostring(p.decision), false) or tostring(p.decision or "?")
end

local function trust(p, words)
  local t, f = integer(p.trust_tenths), integer(p.floor_tenths)
  if not t or not f or p.decision == "not-rated" then
    return words "cell.none"
  end
  return words("compare.range", { trust = { tenths = t }, floor = { tenths = f } })
end

local function percent(permille, words)
  return integer(permille) and words("cell.percent", { n = { tenths = permille } }) or words "cell.none"
end

local function found(p, words)
  local parts = {}
  for _, level in ipairs(LEVELS) do
    local n = type(p.findings) == "table" and p.findings[level] or 0
    if n > 0 then
      parts[#parts + 1] = words("compare.count", { n = n, what = words("severity." .. level) })
    end
  end
  return #parts > 0 and table.concat(parts, words "list.comma") or words "cell.zero"
end

local function summary(doc, words)
  local rows = {}
  local function row(key, cell)
    local cells = each(doc, doc.products, cell)
    rows[#rows + 1] = { key = key, label = words("compare." .. key), cells = cells, differs = differs(cells), always = true }
  end
  local function number(key)
    row(key, function(p) return words("cell.integer", { n = integer(p[key]) or 0 }) end)
  end
  local function text(key)
    row(key, function(p) return p[key] and p[key] ~= "" and tostring(p[key]) or words "cell.none" end)
  end
  row("decision", function(p) return decision(p, words) end)
  row("trust", function(p) return trust(p, words) end)
  row("confidence", function(p) return percent(p.confidence_permille, words) end)
  row("findings", function(p) return found(p, words) end)
  number "waived"
  number "unknown"
  number "limits"
  number "conditions"
  text "valid_until"
  text "as_of"
  text "policy"
  number "bytes"
  text "kind"
  text "sha256"
  return { key = "summary", title = words "compare.summary", rows = rows }
end

local function pillars(doc, words)
  local rows = {}
  for _, pillar in ipairs(doc.pillars) do
    rows[#rows + 1] = {
      key = pillar.pillar, label = words("pillar." .. pillar.pillar), differs = pillar.differs, always = true,
      cells = each(doc, pillar.values, function(v)
        if not v or not v.rated then
          return words "compare.unrated"
        end
        return words("compare.pillar", { trust = { tenths = v.trust_tenths }, confidence = { tenths = v.confidence_permille } })
      end),
    }
  end
  return { key = "pillars", title = words "compare.pillars", rows = rows }
end

-- What became of a check, or of all checks of a claim: the gravest first.
local function outcome(v, words)
  if not v then
    return words "cell.none"
  end
  local status = v.status
  if not status then
    status = v.fail > 0 and "fail" or v.unknown > 0 and "unknown" or v.pass > 0 and "pass" or "n/a"
  end
  local said = words("status." .. tostring(status), false) or tostring(status)
  if status ~= "fail" then
    return said
  end
  if v.worst and v.worst ~= "" then
    said = words("compare.found", { n = v.findings, worst = words("severity." .. v.worst) })
  end
  local demerit = v.lambda_milli or v.demerit_milli
  return demerit == 0 and said or words("compare.costs", { said = said, demerit = fixed(demerit, 1000, words) })
end

-- How many checks of a claim passed and how many do not apply is no difference that anybody reads.
local function claims(doc, words)
  local rows = {}
  for _, claim in ipairs(doc.claims) do
    local cells = each(doc, claim.values, function(v) return outcome(v, words) end)
    rows[#rows + 1] = {
      key = claim.claim, label = words("claim." .. claim.claim, false) or claim.claim, differs = differs(cells),
      pillar = claim.pillar, cells = cells,
    }
  end
  return { key = "claims", title = words "compare.claims", rows = rows }
end

local function of_check(doc, check, words)
  return {
    key = check.id, label = check.title and check.title ~= "" and check.title or check.id, english = true, differs = check.differs,
    cells = each(doc, check.values, function(v) return outcome(v, words) end),
  }
end

-- Checks of data care in the order in which things happen to data; one may stand in two places.
local function practices(doc, words)
  local checks, out = {}, {}
  for _, check in ipairs(doc.checks) do
    checks[#checks + 1] = {
      row = check, pillar = check.pillar, catalogue = check.catalogue, claim = check.claim, findings = {}, status = "n/a",
    }
  end
  for _, stage in ipairs(data.stages(checks)) do
    local rows = {}
    for _, check in ipairs(stage.checks) do
      rows[#rows + 1] = of_check(doc, check.row, words)
    end
    out[#out + 1] = { key = stage.name, title = words("compare.practice", { stage = words("stage." .. stage.name) }), rows = rows }
  end
  return out
end

local function others(doc, words)
  local rows = {}
  for _, check in ipairs(doc.checks) do
    if check.pillar ~= "data-care" then
      rows[#rows + 1] = of_check(doc, check, words)
    end
  end
  return { key = "checks", title = words "compare.checks", rows = rows }
end

local function lists(doc, words)
  local out = {}
  for _, list in ipairs(doc.lists) do
    local rows = { {
      key = list.list, label = words "compare.all", always = true,
      cells = each(doc, list.counts, function(n) return n and words("cell.integer", { n = n }) or words "cell.none" end),
    } }
    rows[1].differs = differs(rows[1].cells)
    for _, item in ipairs(list.items) do
      rows[#rows + 1] = {
        key = item.item, label = item.item, english = true, differs = true,
        cells = each(doc, item["in"], function(there) return there and words "compare.has" or words "cell.none" end),
      }
    end
    out[#out + 1] = { key = list.list, title = words("inventory." .. list.list), rows = rows, more = list.more, list = true }
  end
  return out
end

--- { titles, sections = { key, title, rows = { key, label, cells, differs, always, english }, more } }. english: the label stands in the
--- reports, in English or as the product has it.
return function(doc, words)
  local view = { titles = titles(doc.products), sections = { summary(doc, words), pillars(doc, words), claims(doc, words) } }
  for _, section in ipairs(practices(doc, words)) do
    view.sections[#view.sections + 1] = section
  end
  view.sections[#view.sections + 1] = others(doc, words)
  for _, section in ipairs(lists(doc, words)) do
    view.sections[#view.sections + 1] = section
  end
  view.warnings, view.remarks = {}, {}
  for _, reason in ipairs(doc.why) do
    view.warnings[#view.warnings + 1] = words("compare.unfair." .. reason.what)
  end
  for _, what in ipairs(doc.remarks) do
    view.remarks[#view.remarks + 1] = words("compare.remark." .. what)
  end
  return view
end
